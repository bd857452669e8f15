#include <iostream>
#include <memory>

#include "command.hpp"
#include "rootzone/pipeline/sptf_commands.hpp"

namespace rootzone::app {
namespace {

void add_import(Commands& commands, CLI::App& sptf) {
  const auto request = std::make_shared<pipeline::SptfImportRequest>();
  CLI::App& command =
      commands.add_to(sptf, "import", "make a weights file from a network's plain matrices",
                      [request](const Common&) { pipeline::import_sptf(*request, std::cout); });
  command.add_option("matrices", request->matrices, "NetCDF file, or folder of CSV files")->required();
  command.add_option("--out,-o", request->out, "the weights file to write")->required();
  command.add_option("--model", request->model, "hydraulic model of the outputs: vgm or fxw; default vgm");
  command.add_option("--aggregation", request->aggregation,
                     "of the days' outputs: mean or last; default mean");
  command.add_option("--gates", request->gates, "order of the gates in the rows; default ifgo");
  command.add_option("--inputs", request->inputs, "CSV of the inputs: name,units,kind,offset,scale");
  command.add_option("--outputs", request->outputs,
                     "CSV of the outputs: name,units,scale,at_zero,at_one,raised_by");
  command.add_option("--title", request->title, "a line for people");
  command.add_option("--training", request->training, "how it was trained");
  command.add_option("--data", request->data, "on what it was trained");
}

void add_predict(Commands& commands, CLI::App& sptf) {
  const auto request = std::make_shared<pipeline::SptfPredictRequest>();
  CLI::App& command =
      commands.add_to(sptf, "predict", "soil hydraulic parameters of one site, as JSON",
                      [request](const Common&) { pipeline::predict_sptf(*request, std::cout); });
  command.add_option("--weights", request->weights, "weights file, or shipped:NAME")->required();
  command
      .add_option(
          "--series", request->series,
          "one site as CSV: date,surface_soil_moisture,precipitation_mm,potential_evapotranspiration_mm,"
          "leaf_area_index,land_surface_temperature_c")
      ->required();
  command.add_option("--sand", request->sand, "fraction")->required();
  command.add_option("--silt", request->silt, "fraction")->required();
  command.add_option("--clay", request->clay, "fraction")->required();
  command.add_option("--bulk-density", request->bulk_density_g_cm3, "g/cm3")->required();
  command.add_option("--start", request->first_day, "first day to use; default: the series' first");
  command.add_option("--end", request->last_day, "last day to use; default: the series' last");
  command.add_option("--minimum-days", request->minimum_days, "observed days needed; default 10")
      ->check(CLI::Range(1, 100000));
  command.add_option("--isa", request->instruction_set, "auto, sse, avx2 or avx512: fixes the last digits");
}

}  // namespace

void add_sptf_commands(Commands& commands) {
  CLI::App& sptf = commands.add_family("sptf",
                                       "site-specific pedotransfer functions: soil hydraulic parameters from "
                                       "a year of surface moisture");
  add_import(commands, sptf);
  add_predict(commands, sptf);
  add_sptf_training_commands(commands, sptf);
}

}  // namespace rootzone::app
