#include <algorithm>
#include <cmath>
#include <map>

#include "regionalisation_outcome.hpp"
#include "rootzone/io/png.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "rootzone/pipeline/numbers.hpp"
#include "rootzone/pipeline/report.hpp"
#include "rootzone/stats/quantile.hpp"

namespace rootzone::pipeline {
namespace {

using study::smar_parameter_words;
using study::smar_parameters;
using study::TransferTest;

constexpr std::array<const char*, smar_parameters> units{"1", "1", "d-1", "1"};

const TransferTest& test_of(const RegionalisationOutcome& o, const std::string& method) {
  return *std::find_if(o.result.tests.begin(), o.result.tests.end(),
                       [&](const TransferTest& test) { return test.method == method; });
}

/// "36 % less", "12 % more".
std::string change(double value, double against) {
  const double part = 100.0 * (value - against) / against;
  return format_fixed(std::abs(part), 0) + " % " + (part < 0.0 ? "less" : "more");
}

/// Stations that one method gives a moisture for and the other does not (b ≥ 1, or no equation).
std::vector<std::string> stations_without(const RegionalisationOutcome& o, const std::string& method,
                                          const std::string& against) {
  std::vector<std::string> names;
  for (const study::MoistureScore& other : o.moisture) {
    if (other.method != against) continue;
    const bool scored = std::any_of(o.moisture.begin(), o.moisture.end(), [&](const auto& one) {
      return one.station == other.station && one.method == method;
    });
    if (!scored) names.push_back(o.stations[other.station].name);
  }
  return names;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::vector<std::string> stations_where_worse(const RegionalisationOutcome& o, const std::string& method,
                                              const std::string& against) {
  std::vector<std::string> lines;
  for (const study::MoistureScore& one : o.moisture) {
    if (one.method != method || one.metrics.status != stats::MetricStatus::ok) continue;
    for (const study::MoistureScore& other : o.moisture)
      if (other.station == one.station && other.method == against &&
          other.metrics.rmse.value <= one.metrics.rmse.value)
        lines.push_back(o.stations[one.station].name + " (" + format_fixed(one.metrics.rmse.value, 3) +
                        " against " + format_fixed(other.metrics.rmse.value, 3) + ")");
  }
  return lines;
}

/// "regression" for what the settings choose, else as study::regionalise names the others.
std::string method_of(const RegionalisationOutcome& o, study::RegressionForm form,
                      study::ModelChoice choice) {
  const auto& options = o.setup->options;
  if (form == options.form && choice == options.choice) return "regression";
  return "regression_" + std::string(study::name_of(form)) + "_" + std::string(study::name_of(choice));
}

/// Both choices of one quantity, term by term.
ReportTable equation_table(const RegionalisationOutcome& o, study::RegressionForm form, std::size_t q) {
  const study::QuantityRegression& quantity = o.result.equations(form)[q];
  ReportTable table;
  table.title = std::string("Equation of ") + study::quantities_of(form)[q] + ", form " +
                std::string(study::name_of(form));
  table.caption = std::to_string(quantity.search.models.size()) + " subsets fitted, " +
                  std::to_string(quantity.search.significant) + " significant, " +
                  std::to_string(quantity.search.singular) + " collinear.";
  table.columns = {"Choice", "Term", "Coefficient", "Standard error", "t", "p", "Variance inflation"};
  table.text_columns = 2;
  for (const auto choice : {study::ModelChoice::paper, study::ModelChoice::cross_validated}) {
    const auto& model = quantity.model(choice);
    if (!model) continue;
    for (const stats::RegressionTerm& term : model->terms)
      table.rows.push_back({std::string(study::name_of(choice)), term.name,
                            format_number(term.coefficient, 4), format_number(term.standard_error, 3),
                            format_fixed(term.t, 2), format_number(term.p, 2),
                            format_number(term.variance_inflation, 3)});
  }
  if (table.rows.empty()) table.rows.push_back({"–", quantity.refusal, "–", "–", "–", "–", "–"});
  return table;
}

std::string predictors_of(const stats::LinearRegression& model) {
  std::string names;
  for (std::size_t i = 1; i < model.terms.size(); ++i) names += (i > 1 ? ", " : "") + model.terms[i].name;
  return names;
}

ReportTable choices_table(const RegionalisationOutcome& o) {
  ReportTable table;
  table.title = "The paper's decisions and others, side by side";
  table.caption =
      "Form parameters with choice paper (highest R² among the significant subsets) is what Liu et al. "
      "(2023) do. "
      "Choice cross_validated: lowest leave-one-out RMSE among them, variance inflation at most " +
      format_number(o.setup->options.subsets.most_variance_inflation, 3) +
      ". Leave one out: the equation fitted without the station, its predictors fixed; the tables above "
      "repeat "
      "the choice of predictors too.";
  table.columns = {"Form",        "Quantity", "Choice",          "Predictors",   "R²",
                   "R² adjusted", "p",        "RMSE of the fit", "Leave one out"};
  table.text_columns = 4;
  for (const auto form : {study::RegressionForm::parameters, study::RegressionForm::balanced})
    for (std::size_t q = 0; q < smar_parameters; ++q)
      for (const auto choice : {study::ModelChoice::paper, study::ModelChoice::cross_validated}) {
        std::vector<std::string> row{std::string(study::name_of(form)), study::quantities_of(form)[q],
                                     std::string(study::name_of(choice))};
        if (const auto& model = o.result.equations(form)[q].model(choice))
          row.insert(row.end(), {predictors_of(*model), format_fixed(model->r2, 2),
                                 format_fixed(model->r2_adjusted, 2), format_number(model->f_p, 2),
                                 format_fixed(model->rmse, 4), format_fixed(model->leave_one_out_rmse, 4)});
        else
          row.insert(row.end(), {"none: " + o.result.equations(form)[q].refusal, "–", "–", "–", "–", "–"});
        table.rows.push_back(std::move(row));
      }
  return table;
}

ReportTable parameter_table(const RegionalisationOutcome& o) {
  ReportTable table;
  table.title = "Parameters at stations left out";
  table.caption = "Root mean square error (bias) of the parameter predicted without the station.";
  table.columns = {"Method", "Stations", "sw2", "sc1", "a (d⁻¹)", "b"};
  for (const TransferTest& test : o.result.tests) {
    std::vector<std::string> row{
        test.method, std::to_string(*std::min_element(test.stations.begin(), test.stations.end()))};
    for (std::size_t p = 0; p < smar_parameters; ++p)
      row.push_back(format_fixed(test.rmse[p], 4) + " (" + format_signed(test.bias[p], 2) + ")");
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::vector<double> values_of(const RegionalisationOutcome& o, const std::string& method,
                              const stats::MetricValue stats::Metrics::*metric) {
  std::vector<double> values;
  for (const study::MoistureScore& score : o.moisture)
    if (score.method == method && score.metrics.status == stats::MetricStatus::ok)
      values.push_back((score.metrics.*metric).value);
  return values;
}

std::vector<std::string> moisture_methods(const RegionalisationOutcome& o) {
  std::vector<std::string> methods{"calibrated"};
  for (const TransferTest& test : o.result.tests) methods.push_back(test.method);
  return methods;
}

ReportTable moisture_table(const RegionalisationOutcome& o) {
  ReportTable table;
  table.title = "Root-zone moisture at stations left out";
  table.caption =
      "SMAR run with the station's own surface moisture and the parameters predicted without it, validation "
      "period, m³ m⁻³; “calibrated” is its own calibration, the best there can be. Better: stations where "
      "the "
      "RMSE is smaller than that of the global median.";
  table.columns = {"Method",        "Stations", "Median RMSE", "Mean RMSE", "Median ubRMSE",
                   "Median |bias|", "Median r", "Median NSE",  "Better"};
  const auto median = [](std::vector<double> values) {
    return stats::quantile(std::span<const double>(values), 0.5);
  };
  for (const std::string& method : moisture_methods(o)) {
    std::vector<double> rmse = values_of(o, method, &stats::Metrics::rmse);
    std::vector<double> bias = values_of(o, method, &stats::Metrics::bias);
    for (double& value : bias) value = std::abs(value);
    const auto compared = study::compare_methods(o.moisture, method, "global_median");
    table.rows.push_back({method, std::to_string(rmse.size()), format_fixed(median(rmse), 4),
                          format_fixed(compared.mean_rmse, 4),
                          format_fixed(median(values_of(o, method, &stats::Metrics::ubrmse)), 4),
                          format_fixed(median(bias), 4),
                          format_fixed(median(values_of(o, method, &stats::Metrics::pearson_r)), 3),
                          format_fixed(median(values_of(o, method, &stats::Metrics::nse)), 2),
                          method == "global_median" ? "–"
                                                    : std::to_string(compared.better) + " of " +
                                                          std::to_string(compared.stations)});
  }
  return table;
}

ReportTable station_table(const RegionalisationOutcome& o) {
  ReportTable table;
  table.title = "Each station left out";
  table.caption = "RMSE of root-zone moisture in the validation period, m³ m⁻³.";
  table.columns = {"Station"};
  const auto methods = moisture_methods(o);
  table.columns.insert(table.columns.end(), methods.begin(), methods.end());
  for (std::size_t s = 0; s < o.stations.size(); ++s) {
    std::vector<std::string> row{o.stations[s].name};
    for (const std::string& method : methods) {
      std::string text = "–";
      for (const study::MoistureScore& score : o.moisture)
        if (score.station == s && score.method == method) text = format_fixed(score.metrics.rmse.value, 4);
      row.push_back(text);
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// Predicted against calibrated, both for the chosen regression and the median.
ScatterChart parameter_chart(const RegionalisationOutcome& o, std::size_t p) {
  ScatterChart chart;
  chart.frame.title = smar_parameter_words[p];
  chart.frame.x_label = "calibrated";
  chart.frame.y_label = "predicted without the station";
  chart.frame.y_units = units[p];
  int colour = 0;
  for (const char* method : {"regression", "global_median"}) {
    const TransferTest& test = test_of(o, method);
    ScatterGroup group{method, {}, {}, colour++};
    for (std::size_t s = 0; s < o.stations.size(); ++s) {
      group.x.push_back(o.stations[s].parameters[p]);
      group.y.push_back(test.predicted[s][p]);
    }
    chart.groups.push_back(std::move(group));
  }
  chart.notes = {"RMSE " + format_number(test_of(o, "regression").rmse[p], 3),
                 "median " + format_number(test_of(o, "global_median").rmse[p], 3)};
  return chart;
}

ScatterChart moisture_chart(const RegionalisationOutcome& o) {
  ScatterChart chart;
  chart.frame.title = "RMSE at stations left out";
  chart.frame.x_label = "global median";
  chart.frame.y_label = "regression";
  chart.frame.y_units = "m3 m-3";
  ScatterGroup group{"stations", {}, {}, 0};
  for (const study::MoistureScore& one : o.moisture)
    for (const study::MoistureScore& other : o.moisture)
      if (one.station == other.station && one.method == "regression" && other.method == "global_median") {
        group.x.push_back(other.metrics.rmse.value);
        group.y.push_back(one.metrics.rmse.value);
      }
  chart.groups = {std::move(group)};
  chart.notes = {"below the line:", "regression is better"};
  return chart;
}

}  // namespace

std::vector<std::string> comparison_with_median(const RegionalisationOutcome& o) {
  std::vector<std::string> lines;
  const TransferTest& regression = test_of(o, "regression");
  const TransferTest& median = test_of(o, "global_median");
  for (std::size_t p = 0; p < smar_parameters; ++p)
    lines.push_back(std::string(smar_parameter_words[p]) +
                    (regression.stations[p] == 0
                         ? ": no prediction at stations left out"
                         : ": leave-one-station-out RMSE " + format_number(regression.rmse[p], 3) +
                               " by regression, " + format_number(median.rmse[p], 3) +
                               " by the global median: " + change(regression.rmse[p], median.rmse[p])));
  const auto moisture = study::compare_methods(o.moisture, "regression", "global_median");
  if (moisture.stations == 0) {
    lines.push_back("root-zone moisture: no station could be scored by both");
    return lines;
  }
  lines.push_back("root-zone moisture at stations left out: mean RMSE " +
                  format_fixed(moisture.mean_rmse, 4) + " by regression, " +
                  format_fixed(moisture.mean_rmse_against, 4) +
                  " m³ m⁻³ by the global median: " + change(moisture.mean_rmse, moisture.mean_rmse_against) +
                  "; median " + format_fixed(moisture.median_rmse, 4) + " and " +
                  format_fixed(moisture.median_rmse_against, 4) + "; better at " +
                  std::to_string(moisture.better) + " of " + std::to_string(moisture.stations) + " stations");
  if (const auto worse = stations_where_worse(o, "regression", "global_median"); !worse.empty())
    lines.push_back("the global median is as good or better at: " + listed(worse));
  if (const auto without = stations_without(o, "regression", "global_median"); !without.empty())
    lines.push_back("no moisture by regression at: " + listed(without) +
                    " (b reaches 1, where SMAR does not apply, or a quantity without an equation)");
  return lines;
}

std::string regionalisation_report(const RegionalisationOutcome& o) {
  ReportData data;
  data.title =
      (o.configuration->title.empty() ? o.configuration->name : o.configuration->title) + ": regionalisation";
  data.pipeline_name = o.configuration->name;
  data.program_version = program_version();
  data.first_date = core::iso_date(o.configuration->time.first());
  data.last_date = core::iso_date(o.configuration->time.last());
  data.calendar = o.configuration->time.calendar();
  data.crs_name = "stations";
  data.warnings = o.warnings;
  ReportSection against;
  against.title = "Regression against the global median";
  against.paragraphs = comparison_with_median(o);
  against.tables = {parameter_table(o), moisture_table(o), station_table(o)};
  against.charts.emplace_back(moisture_chart(o));
  for (std::size_t p = 0; p < smar_parameters; ++p) against.charts.emplace_back(parameter_chart(o, p));
  ReportSection equations;
  equations.title = "Equations";
  equations.paragraphs = {
      "Root zone " + o.calibration.root_zone + " cm, covariates " + o.calibration.covariates + ", scheme " +
      o.calibration.scheme + "; " + std::to_string(o.stations.size()) + " stations, " +
      std::to_string(o.setup->predictors.size()) + " predictors. “regression”, which the map uses, is form " +
      std::string(study::name_of(o.setup->options.form)) + ", choice " +
      std::string(study::name_of(o.setup->options.choice)) + "; the paper's decisions are “" +
      method_of(o, study::RegressionForm::parameters, study::ModelChoice::paper) + "”."};
  equations.tables.push_back(choices_table(o));
  for (const auto form : {study::RegressionForm::parameters, study::RegressionForm::balanced})
    for (std::size_t q = 0; q < smar_parameters; ++q) equations.tables.push_back(equation_table(o, form, q));
  data.sections = {std::move(against), std::move(equations)};
  data.provenance = {{"Program", "rootzone " + program_version()}, {"Command", o.command_line}};
  return render_report(data, io::encode_indexed_png);
}

}  // namespace rootzone::pipeline
