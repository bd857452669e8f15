#include "tiny_basin.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "rootzone/io/crs.hpp"
#include "rootzone/io/cube_file.hpp"
#include "rootzone/io/map_file.hpp"

namespace rootzone::app::test {
namespace {

const std::string pipeline = R"([pipeline]
name = "tiny"

[grid]
like = "porosity.tif"

[time]
start = 2020-01-01
end = 2020-01-10

[inputs.surface_soil_moisture]
path = "ssm/ssm_{date}.tif"
units = "m3 m-3"

[inputs.porosity]
path = "porosity.tif"
units = "m3 m-3"

[[stage]]
kind = "smar"
parameters = "constants"
sw2 = 0.2
sc1 = 0.5
a = 0.1
b = 0.3
porosity_surface = "porosity"
porosity_root_zone = "porosity"
warm_up_days = 0

[[stage]]
kind = "exponential_filter"
time = 5
warm_up_days = 0

[[output]]
variable = "root_zone_soil_moisture"
formats = ["netcdf", "cog"]
cog_dates = "first_last"

[[output]]
variable = "soil_water_index"
)";

}  // namespace

TinyBasin::TinyBasin() {
  std::string name = (std::filesystem::path(::testing::TempDir()) / "rootzone-tiny-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  m_path = name;
  std::filesystem::create_directories(m_path / "ssm");
  for (int day = 1; day <= 10; ++day) {
    const std::string date = "202001" + std::string(day < 10 ? "0" : "") + std::to_string(day);
    write_map(m_path / "ssm" / ("ssm_" + date + ".tif"), grid(), [&](std::int64_t row, std::int64_t col) {
      return 0.20 + 0.01 * static_cast<double>((day * 3 + row + 2 * col) % 20);
    });
  }
  write_map(m_path / "porosity.tif", grid(), [](auto, auto) { return 0.5; });
  write_pipeline();
}

TinyBasin::~TinyBasin() {
  std::error_code ignored;
  std::filesystem::permissions(m_path, std::filesystem::perms::owner_all, ignored);
  std::filesystem::remove_all(m_path, ignored);
}

void TinyBasin::write_pipeline(const std::vector<std::pair<std::string, std::string>>& replaced,
                               const std::string& extra) const {
  std::string text = pipeline;
  for (const auto& [from, to] : replaced) {
    const std::size_t at = text.find(from);
    if (at == std::string::npos) throw std::runtime_error("the pipeline has no " + from);
    text.replace(at, from.size(), to);
  }
  write_text(m_path / "tiny.toml", text + extra);
}

Outcome TinyBasin::run(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), {"run", (m_path / "tiny.toml").string()});
  return rootzone(std::move(arguments));
}

Outcome TinyBasin::check(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), {"check", (m_path / "tiny.toml").string()});
  return rootzone(std::move(arguments));
}

core::Grid TinyBasin::grid() {
  return core::Grid(io::parse_crs("EPSG:3035"), {4'000'000, 2'900'000, 4'005'000, 2'904'000}, 4, 5);
}

void TinyBasin::write_map(const std::filesystem::path& path, const core::Grid& grid,
                          const std::function<double(std::int64_t, std::int64_t)>& value) {
  std::vector<float> values;
  for (std::int64_t row = 0; row < grid.rows(); ++row)
    for (std::int64_t col = 0; col < grid.cols(); ++col)
      values.push_back(static_cast<float>(value(row, col)));
  io::MapSpec spec;
  spec.grid = grid;
  spec.nodata = -9999.0;
  io::write_map(path, spec, values);
}

void TinyBasin::write_cube(const std::filesystem::path& path, const std::string& name,
                           const std::string& units, const std::vector<double>& days, double value) {
  io::CubeSpec spec;
  spec.variable = name;
  spec.long_name = name;
  spec.units = units;
  spec.grid = grid();
  spec.with_bounds = false;
  io::CubeFile cube(path, spec);
  const std::vector<float> map(static_cast<std::size_t>(spec.grid.cells()), static_cast<float>(value));
  for (double day : days) cube.append({day, day, day + 1.0, false, {}}, map);
  cube.finish();
}

std::set<std::string> files_below(const std::filesystem::path& folder) {
  std::set<std::string> names;
  if (!std::filesystem::exists(folder)) return names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) names.insert(std::filesystem::relative(entry.path(), folder).string());
  return names;
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_text(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace rootzone::app::test
