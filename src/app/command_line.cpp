#include "command_line.hpp"

#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "logging.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/core/suggest.hpp"
#include "rootzone/engine/signals.hpp"
#include "rootzone/engine/terminal_progress.hpp"
#include "rootzone/engine/threads.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "rootzone/pipeline/demo.hpp"
#include "rootzone/pipeline/schema.hpp"

namespace rootzone::app {
namespace {

using pipeline::DemoOptions;
using pipeline::PipelineRequest;
using pipeline::SiteRequest;

/// Everything the arguments can say; CLI11 writes into it.
struct Arguments {
  PipelineRequest pipeline;
  std::string memory;
  std::string log = "text";
  bool quiet = false;
  std::filesystem::path demo_folder;
  DemoOptions demo;
  SiteRequest site;
  std::string schema_format = "json";
};

std::string joined(int argc, char** argv) {
  std::string text = "rootzone";
  for (int i = 1; i < argc; ++i) text += std::string(" ") + argv[i];
  return text;
}

void add_pipeline_options(CLI::App& command, Arguments& arguments, bool writes) {
  command.add_option("file", arguments.pipeline.file, "pipeline file (TOML)")->required();
  command.add_option("--set", arguments.pipeline.overrides, "override a key: --set time.end=2016-02-01")
      ->take_all()
      ->allow_extra_args(false);
  command.add_option("--jobs,-j", arguments.pipeline.jobs, "threads; default: every core")
      ->check(CLI::Range(0, 4096));
  command.add_option("--memory", arguments.memory,
                     "memory budget, for example 2GiB; default: half of the machine's");
  command.add_option(
      "--out,-o", arguments.pipeline.out,
      writes ? "folder of the products; default: out/<name>/ beside the file" : "folder of an earlier run");
}

void add_site_options(CLI::App& command, Arguments& arguments, const std::string& columns,
                      const std::string& setting) {
  command.add_option("series", arguments.site.series, "one site as CSV: " + columns)->required();
  command.add_option("--set", arguments.site.settings, "a setting of the stage: --set " + setting)
      ->take_all()
      ->allow_extra_args(false);
  command.add_option("--out,-o", arguments.site.out,
                     "folder for the tables; default: the daily table on standard output");
}

void add_demo_options(CLI::App& command, Arguments& arguments) {
  command.add_option("folder", arguments.demo_folder, "where to put the demo basin")->required();
  command.add_option("--rows", arguments.demo.rows, "rows of 1 km; default 120")->check(CLI::Range(4, 2000));
  command.add_option("--cols", arguments.demo.cols, "columns of 1 km; default 160")
      ->check(CLI::Range(4, 2000));
  command.add_option("--days", arguments.demo.days, "days of surface moisture; default 1096")
      ->check(CLI::Range(1, 36525));
  command
      .add_option("--storage-years", arguments.demo.storage_years,
                  "years of weather and evaporation; default 20")
      ->check(CLI::Range(1, 100));
  command.add_option("--stations", arguments.demo.stations, "stations; default 24")
      ->check(CLI::Range(1, 999));
  command.add_option("--seed", arguments.demo.seed, "of everything random; default 1");
  command.add_option("--jobs,-j", arguments.pipeline.jobs, "threads; default: every core")
      ->check(CLI::Range(0, 4096));
}

/// Passes progress on and ends the job at the next step after a signal, for jobs that know no signals.
class StoppingProgress : public core::ProgressSink {
 public:
  StoppingProgress(core::ProgressSink& to, const std::atomic<int>& signal) : m_to(to), m_signal(signal) {}
  void begin(std::string_view what, std::int64_t units) override { m_to.begin(what, units); }
  void advance(std::int64_t units) override {
    if (m_signal.load() != 0) throw core::Interrupted(m_signal.load());
    m_to.advance(units);
  }
  void end() override { m_to.end(); }

