#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "report_parts.hpp"
#include "rootzone/pipeline/markup.hpp"
#include "rootzone/pipeline/numbers.hpp"

namespace rootzone::pipeline {
namespace {

struct MetricColumn {
  const char* title;
  MetricEstimate MetricRow::*member;
  bool is_signed;
};

constexpr std::array<MetricColumn, 11> columns{{{"RMSE", &MetricRow::rmse, false},
                                                {"Bias", &MetricRow::bias, true},
                                                {"ubRMSE", &MetricRow::ubrmse, false},
                                                {"Pearson r", &MetricRow::pearson_r, false},
                                                {"Spearman ρ", &MetricRow::spearman_rho, false},
                                                {"NSE", &MetricRow::nse, false},
                                                {"R²", &MetricRow::r2, false},
                                                {"R² adj.", &MetricRow::r2_adjusted, false},
                                                {"KGE", &MetricRow::kge, false},
                                                {"Slope", &MetricRow::slope, false},
                                                {"Intercept", &MetricRow::intercept, true}}};

// Three decimals line up in a column and suit both m³ m⁻³ and coefficients; large figures need fewer.
std::string metric_text(double value, bool is_signed) {
  if (std::abs(value) < 10.0) return (is_signed && value >= 0.0005 ? "+" : "") + format_fixed(value, 3);
  return is_signed ? format_signed(value) : format_number(value);
}

std::string metric_cell(const MetricEstimate& estimate, bool is_signed, const std::string& css_class,
                        const std::string& mark) {
  std::string html =
      "<td class=\"num" + css_class + "\">" + mark + escape_markup(metric_text(estimate.value, is_signed));
  if (std::isfinite(estimate.value) && std::isfinite(estimate.low) && std::isfinite(estimate.high)) {
    html += "<small>" + escape_markup(metric_text(estimate.low, is_signed)) + " … " +
            escape_markup(metric_text(estimate.high, is_signed)) + "</small>";
  }
  return html + "</td>";
}

// Rows of one station and period, best first; those without a figure last.
using RowGroup = std::vector<const MetricRow*>;

std::vector<RowGroup> grouped_rows(const std::vector<MetricRow>& metrics, const std::string& period) {
  RowGroup rows;
  for (const MetricRow& row : metrics) {
    if (row.period == period) rows.push_back(&row);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const MetricRow* a, const MetricRow* b) {
    if (a->station != b->station) return a->station < b->station;
    const bool a_known = std::isfinite(a->rmse.value);
    const bool b_known = std::isfinite(b->rmse.value);
    if (a_known != b_known) return a_known;
    return a_known && a->rmse.value < b->rmse.value;
  });
  std::vector<RowGroup> groups;
  for (const MetricRow* row : rows) {
    if (groups.empty() || groups.back().front()->station != row->station) groups.emplace_back();
    groups.back().push_back(row);
  }
  return groups;
}

// The lowest RMSE of its group, or not to be told from it: the best's interval reaches its own.
enum class Rank { behind, like_best, best };

Rank rank_of(const MetricRow& row, const MetricRow& best) {
  if (!std::isfinite(row.rmse.value)) return Rank::behind;
  if (row.rmse.value == best.rmse.value) return Rank::best;
  return row.rmse.low <= best.rmse.high ? Rank::like_best : Rank::behind;
}

std::string swatch(const ProductColours& colours, const std::string& product) {
  return "<span class=\"swatch\" style=\"background:" + series_colour(colours.of(product)) + "\"></span>";
}

std::string metric_row(const MetricRow& row, Rank rank, bool first_of_group, const ProductColours& colours) {
  std::string html = std::string("<tr") + (first_of_group ? " class=\"group\"" : "") +
                     "><td class=\"name\">" + (first_of_group ? escape_markup(row.station) : "") +
                     "</td><td class=\"name\">" + swatch(colours, row.product) + escape_markup(row.product) +
                     "</td><td class=\"num\">" + format_count(row.n) + "</td>";
  if (!std::isfinite(row.rmse.value)) {
    return html + "<td class=\"soft\" colspan=\"" + std::to_string(columns.size()) +
           "\">not enough data</td></tr>\n";
  }
  for (const MetricColumn& column : columns) {
    const bool ranked = column.member == &MetricRow::rmse;
    const std::string mark = ranked && rank == Rank::like_best ? "≈\u202F" : "";
    html +=
        metric_cell(row.*column.member, column.is_signed, ranked && rank == Rank::best ? " best" : "", mark);
  }
  return html + "</tr>\n";
}

std::string metrics_table(const ReportData& data, const std::string& period, const ProductColours& colours) {
  std::string html =
      paragraph(data.interval_name + " under each figure; RMSE, bias, ubRMSE and intercept in " +
                    pretty_units(data.metric_units),
                "soft caption") +
      "<div class=\"scroll\"><table><thead><tr><th>Station</th><th>Product</th><th class=\"num\">n</th>";
  for (const MetricColumn& column : columns)
    html += "<th class=\"num\">" + std::string(column.title) + "</th>";
  html += "</tr></thead><tbody>";
  for (const RowGroup& group : grouped_rows(data.metrics, period)) {
    for (const MetricRow* row : group) {
      html += metric_row(*row, rank_of(*row, *group.front()), row == group.front(), colours);
    }
  }
  return html + "</tbody></table></div>\n";
}

// Median over the stations, per product and period.
std::string medians_table(const ReportData& data, const std::vector<std::string>& periods) {
  ReportTable table;
  table.caption = "Median over the stations with enough data; RMSE, bias and ubRMSE in " +
                  pretty_units(data.metric_units);
  table.columns = {"Period", "Product", "Stations", "RMSE", "Bias", "ubRMSE", "Pearson r", "NSE", "KGE"};
  table.text_columns = 2;
  for (const std::string& period : periods) {
    std::vector<std::string> products;
    for (const MetricRow& row : data.metrics) {
      if (row.period == period &&
          std::find(products.begin(), products.end(), row.product) == products.end()) {
        products.push_back(row.product);
      }
    }
    for (const std::string& product : products) {
      std::vector<std::string> cells{period, product};
      const auto values = [&](MetricEstimate MetricRow::*member) {
        std::vector<double> found;
        for (const MetricRow& row : data.metrics) {
          if (row.product == product && row.period == period && std::isfinite(row.rmse.value)) {
            found.push_back((row.*member).value);
          }
        }
        return found;
      };
      cells.push_back(format_count(static_cast<std::int64_t>(values(&MetricRow::rmse).size())));
      for (const auto member : {&MetricRow::rmse, &MetricRow::bias, &MetricRow::ubrmse, &MetricRow::pearson_r,
                                &MetricRow::nse, &MetricRow::kge}) {
        cells.push_back(metric_text(median_of(values(member)), member == &MetricRow::bias));
      }
      table.rows.push_back(cells);
    }
  }
  return render_table(table);
}

std::vector<std::string> periods_of_metrics(const std::vector<MetricRow>& metrics) {
  std::vector<std::string> periods;
  for (const std::string wanted : {"validation", "calibration"}) {
    for (const MetricRow& row : metrics) {
      if (row.period == wanted) {
        periods.push_back(wanted);
        break;
      }
    }
  }
  for (const MetricRow& row : metrics) {
    if (std::find(periods.begin(), periods.end(), row.period) == periods.end()) periods.push_back(row.period);
  }
  return periods;
}

// Who has seen the station: a comparison is fair only among equals.
std::string fitted_note(const ReportData& data) {
  if (data.fitted_products.empty()) return "";
  std::string names;
  for (const std::string& product : data.fitted_products) names += (names.empty() ? "" : ", ") + product;
  return paragraph(
      names + (data.fitted_products.size() == 1 ? " is an index: a line" : " are indices: a line") +
          " fitted at each station over the calibration part takes it to the station's own level and "
          "range, which no map away from a station can have. The other estimates have not seen the "
          "stations, unless their parameters were calibrated there.",
      "soft");
}

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

}  // namespace

