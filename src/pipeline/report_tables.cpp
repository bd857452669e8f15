#include <algorithm>
#include <cmath>

#include "report_parts.hpp"
#include "rootzone/core/flags.hpp"
#include "rootzone/pipeline/markup.hpp"
#include "rootzone/pipeline/numbers.hpp"

namespace rootzone::pipeline {
namespace {

// A count and its share of the whole: "1 234 (0.5 %)".
std::string count_and_share(std::int64_t count, std::int64_t whole) {
  if (count == 0) return "0";
  return format_count(count) + " (" + format_share(static_cast<double>(count), static_cast<double>(whole)) +
         ")";
}

std::string files_text(const std::vector<std::filesystem::path>& files) {
  if (files.empty()) return "–";
  const std::string first = files.front().filename().string();
  if (files.size() == 1) return first;
  return format_count(static_cast<std::int64_t>(files.size())) + ": " + first + " … " +
         files.back().filename().string();
}

std::string dates_text(const io::InputReport& report) {
  if (report.first_date.empty()) return "static";
  std::string text = report.first_date + " – " + report.last_date;
  if (report.missing_days > 0) {
    text += "; " + format_count(report.missing_days) + (report.missing_days == 1 ? " day" : " days") +
            " without a record";
  }
  return text;
}

}  // namespace

std::string render_table(const ReportTable& table) {
  const auto number = [&](std::size_t column) { return column >= table.text_columns; };
  std::string html = table.title.empty() ? "" : "<h3>" + escape_markup(table.title) + "</h3>\n";
  html += paragraph(table.caption, "soft caption") + "<div class=\"scroll\"><table>";
  html += "<thead><tr>";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    html += (number(i) ? "<th class=\"num\">" : "<th>") + escape_markup(table.columns[i]) + "</th>";
  }
  html += "</tr></thead><tbody>";
  for (const auto& row : table.rows) {
    html += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      html += (number(i) ? "<td class=\"num\">"
               : i == 0  ? "<td class=\"name\">"
                         : "<td class=\"text\">") +
              escape_markup(row[i]) + "</td>";
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

namespace {

/// The flags that some product raised, in the order of core::flag_meanings.
std::vector<const core::FlagMeaning*> raised_flags(const ReportData& data) {
  std::vector<const core::FlagMeaning*> raised;
  for (const core::FlagMeaning& meaning : core::flag_meanings)
    for (const auto& [variable, counts] : data.flags) {
      const auto found = counts.by_flag.find(std::string(meaning.name));
      if (found == counts.by_flag.end() || found->second == 0) continue;
      raised.push_back(&meaning);
      break;
    }
  return raised;
}

std::string meanings_list(const std::vector<const core::FlagMeaning*>& flags) {
  if (flags.empty()) return "";
  std::string html = "<dl class=\"meanings\">";
  for (const core::FlagMeaning* meaning : flags)
    html += "<dt>" + escape_markup(flag_label(meaning->name)) + "</dt><dd>" +
            escape_markup(meaning->description) + "</dd>";
  return html + "</dl>\n";
}

}  // namespace

std::string flags_section(const ReportData& data) {
  if (data.flags.empty()) return "";
  const auto raised = raised_flags(data);
  ReportTable table;
  table.caption = "Values of each product that carry a remark, over all dates or layers" +
                  std::string(data.domain.empty() ? "" : " of the " + data.domain_name) +
                  ". A value may carry several.";
  table.columns = {"Product", "Values", "Missing"};
  for (const core::FlagMeaning* meaning : raised) table.columns.push_back(flag_label(meaning->name));
  for (const auto& [variable, counts] : data.flags) {
    std::vector<std::string> row{flag_label(variable), format_count(counts.values),
                                 count_and_share(counts.missing, counts.values)};
    for (const core::FlagMeaning* meaning : raised) {
      const auto found = counts.by_flag.find(std::string(meaning->name));
      row.push_back(found == counts.by_flag.end() ? "–" : count_and_share(found->second, counts.values));
    }
    table.rows.push_back(row);
  }
  return render_table(table) + meanings_list(raised);
}

std::string balance_section(const ReportData& data) {
  if (data.balances.empty()) return "";
  ReportTable table;
  table.caption =
      "Means over the record and the cells, in mm a year. Residual = inflow − outflow − overflow + growth of "
      "the "
      "deficit: zero when no water is lost in the books. Days filled by interpolation count with their net "
      "flux "
      "only, so that filled gaps leave a residual.";
  table.columns = {"Stage",
                   "Inflow",
                   "Outflow",
                   "Overflow",
                   "Growth of deficit",
                   "Residual",
                   "Outflow / inflow",
                   "Cells that do not close"};
  for (const WaterBalance& balance : data.balances) {
    const double inflow = balance.inflow_mm_per_year;
    const double outflow = balance.outflow_mm_per_year;
    double residual = inflow - outflow - balance.overflow_mm_per_year + balance.deficit_growth_mm_per_year;
    // What single precision leaves of the sums is no lost water.
    if (std::abs(residual) < 1e-6 * (std::abs(inflow) + std::abs(outflow))) residual = 0.0;
    table.rows.push_back({balance.name, format_number(inflow, 4), format_number(outflow, 4),
                          format_number(balance.overflow_mm_per_year, 4),
                          format_signed(balance.deficit_growth_mm_per_year, 3), format_number(residual, 2),
                          format_number(inflow > 0.0 ? outflow / inflow : std::nan(""), 3),
                          count_and_share(balance.non_closing_cells, balance.cells)});
  }
  return render_table(table);
}

namespace {

std::string or_dash(const std::string& text) {
  return text.empty() ? "–" : text;
}

// "m d-1 → mm d-1" for the eye; a number without a unit stays "1".
std::string units_text(const std::string& units) {
  return units == "1" ? units : or_dash(pretty_units(units));
}

std::vector<std::string> statistics_texts(const std::optional<io::InputStatistics>& statistics) {
  if (!statistics) return {"–", "–", "–", "–"};
  return {format_share(statistics->missing_percent, 100.0), format_number(statistics->minimum),
          format_number(statistics->mean), format_number(statistics->maximum)};
}

}  // namespace

std::string inputs_section(const ReportData& data) {
  if (data.inputs.empty()) return "";
  const bool with_statistics =
      std::any_of(data.inputs.begin(), data.inputs.end(),
                  [](const ReportInput& input) { return input.statistics.has_value(); });
  ReportTable table;
  table.columns = {"Input", "Files", "Grid", "CRS", "Units", "Resampling", "Dates"};
  table.text_columns = table.columns.size();
  if (with_statistics) {
    table.caption =
        "Missing, minimum, mean and maximum are those of the cells as the model sees them, where all of them "
        "were read.";
    for (const char* column : {"Missing", "Min", "Mean", "Max"}) table.columns.emplace_back(column);
  }
  for (const ReportInput& input : data.inputs) {
    const io::InputReport& report = input.report;
    std::vector<std::string> row{report.name,         files_text(report.files), or_dash(report.native_grid),
                                 or_dash(report.crs), units_text(report.units), or_dash(report.resampling),
                                 dates_text(report)};
    if (with_statistics)
      for (std::string& text : statistics_texts(input.statistics)) row.push_back(std::move(text));
    table.rows.push_back(row);
  }
  return render_table(table);
}

std::string provenance_section(const ReportData& data) {
  if (data.provenance.empty()) return "";
  std::string html = "<div class=\"scroll\"><table><tbody>";
  for (const auto& [name, value] : data.provenance) {
    html += "<tr><th>" + escape_markup(name) + "</th><td class=\"text\"><code>" + escape_markup(value) +
            "</code></td></tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string extra_section(const ReportSection& extra) {
  std::string body;
  for (const std::string& text : extra.paragraphs) body += paragraph(text);
  for (const ReportTable& table : extra.tables) body += render_table(table);
  std::string squares;  // neighbouring scatter plots stand side by side, as maps do
  const auto close_row = [&] {
    if (!squares.empty()) body += "<div class=\"maps\">" + squares + "</div>\n";
    squares.clear();
  };
  for (const auto& chart : extra.charts) {
    if (const auto* scatter = std::get_if<ScatterChart>(&chart)) {
      squares += "<div class=\"square\">" + render_chart(*scatter) + "</div>\n";
    } else {
      close_row();
      body += chart_box(render_chart(std::get<LineChart>(chart)));
    }
  }
  close_row();
  return body;
}

}  // namespace rootzone::pipeline
