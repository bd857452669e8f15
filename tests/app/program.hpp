#pragma once
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace rootzone::app::test {

/// What a process left behind.
struct Outcome {
  int exit_code = -1;  ///< −1: ended by a signal
  int signal = 0;
  std::string out;
  std::string err;
};

/// A process with its output caught in files, so that no pipe can fill up and block it.
class Process {
 public:
  explicit Process(const std::vector<std::string>& command, const std::filesystem::path& folder = "");
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void send(int signal) const;
  /// True once it has ended; waits for at most `patience`.
  bool ended(std::chrono::milliseconds patience);
  /// Standard error so far.
  std::string err() const;
  Outcome wait();

 private:
  pid_t m_pid = -1;
  int m_status = 0;
  bool m_reaped = false;
  std::filesystem::path m_folder;
};

/// Run any command to its end.
Outcome run_command(const std::vector<std::string>& command, const std::filesystem::path& folder = "");
/// Run the rootzone program that was built.
Outcome rootzone(std::vector<std::string> arguments, const std::filesystem::path& folder = "");
std::vector<std::string> rootzone_command(std::vector<std::string> arguments);
/// Run it through a shell after `preamble`, for limits and redirections: "$@" is the program with its
/// arguments.
Outcome rootzone_in_shell(const std::string& script, std::vector<std::string> arguments);

}  // namespace rootzone::app::test
