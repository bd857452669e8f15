#include "rootzone/pipeline/qml_style.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "pipeline/xml_checker.hpp"

namespace rootzone::pipeline {
namespace {

const std::filesystem::path style_folder = std::filesystem::path(ROOTZONE_SOURCE_DIR) / "data" / "styles";

std::string read_text(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// ROOTZONE_WRITE_STYLES=1 in the environment makes this test write the files it then compares.
TEST(QmlStyle, ShippedFilesAreWhatTheTableSays) {
  const bool rewrite = std::getenv("ROOTZONE_WRITE_STYLES") != nullptr;
  std::set<std::string> names;
  for (const StyleFile& file : shipped_style_files()) {
    names.insert(file.name);
    if (rewrite) std::ofstream(style_folder / file.name, std::ios::binary) << file.content;
    EXPECT_EQ(read_text(style_folder / file.name), file.content)
        << file.name
        << " differs from the table in variable_style.cpp: run this test with ROOTZONE_WRITE_STYLES=1";
  }
  for (const auto& entry : std::filesystem::directory_iterator(style_folder)) {
    if (entry.path().extension() != ".qml") continue;
    EXPECT_TRUE(names.contains(entry.path().filename().string()))
        << entry.path() << " has no row in the table";
  }
}

TEST(QmlStyle, IsWellFormedAndFreeOfNan) {
  for (const StyleFile& file : shipped_style_files()) {
    EXPECT_EQ(xml_problem(file.content), "") << file.name;
    EXPECT_FALSE(has_printed_nan(file.content)) << file.name;
  }
}

TEST(QmlStyle, FixesTheRangeSoThatDatesCompare) {
  const std::string text = qml_for_product("root_zone_soil_moisture", "m3 m-3", 0.21, 0.22);
  EXPECT_NE(text.find("classificationMin=\"0\" classificationMax=\"0.5\""), std::string::npos);
  EXPECT_NE(text.find("<limits>None</limits>"), std::string::npos);
  EXPECT_NE(text.find("value=\"0.15\""), std::string::npos) << "stops are written as people write them";
}

TEST(QmlStyle, FitsWhatHasNoFixedRange) {
  const std::string text = qml_for_product("valid_years", "1", 7.0, 38.0);
  EXPECT_EQ(xml_problem(text), "");
  EXPECT_NE(text.find("classificationMin=\"5\" classificationMax=\"40\""), std::string::npos);
}

TEST(QmlStyle, CarriesTheDateForTheTemporalController) {
  const DateRange month{{2016, 2, 1}, {2016, 2, 29}};
  const std::string text = qml_for_product("root_zone_soil_moisture", "m3 m-3", 0.0, 1.0, month);
  EXPECT_EQ(xml_problem(text), "");
  EXPECT_NE(text.find("<temporal enabled=\"1\""), std::string::npos);
  EXPECT_NE(text.find("<start>2016-02-01T00:00:00Z</start>"), std::string::npos);
  EXPECT_NE(text.find("<end>2016-02-29T23:59:59Z</end>"), std::string::npos);
}

TEST(QmlStyle, FlagsArePalettedWithEveryValueFound) {
  const std::array<core::FlagBits, 1> found{1 | 2 | 256 | 512};
  const std::string text = qml_for_flags(found);
  EXPECT_EQ(xml_problem(text), "");
  EXPECT_NE(text.find("type=\"paletted\""), std::string::npos);
  EXPECT_NE(text.find("value=\"771\""), std::string::npos);
  EXPECT_NE(text.find("label=\"input missing + gap filled + extrapolated + clipped level\""),
            std::string::npos);
  EXPECT_NE(qml_for_product("water_deficit_flags", "1", 0.0, 1.0).find("type=\"paletted\""),
            std::string::npos);
}

TEST(XmlChecker, FindsWhatIsWrong) {
  EXPECT_EQ(xml_problem("<a><b c=\"d\"/>&amp;</a>"), "");
  for (const char* text : {"<a><b></a>", "<a>", "<a b=c/>", "<a>& </a>", "<a>&nbsp;</a>", "<a/><b/>", "x",
                           "<a b=\"1\" b=\"2\"/>"}) {
    EXPECT_NE(xml_problem(text), "") << text;
  }
  EXPECT_TRUE(has_printed_nan("M1.0,nan"));
  EXPECT_TRUE(has_printed_nan("width=\"-inf\""));
  EXPECT_FALSE(has_printed_nan("inflow, information, banana"));
  EXPECT_TRUE(has_external_reference("<img src=\"https://x\"/>"));
  EXPECT_FALSE(has_external_reference("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"));
}

}  // namespace
}  // namespace rootzone::pipeline
