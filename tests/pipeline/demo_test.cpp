#include "rootzone/pipeline/demo.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <numeric>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "rootzone/core/error.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "rootzone/pipeline/resolve.hpp"

namespace rootzone::pipeline {
namespace {

namespace fs = std::filesystem;

DemoOptions small_options() {
  return {12, 16, 120, 2, 3, 1};
}

fs::path fresh_folder(const std::string& name) {
  const fs::path dir =
      fs::path(::testing::TempDir()) / ("rootzone_demo_" + std::to_string(::getpid()) + "_" + name);
  fs::remove_all(dir);
  return dir;
}

/// Several tests read one demo; made once a process and removed at its end.
class SmallDemo : public ::testing::Environment {
 public:
  static const fs::path& dir() {
    static std::once_flag once;
    std::call_once(once, [] { write_demo(s_dir, small_options(), core::serial_for, nullptr); });
    return s_dir;
  }
  void TearDown() override { fs::remove_all(s_dir); }

 private:
  inline static const fs::path s_dir = fresh_folder("shared");
};
const auto* const environment = ::testing::AddGlobalTestEnvironment(new SmallDemo);

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen((command + " 2>&1").c_str(), "r"), &pclose);
  std::string text;
  std::array<char, 4096> buffer{};
  while (pipe && std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe.get()) != nullptr)
    text += buffer.data();
  return text;
}

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<fs::path> files_under(const fs::path& dir) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(dir))
    if (entry.is_regular_file()) files.push_back(fs::relative(entry.path(), dir));
  std::sort(files.begin(), files.end());
  return files;
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

void backwards_for(std::int64_t count, const std::function<void(std::int64_t)>& body) {
  for (std::int64_t i = count; i > 0; --i) body(i - 1);
}

class CountingProgress : public core::ProgressSink {
 public:
  void begin(std::string_view, std::int64_t units) override { promised = units; }
  void advance(std::int64_t units) override { done += units; }
  void end() override { ended = true; }
  std::int64_t promised = 0;
  std::int64_t done = 0;
  bool ended = false;
};

TEST(Demo, SameBytesForAnyOrderOfWorkAndOtherBytesForAnotherSeed) {
  const fs::path other = fresh_folder("backwards");
  CountingProgress progress;
  write_demo(other, small_options(), backwards_for, &progress);
  EXPECT_EQ(progress.promised, 731);
  EXPECT_EQ(progress.done, 731);
  EXPECT_TRUE(progress.ended);
  const std::vector<fs::path> files = files_under(SmallDemo::dir());
  ASSERT_EQ(files, files_under(other));
  EXPECT_GT(files.size(), 250U);
  for (const fs::path& file : files)
    EXPECT_EQ(content_of(SmallDemo::dir() / file), content_of(other / file)) << file;

  DemoOptions seeded = small_options();
  seeded.seed = 2;
  write_demo(other, seeded, core::serial_for, nullptr);
  EXPECT_NE(content_of(SmallDemo::dir() / "site_series.csv"), content_of(other / "site_series.csv"));
  fs::remove_all(other);
}

TEST(Demo, ARepeatLeavesTheFilesAlone) {
  const fs::path file = SmallDemo::dir() / "site_series.csv";
  const auto before = fs::last_write_time(file);
  CountingProgress progress;
  write_demo(SmallDemo::dir(), small_options(), core::serial_for, &progress);
  EXPECT_EQ(fs::last_write_time(file), before);
  EXPECT_EQ(progress.promised, 0);
}

TEST(Demo, ReplacesAnUnfinishedDemoAndNothingElse) {
  const fs::path dir = fresh_folder("foreign");
  fs::create_directories(dir);
  std::ofstream(dir / "thesis.txt") << "years of work";
  EXPECT_THROW(write_demo(dir, small_options(), core::serial_for, nullptr), core::Error);
  EXPECT_EQ(content_of(dir / "thesis.txt"), "years of work");

  std::ofstream(dir / "demo.json") << R"({"product": "rootzone demo", "complete": false})";
  fs::create_directories(dir / "surface_soil_moisture");
  std::ofstream(dir / "surface_soil_moisture" / "ssm_19990101.tif") << "stale";
  DemoOptions options = small_options();
  options.days = 5;
  options.storage_years = 1;
  write_demo(dir, options, core::serial_for, nullptr);
  EXPECT_FALSE(fs::exists(dir / "surface_soil_moisture" / "ssm_19990101.tif"));
  EXPECT_EQ(content_of(dir / "thesis.txt"), "years of work");
  EXPECT_NE(content_of(dir / "demo.json").find("\"complete\": true"), std::string::npos);
  fs::remove_all(dir);
}

