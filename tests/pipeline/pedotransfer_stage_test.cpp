// The pedotransfer stage in whole pipelines: static products without daily input, layers for the stages after
// it, and the spread of functions in root-zone moisture.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

#include "memory_sink.hpp"
#include "preparation.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/engine/run.hpp"
#include "rootzone/io/cog.hpp"
#include "rootzone/io/crs.hpp"
#include "rootzone/moisture/smar.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "rootzone/pipeline/resolve.hpp"
#include "rootzone/soil/pedotransfer.hpp"

namespace rootzone::pipeline {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
constexpr float missing = std::numeric_limits<float>::quiet_NaN();

/// Six soils in a row of two: loam, sand, clay / no texture, no density, a soil nobody can have.
const std::vector<float> sand{40, 92, 8, missing, 40, 40};
const std::vector<float> silt{40, 5, 27, 40, 40, 90};
const std::vector<float> clay{20, 3, 65, 20, 20, 20};
const std::vector<float> density{1400, 1550, 1300, 1400, missing, 1400};  // kg/m³
constexpr std::int64_t cells = 6;

class PedotransferStage : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    s_folder = fs::path(::testing::TempDir()) / ("rootzone_ptf_" + std::to_string(::getpid()));
    fs::remove_all(s_folder);
    fs::create_directories(s_folder);
    const core::Grid grid(io::parse_crs("EPSG:3035"), {4.0e6, 3.0e6, 4.003e6, 3.002e6}, 2, 3);
    const auto write = [&](const std::string& name, const std::vector<float>& values) {
      io::write_cog(s_folder / (name + ".tif"), grid, values, {});
    };
    write("sand", sand);
    write("silt", silt);
    write("clay", clay);
    write("density", density);
    for (int day = 1; day <= 9; ++day)
      write("ssm_2020010" + std::to_string(day),
            std::vector<float>(cells, 0.15F + 0.25F * static_cast<float>(day % 4) / 3.0F));
  }
  static void TearDownTestSuite() { fs::remove_all(s_folder); }

  /// head: the stage's own keys.
  std::string pipeline(const std::string& stages) const {
    std::string text =
        "[pipeline]\nname = \"soil\"\n[grid]\nlike = \"sand.tif\"\n[time]\nstart = 2020-01-01\nend = "
        "2020-01-09\n"
        "[inputs.surface_soil_moisture]\npath = \"ssm_{date}.tif\"\nunits = \"m3 m-3\"\n";
    for (const char* name : {"sand", "silt", "clay"})
      text += "[inputs." + std::string(name) + "]\npath = \"" + name + ".tif\"\nunits = \"percent\"\n";
    return text + "[inputs.density]\npath = \"density.tif\"\nunits = \"kg m-3\"\n" + stages;
  }

  std::unique_ptr<Preparation> prepared(const std::string& stages) const {
    return prepare(read_configuration(resolve_pipeline_text(pipeline(stages), s_folder, "soil.toml", {})));
  }

  /// Run a pipeline and keep one variable.
  std::shared_ptr<MemorySink> run(Preparation& job, const std::string& variable,
                                  const engine::RunOptions& options = {}) const {
    Segment& segment = *job.segment_of(variable);
    std::int64_t steps = segment.chain.time.count();
    for (const VariableInfo& info : segment.variables)
      if (info.variable == variable && info.axis) steps = info.axis->count();
    const auto sink = std::make_shared<MemorySink>(steps, 2, 3);
    segment.chain.sinks = {{variable, sink}};
    engine::run(segment.chain, options, s_folder.string());
    return sink;
  }

  std::string refusal(const std::string& stages) const {
    try {
      prepared(stages);
    } catch (const core::Error& error) {
      return error.what();
    }
    return "accepted";
  }

  inline static fs::path s_folder;
};

soil::SoilSample sample(std::size_t cell) {
  return {sand[cell], silt[cell], clay[cell], static_cast<double>(density[cell]) / 1000.0, 1.2, true};
}

const std::string three =
    "[[stage]]\nkind = \"pedotransfer\"\nfunctions = [\"saxton_rawls\", \"wosten\", \"rawls_brakensiek\"]\n"
    "sand = \"sand\"\nsilt = \"silt\"\nclay = \"clay\"\nbulk_density = \"density\"\norganic_carbon = 1.2\n"
    "root_depth = 500\n";
const std::vector<soil::PedotransferFunction> three_functions{soil::PedotransferFunction::saxton_rawls,
                                                              soil::PedotransferFunction::wosten,
                                                              soil::PedotransferFunction::rawls_brakensiek};

