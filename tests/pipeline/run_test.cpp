#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "preparation.hpp"
#include "product_set.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/core/parallel.hpp"
#include "rootzone/io/scratch_dir.hpp"
#include "rootzone/io/sha256.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "rootzone/pipeline/demo.hpp"
#include "rootzone/pipeline/resolve.hpp"

namespace rootzone::pipeline {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

/// The demo basin in small, with the shipped demo pipeline cut to its days; made once, removed at the end.
class DemoRun : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    s_folder = fs::path(::testing::TempDir()) / ("rootzone_run_" + std::to_string(::getpid()));
    fs::remove_all(s_folder);
    write_demo(s_folder / "demo", {12, 16, 120, 2, 3, 1}, core::serial_for, nullptr);
    fs::create_directories(s_folder / "pipelines");
    fs::copy_file(ROOTZONE_SOURCE_DIR "/pipelines/demo.toml", s_folder / "pipelines/demo.toml");
  }
  static void TearDownTestSuite() { fs::remove_all(s_folder); }

  static PipelineRequest request(const std::string& out) {
    PipelineRequest request;
    request.file = s_folder / "pipelines/demo.toml";
    request.out = s_folder / out;
    request.jobs = 1;
    request.overrides = {"time.start=2020-09-03", "stage.3.record_start=2019-01-01",
                         "stage.3.minimum_years=2", "stage.3.advised_years=2"};
    return request;
  }

  /// The pipeline with more tables behind it, prepared.
  static std::unique_ptr<Preparation> prepared(const std::string& more) {
    const fs::path file = s_folder / "pipelines/more.toml";
    fs::copy_file(s_folder / "pipelines/demo.toml", file, fs::copy_options::overwrite_existing);
    std::ofstream(file, std::ios::app) << more;
    return prepare(read_configuration(resolve_pipeline_file(file, request("more").overrides)));
  }
  static VariableInfo info_of(const Preparation& job, const std::string& variable) {
    for (const auto& segment : job.segments)
      for (const VariableInfo& info : segment->variables)
        if (info.variable == variable) return info;
    return {};
  }

  /// SHA-256 of every file of a run but the manifest and the metrics, which hold the clock.
  static std::map<std::string, std::string> checksums(const fs::path& out) {
    std::map<std::string, std::string> sums;
    for (const auto& entry : fs::recursive_directory_iterator(out))
      if (entry.is_regular_file() && entry.path().filename() != "manifest.json" &&
          entry.path().filename() != "rootzone.prom")
        sums[fs::relative(entry.path(), out).string()] = io::sha256_of_file(entry.path());
    return sums;
  }

  static nlohmann::json manifest(const fs::path& out) {
    std::ifstream file(out / "manifest.json");
    return nlohmann::json::parse(file);
  }

  inline static fs::path s_folder;
};

TEST_F(DemoRun, GivesTheSameBytesForAnyThreadsAndBlocks) {
  const fs::path reference = run_pipeline(request("reference"));
  const auto expected = checksums(reference);
  EXPECT_GT(expected.size(), 40U);
  struct Cut {
    int jobs;
    engine::BlockShape block;
  };
  for (const Cut& cut : {Cut{2, {0, 0}}, Cut{4, {0, 0}}, Cut{2, {7, 5}}, Cut{4, {1, 12}}}) {
    SCOPED_TRACE(std::to_string(cut.jobs) + " threads, " + std::to_string(cut.block.steps) + " × " +
                 std::to_string(cut.block.rows));
    PipelineRequest other = request("other");
    other.jobs = cut.jobs;
    if (cut.block.steps > 0) other.forced_block = cut.block;
    EXPECT_EQ(checksums(run_pipeline(other)), expected);
  }
}

TEST_F(DemoRun, ListsEveryFileWithItsChecksum) {
  const fs::path out = run_pipeline(request("listed"));
  std::map<std::string, std::string> listed;
  const nlohmann::json made = manifest(out);
  for (const auto& product : made.at("products")) listed[product.at("path")] = product.at("sha256");
  EXPECT_EQ(listed, checksums(out));
  for (const auto& input : made.at("inputs"))
    for (const auto& file : input.at("files"))
      EXPECT_EQ(file.at("sha256"), io::sha256_of_file(fs::path(file.at("path").get<std::string>())));
  EXPECT_FALSE(fs::exists(out / ".work"));
  std::map<std::string, int> roles;
  for (const auto& file : made.at("setting_files")) {
    ++roles[file.at("role").get<std::string>()];
    EXPECT_EQ(file.at("sha256"), io::sha256_of_file(fs::path(file.at("path").get<std::string>())));
  }
  EXPECT_EQ(roles["area outline"], 1);
  EXPECT_EQ(roles["area zones"], 1);
  EXPECT_EQ(roles["return periods"], 1);
  EXPECT_GE(roles["stations"], 3);
}

