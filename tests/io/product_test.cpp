#include "rootzone/io/product.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <random>

#include "io/product_fixture.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

using namespace testing;

constexpr float fill_of_netcdf = NC_FILL_FLOAT;

// 300 columns are three chunks, of which the last two hold nothing; 150 rows two, 40 days three.
core::Grid odd_grid() {
  return core::Grid("EPSG:3035", {4.0e6, 2.0e6, 4.3e6, 2.15e6}, 150, 300);
}
ProductSpec odd_spec() {
  return daily_spec(odd_grid(), {2015, 12, 20}, {2016, 1, 28});
}

std::string failure_of(const auto& action, core::ErrorKind kind) {
  try {
    action();
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "expected an error";
  return "";
}

#define EXPECT_MENTIONS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

TEST(Product, ReadsBackThroughNetcdfAsItWasWritten) {
  const OutputFolder folder;
  const ProductSpec spec = odd_spec();
  const Cube cube = wavy_cube(spec);
  write_product(spec, cube, folder.path(), cut(spec, 7, 33), threads_for);
  EXPECT_EQ(folder.files(), (std::set<std::string>{"root_zone_soil_moisture.nc"}));
  const NetcdfFile file(folder / "root_zone_soil_moisture.nc");
  EXPECT_EQ(file.shape(spec.variable), (std::vector<std::size_t>{40, 150, 300}));
  EXPECT_EQ(file.chunk(spec.variable), (std::vector<std::size_t>{16, 128, 128}));
  const std::vector<double> values = file.numbers(spec.variable);
  const std::vector<double> flags = file.numbers(spec.variable + "_flags");
  std::int64_t wrong = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    wrong += values[i] != (std::isnan(cube.values[i]) ? fill_of_netcdf : cube.values[i]);
    wrong += flags[i] != cube.flags[i];
  }
  EXPECT_EQ(wrong, 0);
}

TEST(Product, BytesDoNotDependOnCutOrderThreadsOrMemory) {
  const OutputFolder folder;
  ProductSpec spec = odd_spec();
  const Cube cube = wavy_cube(spec);
  write_product(spec, cube, folder / "whole", {{0, 40, 0, 150}});
  const std::string whole = bytes_of(folder / "whole/root_zone_soil_moisture.nc");
  ASSERT_FALSE(whole.empty());
  std::mt19937 random(7);  // NOLINT: a fixed seed on purpose
  int trial = 0;
  for (const auto& [steps, rows] :
       {std::pair(1, 150), std::pair(40, 8), std::pair(16, 128), std::pair(11, 37)}) {
    std::vector<core::BlockWindow> windows = cut(spec, steps, rows);
    std::shuffle(windows.begin(), windows.end(), random);
    spec.buffer_bytes = trial % 2 == 0 ? 0 : std::int64_t{1} << 30;  // all in the scratch file, or none
    const auto out = folder / ("cut" + std::to_string(trial++));
    write_product(spec, cube, out, windows, threads_for);
    EXPECT_TRUE(bytes_of(out / "root_zone_soil_moisture.nc") == whole)
        << steps << " x " << rows << ", seed 7";
  }
}

TEST(Product, CarriesNoWallClock) {
  const OutputFolder folder;
  const ProductSpec spec =
      daily_spec(core::Grid("EPSG:4326", {0, 0, 4, 3}, 3, 4), {2016, 1, 1}, {2016, 1, 3});
  const Cube cube = wavy_cube(spec);
  write_product(spec, cube, folder / "a", cut(spec, 3, 3));
  ::usleep(1'100'000);  // HDF5 keeps times in whole seconds
  write_product(spec, cube, folder / "b", cut(spec, 3, 3));
  EXPECT_TRUE(bytes_of(folder / "a/root_zone_soil_moisture.nc") ==
              bytes_of(folder / "b/root_zone_soil_moisture.nc"));
}