TEST(Demo, LeavesAPipelineThatRunsFromItsFolder) {
  const nlohmann::json resolved = resolve_pipeline_file(SmallDemo::dir() / "demo.toml", {});
  EXPECT_EQ(resolved["grid"]["like"], (SmallDemo::dir() / "land_cover.tif").string());
  EXPECT_EQ(resolved["time"]["start"], "2020-09-03");  // 120 days up to 2020-12-31
  EXPECT_EQ(resolved["time"]["end"], "2020-12-31");
  EXPECT_EQ(resolved["stage"].back()["record_start"], "2019-01-01");  // two years
  EXPECT_EQ(resolved["stage"].back()["record_end"], "2020-12-31");
  EXPECT_EQ(content_of(SmallDemo::dir() / "demo.toml").find("../"), std::string::npos);
  std::ostringstream described;
  PipelineRequest request;
  request.file = SmallDemo::dir() / "demo.toml";
  check_pipeline(request, described);
  EXPECT_NE(described.str().find("the pipeline is ready to run"), std::string::npos) << described.str();
}

// A pipeline on the demo that writes its daily temperature, with more after it.
fs::path temperature_pipeline(const fs::path& folder, const std::string& more) {
  const std::string demo = SmallDemo::dir().string();
  fs::create_directories(folder);
  std::ofstream(folder / "t.toml")
      << "[pipeline]\nname = \"t\"\n[grid]\nlike = \"" + demo +
             "/land_cover.tif\"\n[time]\nstart = 2020-10-01\nend = 2020-10-03\n"
             "[inputs.air_temperature]\npath = \"" +
             demo +
             "/weather/temperature.nc\"\n[inputs.frost]\nexpression = \"air_temperature < "
             "273.15\"\n[[output]]\nvariable = \"air_temperature\"\n" +
             more;
  return folder / "t.toml";
}

TEST(Demo, AnInputWrittenAsProductKeepsTheUnitsOfItsFile) {
  const fs::path dir = fresh_folder("kelvin");
  PipelineRequest request;
  request.file = temperature_pipeline(dir, "[[output]]\nvariable = \"frost\"\n");
  run_pipeline(request);
  EXPECT_NE(output_of("ncdump -h " + (dir / "out/t/air_temperature.nc").string()).find(":units = \"K\""),
            std::string::npos);
  fs::remove_all(dir);
}

TEST(Demo, AnInputHasOneUnitForAllWhoReadIt) {
  const fs::path dir = fresh_folder("units");
  PipelineRequest request;  // Oudin wants °C, the expression takes the file's K
  request.file = temperature_pipeline(dir,
                                      "[inputs.pet]\nmethod = \"oudin\"\n[[output]]\nvariable = \"pet\"\n"
                                      "[[output]]\nvariable = \"frost\"\n");
  std::ostringstream text;
  try {
    check_pipeline(request, text);
    ADD_FAILURE() << "kelvin and degrees were mixed";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::usage);
    EXPECT_NE(std::string(error.what()).find("set to_units for all of them"), std::string::npos)
        << error.what();
  }
  request.overrides = {"inputs.air_temperature.to_units=degC"};
  check_pipeline(request, text);
  EXPECT_NE(text.str().find("K → degC"), std::string::npos);
  fs::remove_all(dir);
}

TEST(Demo, RefusesImpossibleSizes) {
  const fs::path dir = fresh_folder("refused");
  const auto refused = [&](auto change) {
    DemoOptions options = small_options();
    change(options);
    try {
      write_demo(dir, options, core::serial_for, nullptr);
    } catch (const core::Error& error) {
      return error.kind() == core::ErrorKind::usage;
    }
    return false;
  };
  EXPECT_TRUE(refused([](DemoOptions& o) { o.rows = 3; }));
  EXPECT_TRUE(refused([](DemoOptions& o) { o.days = 732; }));
  EXPECT_TRUE(refused([](DemoOptions& o) { o.days = 0; }));
  EXPECT_TRUE(refused([](DemoOptions& o) { o.storage_years = 0; }));
  EXPECT_TRUE(refused([](DemoOptions& o) { o.stations = 0; }));
  EXPECT_TRUE(refused([](DemoOptions& o) { o.stations = 500; }));  // more than cells
  EXPECT_FALSE(fs::exists(dir));
}

