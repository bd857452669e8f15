#pragma once
#include <gtest/gtest.h>
#include <netcdf.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "rootzone/core/error.hpp"
#include "rootzone/io/native_stack.hpp"

namespace rootzone::io::test {

/// A folder of its own for one test, removed with it.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::path(::testing::TempDir()) / "rootzone_netcdf_XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no scratch folder " + name);
    m_path = name;
  }
  ~ScratchFolder() { std::filesystem::remove_all(m_path); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return m_path / name; }

 private:
  std::filesystem::path m_path;
};

/// Writes NetCDF files through netCDF-C, call by call as CDL would say it.
class FileWriter {
 public:
  explicit FileWriter(const std::filesystem::path& path, int flags = NC_NETCDF4) {
    check(nc_create(path.c_str(), flags | NC_CLOBBER, &m_id));
    check(nc_set_fill(m_id, NC_FILL, nullptr));
  }
  ~FileWriter() { nc_close(m_id); }
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  int id() const { return m_id; }
  int dimension(const std::string& name, std::size_t length) {
    int dimension = 0;
    check(nc_def_dim(m_id, name.c_str(), length, &dimension));
    return dimension;
  }
  int variable(const std::string& name, nc_type type, const std::vector<int>& dimensions) {
    int variable = 0;
    check(nc_def_var(m_id, name.c_str(), type, static_cast<int>(dimensions.size()), dimensions.data(),
                     &variable));
    return variable;
  }
  void text(int variable, const std::string& name, const std::string& value) {
    check(nc_put_att_text(m_id, variable, name.c_str(), value.size(), value.data()));
  }
  void attribute(int variable, const std::string& name, nc_type type, const std::vector<double>& values) {
    check(nc_put_att_double(m_id, variable, name.c_str(), type, values.size(), values.data()));
  }
  void chunks(int variable, const std::vector<std::size_t>& shape) {
    check(nc_def_var_chunking(m_id, variable, NC_CHUNKED, shape.data()));
  }
  void deflate(int variable, bool shuffle, int level) {
    check(nc_def_var_deflate(m_id, variable, shuffle ? 1 : 0, level > 0 ? 1 : 0, level));
  }
  void big_endian(int variable) { check(nc_def_var_endian(m_id, variable, NC_ENDIAN_BIG)); }
  void end_definitions() {
    const int status = nc_enddef(m_id);
    if (status != NC_ENOTINDEFINE) check(status);
  }
  void put(int variable, const std::vector<double>& values) {
    end_definitions();
    check(nc_put_var_double(m_id, variable, values.data()));
  }
  void put_part(int variable, const std::vector<std::size_t>& start, const std::vector<std::size_t>& count,
                const std::vector<double>& values) {
    end_definitions();
    check(nc_put_vara_double(m_id, variable, start.data(), count.data(), values.data()));
  }
  static void check(int status) {
    if (status != NC_NOERR) throw std::runtime_error(nc_strerror(status));
  }

 private:
  int m_id = -1;
};

/// Longitudes and latitudes of one-degree cells with their upper-left corner at 10° E, 50° N, and daily
/// times.
struct CubeFile {
  explicit CubeFile(const std::filesystem::path& path, std::size_t records, std::size_t rows,
                    std::size_t cols, int flags = NC_NETCDF4, bool south_up = false,
                    const std::string& time_units = "days since 2000-01-01")
      : writer(path, flags) {
    time_dimension = writer.dimension("time", records);
    row_dimension = writer.dimension("lat", rows);
    col_dimension = writer.dimension("lon", cols);
    time = writer.variable("time", NC_DOUBLE, {time_dimension});
    writer.text(time, "units", time_units);
    const int lat = writer.variable("lat", NC_DOUBLE, {row_dimension});
    writer.text(lat, "units", "degrees_north");
    const int lon = writer.variable("lon", NC_DOUBLE, {col_dimension});
    writer.text(lon, "units", "degrees_east");
    for (std::size_t i = 0; i < records; ++i) times.push_back(static_cast<double>(i));
    for (std::size_t i = 0; i < rows; ++i)
      latitudes.push_back(50.0 - (static_cast<double>(south_up ? rows - 1 - i : i) + 0.5));
    for (std::size_t i = 0; i < cols; ++i) longitudes.push_back(10.5 + static_cast<double>(i));
    coordinates = {lat, lon};
  }
  /// A variable over (time, lat, lon).
  int cube(const std::string& name, nc_type type) {
    const int variable = writer.variable(name, type, {time_dimension, row_dimension, col_dimension});
    writer.text(variable, "units", "1");
    return variable;
  }
  /// Call once, after all definitions.
  void put_coordinates() {
    writer.put(time, times);
    writer.put(coordinates[0], latitudes);
    writer.put(coordinates[1], longitudes);
  }

  FileWriter writer;
  int time_dimension, row_dimension, col_dimension, time;
  std::vector<int> coordinates;
  std::vector<double> times, latitudes, longitudes;
};

inline InputSpec input(const std::filesystem::path& path, const std::string& variable = "") {
  InputSpec spec;
  spec.name = "test";
  spec.paths = {path};
  spec.variable = variable;
  return spec;
}

inline std::vector<float> read_window(NativeStack& stack, const NativeWindow& window) {
  std::vector<float> values(static_cast<std::size_t>(window.records * window.rows * window.cols), -1e30F);
  stack.fetch(window)->decode(values, core::serial_for);
  return values;
}

inline NativeWindow whole(const NativeStack& stack) {
  const NativeDescription& described = stack.description();
  const auto records = static_cast<std::int64_t>(described.times.size());
  return {0, records == 0 ? 1 : records, 0, described.grid.rows(), 0, described.grid.cols()};
}

inline std::vector<float> read_all(NativeStack& stack) {
  return read_window(stack, whole(stack));
}

/// Kind and message of the Error a call throws; a failure if it throws none.
template <typename Call>
std::pair<core::ErrorKind, std::string> error_of(const Call& call) {
  try {
    call();
  } catch (const core::Error& error) {
    return {error.kind(), error.what()};
  }
  ADD_FAILURE() << "expected an Error";
  return {core::ErrorKind::internal, ""};
}

}  // namespace rootzone::io::test
