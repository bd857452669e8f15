#include "preparation.hpp"

#include <algorithm>

#include "rootzone/core/error.hpp"
#include "rootzone/core/suggest.hpp"
#include "rootzone/io/crs.hpp"
#include "rootzone/io/outline.hpp"
#include "rootzone/io/sha256.hpp"
#include "stage_context.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;

// The days of a stage: those of the run, unless it has a record of its own.
core::TimeAxis days_of(const nlohmann::json& settings, const core::TimeAxis& run) {
  const auto date = [&](const char* key, const core::Date& otherwise) {
    return settings.contains(key) ? *core::parse_iso_date(settings.at(key).get<std::string>()) : otherwise;
  };
  return core::TimeAxis(date("record_start", run.first()), date("record_end", run.last()), run.calendar());
}

void refuse_own_record(const nlohmann::json& settings) {
  for (const char* key : {"record_start", "record_end"})
    if (settings.contains(key))
      throw Error(ErrorKind::usage,
                  std::string(key) +
                      " is not for `update`, which brings all stages to one day; give the stage a "
                      "pipeline of its own whose [time] start is that of its record");
}

Segment& segment_for(Preparation& job, const core::TimeAxis& days) {
  for (const auto& segment : job.segments)
    if (segment->record == days) return *segment;
  job.segments.push_back(std::make_unique<Segment>());
  Segment& segment = *job.segments.back();
  segment.chain.grid = job.grid;
  segment.record = days;
  segment.chain.time =
      core::TimeAxis(job.options.window_start.value_or(days.first()), days.last(), days.calendar());
  segment.catalog =
      std::make_unique<InputCatalog>(job.configuration, job.grid, segment.chain.time, job.inside,
                                     job.configuration.grid.stations ? job.stations.get() : nullptr);
  for (const MadeLayer& layer : job.made_layers) segment.catalog->add_made_layer(layer);
  if (job.options.window_start) segment.catalog->allow_days_without_record();
  return segment;
}

// A stage's layers can be read by the stages after it, whatever their days.
void share_layers(Preparation& job, const std::vector<MadeLayer>& layers) {
  for (const MadeLayer& layer : layers) {
    if (job.segments.front()->catalog->find(layer.name))
      throw Error(ErrorKind::usage, "an input or an earlier stage is called '" + layer.name +
                                        "' already; give this stage a suffix = \"…\"");
    for (const auto& segment : job.segments) segment->catalog->add_made_layer(layer);
    job.made_layers.push_back(layer);
  }
}

void add_stages(Preparation& job) {
  for (std::size_t i = 0; i < job.configuration.stages.size(); ++i) {
    const nlohmann::json& settings = job.configuration.stages[i];
    const std::string kind = settings.at("kind").get<std::string>();
    try {
      if (job.options.window_start) refuse_own_record(settings);
      Segment& segment = segment_for(job, days_of(settings, job.configuration.time));
      StageContext context(segment);
      PreparedStage prepared = stage_factory(kind)(settings, context);
      const std::vector<MadeLayer> made = prepared.made_layers;
      context.add(std::move(prepared));
      share_layers(job, made);
    } catch (Error& error) {
      error.add_context("[[stage]] " + std::to_string(i + 1) + " (" + kind + ")");
      throw;
    }
  }
}

void check_names(const Preparation& job) {
  std::vector<std::string> names;
  for (const auto& segment : job.segments)
    for (const VariableInfo& info : segment->variables) names.push_back(info.variable);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end())
    throw Error(ErrorKind::usage,
                "two stages make '" + *twice + "'; give one of them another name with output = \"…\"");
}

[[noreturn]] void refuse_output(const Preparation& job, const std::string& variable) {
  std::vector<std::string> names;
  for (const auto& segment : job.segments)
    for (const VariableInfo& info : segment->variables) names.push_back(info.variable);
  throw Error(ErrorKind::usage,
              "[[output]] no stage makes '" + variable + "'." + core::did_you_mean(variable, names));
}

void check_outputs(Preparation& job) {
  std::vector<std::string> seen;
  for (const OutputRequest& output : job.configuration.outputs) {
    if (std::find(seen.begin(), seen.end(), output.variable) != seen.end())
      throw Error(ErrorKind::usage, "[[output]] '" + output.variable + "' is asked for twice; join the two");
    seen.push_back(output.variable);
    if (job.segment_of(output.variable)) continue;
    Segment& segment = segment_for(job, job.configuration.time);
    const InputDefinition* input = segment.catalog->find(output.variable);
    if (!input || segment.catalog->is_static(output.variable)) refuse_output(job, output.variable);
    StageContext context(segment);
    context.require_daily(output.variable, input->to_units, "[[output]]");
    segment.variables.push_back(context.describe(output.variable));
  }
}

bool is_read(const Preparation& job, const Segment& segment, const std::string& variable) {
  const auto& outputs = job.configuration.outputs;
  if (std::any_of(outputs.begin(), outputs.end(),
                  [&](const OutputRequest& output) { return output.variable == variable; }))
    return true;
  return std::any_of(segment.chain.stages.begin(), segment.chain.stages.end(), [&](const auto& stage) {
    const auto inputs = stage->inputs();
    return std::find(inputs.begin(), inputs.end(), variable) != inputs.end();
  });
}

