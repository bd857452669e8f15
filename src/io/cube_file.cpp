#include "rootzone/io/cube_file.hpp"

#include <netcdf.h>
#include <ogr_spatialref.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "rootzone/core/error.hpp"
#include "rootzone/io/library_lock.hpp"

namespace rootzone::io {
namespace {

constexpr short packed_missing = -32768;
constexpr float float_missing = 9.969209968386869e36F;  // netCDF's default fill

std::vector<double> centres(const core::Grid& grid, bool along_y, RowOrder rows) {
  std::vector<double> values;
  const std::int64_t count = along_y ? grid.rows() : grid.cols();
  for (std::int64_t i = 0; i < count; ++i) values.push_back(along_y ? grid.y_centre(i) : grid.x_centre(i));
  if (along_y && rows == RowOrder::south_up) std::reverse(values.begin(), values.end());
  return values;
}

/// An open netCDF file, closed even if its definition fails half-way.
struct FileHandle {
  int id = -1;
  FileHandle() = default;
  FileHandle(const FileHandle&) = delete;
  FileHandle& operator=(const FileHandle&) = delete;
  ~FileHandle() {
    const NetcdfLock lock(netcdf_mutex());
    if (id >= 0) nc_close(id);
  }
};

}  // namespace

class CubeFile::Impl {
 public:
  Impl(std::filesystem::path path, const CubeSpec& spec) : m_path(std::move(path)), m_spec(spec) {
    if (spec.chunk_records < 1 || spec.chunk_rows < 0 || spec.chunk_cols < 0 || spec.scale == 0.0)
      throw core::Error(core::ErrorKind::usage,
                        m_path.string() + ": expected chunks above 0 and a scale other than 0");
    const NetcdfLock lock(netcdf_mutex());
    check(nc_create(m_path.c_str(), NC_NETCDF4 | NC_CLOBBER, &m_file.id), "create the file");
    define_space();
    define_time();
    define_values();
    for (const auto& [name, value] : spec.attributes) text(NC_GLOBAL, name, value);
    text(NC_GLOBAL, "Conventions", "CF-1.8");
    check(nc_enddef(m_file.id), "end the definitions");
    write_space();
  }

  void append(const RecordTime& time, std::span<const float> values) {
    if (values.size() != static_cast<std::size_t>(m_spec.grid.cells()))
      throw core::Error(core::ErrorKind::usage, m_path.string() + ": the grid has " +
                                                    std::to_string(m_spec.grid.cells()) + " cells, found " +
                                                    std::to_string(values.size()) + " values");
    const auto cols = static_cast<std::size_t>(m_spec.grid.cols());
    const auto rows = static_cast<std::size_t>(m_spec.grid.rows());
    for (std::size_t row = 0; row < rows; ++row) {
      const std::size_t from = m_spec.rows == RowOrder::south_up ? rows - 1 - row : row;
      for (std::size_t col = 0; col < cols; ++col) store(values[from * cols + col]);
    }
    m_times.push_back(file_time(time.stamp));
    m_bounds.push_back(file_time(time.begin));
    m_bounds.push_back(file_time(time.end));
    if (static_cast<std::int64_t>(m_times.size()) == m_spec.chunk_records) flush();
  }

  void finish() {
    flush();
    const NetcdfLock lock(netcdf_mutex());
    check(nc_close(std::exchange(m_file.id, -1)), "close the file");
  }

 private:
  void check(int status, const char* what) const {
    if (status != NC_NOERR)
      throw core::Error(core::ErrorKind::environment,
                        m_path.string() + ": cannot " + what + " (" + nc_strerror(status) +
                            "); check the folder, its permissions and the free space");
  }

  void text(int variable, const std::string& name, const std::string& value) const {
    if (!value.empty())
      check(nc_put_att_text(m_file.id, variable, name.c_str(), value.size(), value.c_str()),
            "write an attribute");
  }

  int define(const std::string& name, nc_type type, const std::vector<int>& dimensions) const {
    int id = -1;
    check(nc_def_var(m_file.id, name.c_str(), type, static_cast<int>(dimensions.size()), dimensions.data(),
                     &id),
          "define a variable");
    return id;
  }

  int dimension(const char* name, std::size_t length) const {
    int id = -1;
    check(nc_def_dim(m_file.id, name, length, &id), "define a dimension");
    return id;
  }

