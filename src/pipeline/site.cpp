#include <array>
#include <filesystem>
#include <ostream>

#include "memory_sink.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/io/series_csv.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "rootzone/pipeline/resolve.hpp"
#include "stage_context.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;

// Column of the series CSV → the name that stages read.
constexpr std::array<std::pair<const char*, const char*>, 5> column_variables{
    {{"precipitation_mm", "precipitation"},
     {"potential_evapotranspiration_mm", "potential_evapotranspiration"},
     {"evaporation_mm", "evaporation"},
     {"surface_soil_moisture", "surface_soil_moisture"},
     {"air_temperature_c", "air_temperature"}}};

/// One stage on one cell, its results in memory.
struct Site {
  Configuration configuration;
  Segment segment;
  std::map<std::string, std::shared_ptr<MemorySink>> sinks;
};

void add_series(const io::SeriesTable& table, const std::string& file, const core::TimeAxis& time,
                InputCatalog& catalog) {
  std::map<std::string, std::string> columns;
  for (const auto& [column, variable] : column_variables) columns[variable] = column;
  catalog.set_columns(file, std::move(columns));
  for (const auto& [column, variable] : column_variables) {
    if (!table.has(column)) continue;
    const std::vector<double> days = io::series_on_axis(table, column, time);
    catalog.add_memory_source(variable, {std::vector<float>(days.begin(), days.end())});
  }
}

void add_sinks(Site& site) {
  for (const VariableInfo& info : site.segment.variables) {
    const std::int64_t steps = info.axis ? info.axis->count() : site.segment.chain.time.count();
    site.sinks[info.variable] = std::make_shared<MemorySink>(steps, 1, 1);
    site.segment.chain.sinks[info.variable] = site.sinks[info.variable];
  }
}

std::string flag_words(core::FlagBits flags) {
  std::string words;
  for (const core::FlagMeaning& meaning : core::flag_meanings)
    if (core::has(flags, meaning.flag)) words += (words.empty() ? "" : " ") + std::string(meaning.name);
  return words;
}

std::string daily_table(const Site& site) {
  std::vector<std::string> header{"date"};
  std::vector<const MemorySink*> columns;
  for (const VariableInfo& info : site.segment.variables) {
    if (info.axis) continue;
    header.push_back(info.variable);
    columns.push_back(site.sinks.at(info.variable).get());
  }
  header.emplace_back("flags");
  io::CsvWriter csv(header);
  for (std::int64_t step = 0; step < site.segment.chain.time.count(); ++step) {
    const auto i = static_cast<std::size_t>(step);
    core::FlagBits flags = 0;
    csv.field(core::iso_date(site.segment.chain.time.date(step)));
    for (const MemorySink* column : columns) {
      csv.field(column->values[i]);
      flags = static_cast<core::FlagBits>(flags | column->flags[i]);
    }
    csv.field(flag_words(flags));
    csv.end_row();
  }
  return csv.text();
}

std::string layer_table(const Site& site, const VariableInfo& info) {
  const MemorySink& sink = *site.sinks.at(info.variable);
  const std::array<std::string, 3> header{info.axis->name, info.variable, "flags"};
  io::CsvWriter csv(header);
  for (std::size_t layer = 0; layer < sink.values.size(); ++layer) {
    const auto step = static_cast<std::int64_t>(layer);
    if (info.axis->kind == io::StepAxis::Kind::values)
      csv.field(info.axis->values[layer]);
    else
      csv.field(info.axis->file_label(step));
    csv.field(sink.values[layer]).field(flag_words(sink.flags[layer]));
    csv.end_row();
  }
  return csv.text();
}

void write_tables(const Site& site, const SiteRequest& request, std::ostream& out) {
  if (request.out.empty()) {
    out << daily_table(site);
    return;
  }
  io::make_folder(request.out);
  io::write_file_atomically(request.out / "daily.csv", daily_table(site));
  for (const VariableInfo& info : site.segment.variables)
    if (info.axis) io::write_file_atomically(request.out / (info.variable + ".csv"), layer_table(site, info));
  out << request.out.string() << '\n';
}

}  // namespace

void run_site(const SiteRequest& request, std::ostream& out) {
  const io::SeriesTable table = io::read_series_csv(request.series);
  if (table.dates.empty()) throw Error(ErrorKind::data, request.series.string() + ": holds no days");
  Site site;
  Segment& segment = site.segment;
  segment.chain.grid = core::Grid("", {0.0, 0.0, 1.0, 1.0}, 1, 1);
  segment.chain.time = core::TimeAxis(table.dates.front(), table.dates.back());
  segment.record = segment.chain.time;
  segment.catalog = std::make_unique<InputCatalog>(site.configuration, segment.chain.grid, segment.chain.time,
                                                   std::vector<float>(), nullptr);
  add_series(table, request.series.string(), segment.chain.time, *segment.catalog);
  StageContext context(segment);
  context.add(stage_factory(request.stage)(resolve_stage(request.stage, request.settings), context));
  add_sinks(site);
  engine::RunOptions options;
  options.threads = 1;
  engine::run(segment.chain, options, std::filesystem::temp_directory_path().string());
  write_tables(site, request, out);
}

}  // namespace rootzone::pipeline
