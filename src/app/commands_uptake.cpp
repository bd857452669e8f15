#include <functional>
#include <iostream>
#include <memory>

#include "command.hpp"
#include "rootzone/engine/threads.hpp"
#include "rootzone/pipeline/uptake.hpp"

namespace rootzone::app {
namespace {

using Run = void (*)(const pipeline::UptakeRequest&, const core::ParallelFor&, std::ostream&);

struct UptakeArguments {
  pipeline::UptakeRequest request;
  int jobs = 0;
};

void add(Commands& commands, CLI::App& family, const std::string& name, const std::string& description,
         Run run, const std::string& file, const std::string& setting) {
  const auto arguments = std::make_shared<UptakeArguments>();
  CLI::App& command = commands.add_to(family, name, description, [arguments, run](const Common&) {
    const engine::ThreadLimit threads(arguments->jobs);
    run(arguments->request, engine::tbb_parallel_for(), std::cout);
  });
  CLI::Option* option = command.add_option("file", arguments->request.file, file);
  if (name == "invert") option->required();
  add_set_option(command, arguments->request.overrides, setting);
  command.add_option("--out,-o", arguments->request.out, "folder of the results")->required();
  add_jobs_option(command, arguments->jobs);
}

}  // namespace

void add_uptake_commands(Commands& commands) {
  CLI::App& family = commands.add_family("uptake", "root water uptake from the balance of stored water");
  add(commands, family, "experiment", "how well the balance finds a known uptake profile",
      pipeline::run_uptake_experiment, "settings (TOML); default: those of the paper",
      "column.precipitation=5");
  add(commands, family, "sensitivity", "which errors spoil it, and how often it succeeds under them",
      pipeline::run_uptake_sensitivity, "settings (TOML); default: those of the paper",
      "errors.water_content=0.005");
  add(commands, family, "invert", "uptake of a station's layers, with a verdict for each interval",
      pipeline::run_uptake_invert, "settings (TOML), or a series CSV with soil_moisture_<depth>cm",
      "soil.pedotransfer=wosten");
}

}  // namespace rootzone::app