void drop_unread_stages(const Preparation& job, Segment& segment) {
  for (const auto& [optional, bytes] : segment.optional_stages) {
    const auto outputs = optional->outputs();
    if (std::any_of(outputs.begin(), outputs.end(),
                    [&](const auto& output) { return is_read(job, segment, output.variable); }))
      continue;
    for (const auto& output : outputs)
      std::erase_if(segment.variables,
                    [&](const VariableInfo& info) { return info.variable == output.variable; });
    segment.resident_bytes -= bytes;
    segment.surveys.erase(optional);
    std::erase_if(segment.chain.stages, [stage = optional](const auto& one) { return one.get() == stage; });
  }
}

void read_area(Preparation& job) {
  if (!job.configuration.area) return;
  const AreaSettings& area = *job.configuration.area;
  if (!area.outline.empty()) job.inside = io::rasterize_outline(area.outline, area.outline_layer, job.grid);
  if (area.zones.empty()) return;
  io::Zones zones = io::rasterize_zones(area.zones, area.zone_layer, area.zone_name, job.grid);
  job.zones.names = std::move(zones.names);
  job.zones.index = std::move(zones.index);
}

/// Name and checksum of everything beside the inputs that shapes the numbers.
void note_setting_files(Preparation& job) {
  std::vector<SettingFile> files;
  for (const auto& segment : job.segments)
    files.insert(files.end(), segment->setting_files.begin(), segment->setting_files.end());
  for (const InputDefinition& input : job.configuration.inputs)
    if (!input.files.lookup_table.empty())
      files.push_back({"lookup of " + input.name, input.files.lookup_table, ""});
  if (job.configuration.area) {
    const AreaSettings& area = *job.configuration.area;
    if (!area.outline.empty()) files.push_back({"area outline", area.outline, ""});
    if (!area.zones.empty()) files.push_back({"area zones", area.zones, ""});
  }
  for (SettingFile& file : files) {
    std::error_code error;
    if (std::filesystem::is_regular_file(file.path, error)) file.sha256 = io::sha256_of_file(file.path);
    const auto known =
        std::find_if(job.configuration.setting_files.begin(), job.configuration.setting_files.end(),
                     [&](const SettingFile& one) { return one.role == file.role && one.path == file.path; });
    if (known == job.configuration.setting_files.end()) job.configuration.setting_files.push_back(file);
  }
}

}  // namespace

Segment* Preparation::segment_of(const std::string& variable) const {
  for (const auto& segment : segments)
    for (const VariableInfo& info : segment->variables)
      if (info.variable == variable) return segment.get();
  return nullptr;
}

std::vector<std::string> Preparation::warnings() const {
  std::vector<std::string> all;
  if (stations) all = stations->warnings;
  for (const auto& segment : segments)
    for (const io::InputReport& report : segment->catalog->reports())
      for (const std::string& warning : report.warnings) {
        const std::string line = report.name + ": " + warning;
        if (std::find(all.begin(), all.end(), line) == all.end()) all.push_back(line);
      }
  return all;
}

std::vector<std::string> Preparation::notes() const {
  std::vector<std::string> all;
  for (const auto& segment : segments) all.insert(all.end(), segment->notes.begin(), segment->notes.end());
  return all;
}

core::Grid model_grid(const Configuration& configuration, const StationData* stations) {
  const GridSettings& grid = configuration.grid;
  try {
    if (grid.stations) {
      const auto count = static_cast<std::int64_t>(stations->stations.size());
      return core::Grid("", {0.0, 0.0, static_cast<double>(count), 1.0}, 1, count);
    }
    if (!grid.like.empty()) return io::grid_like(grid.like);
    return core::Grid::from_resolution(io::parse_crs(grid.crs), *grid.extent, grid.resolution[0],
                                       grid.resolution[1]);
  } catch (Error& error) {
    error.add_context("[grid]");
    throw;
  }
}

std::unique_ptr<Preparation> prepare(const Configuration& configuration, const PrepareOptions& options) {
  auto job = std::make_unique<Preparation>(configuration);
  job->options = options;
  if (job->configuration.validation)
    job->stations = std::make_unique<StationData>(
        read_station_data(*job->configuration.validation, job->configuration.time));
  job->grid = model_grid(job->configuration, job->stations.get());
  read_area(*job);
  segment_for(*job, job->configuration.time);
  add_stages(*job);
  check_names(*job);
  check_outputs(*job);
  for (const auto& segment : job->segments) drop_unread_stages(*job, *segment);
  std::erase_if(job->segments, [](const auto& segment) {
    return segment->chain.stages.empty() && segment->chain.sources.empty();
  });
  for (const auto& segment : job->segments) {
    segment->resident_bytes += segment->catalog->resident_bytes();
    if (options.sums_layers) segment->layer_checksums = segment->catalog->layer_checksums();
  }
  note_setting_files(*job);
  return job;
}

}  // namespace rootzone::pipeline
