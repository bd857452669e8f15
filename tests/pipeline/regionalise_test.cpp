#include "rootzone/pipeline/regionalise.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>

#include "rootzone/core/error.hpp"
#include "rootzone/core/parallel.hpp"
#include "rootzone/io/crs.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/io/product.hpp"
#include "rootzone/io/sha256.hpp"
#include "rootzone/pipeline/demo.hpp"
#include "rootzone/pipeline/resolve.hpp"

namespace rootzone::pipeline {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// What a site of the demo needs to stand in calibration.csv and parameters.toml.
struct Site {
  std::string name;
  double latitude = 45.3;
  double longitude = 9.0;
  double sand = 40.0;  ///< what its parameters follow
};

std::string parameters_entry(const Site& site, double sw2, double sc1, double a, double b) {
  return "[[station]]\nstation = \"" + site.name + "\"\nlatitude = " + io::shortest_number(site.latitude) +
         "\nlongitude = " + io::shortest_number(site.longitude) +
         "\nroot_zone = \"10-50\"\ncovariates = \"P1\"\nscheme = \"paper\"\napplicable = true\n"
         "validation_days = [2020-11-01, 2020-12-31]\n[station.soil]\nsurface_porosity = "
         "0.45\nroot_zone_porosity = 0.42\nroot_zone_field_capacity = 0.28\n[station.parameters]\nsw2 = " +
         io::shortest_number(sw2) + "\nsc1 = " + io::shortest_number(sc1) +
         "\na = " + io::shortest_number(a) + "\nb = " + io::shortest_number(b) + "\n\n";
}

constexpr const char* csv_header =
    "station,root_zone,covariates,scheme,repetition,seed,sw2,sc1,a,b,v2_cm_per_day,rmse_calibration,"
    "rmse_validation,pearson_r_validation,nse_validation,at_bound\n";

/// A tiny demo basin, and a calibration of ten sites in it whose parameters follow the sand of their cells.
class Regionalise : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    s_folder = fs::path(::testing::TempDir()) / ("rootzone_regionalise_" + std::to_string(::getpid()));
    fs::remove_all(s_folder);
    write_demo(s_folder / "demo", {16, 20, 90, 1, 3, 1}, core::serial_for, nullptr);
    write(s_folder / "study.toml", pipeline());
    write_calibration(s_folder / "calibration");
  }
  static void TearDownTestSuite() { fs::remove_all(s_folder); }

  static std::string pipeline() {
    return R"(
[pipeline]
name = "study"
[grid]
like = "demo/land_cover.tif"
[time]
start = 2020-10-03
end = 2020-12-31
[inputs.surface_soil_moisture]
path = "demo/surface_soil_moisture/ssm_{date}.tif"
units = "m3 m-3"
[inputs.sand]
path = "demo/soil/sand_5-15cm.tif"
units = "%"
[inputs.clay]
path = "demo/soil/clay_5-15cm.tif"
units = "%"
[inputs.elevation]
path = "demo/elevation.tif"
units = "m"
[inputs.twice_sand]
expression = "2 * sand"
[inputs.flat]
expression = "0 * sand + 3"
[regionalisation]
predictors = ["sand", "clay", "elevation"]
not_significant = "global_median"
form = "parameters"
[[stage]]
kind = "smar"
parameters = "regression/regression.toml"
porosity_surface = 0.45
porosity_root_zone = 0.42
field_capacity_root_zone = 0.28
ensemble = 8
[[output]]
variable = "root_zone_soil_moisture"
[[output]]
variable = "root_zone_soil_moisture_standard_deviation"
)";
  }

  /// Sites on a lattice over the basin; sand is not known to the test, so it is read back from stations.csv
  /// in a first pass: parameters follow place first, then the sand of the cell.
  static std::vector<Site> sites() {
    std::vector<Site> sites;
    const PipelineRequest request = make_request("survey");
    write_rows(s_folder / "survey_calibration", lattice(), false);
    regionalise_stations(request, s_folder / "survey_calibration");
    const io::CsvTable table = io::CsvTable::read(s_folder / "survey/stations.csv");
    for (std::size_t row = 0; row < table.rows(); ++row)
      sites.push_back({table.text(row, 0), table.number(row, 1), table.number(row, 2),
                       table.number(row, table.column("sand"))});
    return sites;
  }

  static std::vector<Site> lattice() {
    const io::CsvTable site = io::CsvTable::parse(centres(), "centres");
    std::vector<Site> sites;
    for (std::size_t row = 0; row < site.rows(); ++row)
      sites.push_back({site.text(row, 0), site.number(row, 1), site.number(row, 2)});
    return sites;
  }

  /// Near the demo's stations: their own files say where the basin is.
  static std::string centres() {
    double latitude = 0.0, longitude = 0.0;
    for (const auto& entry : fs::recursive_directory_iterator(s_folder / "demo/stations"))
      if (entry.path().extension() == ".stm" && latitude == 0.0) {
        std::istringstream header(read(entry.path()));
        std::string word;
        std::vector<double> found;
        while (header >> word && found.size() < 2)
          if (const auto number = io::parse_number(word);
              number && *number > 1.0 && word.find('.') != std::string::npos)
            found.push_back(*number);
        if (found.size() == 2) {
          latitude = found[0];
          longitude = found[1];
        }
      }
    std::string csv = "station,latitude,longitude\n";
    for (int i = 0; i < 12; ++i)
      csv += "P" + std::to_string(i) + "," + io::shortest_number(latitude + 0.008 * (i % 4 - 1.5)) + "," +
             io::shortest_number(longitude + 0.011 * (i / 4 - 1)) + "\n";
    return csv;
  }

  static void write_rows(const fs::path& folder, const std::vector<Site>& sites, bool follow_sand) {
    std::string csv = csv_header, toml;
    for (std::size_t i = 0; i < sites.size(); ++i) {
      const double wobble = 0.002 * std::sin(static_cast<double>(7 * i));
      const double sw2 =
          follow_sand ? 0.4 - 0.004 * sites[i].sand + wobble : 0.2 + 0.01 * static_cast<double>(i);
      const double sc1 =
          follow_sand ? 0.9 - 0.006 * sites[i].sand - wobble : 0.5 - 0.01 * static_cast<double>(i);
      const double a = 0.03 + 5.0 * std::abs(wobble);
      const double b = 0.3 + wobble;
      toml += parameters_entry(sites[i], sw2, sc1, a, b);
      for (int repetition = 1; repetition <= 3; ++repetition) {
        const double off = 0.01 * (repetition - 2);
        csv += sites[i].name + ",10-50,P1,paper," + std::to_string(repetition) + "," +
               std::to_string(repetition) + "," + io::shortest_number(sw2 + off) + "," +
               io::shortest_number(sc1 - off) + "," + io::shortest_number(a) + "," + io::shortest_number(b) +
               ",0.5,0.0" + std::to_string(2 + repetition) + ",0.03,0.9,0.8," + (repetition == 3 ? "a" : "") +
               "\n";
      }
    }
    write(folder / "calibration.csv", csv);
    write(folder / "parameters.toml", toml);
  }

  static void write_calibration(const fs::path& folder) {
    const auto all = sites();
    ASSERT_GE(all.size(), 8U);
    write_rows(folder, all, true);
    std::string series = "date,surface,observed\n";
    const core::TimeAxis days({2020, 10, 3}, {2020, 12, 31});
    for (std::int64_t step = 0; step < days.count(); ++step)
      series += core::iso_date(days.date(step)) + "," +
                io::shortest_number(0.25 + 0.1 * std::sin(0.3 * static_cast<double>(step))) + "," +
                io::shortest_number(0.28 + 0.02 * std::sin(0.1 * static_cast<double>(step))) + "\n";
    for (const Site& site : all) write(folder / "series" / (site.name + "_10-50.csv"), series);
  }

  static PipelineRequest make_request(const std::string& out, std::vector<std::string> overrides = {}) {
    PipelineRequest request;
    request.file = s_folder / "study.toml";
    request.out = s_folder / out;
    request.jobs = 1;
    request.overrides = std::move(overrides);
    return request;
  }

  /// The message of what it throws; a folder like the good one with some files changed.
  static std::string refusal(
      const std::vector<std::string>& overrides,
      const std::function<void(const fs::path&)>& spoil = [](const fs::path&) {}) {
    const fs::path folder = s_folder / "spoilt";
    fs::remove_all(folder);
    fs::copy(s_folder / "calibration", folder, fs::copy_options::recursive);
    spoil(folder);
    try {
      regionalise_stations(make_request("refused", overrides), folder);
    } catch (const core::Error& error) {
      EXPECT_FALSE(fs::exists(s_folder / "refused")) << "nothing half-written";
      return error.what();
    }
    fs::remove_all(s_folder / "refused");
    return "";
  }

  static std::unique_ptr<io::ProductReader> product(const std::string& variable, double scale) {
    io::ProductSpec spec;
    spec.variable = variable;
    spec.grid = io::grid_like(s_folder / "demo/land_cover.tif");
    spec.axis.kind = io::StepAxis::Kind::days;
    spec.axis.time = core::TimeAxis({2020, 10, 3}, {2020, 12, 31});
    spec.packing = io::Packing::int16;
    spec.scale = scale;
    spec.with_flags = false;
    return io::open_product(spec, s_folder / "map");
  }

  static void replace(const fs::path& path, const std::string& from, const std::string& to) {
    std::string text = read(path);
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    write(path, text.replace(at, from.size(), to));
  }

  inline static fs::path s_folder;
};

