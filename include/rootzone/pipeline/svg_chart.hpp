#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "rootzone/core/calendar.hpp"

namespace rootzone::pipeline {

/// Charts as inline SVG: no script, no external reference, colours from CSS variables so that they follow
/// light and dark pages. What is not finite is a gap. Long series are thinned to the smallest and largest
/// value per pixel column, so that a chart's size does not grow with its record. The same text for the same
/// input. Pure.

/// What a series is drawn as. Points carry observations in the colour of the text.
enum class SeriesMark { line, dashed_line, points };

/// x ascending, in days since 1970-01-01 of the chart's calendar or plain numbers; y as long as x.
struct ChartSeries {
  std::string name;
  std::vector<double> x;
  std::vector<double> y;
  SeriesMark mark = SeriesMark::line;
  int colour =
      0;  ///< 0 … 7, the palette of `chart_css`; further numbers start over; points: −1 = text colour
};

/// An area between two curves, behind the lines.
struct ChartBand {
  std::string name;
  std::vector<double> x;
  std::vector<double> low;
  std::vector<double> high;
  int colour = 0;
};

/// A vertical line with words at its top: "validation →".
struct ChartMarker {
  double x = 0.0;
  std::string label;
};

enum class XAxis { dates, numbers };
/// Standalone: a file of its own, which brings its style along.
enum class Embedding { inline_in_page, standalone };

struct ChartFrame {
  std::string title;
  std::string x_label;  ///< empty for dates
  std::string y_label;
  std::string y_units;  ///< UDUNITS spelling
  int width =
      0;  ///< of the view box, in CSS pixels at full size; 0: 720 × 280 for lines, 360 × 380 for scatter
  int height = 0;
  Embedding embedding = Embedding::inline_in_page;
};

struct LineChart {
  ChartFrame frame;
  XAxis x_axis = XAxis::dates;
  core::Calendar calendar = core::Calendar::standard;
  std::vector<ChartBand> bands;
  std::vector<ChartSeries> series;
  std::vector<ChartMarker> markers;
  std::optional<std::array<double, 2>> y_range;  ///< fixed; values outside are drawn on its edge
};

struct ScatterGroup {
  std::string name;
  std::vector<double> x;
  std::vector<double> y;
  int colour = 0;
};

/// A square plot with the same range on both axes.
struct ScatterChart {
  ChartFrame frame;
  std::vector<ScatterGroup> groups;
  bool one_to_one_line = true;
  std::vector<std::string> notes;  ///< lines in the upper left corner: "n 212", "r 0.91"
};

/// Throws core::Error(internal) if the arrays of a series differ in length.
std::string render_chart(const LineChart& chart);
std::string render_chart(const ScatterChart& chart);

/// The CSS both need, light and dark; once per page.
std::string chart_css();
/// "var(--series-3)"
std::string series_colour(int colour);

}  // namespace rootzone::pipeline
