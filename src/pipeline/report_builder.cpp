#include "report_builder.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>

#include "report_products.hpp"
#include "report_words.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/io/crs.hpp"
#include "rootzone/io/outline.hpp"
#include "rootzone/io/png.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "rootzone/pipeline/numbers.hpp"
#include "rootzone/pipeline/report.hpp"

namespace rootzone::pipeline {
namespace {

std::vector<double> day_numbers(const core::TimeAxis& time) {
  std::vector<double> days;
  for (std::int64_t step = 0; step < time.count(); ++step)
    days.push_back(static_cast<double>(time.day_number_at(step)));
  return days;
}

const AreaSeries* basin_of(const RunRecord& record, const std::string& variable) {
  const auto found = record.series.find(variable);
  return found == record.series.end() || found->second.empty() ? nullptr : &found->second.front();
}

void add_overlay(const Preparation& job, const RunRecord& record, ReportData& data) {
  if (job.configuration.area && !job.configuration.area->outline.empty())
    data.overlay.outlines = io::outline_polylines(job.configuration.area->outline,
                                                  job.configuration.area->outline_layer, job.grid);
  std::vector<io::LonLat> points;
  for (std::size_t i = 0; i < record.scores.stations.size(); ++i)
    points.push_back({record.scores.longitude[i], record.scores.latitude[i]});
  const auto places = io::locate(job.grid, points);
  for (std::size_t i = 0; i < places.size(); ++i)
    if (places[i])
      data.overlay.stations.push_back({record.scores.stations[i].station,
                                       job.grid.extent().xmin + places[i]->fractional_col * job.grid.dx(),
                                       job.grid.extent().ymax - places[i]->fractional_row * job.grid.dy()});
}

void add_maps(const Preparation& job, const RunRecord& record, ReportData& data) {
  if (job.configuration.grid.stations) return;
  for (const Product& product : record.products)
    if (product.kept || product.request.cog)
      data.products.push_back(report_product(product, basin_of(record, product.spec.variable)));
  for (float share : job.inside) data.domain.push_back(share > 0.0F ? 1 : 0);
  if (data.domain.empty()) {
    data.domain = cells_with_values(data.products, job.grid.cells());
    data.domain_name = "cells with values";
  }
  add_overlay(job, record, data);
}

void add_flags(const RunRecord& record, ReportData& data) {
  for (const Product& product : record.products)
    for (const engine::RunSummary& summary : record.summaries) {
      const auto found = summary.flags.find(product.spec.variable);
      if (found == summary.flags.end() || !(product.kept || product.request.cog)) continue;
      data.flags[product.spec.variable] = counts_inside(product, found->second, data.domain);
    }
}

void add_basin_series(const Preparation& job, const RunRecord& record, ReportData& data) {
  for (const Product& product : record.products) {
    const auto found = record.series.find(product.spec.variable);
    if (found == record.series.end() || product.spec.axis.kind != io::StepAxis::Kind::days) continue;
    const AreaSeries& basin = found->second.front();
    BasinSeries series;
    series.name = sentence_case(product.spec.long_name);
    series.units = product.spec.units;
    series.days = day_numbers(*product.spec.axis.time);
    series.mean = basin.mean;
    const auto& probabilities = job.configuration.area->quantiles;
    if (probabilities.size() >= 2) {
      series.low = basin.quantiles.front();
      series.high = basin.quantiles.back();
      series.band_name = format_number(100.0 * probabilities.front()) + "–" +
                         format_number(100.0 * probabilities.back()) + " % of the area";
    }
    for (std::size_t zone = 1; zone < found->second.size(); ++zone)
      series.zones.emplace_back(found->second[zone].zone, found->second[zone].mean);
    data.basin_series.push_back(std::move(series));
  }
}

// An index without a line fitted at this station has no level here that could be compared.
bool comparable(const study::StationData& station, const study::ProductSeries& product,
                const study::ValidationResult& result) {
  return product.unit != study::ProductUnit::index ||
         std::any_of(result.maps.begin(), result.maps.end(), [&](const study::FittedMap& map) {
           return map.station == station.station && map.product == product.product;
         });
}

StationSeries station_series(const study::StationData& station, const std::vector<double>& days,
                             const study::ValidationResult& result) {
  StationSeries series;
  series.station = station.station;
  series.units = "m3 m-3";
  series.days = days;
  series.observed.assign(station.reference.begin(), station.reference.end());
  for (const auto& product : station.products) {
    if (!comparable(station, product, result)) continue;
    std::vector<double> values(product.values.begin(), product.values.end());
    for (const study::FittedMap& map : result.maps)
      if (map.station == station.station && map.product == product.product)
        for (double& value : values) value = map.map.intercept + map.map.slope * value;
    series.products.emplace_back(product.product, std::move(values));
  }
  const auto split = static_cast<std::size_t>(result.calibration_days);
  if (split < days.size()) series.validation_starts = days[split];
  return series;
}

void add_stations(const Preparation& job, const RunRecord& record, ReportData& data) {
  const std::vector<double> days = day_numbers(job.configuration.time);
  for (const study::StationData& station : record.scores.stations)
    data.station_series.push_back(station_series(station, days, record.scores.result));
  for (const Product& product : record.products)
    if (product.info.fitted_at_station && !product.info.validates_as.empty() && !data.station_series.empty())
      data.fitted_products.push_back(product.info.validates_as);
  for (const study::ValidationRow& row : record.scores.result.rows) {
    const auto estimate = [](const stats::MetricValue& metric) {
      return MetricEstimate{metric.value, metric.low, metric.high};
    };
    const stats::Metrics& m = row.metrics;
    data.metrics.push_back({row.station, row.product, std::string(study::period_name(row.period)), m.n,
                            estimate(m.rmse), estimate(m.bias), estimate(m.ubrmse), estimate(m.pearson_r),
                            estimate(m.spearman_rho), estimate(m.nse), estimate(m.r2),
                            estimate(m.r2_adjusted), estimate(m.kge), estimate(m.slope),
                            estimate(m.intercept)});
  }
}

// A layer of the water books, summed up by the run or read back where it is a product.
std::optional<LayerSummary> book_layer(const RunRecord& record, const std::string& variable) {
  if (const auto found = record.layers.find(variable); found != record.layers.end()) return found->second;
  for (const Product& product : record.products) {
    if (product.spec.variable != variable) continue;
    const auto reader = io::open_product(product.spec, product.folder);
    LayerSummary summary;
    summary.add(reader->read_step(0), reader->read_flags(0));
    return summary;
  }
  return std::nullopt;
}

void add_balance(const RunRecord& record, ReportData& data) {
  std::array<LayerSummary, water_book_layers.size()> books;
  for (std::size_t i = 0; i < books.size(); ++i) {
    const auto layer = book_layer(record, std::string(water_book_layers[i]));
    if (!layer || layer->cells == 0) return;
    books[i] = *layer;
  }
  data.balances.push_back({"mass curve", books[0].mean(), books[1].mean(), books[2].mean(), books[3].mean(),
                           books[0].cells, books[0].non_closing});
}

// Means of the basin and its sub-basins where the product has few steps.
void add_zone_tables(const RunRecord& record, ReportData& data) {
  ReportSection section{"Basin and sub-basins", {}, {}, {}};
  for (const Product& product : record.products) {
    const auto found = record.series.find(product.spec.variable);
    const io::StepAxis& axis = product.spec.axis;
    if (found == record.series.end() || axis.kind == io::StepAxis::Kind::days || axis.count() > 24) continue;
    ReportTable table;
    const std::string unit = pretty_units(product.spec.units);
    table.title = sentence_case(product.spec.long_name) + (unit.empty() ? "" : " (" + unit + ")");
    table.columns = {axis.count() > 1 ? "Layer" : "Zone"};
    const bool wide = axis.count() > 1;  // a row for each layer, a column for each zone
    if (!wide) {
      table.columns.insert(table.columns.end(), {"Mean", "Area with values"});
      for (const AreaSeries& zone : found->second)
        table.rows.push_back(
            {zone.zone, format_number(zone.mean[0]), format_share(zone.valid_share[0], 1.0)});
    } else {
      for (const AreaSeries& zone : found->second) table.columns.push_back(zone.zone);
      for (std::int64_t step = 0; step < axis.count(); ++step) {
        table.rows.push_back({step_label(axis, step, product.segment->chain.time)});
        for (const AreaSeries& zone : found->second)
          table.rows.back().push_back(format_number(zone.mean[static_cast<std::size_t>(step)]));
      }
    }
    section.tables.push_back(std::move(table));
  }
  if (section.tables.empty()) return;
  section.paragraphs = {
      "Means weighted by area over the cells with values; series/ holds their quantiles too."};
  data.sections.push_back(std::move(section));
}

void add_inputs(const Preparation& job, ReportData& data) {
  std::set<std::string> seen;
  for (const auto& segment : job.segments)
    for (const io::InputReport& report : segment->catalog->reports())
      if (seen.insert(report.name).second) data.inputs.push_back({report, std::nullopt});
}

void add_provenance(const Preparation& job, const RunRecord& record, ReportData& data) {
  data.provenance = {{"Program", "rootzone " + program_version()},
                     {"Command", record.command_line},
                     {"Parameters (SHA-256)", parameters_hash(job.configuration)}};
  for (const nlohmann::json& stage : job.configuration.stages)
    data.steps.push_back(stage_sentence(stage, job.configuration.time));
}

}  // namespace

void write_report(const Preparation& job, RunRecord& record) {
  ReportData data;
  data.title = job.configuration.title.empty() ? job.configuration.name : job.configuration.title;
  data.pipeline_name = job.configuration.name;
  data.program_version = program_version();
  data.first_date = core::iso_date(job.configuration.time.first());
  data.last_date = core::iso_date(job.configuration.time.last());
  data.calendar = job.configuration.time.calendar();
  if (!job.configuration.grid.stations) data.grid = job.grid;  // a row of stations is no map
  data.crs_name =
      job.configuration.grid.stations ? "one cell for each station" : io::crs_title(job.grid.crs_wkt());
  if (!job.grid.crs_wkt().empty())
    data.cell_units = io::is_geographic(job.grid.crs_wkt())            ? "°"
                      : io::metres_per_unit(job.grid.crs_wkt()) == 1.0 ? "m"
                                                                       : "";
  add_maps(job, record, data);
  add_basin_series(job, record, data);
  add_stations(job, record, data);
  add_flags(record, data);
  add_balance(record, data);
  add_zone_tables(record, data);
  add_inputs(job, data);
  if (job.stations) data.warnings = job.stations->warnings;
  const std::vector<std::string> before = job.warnings();  // those of inputs come with their reports
  for (const std::string& warning : record.warnings)
    if (std::find(before.begin(), before.end(), warning) == before.end()) data.warnings.push_back(warning);
  if (!record.notes.empty()) data.sections.push_back({"Notes of the stages", record.notes, {}, {}});
  for (const auto& segment : job.segments)
    for (const auto& sections : segment->sections)
      for (ReportSection& section : sections()) data.sections.push_back(std::move(section));
  add_provenance(job, record, data);
  const auto path = record.out / "report.html";
  io::write_file_atomically(path, render_report(data, io::encode_indexed_png));
  record.files.push_back(path);
}

}  // namespace rootzone::pipeline