TEST_F(DemoRun, TheParametersHashCoversWhatATableHolds) {
  const fs::path table = s_folder / "pipelines/periods.csv";
  const auto hash_with = [&](const std::string& forest) {
    std::ofstream(table) << "class,return_period_years\n10,2\n20,2\n30,2\n40," << forest << "\n";
    PipelineRequest one = request("periods");
    one.overrides.push_back("stage.3.return_period_table=periods.csv");
    return manifest(run_pipeline(one)).at("parameters_sha256").get<std::string>();
  };
  const std::string twenty = hash_with("20");
  EXPECT_NE(hash_with("40"), twenty);
  EXPECT_EQ(hash_with("20"), twenty);
}

TEST_F(DemoRun, TheParametersHashCoversALookupTableButNotItsPlace) {
  const auto hash_with = [&](const std::string& place, const std::string& forest) {
    fs::create_directories(s_folder / place);
    std::ofstream(s_folder / place / "depths.csv")
        << "class,value\n1,0.5\n2,0.5\n3,0.5\n4," << forest << "\n";
    PipelineRequest one = request("lookup");
    one.overrides.push_back(
        "inputs.root_depth={path=\"../demo/land_cover.tif\", resampling=\"mode\", units=\"m\", "
        "lookup=\"../" +
        place + "/depths.csv\"}");
    one.overrides.push_back("stage.3.root_depth=root_depth");
    return manifest(run_pipeline(one)).at("parameters_sha256").get<std::string>();
  };
  const std::string here = hash_with("tables", "1.0");
  EXPECT_NE(hash_with("tables", "1.5"), here);
  EXPECT_EQ(hash_with("moved", "1.0"), here);
}

TEST(ParametersHash, DoesNotHearWhereFilesLie) {
  const auto at = [](const std::string& folder) {
    Configuration configuration;
    configuration.resolved = {
        {"time", nlohmann::json::object()},
        {"grid", {{"like", folder + "grid.tif"}}},
        {"inputs", {{"depth", {{"path", {folder + "map.tif"}}, {"lookup", folder + "depths.csv"}}}}},
        {"stage", {{{"kind", "sptf"}, {"weights", folder + "net.nc"}}}}};
    return parameters_hash(configuration);
  };
  EXPECT_EQ(at("/data/"), at("/mnt/other/"));
  EXPECT_NE(at("/data/"), at("/data/another_"));
}

TEST_F(DemoRun, WhatIsMadeOfAnInputKeepsItsUnit) {
  const auto job = prepared(R"([[stage]]
kind = "statistics"
variable = "air_temperature"
period = "month"
statistics = ["mean", "count"]
[[output]]
variable = "air_temperature_month_mean"
[[output]]
variable = "air_temperature_month_count"
)");
  const VariableInfo mean = info_of(*job, "air_temperature_month_mean");
  EXPECT_EQ(mean.units, "K");
  EXPECT_EQ(mean.long_name, "mean of air temperature over each month");
  EXPECT_EQ(info_of(*job, "air_temperature_month_count").units, "1");
}

TEST_F(DemoRun, EachFilterIsComparedUnderANameOfItsOwn) {
  const auto job = prepared(R"([[stage]]
kind = "exponential_filter"
output = "slow_index"
time = [60]
)");
  EXPECT_EQ(info_of(*job, "soil_water_index").validates_as, "exponential_filter");
  EXPECT_EQ(info_of(*job, "slow_index").validates_as, "exponential_filter_slow_index");
}

TEST_F(DemoRun, TheReportHasTheWarningsOfTheRunItself) {
  PipelineRequest dry = request("dry");
  dry.overrides.push_back("stage.1.minimum_quality=100");
  dry.overrides.push_back("stage.1.time=[100]");
  std::ifstream file(run_pipeline(dry) / "report.html");
  const std::string report{std::istreambuf_iterator<char>(file), {}};
  EXPECT_THAT(report, HasSubstr("no valid value in &#39;soil_water_index&#39;"));
}

TEST_F(DemoRun, ASecondRunReplacesWhatTheFirstMadeAndNothingElse) {
  const fs::path out = run_pipeline(request("again"));
  const auto first = checksums(out);
  std::ofstream(out / "notes.txt") << "mine";
  fs::create_directories(out / "root_zone_soil_moisture/mine");
  std::ofstream(out / "root_zone_soil_moisture/mine/map.tif") << "mine";
  EXPECT_EQ(run_pipeline(request("again")), out);
  auto second = checksums(out);
  EXPECT_EQ(second.erase("notes.txt") + second.erase("root_zone_soil_moisture/mine/map.tif"), 2U);
  EXPECT_EQ(second, first);

  PipelineRequest fewer = request("again");
  fewer.overrides.push_back("output=[{variable = \"soil_water_index\"}]");
  run_pipeline(fewer);
  const auto third = checksums(out);
  EXPECT_TRUE(third.contains("soil_water_index.nc"));
  EXPECT_TRUE(third.contains("notes.txt"));
  EXPECT_TRUE(third.contains("root_zone_soil_moisture/mine/map.tif"));
  EXPECT_FALSE(third.contains("root_zone_soil_moisture.nc"));
  EXPECT_FALSE(third.contains("root_zone_soil_moisture/root_zone_soil_moisture_20201001.tif"));
  EXPECT_FALSE(fs::exists(out / "closure_ratio")) << "an empty folder of an earlier product";
}

