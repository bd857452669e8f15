#include "smar_regression.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "rootzone/core/error.hpp"
#include "rootzone/io/projection.hpp"
#include "rootzone/moisture/smar_parameters.hpp"
#include "rootzone/pipeline/resolve.hpp"
#include "rootzone/study/regionalisation.hpp"
#include "shipped.hpp"
#include "smar_ensemble.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;
using nlohmann::json;
using study::TransferMethod;

constexpr std::size_t parameter_count = smar_parameter_names.size();
using Covariance = std::array<double, parameter_count * parameter_count>;

/// One predictor of a regression on the model grid, with the range it was fitted on.
struct Predictor {
  std::string name;
  PixelParameter values;
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

/// An equation with, where the file has it, what its prediction error needs.
struct Equation {
  double intercept = 0.0;
  std::vector<const Predictor*> terms;
  std::vector<double> coefficients;
  bool has_error = false;
  double residual_standard_deviation = 0.0;
  double observations = 0.0;
  std::vector<double> centre;               ///< mean of each term over the stations
  std::vector<double> unscaled_covariance;  ///< (ZᵀZ)⁻¹ of the centred terms, row by row
};

Predictor read_predictor(const std::string& name, const json& table, const json& settings,
                         StageContext& context) {
  const json& renamed = settings.at("predictors");
  const json source = renamed.contains(name) ? renamed.at(name) : json(name);
  const std::string units = table.value("units", "");
  Predictor predictor{name, context.parameter(source, units, "smar predictor '" + name + "'")};
  if (table.contains("range")) {
    predictor.low = table.at("range").at(0).get<double>();
    predictor.high = table.at("range").at(1).get<double>();
  }
  return predictor;
}

void check_file(const json& file, const json& settings, const std::string& path) {
  for (const char* key : {"regression", "predictors", "parameters"})
    if (!file.contains(key))
      throw Error(ErrorKind::usage,
                  path + ": not a regression file: expected a table [" + std::string(key) + "]");
  const auto stored = moisture::parse_smar_scheme(file.at("regression").value("scheme", "paper"));
  moisture::require_same_scheme(stored, moisture::parse_smar_scheme(settings.at("scheme").get<std::string>()),
                                path);
}

TransferMethod method_of(const json& file, const json& settings, const std::string& path) {
  const std::string word = settings.contains("regionalisation")
                               ? settings.at("regionalisation").get<std::string>()
                               : file.at("regression").value("method", "regression");
  const auto method = study::parse_transfer_method(word);
  if (!method)
    throw Error(ErrorKind::usage, path + ": [regression] method = \"" + word +
                                      "\": expected regression, nearest_station, inverse_distance or "
                                      "global_median");
  return *method;
}

study::RegressionForm form_of(const json& file, const std::string& path) {
  const std::string word = file.at("regression").value("form", "parameters");
  for (const auto form : {study::RegressionForm::parameters, study::RegressionForm::balanced})
    if (word == study::name_of(form)) return form;
  throw Error(ErrorKind::usage,
              path + ": [regression] form = \"" + word + "\": expected parameters or balanced");
}

Equation read_equation(const json& table, const char* parameter, const std::vector<Predictor>& predictors,
                       const std::string& path) {
  if (table.contains("refused"))
    throw Error(ErrorKind::data, path + ": SMAR's '" + parameter +
                                     "' has no equation: " + table.at("refused").get<std::string>() +
                                     "; set regionalisation = \"global_median\" for this stage, or "
                                     "not_significant in [regionalisation]");
  Equation equation;
  equation.intercept = table.at("intercept").get<double>();
  // The order of the covariance, where there is one; else by name.
  std::vector<std::string> order;
  if (table.contains("order"))
    order = table.at("order").get<std::vector<std::string>>();
  else
    for (const auto& [name, coefficient] : table.at("coefficients").items()) order.push_back(name);
  for (const std::string& name : order) {
    const auto found = std::find_if(predictors.begin(), predictors.end(),
                                    [&](const Predictor& one) { return one.name == name; });
    if (found == predictors.end())
      throw Error(ErrorKind::usage, path + ": '" + parameter + "' uses the predictor '" + name +
                                        "', which [predictors] does not list");
    equation.terms.push_back(&*found);
    equation.coefficients.push_back(table.at("coefficients").at(name).get<double>());
  }
  if (!table.contains("unscaled_covariance")) return equation;
  equation.has_error = true;
  equation.residual_standard_deviation = table.at("residual_standard_deviation").get<double>();
  equation.observations = table.at("observations").get<double>();
  equation.centre = table.at("centre").get<std::vector<double>>();
  equation.unscaled_covariance = table.at("unscaled_covariance").get<std::vector<double>>();
  if (equation.centre.size() != order.size() ||
      equation.unscaled_covariance.size() != order.size() * order.size())
    throw Error(ErrorKind::usage, path + ": [parameters." + parameter + "] expected " +
                                      std::to_string(order.size()) +
                                      " numbers in centre and their square in unscaled_covariance");
  return equation;
}

Covariance read_matrix(const json& numbers, const std::string& path, const char* key) {
  const auto values = numbers.get<std::vector<double>>();
  Covariance matrix{};
  if (values.size() != matrix.size())
    throw Error(ErrorKind::usage, path + ": " + key +
                                      ": expected 16 numbers, 4 rows of sw2, sc1, a, b; found " +
                                      std::to_string(values.size()));
  std::copy(values.begin(), values.end(), matrix.begin());
  return matrix;
}

/// Value at the terms' values x and, if the equation has its covariance, the standard error of a new
/// observation there (as stats::LinearRegression has it).
struct Prediction {
  double value;
  double standard_error;
};
Prediction predict(const Equation& equation, std::span<const double> x) {
  Prediction prediction{equation.intercept, 0.0};
  for (std::size_t i = 0; i < x.size(); ++i) prediction.value += equation.coefficients[i] * x[i];
  if (!equation.has_error) return prediction;
  double distance = 0.0;
  for (std::size_t row = 0; row < x.size(); ++row)
    for (std::size_t col = 0; col < x.size(); ++col)
      distance += (x[row] - equation.centre[row]) * equation.unscaled_covariance[row * x.size() + col] *
                  (x[col] - equation.centre[col]);
  prediction.standard_error =
      equation.residual_standard_deviation * std::sqrt(1.0 + 1.0 / equation.observations + distance);
  return prediction;
}

/// What [uncertainty] says beside the equations.
struct Uncertainty {
  Covariance residual_correlation{};
  Covariance repetition_covariance{};
};

std::array<float, smar_factor_size> factor_of(const std::array<double, parameter_count>& errors,
                                              const Uncertainty& uncertainty) {
  Covariance covariance{};
  for (std::size_t row = 0; row < parameter_count; ++row)
    for (std::size_t col = 0; col < parameter_count; ++col) {
      const std::size_t i = row * parameter_count + col;
      covariance[i] = errors[row] * errors[col] * uncertainty.residual_correlation[i] +
                      uncertainty.repetition_covariance[i];
    }
  return smar_covariance_factor(covariance);
}

/// A file lists all predictors that were tried; only those in an equation are needed as inputs.
bool is_used(const json& file, const std::string& predictor) {
  for (const auto& [name, table] : file.at("parameters").items())
    if (table.contains("coefficients") && table.at("coefficients").contains(predictor)) return true;
  return false;
}

void by_regression(const json& file, const json& settings, const std::string& path, StageContext& context,
                   SmarLayers& layers) {
  std::vector<Predictor> predictors;
  for (const auto& [name, table] : file.at("predictors").items())
    if (is_used(file, name)) predictors.push_back(read_predictor(name, table, settings, context));
  const study::RegressionForm form = form_of(file, path);
  std::vector<Equation> equations;
  bool with_error = file.contains("uncertainty") && settings.value("ensemble", 1) != 0;
  for (const char* name : study::quantities_of(form)) {
    if (!file.at("parameters").contains(name))
      throw Error(ErrorKind::usage, path + ": has no equation for '" + name + "'; the form \"" +
                                        std::string(study::name_of(form)) + "\" needs four");
    equations.push_back(read_equation(file.at("parameters").at(name), name, predictors, path));
    with_error = with_error && equations.back().has_error;
  }
  Uncertainty uncertainty;
  if (with_error) {
    const json& table = file.at("uncertainty");
    uncertainty.residual_correlation =
        read_matrix(table.at("residual_correlation"), path, "residual_correlation");
    uncertainty.repetition_covariance =
        read_matrix(table.at("repetition_covariance"), path, "repetition_covariance");
    layers.balanced_error = form == study::RegressionForm::balanced;
    layers.covariance_factor.reserve(layers.sw2.size() * smar_factor_size);
  }
  layers.extrapolated.resize(layers.sw2.size());
  const auto targets = layers.columns();
  std::vector<double> x;
  study::SmarVector quantities{}, errors{};
  for (std::size_t i = 0; i < layers.sw2.size(); ++i) {
    for (std::size_t p = 0; p < parameter_count; ++p) {
      const Equation& equation = equations[p];
      x.resize(equation.terms.size());
      for (std::size_t term = 0; term < equation.terms.size(); ++term) {
        const Predictor& predictor = *equation.terms[term];
        x[term] = predictor.values.at(static_cast<std::int64_t>(i));
        if (x[term] < predictor.low || x[term] > predictor.high) layers.extrapolated[i] = 1;
      }
      const Prediction prediction = predict(equation, x);
      quantities[p] = prediction.value;
      errors[p] = prediction.standard_error;
    }
    const study::SmarVector parameters = study::from_form(form, quantities);
    for (std::size_t p = 0; p < parameter_count; ++p) (*targets[p])[i] = static_cast<float>(parameters[p]);
    if (!with_error) continue;
    const auto factor = factor_of(errors, uncertainty);
    layers.covariance_factor.insert(layers.covariance_factor.end(), factor.begin(), factor.end());
  }
}

/// The station table of a regression file.
struct StationTable {
  std::vector<study::SitePlace> places;
  std::array<std::vector<double>, parameter_count> values;
};

StationTable read_stations(const json& file, const std::string& path, TransferMethod method) {
  if (!file.contains("stations") || file.at("stations").empty())
    throw Error(ErrorKind::usage, path + ": regionalisation = \"" + std::string(study::name_of(method)) +
                                      "\" needs the table [[stations]], which this file does not have");
  StationTable table;
  for (const json& station : file.at("stations")) {
    table.places.push_back({station.at("latitude").get<double>(), station.at("longitude").get<double>()});
    for (std::size_t p = 0; p < parameter_count; ++p)
      table.values[p].push_back(station.at(smar_parameter_names[p]).get<double>());
  }
  return table;
}

std::vector<study::SitePlace> cell_centres(const core::Grid& grid, const std::string& path) {
  if (grid.crs_wkt().empty())
    throw Error(ErrorKind::usage,
                path +
                    ": distances to stations need a model grid with a CRS; use the regression or "
                    "global_median");
  std::vector<double> x, y;
  for (std::int64_t row = 0; row < grid.rows(); ++row)
    for (std::int64_t col = 0; col < grid.cols(); ++col) {
      x.push_back(grid.x_centre(col));
      y.push_back(grid.y_centre(row));
    }
  io::project_points(grid.crs_wkt(), "EPSG:4326", x, y);
  std::vector<study::SitePlace> places;
  for (std::size_t i = 0; i < x.size(); ++i) places.push_back({y[i], x[i]});
  return places;
}

void from_stations(const json& file, const json& settings, const std::string& path, TransferMethod method,
                   StageContext& context, SmarLayers& layers) {
  const StationTable stations = read_stations(file, path, method);
  const json methods = file.value("methods", json::object()).value(study::name_of(method), json::object());
  const double power = methods.value("power", 2.0);
  const auto targets = layers.columns();
  if (method == TransferMethod::global_median) {
    for (std::size_t p = 0; p < parameter_count; ++p)
      std::fill(targets[p]->begin(), targets[p]->end(),
                static_cast<float>(study::transfer(method, stations.places, stations.values[p], {})));
  } else {
    const auto places = cell_centres(context.grid(), path);
    for (std::size_t i = 0; i < places.size(); ++i) {
      const auto weights = study::station_weights(method, stations.places, places[i], power);
      for (std::size_t p = 0; p < parameter_count; ++p) {
        double sum = 0.0;
        for (std::size_t s = 0; s < weights.size(); ++s) sum += weights[s] * stations.values[p][s];
        (*targets[p])[i] = static_cast<float>(sum);
      }
    }
  }
  if (!methods.contains("error_covariance") || settings.value("ensemble", 1) == 0) return;
  const auto factor =
      smar_covariance_factor(read_matrix(methods.at("error_covariance"), path, "error_covariance"));
  for (std::size_t i = 0; i < layers.sw2.size(); ++i)
    layers.covariance_factor.insert(layers.covariance_factor.end(), factor.begin(), factor.end());
}

}  // namespace

SmarLayers smar_regression_layers(const json& settings, StageContext& context) {
  const auto path = shipped_file(settings.at("parameters").get<std::string>(), "regionalisation", ".toml");
  const json file = read_toml(path);
  check_file(file, settings, path.string());
  context.note_file("smar parameters", path);
  const TransferMethod method = method_of(file, settings, path.string());
  SmarLayers layers;
  layers.resize(context.grid().cells());
  if (method == TransferMethod::regression)
    by_regression(file, settings, path.string(), context, layers);
  else
    from_stations(file, settings, path.string(), method, context, layers);
  layers.notes.push_back("SMAR parameters from " +
                         file.at("regression").value("name", path.filename().string()) + " by " +
                         std::string(study::name_of(method)) + " (" +
                         file.at("regression").value("source", "no source given") + ")");
  return layers;
}

}  // namespace rootzone::pipeline
