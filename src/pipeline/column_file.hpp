#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "rootzone/core/time_axis.hpp"
#include "rootzone/io/series_csv.hpp"
#include "rootzone/soil/richards_column.hpp"

namespace rootzone::pipeline {

/// A column file and its series, read and joined.
struct ColumnCase {
  std::string name;
  core::TimeAxis days{core::Date{2000, 1, 1}, core::Date{2000, 1, 1}};
  io::SeriesTable series;
  soil::ColumnGrid grid = soil::ColumnGrid::graded_50cm();
  soil::ColumnForcing forcing;
  std::size_t intervals_per_day = 1;
  soil::RichardsColumn column;  ///< its forcing is set when it runs
  soil::ColumnSettings settings;
  soil::ColumnRequest request;
};

ColumnCase read_column_case(const std::filesystem::path& file, const std::vector<std::string>& overrides);

}  // namespace rootzone::pipeline
