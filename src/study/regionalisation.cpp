#include "rootzone/study/regionalisation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "rootzone/core/error.hpp"
#include "rootzone/moisture/smar_parameters.hpp"

namespace rootzone::study {
namespace {

using core::Error;
using core::ErrorKind;
using Columns = std::vector<stats::PredictorColumn>;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

Columns columns_of(std::span<const RegionalStation> stations, std::span<const std::string> names,
                   std::size_t without) {
  Columns columns;
  for (std::size_t i = 0; i < names.size(); ++i) {
    columns.push_back({names[i], {}});
    for (std::size_t s = 0; s < stations.size(); ++s)
      if (s != without) columns.back().values.push_back(stations[s].predictors[i]);
  }
  return columns;
}

std::vector<double> values_of(std::span<const RegionalStation> stations, RegressionForm form,
                              std::size_t quantity, std::size_t without) {
  std::vector<double> values;
  for (std::size_t s = 0; s < stations.size(); ++s)
    if (s != without) values.push_back(to_form(form, stations[s].parameters)[quantity]);
  return values;
}

std::vector<SitePlace> places_of(std::span<const RegionalStation> stations, std::size_t without) {
  std::vector<SitePlace> places;
  for (std::size_t s = 0; s < stations.size(); ++s)
    if (s != without) places.push_back(stations[s].place);
  return places;
}

std::optional<stats::LinearRegression> fit_subset(const Columns& columns, std::span<const double> response,
                                                  const stats::SubsetSearch& search,
                                                  const std::optional<std::size_t>& model) {
  if (!model) return std::nullopt;
  Columns chosen;
  for (const std::size_t i : search.models[*model].predictors) chosen.push_back(columns[i]);
  return stats::fit_linear_regression(chosen, response).model;
}

std::string short_p(double p) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3g", p);
  return text.data();
}

std::string refusal_of(const stats::SubsetSearch& search, const RegionalisationOptions& options) {
  if (!search.problem.empty()) return search.problem;
  if (search.models.empty()) return "every subset of the predictors is collinear";
  if (search.significant == 0)
    return "none of " + std::to_string(search.models.size()) + " subsets is significant; the smallest p is " +
           short_p(search.best_p) + ", expected below " + short_p(options.subsets.significance);
  if (options.choice == ModelChoice::cross_validated && !search.cross_validated)
    return "every significant subset has a variance inflation above " +
           short_p(options.subsets.most_variance_inflation) + ", or a station that alone sets a coefficient";
  return "";
}

double median_of(const std::vector<double>& values) {
  return transfer(TransferMethod::global_median, {}, values, {});
}

/// A way to regress: what is regressed, and which subset is taken.
struct Way {
  std::string method;
  RegressionForm form;
  ModelChoice choice;
};

std::vector<Way> ways_of(const RegionalisationOptions& options) {
  std::vector<Way> ways{{"regression", options.form, options.choice}};
  for (const RegressionForm form : {RegressionForm::parameters, RegressionForm::balanced})
    for (const ModelChoice choice : {ModelChoice::paper, ModelChoice::cross_validated})
      if (form != options.form || choice != options.choice)
        ways.push_back(
            {"regression_" + std::string(name_of(form)) + "_" + std::string(name_of(choice)), form, choice});
  return ways;
}

/// One station left out: everything that is fitted anew without it.
class Fold {
 public:
  Fold(std::span<const RegionalStation> stations, std::span<const std::string> names, std::size_t station,
       const RegionalisationOptions& options)
      : m_stations(stations),
        m_station(station),
        m_options(options),
        m_columns(columns_of(stations, names, station)) {
    for (const RegressionForm form : {RegressionForm::parameters, RegressionForm::balanced})
      for (std::size_t q = 0; q < smar_parameters; ++q)
        m_searches[static_cast<std::size_t>(form)][q] =
            stats::search_subsets(m_columns, values_of(stations, form, q, station), options.subsets);
  }

  SmarVector predict(const Way& way) const {
    SmarVector quantities{};
    for (std::size_t q = 0; q < smar_parameters; ++q) quantities[q] = predict(way, q);
    SmarVector parameters = from_form(way.form, quantities);
    for (std::size_t p = 0; p < smar_parameters; ++p) parameters[p] = inside_smar_bounds(p, parameters[p]);
    return parameters;
  }