TEST_F(Regionalise, WritesARegressionThatTheStageReads) {
  const fs::path out = regionalise_stations(make_request("regression"), s_folder / "calibration");
  for (const char* file : {"regression.toml", "leave_one_out.csv", "leave_one_out_moisture.csv", "models.csv",
                           "stations.csv", "report.html"})
    EXPECT_TRUE(fs::exists(out / file)) << file;
  const nlohmann::json regression = read_toml(out / "regression.toml");
  EXPECT_EQ(regression.at("regression").at("scheme"), "paper");
  EXPECT_EQ(regression.at("predictors").at("sand").at("units"), "%");
  const auto& sw2 = regression.at("parameters").at("sw2");
  EXPECT_NEAR(sw2.at("coefficients").at("sand").get<double>(), -0.004, 5e-4);
  EXPECT_GT(sw2.at("r2").get<double>(), 0.95);
  EXPECT_LT(sw2.at("p").get<double>(), 0.05);
  // Repetitions at −0.01, 0, +0.01 in sw2 and the opposite in sc1: variance 1e-4, covariance −1e-4.
  const auto spread = regression.at("uncertainty").at("repetition_covariance").get<std::vector<double>>();
  EXPECT_NEAR(spread[0], 1e-4, 1e-9);
  EXPECT_NEAR(spread[1], -1e-4, 1e-9);
  EXPECT_NEAR(spread[10], 0.0, 1e-12);
  EXPECT_EQ(regression.at("stations").at(0).at("repetitions"), 3);
  EXPECT_EQ(regression.at("stations").at(0).at("repetitions_at_bound"), 1);

  PipelineRequest map = make_request("map");
  run_pipeline(map);
  const auto moisture = product("root_zone_soil_moisture", 1e-4);
  const auto spread_map = product("root_zone_soil_moisture_standard_deviation", 1e-5);
  int valid = 0;
  for (std::int64_t row = 0; row < 16; ++row)
    for (std::int64_t col = 0; col < 20; ++col) {
      const auto values = moisture->read_series(row, col);
      const auto errors = spread_map->read_series(row, col);
      for (std::size_t day = 0; day < values.size(); ++day) {
        EXPECT_EQ(std::isnan(values[day]), std::isnan(errors[day]));
        if (std::isnan(errors[day])) continue;
        ++valid;
        EXPECT_GE(errors[day], 0.0F);
        EXPECT_LT(errors[day], 0.2F);
      }
    }
  EXPECT_GT(valid, 5000);
}

