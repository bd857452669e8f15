#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "long_job.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "rootzone/pipeline/schema.hpp"

namespace rootzone::app {

pipeline::PipelineRequest PipelineArguments::complete(const Common& common) const {
  pipeline::PipelineRequest result = request;
  if (!memory.empty()) result.memory_bytes = pipeline::parse_bytes(memory);
  result.command_line = common.command_line;
  return result;
}

void add_pipeline_options(CLI::App& command, PipelineArguments& arguments, const std::string& out) {
  command.add_option("file", arguments.request.file, "pipeline file (TOML)")->required();
  add_set_option(command, arguments.request.overrides, "time.end=2016-02-01");
  add_jobs_option(command, arguments.request.jobs);
  add_memory_option(command, arguments.memory);
  command.add_option("--out,-o", arguments.request.out, out);
}

void add_schema_command(Commands& commands) {
  struct Arguments {
    std::string of = "pipeline";
    std::string format = "json";
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App& schema =
      commands.add("schema", "print the JSON Schema of the pipeline file, or of another kind of file",
                   [arguments](const Common&) {
                     if (arguments->format == "json")
                       std::cout << pipeline::json_schema(arguments->of).dump(2) << '\n';
                     else
                       std::cout << pipeline::markdown_schema(arguments->of);
                   });
  schema.add_option("--of", arguments->of, "kind of file; default pipeline")
      ->check(CLI::IsMember(pipeline::schema_names()));
  schema.add_option("--format", arguments->format, "json or markdown")
      ->check(CLI::IsMember({"json", "markdown"}));
}

void add_pipeline_commands(Commands& commands) {
  const auto check = std::make_shared<PipelineArguments>();
  add_pipeline_options(commands.add("check", "validate a pipeline and describe its inputs; nothing is run",
                                    [check](const Common& common) {
                                      pipeline::check_pipeline(check->complete(common), std::cout);
                                    }),
                       *check, products_folder);

  const auto run = std::make_shared<PipelineArguments>();
  add_pipeline_options(commands.add("run", "run a pipeline: maps, series, station scores, report",
                                    [run](const Common& common) {
                                      LongJob job(common);
                                      pipeline::PipelineRequest request = run->complete(common);
                                      request.progress = &job.progress();
                                      request.stop_signal = &job.stop_signal();
                                      std::cout << pipeline::run_pipeline(request).string() << '\n';
                                    }),
                       *run, products_folder);

  const auto validate = std::make_shared<PipelineArguments>();
  add_pipeline_options(commands.add("validate", "score the products of an earlier run at the stations",
                                    [validate](const Common& common) {
                                      pipeline::validate_pipeline(validate->complete(common), std::cout);
                                    }),
                       *validate, "folder of an earlier run");
}

}  // namespace rootzone::app
