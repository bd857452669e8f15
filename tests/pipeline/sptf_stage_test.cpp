#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "rootzone/core/error.hpp"
#include "rootzone/core/flags.hpp"
#include "rootzone/core/parallel.hpp"
#include "rootzone/io/crs.hpp"
#include "rootzone/io/network_file.hpp"
#include "rootzone/io/product.hpp"
#include "rootzone/io/sha256.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "rootzone/pipeline/demo.hpp"
#include "rootzone/sptf/predictor.hpp"

namespace rootzone::pipeline {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr std::int64_t rows = 12, cols = 16, days = 120;

/// A network that nobody trained, but that listens to its inputs.
sptf::Network some_network() {
  sptf::Network network;
  network.inputs = sptf::published_inputs();
  network.inputs.push_back({"surface_soil_moisture_observed", "1", false});
  network.inputs[0].offset = 0.2;
  network.inputs[0].scale = 0.12;
  network.outputs = sptf::published_outputs(network.model);
  network.weights = sptf::random_lstm_weights({6, 4, 12, 6}, 4);
  for (float& weight : network.weights.output()) weight *= 6.0F;
  network.title = "Nobody's network";
  return network;
}

class SptfStage : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    s_folder = fs::path(::testing::TempDir()) / ("rootzone_sptf_" + std::to_string(::getpid()));
    fs::remove_all(s_folder);
    write_demo(s_folder / "demo", {rows, cols, days, 1, 3, 1}, core::serial_for, nullptr);
    fs::create_directories(s_folder / "pipelines");
    fs::copy_file(ROOTZONE_SOURCE_DIR "/pipelines/demo-sptf.toml", s_folder / "pipelines/demo-sptf.toml");
    io::write_network(s_folder / "pipelines/some.nc", some_network());
  }
  static void TearDownTestSuite() { fs::remove_all(s_folder); }

  static PipelineRequest request(const std::string& out) {
    PipelineRequest request;
    request.file = s_folder / "pipelines/demo-sptf.toml";
    request.out = s_folder / out;
    request.jobs = 1;
    request.overrides = {"time.start=2020-09-03", "time.end=2020-12-31", "stage.0.weights=some.nc"};
    return request;
  }
  static std::map<std::string, std::string> checksums(const fs::path& out) {
    std::map<std::string, std::string> sums;
    for (const auto& entry : fs::recursive_directory_iterator(out))
      if (entry.is_regular_file() && entry.path().filename() != "manifest.json" &&
          entry.path().filename() != "rootzone.prom")
        sums[fs::relative(entry.path(), out).string()] = io::sha256_of_file(entry.path());
    return sums;
  }
  struct Map {
    std::vector<float> values;
    std::vector<core::FlagBits> flags;
  };
  static Map layer(const fs::path& out, const std::string& variable, bool with_flags = true) {
    io::ProductSpec spec;
    spec.variable = variable;
    spec.grid = io::grid_like((s_folder / "demo/land_cover.tif").string());
    spec.axis.kind = io::StepAxis::Kind::labels;
    spec.axis.name = "soil";
    spec.axis.labels = {"one"};
    spec.with_flags = with_flags;
    const auto reader = io::open_product(spec, out);
    return {reader->read_step(0), with_flags ? reader->read_flags(0) : std::vector<core::FlagBits>()};
  }
  /// A daily input as the run saw it.
  static std::vector<std::vector<float>> daily(const fs::path& out, const std::string& variable) {
    io::ProductSpec spec;
    spec.variable = variable;
    spec.grid = io::grid_like((s_folder / "demo/land_cover.tif").string());
    spec.axis.time = core::TimeAxis({2020, 9, 3}, {2020, 12, 31});
    const auto reader = io::open_product(spec, out);
    std::vector<std::vector<float>> series;
    for (std::int64_t cell = 0; cell < rows * cols; ++cell)
      series.push_back(reader->read_series(cell / cols, cell % cols));
    return series;
  }

  inline static fs::path s_folder;
};

