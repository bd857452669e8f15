#include <algorithm>
#include <cmath>

#include "regionalisation_outcome.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "toml_writer.hpp"

namespace rootzone::pipeline {
namespace {

using study::smar_parameter_words;
using study::smar_parameters;

/// "10-50" → {10, 50}; nothing for a name that is no pair of numbers.
std::vector<double> depths_of(const std::string& root_zone) {
  const auto dash = root_zone.find('-');
  if (dash == std::string::npos) return {};
  const auto top = io::parse_number(root_zone.substr(0, dash));
  const auto bottom = io::parse_number(root_zone.substr(dash + 1));
  if (!top || !bottom) return {};
  return {*top, *bottom};
}

void write_about(TomlWriter& toml, const RegionalisationOutcome& o) {
  const auto& options = o.setup->options;
  toml.comment(
          "SMAR parameters carried from stations to a grid, by `rootzone regionalise`; for the stage smar:")
      .comment(
          "parameters = \"…/regression.toml\", and regionalisation = \"…\" for another method than this one")
      .table("regression")
      .key("name", o.configuration->name)
      .key("source", "rootzone " + program_version() + ", " + std::to_string(o.stations.size()) +
                         " stations calibrated by pipeline " + o.configuration->name)
      .key("method", "regression")
      .key("scheme", o.calibration.scheme)
      .key("covariates", o.calibration.covariates)
      .key("root_zone_cm", depths_of(o.calibration.root_zone))
      .key("form", study::name_of(options.form))
      .key("choice", study::name_of(options.choice))
      .key("significance", options.subsets.significance)
      .key("fewest_predictors", static_cast<std::int64_t>(options.subsets.fewest_predictors))
      .key("most_predictors", static_cast<std::int64_t>(options.subsets.most_predictors))
      .key("most_variance_inflation", options.subsets.most_variance_inflation);
}

void write_predictors(TomlWriter& toml, const RegionalisationOutcome& o) {
  for (std::size_t p = 0; p < o.setup->predictors.size(); ++p) {
    double low = o.stations.front().predictors[p], high = low;
    for (const auto& station : o.stations) {
      low = std::min(low, station.predictors[p]);
      high = std::max(high, station.predictors[p]);
    }
    toml.table("predictors." + o.setup->predictors[p])
        .key("units", o.predictor_units[p])
        .key("range", std::vector<double>{low, high});
  }
}

void write_search(TomlWriter& toml, const study::QuantityRegression& parameter) {
  toml.key("subsets_tried", static_cast<std::int64_t>(parameter.search.models.size()))
      .key("subsets_significant", static_cast<std::int64_t>(parameter.search.significant))
      .key("subsets_collinear", static_cast<std::int64_t>(parameter.search.singular));
}

std::vector<std::string> names_of(const stats::LinearRegression& model) {
  std::vector<std::string> names;
  for (std::size_t i = 1; i < model.terms.size(); ++i) names.push_back(model.terms[i].name);
  return names;
}

void write_coefficients(TomlWriter& toml, const std::string& table, const stats::LinearRegression& model) {
  toml.table(table);
  for (std::size_t i = 1; i < model.terms.size(); ++i)
    toml.key(model.terms[i].name, model.terms[i].coefficient);
}

void write_scores(TomlWriter& toml, const stats::LinearRegression& model) {
  toml.key("r2", model.r2)
      .key("r2_adjusted", model.r2_adjusted)
      .key("f", model.f)
      .key("p", model.f_p)
      .key("rmse", model.rmse)
      .key("leave_one_out_rmse", model.leave_one_out_rmse);
}

void write_terms(TomlWriter& toml, const std::string& table, const stats::LinearRegression& model) {
  for (const stats::RegressionTerm& term : model.terms) {
    toml.array_table(table)
        .key("name", term.name)
        .key("coefficient", term.coefficient)
        .key("standard_error", term.standard_error)
        .key("t", term.t)
        .key("p", term.p);
    if (!std::isnan(term.variance_inflation)) toml.key("variance_inflation", term.variance_inflation);
  }
}

void write_model(TomlWriter& toml, const std::string& name, const study::QuantityRegression& parameter,
                 const stats::LinearRegression& model) {
  toml.table(name)
      .key("intercept", model.terms.front().coefficient)
      .key("order", names_of(model))
      .key("observations", model.observations)
      .key("residual_standard_deviation", model.residual_standard_deviation)
      .key("centre", model.centre)
      .key("unscaled_covariance", model.unscaled_covariance);
  write_scores(toml, model);
  write_search(toml, parameter);
  write_coefficients(toml, name + ".coefficients", model);
  write_terms(toml, name + ".terms", model);
}

/// A parameter without a significant equation: refused, or its median over the stations with the spread
/// around it.
void write_without_model(TomlWriter& toml, const std::string& name, std::size_t p,
                         const RegionalisationOutcome& o) {
  const study::RegressionForm form = o.setup->options.form;
  const study::QuantityRegression& parameter = o.result.equations(form)[p];
  toml.table(name);
  if (o.setup->options.not_significant == study::NotSignificant::refuse) {
    toml.key("refused", parameter.refusal);
    write_search(toml, parameter);
    return;
  }
  std::vector<double> values;
  for (const auto& station : o.stations) values.push_back(study::to_form(form, station.parameters)[p]);
  const double median = study::transfer(study::TransferMethod::global_median, {}, values, {});
  double squares = 0.0;
  for (const double value : values) squares += (value - median) * (value - median);
  const auto n = static_cast<double>(values.size());
  toml.key("intercept", median)
      .key("fallback", "global_median: " + parameter.refusal)
      .key("order", std::vector<std::string>{})
      .key("observations", static_cast<std::int64_t>(values.size()))
      .key("residual_standard_deviation", std::sqrt(squares / (n - 1.0)))
      .key("centre", std::vector<double>{})
      .key("unscaled_covariance", std::vector<double>{})
      .key("rmse", std::sqrt(squares / n));
  write_search(toml, parameter);
  toml.table(name + ".coefficients");
}

void write_parameters(TomlWriter& toml, const RegionalisationOutcome& o) {
  const auto& options = o.setup->options;
  for (std::size_t q = 0; q < smar_parameters; ++q) {
    const study::QuantityRegression& quantity = o.result.equations(options.form)[q];
    const std::string name = std::string("parameters.") + study::quantities_of(options.form)[q];
    if (const auto& model = quantity.model(options.choice))
      write_model(toml, name, quantity, *model);
    else
      write_without_model(toml, name, q, o);
  }
}

/// The equations that the settings did not choose, for comparison.
void write_other_choices(TomlWriter& toml, const RegionalisationOutcome& o) {
  for (const auto form : {study::RegressionForm::parameters, study::RegressionForm::balanced})
    for (const auto choice : {study::ModelChoice::paper, study::ModelChoice::cross_validated}) {
      if (form == o.setup->options.form && choice == o.setup->options.choice) continue;
      for (std::size_t q = 0; q < smar_parameters; ++q) {
        const auto& model = o.result.equations(form)[q].model(choice);
        if (!model) continue;
        const std::string name = "not_chosen." + std::string(study::name_of(form)) + "_" +
                                 std::string(study::name_of(choice)) + "." + study::quantities_of(form)[q];
        toml.table(name).key("intercept", model->terms.front().coefficient);
        write_scores(toml, *model);
        write_coefficients(toml, name + ".coefficients", *model);
      }
    }
}

std::vector<double> numbers(const study::SmarMatrix& matrix) {
  return {matrix.begin(), matrix.end()};
}

void write_uncertainty(TomlWriter& toml, const RegionalisationOutcome& o) {
  toml.table("uncertainty")
      .comment(
          "4 rows of sw2, sc1, a, b: of the equations' residuals; of the repetitions of the calibrations")
      .key("residual_correlation", numbers(o.result.residual_correlation))
      .key("repetition_covariance", numbers(o.result.repetition_covariance));
  for (const study::TransferTest& test : o.result.tests) {
    toml.table("methods." + test.method)
        .comment("leave one station out: errors of sw2, sc1, a, b")
        .key("rmse", std::vector<double>(test.rmse.begin(), test.rmse.end()))
        .key("bias", std::vector<double>(test.bias.begin(), test.bias.end()))
        .key("error_covariance", numbers(test.error_covariance));
    if (test.method == "inverse_distance") toml.key("power", o.setup->options.inverse_distance_power);
  }
}

void write_stations(TomlWriter& toml, const RegionalisationOutcome& o) {
  for (std::size_t s = 0; s < o.stations.size(); ++s) {
    const study::RegionalStation& station = o.stations[s];
    toml.array_table("stations")
        .key("name", station.name)
        .key("latitude", station.place.latitude_deg)
        .key("longitude", station.place.longitude_deg);
    for (std::size_t p = 0; p < smar_parameters; ++p)
      toml.key(smar_parameter_words[p], station.parameters[p]);
    toml.key("repetitions", static_cast<std::int64_t>(station.repetitions.size()))
        .key("repetitions_at_bound", o.calibration.stations[s].at_bound)
        .key("predictors", station.predictors);
  }
}

}  // namespace

std::string regression_toml(const RegionalisationOutcome& outcome) {
  TomlWriter toml;
  write_about(toml, outcome);
  write_predictors(toml, outcome);
  write_parameters(toml, outcome);
  write_other_choices(toml, outcome);
  write_uncertainty(toml, outcome);
  write_stations(toml, outcome);
  return toml.text();
}

std::string leave_one_out_csv(const RegionalisationOutcome& o) {
  io::CsvWriter csv(
      std::vector<std::string>{"station", "method", "parameter", "calibrated", "predicted", "error"});
  for (std::size_t s = 0; s < o.stations.size(); ++s)
    for (const study::TransferTest& test : o.result.tests)
      for (std::size_t p = 0; p < smar_parameters; ++p) {
        csv.field(o.stations[s].name)
            .field(test.method)
            .field(std::string_view(smar_parameter_words[p]))
            .field(o.stations[s].parameters[p])
            .field(test.predicted[s][p])
            .field(test.predicted[s][p] - o.stations[s].parameters[p]);
        csv.end_row();
      }
  return csv.text();
}

std::string leave_one_out_moisture_csv(const RegionalisationOutcome& o) {
  io::CsvWriter csv(std::vector<std::string>{"station", "method", "n", "rmse", "rmse_low", "rmse_high",
                                             "bias", "ubrmse", "pearson_r", "pearson_r_low", "pearson_r_high",
                                             "nse"});
  for (const study::MoistureScore& score : o.moisture) {
    const stats::Metrics& m = score.metrics;
    csv.field(o.stations[score.station].name).field(score.method).field(m.n);
    for (const double value : {m.rmse.value, m.rmse.low, m.rmse.high, m.bias.value, m.ubrmse.value,
                               m.pearson_r.value, m.pearson_r.low, m.pearson_r.high, m.nse.value})
      csv.field(value);
    csv.end_row();
  }
  return csv.text();
}

namespace {

void add_models(const RegionalisationOutcome& o, study::RegressionForm form, std::size_t q,
                io::CsvWriter& csv) {
  const stats::SubsetSearch& search = o.result.equations(form)[q].search;
  for (std::size_t i = 0; i < search.models.size(); ++i) {
    const stats::SubsetModel& model = search.models[i];
    if (!(model.f_p < o.setup->options.subsets.significance)) continue;
    std::string names;
    for (const std::size_t k : model.predictors) names += (names.empty() ? "" : " ") + o.setup->predictors[k];
    std::string choice = search.paper == i ? "paper" : "";
    if (search.cross_validated == i) choice += choice.empty() ? "cross_validated" : " cross_validated";
    csv.field(study::name_of(form))
        .field(std::string_view(study::quantities_of(form)[q]))
        .field(names)
        .field(model.r2)
        .field(model.r2_adjusted)
        .field(model.f_p)
        .field(model.leave_one_out_rmse)
        .field(model.variance_inflation)
        .field(choice);
    csv.end_row();
  }
}

}  // namespace

std::string models_csv(const RegionalisationOutcome& o) {
  io::CsvWriter csv(std::vector<std::string>{"form", "quantity", "predictors", "r2", "r2_adjusted", "p",
                                             "leave_one_out_rmse", "variance_inflation", "choice"});
  for (const auto form : {study::RegressionForm::parameters, study::RegressionForm::balanced})
    for (std::size_t q = 0; q < smar_parameters; ++q) add_models(o, form, q, csv);
  return csv.text();
}

std::string station_table_csv(const RegionalisationOutcome& o) {
  std::vector<std::string> columns{"station", "latitude",    "longitude",           "sw2", "sc1", "a",
                                   "b",       "repetitions", "repetitions_at_bound"};
  columns.insert(columns.end(), o.setup->predictors.begin(), o.setup->predictors.end());
  io::CsvWriter csv(columns);
  for (std::size_t s = 0; s < o.stations.size(); ++s) {
    const study::RegionalStation& station = o.stations[s];
    csv.field(station.name).field(station.place.latitude_deg).field(station.place.longitude_deg);
    for (const double value : station.parameters) csv.field(value);
    csv.field(static_cast<std::int64_t>(station.repetitions.size()))
        .field(static_cast<std::int64_t>(o.calibration.stations[s].at_bound));
    for (const double value : station.predictors) csv.field(value);
    csv.end_row();
  }
  return csv.text();
}

}  // namespace rootzone::pipeline