TEST_F(PedotransferStage, EqualsTheFunctionsCellByCell) {
  const auto job = prepared(three);
  const auto median = run(*job, "water_content_33kpa");
  const auto spread = run(*job, "water_content_33kpa_standard_deviation");
  const auto each = run(*job, "water_content_33kpa_by_function");
  const auto capacity = run(*job, "available_water_capacity");
  const auto used = run(*job, "pedotransfer_functions_used");
  const auto slot = static_cast<std::size_t>(soil::SoilProperty::water_content_33kpa);
  const auto available = static_cast<std::size_t>(soil::SoilProperty::available_water_content);
  int with_values = 0;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    std::vector<soil::SoilEstimate> estimates;
    for (const auto function : three_functions)
      estimates.push_back(soil::estimate_soil(function, sample(cell)));
    const soil::SoilEnsemble expected = soil::combine(estimates);
    for (std::size_t i = 0; i < estimates.size(); ++i) {
      const float value = each->values[i * cells + cell];
      ASSERT_EQ(std::isnan(value), std::isnan(estimates[i].values[slot])) << cell << " " << i;
      if (!std::isnan(value)) {
        EXPECT_NEAR(value, estimates[i].values[slot], 1e-6) << cell << " " << i;
      }
    }
    ASSERT_EQ(std::isnan(median->values[cell]), expected.members[slot] == 0) << cell;
    ASSERT_EQ(std::isnan(spread->values[cell]), expected.members[slot] < 2) << cell;
    if (std::isnan(median->values[cell])) continue;
    ++with_values;
    EXPECT_NEAR(median->values[cell], expected.median[slot], 1e-6);
    EXPECT_NEAR(capacity->values[cell], 500.0 * expected.median[available], 1e-3);
    if (expected.members[slot] > 1) {
      EXPECT_NEAR(spread->values[cell], expected.standard_deviation[slot], 1e-6);
    }
    EXPECT_EQ(used->values[cell], static_cast<float>(expected.members[slot])) << cell;
  }
  EXPECT_EQ(with_values, 4);  // the fifth soil by texture alone
  EXPECT_TRUE(std::isnan(used->values[3]));
  EXPECT_EQ(used->values[5], 0.0F);
}

TEST_F(PedotransferStage, FlagsSayWhatStandsBehindAValue) {
  const auto job = prepared(three);
  const auto flags = run(*job, "water_content_33kpa")->flags;
  const auto has = [&](std::size_t cell, core::Flag flag) { return core::has(flags[cell], flag); };
  EXPECT_EQ(flags[0], core::bits(core::Flag::assumed_input));  // organic carbon
  EXPECT_TRUE(has(1, core::Flag::extrapolated));               // sand beyond 70 %
  EXPECT_TRUE(has(2, core::Flag::extrapolated));               // clay beyond 60 %
  EXPECT_TRUE(has(3, core::Flag::input_missing));
  EXPECT_FALSE(has(4, core::Flag::input_missing));  // saxton_rawls needs no density
  EXPECT_EQ(flags[5], core::bits(core::Flag::not_applicable));
  const auto each = run(*job, "water_content_33kpa_by_function")->flags;
  EXPECT_EQ(each[0 * cells + 0], core::bits(core::Flag::assumed_input));
  EXPECT_EQ(each[2 * cells + 0], 0);  // rawls_brakensiek asks for no carbon
  EXPECT_EQ(each[1 * cells + 4], core::bits(core::Flag::input_missing));
}

TEST_F(PedotransferStage, BytesDoNotDependOnThreadsOrBlocks) {
  const auto job = prepared(three);
  const auto expected = run(*job, "saturated_hydraulic_conductivity");
  for (const int threads : {1, 3}) {
    engine::RunOptions options;
    options.threads = threads;
    options.forced_block = engine::BlockShape{2, 1};
    options.forced_strip_pixels = 2;
    const auto found = run(*job, "saturated_hydraulic_conductivity", options);
    for (std::size_t cell = 0; cell < cells; ++cell)
      EXPECT_TRUE(found->values[cell] == expected->values[cell] || std::isnan(expected->values[cell]));
    EXPECT_EQ(found->flags, expected->flags);
  }
}