TEST_F(Regionalise, GivesTheSameFilesForAnyThreads) {
  PipelineRequest one = make_request("one"), two = make_request("two");
  two.jobs = 2;
  regionalise_stations(one, s_folder / "calibration");
  regionalise_stations(two, s_folder / "calibration");
  for (const auto& entry : fs::directory_iterator(s_folder / "one"))
    EXPECT_EQ(io::sha256_of_file(entry.path()),
              io::sha256_of_file(s_folder / "two" / entry.path().filename()))
        << entry.path();
}

TEST_F(Regionalise, EveryMethodMakesAMap) {
  regionalise_stations(make_request("regression"), s_folder / "calibration");
  std::vector<std::string> sums;
  for (const char* method : {"regression", "nearest_station", "inverse_distance", "global_median"}) {
    run_pipeline(
        make_request(std::string("map_") + method, {std::string("stage.0.regionalisation=") + method}));
    sums.push_back(
        io::sha256_of_file(s_folder / (std::string("map_") + method) / "root_zone_soil_moisture.nc"));
    EXPECT_TRUE(fs::exists(s_folder / (std::string("map_") + method) /
                           "root_zone_soil_moisture_standard_deviation.nc"));
  }
  std::sort(sums.begin(), sums.end());
  EXPECT_EQ(std::unique(sums.begin(), sums.end()), sums.end()) << "the methods differ";
}

TEST_F(Regionalise, RefusesAParameterWithoutASignificantModel) {
  const auto only = [](const std::string& folder) {
    return make_request(folder,
                        {"regionalisation.not_significant=refuse", "regionalisation.significance=1e-3"});
  };
  regionalise_stations(only("regression"), s_folder / "calibration");
  const std::string text = read(s_folder / "regression/regression.toml");
  EXPECT_THAT(text, HasSubstr("refused = \"none of"));
  try {
    run_pipeline(make_request("not_mapped"));
    FAIL() << "mapped a parameter without an equation";
  } catch (const core::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("has no equation: none of"));
    EXPECT_THAT(error.what(), HasSubstr("global_median"));
  }
  run_pipeline(make_request("mapped", {"stage.0.regionalisation=global_median"}));
  EXPECT_TRUE(fs::exists(s_folder / "mapped/root_zone_soil_moisture.nc"));
}

