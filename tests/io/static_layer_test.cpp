#include <gdal_utils.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <numeric>
#include <thread>

#include "depth_average.hpp"
#include "raster_fixture.hpp"
#include "rootzone/io/input.hpp"

namespace rootzone::io {
namespace {

using core::ErrorKind;
using testing::HasSubstr;
using namespace test;

const core::Extent box{4.0e6, 2.0e6, 4.004e6, 2.002e6};  // 2 rows × 4 columns of 1 km
core::Grid box_grid() {
  return make_grid("EPSG:3035", box, 2, 4);
}

DepthLayer layer(const std::filesystem::path& path, double top, double bottom) {
  return {path, "", top, bottom};
}

TEST(StaticLayer, IsConvertedBeforeItIsWarped) {
  ScratchFolder folder;
  write_tiff(folder / "a.tif", "EPSG:3035", box, 2, 4, {{10, 20, 30, 40, 50, 60, 200, -1}},
             {.nodata = -1.0, .units = "%"});
  InputSpec spec = raster_input(folder / "a.tif");
  spec.target_units = "1";
  spec.valid_range = {{0.0, 1.0}};
  expect_same(read_static_layer(spec, box_grid()).values,
              {0.1F, 0.2F, 0.3F, 0.4F, 0.5F, 0.6F, missing, missing}, 1e-6);
  const auto coarse = make_grid("EPSG:3035", box, 1, 2);
  const StaticLayer averaged = read_static_layer(spec, coarse);
  EXPECT_THAT(averaged.report.resampling, HasSubstr("average of 2 × 2"));
  expect_same(averaged.values, {0.35F, 0.35F}, 1e-6);  // 200 % and −1 stay out of the second
}

TEST(StaticLayer, LargeRastersAreReadInStrips) {
  ScratchFolder folder;
  const core::Extent wide{4.0e6, 2.0e6, 4.0e6 + 22000.0, 2.0e6 + 22000.0};
  write_tiff(folder / "big.tif", "EPSG:3035", wide, 2200, 2200,
             {filled(2200, 2200, [](auto row, auto col) { return static_cast<double>(row + col); })},
             {.type = GDT_Int16, .creation = {"TILED=YES"}});
  const auto grid = make_grid("EPSG:3035", wide, 20, 20);
  const auto values = read_static_layer(raster_input(folder / "big.tif"), grid).values;
  for (std::size_t row = 0; row < 20; ++row)
    for (std::size_t col = 0; col < 20; ++col)
      EXPECT_FLOAT_EQ(values[row * 20 + col], static_cast<float>(110 * (row + col)) + 109.0F);
}

TEST(StaticLayer, ClassesAreLookedUpInATable) {
  ScratchFolder folder;
  write_tiff(folder / "classes.tif", "EPSG:3035", box, 2, 4, {{1, 1, 2, 2, 1, 3, 2, 7}}, {.type = GDT_Byte});
  std::ofstream(folder / "table.csv")
      << "# soil classes\nclass,name,clay[%]\n1,loam,20\n2,sand,5\n3,clay,60\n";
  InputSpec spec = raster_input(folder / "classes.tif");
  spec.lookup_table = folder / "table.csv";
  spec.lookup_key = "class";
  spec.lookup_value = "clay";
  spec.target_units = "1";
  const StaticLayer same = read_static_layer(spec, box_grid());
  expect_same(same.values, {0.2F, 0.2F, 0.05F, 0.05F, 0.2F, 0.6F, 0.05F, missing}, 1e-6);
  ASSERT_EQ(same.report.warnings.size(), 1U);
  EXPECT_THAT(same.report.warnings[0], HasSubstr("(7)"));
  // On coarser cells: the mean of the values, or the value of the commonest class.
  const auto coarse = make_grid("EPSG:3035", box, 1, 2);
  expect_same(read_static_layer(spec, coarse).values, {0.3F, 0.05F}, 1e-6);
  spec.resampling = Resampling::mode;
  expect_same(read_static_layer(spec, coarse).values, {0.2F, 0.05F}, 1e-6);
}

TEST(StaticLayer, TablesThatDoNotFitAreRefusedByLine) {
  ScratchFolder folder;
  write_tiff(folder / "classes.tif", "EPSG:3035", box, 2, 4, {{1, 1, 1, 1, 1, 1, 1, 1}}, {.type = GDT_Byte});
  InputSpec spec = raster_input(folder / "classes.tif");
  spec.lookup_table = folder / "t.csv";
  spec.lookup_key = "ID";
  spec.lookup_value = "CLAY";
  const auto complaint = [&](const std::string& text) {
    std::ofstream(folder / "t.csv") << text;
    return message_of(ErrorKind::data, [&] { read_static_layer(spec, box_grid()); });
  };
  EXPECT_THAT(complaint("ID,SAND\n1,2\n"), HasSubstr("CLAY"));
  EXPECT_THAT(complaint("ID,CLAY\n1,much\n"), HasSubstr("line 2"));
  EXPECT_THAT(complaint("ID,CLAY\n1,2\n1,3\n"), HasSubstr("line 3"));
  EXPECT_THAT(complaint("ID,CLAY\n1\n"), HasSubstr("line 2"));
  std::ofstream(folder / "t.csv") << "nSoil_Types  1\nID\tCLAY[%]\n1\t 50\n";
  EXPECT_EQ(read_static_layer(spec, box_grid()).values[0], 50.0F);
}

TEST(DepthAverage, HorizonsByOverlap) {
  const std::vector<DepthLayer> horizons{layer("", 0, 5), layer("", 5, 15), layer("", 15, 30)};
  EXPECT_THAT(depth_weights(horizons, {0, 10}, "x").weights, testing::ElementsAre(0.5, 0.5, 0.0));
  const DepthWeights beyond = depth_weights(horizons, {20, 40}, "x");
  EXPECT_THAT(beyond.weights, testing::ElementsAre(0.0, 0.0, 1.0));
  EXPECT_THAT(beyond.warning, HasSubstr("10 of the 20 cm"));
  EXPECT_THAT(message_of(ErrorKind::data,
                         [&] {
                           depth_weights(horizons, {40, 50}, "x");
                         }),
              HasSubstr("40 … 50 cm"));
}

TEST(DepthAverage, PointsByTrapezoid) {
  // SoilGrids' standard depths. Over 0–30 cm a straight line between points integrates to the trapezoid.
  const std::vector<DepthLayer> points{layer("", 0, 0), layer("", 5, 5), layer("", 15, 15), layer("", 30, 30),
                                       layer("", 60, 60)};
  const auto weights = depth_weights(points, {0, 30}, "x").weights;
  const std::vector<double> expected{2.5 / 30, 7.5 / 30, 12.5 / 30, 7.5 / 30, 0.0};
  for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(weights[i], expected[i], 1e-12);
  // Any straight profile keeps its mean: the value at the middle of the range.
  for (const auto& range : {std::array{0.0, 10.0}, std::array{7.0, 22.0}, std::array{2.0, 55.0}}) {
    const auto w = depth_weights(points, range, "x").weights;
    double mean = 0.0;
    for (std::size_t i = 0; i < 5; ++i) mean += w[i] * (3.0 + 2.0 * points[i].top_cm);
    EXPECT_NEAR(mean, 3.0 + (range[0] + range[1]), 1e-9);
  }
  const DepthWeights one = depth_weights(points, {10, 10}, "x");
  EXPECT_NEAR(one.weights[1], 0.5, 1e-6);
  EXPECT_NEAR(one.weights[2], 0.5, 1e-6);
  const DepthWeights below = depth_weights(points, {30, 100}, "x");
  EXPECT_NEAR(below.weights[4], (15.0 + 40.0) / 70.0, 1e-12);
  EXPECT_THAT(below.warning, HasSubstr("held constant"));
  EXPECT_THAT(message_of(ErrorKind::data,
                         [&] {
                           depth_weights(points, {70, 90}, "x");
                         }),
              HasSubstr("do not reach"));
  const std::vector<DepthLayer> mixed{layer("", 0, 0), layer("", 0, 5)};
  EXPECT_THAT(message_of(ErrorKind::usage,
                         [&] {
                           depth_weights(mixed, {0, 5}, "x");
                         }),
              HasSubstr("one kind"));
}

TEST(StaticLayer, ProfilesAreWarpedThenAveraged) {
  ScratchFolder folder;
  write_tiff(folder / "d0.tif", "EPSG:3035", box, 2, 4, {{10, 10, 10, 10, -1, -1, 10, 10}}, {.nodata = -1.0});
  write_tiff(folder / "d10.tif", "EPSG:3035", box, 2, 4, {{30, 30, 30, 30, 30, 30, -1, 30}},
             {.nodata = -1.0});
  InputSpec spec = raster_input("");
  spec.paths.clear();
  spec.layers = {layer(folder / "d0.tif", 0, 6), layer(folder / "d10.tif", 6, 10),
                 layer(folder / "unused.tif", 50, 60)};
  spec.depth_cm = {{0, 10}};
  // 0.6 · 10 + 0.4 · 30; where the upper 60 % are missing so is the cell, where the lower 40 % are the upper
  // stand.
  expect_same(read_static_layer(spec, box_grid()).values, {18, 18, 18, 18, missing, missing, 10, 18}, 1e-5);
  spec.depth_cm.reset();
  EXPECT_THAT(message_of(ErrorKind::usage, [&] { read_static_layer(spec, box_grid()); }),
              HasSubstr("set `depth"));
}

/// Bodies on threads of their own, the last first.
void on_threads(std::int64_t count, const std::function<void(std::int64_t)>& body) {
  std::vector<std::jthread> threads;
  for (std::int64_t i = count; i-- > 0;) threads.emplace_back([&body, i] { body(i); });
}

TEST(StaticLayer, SeveralAreReadSideBySideAsEachAlone) {
  ScratchFolder folder;
  std::vector<InputSpec> specs;
  for (int i = 0; i < 6; ++i) {
    const auto file = folder / (std::to_string(i) + ".tif");
    std::vector<double> values(8);
    std::iota(values.begin(), values.end(), 10.0 * i);
    write_tiff(file, "EPSG:3035", box, 2, 4, {values}, {.nodata = 3.0});
    specs.push_back(raster_input(file));
  }
  specs[1].required = false;
  specs[1].paths = {folder / "absent.tif"};
  specs[2].layers = {layer(folder / "2.tif", 0.0, 10.0), layer(folder / "5.tif", 10.0, 30.0)};
  specs[2].depth_cm = std::array<double, 2>{0.0, 20.0};
  const auto coarse = make_grid("EPSG:3035", box, 1, 2);
  const auto together = read_static_layers(specs, coarse, on_threads);
  ASSERT_EQ(together.size(), specs.size());
  EXPECT_TRUE(together[1].values.empty());
  EXPECT_FLOAT_EQ(together[2].values[0], 0.5F * (22.5F + 52.5F));
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const StaticLayer alone = read_static_layer(specs[i], coarse);
    expect_same(together[i].values, alone.values, 0.0);
    EXPECT_EQ(together[i].report.name, alone.report.name);
    EXPECT_EQ(together[i].report.files, alone.report.files);
  }
}

TEST(StaticLayer, OfSeveralErrorsTheFirstIsTold) {
  ScratchFolder folder;
  std::vector<InputSpec> specs;
  for (const char* name : {"first.tif", "second.tif"}) {
    write_tiff(folder / name, "EPSG:3035", box, 2, 4, {std::vector<double>(8, 7.0)},
               {.creation = {"COMPRESS=DEFLATE"}});
    std::filesystem::resize_file(folder / name, std::filesystem::file_size(folder / name) - 4);
    specs.push_back(raster_input(folder / name));
  }
  for (int repeat = 0; repeat < 5; ++repeat)
    EXPECT_THAT(message_of(ErrorKind::data, [&] { read_static_layers(specs, box_grid(), on_threads); }),
                HasSubstr("first.tif"));
}

TEST(StaticLayer, AbsentOptionalLayersAreEmpty) {
  ScratchFolder folder;
  InputSpec spec = raster_input(folder / "none.tif");
  spec.required = false;
  EXPECT_TRUE(read_static_layer(spec, box_grid()).values.empty());
  spec.required = true;
  EXPECT_THAT(message_of(ErrorKind::data, [&] { read_static_layer(spec, box_grid()); }),
              HasSubstr("none.tif"));
  write_tiff(folder / "empty.tif", "EPSG:3035", box, 2, 4, {std::vector<double>(8, 255)},
             {.type = GDT_Byte, .nodata = 255.0});
  EXPECT_THAT(
      message_of(ErrorKind::data, [&] { read_static_layer(raster_input(folder / "empty.tif"), box_grid()); }),
      HasSubstr("every cell"));
}

TEST(StaticLayer, SoilGridsOnTheLisfloodGrid) {
  const std::filesystem::path data = std::filesystem::path(ROOTZONE_SOURCE_DIR) / "../shared/data/po";
  if (!std::filesystem::exists(data)) GTEST_SKIP() << "skipped: the shared data are not here";
  InputSpec spec;
  spec.name = "clay";
  spec.units = "%";
  spec.target_units = "1";
  int number = 1;
  for (const double depth : {0.0, 5.0, 15.0, 30.0, 60.0})
    spec.layers.push_back(
        layer(data / ("soilgrids/CLYPPT_M_sl" + std::to_string(number++) + "_250m.tiff"), depth, depth));
  spec.depth_cm = {{0, 30}};
  const auto grid = grid_like(data / "surface_soil_moisture.nc");
  const StaticLayer clay = read_static_layer(spec, grid);
  EXPECT_THAT(clay.report.resampling, HasSubstr("average"));
  EXPECT_EQ(clay.report.files.size(), 4U);
  double sum = 0.0;
  std::int64_t valid = 0;
  for (const float value : clay.values)
    if (!std::isnan(value)) {
      EXPECT_GT(value, 0.02F);
      EXPECT_LT(value, 0.6F);
      sum += value;
      ++valid;
    }
  EXPECT_GT(valid, 200);
  // The native mean of the four depths with the trapezoid's weights, whole file.
  double native_mean = 0.0;
  const std::vector<double> weights{2.5 / 30, 7.5 / 30, 12.5 / 30, 7.5 / 30};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto values = read_records(*open_stack(raster_input(spec.layers[i].path)));
    double total = 0.0;
    std::int64_t count = 0;
    for (const float value : values)
      if (!std::isnan(value)) {
        total += value;
        ++count;
      }
    native_mean += weights[i] * total / static_cast<double>(count) / 100.0;
  }
  EXPECT_NEAR(sum / static_cast<double>(valid), native_mean, 0.01);
}