  void define_space() {
    OGRSpatialReference crs;
    if (!m_spec.grid.crs_wkt().empty()) crs.SetFromUserInput(m_spec.grid.crs_wkt().c_str());
    const bool geographic = crs.IsGeographic() != 0;
    m_y_dim = dimension(geographic ? "lat" : "y", static_cast<std::size_t>(m_spec.grid.rows()));
    m_x_dim = dimension(geographic ? "lon" : "x", static_cast<std::size_t>(m_spec.grid.cols()));
    m_y = define(geographic ? "lat" : "y", NC_DOUBLE, {m_y_dim});
    m_x = define(geographic ? "lon" : "x", NC_DOUBLE, {m_x_dim});
    text(m_y, "standard_name", geographic ? "latitude" : "projection_y_coordinate");
    text(m_x, "standard_name", geographic ? "longitude" : "projection_x_coordinate");
    text(m_y, "units", geographic ? "degrees_north" : "m");
    text(m_x, "units", geographic ? "degrees_east" : "m");
    text(m_y, "axis", "Y");
    text(m_x, "axis", "X");
    if (m_spec.with_grid_mapping && !m_spec.grid.crs_wkt().empty()) define_grid_mapping(crs, geographic);
  }

  /// CF-1.8 appendix F for geographic and transverse Mercator CRSs; for others `crs_wkt` alone says it.
  void define_grid_mapping(const OGRSpatialReference& crs, bool geographic) {
    const int mapping = define("crs", NC_INT, {});
    text(mapping, "crs_wkt", m_spec.grid.crs_wkt());
    if (geographic) text(mapping, "grid_mapping_name", "latitude_longitude");
    const char* projection = crs.GetAttrValue("PROJECTION");
    if (!geographic && projection != nullptr && std::string(projection) == SRS_PT_TRANSVERSE_MERCATOR) {
      text(mapping, "grid_mapping_name", "transverse_mercator");
      const std::array<std::pair<const char*, const char*>, 5> parameters{
          {{"scale_factor_at_central_meridian", SRS_PP_SCALE_FACTOR},
           {"longitude_of_central_meridian", SRS_PP_CENTRAL_MERIDIAN},
           {"latitude_of_projection_origin", SRS_PP_LATITUDE_OF_ORIGIN},
           {"false_easting", SRS_PP_FALSE_EASTING},
           {"false_northing", SRS_PP_FALSE_NORTHING}}};
      for (const auto& [cf_name, ogr_name] : parameters)
        number(mapping, cf_name, crs.GetNormProjParm(ogr_name));
    }
    number(mapping, "semi_major_axis", crs.GetSemiMajor());
    number(mapping, "inverse_flattening", crs.GetInvFlattening());
  }

  void number(int variable, const char* name, double value) const {
    check(nc_put_att_double(m_file.id, variable, name, NC_DOUBLE, 1, &value), "write an attribute");
  }

  void define_time() {
    m_time_dim = dimension("time", NC_UNLIMITED);
    m_time = define("time", NC_DOUBLE, {m_time_dim});
    text(m_time, "standard_name", "time");
    text(m_time, "axis", "T");
    text(m_time, "calendar", std::string(core::calendar_name(m_spec.calendar)));
    text(m_time, "units",
         std::string(m_spec.time_unit == TimeUnit::days ? "days" : "hours") + " since " +
             core::iso_date(m_spec.time_reference) + " 00:00:00");
    // HDF5 would take chunks of half a megabyte for an unlimited dimension's single numbers.
    const std::array<std::size_t, 2> chunk{1024, 2};
    check(nc_def_var_chunking(m_file.id, m_time, NC_CHUNKED, chunk.data()), "set the chunks of time");
    if (!m_spec.with_bounds) return;
    m_time_bounds = define("time_bnds", NC_DOUBLE, {m_time_dim, dimension("nv", 2)});
    text(m_time, "bounds", "time_bnds");
    check(nc_def_var_chunking(m_file.id, m_time_bounds, NC_CHUNKED, chunk.data()),
          "set the chunks of time_bnds");
  }

