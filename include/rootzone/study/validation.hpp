#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rootzone/core/flags.hpp"
#include "rootzone/stats/linear_map.hpp"
#include "rootzone/stats/metrics.hpp"

namespace rootzone::study {

enum class ProductUnit {
  volumetric,  ///< m3 m-3: compared as it is
  index  ///< a soil water index: mapped to m3 m-3 by a line fitted at the station on the calibration period
};

/// An estimate at a station's place.
struct ProductSeries {
  std::string product;                ///< "smar", "exponential_filter", …
  std::vector<float> values;          ///< per model day, NaN = missing
  std::vector<core::FlagBits> flags;  ///< as many, or none
  ProductUnit unit = ProductUnit::volumetric;
};

/// A station and everything compared with it.
struct StationData {
  std::string station;
  std::vector<float> reference;  ///< m3 m-3 per model day, NaN = missing (study/station_series.hpp)
  std::vector<ProductSeries> products;
};

enum class ComparedDays {
  common,  ///< the same days for all products of a station, so that their numbers can be compared
  own      ///< every day a product has
};

/// Scaled twins of each product, fitted on the calibration period of the station; they come beside the
/// unscaled ones, named
/// "<product>+mean_std" and "<product>+cdf".
enum class Scaling { none, mean_std, cdf };

struct ValidationOptions {
  stats::MetricOptions metrics;
  /// Days of the axis that are calibration, counted from its start. Unset: the first two thirds of those days
  /// on which any station has a reference.
  std::optional<std::int64_t> calibration_days;
  core::FlagBits excluded_flags = core::bits(core::Flag::spinning_up);  ///< days not compared
  ComparedDays days = ComparedDays::common;
  Scaling scaling = Scaling::none;
  bool baselines = true;  ///< constant_mean and station_mean
};

enum class ValidationPeriod { calibration, validation };
std::string_view period_name(ValidationPeriod period);

/// A row of metrics.csv.
struct ValidationRow {
  std::string station;
  std::string product;
  ValidationPeriod period = ValidationPeriod::validation;
  stats::Metrics metrics;
  std::string note;  ///< why there are no numbers ("not enough data"), or the line an index was mapped with
};

/// The line that took an index to m3 m-3 at a station.
struct FittedMap {
  std::string station;
  std::string product;
  stats::LinearMap map;
};

struct ValidationResult {
  std::int64_t calibration_days = 0;  ///< validation begins on this step of the axis
  std::vector<ValidationRow> rows;    ///< by station, period, product, in the order given; the baselines last
  std::vector<FittedMap> maps;
};

/// Judge products at stations, in m3 m-3, on the calibration and the validation period apart (the numbers
/// that count are the validation's). Beside the given products come, as constants, `station_mean`, the mean
/// of the station's own reference over the calibration period, and `constant_mean`, the mean of those means
/// over all other stations: what could be mapped without this one. A product with fewer than min_pairs days
/// does not limit the common days of the others. Every combination gives a row; without enough data it has no
/// numbers and a note. Throws std::invalid_argument for series of differing length or a split outside the
/// axis. Pure.
ValidationResult validate_stations(std::span<const StationData> stations,
                                   const ValidationOptions& options = {});

/// The split used where none is set: two thirds of the days on which any station has a reference lie before
/// it.
std::int64_t default_calibration_days(std::span<const StationData> stations);

/// The columns of metrics.csv: station, product, period, n, the metrics; then each metric's _low and _high;
/// then kge_2012 with its bounds, and note.
std::vector<std::string> metrics_csv_columns();
/// A row's fields in that order; undefined numbers are empty.
std::vector<std::string> metrics_csv_fields(const ValidationRow& row);

}  // namespace rootzone::study
