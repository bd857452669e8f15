#include "product_metadata.hpp"

#include <fcntl.h>
#include <netcdf.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <numeric>

#include "netcdf_file_maker.hpp"
#include "rootzone/core/flags.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/io/footprint.hpp"
#include "rootzone/io/library_lock.hpp"
#include "system_error.hpp"

namespace rootzone::io {
namespace {

using Kind = StepAxis::Kind;
using Attributes = std::vector<std::pair<std::string, CfValue>>;

bool in_time(const ProductSpec& spec) {
  return spec.axis.kind == Kind::days || spec.axis.kind == Kind::periods;
}

struct Days {
  std::int64_t begin = 0;
  std::int64_t end = 0;  ///< exclusive
};

Days days_of_step(const ProductSpec& spec, std::int64_t step) {
  if (!spec.axis.time)
    throw core::Error(core::ErrorKind::internal, spec.variable + ": an axis of time without its days");
  if (spec.axis.kind == Kind::days) {
    const std::int64_t day = spec.axis.time->day_number_at(step);
    return {day, day + 1};
  }
  const core::Period& period = spec.axis.periods[static_cast<std::size_t>(step)];
  const std::int64_t first = spec.axis.time->day_number_at(period.first_step);
  return {first, first + period.steps};
}

/// CDO 2.1 takes an axis in "years" or "days" for one of time, whatever its `axis` says; UDUNITS' symbols for
/// the same units it leaves alone.
std::string unit_of_axis(const std::string& unit) {
  if (unit == "year" || unit == "years") return "yr";
  if (unit == "day" || unit == "days") return "d";
  if (unit == "hour" || unit == "hours") return "h";
  return unit;
}

/// The coordinate variable of the first dimension, and its bounds: defined first, filled after.
class StepCoordinate {
 public:
  StepCoordinate(NetcdfFileMaker& file, const ProductSpec& spec, const ProductPart& part, int dimension)
      : m_file(file), m_spec(spec), m_part(part) {
    const bool labels = spec.axis.kind == Kind::labels;
    m_variable = file.variable(spec.axis.name, labels ? NC_INT : NC_DOUBLE, std::span(&dimension, 1));
    if (in_time(spec))
      define_time(dimension);
    else
      define_other();
  }

  void put() {
    if (in_time(m_spec)) return put_time();
    if (m_spec.axis.kind == Kind::values)
      return m_file.put(m_variable, std::span<const double>(m_spec.axis.values));
    std::vector<int> numbers(m_spec.axis.labels.size());
    std::iota(numbers.begin(), numbers.end(), 0);
    m_file.put(m_variable, std::span<const int>(numbers));
  }

 private:
  void define_time(int dimension) {
    const std::string calendar(core::calendar_name(m_spec.axis.time->calendar()));
    m_file.attributes(m_variable,
                      {{"standard_name", "time"},
                       {"long_name", m_spec.axis.kind == Kind::days ? "day" : "first day of the period"},
                       {"units", "days since 1970-01-01 00:00:00"},
                       {"calendar", calendar},
                       {"axis", "T"},
                       {"bounds", m_spec.axis.name + "_bnds"}});
    const std::array<int, 2> dimensions{dimension, m_file.dimension("nv", 2)};
    m_bounds = m_file.variable(m_spec.axis.name + "_bnds", NC_DOUBLE, dimensions);
  }

  void define_other() {
    m_file.attribute(m_variable, "long_name",
                     m_spec.axis.long_name.empty() ? m_spec.axis.name : m_spec.axis.long_name);
    if (!m_spec.axis.units.empty()) m_file.attribute(m_variable, "units", unit_of_axis(m_spec.axis.units));
    m_file.attribute(m_variable, "axis", "Z");
    if (m_spec.axis.kind != Kind::labels) return;
    std::string meanings;
    std::vector<int> numbers;  // of the variable's own type, as CF asks
    for (std::size_t i = 0; i < m_spec.axis.labels.size(); ++i) {
      numbers.push_back(static_cast<int>(i));
      std::string word = m_spec.axis.labels[i];
      std::replace(word.begin(), word.end(), ' ', '_');
      meanings += (i == 0 ? "" : " ") + word;
    }
    m_file.int_attribute(m_variable, "flag_values", numbers);
    m_file.attribute(m_variable, "flag_meanings", meanings);
  }

