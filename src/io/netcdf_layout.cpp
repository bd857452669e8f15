#include "netcdf_layout.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <sstream>

#include "grid_axes.hpp"
#include "name_hint.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

using core::Error;
using core::ErrorKind;

std::string lowered(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string base_name(const std::string& name) {
  return name.substr(name.rfind('/') + 1);
}

template <std::size_t N>
bool is_one_of(const std::string& text, const std::array<const char*, N>& names) {
  return std::any_of(names.begin(), names.end(), [&](const char* name) { return text == name; });
}

constexpr std::array east_units{"degrees_east", "degree_east", "degrees_e",
                                "degree_e",     "degreese",    "degreee"};
constexpr std::array north_units{"degrees_north", "degree_north", "degrees_n",
                                 "degree_n",      "degreesn",     "degreen"};
constexpr std::array col_names{"x",       "lon",  "longitude", "long",    "lons", "xc",
                               "easting", "rlon", "west_east", "nav_lon", "xdim"};
constexpr std::array row_names{"y",        "lat",  "latitude",    "lats",    "yc",
                               "northing", "rlat", "south_north", "nav_lat", "ydim"};
constexpr std::array record_names{"time", "t", "date", "times", "valid_time"};

DimensionRole role_of_name(const std::string& name) {
  const std::string lower = lowered(name);
  if (is_one_of(lower, col_names)) return DimensionRole::col;
  if (is_one_of(lower, row_names)) return DimensionRole::row;
  if (is_one_of(lower, record_names)) return DimensionRole::record;
  return DimensionRole::other;
}

/// Variables that other variables point to: coordinates, bounds, quality flags.
std::set<std::string> companions(const NetcdfFile& file) {
  std::set<std::string> names;
  for (const NetcdfVariable& variable : file.variables())
    for (const char* attribute :
         {"coordinates", "bounds", "climatology", "ancillary_variables", "cell_measures", "grid_mapping"}) {
      std::istringstream words(file.text(variable, attribute).value_or(""));
      for (std::string word; words >> word;) names.insert(word);
    }
  return names;
}

bool has_a_grid(const NetcdfFile& file, const NetcdfVariable& variable) {
  if (stored_size(variable.type) == 0 || variable.lengths.size() < 2) return false;
  const std::string& own = base_name(variable.name);
  const auto& dimensions = variable.dimension_names;
  if (std::find(dimensions.begin(), dimensions.end(), own) != dimensions.end()) return false;
  return role_of(file, variable) == DimensionRole::other;  // 2-D longitudes are no data
}

std::vector<std::string> gridded_names(const NetcdfFile& file) {
  const std::set<std::string> pointed_to = companions(file);
  std::vector<std::string> names;
  for (const NetcdfVariable& variable : file.variables())
    if (has_a_grid(file, variable) && !pointed_to.contains(base_name(variable.name)))
      names.push_back(variable.name);
  return names;
}

DimensionRole role_of_dimension(const NetcdfFile& file, const NetcdfVariable& variable, int dimension) {
  if (const NetcdfVariable* coordinate = coordinate_of(file, variable, dimension))
    if (const DimensionRole role = role_of(file, *coordinate); role != DimensionRole::other) return role;
  return role_of_name(variable.dimension_names[static_cast<std::size_t>(dimension)]);
}

/// Give `role` to a dimension; the first that claims it has it.
int& slot(VariableLayout& layout, DimensionRole role) {
  if (role == DimensionRole::record) return layout.record_dim;
  return role == DimensionRole::row ? layout.row_dim : layout.col_dim;
}

[[noreturn]] void refuse_shape(const NetcdfFile& file, const NetcdfVariable& variable,
                               const std::string& why) {
  std::string shape;
  for (std::size_t i = 0; i < variable.lengths.size(); ++i)
    shape += (i == 0 ? "" : ", ") + variable.dimension_names[i] + " = " + std::to_string(variable.lengths[i]);
  throw Error(ErrorKind::data, file.path().string() + ", " + variable.name + "(" + shape + "): " + why);
}

VariableLayout layout_of(const NetcdfFile& file, const NetcdfVariable& variable) {
  VariableLayout layout;
  const int count = static_cast<int>(variable.lengths.size());
  std::vector<int> unassigned;
  for (int i = 0; i < count; ++i) {
    const DimensionRole role = role_of_dimension(file, variable, i);
    if (role == DimensionRole::other || slot(layout, role) >= 0)
      unassigned.push_back(i);
    else
      slot(layout, role) = i;
  }
  // Dimensions that say nothing of themselves: the last is the column, the one before it the row.
  for (const DimensionRole role : {DimensionRole::col, DimensionRole::row}) {
    if (slot(layout, role) >= 0 || unassigned.empty()) continue;
    slot(layout, role) = unassigned.back();
    unassigned.pop_back();
  }
  if (layout.row_dim < 0 || layout.col_dim < 0) refuse_shape(file, variable, "expected rows and columns");
  for (const int i : unassigned) {
    const auto at = static_cast<std::size_t>(i);
    if (variable.lengths[at] == 1) continue;
    if (layout.record_dim >= 0)
      refuse_shape(file, variable,
                   "expected time, rows and columns, found the further dimension '" +
                       variable.dimension_names[at] + "'; cut one layer out (ncks -d " +
                       variable.dimension_names[at] + ",0 in.nc out.nc)");
    layout.record_dim = i;
  }
  if (layout.record_dim >= 0) layout.records = variable.lengths[static_cast<std::size_t>(layout.record_dim)];
  layout.rows = variable.lengths[static_cast<std::size_t>(layout.row_dim)];
  layout.cols = variable.lengths[static_cast<std::size_t>(layout.col_dim)];
  if (layout.rows == 0 || layout.cols == 0) refuse_shape(file, variable, "the grid is empty");
  return layout;
}

}  // namespace

