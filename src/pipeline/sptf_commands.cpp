#include "rootzone/pipeline/sptf_commands.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <ostream>

#include "rootzone/core/error.hpp"
#include "rootzone/io/network_file.hpp"
#include "rootzone/io/series_csv.hpp"
#include "sptf_variables.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;
using nlohmann::ordered_json;

/// Column of the series CSV for a series that networks read. Where the land's own temperature is not at hand
/// that of the air does: it decides only whether the ground is frozen.
struct Column {
  const char* variable;
  const char* column;
  const char* instead;
};
constexpr std::array<Column, 5> columns{
    {{"surface_soil_moisture", "surface_soil_moisture", nullptr},
     {"precipitation", "precipitation_mm", nullptr},
     {"potential_evapotranspiration", "potential_evapotranspiration_mm", nullptr},
     {"land_surface_temperature", "land_surface_temperature_c", "air_temperature_c"},
     {"leaf_area_index", "leaf_area_index", nullptr}}};

std::string column_of(const io::SeriesTable& table, const std::string& variable) {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const Column& column) { return variable == column.variable; });
  if (found->instead != nullptr && !table.has(found->column) && table.has(found->instead))
    return found->instead;
  return found->column;
}

core::Date date_of(const std::string& text, const core::Date& otherwise, const char* option) {
  if (text.empty()) return otherwise;
  const auto date = core::parse_iso_date(text);
  if (!date)
    throw Error(ErrorKind::usage, std::string(option) + ": expected a date YYYY-MM-DD, found '" + text + "'");
  return *date;
}

core::TimeAxis days_of(const SptfPredictRequest& request, const io::SeriesTable& table) {
  if (table.dates.empty()) throw Error(ErrorKind::data, request.series.string() + ": holds no days");
  const core::Date first = date_of(request.first_day, table.dates.front(), "--start");
  const core::Date last = date_of(request.last_day, table.dates.back(), "--end");
  if (first < table.dates.front() || table.dates.back() < last || last < first)
    throw Error(ErrorKind::usage, "--start and --end: expected days within " +
                                      core::iso_date(table.dates.front()) + " … " +
                                      core::iso_date(table.dates.back()) + " (" + request.series.string() +
                                      "), found " + core::iso_date(first) + " … " + core::iso_date(last));
  return core::TimeAxis(first, last);
}

void check_soil(const SptfPredictRequest& request) {
  const double sum = request.sand + request.silt + request.clay;
  const bool positive = request.sand >= 0.0 && request.silt >= 0.0 && request.clay >= 0.0;
  if (!positive || !(std::abs(sum - 1.0) <= 0.02))
    throw Error(ErrorKind::usage,
                "--sand, --silt and --clay: expected fractions that sum to 1, found a sum of " +
                    nlohmann::json(sum).dump() + (sum > 50.0 ? "; per cent must be divided by 100" : ""));
  if (!(request.bulk_density_g_cm3 > 0.2 && request.bulk_density_g_cm3 < 2.65))
    throw Error(ErrorKind::usage, "--bulk-density: expected 0.2 to 2.65 g/cm3, found " +
                                      nlohmann::json(request.bulk_density_g_cm3).dump());
}

double constant_of(const SptfPredictRequest& request, const std::string& name) {
  if (name == "sand") return request.sand;
  if (name == "silt") return request.silt;
  return name == "clay" ? request.clay : request.bulk_density_g_cm3;
}

sptf::SoilEstimate estimate(const SptfPredictRequest& request, const sptf::Network& network,
                            const io::SeriesTable& table, const core::TimeAxis& days, ordered_json& read) {
  std::vector<std::vector<float>> series;
  for (const std::string& variable : sptf::Predictor::daily_variables(network)) {
    const std::string column = column_of(table, variable);
    const std::vector<double> values = io::series_on_axis(table, column, days);
    series.emplace_back(values.begin(), values.end());
    read[variable] = column;
  }
  std::vector<double> constants;
  for (const std::string& name : sptf::Predictor::constant_variables(network))
    constants.push_back(constant_of(request, name));
  sptf::Predictor predictor(network, sptf::instruction_set(request.instruction_set), days.count(), 1);
  const std::vector<std::span<const float>> views(series.begin(), series.end());
  predictor.set(0, views, constants);
  return predictor.run(1).front();
}

/// Seven digits are what float32 carries.
ordered_json number(double value) {
  if (!std::isfinite(value)) return nullptr;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.7g", value);
  return ordered_json::parse(text.data());
}

}  // namespace

void import_sptf(const SptfImportRequest& request, std::ostream& out) {
  io::NetworkImport settings;
  settings.model = sptf::hydraulic_model(request.model);
  if (request.aggregation != "mean" && request.aggregation != "last")
    throw Error(ErrorKind::usage,
                "--aggregation: expected mean or last, found '" + request.aggregation + "'");
  settings.aggregation = request.aggregation == "mean" ? sptf::Aggregation::mean : sptf::Aggregation::last;
  settings.gates = request.gates;
  settings.inputs = request.inputs;
  settings.outputs = request.outputs;
  settings.title = request.title;
  settings.training = request.training;
  settings.data = request.data;
  const sptf::Network network = io::import_network(request.matrices, settings);
  io::write_network(request.out, network);
  const sptf::LstmShape& shape = network.weights.shape;
  out << request.out.string() << ": " << shape.hidden << " hidden units, " << shape.daily_inputs
      << " daily and " << shape.constant_inputs << " constant inputs, " << shape.outputs << " outputs for "
      << sptf::name_of(network.model) << '\n';
}

void predict_sptf(const SptfPredictRequest& request, std::ostream& out) {
  check_soil(request);
  const std::filesystem::path weights = sptf_weights_file(request.weights);
  const sptf::Network network = io::read_network(weights);
  const io::SeriesTable table = io::read_series_csv(request.series);
  const core::TimeAxis days = days_of(request, table);
  ordered_json read = ordered_json::object();
  const sptf::SoilEstimate soil = estimate(request, network, table, days, read);
  const bool enough = soil.observed_days >= std::max<std::int64_t>(1, request.minimum_days);
  ordered_json parameters = ordered_json::object(), units = ordered_json::object();
  for (const SptfVariable& variable : sptf_variables(network.model)) {
    parameters[variable.name] = enough ? number(variable.value(soil)) : ordered_json(nullptr);
    units[variable.name] = variable.units;
  }
  const ordered_json result{{"weights", request.weights},
                            {"hydraulic_model", sptf::name_of(network.model)},
                            {"first_day", core::iso_date(days.first())},
                            {"last_day", core::iso_date(days.last())},
                            {"columns", read},
                            {"observed_days", soil.observed_days},
                            {"few_observed_days", soil.observed_days < few_observed_days},
                            {"parameters", parameters},
                            {"units", units}};
  out << result.dump(2) << '\n';
}

}  // namespace rootzone::pipeline
