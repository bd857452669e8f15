#include "pedotransfer_comparison.hpp"

#include <algorithm>
#include <cmath>

#include "report_words.hpp"
#include "rootzone/pipeline/numbers.hpp"
#include "rootzone/stats/metrics.hpp"

namespace rootzone::pipeline {
namespace {

// So many points of a scatter plot can be told apart, and the page stays light.
constexpr std::size_t drawn_points = 1500;

/// Values of the cells in which the other map and the median are both there.
struct Pairs {
  std::vector<double> reference;
  std::vector<double> median;
  std::vector<std::vector<double>> functions;  ///< by function that gives the property; NaN where dropped
  std::int64_t within_spread = 0;              ///< |reference − median| ≤ standard deviation
  std::int64_t with_spread = 0;
  std::int64_t within_range = 0;  ///< between the lowest and the highest function
};

Pairs collect(const PedotransferJob& job, const PedotransferReference& reference,
              const std::vector<std::size_t>& givers) {
  const auto slot = static_cast<std::size_t>(reference.property);
  Pairs pairs;
  pairs.functions.resize(givers.size());
  for (std::int64_t cell = 0; cell < job.cells; ++cell) {
    const double other = reference.values.at(cell);
    if (!job.is_inside(cell) || std::isnan(other)) continue;
    const auto estimates = job.estimates(cell);
    const soil::SoilEnsemble ensemble = soil::combine(estimates);
    if (std::isnan(ensemble.median[slot])) continue;
    pairs.reference.push_back(other);
    pairs.median.push_back(ensemble.median[slot]);
    double low = ensemble.median[slot];
    double high = low;
    for (std::size_t i = 0; i < givers.size(); ++i) {
      const double value = estimates[givers[i]].values[slot];
      pairs.functions[i].push_back(value);
      low = value < low ? value : low;  // false for NaN
      high = value > high ? value : high;
    }
    const double spread = ensemble.standard_deviation[slot];
    pairs.with_spread += std::isnan(spread) ? 0 : 1;
    pairs.within_spread += std::abs(other - ensemble.median[slot]) <= spread ? 1 : 0;
    pairs.within_range += other >= low && other <= high ? 1 : 0;
  }
  return pairs;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0.0;
  std::int64_t count = 0;
  for (double value : values)
    if (!std::isnan(value)) {
      sum += value;
      ++count;
    }
  return count > 0 ? sum / static_cast<double>(count) : std::nan("");
}

std::vector<std::string> metric_row(const std::string& name, const std::vector<double>& estimate,
                                    const std::vector<double>& reference) {
  // Cells are no series: the values hold, the intervals would not, and are not shown.
  stats::MetricOptions options;
  options.min_pairs = 4;
  const stats::Metrics metrics = stats::compute_metrics(estimate, reference, options);
  return {name,
          format_count(metrics.n),
          format_number(mean_of(estimate), 3),
          format_number(metrics.bias.value, 2),
          format_number(metrics.rmse.value, 2),
          format_number(metrics.ubrmse.value, 2),
          format_number(metrics.pearson_r.value, 2)};
}

/// Every k-th value, so that at most drawn_points are left.
std::vector<double> thinned(const std::vector<double>& values) {
  const std::size_t every = 1 + (values.empty() ? 0 : (values.size() - 1) / drawn_points);
  std::vector<double> kept;
  for (std::size_t i = 0; i < values.size(); i += every) kept.push_back(values[i]);
  return kept;
}

ScatterChart scatter(const std::string& title, const std::string& reference_title, const std::string& units,
                     const std::vector<double>& reference, const std::vector<double>& values, int colour) {
  ScatterChart chart;
  chart.frame.title = title;
  chart.frame.x_label = reference_title;
  chart.frame.y_label = title;
  chart.frame.y_units = units;
  chart.groups.push_back({"", thinned(reference), thinned(values), colour});
  const auto drawn = static_cast<std::int64_t>(chart.groups.front().x.size());
  const auto all = static_cast<std::int64_t>(reference.size());
  if (drawn < all) chart.notes.push_back(format_count(drawn) + " of " + format_count(all) + " cells");
  return chart;
}

}  // namespace

ReportSection pedotransfer_section(const PedotransferJob& job, const PedotransferCounts& counts,
                                   const std::vector<std::int64_t>& outside_validity) {
  ReportSection section;
  section.title = "Pedotransfer functions" + (job.suffix.empty() ? "" : ", names ending in " + job.suffix);
  section.paragraphs = {
      "Cells by what became of each function's result. A soil outside the range that a function's authors "
      "give is "
      "flagged and still counts; a result that no soil can have is dropped."};
  if (job.carbon_is_assumed)
    section.paragraphs.push_back("Organic carbon is not mapped: one value, " +
                                 with_units(job.organic_carbon_percent->at(0), "percent") +
                                 ", stands for every cell (flag assumed_input).");
  if (job.density_is_assumed)
    section.paragraphs.push_back("Bulk density is not mapped: one value, " +
                                 with_units(job.bulk_density_g_per_cm3->at(0), "g cm-3") +
                                 ", stands for every cell (flag assumed_input).");
  ReportTable table;
  table.columns = {"Function", "Source", "Valid for", "Used", "of these outside", "Dropped", "why"};
  table.text_columns = 3;
  for (std::size_t i = 0; i < job.functions.size(); ++i) {
    const soil::PedotransferInfo& info = soil::info_of(job.functions[i]);
    std::int64_t dropped = 0;
    std::string why;
    for (std::size_t reason = 1; reason < soil::rejection_count; ++reason) {
      if (counts[i][reason] == 0 || reason == static_cast<std::size_t>(soil::Rejection::missing_input))
        continue;
      dropped += counts[i][reason];
      why += (why.empty() ? "" : "; ") + std::string(soil::describe(static_cast<soil::Rejection>(reason))) +
             " (" + format_count(counts[i][reason]) + ")";
    }
    table.rows.push_back({std::string(info.name), std::string(info.source), std::string(info.validity),
                          format_count(counts[i][0]), format_count(outside_validity[i]),
                          format_count(dropped), why.empty() ? "–" : why});
  }
  section.tables.push_back(std::move(table));
  return section;
}

ReportSection comparison_section(const PedotransferJob& job, const PedotransferReference& reference) {
  const soil::SoilPropertyInfo& property =
      soil::soil_properties()[static_cast<std::size_t>(reference.property)];
  const std::string units(property.units);
  const auto givers = job.functions_that_give(reference.property);
  const Pairs pairs = collect(job, reference, givers);
  ReportSection section;
  section.title = sentence_case(std::string(property.long_name)) + " beside " + job.reference_title;
  const auto count = static_cast<std::int64_t>(pairs.reference.size());
  if (count < 4) {
    section.paragraphs = {"Too few cells in which both maps have values: " + format_count(count) + "."};
    return section;
  }
  section.paragraphs = {
      job.reference_title + " lies within one standard deviation of the functions' median in " +
          format_share(static_cast<double>(pairs.within_spread), static_cast<double>(pairs.with_spread)) +
          " of the cells, and between the lowest and the highest function in " +
          format_share(static_cast<double>(pairs.within_range), static_cast<double>(count)) + ".",
      "Both are models: a difference says that they disagree, not which is right."};
  ReportTable table;
  table.title = "Against " + job.reference_title + ", over cells (" + pretty_units(units) + ")";
  table.caption = "Bias, RMSE and its part without bias (ubRMSE) of estimate − " + job.reference_title +
                  "; mean of " + job.reference_title + " " + format_number(mean_of(pairs.reference), 3) + ".";
  table.columns = {"Estimate", "Cells", "Mean", "Bias", "RMSE", "ubRMSE", "r"};
  table.rows.push_back(metric_row("median of the functions", pairs.median, pairs.reference));
  section.charts.emplace_back(
      scatter("median of the functions", job.reference_title, units, pairs.reference, pairs.median, 0));
  for (std::size_t i = 0; i < givers.size(); ++i) {
    const std::string name(soil::info_of(job.functions[givers[i]]).name);
    table.rows.push_back(metric_row(name, pairs.functions[i], pairs.reference));
    section.charts.emplace_back(scatter(name, job.reference_title, units, pairs.reference, pairs.functions[i],
                                        static_cast<int>(i) + 1));
  }
  section.tables.push_back(std::move(table));
  return section;
}

}  // namespace rootzone::pipeline