DimensionRole role_of(const NetcdfFile& file, const NetcdfVariable& coordinate) {
  const std::string units = lowered(file.text(coordinate, "units").value_or(""));
  const std::string standard = lowered(file.text(coordinate, "standard_name").value_or(""));
  const std::string axis = lowered(file.text(coordinate, "axis").value_or(""));
  if (units.find(" since ") != std::string::npos || units.starts_with("day as %y") || standard == "time" ||
      axis == "t")
    return DimensionRole::record;
  if (is_one_of(units, east_units) || axis == "x" || standard == "longitude" ||
      standard == "projection_x_coordinate" || standard == "grid_longitude")
    return DimensionRole::col;
  if (is_one_of(units, north_units) || axis == "y" || standard == "latitude" ||
      standard == "projection_y_coordinate" || standard == "grid_latitude")
    return DimensionRole::row;
  return role_of_name(base_name(coordinate.name));
}

const NetcdfVariable* coordinate_of(const NetcdfFile& file, const NetcdfVariable& variable, int dimension) {
  const auto at = static_cast<std::size_t>(dimension);
  const NetcdfVariable* found = file.find(variable.dimension_names[at], &variable);
  const bool fits = found != nullptr && found->dimension_ids.size() == 1 &&
                    found->dimension_ids[0] == variable.dimension_ids[at];
  return fits ? found : nullptr;
}

const NetcdfVariable& choose_variable(const NetcdfFile& file, const std::string& name) {
  if (!name.empty()) {
    if (const NetcdfVariable* found = file.find(name)) {
      if (stored_size(found->type) == 0)
        throw Error(ErrorKind::data, file.path().string() + ": the variable '" + name +
                                         "' holds text or records, expected numbers");
      return *found;
    }
    std::vector<std::string> all;
    for (const NetcdfVariable& variable : file.variables()) all.push_back(variable.name);
    throw Error(ErrorKind::data,
                file.path().string() + ": there is no variable '" + name + "'" + name_hint(name, all));
  }
  const std::vector<std::string> names = gridded_names(file);
  if (names.size() == 1) return *file.find(names.front());
  std::string list;
  for (const std::string& candidate : names) list += (list.empty() ? "" : ", ") + candidate;
  if (names.empty())
    throw Error(ErrorKind::data, file.path().string() + ": no variable has rows and columns");
  throw Error(ErrorKind::data, file.path().string() + ": several variables have a grid (" + list +
                                   "); set `variable` to one of them");
}

GridReading read_grid(const NetcdfFile& file, const NetcdfVariable& variable, const InputSpec& spec,
                      std::vector<std::string>& warnings) {
  GridReading reading{layout_of(file, variable), {}, {}};
  const GridAxes axes = find_axes(file, variable, reading.layout, spec, warnings);
  const CrsChoice crs = choose_crs(file, variable, spec, axes.kind, warnings);
  const RegularAxes regular = regular_axes(file, axes, spec.coordinates, crs);
  reading.layout.rows_run_north = regular.rows_run_north;
  reading.layout.cols_run_west = regular.cols_run_west;
  reading.grid = core::Grid(crs.wkt, regular.extent, reading.layout.rows, reading.layout.cols);
  reading.crs_note = crs.note;
  return reading;
}

}  // namespace rootzone::io