TEST_F(SptfStage, MapsEqualThePredictorOnTheInputsSeries) {
  PipelineRequest with_inputs = request("inputs");
  std::string pipeline;
  {
    std::ifstream file(with_inputs.file);
    std::stringstream text;
    text << file.rdbuf();
    pipeline = text.str();
  }
  const std::vector<std::string> inputs{"surface_soil_moisture", "precipitation",
                                        "potential_evapotranspiration", "air_temperature", "leaf_area_index"};
  for (const std::string& input : inputs)
    pipeline += "[[output]]\nvariable = \"" + input + "\"\npacking = \"float32\"\nseries = false\n";
  with_inputs.file = s_folder / "pipelines/inputs.toml";
  std::ofstream(with_inputs.file) << pipeline;
  for (const std::string key : {"sand=0.4", "silt=0.35", "clay=0.25", "bulk_density=1.35"})
    with_inputs.overrides.push_back("stage.0." + key);
  // One unit for the stage and for the product.
  for (const std::string unit : {"air_temperature.to_units=degC", "precipitation.to_units=mm d-1",
                                 "potential_evapotranspiration.to_units=mm d-1"})
    with_inputs.overrides.push_back("inputs." + unit);
  const fs::path out = run_pipeline(with_inputs);
  std::vector<std::vector<std::vector<float>>> series;
  for (const std::string& input : inputs) series.push_back(daily(out, input));
  const Map saturated = layer(out, "saturated_water_content"), n = layer(out, "van_genuchten_n"),
            capacity = layer(out, "water_content_33kpa"), observed = layer(out, "observed_days", false);
  const sptf::Network network = some_network();
  const std::vector<double> constants{0.4, 0.35, 0.25, 1.35};
  std::int64_t compared = 0;
  float lowest = 1.0F, highest = 0.0F;
  for (std::size_t cell = 0; cell < static_cast<std::size_t>(rows * cols); ++cell) {
    sptf::Predictor predictor(network, sptf::best_instruction_set(), days, 1);
    std::vector<std::span<const float>> views;
    for (const auto& one : series) views.emplace_back(one[cell]);
    predictor.set(0, views, constants);
    const sptf::SoilEstimate soil = predictor.run(1)[0];
    EXPECT_EQ(observed.values[cell], static_cast<float>(soil.observed_days)) << cell;
    if (soil.observed_days < 10) {
      EXPECT_TRUE(std::isnan(saturated.values[cell])) << cell;
      continue;
    }
    ++compared;
    lowest = std::min(lowest, saturated.values[cell]);
    highest = std::max(highest, saturated.values[cell]);
    EXPECT_EQ(saturated.values[cell], static_cast<float>(soil.saturated_water_content)) << cell;
    EXPECT_EQ(n.values[cell], static_cast<float>(soil.n)) << cell;
    EXPECT_EQ(capacity.values[cell], static_cast<float>(soil.water_content_33kpa)) << cell;
    EXPECT_EQ(core::has(saturated.flags[cell], core::Flag::few_observations), soil.observed_days < 40)
        << cell;
  }
  EXPECT_GT(compared, 60);
  EXPECT_GT(highest, lowest);
}

TEST_F(SptfStage, GivesTheSameBytesForAnyThreadsAndBlocks) {
  const auto expected = checksums(run_pipeline(request("reference")));
  EXPECT_GT(expected.size(), 20U);
  struct Cut {
    int jobs;
    engine::BlockShape block;
  };
  for (const Cut& cut : {Cut{2, {0, 0}}, Cut{4, {7, 5}}, Cut{2, {120, 1}}}) {
    PipelineRequest other = request("other");
    other.jobs = cut.jobs;
    if (cut.block.steps > 0) other.forced_block = cut.block;
    EXPECT_EQ(checksums(run_pipeline(other)), expected) << cut.jobs;
  }
}