 private:
  double predict(const Way& way, std::size_t quantity) const {
    const std::vector<double> response = values_of(m_stations, way.form, quantity, m_station);
    const stats::SubsetSearch& search = m_searches[static_cast<std::size_t>(way.form)][quantity];
    const auto& index = way.choice == ModelChoice::paper ? search.paper : search.cross_validated;
    const auto model = fit_subset(m_columns, response, search, index);
    if (!model)
      return m_options.not_significant == NotSignificant::global_median ? median_of(response) : not_a_number;
    std::vector<double> x;
    for (const std::size_t i : search.models[*index].predictors)
      x.push_back(m_stations[m_station].predictors[i]);
    return model->predict(x);
  }

  std::span<const RegionalStation> m_stations;
  std::size_t m_station;
  const RegionalisationOptions& m_options;
  Columns m_columns;
  std::array<std::array<stats::SubsetSearch, smar_parameters>, 2> m_searches;
};

void score(std::span<const RegionalStation> stations, TransferTest& test) {
  SmarVector squares{}, sums{};
  int complete = 0;
  for (std::size_t s = 0; s < stations.size(); ++s) {
    SmarVector error{};
    for (std::size_t p = 0; p < smar_parameters; ++p) {
      error[p] = test.predicted[s][p] - stations[s].parameters[p];
      if (std::isnan(error[p])) continue;
      squares[p] += error[p] * error[p];
      sums[p] += error[p];
      ++test.stations[p];
    }
    if (std::any_of(error.begin(), error.end(), [](double e) { return std::isnan(e); })) continue;
    ++complete;
    for (std::size_t row = 0; row < smar_parameters; ++row)
      for (std::size_t col = 0; col < smar_parameters; ++col)
        test.error_covariance[row * smar_parameters + col] += error[row] * error[col];
  }
  for (std::size_t p = 0; p < smar_parameters; ++p) {
    test.rmse[p] = test.stations[p] > 0 ? std::sqrt(squares[p] / test.stations[p]) : not_a_number;
    test.bias[p] = test.stations[p] > 0 ? sums[p] / test.stations[p] : not_a_number;
  }
  if (complete > 0)
    for (double& value : test.error_covariance) value /= complete;
}

SmarMatrix residual_correlation_of(const Equations& equations, ModelChoice choice) {
  SmarMatrix correlation{};
  const auto residuals = [&](std::size_t q) -> std::span<const double> {
    const auto& model = equations[q].model(choice);
    return model ? std::span<const double>(model->residuals) : std::span<const double>();
  };
  const auto product = [&](std::size_t a, std::size_t b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < std::min(residuals(a).size(), residuals(b).size()); ++i)
      sum += residuals(a)[i] * residuals(b)[i];
    return sum;
  };
  for (std::size_t row = 0; row < smar_parameters; ++row)
    for (std::size_t col = 0; col < smar_parameters; ++col) {
      const double length = std::sqrt(product(row, row) * product(col, col));
      correlation[row * smar_parameters + col] =
          row == col ? 1.0 : (length > 0.0 ? product(row, col) / length : 0.0);
    }
  return correlation;
}

/// Mean of the covariances of the stations' repetitions, over those that have two or more; 0 without any.
SmarMatrix repetition_covariance_of(std::span<const RegionalStation> stations, RegressionForm form) {
  SmarMatrix mean_covariance{};
  const auto says = [](const RegionalStation& station) { return station.repetitions.size() >= 2; };
  const auto contributing = static_cast<double>(std::count_if(stations.begin(), stations.end(), says));
  for (const RegionalStation& station : stations) {
    const auto count = static_cast<double>(station.repetitions.size());
    if (!says(station)) continue;
    SmarVector mean{};
    for (const SmarVector& one : station.repetitions)
      for (std::size_t q = 0; q < smar_parameters; ++q) mean[q] += to_form(form, one)[q] / count;
    for (const SmarVector& one : station.repetitions) {
      const SmarVector quantities = to_form(form, one);
      for (std::size_t a = 0; a < smar_parameters; ++a)
        for (std::size_t b = 0; b < smar_parameters; ++b)
          mean_covariance[a * smar_parameters + b] +=
              (quantities[a] - mean[a]) * (quantities[b] - mean[b]) / (count - 1.0) / contributing;
    }
  }
  return mean_covariance;
}

