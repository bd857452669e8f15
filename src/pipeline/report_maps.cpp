#include <algorithm>
#include <cmath>

#include "report_parts.hpp"
#include "rootzone/pipeline/markup.hpp"
#include "rootzone/pipeline/numbers.hpp"
#include "svg_frame.hpp"

namespace rootzone::pipeline {
namespace {

VariableStyle style_of(const ReportProduct& product, const std::vector<std::uint8_t>& domain) {
  if (product.style) return *product.style;
  if (const VariableStyle* style = find_style(product.variable, product.units)) return *style;
  DataRange range;
  for (const ReportMap& map : product.maps) {
    const MapStatistics statistics = map_statistics(map.values, domain);
    range.take(statistics.minimum);
    range.take(statistics.maximum);
  }
  const double nan = std::nan("");
  return fitted_style(product.long_name, product.units, range.empty ? nan : range.low,
                      range.empty ? nan : range.high);
}

std::string caption_of(const ReportMap& map, const MapStatistics& statistics, const std::string& units) {
  std::string text = "<b>" + escape_markup(map.label) + "</b><br/>";
  if (statistics.valid == 0) return text + "every cell is missing";
  const std::string unit = pretty_units(units);
  text += "min " + format_number(statistics.minimum) + " · mean " + format_number(statistics.mean) +
          " · max " + format_number(statistics.maximum) +
          (unit.empty() ? "" : "\u202F" + escape_markup(unit));
  const auto missing = static_cast<double>(statistics.cells - statistics.valid);
  return text + " · " + escape_markup(format_share(missing, static_cast<double>(statistics.cells))) +
         " missing";
}

/// The figures of one product. named: say in each caption which product it is, since it stands among others.
std::string product_figures(const ReportData& data, const ReportProduct& product, const std::string& id,
                            bool named, const PngEncoder& encode_png) {
  const VariableStyle style = style_of(product, data.domain);
  std::string html;
  for (std::size_t i = 0; i < product.maps.size(); ++i) {
    const ReportMap& map = product.maps[i];
    const MapImage image = paint_map(map.values, data.grid.rows(), data.grid.cols(), style);
    html +=
        "<figure>" +
        render_map(image, data.grid, style, data.overlay, product.long_name + ", " + map.label,
                   id + "-" + std::to_string(i + 1), encode_png) +
        "<figcaption>" +
        (named
             ? escape_markup(product.long_name) + " <code>" + escape_markup(product.variable) + "</code><br/>"
             : "") +
        caption_of(map, map_statistics(map.values, data.domain), product.units) + "</figcaption></figure>\n";
  }
  return html;
}

/// Another map of a product's quantity, and how far the two are apart: they stand in one row with it.
bool is_companion(const ReportProduct& product, const ReportProduct& of) {
  for (const char* ending : {"_reference", "_difference", "_ratio"})
    if (product.variable == of.variable + ending) return true;
  return false;
}

bool is_any_companion(const ReportData& data, const ReportProduct& product) {
  return std::any_of(data.products.begin(), data.products.end(),
                     [&](const ReportProduct& of) { return !of.maps.empty() && is_companion(product, of); });
}

/// A product's maps, with those of its companions beside them.
std::string product_row(const ReportData& data, std::size_t position, const PngEncoder& encode_png) {
  const ReportProduct& product = data.products[position];
  std::string html = "<div class=\"maps\">" +
                     product_figures(data, product, "map-" + std::to_string(position + 1), false, encode_png);
  for (std::size_t i = 0; i < data.products.size(); ++i)
    if (is_companion(data.products[i], product))
      html += product_figures(data, data.products[i], "map-" + std::to_string(i + 1), true, encode_png);
  return html + "</div>\n";
}

}  // namespace

std::string maps_section(const ReportData& data, const PngEncoder& encode_png) {
  std::string body;
  for (std::size_t i = 0; i < data.products.size(); ++i) {
    const ReportProduct& product = data.products[i];
    if (product.maps.empty() || is_any_companion(data, product)) continue;
    const std::string unit = pretty_units(product.units);
    body += "<h3>" + escape_markup(product.long_name + (unit.empty() ? "" : " (" + unit + ")")) + " <code>" +
            escape_markup(product.variable) + "</code></h3>\n" + paragraph(product.note, "soft");
    body += product_row(data, i, encode_png);
  }
  if (body.empty()) return "";
  return paragraph(
             "Colours keep their meaning from map to map. Values beyond the ends of a legend take the colour "
             "of that "
             "end; missing cells are grey. Means count every cell alike.",
             "soft") +
         body;
}

namespace {

// So many sub-basins can be told apart by colour.
constexpr std::size_t drawn_zones = 8;

std::string zones_chart(const ReportData& data, const BasinSeries& series) {
  LineChart chart;
  chart.calendar = data.calendar;
  chart.frame.title = series.name + ", mean of each sub-basin";
  chart.frame.y_units = series.units;
  for (std::size_t i = 0; i < std::min(series.zones.size(), drawn_zones); ++i)
    chart.series.push_back(
        {series.zones[i].first, series.days, series.zones[i].second, SeriesMark::line, static_cast<int>(i)});
  std::string html = chart_box(render_chart(chart));
  if (series.zones.size() > drawn_zones)
    html += paragraph("The first " + format_count(drawn_zones) + " of " +
                          format_count(static_cast<std::int64_t>(series.zones.size())) +
                          " sub-basins; series/ holds all of them.",
                      "soft");
  return html;
}

}  // namespace

std::string basin_section(const ReportData& data) {
  std::string body;
  for (const BasinSeries& series : data.basin_series) {
    LineChart chart;
    chart.calendar = data.calendar;
    chart.frame.title = series.name;
    chart.frame.y_units = series.units;
    if (!series.low.empty() || !series.high.empty()) {
      chart.bands.push_back({series.band_name, series.days, series.low, series.high});
    }
    chart.series.push_back({"mean of the basin", series.days, series.mean});
    body += chart_box(render_chart(chart));
    if (!series.zones.empty()) body += zones_chart(data, series);
  }
  return body;
}

}  // namespace rootzone::pipeline
