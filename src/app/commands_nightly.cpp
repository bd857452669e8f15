#include <iostream>
#include <memory>

#include "command.hpp"
#include "long_job.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/pipeline/commands.hpp"

namespace rootzone::app {
namespace {

core::Date date_of(const std::string& option, const std::string& text) {
  const auto date = core::parse_iso_date(text);
  if (!date)
    throw core::Error(core::ErrorKind::usage,
                      option + ": expected a date like 2016-01-31, found '" + text + "'");
  return *date;
}

void add_update(Commands& commands) {
  struct Arguments : PipelineArguments {
    std::string through;
    bool accept_gaps = false;
  };
  const auto update = std::make_shared<Arguments>();
  CLI::App& command = commands.add(
      "update", "bring products and state to a day, going on from the last state",
      [update](const Common& common) {
        pipeline::UpdateRequest request{update->complete(common), date_of("--through", update->through),
                                        update->accept_gaps};
        LongJob job(common);
        request.pipeline.progress = &job.progress();
        request.pipeline.stop_signal = &job.stop_signal();
        std::cout << pipeline::update_pipeline(request).string() << '\n';
      });
  add_pipeline_options(command, *update, products_folder);
  command.add_option("--through", update->through, "last day, YYYY-MM-DD")->required();
  command.add_flag("--accept-gaps", update->accept_gaps,
                   "go on where an input has no record on the last day: the day is a gap");
}

void add_rewind(Commands& commands) {
  struct Arguments : PipelineArguments {
    std::string before;
  };
  const auto rewind = std::make_shared<Arguments>();
  CLI::App& command =
      commands.add("rewind", "go back to the last state before a day, for input that came late",
                   [rewind](const Common& common) {
                     const auto left = pipeline::rewind_pipeline(rewind->complete(common),
                                                                 date_of("--before", rewind->before));
                     std::cout << (left ? core::iso_date(*left) : std::string("none")) << '\n';
                   });
  command.add_option("file", rewind->request.file, "pipeline file (TOML)")->required();
  add_set_option(command, rewind->request.overrides, "pipeline.name=night");
  command.add_option("--out,-o", rewind->request.out, products_folder);
  command.add_option("--before", rewind->before, "first day that changed, YYYY-MM-DD")->required();
}

}  // namespace

void add_nightly_commands(Commands& commands) {
  add_update(commands);
  add_rewind(commands);
}

}  // namespace rootzone::app