TEST(Demo, SurfaceMoistureIsPackedWithNodataAndDate) {
  const auto files = files_under(SmallDemo::dir() / "surface_soil_moisture");
  EXPECT_GE(files.size(), 108U);
  EXPECT_LE(files.size(), 120U);
  EXPECT_EQ(files, [] {
    std::vector<fs::path> moisture;
    for (const fs::path& flag : files_under(SmallDemo::dir() / "surface_soil_moisture_flags"))
      moisture.push_back("ssm_" + flag.string().substr(9));
    return moisture;
  }());
  const std::string path = (SmallDemo::dir() / "surface_soil_moisture" / files.front()).string();
  const std::string info = output_of("gdalinfo -stats '" + path + "'");
  fs::remove(path + ".aux.xml");
  EXPECT_NE(info.find("ID[\"EPSG\",32632]"), std::string::npos) << info;
  EXPECT_NE(info.find("Size is 16, 12"), std::string::npos);
  EXPECT_NE(info.find("Type=Int16"), std::string::npos);
  EXPECT_NE(info.find("NoData Value=-9999"), std::string::npos);
  EXPECT_NE(info.find("Scale:0.0001"), std::string::npos);
  EXPECT_NE(info.find("Unit Type: m3 m-3"), std::string::npos);
  EXPECT_NE(info.find("Description = 2020-09-03"), std::string::npos) << info;
  EXPECT_NE(info.find("Origin = (460000.0"), std::string::npos);
}

TEST(Demo, SoilMapsAreInDegreesAndTheirSharesAddUp) {
  const fs::path soil = SmallDemo::dir() / "soil";
  EXPECT_EQ(files_under(soil).size(), 21U);
  const std::string info = output_of("gdalinfo '" + (soil / "clay_5-15cm.tif").string() + "'");
  EXPECT_NE(info.find("ID[\"EPSG\",4326]"), std::string::npos) << info;
  EXPECT_NE(info.find("Pixel Size = (0.00208333"), std::string::npos);
  EXPECT_NE(info.find("Scale:0.1"), std::string::npos);
  int sum = 0;
  for (const char* part : {"sand", "silt", "clay"})
    sum += std::stoi(output_of("gdallocationinfo -valonly -l_srs EPSG:32632 '" +
                               (soil / (std::string(part) + "_30-60cm.tif")).string() + "' 468000 4962500"));
  EXPECT_NEAR(sum, 1000, 1);  // stored in tenths of a per cent
  const std::string hydraulics =
      output_of("gdalinfo '" + (SmallDemo::dir() / "hydraulics" / "porosity_0-5cm.tif").string() + "'");
  EXPECT_NE(hydraulics.find("ID[\"EPSG\",3035]"), std::string::npos);
  EXPECT_NE(hydraulics.find("Type=Float32"), std::string::npos);
}

TEST(Demo, PrecipitationIsSouthUpAndLabelledAtTheEndOfTheDay) {
  const std::string path = (SmallDemo::dir() / "weather" / "precipitation.nc").string();
  const std::string dump = output_of("ncdump -v y,time '" + path + "'");
  EXPECT_NE(dump.find("short pr(time, y, x)"), std::string::npos) << dump;
  EXPECT_NE(dump.find("pr:scale_factor = 0.01"), std::string::npos);
  EXPECT_NE(dump.find("pr:add_offset = 300."), std::string::npos);
  EXPECT_NE(dump.find("y = 4954500, 4959500"), std::string::npos) << dump;
  EXPECT_EQ(dump.find("time_bnds"), std::string::npos);
  // 2019-01-02 00:00 is the end of the first day: (29 years · 365 + 7 leap days + 1) · 24 h after 1990-01-01.
  EXPECT_NE(dump.find("time = 254232, 254256"), std::string::npos) << dump;
  EXPECT_NE(dump.find("transverse_mercator"), std::string::npos);
}

TEST(Demo, MonthsAndCompositesCoverTheirPeriods) {
  const std::string months =
      output_of("ncdump -v time_bnds '" +
                (SmallDemo::dir() / "weather" / "potential_evapotranspiration.nc").string() + "'");
  EXPECT_NE(months.find("time = UNLIMITED ; // (24 currently)"), std::string::npos) << months;
  EXPECT_NE(months.find("6940, 6971"), std::string::npos) << months;  // January 2019, days since 2000
  const std::string composites = output_of(
      "ncdump -v time_bnds '" + (SmallDemo::dir() / "evaporation" / "evaporation_8day.nc").string() + "'");
  EXPECT_NE(composites.find("time = UNLIMITED ; // (92 currently)"), std::string::npos) << composites;
  EXPECT_NE(composites.find("7300, 7305"), std::string::npos);  // 27 … 31 December 2019
  EXPECT_NE(composites.find("7665, 7671"), std::string::npos);  // 26 … 31 December 2020, a leap year
  const std::string temperature =
      output_of("ncdump -h '" + (SmallDemo::dir() / "weather" / "temperature.nc").string() + "'");
  EXPECT_NE(temperature.find("float t2m(time, lat, lon)"), std::string::npos);
  EXPECT_EQ(temperature.find("grid_mapping"), std::string::npos);
}

