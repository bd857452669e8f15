#include <algorithm>
#include <cmath>
#include <iomanip>
#include <ostream>
#include <sstream>

#include "preparation.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/engine/threads.hpp"
#include "rootzone/io/input.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "rootzone/pipeline/resolve.hpp"
#include "station_scores.hpp"

namespace rootzone::pipeline {
namespace {

std::string number(double value) {
  if (std::isnan(value)) return "–";
  std::ostringstream text;
  text << std::setprecision(5) << value;
  return text.str();
}

io::InputStatistics statistics_of(const std::vector<float>& values) {
  io::InputStatistics result{0.0, std::nan(""), std::nan(""), std::nan("")};
  std::int64_t valid = 0;
  double sum = 0.0;
  for (float value : values) {
    if (std::isnan(value)) continue;
    result.minimum = valid == 0 ? value : std::min<double>(result.minimum, value);
    result.maximum = valid == 0 ? value : std::max<double>(result.maximum, value);
    sum += value;
    ++valid;
  }
  if (valid > 0) result.mean = sum / static_cast<double>(valid);
  result.missing_percent = 100.0 * (1.0 - static_cast<double>(valid) / static_cast<double>(values.size()));
  return result;
}

void print_values(std::ostream& out, const io::InputStatistics& values) {
  out << "  values:     missing " << number(values.missing_percent) << " %, minimum "
      << number(values.minimum) << ", mean " << number(values.mean) << ", maximum " << number(values.maximum)
      << '\n';
}

void print_report(std::ostream& out, const io::InputReport& report) {
  out << "  files:      " << report.files.size() << " ("
      << (report.files.empty() ? "" : report.files.front().filename().string())
      << (report.files.size() > 1 ? " … " + report.files.back().filename().string() : "") << ")\n"
      << "  grid:       " << report.native_grid << "; resampling: " << report.resampling << '\n'
      << "  crs:        " << report.crs << '\n'
      << "  units:      " << report.units << '\n';
  if (!report.first_date.empty()) {
    out << "  dates:      " << report.first_date << " … " << report.last_date << ", " << report.missing_days
        << " days of the run missing";
    for (std::size_t i = 0; i < report.missing_dates.size(); ++i)
      out << (i ? ", " : ": ") << report.missing_dates[i];
    out << (report.missing_days > static_cast<std::int64_t>(report.missing_dates.size()) ? ", …\n" : "\n");
  }
  for (const std::string& warning : report.warnings) out << "  warning:    " << warning << '\n';
}

void print_input(std::ostream& out, Segment& segment, const InputDefinition& input) {
  InputCatalog& catalog = *segment.catalog;
  const bool is_static = catalog.is_static(input.name);
  out << '\n' << input.name << (is_static ? " (static)" : " (daily)") << '\n';
  if (is_static) {
    const LayerPointer layer = catalog.layer_as_read(input.name, "check");
    if (const auto* report = catalog.report(input.name)) print_report(out, *report);
    if (!layer) {
      out << "  absent (required = false)\n";
      return;
    }
    print_values(out, statistics_of(*layer));
  } else if (!input.expressions.empty() || !input.method.empty()) {
    out << "  derived day by day: " << (input.method.empty() ? input.expressions.front() : input.method)
        << '\n';
  } else {
    const auto opened = segment.chain.sources.find(input.name);
    const auto source =
        opened == segment.chain.sources.end() ? catalog.source(input.name, "", "check") : opened->second;
    if (const auto* report = catalog.report(input.name)) print_report(out, *report);
    print_values(
        out, io::survey_values(*source, segment.chain.grid, segment.chain.time, engine::tbb_parallel_for()));
  }
}

bool makes(const Segment& segment, const std::string& variable) {
  for (const auto& stage : segment.chain.stages)
    for (const engine::DailyOutput& output : stage->outputs())
      if (output.variable == variable) return true;
  return false;
}

// The segment that reads an input, or null.
Segment* segment_reading(Preparation& job, const std::string& name) {
  for (const auto& segment : job.segments)
    if (segment->catalog->is_read(name) || makes(*segment, name)) return segment.get();
  return nullptr;
}

void print_inputs(std::ostream& out, Preparation& job) {
  std::vector<Segment*> readers;  // settled before describing an input reads it
  for (const InputDefinition& input : job.configuration.inputs)
    readers.push_back(segment_reading(job, input.name));
  for (std::size_t i = 0; i < readers.size(); ++i) {
    print_input(out, readers[i] ? *readers[i] : *job.segments.front(), job.configuration.inputs[i]);
    if (!readers[i]) out << "  unused:     nothing in this pipeline reads it; `run` leaves it closed\n";
  }
}

}  // namespace

void check_pipeline(const PipelineRequest& request, std::ostream& out) {
  const engine::ThreadLimit threads(request.jobs);
  auto job = prepare(read_configuration(resolve_pipeline_file(request.file, request.overrides)));
  if (job->segments.empty())
    throw core::Error(
        core::ErrorKind::usage,
        request.file.string() + ": has neither [[stage]] nor [[output]]; there is nothing to run");
  const core::TimeAxis& time = job->configuration.time;
  out << job->configuration.name << ": " << job->grid.rows() << " rows × " << job->grid.cols() << " columns, "
      << core::iso_date(time.first()) << " … " << core::iso_date(time.last()) << " (" << time.count()
      << " days)\n";
  print_inputs(out, *job);
  out << "\nproducts:";
  for (const OutputRequest& output : job->configuration.outputs) out << ' ' << output.variable;
  out << '\n';
  if (job->stations) out << "stations: " << job->stations->stations.size() << '\n';
  for (const std::string& note : job->notes()) out << "note: " << note << '\n';
  for (const std::string& warning : check_stations(*job)) out << "warning: " << warning << '\n';
  for (const std::string& warning : job->warnings()) out << "warning: " << warning << '\n';
  for (const auto& segment : job->segments) {
    engine::RunOptions options;
    options.threads = request.jobs;
    options.memory_bytes = request.memory_bytes;
    options.resident_bytes = segment->resident_bytes;
    out << "plan: " << engine::plan_blocks(segment->chain, options).explanation << '\n';
  }
  out << "the pipeline is ready to run\n";
}

}  // namespace rootzone::pipeline
