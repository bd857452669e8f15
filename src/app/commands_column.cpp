#include <iostream>
#include <memory>

#include "command.hpp"
#include "rootzone/pipeline/column_command.hpp"

namespace rootzone::app {

void add_column_command(Commands& commands) {
  const auto request = std::make_shared<pipeline::ColumnFileRequest>();
  CLI::App& command = commands.add("column", "water in one soil column by Richards' equation",
                                   [request](const Common& common) {
                                     request->command_line = common.command_line;
                                     pipeline::run_column_file(*request, std::cout);
                                   });
  command.add_option("file", request->file, "column file (TOML), see docs/column.md")->required();
  add_set_option(command, request->overrides, "roots.depth_cm=60");
  command.add_option("--out,-o", request->out,
                     "folder for tables and report; default: out/NAME beside the file");
}

}  // namespace rootzone::app