  void define_values() {
    m_values = define(m_spec.variable, m_spec.packed ? NC_SHORT : NC_FLOAT, {m_time_dim, m_y_dim, m_x_dim});
    text(m_values, "long_name", m_spec.long_name);
    text(m_values, "standard_name", m_spec.standard_name);
    text(m_values, "units", m_spec.units);
    text(m_values, "cell_methods", m_spec.cell_methods);
    if (m_spec.with_grid_mapping && !m_spec.grid.crs_wkt().empty()) text(m_values, "grid_mapping", "crs");
    if (m_spec.packed) {
      check(nc_put_att_short(m_file.id, m_values, "_FillValue", NC_SHORT, 1, &packed_missing),
            "write the fill value");
      number(m_values, "scale_factor", m_spec.scale);
      number(m_values, "add_offset", m_spec.offset);
    } else {
      check(nc_put_att_float(m_file.id, m_values, "_FillValue", NC_FLOAT, 1, &float_missing),
            "write the fill value");
    }
    const auto within = [](std::int64_t wanted, std::int64_t size) {
      return static_cast<std::size_t>(wanted == 0 ? size : std::min(wanted, size));
    };
    const std::array<std::size_t, 3> chunk{static_cast<std::size_t>(m_spec.chunk_records),
                                           within(m_spec.chunk_rows, m_spec.grid.rows()),
                                           within(m_spec.chunk_cols, m_spec.grid.cols())};
    check(nc_def_var_chunking(m_file.id, m_values, NC_CHUNKED, chunk.data()), "set the chunks");
    check(nc_def_var_deflate(m_file.id, m_values, 1, m_spec.deflate_level > 0, m_spec.deflate_level),
          "set the filter");
  }

  void write_space() const {
    check(nc_put_var_double(m_file.id, m_y, centres(m_spec.grid, true, m_spec.rows).data()), "write y");
    check(nc_put_var_double(m_file.id, m_x, centres(m_spec.grid, false, m_spec.rows).data()), "write x");
  }

  double file_time(double days_since_1970) const {
    const double days =
        days_since_1970 - static_cast<double>(core::day_number(m_spec.time_reference, m_spec.calendar));
    return m_spec.time_unit == TimeUnit::days ? days : 24.0 * days;
  }

  void store(float value) {
    if (!m_spec.packed) {
      m_floats.push_back(std::isnan(value) ? float_missing : value);
      return;
    }
    const double unpacked = std::round((static_cast<double>(value) - m_spec.offset) / m_spec.scale);
    if (unpacked <= -32768.0 || unpacked > 32767.0)
      throw core::Error(core::ErrorKind::usage, m_path.string() + ": the value " + std::to_string(value) +
                                                    " does not fit 16 bits with scale " +
                                                    std::to_string(m_spec.scale) + " and offset " +
                                                    std::to_string(m_spec.offset));
    m_shorts.push_back(std::isnan(value) ? packed_missing : static_cast<short>(unpacked));
  }

  /// Whole chunks at a time: a chunk that netCDF-C has to reopen is inflated and deflated again.
  void flush() {
    if (m_times.empty()) return;
    const NetcdfLock lock(netcdf_mutex());
    const std::array<std::size_t, 3> start{m_written, 0, 0};
    const std::array<std::size_t, 3> count{m_times.size(), static_cast<std::size_t>(m_spec.grid.rows()),
                                           static_cast<std::size_t>(m_spec.grid.cols())};
    const std::array<std::size_t, 2> bounds_count{m_times.size(), 2};
    check(nc_put_vara_double(m_file.id, m_time, start.data(), count.data(), m_times.data()),
          "write the times");
    if (m_spec.with_bounds)
      check(nc_put_vara_double(m_file.id, m_time_bounds, start.data(), bounds_count.data(), m_bounds.data()),
            "write the bounds");
    if (m_spec.packed)
      check(nc_put_vara_short(m_file.id, m_values, start.data(), count.data(), m_shorts.data()),
            "write the values");
    else
      check(nc_put_vara_float(m_file.id, m_values, start.data(), count.data(), m_floats.data()),
            "write the values");
    m_written += m_times.size();
    m_times.clear();
    m_bounds.clear();
    m_shorts.clear();
    m_floats.clear();
  }

  std::filesystem::path m_path;
  CubeSpec m_spec;
  FileHandle m_file;
  int m_y_dim = -1;
  int m_x_dim = -1;
  int m_time_dim = -1;
  int m_y = -1;
  int m_x = -1;
  int m_time = -1;
  int m_time_bounds = -1;
  int m_values = -1;
  std::size_t m_written = 0;
  std::vector<double> m_times;
  std::vector<double> m_bounds;
  std::vector<short> m_shorts;
  std::vector<float> m_floats;
};

CubeFile::CubeFile(const std::filesystem::path& path, const CubeSpec& spec)
    : m_impl(std::make_unique<Impl>(path, spec)) {}
CubeFile::CubeFile(CubeFile&&) noexcept = default;
CubeFile& CubeFile::operator=(CubeFile&&) noexcept = default;
CubeFile::~CubeFile() = default;

void CubeFile::append(const RecordTime& time, std::span<const float> values) {
  m_impl->append(time, values);
}
void CubeFile::finish() {
  m_impl->finish();
}

}  // namespace rootzone::io