TEST(FieldPains, Case10AveragesAgreeWithGdalsWarper) {
  const std::filesystem::path data =
      std::filesystem::path(ROOTZONE_SOURCE_DIR) / "../shared/data/po/soilgrids";
  if (!std::filesystem::exists(data)) GTEST_SKIP() << "skipped: the shared data are not here";
  const InputSpec spec = raster_input(data / "CLYPPT_M_sl1_250m.tiff");
  const auto grid = make_grid("EPSG:3035", {4.24e6, 2.49e6, 4.3e6, 2.55e6}, 12, 12);
  const auto ours = read_static_layer(spec, grid).values;
  ScratchFolder folder;
  CPLStringList words;
  for (const char* word : {"-t_srs", "EPSG:3035", "-te", "4240000", "2490000", "4300000", "2550000", "-ts",
                           "12", "12", "-r", "average", "-ot", "Float32", "-dstnodata", "-1", "-et", "0"})
    words.AddString(word);
  GDALWarpAppOptions* options = GDALWarpAppOptionsNew(words.List(), nullptr);
  GDALDatasetH source = GDALOpen(spec.paths[0].c_str(), GA_ReadOnly);
  GDALDatasetH warped = GDALWarp((folder / "w.tif").c_str(), nullptr, 1, &source, options, nullptr);
  ASSERT_NE(warped, nullptr);
  GDALClose(warped);
  GDALClose(source);
  GDALWarpAppOptionsFree(options);
  const auto theirs = read_records(*open_stack(raster_input(folder / "w.tif")));
  std::int64_t compared = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (std::isnan(ours[i]) || std::isnan(theirs[i])) continue;
    // GDAL counts whole source pixels along the edges of a cell: about 20 × 29 of them.
    EXPECT_NEAR(ours[i], theirs[i], 0.4) << "cell " << i;
    ++compared;
  }
  EXPECT_GT(compared, 100);
}