void require_sound(std::span<const RegionalStation> stations, std::span<const std::string> names) {
  if (names.empty())
    throw Error(ErrorKind::usage, "[regionalisation] predictors: expected at least one static input");
  if (stations.size() < 3)
    throw Error(ErrorKind::data, "regionalisation needs at least 3 calibrated stations, found " +
                                     std::to_string(stations.size()));
  for (const RegionalStation& station : stations)
    if (station.predictors.size() != names.size())
      throw Error(ErrorKind::internal, "station '" + station.name + "' lacks predictors");
}

void regress(std::span<const RegionalStation> stations, std::span<const std::string> names,
             const RegionalisationOptions& options, Regionalisation& result) {
  const Columns columns = columns_of(stations, names, stations.size());
  for (const RegressionForm form : {RegressionForm::parameters, RegressionForm::balanced})
    for (std::size_t q = 0; q < smar_parameters; ++q) {
      QuantityRegression& quantity = result.forms[static_cast<std::size_t>(form)][q];
      const std::vector<double> response = values_of(stations, form, q, stations.size());
      quantity.search = stats::search_subsets(columns, response, options.subsets);
      quantity.refusal = refusal_of(quantity.search, options);
      quantity.paper = fit_subset(columns, response, quantity.search, quantity.search.paper);
      quantity.cross_validated =
          fit_subset(columns, response, quantity.search, quantity.search.cross_validated);
    }
  result.residual_correlation = residual_correlation_of(result.equations(options.form), options.choice);
  result.repetition_covariance = repetition_covariance_of(stations, options.form);
}

}  // namespace

std::string_view name_of(ModelChoice choice) {
  return choice == ModelChoice::paper ? "paper" : "cross_validated";
}

std::string_view name_of(RegressionForm form) {
  return form == RegressionForm::parameters ? "parameters" : "balanced";
}

const std::array<const char*, smar_parameters>& quantities_of(RegressionForm form) {
  static constexpr std::array<const char*, smar_parameters> balanced{"sw2", "sc1_minus_sw2", "ln_a",
                                                                     "ln_b_over_a"};
  return form == RegressionForm::parameters ? smar_parameter_words : balanced;
}

SmarVector to_form(RegressionForm form, const SmarVector& p) {
  if (form == RegressionForm::parameters) return p;
  return {p[0], p[1] - p[0], std::log(p[2]), std::log(p[3] / p[2])};
}

SmarVector from_form(RegressionForm form, const SmarVector& q) {
  if (form == RegressionForm::parameters) return q;
  return {q[0], q[0] + q[1], std::exp(q[2]), std::exp(q[2] + q[3])};
}

double inside_smar_bounds(std::size_t parameter, double value) {
  return std::clamp(value, parameter < 2 ? 0.0 : moisture::smar_smallest_rate, 1.0);
}

Regionalisation regionalise(std::span<const RegionalStation> stations,
                            std::span<const std::string> predictor_names,
                            const RegionalisationOptions& options, const core::ParallelFor& parallel_for) {
  require_sound(stations, predictor_names);
  Regionalisation result;
  regress(stations, predictor_names, options, result);
  const std::vector<Way> ways = ways_of(options);
  for (const Way& way : ways) result.tests.push_back({way.method, {}});
  for (const TransferMethod method : transfer_methods)
    if (method != TransferMethod::regression) result.tests.push_back({std::string(name_of(method)), {}});
  for (TransferTest& test : result.tests) test.predicted.resize(stations.size());
  parallel_for(static_cast<std::int64_t>(stations.size()), [&](std::int64_t index) {
    const auto station = static_cast<std::size_t>(index);
    const Fold fold(stations, predictor_names, station, options);
    for (std::size_t test = 0; test < ways.size(); ++test)
      result.tests[test].predicted[station] = fold.predict(ways[test]);
    const std::vector<SitePlace> places = places_of(stations, station);
    for (std::size_t test = ways.size(); test < result.tests.size(); ++test)
      for (std::size_t p = 0; p < smar_parameters; ++p)
        result.tests[test].predicted[station][p] =
            transfer(*parse_transfer_method(result.tests[test].method), places,
                     values_of(stations, RegressionForm::parameters, p, station), stations[station].place,
                     options.inverse_distance_power);
  });
  for (TransferTest& test : result.tests) score(stations, test);
  return result;
}

}  // namespace rootzone::study
