#include "svg_frame.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "rootzone/pipeline/markup.hpp"

namespace rootzone::pipeline {
namespace {

constexpr double legend_row_height = 20.0;
constexpr double swatch_width = 24.0;
constexpr std::array<const char*, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

double entry_width(const LegendEntry& entry) {
  return swatch_width + 6.0 + text_width(entry.name) + 18.0;
}

std::string draw_swatch(const LegendEntry& entry, double x, double y) {
  const std::string colour = series_colour(entry.colour);
  if (entry.is_band) {
    return "<rect class=\"band\" x=\"" + svg_number(x) + "\" y=\"" + svg_number(y - 6.0) + "\" width=\"" +
           svg_number(swatch_width) + "\" height=\"12\" style=\"fill:" + colour + "\"/>";
  }
  if (entry.mark == SeriesMark::points) {
    return "<path class=\"points\" style=\"stroke:" + colour + "\" d=\"M" +
           svg_number(x + 0.5 * swatch_width) + " " + svg_number(y) + "h0\"/>";
  }
  const std::string dashed = entry.mark == SeriesMark::dashed_line ? " dashed" : "";
  return "<path class=\"line" + dashed + "\" style=\"stroke:" + colour + "\" d=\"M" + svg_number(x) + " " +
         svg_number(y) + "h" + svg_number(swatch_width) + "\"/>";
}

std::vector<AxisTick> ticks_every_days(double low, double high, core::Calendar calendar, int step) {
  std::vector<AxisTick> ticks;
  const auto first = static_cast<std::int64_t>(std::ceil(low));
  for (std::int64_t day = first; static_cast<double>(day) <= high; ++day) {
    const core::Date date = core::date_of(day, calendar);
    // Counted within the month, and not so late that it crowds the 1st of the next.
    const bool on_step = step == 1 || ((date.day - 1) % step == 0 && date.day + step / 2 <= 31);
    if (!on_step) continue;
    std::string label =
        std::to_string(date.day) + " " + month_names[static_cast<std::size_t>(date.month - 1)];
    if (ticks.empty() || (date.month == 1 && date.day <= step)) label += " " + std::to_string(date.year);
    ticks.push_back({static_cast<double>(day), label});
  }
  return ticks;
}

std::vector<AxisTick> ticks_every_months(double low, double high, core::Calendar calendar, int step) {
  std::vector<AxisTick> ticks;
  const core::Date first = core::date_of(static_cast<std::int64_t>(std::floor(low)), calendar);
  for (int month = first.year * 12 + first.month - 1;; ++month) {
    // Rounded down, so that it holds before the year 0 as well.
    const int year = month >= 0 ? month / 12 : -((11 - month) / 12);
    const int of_year = month - year * 12;
    const double day = static_cast<double>(core::day_number({year, of_year + 1, 1}, calendar));
    if (day > high) break;
    const bool on_step = step < 12 ? of_year % step == 0 : of_year == 0 && year % (step / 12) == 0;
    if (day < low || !on_step) continue;
    const std::string name = month_names[static_cast<std::size_t>(of_year)];
    const bool names_year = ticks.empty() || of_year == 0;
    const std::string label = step >= 12   ? std::to_string(year)
                              : names_year ? name + " " + std::to_string(year)
                                           : name;
    ticks.push_back({day, label});
  }
  return ticks;
}

}  // namespace

void DataRange::take(double value) {
  if (!std::isfinite(value)) return;
  low = empty ? value : std::min(low, value);
  high = empty ? value : std::max(high, value);
  empty = false;
}

void DataRange::take(const std::vector<double>& values) {
  for (const double value : values) take(value);
}

double PlotArea::y(double value) const {
  return bottom() - std::clamp((value - y_low) / (y_high - y_low), 0.0, 1.0) * height;
}

std::vector<AxisTick> date_ticks(double low, double high, core::Calendar calendar, int about) {
  // Beyond a quarter of a million years the numbers are no dates.
  if (!(std::abs(low) < 1e8 && std::abs(high) < 1e8)) return number_ticks(low, high, about);
  const double days_per_tick = (high - low) / about;
  for (const int step : {1, 2, 5, 10}) {
    if (days_per_tick <= step) return ticks_every_days(low, high, calendar, step);
  }
  std::vector<AxisTick> ticks;
  for (const int months : {1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200}) {
    if (days_per_tick <= 30.5 * months || months == 1200) {
      ticks = ticks_every_months(low, high, calendar, months);
      break;
    }
  }
  if (ticks.empty()) {
    const auto day = static_cast<std::int64_t>(std::ceil(low));
    ticks.push_back({static_cast<double>(day), core::iso_date(core::date_of(day, calendar))});
  }
  return ticks;
}

std::vector<AxisTick> number_ticks(double low, double high, int about) {
  std::vector<AxisTick> ticks;
  const Ticks round = round_ticks(low, high, about);
  for (const double value : round.values) {
    const bool readable = std::abs(value) < 1e7 && round.decimals <= 6;
    ticks.push_back({value, readable ? format_fixed(value, round.decimals) : format_number(value)});
  }
  return ticks;
}

std::string svg_number(double value) {
  const double rounded = std::round(value * 10.0) / 10.0;
  return machine_number(rounded == 0.0 ? 0.0 : rounded);
}

double text_width(std::string_view text) {
  const auto letters = std::count_if(text.begin(), text.end(),
                                     [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
  return 7.0 * static_cast<double>(letters);
}

std::string draw_legend(const std::vector<LegendEntry>& entries, double left, double top, double width,
                        int& rows) {
  std::string svg;
  double x = left;
  rows = entries.empty() ? 0 : 1;
  for (const LegendEntry& entry : entries) {
    if (x > left && x + entry_width(entry) - 18.0 > left + width) {
      x = left;
      ++rows;
    }
    const double y = top + legend_row_height * (rows - 0.5);
    svg += draw_swatch(entry, x, y) + draw_text(x + swatch_width + 6.0, y + 4.5, "legend", entry.name);
    x += entry_width(entry);
  }
  return svg;
}

ChartFrame sized(ChartFrame frame, int width, int height) {
  if (frame.width <= 0) frame.width = width;
  if (frame.height <= 0) frame.height = height;
  return frame;
}

std::string open_svg(const ChartFrame& frame) {
  const std::string width = std::to_string(frame.width);
  const std::string height = std::to_string(frame.height);
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\" viewBox=\"0 0 " +
                    width + " " + height + "\"";
  if (frame.embedding == Embedding::standalone) svg += " width=\"" + width + "\" height=\"" + height + "\"";
  svg += "><title>" + escape_markup(frame.title) + "</title>";
  if (frame.embedding == Embedding::standalone) svg += "<style>" + chart_css() + "</style>";
  return svg + draw_text(0.0, 16.0, "chart-title", frame.title);
}

std::string draw_text(double x, double y, std::string_view css_class, std::string_view text) {
  if (text.empty()) return "";
  return "<text class=\"" + std::string(css_class) + "\" x=\"" + svg_number(x) + "\" y=\"" + svg_number(y) +
         "\">" + escape_markup(text) + "</text>";
}

std::string draw_axes(const PlotArea& area, const std::vector<AxisTick>& x_ticks,
                      const std::vector<AxisTick>& y_ticks) {
  std::string grid;
  std::string labels;
  for (const AxisTick& tick : y_ticks) {
    const double y = area.y(tick.value);
    grid += "M" + svg_number(area.left) + " " + svg_number(y) + "H" + svg_number(area.right());
    labels += draw_text(area.left - 6.0, y + 4.5, "tick left", tick.label);
  }
  double free_from = -1e9;
  for (const AxisTick& tick : x_ticks) {
    const double x = area.x(tick.value);
    grid += "M" + svg_number(x) + " " + svg_number(area.top) + "V" + svg_number(area.bottom());
    const double half = 0.5 * text_width(tick.label);
    if (x - half < free_from) continue;  // would print over its neighbour
    free_from = x + half + 6.0;
    labels += draw_text(x, area.bottom() + 18.0, "tick below", tick.label);
  }
  return "<path class=\"grid\" d=\"" + grid + "\"/><path class=\"axis\" d=\"M" + svg_number(area.left) + " " +
         svg_number(area.top) + "V" + svg_number(area.bottom()) + "H" + svg_number(area.right()) + "\"/>" +
         labels;
}

std::string axis_caption(const std::string& label, const std::string& units) {
  const std::string unit = pretty_units(units);
  if (label.empty()) return unit;
  return unit.empty() ? label : label + ", " + unit;
}

}  // namespace rootzone::pipeline
