#pragma once
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "rootzone/core/calendar.hpp"
#include "run_record.hpp"

namespace rootzone::pipeline {

/// What a job tells the monitoring when it ends.
struct JobMetrics {
  std::string pipeline;
  std::string command;  ///< run, update, assemble
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
  std::optional<core::Date> through;  ///< last day of the products
  std::vector<engine::RunSummary> summaries;
  std::size_t warnings = 0;

  void take(const RunRecord& record);
};

/// `<out>/rootzone.prom`, in the text format of Prometheus, for the textfile collector of its node exporter:
/// success, exit code, when, how long, peak memory, last day of the products, values and flags by variable.
/// After a failure the time of the last success stays. Written atomically; a file that cannot be written is
/// only logged.
void write_metrics(const std::filesystem::path& out, const JobMetrics& metrics, int exit_code);

inline constexpr const char* metrics_name = "rootzone.prom";

}  // namespace rootzone::pipeline
