#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <new>

#include "command_line.hpp"
#include "logging.hpp"
#include "rootzone/core/error.hpp"

// The only main and the only catch-all: every failure ends here as one message and one exit code.
int main(int argc, char** argv) {
  using rootzone::core::ErrorKind;
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on file sizes is an error of the write, with a message
  try {
    return rootzone::app::run_command_line(argc, argv);
  } catch (const rootzone::core::Error& error) {
    spdlog::error("{}", error.what());
    return error.exit_code();
  } catch (const std::bad_alloc&) {
    spdlog::error("out of memory; give a smaller --memory or a smaller grid");
    return static_cast<int>(ErrorKind::memory);
  } catch (const std::filesystem::filesystem_error& error) {
    spdlog::error("{}", error.what());
    return static_cast<int>(ErrorKind::environment);
  } catch (const std::exception& error) {
    spdlog::error("this is a bug in rootzone, please report it with the pipeline file: {}", error.what());
    return static_cast<int>(ErrorKind::internal);
  }
}