TEST_F(SptfStage, FewDaysAreFlaggedAndTooFewMissing) {
  PipelineRequest some = request("few");
  some.overrides[1] = "time.end=2020-10-15";  // 43 days with gaps
  fs::path out = run_pipeline(some);
  Map map = layer(out, "van_genuchten_alpha");
  const Map counted = layer(out, "observed_days", false);
  std::int64_t flagged = 0;
  for (std::size_t cell = 0; cell < map.values.size(); ++cell) {
    const bool few = counted.values[cell] > 0.0F && counted.values[cell] < 40.0F;
    EXPECT_EQ(core::has(map.flags[cell], core::Flag::few_observations), few);
    EXPECT_EQ(core::has(map.flags[cell], core::Flag::input_missing), counted.values[cell] < 10.0F);
    flagged += few && counted.values[cell] >= 10.0F;
  }
  EXPECT_GT(flagged, 50);
  some.overrides.push_back("stage.0.minimum_days=50");
  map = layer(run_pipeline(some), "van_genuchten_alpha");
  for (const float value : map.values) EXPECT_TRUE(std::isnan(value));
}

TEST_F(SptfStage, SetsTheTruthBesideTheEstimate) {
  const fs::path out = run_pipeline(request("truth"));
  const Map own = layer(out, "water_content_33kpa"),
            truth = layer(out, "water_content_33kpa_reference", false),
            difference = layer(out, "water_content_33kpa_difference", false),
            ratio = layer(out, "saturated_hydraulic_conductivity_ratio", false);
  std::int64_t both = 0;
  for (std::size_t cell = 0; cell < own.values.size(); ++cell) {
    if (std::isnan(truth.values[cell])) continue;
    ++both;
    EXPECT_NEAR(difference.values[cell], own.values[cell] - truth.values[cell], 1e-6);
    EXPECT_GT(ratio.values[cell], 0.0F);
  }
  EXPECT_GT(both, 60);
  std::ifstream file(out / "manifest.json");
  const nlohmann::json manifest = nlohmann::json::parse(file);
  EXPECT_THAT(manifest.at("notes").dump(), HasSubstr("water_content_33kpa beside truth of the demo: "));
  EXPECT_THAT(manifest.at("notes").dump(), HasSubstr("Nobody's network"));
  bool listed = false;
  for (const auto& setting : manifest.at("setting_files"))
    listed = listed || setting.at("role") == "sptf weights";
  EXPECT_TRUE(listed);
}

TEST_F(SptfStage, SmarRunsOnItsParameters) {
  const fs::path out = run_pipeline(request("parameters"));
  const std::string folder = fs::relative(out, s_folder / "pipelines").string();
  PipelineRequest smar = request("smar");
  smar.file = s_folder / "pipelines/demo-sptf-smar.toml";
  fs::copy_file(ROOTZONE_SOURCE_DIR "/pipelines/demo-sptf-smar.toml", smar.file,
                fs::copy_options::overwrite_existing);
  smar.overrides.pop_back();
  for (const std::string name : {"saturated_water_content", "water_content_33kpa", "water_content_1500kpa"})
    smar.overrides.push_back("inputs." + name + ".path=" + folder + "/" + name + ".nc");
  smar.overrides.push_back("output.0.packing=float32");
  const fs::path made = run_pipeline(smar);
  const auto moisture = daily(made, "root_zone_soil_moisture");
  std::int64_t values = 0;
  for (const auto& series : moisture) values += !std::isnan(series.back());
  EXPECT_GT(values, 60);
}

TEST_F(SptfStage, NamesWhatIsWrong) {
  const auto expect_error = [](const PipelineRequest& wrong, const std::string& words) {
    try {
      run_pipeline(wrong);
      ADD_FAILURE() << "accepted; expected " << words;
    } catch (const core::Error& error) {
      EXPECT_THAT(error.what(), HasSubstr(words));
    }
  };
  PipelineRequest wrong = request("wrong");
  wrong.overrides.push_back("stage.0.weights=shipped:none-such");
  expect_error(wrong, "'shipped:none-such' is not among the shipped files");
  wrong = request("wrong");
  wrong.overrides.push_back("stage.0.leaf_area_index=lai");
  expect_error(wrong, "lai");
  wrong = request("wrong");
  wrong.overrides.push_back("stage.0.compare_with.water_content_34kpa=sand");
  expect_error(wrong, "Did you mean \"water_content_33kpa\"");
  wrong = request("wrong");
  wrong.overrides.push_back("stage.0.land_surface_temperature=precipitation");
  expect_error(wrong, "precipitation");
}

}  // namespace
}  // namespace rootzone::pipeline
