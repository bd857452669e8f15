#include <cmath>
#include <map>

#include "result_table.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/pipeline/pedotransfer_commands.hpp"
#include "rootzone/soil/pedotransfer.hpp"
#include "rootzone/study/retention_fit.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;

std::vector<soil::PedotransferFunction> functions_of(const std::vector<std::string>& names) {
  std::vector<soil::PedotransferFunction> functions;
  for (const std::string& name : names) functions.push_back(soil::parse_pedotransfer_function(name));
  if (functions.empty())
    for (const soil::PedotransferInfo& info : soil::pedotransfer_functions())
      functions.push_back(info.function);
  return functions;
}

/// Fractions that no soil has would leave every function without a result.
void require_texture(const PedotransferSiteRequest& request) {
  const double sand = request.sand_percent, silt = request.silt_percent, clay = request.clay_percent;
  const auto number = [](double value) { return io::shortest_number(value); };
  if (std::isnan(silt) && sand + clay > 100.0)
    throw Error(ErrorKind::usage, "sand and clay must not exceed 100 % together, found " + number(sand) +
                                      " + " + number(clay) + " = " + number(sand + clay));
  const double sum = sand + silt + clay;
  if (std::abs(sum - 100.0) > soil::texture_sum_tolerance_percent)
    throw Error(ErrorKind::usage, "sand, silt and clay must add up to 100 %, found " + number(sand) + " + " +
                                      number(silt) + " + " + number(clay) + " = " + number(sum));
}

soil::SoilSample sample_of(const PedotransferSiteRequest& request) {
  if (std::isnan(request.sand_percent) || std::isnan(request.clay_percent))
    throw Error(
        ErrorKind::usage,
        "give the soil's texture with --sand and --clay (percent), or measured points with --fit FILE");
  require_texture(request);
  soil::SoilSample sample;
  sample.sand_percent = request.sand_percent;
  sample.clay_percent = request.clay_percent;
  sample.silt_percent = std::isnan(request.silt_percent) ? 100.0 - request.sand_percent - request.clay_percent
                                                         : request.silt_percent;
  sample.bulk_density_g_per_cm3 = request.bulk_density_g_cm3;
  sample.organic_carbon_percent = request.organic_carbon_percent;
  sample.topsoil = !request.subsoil;
  return sample;
}

std::vector<ResultTable::Value> row_of(const std::string& name,
                                       const std::array<double, soil::soil_property_count>& values,
                                       bool outside, std::string dropped) {
  std::vector<ResultTable::Value> row{name};
  for (double value : values) row.emplace_back(value);
  row.emplace_back(outside);
  row.emplace_back(std::move(dropped));
  return row;
}

struct Curve {
  std::vector<double> suction_cm;
  std::vector<double> water_content;
};

std::map<std::string, Curve> read_curves(const std::filesystem::path& file) {
  const io::CsvTable table = io::CsvTable::read(file);
  const auto in_cm = table.find_column("suction_cm");
  const auto in_kpa = table.find_column("suction_kpa");
  if (in_cm.has_value() == in_kpa.has_value())
    throw Error(ErrorKind::data,
                file.string() +
                    ": expected one column of suctions, suction_cm or suction_kpa (positive), beside "
                    "water_content (m3 m-3)");
  const std::size_t suction = in_cm ? *in_cm : *in_kpa;
  const double factor = in_cm ? 1.0 : soil::head_cm_per_kpa;
  const std::size_t water = table.column("water_content");
  const auto sample = table.find_column("sample");
  std::map<std::string, Curve> curves;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    Curve& curve = curves[sample ? table.text(row, *sample) : ""];
    curve.suction_cm.push_back(factor * table.number(row, suction));
    curve.water_content.push_back(table.number(row, water));
  }
  if (curves.empty())
    throw Error(ErrorKind::data, file.string() + ": no point to fit; expected rows below the header");
  return curves;
}

std::vector<study::RetentionModel> models_of(const std::vector<std::string>& names) {
  std::vector<study::RetentionModel> models;
  for (const std::string& name : names) models.push_back(study::parse_retention_model(name));
  if (models.empty())
    models = {study::RetentionModel::van_genuchten, study::RetentionModel::fredlund_xing,
              study::RetentionModel::brooks_corey};
  return models;
}

std::vector<ResultTable::Value> row_of(const std::string& sample, const study::RetentionFit& fit) {
  std::string bounds;
  for (const std::string& name : fit.at_bound) bounds += (bounds.empty() ? "" : " ") + name;
  return {sample,
          std::string(study::name_of(fit.model)),
          static_cast<double>(fit.points),
          fit.residual_water_content,
          fit.saturated_water_content,
          fit.alpha_per_cm,
          fit.n,
          fit.m,
          fit.rmse,
          bounds};
}

}  // namespace

void estimate_site_soil(const PedotransferSiteRequest& request, std::ostream& out) {
  const soil::SoilSample sample = sample_of(request);
  ResultTable table;
  table.columns = {"function"};
  for (const soil::SoilPropertyInfo& property : soil::soil_properties())
    table.columns.emplace_back(property.name);
  table.columns.insert(table.columns.end(), {"outside_validity", "dropped"});
  std::vector<soil::SoilEstimate> estimates;
  for (const soil::PedotransferFunction function : functions_of(request.functions)) {
    estimates.push_back(soil::estimate_soil(function, sample));
    const soil::SoilEstimate& estimate = estimates.back();
    const bool used = estimate.rejection == soil::Rejection::none;
    table.rows.push_back(row_of(std::string(soil::info_of(function).name), estimate.values,
                                estimate.outside_validity,
                                used ? "" : std::string(soil::describe(estimate.rejection))));
  }
  const soil::SoilEnsemble ensemble = soil::combine(estimates);
  table.rows.push_back(row_of("median", ensemble.median, ensemble.outside_validity, ""));
  table.rows.push_back(
      row_of("standard_deviation", ensemble.standard_deviation, ensemble.outside_validity, ""));
  write_table(table, request.format, request.out, out);
}

void fit_site_retention(const RetentionFitRequest& request, std::ostream& out) {
  ResultTable table;
  table.columns = {
      "sample", "model", "points",  "residual_water_content", "saturated_water_content", "alpha_per_cm", "n",
      "m",      "rmse",  "at_bound"};
  const auto models = models_of(request.models);
  for (const auto& [name, curve] : read_curves(request.points))
    for (const study::RetentionModel model : models) {
      try {
        table.rows.push_back(
            row_of(name, study::fit_retention(model, curve.suction_cm, curve.water_content)));
      } catch (Error& error) {
        error.add_context(request.points.string() + (name.empty() ? "" : ", sample " + name));
        throw;
      }
    }
  write_table(table, request.format, request.out, out);
}

}  // namespace rootzone::pipeline
