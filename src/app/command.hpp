#pragma once
#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "rootzone/pipeline/commands.hpp"

namespace rootzone::app {

/// What the options that every command takes said.
struct Common {
  std::string log = "text";
  bool quiet = false;
  std::string command_line;  ///< as typed, for the manifest
};

/// What a command does once the arguments are read and the log is up. Results go to standard output.
using Work = std::function<void(const Common&)>;

/// The commands of the program: each adds itself with its options and says what it does when it is chosen.
class Commands {
 public:
  explicit Commands(CLI::App& program) : m_program(program) {}

  /// A command of the program.
  CLI::App& add(const std::string& name, const std::string& description, Work work) {
    return add_to(m_program, name, description, std::move(work));
  }
  /// A command that is only a family: one of its own commands must follow.
  CLI::App& add_family(const std::string& name, const std::string& description) {
    CLI::App& family = *m_program.add_subcommand(name, description);
    family.require_subcommand(1);
    return family;
  }
  /// A command of a family (`rootzone sptf train`).
  CLI::App& add_to(CLI::App& family, const std::string& name, const std::string& description, Work work) {
    CLI::App& command = *family.add_subcommand(name, description);
    m_work.emplace(&command, std::move(work));
    return command;
  }
  /// The work of the command that the arguments chose.
  const Work& chosen() const;

 private:
  CLI::App& m_program;
  std::map<const CLI::App*, Work> m_work;
};

/// An option that takes one of a few words. `value` must live until the arguments are read.
template <class Value>
void add_choice(CLI::App& command, const std::string& name, Value& value,
                const std::map<std::string, Value>& choices, const std::string& what) {
  std::vector<std::string> words;
  for (const auto& [word, meaning] : choices) words.push_back(word);
  command
      .add_option_function<std::string>(
          name, [&value, choices](const std::string& word) { value = choices.at(word); }, what)
      ->check(CLI::IsMember(words));
}

// One function per topic; each keeps what its options write in a value that its work owns.
void add_pipeline_commands(Commands& commands);  ///< check, run, validate
void add_demo_command(Commands& commands);
void add_site_commands(Commands& commands);  ///< storage, moisture
void add_regionalise_command(Commands& commands);
void add_schema_command(Commands& commands);
void add_pedotransfer_command(Commands& commands);
void add_column_command(Commands& commands);
void add_study_commands(Commands& commands);  ///< calibrate
void add_sptf_commands(Commands& commands);   ///< the family sptf: import, predict and the next
void add_sptf_training_commands(Commands& commands, CLI::App& sptf);  ///< twins, train, inverse, evaluate
void add_uptake_commands(Commands& commands);   ///< uptake experiment, sensitivity, invert
void add_nightly_commands(Commands& commands);  ///< update, rewind
void add_tile_commands(Commands& commands);     ///< plan, tile, assemble

/// The arguments of a command that works on a pipeline.
struct PipelineArguments {
  pipeline::PipelineRequest request;
  std::string memory;
  pipeline::PipelineRequest complete(const Common& common) const;
};
/// file, --set, --jobs, --memory, --out; out: what the folder is.
void add_pipeline_options(CLI::App& command, PipelineArguments& arguments, const std::string& out);
inline constexpr const char* products_folder = "folder of the products; default: out/<name>/ beside the file";

// Options that read the same in every command that takes them.
void add_jobs_option(CLI::App& command, int& jobs);
void add_memory_option(CLI::App& command, std::string& memory);
void add_set_option(CLI::App& command, std::vector<std::string>& overrides, const std::string& example);

}  // namespace rootzone::app
