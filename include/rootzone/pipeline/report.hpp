#pragma once
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "rootzone/core/calendar.hpp"
#include "rootzone/core/grid.hpp"
#include "rootzone/engine/run.hpp"
#include "rootzone/io/input.hpp"
#include "rootzone/pipeline/colour_ramp.hpp"
#include "rootzone/pipeline/map_image.hpp"
#include "rootzone/pipeline/svg_chart.hpp"

namespace rootzone::pipeline {

/// One layer of a product: a date, a mean, a return period.
struct ReportMap {
  std::string label;          ///< "2016-01-31", "20 years"
  std::vector<float> values;  ///< rows × cols of the report's grid, row 0 north, NaN = missing
};

struct ReportProduct {
  std::string variable;   ///< "root_zone_soil_moisture"
  std::string long_name;  ///< "Root-zone soil moisture"
  std::string units;
  std::string note;  ///< a sentence under the title, or nothing
  std::vector<ReportMap> maps;
  std::optional<VariableStyle> style;  ///< else by `find_style`, else fitted to all its maps together
};

/// The basin over time: mean over the cells and, if low and high are given, a band of quantiles.
struct BasinSeries {
  std::string name;
  std::string units;
  std::vector<double> days;  ///< since 1970-01-01 of the report's calendar, ascending; NaN in the rest = gap
  std::vector<double> mean;
  std::vector<double> low;
  std::vector<double> high;
  std::string band_name;  ///< "10–90 % of the cells"
  std::vector<std::pair<std::string, std::vector<double>>> zones =
      {};  ///< mean of each sub-basin, a value a day
};

/// What was measured and what was estimated at one station.
struct StationSeries {
  std::string station;
  std::string units;
  std::vector<double> days;
  std::vector<double> observed;
  std::vector<std::pair<std::string, std::vector<double>>> products;  ///< name, one value per day
  std::optional<double> validation_starts;                            ///< day; before it lies the calibration
};

/// A metric with its confidence interval; NaN = not known.
struct MetricEstimate {
  double value = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};

/// A row of stations/metrics.csv. All metrics NaN = not enough data.
struct MetricRow {
  std::string station;
  std::string product;  ///< "smar", "exponential_filter", "constant_mean", "station_mean", …
  std::string period;   ///< "calibration" or "validation"
  std::int64_t n = 0;
  MetricEstimate rmse;
  MetricEstimate bias;
  MetricEstimate ubrmse;
  MetricEstimate pearson_r;
  MetricEstimate spearman_rho;
  MetricEstimate nse;
  MetricEstimate r2;
  MetricEstimate r2_adjusted;
  MetricEstimate kge;
  MetricEstimate slope;
  MetricEstimate intercept;
};

/// The water books of a storage stage, means over the record and the cells in mm a year. Closure: inflow −
/// outflow − overflow + change of the deficit = 0 (the residual, computed here).
struct WaterBalance {
  std::string name;
  double inflow_mm_per_year = 0.0;
  double outflow_mm_per_year = 0.0;
  double overflow_mm_per_year = 0.0;
  double deficit_growth_mm_per_year = 0.0;
  std::int64_t cells = 0;
  std::int64_t non_closing_cells = 0;
};

struct ReportInput {
  io::InputReport report;
  std::optional<io::InputStatistics> statistics;
};

struct ReportTable {
  std::string title;
  std::string caption;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  std::size_t text_columns = 1;  ///< so many from the left are words; the rest are numbers, set right
};

/// Anything more: its own heading, words, tables, charts.
struct ReportSection {
  std::string title;
  std::vector<std::string> paragraphs;
  std::vector<ReportTable> tables;
  std::vector<std::variant<LineChart, ScatterChart>> charts;
};

struct ReportData {
  std::string title;
  std::string pipeline_name;
  std::string program_version;
  std::string first_date;  ///< ISO; empty: no time axis
  std::string last_date;
  core::Calendar calendar = core::Calendar::standard;
  core::Grid grid;
  std::string crs_name;              ///< "EPSG:3035 (ETRS89-extended / LAEA Europe)"
  std::string cell_units;            ///< of the grid's steps: "m", "°"
  std::vector<std::uint8_t> domain;  ///< rows × cols, 0 = outside the basin; empty: every cell counts
  std::string domain_name = "cells inside";  ///< what the domain's cells are
  std::vector<std::string> steps;            ///< what ran, a line per stage
  std::vector<std::string> warnings;         ///< those of inputs are added by themselves
  std::vector<ReportProduct> products;
  MapOverlay overlay;
  std::vector<BasinSeries> basin_series;
  std::vector<StationSeries> station_series;
  std::vector<MetricRow> metrics;
  /// Products that a line fitted at each station took to its own range: they have seen its calibration part.
  std::vector<std::string> fitted_products;
  std::string metric_units = "m3 m-3";          ///< of rmse, bias, ubrmse, intercept
  std::string interval_name = "95 % interval";  ///< what low and high mean
  /// By variable, over the domain. by_flag empty: the product carries no flags.
  std::map<std::string, engine::FlagCounts> flags;
  std::vector<WaterBalance> balances;
  std::vector<ReportInput> inputs;
  std::vector<ReportSection> sections;
  std::vector<std::pair<std::string, std::string>> provenance;  ///< "Parameter hash" → "ab12…", "Command" → …
};

/// The report as one HTML page (well-formed XML as well): nothing to fetch, no script, light and dark, phone
/// and desk, printable. Parts without data are left out. No clock is read: the same text for the same data.
/// Throws core::Error(internal) if a map does not have the grid's cells or a series' arrays differ in length.
std::string render_report(const ReportData& data, const PngEncoder& encode_png);

/// What the metrics say of each product against each other one, in sentences with counts and medians over the
/// stations that have both; of the validation period, or of the calibration period where there is no other.
std::vector<std::string> comparison_sentences(std::span<const MetricRow> metrics, const std::string& units);

/// Which of `count` layers to show when not all fit: first, middle, last.
std::vector<std::int64_t> steps_to_show(std::int64_t count);

}  // namespace rootzone::pipeline