  void put_time() {
    std::vector<double> stamps;
    std::vector<double> bounds;
    for (std::int64_t step = m_part.first_step; step < m_part.first_step + m_part.steps; ++step) {
      const Days days = days_of_step(m_spec, step);
      stamps.push_back(static_cast<double>(days.begin));
      bounds.push_back(static_cast<double>(days.begin));
      bounds.push_back(static_cast<double>(days.end));
    }
    m_file.put(m_variable, std::span<const double>(stamps));
    m_file.put(m_bounds, std::span<const double>(bounds));
  }

  NetcdfFileMaker& m_file;
  const ProductSpec& m_spec;
  const ProductPart& m_part;
  int m_variable = -1;
  int m_bounds = -1;
};

void define_values(NetcdfFileMaker& file, const ProductSpec& spec, std::span<const int> dimensions,
                   std::span<const std::size_t> chunk, bool with_crs) {
  const bool packed = spec.packing == Packing::int16;
  const int variable = file.variable(spec.variable, packed ? NC_SHORT : NC_FLOAT, dimensions);
  file.compress(variable, chunk);
  if (packed)
    file.short_attribute(variable, "_FillValue", std::array{packed_fill});
  else
    file.float_attribute(variable, "_FillValue", float_fill);
  if (!spec.standard_name.empty()) file.attribute(variable, "standard_name", spec.standard_name);
  file.attribute(variable, "long_name", spec.long_name.empty() ? spec.variable : spec.long_name);
  file.attribute(variable, "units", spec.units.empty() ? "1" : spec.units);
  if (!spec.cell_methods.empty()) file.attribute(variable, "cell_methods", spec.cell_methods);
  if (packed) file.attributes(variable, {{"scale_factor", spec.scale}, {"add_offset", spec.offset}});
  if (with_crs) file.attribute(variable, "grid_mapping", "crs");
  if (spec.with_flags) file.attribute(variable, "ancillary_variables", spec.variable + "_flags");
}

void define_flags(NetcdfFileMaker& file, const ProductSpec& spec, std::span<const int> dimensions,
                  std::span<const std::size_t> chunk, bool with_crs) {
  const int variable = file.variable(spec.variable + "_flags", NC_SHORT, dimensions);
  file.compress(variable, chunk);
  std::vector<std::int16_t> masks;
  std::string meanings;
  for (const core::FlagMeaning& meaning : core::flag_meanings) {
    masks.push_back(static_cast<std::int16_t>(core::bits(meaning.flag)));
    meanings += (meanings.empty() ? "" : " ") + std::string(meaning.name);
  }
  file.attribute(variable, "standard_name", "status_flag");
  file.attribute(variable, "long_name",
                 "flags of " + (spec.long_name.empty() ? spec.variable : spec.long_name));
  file.short_attribute(variable, "flag_masks", masks);
  file.attribute(variable, "flag_meanings", meanings);
  if (with_crs) file.attribute(variable, "grid_mapping", "crs");
}

/// ACDD-1.3: where the grid lies. A CRS without a place on the globe (a local one) goes without.
void add_place(std::map<std::string, CfValue>& attributes, const core::Grid& grid) {
  if (grid.crs_wkt().empty()) return;
  Footprint footprint;
  try {
    footprint = footprint_of(grid);
  } catch (const core::Error&) {
    return;
  }
  attributes["geospatial_lat_min"] = footprint.south;
  attributes["geospatial_lat_max"] = footprint.north;
  attributes["geospatial_lon_min"] = footprint.west;
  attributes["geospatial_lon_max"] = footprint.east;
  attributes["geospatial_lat_units"] = "degrees_north";
  attributes["geospatial_lon_units"] = "degrees_east";
}

void add_coverage(std::map<std::string, CfValue>& attributes, const ProductSpec& spec,
                  const ProductPart& part) {
  if (!in_time(spec)) return;
  const core::Calendar calendar = spec.axis.time->calendar();
  const Days first = days_of_step(spec, part.first_step);
  const Days last = days_of_step(spec, part.first_step + part.steps - 1);
  const auto midnight = [&](std::int64_t day) {
    return core::iso_date(core::date_of(day, calendar)) + "T00:00:00Z";
  };
  attributes["time_coverage_start"] = midnight(first.begin);
  attributes["time_coverage_end"] = midnight(last.end);
  attributes["time_coverage_duration"] = "P" + std::to_string(last.end - first.begin) + "D";
  if (spec.axis.kind == Kind::days) attributes["time_coverage_resolution"] = "P1D";
}

/// Sorted by name, so that the bytes do not depend on who set what first; the caller's words win.
void write_global_attributes(NetcdfFileMaker& file, const ProductSpec& spec, const ProductPart& part) {
  const std::string name = spec.long_name.empty() ? spec.variable : spec.long_name;
  std::map<std::string, CfValue> attributes;
  attributes["Conventions"] = "CF-1.8, ACDD-1.3";
  attributes["title"] = name;
  attributes["summary"] =
      name + " on " + std::to_string(spec.grid.rows()) + " × " + std::to_string(spec.grid.cols()) + " cells";
  attributes["keywords"] = name;
  attributes["cdm_data_type"] = "Grid";
  if (!spec.standard_name.empty()) attributes["standard_name_vocabulary"] = "CF Standard Name Table";
  add_place(attributes, spec.grid);
  add_coverage(attributes, spec, part);
  for (const auto& [key, value] : spec.attributes) attributes[key] = value;
  for (const auto& [key, value] : attributes) file.attribute(NC_GLOBAL, key, value);
}

/// What the C library says of a folder is clearer than what HDF5 does.
void touch(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) throw system_error("create", path, errno);
  ::close(descriptor);
}

std::vector<double> centres(std::int64_t count, const auto& centre) {
  std::vector<double> values;
  for (std::int64_t i = 0; i < count; ++i) values.push_back(centre(i));
  return values;
}

}  // namespace