TEST_F(PedotransferStage, RunsWithoutAnyDailyInputAndReports) {
  std::ofstream(s_folder / "soil.toml") << pipeline(
      "[inputs.other_model]\nexpression = \"0.25 + clay / 1000\"\n" + three +
      "compare_title = \"another model\"\n[stage.compare_with]\nwater_content_33kpa = \"other_model\"\n"
      "[[output]]\nvariable = \"water_content_33kpa\"\nformats = [\"netcdf\", \"cog\"]\n"
      "[[output]]\nvariable = \"water_content_33kpa_by_function\"\n"
      "[[output]]\nvariable = \"water_content_33kpa_difference\"\n");
  PipelineRequest request;
  request.file = s_folder / "soil.toml";
  request.out = s_folder / "out";
  run_pipeline(request);
  for (const char* file : {"water_content_33kpa.nc", "water_content_33kpa/water_content_33kpa_median.tif",
                           "water_content_33kpa_by_function.nc", "water_content_33kpa_difference.nc"})
    EXPECT_TRUE(fs::exists(s_folder / "out" / file)) << file;
  std::ifstream file(s_folder / "out/report.html");
  const std::string report{std::istreambuf_iterator<char>(file), {}};
  EXPECT_THAT(report, HasSubstr("Water content at 33 kPa beside another model"));
  EXPECT_THAT(report, HasSubstr("assumed_input"));
  EXPECT_THAT(report, HasSubstr("impossible texture, density or organic carbon (1)"));
  EXPECT_THAT(report, HasSubstr("Rawls and Brakensiek 1985"));
}

TEST_F(PedotransferStage, ComparisonIsMedianMinusTheOtherMap) {
  const auto job = prepared("[inputs.other_model]\nexpression = \"0.25 + clay / 1000\"\n" + three +
                            "[stage.compare_with]\nwater_content_33kpa = \"other_model\"\n");
  const auto median = run(*job, "water_content_33kpa");
  const auto difference = run(*job, "water_content_33kpa_difference");
  EXPECT_NEAR(difference->values[0], median->values[0] - 0.27F, 1e-6);
  EXPECT_NEAR(difference->values[2], median->values[2] - 0.315F, 1e-6);
  EXPECT_TRUE(std::isnan(difference->values[3]));
}

const std::string smar =
    "[[stage]]\nkind = \"smar\"\nparameters = \"physical\"\nporosity_surface = \"saturated_water_content\"\n"
    "porosity_root_zone = \"saturated_water_content\"\nfield_capacity_surface = \"water_content_33kpa\"\n"
    "field_capacity_root_zone = \"water_content_33kpa\"\nwilting_point_root_zone = "
    "\"water_content_1500kpa\"\n"
    "surface_thickness = 5\nroot_zone_thickness = 45\nloss = 5\n";

// Porosity, field capacity and wilting point of the median feed SMAR; those of each function its spread.
TEST_F(PedotransferStage, SpreadOfTheFunctionsShowsInRootZoneMoisture) {
  const auto job = prepared(three + smar +
                            "ensemble_layers = [\"saxton_rawls\", \"wosten\", \"rawls_brakensiek\"]\n"
                            "[[output]]\nvariable = \"root_zone_soil_moisture_standard_deviation\"\n");
  const auto spread = run(*job, "root_zone_soil_moisture_standard_deviation");
  std::vector<float> surface;
  for (int day = 1; day <= 9; ++day) surface.push_back(0.15F + 0.25F * static_cast<float>(day % 4) / 3.0F);
  // The loam by hand: SMAR with the physical parameters of each function.
  std::vector<std::vector<float>> members;
  for (const auto function : three_functions) {
    const soil::SoilEstimate e = soil::estimate_soil(function, sample(0));
    const auto value = [&](soil::SoilProperty property) {
      return static_cast<double>(static_cast<float>(e[property]));
    };
    moisture::SmarSoil s;
    s.surface_porosity = s.root_zone_porosity = value(soil::SoilProperty::saturated_water_content);
    s.surface_thickness_mm = 50.0;
    s.root_zone_thickness_mm = 450.0;
    s.surface_field_capacity = value(soil::SoilProperty::water_content_33kpa);
    s.root_zone_wilting_point = value(soil::SoilProperty::water_content_1500kpa);
    s.loss_mm_per_day = 5.0;
    const moisture::PhysicalSmar p = moisture::physical_parameters(s);
    const moisture::SmarSite site{p.sw2,
                                  p.sc1,
                                  p.a,
                                  p.b,
                                  s.surface_porosity,
                                  s.root_zone_porosity,
                                  450.0,
                                  s.surface_field_capacity / s.root_zone_porosity};
    members.push_back(moisture::smar_series(site, {}, surface).water_content);
  }
  for (std::size_t day = 0; day < 9; ++day) {
    const double mean = (members[0][day] + members[1][day] + members[2][day]) / 3.0;
    double squares = 0.0;
    for (const auto& member : members) squares += std::pow(static_cast<double>(member[day]) - mean, 2);
    EXPECT_NEAR(spread->values[day * cells], std::sqrt(squares / 2.0), 1e-6) << day;
    EXPECT_GT(spread->values[day * cells], 0.003F);
    EXPECT_TRUE(std::isnan(spread->values[day * cells + 3]));
    EXPECT_TRUE(std::isnan(spread->values[day * cells + 4])) << "one function left: no spread";
  }
}

