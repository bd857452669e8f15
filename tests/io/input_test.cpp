#include "rootzone/io/input.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "grid_source.hpp"
#include "raster_fixture.hpp"

namespace rootzone::io {
namespace {

using core::BlockWindow;
using core::ErrorKind;
using core::TimeAxis;
using testing::HasSubstr;
using namespace test;

const core::Extent box{4.0e6, 2.0e6, 4.006e6, 2.004e6};  // 4 rows × 6 columns of 1 km
core::Grid box_grid() {
  return make_grid("EPSG:3035", box, 4, 6);
}

std::vector<float> read(core::BlockSource& source, const core::Grid& grid, const BlockWindow& window) {
  std::vector<float> values(static_cast<std::size_t>(window.steps * window.rows * grid.cols()), -77.0F);
  source.fetch(window)->decode(values, core::serial_for);
  return values;
}

std::vector<float> read_all(core::BlockSource& source, const core::Grid& grid, const TimeAxis& axis) {
  return read(source, grid, {0, axis.count(), 0, grid.rows()});
}

std::unique_ptr<core::BlockSource> source_of(InputSpec spec, std::unique_ptr<NativeStack> stack,
                                             const core::Grid& grid, const TimeAxis& axis) {
  spec.name = "test";
  InputReport report;
  return make_grid_source(spec, std::move(stack), grid, axis, report);
}

std::vector<float> random_values(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> value(0.0F, 1.0F);
  std::vector<float> values(count);
  for (float& v : values) v = value(random) < 0.15F ? missing : value(random);
  return values;
}

std::vector<RecordTime> days_from(double first, int count, double step = 1.0) {
  std::vector<RecordTime> times;
  for (int i = 0; i < count; ++i) times.push_back(at(first + i * step));
  return times;
}

/// Windows of any shape give the numbers of the whole.
void expect_windows_agree(core::BlockSource& source, const core::Grid& grid, const TimeAxis& axis) {
  const auto whole = read_all(source, grid, axis);
  std::mt19937 random(11);
  for (int k = 0; k < 30; ++k) {
    BlockWindow window;
    window.first_step = std::uniform_int_distribution<std::int64_t>(0, axis.count() - 1)(random);
    window.steps = std::uniform_int_distribution<std::int64_t>(1, axis.count() - window.first_step)(random);
    window.first_row = std::uniform_int_distribution<std::int64_t>(0, grid.rows() - 1)(random);
    window.rows = std::uniform_int_distribution<std::int64_t>(1, grid.rows() - window.first_row)(random);
    const auto part = read(source, grid, window);
    std::vector<float> expected;
    for (std::int64_t step = window.first_step; step < window.first_step + window.steps; ++step)
      for (std::int64_t row = window.first_row; row < window.first_row + window.rows; ++row)
        for (std::int64_t col = 0; col < grid.cols(); ++col)
          expected.push_back(whole[static_cast<std::size_t>((step * grid.rows() + row) * grid.cols() + col)]);
    expect_same(part, expected);
  }
}

TEST(Input, AlignedDailyRecordsComeThroughConvertedOnce) {
  const TimeAxis axis({2016, 1, 1}, {2016, 1, 3});
  auto values = random_values(72, 1);
  InputSpec spec;
  spec.target_units = "m3 m-3";
  spec.valid_range = {{0.1, 0.9}};
  auto scaled = values;
  for (float& v : scaled) v *= 100.0F;
  const auto source =
      source_of(spec, std::make_unique<MemoryStack>(box_grid(), days_from(day(2016, 1, 1), 3), scaled, "%"),
                box_grid(), axis);
  for (float& v : values)
    if (!(v >= 0.1F && v <= 0.9F)) v = missing;
  expect_same(read_all(*source, box_grid(), axis), values, 1e-6);
  expect_windows_agree(*source, box_grid(), axis);
}

TEST(Input, WindowsOfAnyShapeGiveTheSameNumbers) {
  const TimeAxis axis({2015, 12, 20}, {2016, 3, 10});
  const auto model = make_grid("EPSG:3035", {4.0003e6, 2.0002e6, 4.0053e6, 2.0037e6}, 35, 4);
  InputSpec rain;
  rain.target_units = "mm d-1";
  rain.valid_range = {{0.0, 30.0}};
  // Gaps in daily records, three-hourly totals, monthly totals, and a daily climatology over New Year.
  auto daily = days_from(day(2015, 12, 18), 90);
  daily.erase(daily.begin() + 20, daily.begin() + 33);
  const auto daily_count = daily.size();
  auto stack = std::make_unique<MemoryStack>(box_grid(), daily, random_values(24 * daily_count, 2), "mm");
  expect_windows_agree(*source_of(rain, std::move(stack), model, axis), model, axis);
  stack = std::make_unique<MemoryStack>(box_grid(), daily, random_values(24 * daily_count, 2), "mm");
  expect_windows_agree(*source_of(rain, std::move(stack), box_grid(), axis), box_grid(), axis);
  stack = std::make_unique<MemoryStack>(box_grid(), days_from(day(2015, 12, 20), 8 * 82, 0.125),
                                        random_values(24 * 8 * 82, 3), "mm");
  expect_windows_agree(*source_of(rain, std::move(stack), model, axis), model, axis);
  std::vector<RecordTime> months{at(day(2015, 12, 1)), at(day(2016, 1, 1)), at(day(2016, 2, 1)),
                                 at(day(2016, 3, 1))};
  stack = std::make_unique<MemoryStack>(box_grid(), months, random_values(24 * 4, 4), "mm");
  expect_windows_agree(*source_of(rain, std::move(stack), model, axis), model, axis);
  InputSpec crop;
  crop.cadence = Cadence::climatology_daily;
  stack =
      std::make_unique<MemoryStack>(box_grid(), days_from(day(2004, 1, 1), 366), random_values(24 * 366, 5));
  expect_windows_agree(*source_of(crop, std::move(stack), model, axis), model, axis);
}

TEST(FieldPains, Case13MonthlyTotalsBecomeDaysThatSumToThem) {
  const TimeAxis axis({2016, 1, 1}, {2016, 2, 29});
  std::vector<float> totals(48, 62.0F);
  std::fill(totals.begin() + 24, totals.end(), 58.0F);
  const std::vector<RecordTime> months{at(day(2016, 1, 1)), at(day(2016, 2, 1))};
  const std::vector<std::pair<std::string, std::string>> unit_pairs{
      {"mm", "mm d-1"}, {"kg m-2", "mm d-1"},     {"cm", "mm d-1"},
      {"mm", "mm"},     {"mm month-1", "mm d-1"}, {"mm/month", "mm"}};
  for (const auto& [from, to] : unit_pairs)
    for (const PeriodValue value : {PeriodValue::automatic, PeriodValue::total}) {
      InputSpec spec;
      spec.period_value = value;
      spec.target_units = to;
      spec.valid_range = {{0.0, 25.0}};  // of a day: 62 mm a month are 2 mm a day
      const auto source =
          source_of(spec, std::make_unique<MemoryStack>(box_grid(), months, totals, from), box_grid(), axis);
      const auto found = read_all(*source, box_grid(), axis);
      const double unit = from == "cm" ? 10.0 : 1.0;
      double january = 0.0;
      double february = 0.0;
      for (std::size_t step = 0; step < 60; ++step) (step < 31 ? january : february) += found[step * 24 + 5];
      EXPECT_NEAR(january, 62.0 * unit, 1e-5 * unit) << from;
      EXPECT_NEAR(february, 58.0 * unit, 1e-5 * unit) << from;
      EXPECT_FLOAT_EQ(found[0], static_cast<float>(2.0 * unit));
    }
  // A mean holds on each day.
  InputSpec mean;
  mean.target_units = "mm d-1";
  const auto source =
      source_of(mean, std::make_unique<MemoryStack>(box_grid(), months, totals, "mm d-1"), box_grid(), axis);
  const auto found = read_all(*source, box_grid(), axis);
  EXPECT_FLOAT_EQ(found[0], 62.0F);
  EXPECT_FLOAT_EQ(found[59 * 24], 58.0F);
}

TEST(Input, SubDailyMeansAverageAndTotalsAddUp) {
  const TimeAxis axis({2016, 1, 1}, {2016, 1, 2});
  std::vector<float> values;
  for (int record = 0; record < 8; ++record) values.insert(values.end(), 24, static_cast<float>(record));
  values[24 + 3] = missing;  // cell 3 of the second record
  const auto times = days_from(day(2016, 1, 1), 8, 0.25);
  InputSpec spec;
  spec.label = TimeLabel::start;
  spec.target_units = "degC";
  const auto mean = read_all(
      *source_of(spec, std::make_unique<MemoryStack>(box_grid(), times, values, "degC"), box_grid(), axis),
      box_grid(), axis);
  EXPECT_FLOAT_EQ(mean[0], 1.5F);
  EXPECT_FLOAT_EQ(mean[3], 5.0F / 3.0F);
  EXPECT_FLOAT_EQ(mean[24], 5.5F);
  spec.target_units = "mm d-1";
  const auto total = read_all(
      *source_of(spec, std::make_unique<MemoryStack>(box_grid(), times, values, "mm"), box_grid(), axis),
      box_grid(), axis);
  EXPECT_FLOAT_EQ(total[0], 6.0F);
  EXPECT_TRUE(std::isnan(total[3]));
  EXPECT_FLOAT_EQ(total[24], 22.0F);
}

TEST(Input, InvalidValuesDoNotReachTheirNeighboursThroughTheWarp) {
  const TimeAxis axis({2016, 1, 1}, {2016, 1, 1});
  const auto model = make_grid("EPSG:3035", box, 2, 3);
  std::vector<float> values(24, 0.2F);
  values[0] = 9999.0F;
  InputSpec spec;
  spec.valid_range = {{0.0, 1.0}};
  const auto found = read_all(
      *source_of(spec, std::make_unique<MemoryStack>(box_grid(), days_from(day(2016, 1, 1), 1), values),
                 model, axis),
      model, axis);
  for (const float value : found) EXPECT_FLOAT_EQ(value, 0.2F);
}

TEST(Input, AMonthIsReadOnceForAllItsDays) {
  const TimeAxis axis({2016, 1, 1}, {2016, 1, 31});
  auto stack = std::make_unique<MemoryStack>(
      box_grid(), std::vector<RecordTime>{at(day(2015, 12, 1)), at(day(2016, 1, 1)), at(day(2016, 2, 1))},
      random_values(72, 9), "mm d-1");
  MemoryStack* watched = stack.get();
  const auto source = source_of({}, std::move(stack), box_grid(), axis);
  read_all(*source, box_grid(), axis);
  EXPECT_EQ(watched->records_read, 1);
  EXPECT_EQ(source->layout().chunk_steps, 31);
}

TEST(Input, LayoutFollowsTheStoredChunks) {
  const TimeAxis axis({2016, 1, 5}, {2016, 3, 4});
  auto stack =
      std::make_unique<MemoryStack>(box_grid(), days_from(day(2016, 1, 1), 70), random_values(24 * 70, 9));
  stack->edit().chunk_records = 30;
  stack->edit().chunk_rows = 2;
  stack->edit().first_chunk_row = 1;
  const auto model = box_grid().window(1, 3, 0, 6);
  const auto layout = source_of({}, std::move(stack), model, axis)->layout();
  EXPECT_EQ(layout.chunk_steps, 30);
  EXPECT_EQ(layout.first_chunk_step, -4);
  EXPECT_EQ(layout.chunk_rows, 2);
  EXPECT_EQ(layout.first_chunk_row, 0);
}

TEST(Input, DailyFilesWithAGapAreReported) {
  ScratchFolder folder;
  for (const int d : {1, 2, 4})
    write_tiff(folder / ("s_2016010" + std::to_string(d) + ".tif"), "EPSG:3035", box, 4, 6,
               {std::vector<double>(24, d)}, {.units = "m3 m-3"});
  InputSpec spec = raster_input(folder / "s_{date}.tif");
  spec.target_units = "m3 m-3";
  const TimeAxis axis({2016, 1, 1}, {2016, 1, 4});
  const auto opened = open_input(spec, box_grid(), axis);
  EXPECT_EQ(opened.report.missing_days, 1);
  EXPECT_EQ(opened.report.missing_dates, std::vector<std::string>{"2016-01-03"});
  EXPECT_EQ(opened.report.native_grid, "6 × 4 cells of 1000");
  EXPECT_EQ(opened.report.resampling, "none (aligned)");
  EXPECT_EQ(opened.report.files.size(), 3U);
  const auto values = read_all(*opened.source, box_grid(), axis);
  EXPECT_EQ(values[24], 2.0F);
  EXPECT_TRUE(std::isnan(values[48]));
  EXPECT_EQ(values[72], 4.0F);
  const auto statistics = survey_values(*opened.source, box_grid(), axis, core::serial_for);
  EXPECT_DOUBLE_EQ(statistics.missing_percent, 25.0);
  EXPECT_DOUBLE_EQ(statistics.minimum, 1.0);
  EXPECT_DOUBLE_EQ(statistics.maximum, 4.0);
  EXPECT_NEAR(statistics.mean, 7.0 / 3.0, 1e-12);
}

TEST(Input, ErrorsNameTheInputAndTheRemedy) {
  ScratchFolder folder;
  write_tiff(folder / "s_20160101.tif", "", box, 4, 6, {std::vector<double>(24, -9999)}, {.nodata = -9999});
  InputSpec spec = raster_input(folder / "s_{date}.tif");
  const TimeAxis axis({2016, 1, 1}, {2016, 1, 1});
  EXPECT_THAT(message_of(ErrorKind::data, [&] { open_input(spec, box_grid(), axis); }),
              HasSubstr("set `crs"));
  spec.crs = "EPSG:3035";
  const auto opened = open_input(spec, box_grid(), axis);
  EXPECT_THAT(
      message_of(ErrorKind::data, [&] { survey_values(*opened.source, box_grid(), axis, core::serial_for); }),
      HasSubstr("every value"));
  EXPECT_THAT(message_of(ErrorKind::data,
                         [&] {
                           open_input(spec, box_grid(), TimeAxis({2017, 1, 1}, {2017, 1, 2}));
                         }),
              HasSubstr("2017-01-01"));
  spec.target_units = "mm d-1";
  EXPECT_THAT(message_of(ErrorKind::data, [&] { open_input(spec, box_grid(), axis); }),
              HasSubstr("[inputs.test]"));
  spec.paths = {folder / "absent_{date}.tif"};
  EXPECT_THAT(message_of(ErrorKind::data, [&] { open_input(spec, box_grid(), axis); }),
              HasSubstr("absent_{date}.tif"));
  spec.required = false;
  EXPECT_EQ(open_input(spec, box_grid(), axis).source, nullptr);
}

TEST(Input, LisfloodSoilMoistureFallsOnItsDays) {
  const std::filesystem::path file =
      std::filesystem::path(ROOTZONE_SOURCE_DIR) / "../shared/data/po/surface_soil_moisture.nc";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "skipped: the shared data are not here";
  InputSpec spec = raster_input(file);
  spec.units = "m3 m-3";
  spec.target_units = "m3 m-3";
  spec.label = TimeLabel::end;
  const auto grid = grid_like(file);
  const TimeAxis axis({2016, 1, 1}, {2016, 7, 1});
  const auto opened = open_input(spec, grid, axis);
  EXPECT_EQ(opened.report.first_date, "2016-01-01");
  EXPECT_EQ(opened.report.last_date, "2016-07-01");
  EXPECT_EQ(opened.report.missing_days, 0);
  EXPECT_EQ(opened.report.resampling, "none (aligned)");
  EXPECT_EQ(epsg_code(grid.crs_wkt()), 3035);
  const auto statistics = survey_values(*opened.source, grid, axis, core::serial_for);
  EXPECT_GT(statistics.minimum, 0.02);
  EXPECT_LT(statistics.maximum, 0.7);
  // The same through weights on a shifted grid stays within the range.
  const auto model = make_grid("EPSG:4326", {8.5, 45.0, 10.5, 46.0}, 20, 40);
  const auto warped = open_input(spec, model, axis);
  EXPECT_EQ(warped.report.resampling, "bilinear");
  const auto again = survey_values(*warped.source, model, axis, core::serial_for);
  EXPECT_GE(again.minimum, statistics.minimum - 1e-6);
  EXPECT_LE(again.maximum, statistics.maximum + 1e-6);
}

TEST(Input, FieldFilesFindTheirDays) {
  const std::filesystem::path data = std::filesystem::path(ROOTZONE_SOURCE_DIR) / "../shared/data";
  if (!std::filesystem::exists(data)) GTEST_SKIP() << "skipped: the shared data are not here";
  // Months stamped an hour before their end, and on their last day: each is its month.
  const auto moselle =
      make_grid("EPSG:3035", {3973369, 2735847, 3973369 + 6 * 24000, 2735847 + 9 * 24000}, 9, 6);
  const TimeAxis years({1990, 1, 1}, {1993, 12, 31});
  for (const auto& [file, variable] : {std::pair{"et_monthly.nc", ""}, std::pair{"sm_monthly.nc", "sm"}}) {
    InputSpec spec = raster_input(data / "moselle" / file);
    spec.variable = variable;
    spec.crs = "EPSG:3035";
    if (std::string(variable) == "sm") spec.use_latlon = false;
    try {
      const auto opened = open_input(spec, moselle, years);
      EXPECT_EQ(opened.report.missing_days, 0) << file;
      EXPECT_EQ(opened.report.first_date, "1990-01-01");
      EXPECT_EQ(opened.report.last_date, "1993-12-31");
    } catch (const core::Error& error) {
      ADD_FAILURE() << error.what();
    }
  }
  // A leap year of crop factors serves any year.
  InputSpec crop = raster_input(data / "rhine-meuse/cropKC_forest_daily366.nc");
  crop.cadence = Cadence::climatology_daily;
  const TimeAxis axis({2015, 2, 27}, {2016, 3, 2});
  const auto grid = grid_like(crop.paths[0]);
  const auto kc = open_input(crop, grid, axis);
  EXPECT_EQ(kc.report.missing_days, 0);
  const auto statistics = survey_values(*kc.source, grid, axis, core::serial_for);
  EXPECT_GT(statistics.minimum, 0.1);
  EXPECT_LT(statistics.maximum, 2.0);
}

}  // namespace
}  // namespace rootzone::io
