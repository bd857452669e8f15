#pragma once

namespace rootzone::app {

/// Parse the arguments and run the command; returns the exit code. Throws core::Error.
int run_command_line(int argc, char** argv);

}  // namespace rootzone::app