TEST(Product, NothingBearsItsFinalNameBeforeFinishAndNothingStaysWithoutIt) {
  const OutputFolder folder;
  ProductSpec spec = odd_spec();
  spec.split = Split::month;
  const Cube cube = wavy_cube(spec);
  {
    const auto sink = create_netcdf_product(spec, folder.path(), folder.path());
    for (const auto& window : cut(spec, 40, 50)) write_window(*sink, spec, cube, window);
    for (const std::string& name : folder.files()) EXPECT_TRUE(name.ends_with(".nc.part")) << name;
    EXPECT_FALSE(folder.files().empty());
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Product, ReplacesAnEarlierOneOnlyAtFinish) {
  const OutputFolder folder;
  const ProductSpec spec = odd_spec();
  const Cube cube = wavy_cube(spec);
  std::ofstream(folder / "root_zone_soil_moisture.nc") << "old";
  {
    const auto sink = create_netcdf_product(spec, folder.path(), folder.path());
    write_window(*sink, spec, cube, {0, 40, 0, 150});
    EXPECT_EQ(bytes_of(folder / "root_zone_soil_moisture.nc"), "old");
    sink->finish();
  }
  EXPECT_GT(bytes_of(folder / "root_zone_soil_moisture.nc").size(), 1000U);
}

TEST(Product, SplitsIntoFilesThatEqualThoseOfTheirOwnRun) {
  const OutputFolder folder;
  ProductSpec spec = odd_spec();
  spec.split = Split::month;
  const Cube cube = wavy_cube(spec);
  write_product(spec, cube, folder / "both", cut(spec, 40, 20), threads_for);
  EXPECT_EQ(netcdf_product_files(spec, folder / "both"),
            (std::vector<std::filesystem::path>{
                folder / "both/root_zone_soil_moisture/root_zone_soil_moisture_201512.nc",
                folder / "both/root_zone_soil_moisture/root_zone_soil_moisture_201601.nc"}));
  // January alone, as a nightly update of that month would write it.
  ProductSpec january = spec;
  january.axis.time = core::TimeAxis({2016, 1, 1}, {2016, 1, 28});
  Cube part;
  part.values.assign(cube.values.begin() + 12 * 150 * 300, cube.values.end());
  part.flags.assign(cube.flags.begin() + 12 * 150 * 300, cube.flags.end());
  write_product(january, part, folder / "one", cut(january, 1, 150));
  const std::string name = "root_zone_soil_moisture/root_zone_soil_moisture_201601.nc";
  EXPECT_TRUE(bytes_of(folder.path() / "both" / name) == bytes_of(folder.path() / "one" / name));
  EXPECT_FALSE(bytes_of(folder.path() / "one" / name).empty());
}

/// Files that this process holds open under a folder.
std::int64_t open_files_in(const std::filesystem::path& folder) {
  std::int64_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code ignored;
    const std::string target = std::filesystem::read_symlink(entry.path(), ignored).string();
    count += target.starts_with(folder.string()) && target.find(".nc.part") != std::string::npos ? 1 : 0;
  }
  return count;
}

TEST(Product, HoldsOneFileOpenHoweverManyItHas) {
  const OutputFolder folder;
  ProductSpec spec = daily_spec(core::Grid("EPSG:4326", {0, 0, 4, 3}, 3, 4), {2016, 1, 1}, {2016, 2, 9});
  spec.split = Split::day;
  const Cube cube = wavy_cube(spec);
  const auto sink = create_netcdf_product(spec, folder.path(), folder.path());
  for (const core::BlockWindow& window : cut(spec, 20, 1)) {
    write_window(*sink, spec, cube, window);
    EXPECT_LE(open_files_in(folder.path()), 1);
  }
  sink->finish();
  EXPECT_EQ(folder.files().size(), 40U);
  EXPECT_EQ(open_files_in(folder.path()), 0);
}

TEST(Product, SplitNamesFollowYearMonthAndDay) {
  ProductSpec spec = odd_spec();
  const auto names = [&](Split split) {
    spec.split = split;
    std::vector<std::string> found;
    for (const auto& path : netcdf_product_files(spec, "out")) found.push_back(path.filename().string());
    return found;
  };
  EXPECT_EQ(names(Split::all), (std::vector<std::string>{"root_zone_soil_moisture.nc"}));
  EXPECT_EQ(names(Split::year),
            (std::vector<std::string>{"root_zone_soil_moisture_2015.nc", "root_zone_soil_moisture_2016.nc"}));
  EXPECT_EQ(names(Split::day).size(), 40U);
  EXPECT_EQ(names(Split::day).front(), "root_zone_soil_moisture_20151220.nc");
  spec.axis.kind = StepAxis::Kind::periods;
  spec.axis.periods = core::periods_of(*spec.axis.time, core::PeriodKind::season);
  EXPECT_EQ(names(Split::month), (std::vector<std::string>{"root_zone_soil_moisture_2016.nc"}));
}

