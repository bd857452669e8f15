#include "rootzone/pipeline/report.hpp"

#include <algorithm>
#include <set>

#include "report_parts.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/pipeline/markup.hpp"
#include "rootzone/pipeline/numbers.hpp"
#include "svg_marks.hpp"

namespace rootzone::pipeline {
namespace {

std::string card(const std::string& label, const std::string& value, bool alert = false) {
  return "<div class=\"card" + std::string(alert ? " alert" : "") + "\"><b>" + escape_markup(value) +
         "</b><span>" + escape_markup(label) + "</span></div>";
}

std::string cell_size(const ReportData& data) {
  const std::string units =
      data.cell_units.empty() || data.cell_units == "°" ? data.cell_units : " " + data.cell_units;
  return format_number(data.grid.dx(), 5) + " × " + format_number(data.grid.dy(), 5) + units;
}

// Over every value written, or over the maps shown where no counts are at hand.
std::string missing_share(const ReportData& data) {
  double missing = 0.0;
  double all = 0.0;
  for (const auto& [variable, counts] : data.flags) {
    missing += static_cast<double>(counts.missing);
    all += static_cast<double>(counts.values);
  }
  if (!data.flags.empty()) return format_share(missing, all);
  for (const ReportProduct& product : data.products) {
    for (const ReportMap& map : product.maps) {
      const MapStatistics statistics = map_statistics(map.values, data.domain);
      missing += static_cast<double>(statistics.cells - statistics.valid);
      all += static_cast<double>(statistics.cells);
    }
  }
  return format_share(missing, all);
}

std::size_t station_count(const ReportData& data) {
  std::set<std::string> names;
  for (const MetricRow& row : data.metrics) names.insert(row.station);
  for (const StationSeries& series : data.station_series) names.insert(series.station);
  return names.size();
}

std::string grid_cards(const ReportData& data) {
  if (data.grid.cells() == 0) return "";
  std::string cards = card("rows × columns of " + cell_size(data),
                           format_count(data.grid.rows()) + " × " + format_count(data.grid.cols()));
  const auto inside =
      std::count_if(data.domain.begin(), data.domain.end(), [](auto value) { return value != 0; });
  cards += data.domain.empty()
               ? card("cells", format_count(data.grid.cells()))
               : card(data.domain_name + ", of " + format_count(data.grid.cells()), format_count(inside));
  if (data.crs_name.empty()) return cards;
  // "EPSG:3035 (its name)": the code is the figure, the name its label.
  const std::size_t name = data.crs_name.find(" (");
  if (name == std::string::npos) return cards + card("coordinate system", data.crs_name);
  return cards +
         card(data.crs_name.substr(name + 2, data.crs_name.size() - name - 3), data.crs_name.substr(0, name));
}

void check_sizes(const ReportData& data) {
  const auto cells = static_cast<std::size_t>(data.grid.cells());
  for (const ReportProduct& product : data.products) {
    for (const ReportMap& map : product.maps) {
      if (map.values.size() == cells) continue;
      throw core::Error(core::ErrorKind::internal, "report: map '" + map.label + "' of " + product.variable +
                                                       " has " + std::to_string(map.values.size()) +
                                                       " values, the grid has " + std::to_string(cells) +
                                                       " cells");
    }
  }
  for (const StationSeries& series : data.station_series) {
    require_same_length(series.station, series.days.size(), series.observed.size());
    for (const auto& [product, values] : series.products) {
      require_same_length(series.station + ", " + product, series.days.size(), values.size());
    }
  }
  if (!data.domain.empty() && data.domain.size() != cells) {
    throw core::Error(core::ErrorKind::internal,
                      "report: the domain has " + std::to_string(data.domain.size()) +
                          " values, the grid has " + std::to_string(cells) + " cells");
  }
}

struct Part {
  std::string id;
  std::string title;
  std::string html;
};

std::string navigation(const std::vector<Part>& parts) {
  std::string links;
  for (const Part& part : parts) {
    if (!part.html.empty()) links += "<a href=\"#" + part.id + "\">" + escape_markup(part.title) + "</a>";
  }
  return links.empty() ? "" : "<nav>" + links + "</nav>";
}

}  // namespace

std::string section(const std::string& id, const std::string& title, const std::string& body) {
  if (body.empty()) return "";
  return "<section id=\"" + id + "\"><h2>" + escape_markup(title) + "</h2>\n" + body + "</section>\n";
}

std::string paragraph(const std::string& text, const std::string& css_class) {
  if (text.empty()) return "";
  return (css_class.empty() ? "<p>" : "<p class=\"" + css_class + "\">") + escape_markup(text) + "</p>\n";
}

std::string chart_box(const std::string& svg) {
  return "<div class=\"scroll wide\">" + svg + "</div>\n";
}

std::string summary_section(const ReportData& data) {
  const auto warnings = all_warnings(data);
  std::string cards;
  if (!data.first_date.empty()) cards += card("period", data.first_date + " – " + data.last_date);
  cards += grid_cards(data);
  if (!data.products.empty()) {
    cards += card("products", format_count(static_cast<std::int64_t>(data.products.size())));
    cards += card("of the values are missing", missing_share(data));
  }
  if (const std::size_t stations = station_count(data); stations > 0) {
    cards += card("stations", format_count(static_cast<std::int64_t>(stations)));
  }
  cards += card(warnings.size() == 1 ? "warning" : "warnings",
                format_count(static_cast<std::int64_t>(warnings.size())), !warnings.empty());
  std::string body = "<div class=\"cards\">" + cards + "</div>\n";
  if (!data.steps.empty()) {
    body += "<h3>What ran</h3><ol>";
    for (const std::string& step : data.steps) body += "<li>" + escape_markup(step) + "</li>";
    body += "</ol>\n";
  }
  if (!warnings.empty()) {
    body += "<h3>Warnings</h3><ul class=\"warnings\">";
    for (const std::string& warning : warnings) body += "<li>" + escape_markup(warning) + "</li>";
    body += "</ul>\n";
  }
  return body;
}

std::vector<std::int64_t> steps_to_show(std::int64_t count) {
  std::vector<std::int64_t> steps;
  for (const std::int64_t step : {std::int64_t{0}, count / 2, count - 1}) {
    if (step >= 0 && step < count && (steps.empty() || step > steps.back())) steps.push_back(step);
  }
  return steps;
}

std::string render_report(const ReportData& data, const PngEncoder& encode_png) {
  check_sizes(data);
  std::vector<Part> parts{
      {"maps", "Maps", maps_section(data, encode_png)},
      {"basin", "Basin over time", basin_section(data)},
      {"stations", "Stations: how good the estimates are", station_metrics_section(data)},
      {"station-series", "Stations: estimates and observations", station_series_section(data)},
      {"balance", "Water balance", balance_section(data)},
      {"flags", "Remarks on the values", flags_section(data)}};
  for (std::size_t i = 0; i < data.sections.size(); ++i) {
    parts.push_back(
        {"more-" + std::to_string(i + 1), data.sections[i].title, extra_section(data.sections[i])});
  }
  parts.push_back({"inputs", "Inputs", inputs_section(data)});
  parts.push_back({"provenance", "Provenance", provenance_section(data)});

  const std::string title = data.title.empty() ? "rootzone: " + data.pipeline_name : data.title;
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/><title>" +
      escape_markup(title) + "</title>\n<style>" + report_css() + "</style></head>\n<body><header><h1>" +
      escape_markup(title) + "</h1>";
  html +=
      paragraph("Pipeline “" + data.pipeline_name + "”, rootzone " + data.program_version) + "</header>\n";
  html += navigation(parts) + "<main>" + summary_section(data);
  for (const Part& part : parts) html += section(part.id, part.title, part.html);
  return html + "</main></body></html>\n";
}

}  // namespace rootzone::pipeline
