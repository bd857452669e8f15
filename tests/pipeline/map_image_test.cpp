#include "rootzone/pipeline/map_image.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "pipeline/sample_report.hpp"
#include "pipeline/xml_checker.hpp"

namespace rootzone::pipeline {
namespace {

const float missing = std::nanf("");

const VariableStyle& moisture() {
  return *find_style("root_zone_soil_moisture", "m3 m-3");
}

Rgb colour_at(const MapImage& image, std::int64_t row, std::int64_t col) {
  const std::size_t at = 4U * image.indices[static_cast<std::size_t>(row * image.cols + col)];
  return {image.palette[at], image.palette[at + 1], image.palette[at + 2]};
}

TEST(MapImage, EnlargesSmallMapsByAWholeFactor) {
  // 0.0  0.5
  // NaN  0.25
  const std::vector<float> values{0.0F, 0.5F, missing, 0.25F};
  const MapImage image = paint_map(values, 2, 2, moisture());
  ASSERT_EQ(image.rows, 360);
  ASSERT_EQ(image.cols, 360);
  const auto stops = value_stops(moisture());
  EXPECT_EQ(colour_at(image, 0, 0), stops.front().colour);
  EXPECT_EQ(colour_at(image, 179, 179), stops.front().colour);
  EXPECT_EQ(colour_at(image, 0, 180), stops.back().colour);
  EXPECT_EQ(image.indices[359 * 360], 0) << "missing is transparent";
  EXPECT_EQ(image.palette[3], 0);
  EXPECT_EQ(colour_at(image, 359, 359), style_colour(stops, 0.25));
}

TEST(MapImage, ReducesLargeMapsByTheMeanOfWhatIsValid) {
  // Pairs of columns: (0.1, 0.3) → 0.2, (NaN, 0.4) → 0.4, (NaN, NaN) → missing.
  std::vector<float> values(2000, missing);
  values[0] = 0.1F;
  values[1] = 0.3F;
  values[3] = 0.4F;
  const MapImage image = paint_map(values, 1, 2000, moisture(), 1000);
  ASSERT_EQ(image.cols, 1000);
  ASSERT_EQ(image.rows, 1);
  const auto near = [&](std::int64_t col, double value) {
    const Rgb expected = style_colour(value_stops(moisture()), value);
    const Rgb found = colour_at(image, 0, col);
    return std::abs(expected.red - found.red) <= 2 && std::abs(expected.blue - found.blue) <= 2;
  };
  EXPECT_TRUE(near(0, 0.2));
  EXPECT_TRUE(near(1, 0.4));
  EXPECT_EQ(image.indices[2], 0);
}

TEST(MapImage, CoversTheWholeExtentWhateverTheFactor) {
  std::vector<float> values(901, 0.1F);
  values.back() = 0.5F;
  const MapImage image = paint_map(values, 1, 901, moisture());
  EXPECT_EQ(image.cols, 451);
  EXPECT_GT(image.indices.back(), image.indices.front());
}

TEST(MapImage, NeverExceedsItsLongSide) {
  for (const std::int64_t side : {1, 7, 359, 361, 899, 900, 901, 1801, 5000}) {
    const MapImage image =
        paint_map(std::vector<float>(static_cast<std::size_t>(side), 0.1F), side, 1, moisture());
    EXPECT_LE(image.rows, 900) << side;
    EXPECT_GE(image.rows, std::min<std::int64_t>(side, 180)) << side;
  }
}

TEST(MapImage, StatisticsSkipMissingAndOutside) {
  const std::vector<float> values{0.1F, 0.3F, missing, 99.0F, HUGE_VALF};
  const std::vector<std::uint8_t> domain{1, 1, 1, 0, 1};
  const MapStatistics statistics = map_statistics(values, domain);
  EXPECT_EQ(statistics.cells, 4);
  EXPECT_EQ(statistics.valid, 2);
  EXPECT_NEAR(statistics.mean, 0.2, 1e-7);
  EXPECT_FLOAT_EQ(static_cast<float>(statistics.maximum), 0.3F);
  EXPECT_TRUE(std::isnan(map_statistics(std::vector<float>{missing}, {}).mean));
}

std::string map_svg(const core::Grid& grid, const MapOverlay& overlay = {}) {
  const std::vector<float> values(static_cast<std::size_t>(grid.cells()), 0.2F);
  return render_map(paint_map(values, grid.rows(), grid.cols(), moisture()), grid, moisture(), overlay, "map",
                    "m", stored_png);
}

double image_aspect(const std::string& svg) {
  const std::size_t at = svg.find("<image ");
  const auto number = [&](const char* name) {
    const std::size_t start = svg.find(name, at) + std::string(name).size();
    return std::stod(svg.substr(start));
  };
  return number("height=\"") / number("width=\"");
}

TEST(MapFigure, KeepsTheShapeOfTheGround) {
  const core::Grid metres("PROJCRS[x]", {0.0, 0.0, 400000.0, 200000.0}, 10, 80);
  EXPECT_NEAR(image_aspect(map_svg(metres)), 0.5, 0.01) << "cells of 5 × 20 km";
  const core::Grid degrees("GEOGCRS[x]", {10.0, 59.0, 14.0, 61.0}, 20, 40);
  EXPECT_NEAR(image_aspect(map_svg(degrees)), 0.5 / std::cos(60.0 * 3.14159265 / 180.0), 0.01);
}

TEST(MapFigure, NamesItsCorners) {
  const std::string metres = map_svg(core::Grid("PROJCRS[x]", {4.05e6, 2.33e6, 4.45e6, 2.615e6}, 57, 80));
  for (const char* text :
       {"4\u202F050\u202F000", "4\u202F450\u202F000", "2\u202F330\u202F000", "2\u202F615\u202F000"}) {
    EXPECT_NE(metres.find(text), std::string::npos) << text;
  }
  const std::string across = map_svg(core::Grid("GEOGCRS[x]", {170.0, -20.0, 190.0, 10.0}, 30, 20));
  EXPECT_NE(across.find("170.0° E"), std::string::npos);
  EXPECT_NE(across.find("170.0° W"), std::string::npos);
  EXPECT_NE(across.find("20.0° S"), std::string::npos);
  EXPECT_EQ(xml_problem(across), "");
}

TEST(MapFigure, PutsStationsWhereTheyStand) {
  const core::Grid grid("PROJCRS[x]", {0.0, 0.0, 400.0, 200.0}, 20, 40);
  MapOverlay overlay;
  overlay.stations = {{"north-west", 0.0, 200.0}, {"outside", 500.0, 100.0}};
  overlay.outlines = {{{0.0, 0.0}, {400.0, 200.0}}};
  const std::string svg = map_svg(grid, overlay);
  EXPECT_EQ(xml_problem(svg), "");
  EXPECT_NE(svg.find("cx=\"18\" cy=\"2\""), std::string::npos);
  EXPECT_EQ(svg.find("outside"), std::string::npos);
  EXPECT_NE(svg.find("d=\"M18 202L418 2\""), std::string::npos)
      << "from the south-west to the north-east corner";
}

}  // namespace
}  // namespace rootzone::pipeline
