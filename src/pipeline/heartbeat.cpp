#include "heartbeat.hpp"

#include <unistd.h>

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "rootzone/io/atomic_file.hpp"
#include "utc_clock.hpp"

namespace rootzone::pipeline {
namespace {

constexpr auto pause = std::chrono::seconds(5);

std::string host_name() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return host.data();
}

}  // namespace

Heartbeat::Heartbeat(std::filesystem::path file, std::string command, core::ProgressSink* next)
    : m_file(std::move(file)), m_command(std::move(command)), m_next(next), m_since(now_utc()) {
  write();
}

Heartbeat::~Heartbeat() {
  std::error_code ignored;
  std::filesystem::remove(m_file, ignored);
  std::filesystem::remove(io::partial_path(m_file), ignored);
}

void Heartbeat::begin(std::string_view what, std::int64_t units) {
  if (m_next) m_next->begin(what, units);
  const std::lock_guard lock(m_mutex);
  m_what = what;
  m_units = units;
  m_done = 0;
  write();
}

void Heartbeat::advance(std::int64_t units) {
  if (m_next) m_next->advance(units);
  const std::lock_guard lock(m_mutex);
  m_done += units;
  if (std::chrono::steady_clock::now() - m_written > pause) write();
}

void Heartbeat::end() {
  if (m_next) m_next->end();
  const std::lock_guard lock(m_mutex);
  m_what = "writing products";
  m_units = 0;
  write();
}

// Renamed but not synced: nobody needs it after a crash of the machine.
void Heartbeat::write() {
  m_written = std::chrono::steady_clock::now();
  nlohmann::json beat{{"process", ::getpid()}, {"host", host_name()}, {"command", m_command},
                      {"since", m_since},      {"time", now_utc()},   {"doing", m_what}};
  if (m_units > 0) beat["percent"] = 100 * m_done / m_units;
  const auto partial = io::partial_path(m_file);
  std::error_code ignored;
  std::ofstream file(partial);
  file << beat.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  file.close();
  std::filesystem::rename(partial, m_file, ignored);
}

}  // namespace rootzone::pipeline
