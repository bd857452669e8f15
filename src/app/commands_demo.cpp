#include <iostream>
#include <memory>

#include "command.hpp"
#include "long_job.hpp"
#include "rootzone/engine/threads.hpp"
#include "rootzone/pipeline/demo.hpp"

namespace rootzone::app {
namespace {

struct DemoArguments {
  std::filesystem::path folder;
  pipeline::DemoOptions options;
  int jobs = 0;
};

}  // namespace

void add_demo_command(Commands& commands) {
  const auto demo = std::make_shared<DemoArguments>();
  CLI::App& command =
      commands.add("demo", "generate a demo basin with every kind of input", [demo](const Common& common) {
        LongJob job(common);
        const engine::ThreadLimit threads(demo->jobs);
        pipeline::write_demo(demo->folder, demo->options, engine::tbb_parallel_for(),
                             &job.stopping_progress());
        std::cout << demo->folder.string() << '\n';
      });
  command.add_option("folder", demo->folder, "where to put the demo basin")->required();
  command.add_option("--rows", demo->options.rows, "rows of 1 km; default 120")->check(CLI::Range(4, 2000));
  command.add_option("--cols", demo->options.cols, "columns of 1 km; default 160")
      ->check(CLI::Range(4, 2000));
  command.add_option("--days", demo->options.days, "days of surface moisture; default 1096")
      ->check(CLI::Range(1, 36525));
  command
      .add_option("--storage-years", demo->options.storage_years,
                  "years of weather and evaporation; default 20")
      ->check(CLI::Range(1, 100));
  command.add_option("--stations", demo->options.stations, "stations; default 24")->check(CLI::Range(1, 999));
  command.add_option("--seed", demo->options.seed, "of everything random; default 1");
  add_choice(command, "--truth", demo->options.truth,
             std::map<std::string, study::DemoTruth>{{"simple", study::DemoTruth::simple},
                                                     {"column", study::DemoTruth::column}},
             "model behind the truth: simple (seven layers, fast) or column (Richards' equation); "
             "default simple");
  add_jobs_option(command, demo->jobs);
}

}  // namespace rootzone::app