TEST(StaticLayer, MoselleClassesNeedTheirCrs) {
  const std::filesystem::path data = std::filesystem::path(ROOTZONE_SOURCE_DIR) / "../shared/data/moselle";
  if (!std::filesystem::exists(data)) GTEST_SKIP() << "skipped: the shared data are not here";
  ScratchFolder folder;
  std::ifstream from(data / "soil_classdefinition_iFlag_soilDB_1.txt");
  InputSpec spec = raster_input(data / "soil_class_horizon_01.asc");
  const auto grid =
      make_grid("EPSG:3035", {3973369, 2735847, 3973369 + 6 * 24000, 2735847 + 9 * 24000}, 9, 6);
  EXPECT_THAT(message_of(ErrorKind::data, [&] { read_static_layer(spec, grid); }), HasSubstr("crs"));
  spec.crs = "EPSG:3035";
  spec.resampling = Resampling::mode;
  const StaticLayer classes = read_static_layer(spec, grid);
  EXPECT_THAT(classes.report.resampling, HasSubstr("mode of 48 × 48"));
  EXPECT_GT(std::count_if(classes.values.begin(), classes.values.end(),
                          [](float v) { return !std::isnan(v) && v == std::round(v); }),
            10);
}

}  // namespace
}  // namespace rootzone::io