TEST_F(Regionalise, NamesStationsThatCannotBeUsedAndGoesOn) {
  const fs::path folder = s_folder / "with_strays";
  fs::copy(s_folder / "calibration", folder, fs::copy_options::recursive);
  std::ofstream csv(folder / "calibration.csv", std::ios::app);
  for (const char* name : {"Abroad", "Nowhere", "Thin"})
    csv << name << ",10-50,P1,paper,1,1,0.2,0.5,0.05,0.3,0.5,0.02,0.03,0.9,0.8,\n";
  csv.close();
  std::string toml = read(folder / "parameters.toml");
  toml += parameters_entry({"Abroad", 10.0, 100.0, 0.0}, 0.2, 0.5, 0.05, 0.3);
  std::string thin = parameters_entry({"Thin", 45.3, 9.0, 0.0}, 0.2, 0.5, 0.05, 0.3);
  thin.replace(thin.find("applicable = true"), 17, "applicable = false\nnot_applicable = \"b reaches 1\"");
  write(folder / "parameters.toml", toml + thin);
  const fs::path out = regionalise_stations(make_request("strays"), folder);
  const std::string report = read(out / "report.html");
  EXPECT_THAT(report, HasSubstr("Abroad"));
  EXPECT_THAT(report, HasSubstr("lies outside the grid"));
  EXPECT_THAT(report, HasSubstr("Nowhere"));
  EXPECT_THAT(report, HasSubstr("not in parameters.toml"));
  EXPECT_THAT(report, HasSubstr("b reaches 1"));
  for (const char* name : {"Abroad", "Nowhere", "Thin"})
    EXPECT_THAT(read(out / "stations.csv"), Not(HasSubstr(name)));
  const fs::path plain = regionalise_stations(make_request("regression"), s_folder / "calibration");
  EXPECT_EQ(read(out / "stations.csv"), read(plain / "stations.csv"));
}

TEST_F(Regionalise, NamesPredictorsThatExplainNothing) {
  const fs::path out = regionalise_stations(
      make_request("strange", {"regionalisation.predictors=[\"sand\", \"twice_sand\", \"flat\", \"clay\"]"}),
      s_folder / "calibration");
  const std::string report = read(out / "report.html");
  EXPECT_THAT(report, HasSubstr("flat&#39; is the same at all stations"));
  EXPECT_THAT(report, HasSubstr("is a linear combination of"));
  EXPECT_THAT(report, HasSubstr("twice_sand"));
}

TEST_F(Regionalise, RefusesCalibrationsItCannotUse) {
  EXPECT_THAT(refusal({"regionalisation.scheme=exact"}),
              ::testing::AllOf(HasSubstr("it holds: 10-50 cm, P1, paper"), HasSubstr("calibration.csv")));
  EXPECT_THAT(refusal({}, [](const fs::path& f) { replace(f / "calibration.csv", ",sw2,", ",sw_2,"); }),
              ::testing::AllOf(HasSubstr("has no column 'sw2'"), HasSubstr("sw_2")));
  EXPECT_THAT(refusal({}, [](const fs::path& f) { fs::remove(f / "calibration.csv"); }),
              HasSubstr("run `rootzone calibrate"));
  EXPECT_THAT(refusal({},
                      [](const fs::path& f) {
                        replace(f / "calibration.csv", "P0,10-50,P1,paper,2", "P0,10-50,P1,paper,1");
                      }),
              HasSubstr("station 'P0', repetition 1 stands there twice"));
  EXPECT_THAT(refusal({},
                      [](const fs::path& f) {
                        replace(f / "calibration.csv", "P0,10-50,P1,paper,2", "P0,10-50,P2,paper,2");
                      }),
              HasSubstr("holds several cases"));
  EXPECT_THAT(refusal({"regionalisation.predictors=[\"sand\", \"loam\"]"}), HasSubstr("loam"));
  EXPECT_THAT(refusal({"regionalisation.predictors=[\"sand\", \"surface_soil_moisture\"]"}),
              HasSubstr("is a daily input"));
  EXPECT_THAT(refusal({"regionalisation.predictors=[\"sand\", \"clay\", \"sand\"]"}),
              HasSubstr("named twice"));
  EXPECT_THAT(refusal({},
                      [](const fs::path& f) {
                        std::string text = read(f / "calibration.csv");
                        write(f / "calibration.csv", text.substr(0, text.find("P4,")));
                      }),
              ::testing::AllOf(HasSubstr("needs at least 5 stations"), HasSubstr("found 4")));
}

}  // namespace
}  // namespace rootzone::pipeline
