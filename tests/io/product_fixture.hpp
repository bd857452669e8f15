#pragma once
#include <netcdf.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "io/output_folder.hpp"
#include "rootzone/io/library_lock.hpp"
#include "rootzone/io/product.hpp"

namespace rootzone::io::testing {

/// What goes into a product: [step][row][col].
struct Cube {
  std::vector<float> values;
  std::vector<core::FlagBits> flags;
};

/// A wavy field with a hole without values wider than a chunk, scattered missing cells and a few flags.
inline Cube wavy_cube(const ProductSpec& spec) {
  Cube cube;
  const std::int64_t rows = spec.grid.rows();
  const std::int64_t cols = spec.grid.cols();
  for (std::int64_t step = 0; step < spec.axis.count(); ++step)
    for (std::int64_t row = 0; row < rows; ++row)
      for (std::int64_t col = 0; col < cols; ++col) {
        const bool missing = col >= 128 || (row * 7 + col * 3 + step) % 11 == 0;
        const auto wave = static_cast<float>(
            std::sin(0.1 * static_cast<double>(row + col) + 0.3 * static_cast<double>(step)));
        cube.values.push_back(missing ? std::numeric_limits<float>::quiet_NaN() : 0.25F + 0.2F * wave);
        cube.flags.push_back(static_cast<core::FlagBits>(missing ? 1 : (row + step) % 5 == 0 ? 1024 + 2 : 0));
      }
  return cube;
}

inline ProductSpec daily_spec(const core::Grid& grid, const core::Date& first, const core::Date& last) {
  ProductSpec spec;
  spec.variable = "root_zone_soil_moisture";
  spec.long_name = "root-zone soil moisture";
  spec.units = "m3 m-3";
  spec.cell_methods = "time: mean";
  spec.grid = grid;
  spec.axis.kind = StepAxis::Kind::days;
  spec.axis.time = core::TimeAxis(first, last);
  return spec;
}

inline void write_window(core::BlockSink& sink, const ProductSpec& spec, const Cube& cube,
                         const core::BlockWindow& window,
                         const core::ParallelFor& parallel_for = core::serial_for) {
  std::vector<float> values;
  std::vector<core::FlagBits> flags;
  for (std::int64_t step = window.first_step; step < window.first_step + window.steps; ++step) {
    const std::int64_t first = (step * spec.grid.rows() + window.first_row) * spec.grid.cols();
    const std::int64_t last = first + window.rows * spec.grid.cols();
    values.insert(values.end(), cube.values.begin() + first, cube.values.begin() + last);
    if (spec.with_flags) flags.insert(flags.end(), cube.flags.begin() + first, cube.flags.begin() + last);
  }
  sink.write(window, values, flags, parallel_for);
}

/// Windows of at most `steps` × `rows`, rows within steps.
inline std::vector<core::BlockWindow> cut(const ProductSpec& spec, std::int64_t steps, std::int64_t rows) {
  std::vector<core::BlockWindow> windows;
  for (std::int64_t step = 0; step < spec.axis.count(); step += steps)
    for (std::int64_t row = 0; row < spec.grid.rows(); row += rows)
      windows.push_back(
          {step, std::min(steps, spec.axis.count() - step), row, std::min(rows, spec.grid.rows() - row)});
  return windows;
}

inline void write_product(const ProductSpec& spec, const Cube& cube, const std::filesystem::path& out_dir,
                          const std::vector<core::BlockWindow>& windows,
                          const core::ParallelFor& parallel_for = core::serial_for) {
  const auto sink = create_netcdf_product(spec, out_dir, out_dir);
  for (const core::BlockWindow& window : windows) write_window(*sink, spec, cube, window, parallel_for);
  sink->finish();
}

/// Real threads; the first exception is passed on.
inline void threads_for(std::int64_t count, const std::function<void(std::int64_t)>& body) {
  std::atomic<std::int64_t> next{0};
  std::exception_ptr failure;
  std::mutex mutex;
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&] {
      for (std::int64_t i = next++; i < count; i = next++) try {
          body(i);
        } catch (...) {
          const std::lock_guard lock(mutex);
          if (!failure) failure = std::current_exception();
        }
    });
  threads.clear();
  if (failure) std::rethrow_exception(failure);
}

/// A NetCDF file by netCDF-C itself, as stored.
class NetcdfFile {
 public:
  explicit NetcdfFile(const std::filesystem::path& path) : m_lock(netcdf_mutex()) {
    EXPECT_EQ(nc_open(path.c_str(), NC_NOWRITE, &m_id), NC_NOERR) << path;
  }
  ~NetcdfFile() { nc_close(m_id); }
  NetcdfFile(const NetcdfFile&) = delete;
  NetcdfFile& operator=(const NetcdfFile&) = delete;

  int variable(const std::string& name) const {
    int variable = NC_GLOBAL;
    if (!name.empty()) {
      EXPECT_EQ(nc_inq_varid(m_id, name.c_str(), &variable), NC_NOERR) << name;
    }
    return variable;
  }
  std::vector<std::size_t> shape(const std::string& name) const {
    int count = 0;
    std::array<int, NC_MAX_VAR_DIMS> dimensions{};
    EXPECT_EQ(nc_inq_var(m_id, variable(name), nullptr, nullptr, &count, dimensions.data(), nullptr),
              NC_NOERR);
    std::vector<std::size_t> lengths(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < lengths.size(); ++i) nc_inq_dimlen(m_id, dimensions[i], &lengths[i]);
    return lengths;
  }
  std::vector<double> numbers(const std::string& name) const {
    std::size_t count = 1;
    for (const std::size_t length : shape(name)) count *= length;
    std::vector<double> values(count);
    EXPECT_EQ(nc_get_var_double(m_id, variable(name), values.data()), NC_NOERR) << name;
    return values;
  }
  /// Empty if it is not there.
  std::string text(const std::string& name, const std::string& attribute) const {
    std::size_t length = 0;
    if (nc_inq_attlen(m_id, variable(name), attribute.c_str(), &length) != NC_NOERR) return "";
    std::string value(length, ' ');
    EXPECT_EQ(nc_get_att_text(m_id, variable(name), attribute.c_str(), value.data()), NC_NOERR) << attribute;
    return value;
  }
  std::vector<double> attribute(const std::string& name, const std::string& attribute) const {
    std::size_t length = 0;
    if (nc_inq_attlen(m_id, variable(name), attribute.c_str(), &length) != NC_NOERR) return {};
    std::vector<double> values(length);
    EXPECT_EQ(nc_get_att_double(m_id, variable(name), attribute.c_str(), values.data()), NC_NOERR)
        << attribute;
    return values;
  }
  std::vector<std::size_t> chunk(const std::string& name) const {
    std::vector<std::size_t> sizes(shape(name).size());
    int storage = -1;
    EXPECT_EQ(nc_inq_var_chunking(m_id, variable(name), &storage, sizes.data()), NC_NOERR);
    return sizes;
  }

 private:
  NetcdfLock m_lock;
  int m_id = -1;
};

inline bool same_or_both_nan(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

}  // namespace rootzone::io::testing