// A manifest that names files outside the folder must not have them removed.
TEST_F(DemoRun, BelievesAManifestOnlyBelowItsFolder) {
  fs::create_directories(s_folder / "trusting");
  std::ofstream(s_folder / "precious.txt") << "keep";
  std::ofstream(s_folder / "trusting/manifest.json")
      << R"({"products": [{"path": "../precious.txt"}, {"path": "a/../../precious.txt"}, {"path": ")" +
             (s_folder / "precious.txt").string() + R"("}, {"path": 7}, {"path": ""}, {"path": "."}]})";
  PipelineRequest one = request("trusting");
  one.overrides.push_back("output=[{variable = \"soil_water_index\"}]");
  run_pipeline(one);
  EXPECT_TRUE(fs::exists(s_folder / "precious.txt"));
  EXPECT_TRUE(fs::exists(s_folder / "trusting/soil_water_index.nc"));
}

TEST_F(DemoRun, StopsAtASignalWithNothingMade) {
  std::atomic<int> signal{15};
  PipelineRequest stopped = request("stopped");
  stopped.stop_signal = &signal;
  try {
    run_pipeline(stopped);
    FAIL() << "went on";
  } catch (const core::Interrupted& stop) {
    EXPECT_EQ(stop.exit_code(), 143);
  }
  EXPECT_FALSE(fs::exists(s_folder / "stopped/.work"));
}

TEST_F(DemoRun, LetsOnlyOneProcessWriteIntoAFolder) {
  fs::create_directories(s_folder / "held");
  const io::ScratchDir held(s_folder / "held", "run");
  std::ofstream(held.path() / "spool") << "in use";
  try {
    run_pipeline(request("held"));
    FAIL() << "took the folder over";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::environment);
    EXPECT_THAT(error.what(), HasSubstr("another rootzone process is writing there"));
  }
  EXPECT_TRUE(fs::exists(held.path() / "spool"));
}

TEST_F(DemoRun, ChecksWithoutMakingAnything) {
  PipelineRequest checked = request("checked");
  checked.overrides.push_back("inputs.spare.path=../demo/land_cover.tif");
  std::ostringstream out;
  check_pipeline(checked, out);
  EXPECT_THAT(out.str(), HasSubstr("demo: 12 rows × 16 columns, 2020-09-03 … 2020-12-31 (120 days)"));
  EXPECT_THAT(out.str(), HasSubstr("surface_soil_moisture (daily)"));
  EXPECT_THAT(out.str(), HasSubstr("porosity_surface (static)"));
  EXPECT_THAT(out.str(), HasSubstr("crs:        EPSG:32632"));
  EXPECT_THAT(out.str(), HasSubstr("units:      K → degC"));
  EXPECT_THAT(out.str(), HasSubstr("stations: 3"));
  EXPECT_THAT(out.str(), HasSubstr("the pipeline is ready to run"));
  const std::string text = out.str();
  const std::size_t spare = text.find("\nspare (static)");
  ASSERT_NE(spare, std::string::npos);
  EXPECT_NE(text.find("unused:", spare), std::string::npos);
  EXPECT_EQ(text.find("unused:"), text.find("unused:", spare)) << "every other input is read";
  EXPECT_FALSE(fs::exists(s_folder / "checked"));
}

TEST_F(DemoRun, ReadsStationsFromADayThatNoClockHas) {
  PipelineRequest one = request("calendar");
  one.overrides.insert(one.overrides.end(),
                       {"time.calendar=360_day", "time.end=2020-12-30", "stage.3.record_end=2020-12-30"});
  one.overrides.front() = "time.start=2020-02-30";
  std::ostringstream text;
  EXPECT_NO_THROW(check_pipeline(one, text));
}

TEST_F(DemoRun, ValidatesWhatARunLeft) {
  PipelineRequest scored = request("scored");
  std::ostringstream table;
  EXPECT_THROW(validate_pipeline(scored, table), core::Error);
  const fs::path out = run_pipeline(scored);
  const auto before = checksums(out);
  validate_pipeline(scored, table);
  EXPECT_THAT(table.str(), HasSubstr("median RMSE"));
  EXPECT_THAT(table.str(), HasSubstr("station_mean"));
  EXPECT_EQ(checksums(out), before) << "scoring the same products gives the same tables";
}

}  // namespace
}  // namespace rootzone::pipeline
