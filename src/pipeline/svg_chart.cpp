#include "rootzone/pipeline/svg_chart.hpp"

#include <algorithm>
#include <cmath>

#include "svg_frame.hpp"
#include "svg_marks.hpp"

namespace rootzone::pipeline {
namespace {

std::string draw_marker(const PlotArea& area, const ChartMarker& marker) {
  if (!std::isfinite(marker.x) || marker.x < area.x_low || marker.x > area.x_high) return "";
  const double x = area.x(marker.x);
  const bool right_half = x > area.left + 0.5 * area.width;
  return "<path class=\"marker\" d=\"M" + svg_number(x) + " " + svg_number(area.top) + "V" +
         svg_number(area.bottom()) + "\"/>" +
         draw_text(right_half ? x - 5.0 : x + 5.0, area.top + 13.0, right_half ? "tick left" : "tick",
                   marker.label);
}

// A range that can be divided by, even around one value.
void spread(DataRange& range, double margin) {
  if (range.empty) range.take(0.0), range.take(1.0);
  if (range.high > range.low) return;
  margin = std::max(margin, 1e-9 * std::abs(range.low));  // at least something a double of this size can hold
  range.low -= margin;
  range.high += margin;
}

std::vector<LegendEntry> legend_of(const LineChart& chart) {
  std::vector<LegendEntry> entries;
  for (const ChartSeries& series : chart.series) {
    entries.push_back({series.name, series.mark, false, series.colour});
  }
  for (const ChartBand& band : chart.bands)
    entries.push_back({band.name, SeriesMark::line, true, band.colour});
  std::erase_if(entries, [](const LegendEntry& entry) { return entry.name.empty(); });
  return entries;
}

double widest_label(const std::vector<AxisTick>& ticks) {
  double widest = 0.0;
  for (const AxisTick& tick : ticks) widest = std::max(widest, text_width(tick.label));
  return widest;
}

}  // namespace

std::string series_colour(int colour) {
  return colour < 0 ? "currentColor" : "var(--series-" + std::to_string(colour % 8) + ")";
}

std::string render_chart(const LineChart& chart) {
  const ChartFrame frame = sized(chart.frame, 720, 280);
  DataRange x_range;
  DataRange y_range;
  for (const ChartSeries& series : chart.series) x_range.take(series.x), y_range.take(series.y);
  for (const ChartBand& band : chart.bands)
    x_range.take(band.x), y_range.take(band.low), y_range.take(band.high);
  const bool has_values = !x_range.empty && !y_range.empty;
  spread(x_range, 1.0);
  spread(y_range, std::max(1e-3, std::abs(y_range.low) * 0.1));
  if (chart.y_range) y_range.low = (*chart.y_range)[0], y_range.high = (*chart.y_range)[1];
  if (!chart.y_range) widen_to_round(y_range.low, y_range.high, 5);
  const auto y_ticks = number_ticks(y_range.low, y_range.high, 5);

  const auto entries = legend_of(chart);
  const double width = frame.width;
  double top = frame.title.empty() ? 4.0 : 26.0;
  int rows = 0;
  std::string svg = open_svg(frame) + draw_legend(entries, 0.0, top, width, rows);
  top += 20.0 * rows;
  const std::string caption = axis_caption(frame.y_label, frame.y_units);
  svg += draw_text(0.0, top + 14.0, "caption", caption);
  top += caption.empty() ? 8.0 : 24.0;
  const double left = widest_label(y_ticks) + 12.0;
  const double below = frame.x_label.empty() ? 26.0 : 44.0;
  const PlotArea area{left,        top,          width - left - 12.0, frame.height - top - below,
                      x_range.low, x_range.high, y_range.low,         y_range.high};
  const int about = static_cast<int>(area.width / 90.0);
  const auto x_ticks = chart.x_axis == XAxis::dates
                           ? date_ticks(area.x_low, area.x_high, chart.calendar, about)
                           : number_ticks(area.x_low, area.x_high, about);
  svg += draw_axes(area, has_values ? x_ticks : std::vector<AxisTick>{}, y_ticks);
  for (const ChartBand& band : chart.bands) svg += draw_band(area, band);
  for (const ChartSeries& series : chart.series) svg += draw_series(area, series);
  for (const ChartMarker& marker : chart.markers) svg += draw_marker(area, marker);
  if (!has_values)
    svg += draw_text(area.left + 0.5 * area.width, area.top + 0.5 * area.height, "tick below", "no values");
  svg += draw_text(area.left + 0.5 * area.width, frame.height - 6.0, "caption below", frame.x_label);
  return svg + "</svg>";
}

std::string render_chart(const ScatterChart& chart) {
  const ChartFrame frame = sized(chart.frame, 360, 380);
  DataRange range;
  for (const ScatterGroup& group : chart.groups) {
    require_same_length(group.name, group.x.size(), group.y.size());
    for (std::size_t i = 0; i < group.x.size(); ++i) {
      if (std::isfinite(group.x[i]) && std::isfinite(group.y[i]))
        range.take(group.x[i]), range.take(group.y[i]);
    }
  }
  const bool has_values = !range.empty;
  spread(range, std::max(1e-3, std::abs(range.low) * 0.1));
  widen_to_round(range.low, range.high, 4);
  const auto ticks = number_ticks(range.low, range.high, 4);

  std::vector<LegendEntry> entries;
  for (const ScatterGroup& group : chart.groups)
    entries.push_back({group.name, SeriesMark::points, false, group.colour});
  std::erase_if(entries, [](const LegendEntry& entry) { return entry.name.empty(); });
  double top = frame.title.empty() ? 4.0 : 26.0;
  int rows = 0;
  std::string svg = open_svg(frame) + draw_legend(entries, 0.0, top, frame.width, rows);
  top += 20.0 * rows;
  const std::string caption = axis_caption(frame.y_label, frame.y_units);
  svg += draw_text(0.0, top + 14.0, "caption", caption);
  top += caption.empty() ? 8.0 : 24.0;
  const double left = widest_label(ticks) + 12.0;
  const double side = std::max(40.0, std::min(frame.width - left - 12.0, frame.height - top - 44.0));
  const PlotArea area{left, top, side, side, range.low, range.high, range.low, range.high};
  svg += draw_axes(area, ticks, ticks);
  if (chart.one_to_one_line) {
    svg += "<path class=\"marker\" d=\"M" + svg_number(area.left) + " " + svg_number(area.bottom()) + "L" +
           svg_number(area.right()) + " " + svg_number(area.top) + "\"/>";
  }
  for (const ScatterGroup& group : chart.groups) {
    const std::string path = dots_path(area, group.x, group.y, 2.0);
    if (path.empty()) continue;
    svg += "<path class=\"points cloud\" style=\"stroke:" + series_colour(group.colour) + "\" d=\"" + path +
           "\"/>";
  }
  double note_y = area.top + 16.0;
  for (const std::string& note : chart.notes) {
    svg += draw_text(area.left + 7.0, note_y, "note", note);
    note_y += 16.0;
  }
  if (!has_values) svg += draw_text(area.left + 0.5 * side, area.top + 0.5 * side, "tick below", "no values");
  svg += draw_text(area.left + 0.5 * side, area.bottom() + 38.0, "caption below", frame.x_label);
  return svg + "</svg>";
}

std::string chart_css() {
  // Hues after Okabe and Ito (2008), darkened or lightened for contrast with the page.
  return ":root{--series-0:#0067a5;--series-1:#c4500a;--series-2:#00805c;--series-3:#a8467f;--series-4:#"
         "b07500;"
         "--series-5:#3a8fc4;--series-6:#6b4fa0;--series-7:#666}"
         "@media (prefers-color-scheme:dark){:root{--series-0:#5db3ea;--series-1:#f58b4c;--series-2:#3fc79c;"
         "--series-3:#e48dbd;--series-4:#ecb44a;--series-5:#9ad4f5;--series-6:#b7a0e8;--series-7:#aaa}}"
         "svg.chart{font:13px system-ui,sans-serif;color:inherit}"
         "svg.chart text{fill:currentColor}svg.chart .chart-title{font-weight:600;font-size:14px}"
         "svg.chart .tick,svg.chart .caption{opacity:.75;font-size:12px}"
         "svg.chart .left{text-anchor:end}svg.chart .below{text-anchor:middle}svg.chart .note{font-size:12px}"
         "svg.chart .axis,svg.chart .grid,svg.chart .marker{fill:none;stroke:currentColor}"
         "svg.chart .axis{opacity:.6}svg.chart .grid{opacity:.13}"
         "svg.chart .marker{opacity:.55;stroke-dasharray:5 4}"
         "svg.chart .line{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}"
         "svg.chart .dashed{stroke-dasharray:5 5}"
         "svg.chart .band{opacity:.22}"
         "svg.chart .points{fill:none;stroke-width:3.4;stroke-linecap:round}"
         "svg.chart .cloud{stroke-width:4;opacity:.6}";
}

}  // namespace rootzone::pipeline
