#include "metrics_file.hpp"

#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <fstream>

#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/io/day_mapping.hpp"

namespace rootzone::pipeline {
namespace {

constexpr const char* last_success = "rootzone_last_success_timestamp_seconds";

/// Collects lines; a family's HELP and TYPE come once, before its first sample.
class MetricsText {
 public:
  explicit MetricsText(const JobMetrics& metrics)
      : m_labels("pipeline=\"" + metrics.pipeline + "\",command=\"" + metrics.command + "\"") {}

  void family(const std::string& name, const std::string& help) {
    m_name = name;
    m_text += "# HELP " + name + " " + help + "\n# TYPE " + name + " gauge\n";
  }
  void sample(double value, const std::string& labels = "") {
    m_text += m_name + "{" + m_labels + (labels.empty() ? "" : "," + labels) + "} " +
              io::shortest_number(value) + "\n";
  }
  void one(const std::string& name, const std::string& help, double value) {
    family(name, help);
    sample(value);
  }
  const std::string& text() const { return m_text; }

 private:
  std::string m_labels;
  std::string m_name;
  std::string m_text;
};

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::optional<double> earlier_success(const std::filesystem::path& file) {
  std::ifstream text(file);
  for (std::string line; std::getline(text, line);)
    if (line.starts_with(last_success) && line.rfind(' ') != std::string::npos)
      return io::parse_number(line.substr(line.rfind(' ') + 1));
  return {};
}

void add_counts(const JobMetrics& metrics, MetricsText& text) {
  const auto each = [&](const auto& work) {
    for (const engine::RunSummary& summary : metrics.summaries)
      for (const auto& [variable, counts] : summary.flags) work("variable=\"" + variable + "\"", counts);
  };
  text.family("rootzone_values", "Values written by the last job.");
  each([&](const std::string& label, const engine::FlagCounts& counts) {
    text.sample(static_cast<double>(counts.values), label);
  });
  text.family("rootzone_missing_values", "Missing ones among them.");
  each([&](const std::string& label, const engine::FlagCounts& counts) {
    text.sample(static_cast<double>(counts.missing), label);
  });
  text.family("rootzone_flagged_values", "Values that carry a flag.");
  each([&](const std::string& label, const engine::FlagCounts& counts) {
    for (const auto& [flag, count] : counts.by_flag)
      if (count > 0) text.sample(static_cast<double>(count), label + ",flag=\"" + flag + "\"");
  });
}

}  // namespace

void JobMetrics::take(const RunRecord& record) {
  summaries = record.summaries;
  warnings = record.warnings.size();
}

void write_metrics(const std::filesystem::path& out, const JobMetrics& metrics, int exit_code) {
  const std::filesystem::path file = out / metrics_name;
  const bool success = exit_code == 0;
  const double now = seconds_now();
  MetricsText text(metrics);
  text.one("rootzone_last_run_success", "1 if the last job ended well.", success ? 1.0 : 0.0);
  text.one("rootzone_last_run_exit_code", "Exit code of the last job.", exit_code);
  text.one("rootzone_last_run_timestamp_seconds", "When the last job ended.", now);
  const std::optional<double> good = success ? now : earlier_success(file);
  if (good) text.one(last_success, "When a job last ended well.", *good);
  text.one("rootzone_last_run_duration_seconds", "How long the last job took.",
           std::chrono::duration<double>(std::chrono::steady_clock::now() - metrics.start).count());
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) == 0)
    text.one("rootzone_last_run_peak_memory_bytes", "Peak resident memory of the last job.",
             static_cast<double>(usage.ru_maxrss) * 1024.0);
  text.one("rootzone_last_run_warnings", "Warnings of the last job.", static_cast<double>(metrics.warnings));
  if (metrics.through) {
    // A clock has no 30 February.
    const core::Date civil = io::last_date_by(*metrics.through, core::Calendar::standard);
    text.one("rootzone_products_through_timestamp_seconds",
             "Midnight that begins the last day of the products.",
             86400.0 * static_cast<double>(core::day_number(civil, core::Calendar::standard)));
  }
  if (success) add_counts(metrics, text);
  try {
    io::write_file_atomically(file, text.text());
  } catch (const core::Error& error) {
    spdlog::warn("{}", error.what());
  }
}

}  // namespace rootzone::pipeline
