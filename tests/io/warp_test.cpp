#include "rootzone/io/warp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "raster_fixture.hpp"

namespace rootzone::io {
namespace {

using testing::HasSubstr;
using namespace test;

std::vector<float> warped(const GridWarp& warp, const core::Grid& source, const std::vector<float>& values,
                          std::int64_t rows_each) {
  std::vector<float> out(static_cast<std::size_t>(warp.model_rows() * warp.model_cols()));
  for (std::int64_t row = 0; row < warp.model_rows(); row += rows_each) {
    const std::int64_t rows = std::min(rows_each, warp.model_rows() - row);
    const CellWindow window = warp.source_window(row, rows);
    std::vector<float> part;
    for (std::int64_t r = window.first_row; r < window.first_row + window.rows; ++r)
      for (std::int64_t c = window.first_col; c < window.first_col + window.cols; ++c)
        part.push_back(values.at(static_cast<std::size_t>(r * source.cols() + c)));
    warp.apply(window, part, row, rows,
               std::span(out).subspan(static_cast<std::size_t>(row * warp.model_cols()),
                                      static_cast<std::size_t>(rows * warp.model_cols())));
  }
  return out;
}

std::vector<float> warped(const core::Grid& source, const core::Grid& model, Resampling resampling,
                          const std::vector<float>& values) {
  const GridWarp warp(source, model, {resampling, 0.5}, "test");
  return warped(warp, source, values, model.rows());
}

template <typename Function>
std::vector<float> at_centres(const core::Grid& grid, Function value) {
  std::vector<float> cells;
  for (std::int64_t row = 0; row < grid.rows(); ++row)
    for (std::int64_t col = 0; col < grid.cols(); ++col)
      cells.push_back(static_cast<float>(value(grid.x_centre(col), grid.y_centre(row))));
  return cells;
}

TEST(Warp, AlignedGridsAreCopied) {
  const auto grid = make_grid("EPSG:3035", {4e6, 2e6, 4.04e6, 2.03e6}, 3, 4);
  std::vector<float> values(12);
  std::iota(values.begin(), values.end(), 0.0F);
  const GridWarp same(grid, grid, {}, "test");
  EXPECT_EQ(same.description(), "none (aligned)");
  EXPECT_EQ(warped(same, grid, values, 3), values);
  // A part of it and one cell beyond: the part outside is missing.
  const auto part = make_grid("EPSG:3035", {4.02e6, 2.01e6, 4.05e6, 2.03e6}, 2, 3);
  const GridWarp crop(grid, part, {Resampling::average, 0.5}, "test");
  EXPECT_TRUE(crop.is_crop());
  EXPECT_NEAR(crop.outside_percent(), 100.0 / 3.0, 1e-9);
  expect_same(warped(crop, grid, values, 1), {2, 3, missing, 6, 7, missing});
}

TEST(Warp, UnknownCrsOnBothSidesIsTheSame) {
  const core::Grid grid("", {0, 0, 4, 3}, 3, 4);
  EXPECT_TRUE(GridWarp(grid, grid, {}, "test").is_crop());
  const auto known = make_grid("EPSG:3035", {0, 0, 4, 3}, 3, 4);
  EXPECT_THAT(message_of(core::ErrorKind::data, [&] { GridWarp(grid, known, {}, "rain"); }),
              HasSubstr("set `crs = \"EPSG:…\"`"));
  EXPECT_THAT(message_of(core::ErrorKind::data, [&] { GridWarp(known, grid, {}, "rain"); }),
              HasSubstr("[grid] crs"));
}

TEST(Warp, CrsOfOtherNamesWithTheSameNumbersIsAligned) {
  const auto etrs = make_grid("EPSG:4258", {8, 45, 10, 46}, 4, 8);
  const auto wgs = make_grid("EPSG:4326", {8, 45, 10, 46}, 4, 8);
  EXPECT_EQ(GridWarp(etrs, wgs, {}, "test").description(), "none (aligned)");
}

TEST(FieldPains, Case10ALinearRampStaysARamp) {
  const auto source = make_grid("EPSG:3035", {4.0e6, 2.0e6, 4.3e6, 2.2e6}, 20, 30);
  const auto model = make_grid("EPSG:3035", {4.0231e6, 2.0317e6, 4.2031e6, 2.1517e6}, 48, 90);
  const auto ramp = [](double x, double y) { return 1.0 + (x - 4.0e6) * 1e-5 + (y - 2.0e6) * 2e-5; };
  const auto values = at_centres(source, ramp);
  for (const Resampling resampling : {Resampling::bilinear, Resampling::automatic})
    expect_same(warped(source, model, resampling, values), at_centres(model, ramp), 1e-6);
  const auto coarse = make_grid("EPSG:3035", {4.0231e6, 2.0317e6, 4.2031e6, 2.1517e6}, 4, 5);
  const GridWarp average(source, coarse, {}, "test");
  EXPECT_THAT(average.description(), HasSubstr("average"));
  expect_same(warped(source, coarse, Resampling::average, values), at_centres(coarse, ramp), 0.02);
}

TEST(FieldPains, Case10TheResultDoesNotDependOnTiling) {
  std::mt19937 random(7);
  std::uniform_real_distribution<float> value(0.0F, 1.0F);
  const auto source = make_grid("EPSG:4326", {8, 44, 11, 46}, 80, 120);
  const auto model = make_grid("EPSG:3035", {4.25e6, 2.35e6, 4.35e6, 2.45e6}, 23, 31);
  std::vector<float> values(static_cast<std::size_t>(source.cells()));
  for (float& v : values) v = value(random) < 0.1F ? missing : value(random);
  for (const Resampling resampling :
       {Resampling::nearest, Resampling::bilinear, Resampling::average, Resampling::mode}) {
    const GridWarp warp(source, model, {resampling, 0.5}, "test");
    const auto whole = warped(warp, source, values, 23);
    for (const std::int64_t rows : {1, 4, 10}) expect_same(warped(warp, source, values, rows), whole);
  }
}

TEST(Warp, BilinearAcrossProjectionsKeepsASmoothField) {
  const auto source = make_grid("EPSG:4326", {7, 43, 12, 47}, 400, 500);
  const auto model = make_grid("EPSG:3035", {4.2e6, 2.35e6, 4.35e6, 2.45e6}, 20, 30);
  const auto values = at_centres(source, [](double lon, double lat) { return lon + 2.0 * lat; });
  const auto found = warped(source, model, Resampling::bilinear, values);
  PointTransform transform(model.crs_wkt(), source.crs_wkt());
  for (std::int64_t row = 0; row < model.rows(); row += 5)
    for (std::int64_t col = 0; col < model.cols(); col += 7) {
      std::vector<double> x{model.x_centre(col)};
      std::vector<double> y{model.y_centre(row)};
      transform.apply(x, y);
      EXPECT_NEAR(found[static_cast<std::size_t>(row * model.cols() + col)], x[0] + 2.0 * y[0], 2e-5);
    }
}

TEST(Warp, AverageIsTheShareOfEachCell) {
  // Model cells of 2.5 source cells: weights 1, 1, 0.5 along each axis.
  const auto source = make_grid("EPSG:3035", {0, 0, 5, 5}, 5, 5);
  const auto model = make_grid("EPSG:3035", {0, 0, 5, 5}, 2, 2);
  const auto values = at_centres(source, [](double x, double) { return x; });
  const double left = (0.5 * 1 + 1.5 * 1 + 2.5 * 0.5) / 2.5;
  const double right = (2.5 * 0.5 + 3.5 + 4.5) / 2.5;
  const auto found = warped(source, model, Resampling::average, values);
  EXPECT_NEAR(found[0], left, 1e-6);
  EXPECT_NEAR(found[1], right, 1e-6);
}

TEST(FieldPains, Case07MissingCellsNeverEnterAnAverage) {
  const auto source = make_grid("EPSG:3035", {0, 0, 4, 4}, 4, 4);
  const auto model = make_grid("EPSG:3035", {0, 0, 4, 4}, 2, 2);
  //  1 2 | N N      half of the first cell's four is there: their mean; the second has one of four,
  //  N N | N 8      the third all but one, the fourth nothing
  //  5 6 | N N
  //  7 N | N N
  const std::vector<float> values{1, 2, missing, missing, missing, missing, missing, 8,
                                  5, 6, missing, missing, 7,       missing, missing, missing};
  expect_same(warped(source, model, Resampling::average, values), {1.5F, missing, 6.0F, missing}, 1e-6);
}

TEST(Warp, BilinearDoesNotSpreadIntoMissingGround) {
  const auto source = make_grid("EPSG:3035", {0, 0, 2, 1}, 1, 2);
  const auto model = make_grid("EPSG:3035", {0, 0, 2, 1}, 1, 8);
  const auto found = warped(source, model, Resampling::bilinear, {4.0F, missing});
  for (std::size_t col = 0; col < 4; ++col) EXPECT_FLOAT_EQ(found[col], 4.0F);
  for (std::size_t col = 4; col < 8; ++col) EXPECT_TRUE(std::isnan(found[col]));
}

TEST(Warp, ModeTakesTheClassOfMostAreaAndNeverABlend) {
  const auto source = make_grid("EPSG:3035", {0, 0, 6, 3}, 3, 6);
  const auto model = make_grid("EPSG:3035", {0, 0, 6, 3}, 1, 2);
  const std::vector<float> classes{1, 1, 7, 2, 9, 9, 1, 7, 7, 2, 2, 9, 7, 7, 1, missing, missing, 9};
  // 7: 5 of 9 in the first; 9: 4 of 7 in the second.
  expect_same(warped(source, model, Resampling::mode, classes), {7.0F, 9.0F});
  const auto ties = make_grid("EPSG:3035", {0, 0, 2, 1}, 1, 1);
  const auto two = make_grid("EPSG:3035", {0, 0, 2, 1}, 1, 2);
  expect_same(warped(two, ties, Resampling::mode, {5.0F, 3.0F}), {3.0F});
}

TEST(Warp, AverageAcrossProjectionsConservesAreas) {
  // A constant stays one, and the area-weighted total of a field in the plane of degrees reaches an
  // equal-area grid.
  const auto source = make_grid("EPSG:4326", {6, 43, 13, 48}, 500, 700);
  const auto model = make_grid("EPSG:3035", {4.2e6, 2.35e6, 4.35e6, 2.45e6}, 5, 6);
  const GridWarp warp(source, model, {Resampling::average, 0.5}, "test");
  std::vector<float> ones(static_cast<std::size_t>(source.cells()), 1.0F);
  for (const float value : warped(warp, source, ones, 2)) EXPECT_NEAR(value, 1.0, 1e-6);
  const auto latitude = at_centres(source, [](double, double lat) { return lat; });
  const auto found = warped(warp, source, latitude, 5);
  // Against points sown over the cell, equally dense in an equal-area projection.
  PointTransform transform(model.crs_wkt(), source.crs_wkt());
  std::vector<double> x;
  std::vector<double> y;
  for (int i = 0; i < 400; ++i) {
    x.push_back(model.extent().xmin + model.dx() * (2.0 + (i % 20 + 0.5) / 20.0));
    y.push_back(model.extent().ymax - model.dy() * (3.0 + (i / 20 + 0.5) / 20.0));
  }
  transform.apply(x, y);
  const double mean = std::accumulate(y.begin(), y.end(), 0.0) / 400.0;
  EXPECT_NEAR(found[3 * 6 + 2], mean, 1e-4);
}

TEST(FieldPains, Case06LongitudesWrapAndAntimeridian) {
  const auto ramp = [](double lon, double lat) { return std::sin(lon * 0.017453292519943295) * 10.0 + lat; };
  const auto turn = make_grid("EPSG:4326", {0, -10, 360, 10}, 10, 180);            // 0–360 source
  const auto half = make_grid("EPSG:4326", {-180, -10, 180, 10}, 10, 180);         // −180–180 source
  const auto greenwich = make_grid("EPSG:4326", {-10.5, -6.5, 9.5, 5.5}, 12, 20);  // wraps around 0
  const auto pacific = make_grid("EPSG:4326", {170.5, -6.5, 190.5, 5.5}, 12, 20);  // across 180°
  for (const auto& [source, model] : {std::pair{turn, greenwich}, std::pair{half, pacific},
                                      std::pair{turn, pacific}, std::pair{half, greenwich}})
    for (const Resampling resampling : {Resampling::bilinear, Resampling::average}) {
      const GridWarp warp(source, model, {resampling, 0.5}, "test");
      EXPECT_EQ(warp.outside_percent(), 0.0);
      expect_same(warped(warp, source, at_centres(source, ramp), 5), at_centres(model, ramp),
                  resampling == Resampling::bilinear ? 0.01 : 0.6);
    }
  // Aligned cells on both sides of the seam: the numbers themselves.
  const auto aligned = make_grid("EPSG:4326", {-10, -10, 10, 10}, 10, 10);
  expect_same(warped(turn, aligned, Resampling::nearest, at_centres(turn, ramp)), at_centres(aligned, ramp),
              1e-5);
  const auto shifted = make_grid("EPSG:4326", {-30, -10, -10, 10}, 10, 10);
  const GridWarp crop(turn, shifted, {}, "test");
  EXPECT_TRUE(crop.is_crop());
  expect_same(warped(crop, turn, at_centres(turn, ramp), 10), at_centres(shifted, ramp), 1e-5);
}

TEST(FieldPains, Case06AProjectedBasinAcrossTheAntimeridian) {
  // UTM 1S reaches over 180°: its western cells have longitudes near +179.
  const auto source = make_grid("EPSG:4326", {-180, -20, 180, -10}, 100, 3600);
  const auto model = make_grid("EPSG:32701", {100000, 8200000, 300000, 8300000}, 10, 20);
  const auto values = at_centres(source, [](double lon, double) { return lon < 0.0 ? lon + 360.0 : lon; });
  for (const Resampling resampling : {Resampling::bilinear, Resampling::average}) {
    const auto found = warped(source, model, resampling, values);
    PointTransform transform(model.crs_wkt(), source.crs_wkt());
    bool west = false;
    bool east = false;
    for (std::int64_t col = 0; col < model.cols(); ++col) {
      std::vector<double> x{model.x_centre(col)};
      std::vector<double> y{model.y_centre(5)};
      transform.apply(x, y);
      west = west || x[0] > 0.0;
      east = east || x[0] < 0.0;
      EXPECT_NEAR(found[static_cast<std::size_t>(5 * model.cols() + col)], x[0] < 0.0 ? x[0] + 360.0 : x[0],
                  1e-2);
    }
    EXPECT_TRUE(west && east);
  }
}

TEST(FieldPains, Case11HalfACellIsSeen) {
  // The same numbers on grids half a cell apart differ by half a step of the ramp, no less and no more.
  const auto source = make_grid("EPSG:3035", {0, 0, 10, 10}, 10, 10);
  const auto half = make_grid("EPSG:3035", {0.5, 0, 9.5, 10}, 10, 9);
  const auto values = at_centres(source, [](double x, double) { return x; });
  const auto found = warped(source, half, Resampling::bilinear, values);
  EXPECT_FLOAT_EQ(found[0], 1.0F);
  EXPECT_FLOAT_EQ(found[8], 9.0F);
}

TEST(Warp, GridsThatDoNotMeetAreNamedInTheSourcesCrs) {
  const auto source = make_grid("EPSG:4326", {8, 45, 10, 46}, 10, 20);
  const auto model = make_grid("EPSG:3035", {6.0e6, 3.0e6, 6.1e6, 3.1e6}, 10, 10);
  const std::string message = message_of(core::ErrorKind::data, [&] { GridWarp(source, model, {}, "soil"); });
  EXPECT_THAT(message, HasSubstr("[inputs.soil]"));
  EXPECT_THAT(message, HasSubstr("EPSG:4326"));
  EXPECT_THAT(message, HasSubstr("[8, 45, 10, 46]"));
  EXPECT_THAT(message, HasSubstr("the model grid [3"));  // degrees, not metres
}

TEST(Warp, SourceWindowHoldsOnlyTheRowsInUse) {
  const auto source = make_grid("EPSG:3035", {0, 0, 100, 100}, 100, 100);
  const auto model = make_grid("EPSG:3035", {20.25, 40.25, 40.25, 60.25}, 20, 20);
  const GridWarp warp(source, model, {}, "test");
  const CellWindow window = warp.source_window(0, 2);
  EXPECT_EQ(window.first_row, 39);
  EXPECT_LE(window.rows, 4);
  EXPECT_EQ(window.first_col, 20);
  EXPECT_EQ(window.cols, 21);
}

}  // namespace
}  // namespace rootzone::io
