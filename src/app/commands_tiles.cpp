#include <algorithm>
#include <iostream>
#include <memory>

#include "command.hpp"
#include "long_job.hpp"
#include "rootzone/pipeline/commands.hpp"

namespace rootzone::app {
namespace {

pipeline::PipelineRequest watched(const PipelineArguments& arguments, const Common& common, LongJob& job) {
  pipeline::PipelineRequest request = arguments.complete(common);
  request.progress = &job.progress();
  request.stop_signal = &job.stop_signal();
  return request;
}

void add_plan(Commands& commands) {
  struct Arguments : PipelineArguments {
    int tiles = 0;
  };
  const auto plan = std::make_shared<Arguments>();
  CLI::App& command = commands.add(
      "plan", "cut a pipeline into tiles for many workers; print them",
      [plan](const Common& common) { pipeline::plan_tiles(plan->complete(common), plan->tiles, std::cout); });
  add_pipeline_options(command, *plan, products_folder);
  command
      .add_option("--tiles", plan->tiles,
                  "how many at most; default: one for each row of the products' chunks")
      ->check(CLI::Range(1, 1000000));
}

void add_tile(Commands& commands) {
  struct Arguments : PipelineArguments {
    std::string share;
  };
  const auto tile = std::make_shared<Arguments>();
  CLI::App& command =
      commands.add("tile", "make a worker's share of the planned tiles", [tile](const Common& common) {
        LongJob job(common);
        std::string file = tile->request.file.string();
        // "tile 0/4 FILE" reads as well as "tile FILE 0/4".
        const bool swapped = !file.empty() && file.find_first_not_of("0123456789/") == std::string::npos;
        if (swapped && !tile->share.empty()) std::swap(file, tile->share);
        tile->request.file = file;
        const pipeline::TileShare share = pipeline::parse_tile_share(tile->share);
        pipeline::run_tiles(watched(*tile, common, job), share);
      });
  add_pipeline_options(command, *tile, "folder of the plan; default: out/<name>/ beside the file");
  command.add_option("share", tile->share,
                     "I/N: every N-th tile from I = 0 … N − 1 on; default: from JOB_COMPLETION_INDEX or "
                     "SLURM_ARRAY_TASK_ID");
}

void add_assemble(Commands& commands) {
  const auto assemble = std::make_shared<PipelineArguments>();
  CLI::App& command =
      commands.add("assemble", "make the products of all tiles", [assemble](const Common& common) {
        LongJob job(common);
        std::cout << pipeline::assemble_tiles(watched(*assemble, common, job)).string() << '\n';
      });
  add_pipeline_options(command, *assemble, products_folder);
}

}  // namespace

void add_tile_commands(Commands& commands) {
  add_plan(commands);
  add_tile(commands);
  add_assemble(commands);
}

}  // namespace rootzone::app