// The layers reach stages with days of their own too.
TEST_F(PedotransferStage, GivesTheMassCurveItsSoilBasedCapacity) {
  const auto job = prepared(
      "[inputs.precipitation]\nexpression = \"surface_soil_moisture * 10\"\n"
      "[inputs.evaporation]\nexpression = \"surface_soil_moisture * 5\"\n" +
      three +
      "[[stage]]\nkind = \"mass_curve\"\nrecord_start = 2020-01-02\nfield_capacity = "
      "\"water_content_33kpa\"\n"
      "wilting_point = \"water_content_1500kpa\"\nroot_depth = 500\n");
  ASSERT_EQ(job->segments.size(), 2U);
  const auto moist = run(*job, "water_content_33kpa");
  const auto dry = run(*job, "water_content_1500kpa");
  const auto capacity = run(*job, "soil_storage_capacity");
  EXPECT_NEAR(capacity->values[0], 500.0F * (moist->values[0] - dry->values[0]), 1e-3);
  EXPECT_GT(capacity->values[0], 40.0F);
  EXPECT_TRUE(std::isnan(capacity->values[3]));
}

TEST_F(PedotransferStage, TwoLayersOfSoilLiveBesideEachOther) {
  std::string deep = three + "suffix = \"_deep\"\ntopsoil = false\n";
  const auto job = prepared(three + deep);
  const auto top = run(*job, "saturated_hydraulic_conductivity_by_function");
  const auto below = run(*job, "saturated_hydraulic_conductivity_deep_by_function");
  EXPECT_EQ(top->values[0], below->values[0]);          // saxton_rawls asks for no horizon
  EXPECT_NE(top->values[cells], below->values[cells]);  // wosten does
  EXPECT_THAT(refusal(three + three), HasSubstr("water_content"));
}

TEST_F(PedotransferStage, SaysWhatIsWrong) {
  const std::string stage = "[[stage]]\nkind = \"pedotransfer\"\nsand = \"sand\"\nclay = \"clay\"\n";
  EXPECT_THAT(refusal(stage + "functions = [\"woesten\"]\n"), HasSubstr("wosten"));
  EXPECT_THAT(refusal(stage + "functions = [\"cosby\", \"cosby\"]\n"), HasSubstr("twice"));
  EXPECT_THAT(refusal(stage), HasSubstr("needs `bulk_density`"));
  EXPECT_THAT(refusal(stage + "functions = [\"toth\"]\n"), HasSubstr("needs `organic_carbon`"));
  EXPECT_THAT(refusal(stage + "functions = [\"cosby\"]\n[stage.compare_with]\nwater_content_33 = \"sand\"\n"),
              HasSubstr("water_content_33kpa"));
  EXPECT_THAT(refusal(stage + "functions = [\"cosby\"]\n[stage.compare_with]\nvan_genuchten_n = \"sand\"\n"),
              HasSubstr("none of the functions gives"));
  EXPECT_THAT(refusal(three + smar + "ensemble_layers = [\"weynants\", \"wosten\"]\n"),
              HasSubstr("weynants"));
  EXPECT_THAT(refusal(three + smar + "ensemble_layers = [\"wosten\"]\n"), HasSubstr("2"));
}

TEST_F(PedotransferStage, SiltIsWhatSandAndClayLeave) {
  const auto with = prepared(three);
  std::string text = three;
  text.erase(text.find("silt = \"silt\"\n"), 14);
  const auto without = prepared(text);
  EXPECT_EQ(run(*with, "water_content_33kpa")->values[0], run(*without, "water_content_33kpa")->values[0]);
  EXPECT_EQ(run(*without, "pedotransfer_functions_used")->values[5], 3.0F);  // 40 and 20 % leave 40
}

}  // namespace
}  // namespace rootzone::pipeline