ProductColours::ProductColours(const ReportData& data) {
  const auto take = [&](const std::string& product) {
    m_colours.try_emplace(product, static_cast<int>(m_colours.size()));
  };
  for (const MetricRow& row : data.metrics) take(row.product);
  for (const StationSeries& series : data.station_series) {
    for (const auto& [product, values] : series.products) take(product);
  }
}

int ProductColours::of(const std::string& product) const {
  const auto found = m_colours.find(product);
  return found == m_colours.end() ? 7 : found->second;
}

std::string station_metrics_section(const ReportData& data) {
  if (data.metrics.empty()) return "";
  const ProductColours colours(data);
  const auto periods = periods_of_metrics(data.metrics);
  std::string body;
  const auto sentences = comparison_sentences(data.metrics, data.metric_units);
  if (!sentences.empty()) {
    body += "<ul>";
    for (const std::string& text : sentences) body += "<li>" + escape_markup(text) + "</li>";
    body += "</ul>\n";
  }
  body += medians_table(data, periods) + fitted_note(data);
  body += paragraph(
      "Below, per station, the lowest RMSE is marked; ≈ stands at products whose interval still touches that "
      "of the "
      "lowest, so that the order between them is not settled. constant_mean is the mean over all other "
      "stations, what "
      "can be mapped without this one; station_mean is the station's own mean and needs its record.",
      "soft");
  for (std::size_t i = 0; i < periods.size(); ++i) {
    body += std::string(i == 0 ? "<details open=\"open\">" : "<details>") + "<summary>" +
            escape_markup(capitalised(periods[i])) + "</summary>" + metrics_table(data, periods[i], colours) +
            "</details>\n";
  }
  return body;
}

