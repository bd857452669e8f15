#include <iostream>
#include <memory>

#include "command.hpp"
#include "long_job.hpp"
#include "rootzone/pipeline/regionalise.hpp"

namespace rootzone::app {
namespace {

struct Arguments {
  pipeline::PipelineRequest request;
  std::filesystem::path calibration;
};

}  // namespace

void add_regionalise_command(Commands& commands) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App& command = commands.add(
      "regionalise", "carry calibrated parameters from stations to the grid, and test it",
      [arguments](const Common& common) {
        LongJob job(common);
        pipeline::PipelineRequest request = arguments->request;
        request.command_line = common.command_line;
        request.stop_signal = &job.stop_signal();
        std::cout << pipeline::regionalise_stations(request, arguments->calibration).string() << '\n';
      });
  command.add_option("file", arguments->request.file, "study pipeline (TOML) with [regionalisation]")
      ->required();
  command.add_option("--calibration", arguments->calibration, "folder that `rootzone calibrate` wrote")
      ->required();
  add_set_option(command, arguments->request.overrides, "regionalisation.choice=paper");
  add_jobs_option(command, arguments->request.jobs);
  command.add_option("--out,-o", arguments->request.out,
                     "folder of the results; default: out/<name>/regionalisation/ beside the file");
}

}  // namespace rootzone::app
