#include "netcdf_stack.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <fstream>

#include "netcdf_fixture.hpp"
#include "rootzone/core/calendar.hpp"

namespace rootzone::io {
namespace {

using test::CubeFile;
using test::error_of;
using test::FileWriter;
using test::input;
using test::read_all;
using test::ScratchFolder;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// v = first + record on a 2 × 2 grid.
std::filesystem::path write_series(
    const std::filesystem::path& path, const std::string& units, std::vector<double> times, double first,
    const std::function<void(CubeFile&, int)>& more = [](CubeFile&, int) {}) {
  CubeFile file(path, times.size(), 2, 2, NC_NETCDF4, false, units);
  file.times = std::move(times);
  const int v = file.cube("v", NC_FLOAT);
  file.writer.chunks(v, {1, 2, 2});
  file.writer.deflate(v, true, 1);
  more(file, v);
  file.put_coordinates();
  std::vector<double> values;
  for (std::size_t t = 0; t < file.times.size(); ++t)
    values.insert(values.end(), 4, first + static_cast<double>(t));
  file.writer.put(v, values);
  return path;
}

std::vector<float> first_cells(NativeStack& stack) {
  std::vector<float> cells;
  const auto records = static_cast<std::int64_t>(stack.description().times.size());
  for (std::int64_t t = 0; t < records; ++t)
    cells.push_back(test::read_window(stack, {t, 1, 0, 1, 0, 1}).front());
  return cells;
}

double day(int year, int month, int day_of_month) {
  return static_cast<double>(core::day_number({year, month, day_of_month}, core::Calendar::standard));
}

TEST(NetcdfStack, FilesOfOneVariableAreOneSeries) {
  const ScratchFolder folder;
  InputSpec spec = input(write_series(folder / "february.nc", "days since 2000-02-01", {0, 1}, 20), "v");
  spec.paths.push_back(write_series(folder / "january.nc", "hours since 2000-01-30", {0, 24}, 10));
  const auto stack = open_netcdf_stack(spec);
  const auto& times = stack->description().times;
  ASSERT_EQ(times.size(), 4U);
  EXPECT_DOUBLE_EQ(times[0].stamp, day(2000, 1, 30));
  EXPECT_DOUBLE_EQ(times[3].stamp, day(2000, 2, 2));
  EXPECT_THAT(times[0].source, HasSubstr("january.nc"));
  EXPECT_EQ(first_cells(*stack), (std::vector<float>{10, 11, 20, 21}));
  EXPECT_EQ(read_all(*stack)[4 * 2], 20.0F);
  EXPECT_EQ(stack->description().files.size(), 2U);
}

TEST(NetcdfStack, EachFileMayBePackedInItsOwnWay) {
  const ScratchFolder folder;
  const auto packed = [](double scale) {
    return [scale](CubeFile& file, int v) { file.writer.attribute(v, "scale_factor", NC_DOUBLE, {scale}); };
  };
  InputSpec spec = input(write_series(folder / "a.nc", "days since 2000-01-01", {0}, 100, packed(0.5)), "v");
  spec.paths.push_back(write_series(folder / "b.nc", "days since 2000-01-02", {0}, 100, packed(0.25)));
  EXPECT_EQ(first_cells(*open_netcdf_stack(spec)), (std::vector<float>{50, 25}));
}

TEST(NetcdfStack, ATimeInTwoFilesIsRefusedByName) {
  const ScratchFolder folder;
  InputSpec spec = input(write_series(folder / "old.nc", "days since 2000-01-01", {0, 1}, 0), "v");
  spec.paths.push_back(write_series(folder / "new.nc", "days since 2000-01-02", {0, 1}, 0));
  const auto [kind, message] = error_of([&] { open_netcdf_stack(spec); });
  EXPECT_EQ(kind, core::ErrorKind::data);
  EXPECT_THAT(message, AllOf(HasSubstr("2000-01-02"), HasSubstr("old.nc"), HasSubstr("new.nc")));
}

TEST(NetcdfStack, ATimeTwiceInAFileIsRefused) {
  const ScratchFolder folder;
  const auto path = write_series(folder / "twice.nc", "days since 2000-01-01", {0, 1, 1}, 0);
  EXPECT_THAT(error_of([&] { open_netcdf_stack(input(path)); }).second,
              AllOf(HasSubstr("twice.nc"), HasSubstr("2000-01-02"), HasSubstr("records 1 and 2")));
}

TEST(NetcdfStack, UnsortedTimesAreSortedWithAWarning) {
  const ScratchFolder folder;
  const auto path = write_series(folder / "unsorted.nc", "days since 2000-01-01", {3, 0, 1, 2}, 10);
  for (const ReadPath read_path : {ReadPath::automatic, ReadPath::netcdf}) {
    NetcdfStack stack(input(path), read_path);
    EXPECT_THAT(stack.description().warnings, Contains(HasSubstr("not in order")));
    EXPECT_EQ(first_cells(stack), (std::vector<float>{11, 12, 13, 10}));
    const auto all = read_all(stack);
    EXPECT_EQ(all[0], 11.0F);
    EXPECT_EQ(all[4 * 3], 10.0F);
  }
}

TEST(NetcdfStack, FilesThatDisagreeAreRefused) {
  const ScratchFolder folder;
  InputSpec spec = input(write_series(folder / "a.nc", "days since 2000-01-01", {0}, 0), "v");
  spec.paths.push_back(write_series(folder / "b.nc", "days since 2000-01-02", {0}, 0,
                                    [](CubeFile& file, int v) { file.writer.text(v, "units", "mm"); }));
  EXPECT_THAT(error_of([&] { open_netcdf_stack(spec); }).second,
              AllOf(HasSubstr("units differ"), HasSubstr("\"mm\"")));
  spec.units = "mm";
  EXPECT_EQ(open_netcdf_stack(spec)->description().units, "mm") << "overridden, they agree";
  spec.paths.back() = write_series(folder / "c.nc", "days since 2000-01-02", {0}, 0, [](CubeFile& file, int) {
    file.longitudes[0] -= 1, file.longitudes[1] -= 1;
  });
  EXPECT_THAT(error_of([&] { open_netcdf_stack(spec); }).second, HasSubstr("grids differ"));
  spec.paths.back() = write_series(folder / "d.nc", "days since 2000-01-02", {0}, 0, [](CubeFile& file, int) {
    file.writer.text(file.time, "calendar", "360_day");
  });
  EXPECT_THAT(error_of([&] { open_netcdf_stack(spec); }).second,
              AllOf(HasSubstr("calendars differ"), HasSubstr("360_day")));
  spec.paths.back() = write_series(folder / "e.nc", "days since 2000-01-02", {0}, 0, [](CubeFile& file, int) {
    file.writer.text(file.time, "calendar", "proleptic_gregorian");
  });
  EXPECT_EQ(open_netcdf_stack(spec)->description().times.size(), 2U) << "the same days since 1582";
}

TEST(NetcdfStack, TimeBoundsComeWithTheRecords) {
  const ScratchFolder folder;
  const auto path =
      write_series(folder / "bounds.nc", "months since 2000-01-01", {0, 1}, 0, [](CubeFile& file, int) {
        file.writer.text(file.time, "bounds", "time_bnds");
        const int two = file.writer.dimension("nv", 2);
        file.writer.put(file.writer.variable("time_bnds", NC_DOUBLE, {file.time_dimension, two}),
                        {0, 1, 1, 2});
      });
  const auto stack = open_netcdf_stack(input(path, "v"));
  const auto& times = stack->description().times;
  ASSERT_TRUE(times[1].has_bounds);
  EXPECT_DOUBLE_EQ(times[1].begin, day(2000, 2, 1));
  EXPECT_DOUBLE_EQ(times[1].end, day(2000, 3, 1)) << "February 2000 has 29 days";
}

TEST(NetcdfStack, BadBoundsAreIgnoredWithAWarning) {
  const ScratchFolder folder;
  const double fill = 9.969209968386869e36;  // of doubles, not declared: a number like any other
  const std::vector<std::pair<std::vector<double>, const char*>> cases{
      {{0, 1, 2, 2}, "empty or inverted at record 1"},
      {{0, 1, 1, fill}, "no dates (fill values?) at record 1"},
      {{-fill, fill, 1, 2}, "no dates (fill values?) at record 0"},
      {{std::nan(""), 1, 1, 2}, "no dates (fill values?) at record 0"}};
  for (const auto& [values, why] : cases) {
    const auto path = write_series(
        folder / "bad_bounds.nc", "days since 2000-01-01", {0, 1}, 0,
        [&values = values](CubeFile& file, int) {
          file.writer.text(file.time, "bounds", "time_bnds");
          const int two = file.writer.dimension("nv", 2);
          file.writer.put(file.writer.variable("time_bnds", NC_DOUBLE, {file.time_dimension, two}), values);
        });
    const auto stack = open_netcdf_stack(input(path, "v"));
    EXPECT_THAT(stack->description().warnings,
                Contains(AllOf(HasSubstr("'time_bnds'"), HasSubstr(why), HasSubstr("all ignored"))));
    EXPECT_FALSE(stack->description().times[0].has_bounds);
    EXPECT_EQ(stack->description().times[0].end, stack->description().times[0].stamp);
  }
}

TEST(NetcdfStack, CalendarsAreTheFilesOrTheInputs) {
  const ScratchFolder folder;
  const auto path =
      write_series(folder / "noleap.nc", "days since 2000-02-28", {0, 1}, 0,
                   [](CubeFile& file, int) { file.writer.text(file.time, "calendar", "365_day"); });
  const auto stack = open_netcdf_stack(input(path));
  EXPECT_EQ(stack->description().calendar, core::Calendar::noleap);
  EXPECT_EQ(
      core::date_of(static_cast<std::int64_t>(stack->description().times[1].stamp), core::Calendar::noleap),
      (core::Date{2000, 3, 1}));
  InputSpec spec = input(path);
  spec.calendar = "standard";
  EXPECT_DOUBLE_EQ(open_netcdf_stack(spec)->description().times[1].stamp, day(2000, 2, 29));
  spec.calendar = "mayan";
  EXPECT_EQ(error_of([&] { open_netcdf_stack(spec); }).first, core::ErrorKind::usage);
}

TEST(NetcdfStack, ATimeThatIsNoDateIsRefused) {
  const ScratchFolder folder;
  const auto path = write_series(folder / "months.nc", "1", {1, 2, 3}, 0);
  const auto [kind, message] = error_of([&] { open_netcdf_stack(input(path)); });
  EXPECT_EQ(kind, core::ErrorKind::data);
  EXPECT_THAT(message, AllOf(HasSubstr("'time' of 3 is no time"), HasSubstr("days since")));
  const auto gap = write_series(folder / "gap.nc", "days since 2000-01-01", {0, NC_FILL_DOUBLE}, 0);
  EXPECT_THAT(error_of([&] { open_netcdf_stack(input(gap)); }).second, HasSubstr("record 1 has no time"));
  const auto far = write_series(folder / "far.nc", "days since 2000-01-01", {0, 1e30}, 0);
  EXPECT_THAT(error_of([&] { open_netcdf_stack(input(far)); }).second, HasSubstr("record 1 has the time"));
}

TEST(NetcdfStack, AClimatologyMayCountItsMonths) {
  const ScratchFolder folder;
  InputSpec spec =
      input(write_series(folder / "climatology.nc", "month", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 1));
  spec.cadence = Cadence::climatology_monthly;
  const auto stack = open_netcdf_stack(spec);
  ASSERT_EQ(stack->description().times.size(), 12U);
  EXPECT_DOUBLE_EQ(stack->description().times[11].end - stack->description().times[11].begin, 31.0);
  EXPECT_EQ(first_cells(*stack)[1], 2.0F);
}

TEST(NetcdfStack, MapsWithAScalarTimeMakeASeries) {
  const ScratchFolder folder;
  InputSpec spec;
  for (int i = 0; i < 2; ++i) {
    spec.paths.push_back(folder / ("map" + std::to_string(i) + ".nc"));
    FileWriter file(spec.paths.back());
    const int rows = file.dimension("lat", 2);
    const int cols = file.dimension("lon", 2);
    const int lat = file.variable("lat", NC_DOUBLE, {rows});
    const int lon = file.variable("lon", NC_DOUBLE, {cols});
    const int time = file.variable("time", NC_DOUBLE, {});
    file.text(time, "units", "days since 2000-01-01");
    const int v = file.variable("v", NC_FLOAT, {rows, cols});
    file.put(lat, {1, 0});
    file.put(lon, {0, 1});
    file.put(time, {1.0 - i});
    file.put(v, std::vector<double>(4, i));
  }
  spec.variable = "v";
  const auto stack = open_netcdf_stack(spec);
  ASSERT_EQ(stack->description().times.size(), 2U);
  EXPECT_EQ(first_cells(*stack), (std::vector<float>{1, 0}));
}

TEST(NetcdfStack, ContiguousVariablesAskForWholeRows) {
  const ScratchFolder folder;
  for (const int flags : {NC_NETCDF4, 0}) {
    const auto path = folder / "contiguous.nc";
    {
      CubeFile file(path, 2, 3, 4, flags);
      const int v = file.cube("v", NC_FLOAT);
      file.put_coordinates();
      file.writer.put(v, std::vector<double>(24, 1.0));
    }
    const auto stack = open_netcdf_stack(input(path, "v"));
    EXPECT_EQ(stack->description().chunk_records, 1);
    EXPECT_EQ(stack->description().chunk_rows, 1);
    EXPECT_EQ(stack->description().chunk_cols, 4);
  }
}

TEST(NetcdfStack, MasksOfOtherFilesAreMatchedByTime) {
  const ScratchFolder folder;
  InputSpec spec = input(write_series(folder / "values.nc", "days since 2000-01-01", {1, 2}, 5), "v");
  MaskSpec mask;
  mask.path = write_series(folder / "quality.nc", "days since 2000-01-01", {0, 1, 2, 3}, 0);
  mask.variable = "v";
  mask.keep = {2};
  spec.masks = {mask};
  const auto values = first_cells(*open_netcdf_stack(spec));
  EXPECT_TRUE(std::isnan(values[0]));
  EXPECT_EQ(values[1], 6.0F);
  spec.masks[0].path = write_series(folder / "short.nc", "days since 2000-01-01", {1}, 0);
  EXPECT_THAT(error_of([&] { open_netcdf_stack(spec); }).second,
              AllOf(HasSubstr("short.nc"), HasSubstr("no record of 2000-01-03")));
}

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t size = 0;
  std::size_t resident = 0;
  statm >> size >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

TEST(NetcdfStack, MemoryDoesNotGrowWithTheNumberOfFiles) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers keep freed memory";
#endif
  const ScratchFolder folder;
  constexpr std::size_t side = 160;  // 100 KiB of floats in one chunk
  const auto write = [&](int month, bool checksummed) {
    const auto path = folder / ("m" + std::to_string(month) + (checksummed ? "c.nc" : ".nc"));
    CubeFile file(path, 2, side, side, NC_NETCDF4, false, "days since 2000-01-01");
    file.times = {2.0 * month, 2.0 * month + 1};
    const int v = file.cube("v", NC_FLOAT);
    file.writer.chunks(v, {1, side, side});
    file.writer.deflate(v, true, 1);
    if (checksummed) FileWriter::check(nc_def_var_fletcher32(file.writer.id(), v, NC_FLETCHER32));
    file.put_coordinates();
    file.writer.put(v, std::vector<double>(2 * side * side, month));
    return path;
  };
  for (const bool checksummed : {false, true}) {  // the fast path, and netCDF-C
    InputSpec spec;
    spec.variable = "v";
    for (int month = 0; month < 120; ++month) spec.paths.push_back(write(month, checksummed));
    NetcdfStack stack(spec);
    std::vector<float> values(side * side);
    const auto pass = [&] {
      for (std::int64_t t = 0; t < 240; ++t) {
        stack.fetch({t, 1, 0, side, 0, side})->decode(values, core::serial_for);
        ASSERT_EQ(values.back(), static_cast<float>(t / 2));
      }
    };
    for (std::int64_t t = 0; t < 16; ++t)
      stack.fetch({t, 1, 0, side, 0, side})->decode(values, core::serial_for);
    const std::size_t before = resident_bytes();
    pass();
    const std::size_t after = resident_bytes();
    EXPECT_LT(after, before + (std::size_t{6} << 20))
        << "24 MiB in 120 files grew memory by " << (after - before) / 1024 << " KiB";
  }
}

}  // namespace
}  // namespace rootzone::io