 private:
  core::ProgressSink& m_to;
  const std::atomic<int>& m_signal;
};

void flush_results() {
  std::cout.flush();
  if (!std::cout)
    throw core::Error(core::ErrorKind::environment,
                      "standard output: the result could not be written; is the disk full?");
}

int run_with_progress(Arguments& arguments, const CLI::App& app) {
  const engine::SignalGuard signals;
  const auto log_line = [](const std::string& line) { spdlog::info("{}", line); };
  const bool may_draw = arguments.log == "text" && !arguments.quiet;
  const std::unique_ptr<core::ProgressSink> progress =
      may_draw ? engine::make_progress(log_line) : std::make_unique<engine::ProgressLines>(log_line);
  arguments.pipeline.progress = progress.get();
  arguments.pipeline.stop_signal = &signals.signal();
  if (app.got_subcommand("run")) {
    std::cout << pipeline::run_pipeline(arguments.pipeline).string() << '\n';
  } else {
    const engine::ThreadLimit threads(arguments.pipeline.jobs);
    StoppingProgress stopping(*progress, signals.signal());
    pipeline::write_demo(arguments.demo_folder, arguments.demo, engine::tbb_parallel_for(), &stopping);
    std::cout << arguments.demo_folder.string() << '\n';
  }
  flush_results();
  return 0;
}

int dispatch(Arguments& arguments, const CLI::App& app) {
  if (!arguments.memory.empty()) arguments.pipeline.memory_bytes = pipeline::parse_bytes(arguments.memory);
  if (app.got_subcommand("run") || app.got_subcommand("demo")) return run_with_progress(arguments, app);
  if (app.got_subcommand("check")) pipeline::check_pipeline(arguments.pipeline, std::cout);
  if (app.got_subcommand("validate")) pipeline::validate_pipeline(arguments.pipeline, std::cout);
  if (app.got_subcommand("storage")) {
    arguments.site.stage = "mass_curve";
    pipeline::run_site(arguments.site, std::cout);
  }
  if (app.got_subcommand("moisture")) pipeline::run_site(arguments.site, std::cout);
  if (app.got_subcommand("schema")) {
    if (arguments.schema_format == "json")
      std::cout << pipeline::json_schema().dump(2) << '\n';
    else
      std::cout << pipeline::markdown_schema();
  }
  flush_results();
  return 0;
}

/// What to say of arguments that name no command: CLI11 would only say that one is required.
std::string without_command(const CLI::App& app, const std::vector<std::string>& words) {
  std::vector<std::string> commands;
  std::string list;
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    commands.push_back(command->get_name());
    list += (list.empty() ? "" : ", ") + command->get_name();
  }
  for (const std::string& word : words) {
    if (word.starts_with("-")) continue;
    const auto close = core::closest(word, commands);
    return "'" + word + "' is no command of rootzone" +
           (close ? "; did you mean '" + *close + "'?" : ". There are: " + list) + "\n";
  }
  return "expected a command: " + list + "\n";
}

}  // namespace

int run_command_line(int argc, char** argv) {
  Arguments arguments;
  arguments.pipeline.command_line = joined(argc, argv);
  CLI::App app{"rootzone: root-zone soil moisture and storage capacity maps from grids", "rootzone"};
  app.set_version_flag("--version", "rootzone " + pipeline::program_version());
  app.require_subcommand(1);
  app.fallthrough();
  app.add_option("--log", arguments.log, "log lines: text or json")->check(CLI::IsMember({"text", "json"}));
  app.add_flag("--quiet,-q", arguments.quiet, "only warnings and errors");
  add_demo_options(*app.add_subcommand("demo", "generate a demo basin with every kind of input"), arguments);
  add_pipeline_options(
      *app.add_subcommand("check", "validate a pipeline and describe its inputs; nothing is run"), arguments,
      true);
  add_pipeline_options(*app.add_subcommand("run", "run a pipeline: maps, series, station scores, report"),
                       arguments, true);
  add_pipeline_options(
      *app.add_subcommand("validate", "score the products of an earlier run at the stations"), arguments,
      false);
  add_site_options(*app.add_subcommand("storage", "storage capacity of one site by the mass curve"),
                   arguments, "date,precipitation_mm,evaporation_mm,…", "year_start=10");
  CLI::App* moisture = app.add_subcommand("moisture", "root-zone moisture of one site");
  add_site_options(*moisture, arguments, "date,surface_soil_moisture", "time=10");
  moisture->add_option("--stage", arguments.site.stage, "smar or exponential_filter")
      ->required()
      ->check(CLI::IsMember({"smar", "exponential_filter"}));
  CLI::App* schema = app.add_subcommand("schema", "print the JSON Schema of the pipeline file");
  schema->add_option("--format", arguments.schema_format, "json or markdown")
      ->check(CLI::IsMember({"json", "markdown"}));
  start_logging(LogFormat::text, false);  // until the arguments say how
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    const int code = app.exit(success);
    flush_results();
    return code;
  } catch (const CLI::ParseError& error) {
    if (app.get_subcommands().empty() && error.get_name() == "RequiredError")
      std::cerr << without_command(app, {argv + 1, argv + argc}) << "Run with --help for more information.\n";
    else
      app.exit(error, std::cout, std::cerr);
    return static_cast<int>(core::ErrorKind::usage);
  }
  start_logging(arguments.log == "json" ? LogFormat::json : LogFormat::text, arguments.quiet);
  return dispatch(arguments, app);
}

}  // namespace rootzone::app
