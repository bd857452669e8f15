#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "rootzone/pipeline/numbers.hpp"
#include "rootzone/pipeline/svg_chart.hpp"

namespace rootzone::pipeline {

/// A range that grows over what is finite.
struct DataRange {
  double low = 0.0;
  double high = 0.0;
  bool empty = true;
  void take(double value);
  void take(const std::vector<double>& values);
};

/// The rectangle of a plot inside the view box, and the numbers at its edges.
struct PlotArea {
  double left = 0.0;
  double top = 0.0;
  double width = 1.0;
  double height = 1.0;
  double x_low = 0.0;
  double x_high = 1.0;
  double y_low = 0.0;
  double y_high = 1.0;

  double x(double value) const { return left + (value - x_low) / (x_high - x_low) * width; }
  /// Values outside the range land on its edge.
  double y(double value) const;
  double right() const { return left + width; }
  double bottom() const { return top + height; }
};

/// A tick with its words.
struct AxisTick {
  double value = 0.0;
  std::string label;
};
/// Days, weeks, months or years apart, whichever gives about `about` ticks in [low, high] (day numbers).
std::vector<AxisTick> date_ticks(double low, double high, core::Calendar calendar, int about);
std::vector<AxisTick> number_ticks(double low, double high, int about);

/// A coordinate with at most one decimal.
std::string svg_number(double value);
/// Rough width of a text in 13 px sans-serif, in pixels: enough to lay out a legend.
double text_width(std::string_view text);

/// Name and look of one legend entry.
struct LegendEntry {
  std::string name;
  SeriesMark mark = SeriesMark::line;
  bool is_band = false;
  int colour = 0;
};
/// Draws entries in rows from (left, top) and says how many rows it took.
std::string draw_legend(const std::vector<LegendEntry>& entries, double left, double top, double width,
                        int& rows);

/// The frame with its size settled.
ChartFrame sized(ChartFrame frame, int width, int height);
/// Opening tag with title, and closing tag.
std::string open_svg(const ChartFrame& frame);
std::string draw_text(double x, double y, std::string_view css_class, std::string_view text);
std::string draw_axes(const PlotArea& area, const std::vector<AxisTick>& x_ticks,
                      const std::vector<AxisTick>& y_ticks);
/// "Soil moisture, m³ m⁻³"
std::string axis_caption(const std::string& label, const std::string& units);

}  // namespace rootzone::pipeline
