#include <iostream>
#include <memory>

#include "command.hpp"
#include "rootzone/pipeline/commands.hpp"

namespace rootzone::app {
namespace {

void add_options(CLI::App& command, pipeline::SiteRequest& request, const std::string& columns,
                 const std::string& setting) {
  command.add_option("series", request.series, "one site as CSV: " + columns)->required();
  add_set_option(command, request.settings, setting);
  command.add_option("--out,-o", request.out,
                     "folder for the tables; default: the daily table on standard output");
}

}  // namespace

void add_site_commands(Commands& commands) {
  const auto storage = std::make_shared<pipeline::SiteRequest>();
  storage->stage = "mass_curve";
  add_options(commands.add("storage", "storage capacity of one site by the mass curve",
                           [storage](const Common&) { pipeline::run_site(*storage, std::cout); }),
              *storage, "date,precipitation_mm,evaporation_mm,…", "year_start=10");

  const auto moisture = std::make_shared<pipeline::SiteRequest>();
  CLI::App& command = commands.add("moisture", "root-zone moisture of one site",
                                   [moisture](const Common&) { pipeline::run_site(*moisture, std::cout); });
  add_options(command, *moisture, "date,surface_soil_moisture", "time=10");
  command.add_option("--stage", moisture->stage, "smar or exponential_filter")
      ->required()
      ->check(CLI::IsMember({"smar", "exponential_filter"}));
}

}  // namespace rootzone::app