TEST(Product, PacksToTheNearestStepAndReadsBackOnce) {
  const OutputFolder folder;
  ProductSpec spec = daily_spec(core::Grid("EPSG:4326", {0, 0, 4, 1}, 1, 4), {2016, 1, 1}, {2016, 1, 1});
  spec.packing = Packing::int16;
  spec.scale = 0.5;
  spec.offset = 100.0;
  const Cube cube{{100.0F, 150.2F, std::numeric_limits<float>::quiet_NaN(), 75.75F}, {0, 0, 1, 0}};
  write_product(spec, cube, folder.path(), cut(spec, 1, 1));
  const NetcdfFile file(folder / "root_zone_soil_moisture.nc");
  EXPECT_EQ(file.numbers(spec.variable), (std::vector<double>{0, 100, -32768, -49}));
  EXPECT_EQ(file.attribute(spec.variable, "_FillValue"), (std::vector<double>{-32768}));
  EXPECT_EQ(file.attribute(spec.variable, "scale_factor"), (std::vector<double>{0.5}));
  EXPECT_EQ(file.attribute(spec.variable, "add_offset"), (std::vector<double>{100}));
  const std::vector<float> back = open_product(spec, folder.path())->read_step(0);
  EXPECT_EQ(back[0], 100.0F);
  EXPECT_EQ(back[1], 150.0F);
  EXPECT_TRUE(std::isnan(back[2]));
  EXPECT_EQ(back[3], 75.5F);
}

TEST(Product, AValueThatCannotBePackedIsNamed) {
  const OutputFolder folder;
  ProductSpec spec = daily_spec(core::Grid("EPSG:4326", {0, 0, 2, 1}, 1, 2), {2016, 1, 1}, {2016, 1, 1});
  spec.packing = Packing::int16;
  const auto write = [&](float value) {
    write_product(spec, {{0.25F, value}, {0, 0}}, folder.path(), cut(spec, 1, 1), threads_for);
  };
  const std::string message = failure_of([&] { write(3.5F); }, core::ErrorKind::internal);
  EXPECT_MENTIONS(message, "root_zone_soil_moisture: the value 3.5 cannot be packed");
  failure_of([&] { write(-3.2768F); }, core::ErrorKind::internal);  // would be the fill value
  failure_of([&] { write(std::numeric_limits<float>::infinity()); }, core::ErrorKind::internal);
  EXPECT_TRUE(folder.files().empty());
  write(-3.2767F);
  EXPECT_EQ(folder.files().size(), 1U);
}

TEST(Product, CellsTwiceOrNeverWrittenAreOurBug) {
  const OutputFolder folder;
  const ProductSpec spec = odd_spec();
  const Cube cube = wavy_cube(spec);
  const auto sink = create_netcdf_product(spec, folder.path(), folder.path());
  write_window(*sink, spec, cube, {0, 20, 0, 140});
  EXPECT_MENTIONS(failure_of(
                      [&] {
                        write_window(*sink, spec, cube, {19, 1, 139, 11});
                      },
                      core::ErrorKind::internal),
                  "step 19, row 139 is written twice");
  EXPECT_MENTIONS(failure_of(
                      [&] {
                        write_window(*sink, spec, cube, {0, 1, 0, 1});
                      },
                      core::ErrorKind::internal),
                  "written twice");
  EXPECT_MENTIONS(failure_of([&] { sink->finish(); }, core::ErrorKind::internal),
                  "not all written before finish");
  EXPECT_MENTIONS(failure_of(
                      [&] {
                        sink->write({0, 41, 0, 1}, {}, {}, core::serial_for);
                      },
                      core::ErrorKind::internal),
                  "outside the product");
  EXPECT_MENTIONS(failure_of(
                      [&] {
                        sink->write({30, 1, 0, 1}, {}, {}, core::serial_for);
                      },
                      core::ErrorKind::internal),
                  "brings 0 values");
}

TEST(Product, AFolderThatCannotBeMadeIsFoundAtCreation) {
  const OutputFolder folder;
  std::ofstream(folder / "file") << "x";
  const std::string message =
      failure_of([&] { create_netcdf_product(odd_spec(), folder / "file/out", folder.path()); },
                 core::ErrorKind::environment);
  EXPECT_MENTIONS(message, "file/out");
  EXPECT_MENTIONS(message, "Not a directory");
}

TEST(Product, AFileThatMayNotGrowIsAnEnvironmentErrorAndLeavesNothing) {
  // The kernel's limit on file size stands for a full disk: writing fails in the middle of a file.
  const OutputFolder folder;
  const ProductSpec spec = odd_spec();
  Cube cube = wavy_cube(spec);
  std::mt19937 random(7);  // NOLINT: a fixed seed on purpose
  std::uniform_real_distribution<float> noise(0.0F, 1.0F);
  for (float& value : cube.values) value = noise(random);  // hardly compressible
  struct rlimit before {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  struct rlimit lower = before;
  lower.rlim_cur = 1'500'000;
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &lower), 0);
  std::string message;
  try {
    message = failure_of([&] { write_product(spec, cube, folder / "out", cut(spec, 40, 150)); },
                         core::ErrorKind::environment);
  } catch (...) {
    ADD_FAILURE() << "not an Error";
  }
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_MENTIONS(message, "root_zone_soil_moisture.nc.part");
  EXPECT_MENTIONS(message, "bytes");
  EXPECT_TRUE(folder.files().empty());
  // And the process is none the worse for it.
  write_product(spec, cube, folder / "out", cut(spec, 40, 150));
  EXPECT_EQ(folder.files().size(), 1U);
}

