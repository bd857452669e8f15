#pragma once
#include <chrono>
#include <filesystem>
#include <mutex>
#include <string>

#include "rootzone/core/progress.hpp"

namespace rootzone::pipeline {

/// A small JSON file that says every few seconds what a job is at, for those who watch from outside: process,
/// host, command, since when, what, per cent, when written. It lies in `.work` and goes with the job; one
/// that is older than a minute belongs to a job that hangs or was killed. Passes progress on. Thread-safe; a
/// file that cannot be written stops nothing.
class Heartbeat : public core::ProgressSink {
 public:
  /// next may be null.
  Heartbeat(std::filesystem::path file, std::string command, core::ProgressSink* next);
  ~Heartbeat() override;
  void begin(std::string_view what, std::int64_t units) override;
  void advance(std::int64_t units) override;
  void end() override;

 private:
  void write();
  std::mutex m_mutex;
  std::filesystem::path m_file;
  std::string m_command;
  core::ProgressSink* m_next;
  std::string m_since;
  std::string m_what = "preparing";
  std::int64_t m_units = 0;
  std::int64_t m_done = 0;
  std::chrono::steady_clock::time_point m_written;
};

inline std::filesystem::path heartbeat_file(const std::filesystem::path& out) {
  return out / ".work" / "heartbeat.json";
}

}  // namespace rootzone::pipeline
