#pragma once
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "program.hpp"
#include "rootzone/core/grid.hpp"

namespace rootzone::app::test {

/// A basin of 4 × 5 cells and ten days in a folder of its own, removed at the end: daily surface moisture
/// (ssm/ssm_<date>.tif), porosity.tif, and a pipeline that runs SMAR and an exponential filter on them.
class TinyBasin {
 public:
  TinyBasin();
  ~TinyBasin();
  TinyBasin(const TinyBasin&) = delete;
  TinyBasin& operator=(const TinyBasin&) = delete;

  const std::filesystem::path& path() const { return m_path; }
  std::filesystem::path operator/(const std::string& name) const { return m_path / name; }
  std::filesystem::path out() const { return m_path / "out" / "tiny"; }

  /// Write the pipeline with parts of it replaced (each must be there), then `extra` appended.
  void write_pipeline(const std::vector<std::pair<std::string, std::string>>& replaced = {},
                      const std::string& extra = "") const;
  /// `rootzone run` on it.
  Outcome run(std::vector<std::string> arguments = {}) const;
  Outcome check(std::vector<std::string> arguments = {}) const;

  static core::Grid grid();
  /// A GeoTIFF of one value per cell; nodata −9999.
  static void write_map(const std::filesystem::path& path, const core::Grid& grid,
                        const std::function<double(std::int64_t row, std::int64_t col)>& value);
  /// A NetCDF cube `name` over consecutive days from `first_day` (days since 1970-01-01).
  static void write_cube(const std::filesystem::path& path, const std::string& name, const std::string& units,
                         const std::vector<double>& days, double value);

 private:
  std::filesystem::path m_path;
};

/// Every file below a folder, hidden ones too, relative; empty if it is not there.
std::set<std::string> files_below(const std::filesystem::path& folder);
std::string bytes_of(const std::filesystem::path& path);
void write_text(const std::filesystem::path& path, const std::string& text);
bool contains(const std::string& text, const std::string& part);

}  // namespace rootzone::app::test