TEST(Product, AnAxisWithoutStepsIsAUsageError) {
  ProductSpec spec = odd_spec();
  spec.axis.kind = StepAxis::Kind::values;
  EXPECT_MENTIONS(failure_of([&] { netcdf_product_files(spec, "out"); }, core::ErrorKind::usage), "no steps");
}

TEST(ProductReader, GivesStepsSeriesAndFlagsBack) {
  const OutputFolder folder;
  for (const Split split : {Split::all, Split::month}) {
    ProductSpec spec = odd_spec();
    spec.split = split;
    const Cube cube = wavy_cube(spec);
    write_product(spec, cube, folder.path(), cut(spec, 40, 150));
    const auto reader = open_product(spec, folder.path());
    std::int64_t wrong = 0;
    for (std::int64_t step = 0; step < 40; ++step) {
      const std::vector<float> map = reader->read_step(step);
      const std::vector<core::FlagBits> flags = reader->read_flags(step);
      ASSERT_EQ(map.size(), 45000U);
      for (std::size_t i = 0; i < map.size(); ++i) {
        const std::size_t at = static_cast<std::size_t>(step) * 45000 + i;
        wrong += !same_or_both_nan(map[i], cube.values[at]) || flags[i] != cube.flags[at];
      }
    }
    for (const auto& [row, col] :
         {std::pair(0, 0), std::pair(1, 5), std::pair(149, 127), std::pair(130, 290)}) {
      const std::vector<float> series = reader->read_series(row, col);
      const std::vector<core::FlagBits> flags = reader->read_flags_series(row, col);
      ASSERT_EQ(series.size(), 40U);
      for (std::size_t step = 0; step < 40; ++step) {
        const std::size_t at = step * 45000 + static_cast<std::size_t>(row * 300 + col);
        wrong += !same_or_both_nan(series[step], cube.values[at]) || flags[step] != cube.flags[at];
      }
    }
    EXPECT_EQ(wrong, 0);
    EXPECT_THROW(reader->read_step(40), core::Error);
    EXPECT_THROW(reader->read_series(150, 0), core::Error);
  }
}

TEST(ProductReader, RefusesWhatIsNotTheProduct) {
  const OutputFolder folder;
  const ProductSpec spec = odd_spec();
  EXPECT_MENTIONS(failure_of([&] { open_product(spec, folder.path()); }, core::ErrorKind::data),
                  "root_zone_soil_moisture.nc");
  std::ofstream(folder / "root_zone_soil_moisture.nc") << "no NetCDF";
  failure_of([&] { open_product(spec, folder.path()); }, core::ErrorKind::data);
  write_product(spec, wavy_cube(spec), folder.path(), cut(spec, 40, 150));
  ProductSpec longer = spec;
  longer.axis.time = core::TimeAxis({2015, 12, 20}, {2016, 1, 29});
  EXPECT_MENTIONS(failure_of([&] { open_product(longer, folder.path()); }, core::ErrorKind::data),
                  "expected product of 41 × 150 × 300");
  ProductSpec packed = spec;
  packed.packing = Packing::int16;
  failure_of([&] { open_product(packed, folder.path()); }, core::ErrorKind::data);
}

TEST(ProductReader, AProductWithoutAnyValueReadsAsMissing) {
  const OutputFolder folder;
  ProductSpec spec = daily_spec(core::Grid("EPSG:4326", {0, 0, 3, 2}, 2, 3), {2016, 1, 1}, {2016, 1, 2});
  spec.with_flags = false;
  write_product(spec, {std::vector<float>(12, std::numeric_limits<float>::quiet_NaN()), {}}, folder.path(),
                cut(spec, 1, 2));
  const auto reader = open_product(spec, folder.path());
  for (const float value : reader->read_step(1)) EXPECT_TRUE(std::isnan(value));
  EXPECT_EQ(reader->read_flags(0), (std::vector<core::FlagBits>(6, 0)));
  EXPECT_EQ(NetcdfFile(folder / "root_zone_soil_moisture.nc").numbers(spec.variable),
            (std::vector<double>(12, fill_of_netcdf)));
}

}  // namespace
}  // namespace rootzone::io