void create_product_file(const std::filesystem::path& path, const ProductSpec& spec,
                         const ProductPart& part) {
  touch(path);
  const core::Grid& grid = spec.grid;
  const CfGridMapping mapping = cf_grid_mapping(grid);
  const NetcdfLock lock(netcdf_mutex());
  NetcdfFileMaker file(path);
  write_global_attributes(file, spec, part);
  const std::array<int, 3> dimensions{file.dimension(spec.axis.name, part.steps),
                                      file.dimension("y", grid.rows()), file.dimension("x", grid.cols())};
  StepCoordinate steps(file, spec, part, dimensions[0]);
  const int y = file.variable("y", NC_DOUBLE, std::span(dimensions).subspan(1, 1));
  const int x = file.variable("x", NC_DOUBLE, std::span(dimensions).subspan(2, 1));
  file.attributes(y, mapping.y);
  file.attributes(x, mapping.x);
  const bool with_crs = !mapping.attributes.empty();
  if (with_crs) file.attributes(file.variable("crs", NC_INT, {}), mapping.attributes);
  const std::array<std::size_t, 3> chunk{static_cast<std::size_t>(part.chunk.steps),
                                         static_cast<std::size_t>(part.chunk.rows),
                                         static_cast<std::size_t>(part.chunk.cols)};
  define_values(file, spec, dimensions, chunk, with_crs);
  if (spec.with_flags) define_flags(file, spec, dimensions, chunk, with_crs);
  file.end_definitions();
  steps.put();
  file.put(
      y, std::span<const double>(centres(grid.rows(), [&](std::int64_t row) { return grid.y_centre(row); })));
  file.put(
      x, std::span<const double>(centres(grid.cols(), [&](std::int64_t col) { return grid.x_centre(col); })));
  file.close();
}

}  // namespace rootzone::io