TEST(Demo, TheTruthOpensInOtherToolsAtTheRightPlace) {
  const std::string path = (SmallDemo::dir() / "truth" / "root_zone_soil_moisture.nc").string();
  const std::string info = output_of("gdalinfo 'NETCDF:\"" + path + "\":root_zone_soil_moisture'");
  EXPECT_NE(info.find("ID[\"EPSG\",32632]"), std::string::npos) << info.substr(0, 3000);
  EXPECT_NE(info.find("Origin = (460000.0"), std::string::npos);
  EXPECT_NE(info.find("Band 120 "), std::string::npos);
  // The first cell's first value, read without any unpacking of ours, lies in the range of soils.
  const double value = 1e-4 * std::stod(output_of("gdallocationinfo -valonly -b 60 'NETCDF:\"" + path +
                                                  "\":root_zone_soil_moisture' 8 9"));
  EXPECT_GT(value, 0.05);
  EXPECT_LT(value, 0.60);
}

TEST(Demo, OutlineAndPartsAreInTheGeopackage) {
  const std::string info =
      output_of("ogrinfo -al -geom=SUMMARY '" + (SmallDemo::dir() / "basin.gpkg").string() + "'");
  EXPECT_NE(info.find("Layer name: basin"), std::string::npos) << info;
  EXPECT_NE(info.find("Layer name: sub_basins"), std::string::npos);
  EXPECT_NE(info.find("name (String) = Northern valleys"), std::string::npos);
  EXPECT_NE(info.find("ID[\"EPSG\",32632]"), std::string::npos);
}

TEST(Demo, StationsFollowTheArchivesFormats) {
  const fs::path network = SmallDemo::dir() / "stations" / "DEMO";
  const auto files = files_under(network);
  EXPECT_EQ(files.size(), 3U * 6U);
  std::map<std::string, std::string> at_20cm;
  for (const fs::path& file : files)
    if (file.string().find("_sm_0.200000_0.200000_") != std::string::npos)
      at_20cm[file.parent_path().string()] = content_of(network / file);
  ASSERT_EQ(at_20cm.size(), 3U);

  const std::regex header(R"(DEMO +DEMO +Site-01 +4\d\.\d{5} +\d\.\d{5} +\d+\.\d\d +0\.20 +0\.20 5TM)");
  const std::regex row(R"(\d{4}/\d\d/\d\d \d\d:00   \d\.\d{4} [A-Z0-9,]+ M)");
  std::istringstream plain(at_20cm["Site-01"]);
  std::string line;
  std::getline(plain, line);
  EXPECT_TRUE(std::regex_match(line, header)) << line;
  std::int64_t rows = 0;
  double sum = 0.0;
  while (std::getline(plain, line)) {
    ASSERT_TRUE(std::regex_match(line, row)) << line;
    sum += std::stod(line.substr(19, 6));
    ++rows;
  }
  EXPECT_GT(rows, 120 * 24 / 2);
  EXPECT_LT(rows, 120 * 24);  // hours are absent
  EXPECT_GT(sum / static_cast<double>(rows), 0.05);
  EXPECT_LT(sum / static_cast<double>(rows), 0.55);

  std::istringstream ceop(at_20cm["Site-02"]);
  std::getline(ceop, line);
  std::istringstream tokens(line);
  EXPECT_EQ(std::distance(std::istream_iterator<std::string>(tokens), {}), 15) << line;

  const std::string statics = content_of(network / "Site-01" / "DEMO_DEMO_Site-01_static_variables.csv");
  EXPECT_EQ(count_of(statics, "\r\n"), 13U);
  EXPECT_NE(statics.find("clay fraction;% weight;0.30;1.00;"), std::string::npos);
}

TEST(Demo, TheSitesSeriesHasEveryDay) {
  std::istringstream csv(content_of(SmallDemo::dir() / "site_series.csv"));
  std::string line;
  std::getline(csv, line);
  EXPECT_EQ(line.substr(0, 27), "date,precipitation_mm,poten");
  const auto columns = std::count(line.begin(), line.end(), ',');
  std::int64_t days = 0;
  std::int64_t with_moisture = 0;
  while (std::getline(csv, line)) {
    ++days;
    ASSERT_EQ(std::count(line.begin(), line.end(), ','), columns) << line;
    if (line.back() != ',') ++with_moisture;
  }
  EXPECT_EQ(days, 731);
  EXPECT_EQ(with_moisture, 120);
}

}  // namespace
}  // namespace rootzone::pipeline
