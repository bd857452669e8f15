#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace rootzone::io {

enum class Resampling { automatic, nearest, bilinear, average, mode };
/// Which instant of its interval a file's time stamp names.
enum class TimeLabel { automatic, start, centre, end };
enum class Cadence { automatic, daily, eight_day, dekadal, monthly, climatology_monthly, climatology_daily };
/// What happens to a value of a period longer than a day: a mean holds on each day, a total is shared out.
enum class PeriodValue { automatic, mean, total };
/// What a coordinate variable or a world file names: the cell's centre or its upper-left corner.
enum class CoordinateMeaning { automatic, centre, corner };
/// 29 February when the file's calendar lacks it.
enum class LeapDay { repeat, missing };

/// Keep a value only where a companion variable allows it.
struct MaskSpec {
  std::filesystem::path path;  ///< empty: the input's own file
  std::string variable;        ///< in a NetCDF file; a raster uses its band 1 (same {date} pattern rules)
  std::optional<std::uint32_t> bits;                ///< (value & bits) is compared with `keep` …
  std::vector<double> keep;                         ///< … without bits the value itself is; any match keeps
  std::optional<std::array<double, 2>> keep_range;  ///< or: kept where low ≤ value ≤ high
};

/// One horizon (top, bottom) or point (top = bottom) of a soil profile.
struct DepthLayer {
  std::filesystem::path path;
  std::string variable;
  double top_cm = 0.0;
  double bottom_cm = 0.0;
};

/// One input as the pipeline file words it, paths made absolute. Defaults mean: believe the file.
struct InputSpec {
  std::string name;
  /// A file, several, a glob, or a pattern with {date} (YYYYMMDD), {date:%Y-%m-%d…}, {year}, {month}, {day}.
  std::vector<std::filesystem::path> paths;
  std::string variable;      ///< empty: the only one with a grid
  int band = 1;              ///< of a raster that holds one date or layer
  std::string units;         ///< overrides the file's own
  std::string target_units;  ///< what the chain works in; empty: no conversion
  std::optional<double> scale;
  std::optional<double> offset;
  std::optional<double> nodata;
  std::optional<std::array<double, 2>> valid_range;  ///< in target units; outside is missing
  std::string crs;                                   ///< overrides the file's own; anything PROJ understands
  CoordinateMeaning coordinates = CoordinateMeaning::automatic;
  std::optional<bool> use_latlon;  ///< georeference from the lat/lon variables (true) or from x/y (false)
  Resampling resampling =
      Resampling::automatic;  ///< bilinear; average when 2 or more source cells fall in one
  TimeLabel label = TimeLabel::automatic;
  Cadence cadence = Cadence::automatic;
  PeriodValue period_value = PeriodValue::automatic;  ///< total for a length or mass without "per time"
  LeapDay leap_day = LeapDay::repeat;
  std::string calendar;  ///< overrides the file's own
  std::vector<MaskSpec> masks;
  std::vector<DepthLayer> layers;                 ///< static: instead of `paths`
  std::optional<std::array<double, 2>> depth_cm;  ///< average the layers over [top, bottom]
  /// Static class maps: CSV with a header; column `lookup_key` is matched, `lookup_value` taken.
  std::filesystem::path lookup_table;
  std::string lookup_key;
  std::string lookup_value;
  /// Static: 1 where the file has any value, 0 where it has none, before the warp: shares of a catchment map.
  bool coverage = false;
  /// No record on any day of the axis: all days are missing (a night whose file did not come) instead of an
  /// error.
  bool may_have_no_day = false;
  bool required = true;  ///< false: a missing file yields nothing, so that a fallback may serve
};

}  // namespace rootzone::io
