#include <iostream>
#include <memory>

#include "command.hpp"
#include "long_job.hpp"
#include "rootzone/pipeline/calibrate.hpp"

namespace rootzone::app {

void add_study_commands(Commands& commands) {
  const auto request = std::make_shared<pipeline::PipelineRequest>();
  CLI::App& calibrate =
      commands.add("calibrate", "calibrate SMAR at the stations of a study", [request](const Common& common) {
        LongJob job(common);
        request->command_line = common.command_line;
        request->progress = &job.progress();
        request->stop_signal = &job.stop_signal();
        std::cout << pipeline::calibrate_stations(*request).string() << '\n';
      });
  calibrate.add_option("file", request->file, "study pipeline with [calibration] (TOML)")->required();
  add_set_option(calibrate, request->overrides, "calibration.optimizer=cmaes");
  add_jobs_option(calibrate, request->jobs);
  calibrate.add_option("--out,-o", request->out,
                       "folder of the results; default: out/<name>/calibration/ beside the file");
}

}  // namespace rootzone::app
