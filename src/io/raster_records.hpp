#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gdal_handles.hpp"
#include "rootzone/core/calendar.hpp"
#include "rootzone/io/input_spec.hpp"
#include "rootzone/io/native_stack.hpp"

namespace rootzone::io {

/// One 2-D record: a band of a file, and when it holds.
struct RasterRecord {
  std::size_t file = 0;
  int band = 1;
  RecordTime time;
};

struct RasterRecords {
  std::vector<std::filesystem::path> files;
  std::vector<RasterRecord> records;  ///< sorted by stamp
  bool has_times = false;             ///< false: one record without date
  core::Calendar calendar = core::Calendar::standard;
};

/// The input's `calendar`, standard if it names none. Throws Error(usage) if it is not a CF calendar.
core::Calendar calendar_of(const InputSpec& spec);

/// Find the files and the date of each record: by the pattern of the name, by ISO dates in the band
/// descriptions, by the one date in each name of a list, or, for a climatology, by the order of the bands.
/// Throws Error(data) if nothing is there, if dates are missing among several files, or if two records claim
/// one date.
RasterRecords find_raster_records(const InputSpec& spec);

/// A date at the start of a text, with or without a time: "2016-01-31", "2016-01-31T06:00". Days since
/// 1970-01-01.
std::optional<double> leading_instant(const std::string& text, core::Calendar calendar);

}  // namespace rootzone::io
