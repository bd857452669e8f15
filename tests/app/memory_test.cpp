#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdio>
#include <vector>

#include "rootzone/core/calendar.hpp"
#include "rootzone/io/cube_file.hpp"
#include "tiny_basin.hpp"

namespace rootzone::app::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr std::int64_t mebibyte = 1024 * 1024;

/// Most memory that any child of this process ever had resident.
std::int64_t largest_child_bytes() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  return std::int64_t{1024} * usage.ru_maxrss;
}

core::Grid wide_grid() {
  const core::Grid small = TinyBasin::grid();
  return core::Grid(small.crs_wkt(), {4'000'000, 2'900'000, 4'110'000, 3'010'000}, 110, 110);
}

/// ssm_<YYYYMM>.nc of 30 days each, from January 2000 on; every value of a file is the same.
void write_months(const std::filesystem::path& folder, int months) {
  const core::Grid grid = wide_grid();
  for (int month = 0; month < months; ++month) {
    char name[32];
    std::snprintf(name, sizeof name, "ssm_%04d%02d.nc", 2000 + month / 12, 1 + month % 12);
    io::CubeSpec spec;
    spec.variable = "ssm";
    spec.long_name = "surface soil moisture";
    spec.units = "m3 m-3";
    spec.grid = grid;
    spec.with_bounds = false;
    io::CubeFile cube(folder / name, spec);
    const std::vector<float> map(static_cast<std::size_t>(grid.cells()),
                                 0.2F + 0.001F * static_cast<float>(month));
    const auto first = static_cast<double>(
        core::day_number({2000 + month / 12, 1 + month % 12, 1}, core::Calendar::standard));
    for (int day = 0; day < 28; ++day)
      cube.append({first + day, first + day, first + day + 1.0, false, {}}, map);
    cube.finish();
  }
}

TEST(FieldPains, Case01ARunOverAHundredAndTwentyMonthlyFilesStaysUnderItsBudget) {
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "sanitizers need several bytes of their own for each of ours";
#endif
  // 163 MB of values in 120 files; netCDF-C alone would keep a chunk cache for each file it touches.
  const TinyBasin basin;
  std::filesystem::create_directories(basin / "months");
  write_months(basin / "months", 120);
  TinyBasin::write_map(basin / "porosity.tif", wide_grid(), [](auto, auto) { return 0.5; });
  write_text(basin / "long.toml", R"([pipeline]
name = "long"
[grid]
like = "porosity.tif"
[time]
start = 2000-01-01
end = 2009-12-28
[inputs.surface_soil_moisture]
path = "months/ssm_*.nc"
[[stage]]
kind = "exponential_filter"
time = 5
[[output]]
variable = "soil_water_index"
)");
  const std::int64_t others = largest_child_bytes();
  const std::int64_t budget = 150 * mebibyte;
  const Outcome outcome = rootzone({"run", (basin / "long.toml").string(), "--memory", "150MiB"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_LE(largest_child_bytes(), std::max(others, budget)) << outcome.err;
  EXPECT_GE(std::filesystem::file_size(basin / "out/long/soil_water_index.nc"), 1000U);
}

TEST(FieldPains, Case03MemoryThatTheMachineRefusesHasItsMessageAndCode) {
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "sanitizers reserve address space that the limit would forbid";
#endif
  // 20 million cells under a limit the program is not told of: an allocation fails in the middle of the work.
  const TinyBasin basin;
  ASSERT_EQ(basin.run().exit_code, 0);
  const auto before = files_below(basin / "out");
  basin.write_pipeline({{"like = \"porosity.tif\"",
                         "crs = \"EPSG:3035\"\nextent = [4000000, 2900000, 4005000, 2904000]\n"
                         "resolution = [1, 1]"}});
  const Outcome outcome =
      rootzone_in_shell("ulimit -v 1500000; \"$@\"; code=$?; echo \"code $code\" >&2",
                        {"run", (basin / "tiny.toml").string(), "--memory", "8GiB", "--jobs", "1"});
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("code 5"), HasSubstr("memory"))) << outcome.err;
  EXPECT_EQ(files_below(basin / "out"), before);
}

}  // namespace
}  // namespace rootzone::app::test
