#include "uptake_folder.hpp"

#include <cmath>

#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "rootzone/pipeline/resolve.hpp"
#include "rootzone/pipeline/schema.hpp"
#include "uptake_soil.hpp"

namespace rootzone::pipeline {

using core::Error;
using core::ErrorKind;
using nlohmann::json;

json uptake_settings(const TableSpec& table, const UptakeRequest& request) {
  if (request.out.empty()) throw Error(ErrorKind::usage, "expected --out DIR, the folder for the results");
  if (request.file.empty()) return resolve_table(table, request.overrides);
  return resolve_table_file(table, request.file, request.overrides);
}

study::UptakeExperimentSettings experiment_settings(const json& settings) {
  study::UptakeExperimentSettings result;
  if (settings.contains("soil")) result.soil = uptake_soil(settings["soil"], "[soil]");
  const json& column = settings.at("column");
  result.depth_cm = column.at("depth").get<double>();
  result.cell_cm = column.at("cell").get<double>();
  result.step_minutes = column.at("step").get<double>();
  result.initial_water_content = column.at("initial_water_content").get<double>();
  result.wet_precipitation_mm_per_day = column.at("precipitation").get<double>();
  result.evaporation_mm_per_day = column.at("evaporation").get<double>();
  result.transpiration_mm_per_day = column.at("transpiration").get<double>();
  result.driest_head_cm = column.at("driest_head").get<double>();
  result.root_scale_cm = column.at("root_scale").get<double>();
  return result;
}

study::InversionErrors inversion_errors(const json& errors) {
  study::InversionErrors result;
  result.soil = errors.at("soil").get<double>();
  result.known_parameters = errors.at("known").get<std::vector<std::string>>();
  result.water_content = errors.at("water_content").get<double>();
  result.water_content_kind = errors.at("water_content_kind") == "absolute" ? study::WaterErrorKind::absolute
                                                                            : study::WaterErrorKind::relative;
  result.evaporation = errors.at("evaporation").get<double>();
  result.precipitation = errors.at("precipitation").get<double>();
  return result;
}

void write_uptake_folder(const UptakeRequest& request, const json& settings,
                         const std::vector<std::pair<std::string, std::string>>& files) {
  io::make_folder(request.out);
  for (const auto& [name, text] : files) io::write_file_atomically(request.out / name, text);
  const json record{{"program", "rootzone " + program_version()}, {"settings", settings}};
  io::write_file_atomically(request.out / "settings.json", record.dump(2) + "\n");
}

}  // namespace rootzone::pipeline
