#include "command.hpp"

#include "rootzone/core/error.hpp"

namespace rootzone::app {

const Work& Commands::chosen() const {
  const CLI::App* command = &m_program;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  const auto found = m_work.find(command);
  if (found == m_work.end())
    throw core::Error(core::ErrorKind::internal, "the command '" + command->get_name() + "' has no work");
  return found->second;
}

void add_jobs_option(CLI::App& command, int& jobs) {
  command.add_option("--jobs,-j", jobs, "threads; default: every core")->check(CLI::Range(0, 4096));
}

void add_memory_option(CLI::App& command, std::string& memory) {
  command.add_option("--memory", memory, "memory budget, for example 2GiB; default: half of the machine's");
}

void add_set_option(CLI::App& command, std::vector<std::string>& overrides, const std::string& example) {
  command.add_option("--set", overrides, "override a setting: --set " + example)
      ->take_all()
      ->allow_extra_args(false);
}

}  // namespace rootzone::app
