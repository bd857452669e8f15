#include "program.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace rootzone::app::test {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

Process::Process(const std::vector<std::string>& command, const std::filesystem::path& folder) {
  std::string name = (std::filesystem::path(::testing::TempDir()) / "rootzone-process-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  m_folder = name;
  std::vector<std::string> words = command;
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, (m_folder / "out").c_str(), O_WRONLY | O_CREAT, 0600);
  posix_spawn_file_actions_addopen(&actions, 2, (m_folder / "err").c_str(), O_WRONLY | O_CREAT, 0600);
  if (!folder.empty()) posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  const int failed = posix_spawnp(&m_pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("cannot start " + command.front());
}

Process::~Process() {
  if (!m_reaped) {
    ::kill(m_pid, SIGKILL);
    ::waitpid(m_pid, &m_status, 0);
  }
  std::error_code ignored;
  std::filesystem::remove_all(m_folder, ignored);
}

void Process::send(int signal) const {
  ::kill(m_pid, signal);
}

bool Process::ended(std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!m_reaped) {
    m_reaped = ::waitpid(m_pid, &m_status, WNOHANG) == m_pid;
    if (m_reaped || std::chrono::steady_clock::now() >= until) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return m_reaped;
}

std::string Process::err() const {
  return text_of(m_folder / "err");
}

Outcome Process::wait() {
  if (!m_reaped) ::waitpid(m_pid, &m_status, 0);
  m_reaped = true;
  Outcome outcome;
  if (WIFEXITED(m_status)) outcome.exit_code = WEXITSTATUS(m_status);
  if (WIFSIGNALED(m_status)) outcome.signal = WTERMSIG(m_status);
  outcome.out = text_of(m_folder / "out");
  outcome.err = err();
  return outcome;
}

Outcome run_command(const std::vector<std::string>& command, const std::filesystem::path& folder) {
  return Process(command, folder).wait();
}

std::vector<std::string> rootzone_command(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), ROOTZONE_PROGRAM);
  return arguments;
}

Outcome rootzone(std::vector<std::string> arguments, const std::filesystem::path& folder) {
  return run_command(rootzone_command(std::move(arguments)), folder);
}

Outcome rootzone_in_shell(const std::string& script, std::vector<std::string> arguments) {
  std::vector<std::string> command{"/bin/sh", "-c", script, "sh", ROOTZONE_PROGRAM};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run_command(command);
}

}  // namespace rootzone::app::test
