#include "command_line.hpp"

#include <spdlog/spdlog.h>

#include <iostream>
#include <sstream>
#include <string_view>
#include <vector>

#include "command.hpp"
#include "logging.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/core/suggest.hpp"
#include "rootzone/pipeline/commands.hpp"

namespace rootzone::app {
namespace {

std::string joined(int argc, char** argv) {
  std::string text = "rootzone";
  for (int i = 1; i < argc; ++i) text += std::string(" ") + argv[i];
  return text;
}

void flush_results() {
  std::cout.flush();
  if (!std::cout)
    throw core::Error(core::ErrorKind::environment,
                      "standard output: the result could not be written; is the disk full?");
}

/// What to say of arguments that name no command: CLI11 would only say that one is required.
std::string without_command(const CLI::App& app, const std::string& of,
                            const std::vector<std::string>& words) {
  std::vector<std::string> commands;
  std::string list;
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    commands.push_back(command->get_name());
    list += (list.empty() ? "" : ", ") + command->get_name();
  }
  for (const std::string& word : words) {
    if (word.starts_with("-")) continue;
    const auto close = core::closest(word, commands);
    return "'" + word + "' is no command of " + of +
           (close ? "; did you mean '" + *close + "'?" : ". There are: " + list) + "\n";
  }
  return "expected a command of " + of + ": " + list + "\n";
}

/// Explain a command that is missing or misspelt, in the program or in a family of commands.
std::string missing_command(const CLI::App& program, int argc, char** argv) {
  if (program.get_subcommands().empty()) return without_command(program, "rootzone", {argv + 1, argv + argc});
  const CLI::App& family = *program.get_subcommands().front();
  std::vector<std::string> after;
  bool seen = false;
  for (int i = 1; i < argc; ++i) {
    if (seen) after.emplace_back(argv[i]);
    seen = seen || family.get_name() == argv[i];
  }
  return without_command(family, "rootzone " + family.get_name(), after);
}

bool lacks_command(const CLI::App& program) {
  const CLI::App* last = &program;
  while (!last->get_subcommands().empty()) last = last->get_subcommands().front();
  return !last->get_subcommands(nullptr).empty();
}

/// Whether the log is to be JSON, of arguments that could not be understood as a whole.
bool asks_for_json(int argc, char** argv) {
  const std::vector<std::string_view> words(argv, argv + argc);
  for (std::size_t i = 1; i < words.size(); ++i)
    if (words[i] == "--log=json" || (words[i] == "json" && words[i - 1] == "--log")) return true;
  return false;
}

}  // namespace

int run_command_line(int argc, char** argv) {
  Common common;
  common.command_line = joined(argc, argv);
  CLI::App program{"rootzone: root-zone soil moisture and storage capacity maps from grids", "rootzone"};
  program.set_version_flag("--version", "rootzone " + pipeline::program_version());
  program.require_subcommand(1);
  program.fallthrough();
  program.add_option("--log", common.log, "log lines: text or json")->check(CLI::IsMember({"text", "json"}));
  program.add_flag("--quiet,-q", common.quiet, "only warnings and errors");
  Commands commands(program);
  add_demo_command(commands);
  add_pipeline_commands(commands);
  add_site_commands(commands);
  add_pedotransfer_command(commands);
  add_column_command(commands);
  add_sptf_commands(commands);
  add_study_commands(commands);
  add_regionalise_command(commands);
  add_nightly_commands(commands);
  add_tile_commands(commands);
  add_schema_command(commands);
  add_uptake_commands(commands);
  start_logging(LogFormat::text, false);  // until the arguments say how
  try {
    program.parse(argc, argv);
  } catch (const CLI::Success& success) {
    const int code = program.exit(success);
    flush_results();
    return code;
  } catch (const CLI::ParseError& error) {
    const bool unnamed = error.get_name() == "RequiredError" || error.get_name() == "ExtrasError";
    std::ostringstream message;
    if (unnamed && lacks_command(program))
      message << missing_command(program, argc, argv) << "Run with --help for more information.\n";
    else
      program.exit(error, std::cout, message);
    if (asks_for_json(argc, argv)) {
      start_logging(LogFormat::json, false);
      spdlog::error("{}", message.str().substr(0, message.str().find_last_not_of('\n') + 1));
    } else {
      std::cerr << message.str();
    }
    return static_cast<int>(core::ErrorKind::usage);
  }
  start_logging(common.log == "json" ? LogFormat::json : LogFormat::text, common.quiet);
  commands.chosen()(common);
  flush_results();
  return 0;
}

}  // namespace rootzone::app
