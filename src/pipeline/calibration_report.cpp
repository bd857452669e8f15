#include "calibration_report.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "rootzone/io/csv.hpp"
#include "rootzone/io/png.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "rootzone/pipeline/numbers.hpp"
#include "rootzone/pipeline/report.hpp"

namespace rootzone::pipeline {
namespace {

std::set<std::string> labels_of(const CalibrationGroup& group) {
  std::set<std::string> labels;
  for (const CalibrationOutcome& o : group.outcomes) labels.insert(label_of(o.about));
  return labels;
}

/// A station's name; with zone, set and scheme where the report has several.
std::string name_in(const CalibrationGroup& group, const CalibrationOutcome& o) {
  return labels_of(group).size() > 1 ? o.about.station + " (" + label_of(o.about) + ")" : o.about.station;
}

const study::ValidationRow* row_of(const CalibrationOutcome& o, const std::string& product,
                                   study::ValidationPeriod period) {
  for (const study::ValidationRow& row : o.rows)
    if (row.product == product && row.period == period) return &row;
  return nullptr;
}

std::string with_interval(const stats::MetricValue& metric, int decimals) {
  if (std::isnan(metric.value)) return "–";
  return format_fixed(metric.value, decimals) + " [" + format_fixed(metric.low, decimals) + ", " +
         format_fixed(metric.high, decimals) + "]";
}

ReportTable median_table(const CalibrationGroup& group, const std::string& title) {
  ReportTable table;
  table.title = title;
  table.caption = "Medians over the stations where SMAR applies; moisture errors in m³ m⁻³.";
  table.columns = {"Case", "Period", "Product", "Stations", "RMSE", "ubRMSE", "Bias", "r", "NSE"};
  table.text_columns = 3;
  for (const GroupMedian& m : group_medians(group)) {
    if (m.stations == 0) continue;
    table.rows.push_back({label_of(*m.about), std::string(study::period_name(m.period)), m.product,
                          std::to_string(m.stations), format_fixed(m.rmse, 3), format_fixed(m.ubrmse, 3),
                          format_fixed(m.bias, 3), format_fixed(m.pearson_r, 3), format_fixed(m.nse, 2)});
  }
  return table;
}

/// A row per station with the validation scores of SMAR and the filter.
ReportTable station_table(const CalibrationGroup& group, const std::string& title) {
  ReportTable table;
  table.title = title;
  table.caption =
      "Validation period, m³ m⁻³, with 95 % intervals. At bound: parameters that ended at a bound of the "
      "search.";
  table.columns = {"Station", "Case", "Applicable", "At bound",    "Days",
                   "RMSE",    "r",    "NSE",        "Filter RMSE", "Filter r"};
  table.text_columns = 4;
  for (const CalibrationOutcome& o : group.outcomes) {
    const auto* smar = row_of(o, "smar", study::ValidationPeriod::validation);
    const auto* filter = row_of(o, "exponential_filter", study::ValidationPeriod::validation);
    const std::string bound = o.result.repetitions[o.result.best].at_bound;
    table.rows.push_back({o.about.station, label_of(o.about), o.result.applicable() ? "yes" : "no",
                          bound.empty() ? "–" : bound, std::to_string(smar->metrics.n),
                          with_interval(smar->metrics.rmse, 3), with_interval(smar->metrics.pearson_r, 2),
                          format_fixed(smar->metrics.nse.value, 2),
                          filter ? format_fixed(filter->metrics.rmse.value, 3) : "–",
                          filter ? format_fixed(filter->metrics.pearson_r.value, 2) : "–"});
  }
  return table;
}

ReportTable parameter_table(const CalibrationGroup& group) {
  ReportTable table;
  table.title = "Parameters";
  table.caption =
      "Best repetition in the calibration period, and mean ± standard deviation over the repetitions. "
      "Saturations without unit, a in d⁻¹, V2 in cm d⁻¹.";
  table.columns = {"No.", "Station",  "Case",     "sw2",    "sc1",    "a",   "b",
                   "V2",  "sw2, all", "sc1, all", "a, all", "b, all", "Soil"};
  table.text_columns = 3;
  std::size_t number = 0;
  const auto spread = [](const study::Spread& s) {
    return format_fixed(s.mean, 3) + " ± " + format_fixed(s.standard_deviation, 3);
  };
  for (const CalibrationOutcome& o : group.outcomes) {
    const study::CalibrationResult& r = o.result;
    const study::Repetition& best = r.repetitions[r.best];
    table.rows.push_back(
        {std::to_string(++number), o.about.station, label_of(o.about), format_fixed(best.values.sw2, 3),
         format_fixed(best.values.sc1, 3), format_fixed(best.values.a, 3), format_fixed(best.values.b, 3),
         format_fixed(best.v2_cm_per_day, 2), spread(r.sw2), spread(r.sc1), spread(r.a), spread(r.b),
         "n1 " + format_fixed(o.about.soil.surface_porosity, 3) + ", n2 " +
             format_fixed(o.about.soil.root_zone_porosity, 3) + ", θfc " +
             format_fixed(o.about.soil.field_capacity, 3) + " (" + o.about.soil.origin + ")"});
  }
  return table;
}

/// A parameter of every repetition, station after station.
LineChart repetition_chart(const CalibrationGroup& group, const char* title, const char* units,
                           double study::SmarValues::*parameter) {
  LineChart chart;
  chart.frame.title = title;
  chart.frame.x_label = "No. in the table of parameters";
  chart.frame.y_label = title;
  chart.frame.y_units = units;
  chart.frame.height = 220;
  chart.x_axis = XAxis::numbers;
  ChartSeries all{"repetitions", {}, {}, SeriesMark::points, 0};
  ChartSeries best{"best in calibration", {}, {}, SeriesMark::points, -1};
  double number = 0.0;
  for (const CalibrationOutcome& o : group.outcomes) {
    number += 1.0;
    for (const study::Repetition& repetition : o.result.repetitions) {
      all.x.push_back(number);
      all.y.push_back(repetition.values.*parameter);
    }
    best.x.push_back(number);
    best.y.push_back(o.result.repetitions[o.result.best].values.*parameter);
  }
  chart.series = {std::move(all), std::move(best)};
  return chart;
}

ReportTable issue_table(const CalibrationGroup& group, const std::string& title) {
  ReportTable table;
  table.title = title;
  table.columns = {"Station", "Root zone", "Covariates", "Why"};
  table.text_columns = 4;
  for (const CalibrationIssue& issue : group.issues)
    table.rows.push_back({issue.station, issue.root_zone.empty() ? "all" : issue.root_zone + " cm",
                          issue.covariates.empty() ? "all" : issue.covariates, issue.problem});
  for (const CalibrationOutcome& o : group.outcomes)
    if (!o.result.applicable())
      table.rows.push_back(
          {o.about.station, o.about.zone->name() + " cm",
           std::string(name_of(o.about.covariates)) + ", " + std::string(moisture::name_of(o.about.scheme)),
           "not applicable: " + o.result.not_applicable});
  return table;
}

void add_scores(const CalibrationGroup& group, ReportData& data) {
  const auto estimate = [](const stats::MetricValue& metric) {
    return MetricEstimate{metric.value, metric.low, metric.high};
  };
  for (const CalibrationOutcome& o : group.outcomes) {
    if (!o.result.applicable()) continue;
    for (const study::ValidationRow& row : o.rows) {
      const stats::Metrics& m = row.metrics;
      data.metrics.push_back({name_in(group, o), row.product, std::string(study::period_name(row.period)),
                              m.n, estimate(m.rmse), estimate(m.bias), estimate(m.ubrmse),
                              estimate(m.pearson_r), estimate(m.spearman_rho), estimate(m.nse),
                              estimate(m.r2), estimate(m.r2_adjusted), estimate(m.kge), estimate(m.slope),
                              estimate(m.intercept)});
    }
  }
}

void add_series(const Configuration& configuration, const CalibrationGroup& group, ReportData& data) {
  std::vector<double> days;
  for (std::int64_t step = 0; step < configuration.time.count(); ++step)
    days.push_back(static_cast<double>(configuration.time.day_number_at(step)));
  const auto doubles = [](const std::vector<float>& values) {
    return std::vector<double>(values.begin(), values.end());
  };
  for (const CalibrationOutcome& o : group.outcomes) {
    if (!o.result.applicable()) continue;
    StationSeries series;
    series.station = name_in(group, o);
    series.units = "m3 m-3";
    series.days = days;
    series.observed = doubles(o.observed);
    series.products.emplace_back("smar", doubles(o.smar));
    if (o.filter) series.products.emplace_back("exponential_filter", doubles(o.filter->values));
    const auto split = static_cast<std::size_t>(o.validation.first);
    if (split < days.size()) series.validation_starts = days[split];
    data.station_series.push_back(std::move(series));
  }
}

std::string method_sentence(const CalibrationSetup& setup) {
  std::string text = "Objective: RMSE of root-zone saturation after the warm-up. Optimiser: ";
  bool first = true;
  for (const auto& [name, value] : setup.search.optimizer.described()) {
    std::string words = name;
    std::replace(words.begin(), words.end(), '_', ' ');
    text += (first ? "" : ", ") + (first ? value : words + " " + value);
    first = false;
  }
  return text + "; " + std::to_string(setup.search.repetitions) + " repetitions with seeds " +
         std::to_string(setup.search.seed) + "–" +
         std::to_string(setup.search.seed + static_cast<unsigned>(setup.search.repetitions) - 1) +
         ". Constraint: 0 ≤ V2 ≤ " + io::shortest_number(setup.smar.v2_maximum_cm_per_day) +
         " cm d⁻¹. Scores and series use the " +
         (setup.representative == Representative::mean ? "mean of the repetitions." : "best repetition.");
}

ReportSection outcome_section(const CalibrationSetup& setup, const CalibrationGroup& group) {
  ReportSection section;
  section.title = "Calibration";
  section.paragraphs.push_back(method_sentence(setup));
  section.tables.push_back(median_table(group, "Medians"));
  section.tables.push_back(station_table(group, "Stations"));
  section.tables.push_back(parameter_table(group));
  section.charts.emplace_back(repetition_chart(group, "sw2", "1", &study::SmarValues::sw2));
  section.charts.emplace_back(repetition_chart(group, "sc1", "1", &study::SmarValues::sc1));
  section.charts.emplace_back(repetition_chart(group, "a", "d-1", &study::SmarValues::a));
  section.charts.emplace_back(repetition_chart(group, "b", "1", &study::SmarValues::b));
  const ReportTable issues = issue_table(group, "Left out, and why");
  if (!issues.rows.empty()) section.tables.push_back(issues);
  return section;
}

ReportSection unfiltered_section(const CalibrationGroup& group) {
  ReportSection section;
  section.title = "All series, unfiltered";
  section.paragraphs.push_back(
      "Every station with both moistures, whatever its flags, the choice of stations and the plausibility "
      "rules "
      "say. These numbers include sensors that are known to be wrong.");
  section.tables.push_back(median_table(group, "Medians"));
  section.tables.push_back(station_table(group, "Stations"));
  const ReportTable issues = issue_table(group, "Left out or doubtful, and why");
  if (!issues.rows.empty()) section.tables.push_back(issues);
  return section;
}

}  // namespace

std::string calibration_report(const Configuration& configuration, const CalibrationReport& report) {
  ReportData data;
  data.title = configuration.title.empty() ? configuration.name : configuration.title;
  data.pipeline_name = configuration.name;
  data.program_version = program_version();
  data.first_date = core::iso_date(configuration.time.first());
  data.last_date = core::iso_date(configuration.time.last());
  data.calendar = configuration.time.calendar();
  data.crs_name = "stations";
  data.warnings = report.warnings;
  for (const CalibrationIssue& issue : report.usable.issues)
    data.warnings.push_back("station '" + issue.station + "'" +
                            (issue.root_zone.empty() ? "" : ", root zone " + issue.root_zone + " cm") +
                            (issue.covariates.empty() ? "" : ", " + issue.covariates) + ": " + issue.problem);
  data.fitted_products = {"exponential_filter"};
  data.sections.push_back(outcome_section(*configuration.calibration, report.usable));
  if (report.unfiltered) data.sections.push_back(unfiltered_section(*report.unfiltered));
  add_scores(report.usable, data);
  add_series(configuration, report.usable, data);
  data.provenance = {{"Program", "rootzone " + program_version()}, {"Command", report.command_line}};
  return render_report(data, io::encode_indexed_png);
}

}  // namespace rootzone::pipeline