namespace {

std::string series_chart(const ReportData& data, const StationSeries& series, const ProductColours& colours) {
  LineChart chart;
  chart.calendar = data.calendar;
  chart.frame.title = "All days";
  chart.frame.y_units = series.units;
  for (const auto& [product, values] : series.products) {
    const SeriesMark mark = is_reference(product) ? SeriesMark::dashed_line : SeriesMark::line;
    chart.series.push_back({product, series.days, values, mark, colours.of(product)});
  }
  chart.series.push_back({"observed", series.days, series.observed, SeriesMark::points, -1});
  if (series.validation_starts) {
    const auto day = static_cast<std::int64_t>(*series.validation_starts);
    chart.markers.push_back(
        {*series.validation_starts, "validation from " + core::iso_date(core::date_of(day, data.calendar))});
  }
  return chart_box(render_chart(chart));
}

std::string pair_count(const ScatterGroup& group) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < std::min(group.x.size(), group.y.size()); ++i) {
    count += std::isfinite(group.x[i]) && std::isfinite(group.y[i]) ? 1 : 0;
  }
  return "n " + format_count(count);
}

// Estimate against observation, of the validation days if they are known.
void add_pairs(std::vector<ScatterGroup>& groups, const StationSeries& series,
               const ProductColours& colours) {
  for (const auto& [product, values] : series.products) {
    if (is_reference(product)) continue;
    auto group =
        std::find_if(groups.begin(), groups.end(), [&](const ScatterGroup& g) { return g.name == product; });
    if (group == groups.end()) group = groups.insert(groups.end(), {product, {}, {}, colours.of(product)});
    for (std::size_t i = 0; i < std::min(values.size(), series.observed.size()); ++i) {
      if (series.validation_starts && series.days[i] < *series.validation_starts) continue;
      group->x.push_back(series.observed[i]);
      group->y.push_back(values[i]);
    }
  }
}

std::string scatter_chart(const std::vector<ScatterGroup>& groups, const std::string& title,
                          const std::string& units) {
  ScatterChart chart;
  chart.frame.title = title;
  chart.frame.x_label = "Observed" + (units.empty() ? "" : ", " + pretty_units(units));
  chart.frame.y_label = "Estimated";
  chart.frame.y_units = units;
  chart.groups = groups;
  for (const ScatterGroup& group : groups) {
    chart.notes.push_back(groups.size() == 1 ? pair_count(group) : group.name + ": " + pair_count(group));
  }
  return "<div class=\"square\">" + render_chart(chart) + "</div>\n";
}

// So many stations lie open; the rest unfold, so that a long network does not bury what follows.
constexpr std::size_t open_stations = 4;

}  // namespace

std::string station_series_section(const ReportData& data) {
  if (data.station_series.empty()) return "";
  const ProductColours colours(data);
  const bool split =
      std::any_of(data.station_series.begin(), data.station_series.end(),
                  [](const StationSeries& series) { return series.validation_starts.has_value(); });
  const std::string days = split ? "validation days" : "all days";
  std::string body;
  if (data.station_series.size() > 1) {
    std::vector<ScatterGroup> together;
    for (const StationSeries& series : data.station_series) add_pairs(together, series, colours);
    body += scatter_chart(together, "All stations, " + days, data.station_series.front().units);
  }
  for (std::size_t i = 0; i < data.station_series.size(); ++i) {
    const StationSeries& series = data.station_series[i];
    std::vector<ScatterGroup> groups;
    add_pairs(groups, series, colours);
    body += std::string(i < open_stations ? "<details open=\"open\">" : "<details>") + "<summary>" +
            escape_markup(series.station) + "</summary><div class=\"station\">" +
            series_chart(data, series, colours) +
            scatter_chart(groups, series.validation_starts ? "Validation days" : "All days", series.units) +
            "</div></details>\n";
  }
  return body;
}

}  // namespace rootzone::pipeline
