#include "rootzone/pipeline/resolve.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "rootzone/core/error.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "rootzone/pipeline/configuration.hpp"

namespace rootzone::pipeline {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Lines are counted in the tests: [pipeline] is line 1.
const std::string complete = R"([pipeline]
name = "tiny"
[grid]
like = "maps/grid.tif"
[time]
start = 2020-01-01
end = 2020-01-31
[inputs.surface_soil_moisture]
path = "ssm_{date}.tif"
[[stage]]
kind = "exponential_filter"
[[output]]
variable = "soil_water_index"
)";

json resolve(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return resolve_pipeline_text(text, "/data/basin", "tiny.toml", overrides);
}

/// The message, of an error of the kind `usage`.
std::string refusal(const std::string& text, const std::vector<std::string>& overrides = {}) {
  try {
    read_configuration(resolve(text, overrides));
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::usage) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "accepted:\n" << text;
  return "";
}

std::string with(const std::string& from, const std::string& to) {
  std::string text = complete;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Resolve, FillsEveryDefaultIn) {
  const json resolved = resolve(complete);
  EXPECT_EQ(resolved.at("time").at("calendar"), "standard");
  EXPECT_EQ(resolved.at("stage").at(0).at("time"), json::array({20.0}));
  EXPECT_EQ(resolved.at("stage").at(0).at("kind"), "exponential_filter");
  EXPECT_EQ(resolved.at("output").at(0).at("formats"), json::array({"netcdf"}));
  EXPECT_EQ(resolved.at("inputs").at("surface_soil_moisture").at("resampling"), "automatic");
  EXPECT_FALSE(resolved.contains("area"));
}

TEST(Resolve, IsStableWhenResolvedAgain) {
  const json resolved = resolve(complete);
  EXPECT_EQ(resolved.at("time").at("start"), "2020-01-01");
  EXPECT_NO_THROW(read_configuration(resolved));
  EXPECT_EQ(read_configuration(resolved).resolved, resolved);
}

TEST(Resolve, TakesPathsFromTheFolderOfTheFile) {
  const json resolved = resolve(with("maps/grid.tif", "../maps/./grid.tif"));
  EXPECT_EQ(resolved.at("grid").at("like"), "/data/maps/grid.tif");
  EXPECT_EQ(resolved.at("inputs").at("surface_soil_moisture").at("path"),
            json::array({"/data/basin/ssm_{date}.tif"}));
  EXPECT_EQ(resolve(with("maps/grid.tif", "/elsewhere/grid.tif")).at("grid").at("like"),
            "/elsewhere/grid.tif");
  EXPECT_EQ(resolve(with("maps/grid.tif", "/vsizip/a.zip/b.tif")).at("grid").at("like"),
            "/vsizip/a.zip/b.tif");
}

TEST(Resolve, SuggestsTheKeyThatWasMeantAndItsLine) {
  EXPECT_THAT(refusal(with("like =", "lik =")),
              AllOf(StartsWith("tiny.toml:4: 'grid.lik'"), HasSubstr("did you mean 'like'?")));
  EXPECT_THAT(refusal(with("kind = \"exponential_filter\"", "kind = \"exponential_filter\"\ntimes = 20")),
              AllOf(StartsWith("tiny.toml:12: 'stage.0.times'"), HasSubstr("did you mean 'time'?")));
  EXPECT_THAT(refusal(with("[time]", "[tiem]")), HasSubstr("did you mean 'time'?"));
}

TEST(Resolve, ListsTheKeysWhereNoneIsNear) {
  EXPECT_THAT(refusal(with("start =", "zzzzzz = 1\nstart =")),
              AllOf(StartsWith("tiny.toml:6: 'time.zzzzzz'"), HasSubstr("start, end, calendar")));
}

TEST(Resolve, NamesTheMissingKey) {
  EXPECT_THAT(refusal(with("end = 2020-01-31\n", "")),
              AllOf(StartsWith("tiny.toml:5: 'time'"), HasSubstr("'end'"), HasSubstr("last day")));
  EXPECT_THAT(refusal("[pipeline]\nname = \"x\"\n"), HasSubstr("'grid' is missing"));
  EXPECT_THAT(refusal(with("kind = \"exponential_filter\"", "")), HasSubstr("missing the key 'kind'"));
}

TEST(Resolve, RefusesAStageItDoesNotKnow) {
  EXPECT_THAT(refusal(with("exponential_filter", "exponential_filer")),
              AllOf(StartsWith("tiny.toml:11:"), HasSubstr("did you mean 'exponential_filter'?")));
  EXPECT_THAT(refusal(with("\"exponential_filter\"", "3")), HasSubstr("kind"));
}

TEST(Resolve, SaysWhatKindOfValueItExpected) {
  EXPECT_THAT(refusal(with("\"tiny\"", "7")), HasSubstr("should be text in quotes, found a number"));
  EXPECT_THAT(refusal(with("\"maps/grid.tif\"", "true")), HasSubstr("should be a path, found true/false"));
  EXPECT_THAT(refusal(with("[[stage]]", "[stage]")), HasSubstr("'stage' should be a list, found a table"));
  EXPECT_THAT(refusal(complete + "series = 1\n"), HasSubstr("should be true or false, found a number"));
  EXPECT_THAT(refusal(with("like = \"maps/grid.tif\"", "extent = [0, \"a\", 1, 1]")),
              AllOf(HasSubstr("tiny.toml:4: 'grid.extent.1'"), HasSubstr("should be a number, found text")));
  EXPECT_THAT(refusal(with("[pipeline]\nname = \"tiny\"", "pipeline = \"tiny\"")),
              HasSubstr("'pipeline' should be a table, found text"));
  EXPECT_THAT(refusal(with("[inputs.surface_soil_moisture]\npath =", "[inputs]\nsurface =")),
              HasSubstr("'inputs.surface' should be a table, found text"));
}

TEST(Resolve, RefusesNumbersOutOfTheirRange) {
  const auto filter = [](const std::string& line) {
    return with("kind = \"exponential_filter\"", "kind = \"exponential_filter\"\n" + line);
  };
  EXPECT_THAT(refusal(filter("minimum_quality = 101")),
              AllOf(HasSubstr("tiny.toml:12"), HasSubstr("≥ 0"), HasSubstr("≤ 100"), HasSubstr("found 101")));
  EXPECT_THAT(refusal(filter("minimum_quality = nan")), HasSubstr("a finite number, found nan"));
  EXPECT_THAT(refusal(filter("time = [20, -1]")), AllOf(HasSubstr("stage.0.time.1"), HasSubstr("found -1")));
  EXPECT_THAT(refusal(filter("warm_up_days = inf")), HasSubstr("should be a finite number, found inf"));
  EXPECT_THAT(refusal(with("path = \"ssm_{date}.tif\"", "path = \"ssm_{date}.tif\"\nband = 1.5")),
              HasSubstr("should be a whole number, found 1.5"));
}

TEST(Resolve, LetsANumberBeNanOrInfiniteWhereThatMeansSomething) {
  const json input = resolve(with("path = \"ssm_{date}.tif\"",
                                  "path = \"ssm_{date}.tif\"\nnodata = nan\nvalid_range = [0, inf]"))
                         .at("inputs")
                         .at("surface_soil_moisture");
  EXPECT_TRUE(std::isnan(input.at("nodata").get<double>()));
  EXPECT_TRUE(std::isinf(input.at("valid_range").at(1).get<double>()));
  EXPECT_THAT(refusal(with("path = \"ssm_{date}.tif\"", "path = \"a.tif\"\nvalid_range = [nan, 1]")),
              HasSubstr("valid_range.0"));
}

TEST(Resolve, ListsTheChoices) {
  EXPECT_THAT(
      refusal(with("path = \"ssm_{date}.tif\"", "path = \"ssm_{date}.tif\"\nresampling = \"bilinaer\"")),
      AllOf(HasSubstr("automatic, nearest, bilinear, average, mode"), HasSubstr("found 'bilinaer'"),
            HasSubstr("did you mean 'bilinear'?")));
}

TEST(Resolve, RefusesDaysThatDoNotExist) {
  EXPECT_THAT(refusal(with("2020-01-31", "\"2020-01-32\"")),
              AllOf(StartsWith("tiny.toml:7: 'time.end'"), HasSubstr("2020-01-32")));
  EXPECT_THAT(refusal(with("2020-01-31", "20200131")), HasSubstr("should be a date like 2016-01-31"));
  EXPECT_THAT(refusal(with("2020-01-31", "12:00:00")), HasSubstr("time of day"));
  EXPECT_THAT(refusal(with("2020-01-31", "2019-12-31")), AllOf(HasSubstr("2020-01-01"), HasSubstr("2019")));
}

TEST(Resolve, RefusesNamesThatNoVariableCanHave) {
  EXPECT_THAT(refusal(with("[inputs.surface_soil_moisture]", "[inputs.\"Surface moisture\"]")),
              HasSubstr("lower-case letters, digits and '_'"));
  EXPECT_THAT(refusal(with("\"tiny\"", "\"../tiny\"")), HasSubstr("without blanks or slashes"));
}

TEST(Resolve, NamesTheLineOfMalformedToml) {
  EXPECT_THAT(refusal("[pipeline]\nname = \n"), AllOf(StartsWith("tiny.toml:2: not valid TOML")));
  EXPECT_THAT(refusal("[pipeline]\nname = \"a\"\nname = \"b\"\n"), StartsWith("tiny.toml:3: not valid TOML"));
  EXPECT_THAT(refusal("name = \"unclosed\n"), HasSubstr("tiny.toml:1"));
  EXPECT_THAT(refusal("[pipeline]\nname = \"\xff\xfe\"\n"), HasSubstr("tiny.toml:2"));
}

TEST(Resolve, RefusesControlCharacters) {
  EXPECT_THAT(refusal("[pipeline]\nname = \"a\x01\"\n"), StartsWith("tiny.toml:2: a control character"));
  EXPECT_THAT(refusal(std::string("CDF\x02\0\0\0", 7)), HasSubstr("tiny.toml:1: a control character"));
}

TEST(Resolve, RefusesInputsThatAreTwoThingsAtOnce) {
  EXPECT_THAT(refusal(with("path = \"ssm_{date}.tif\"", "path = \"a.tif\"\nexpression = \"1\"")),
              AllOf(HasSubstr("[inputs.surface_soil_moisture]"), HasSubstr("exactly one of path")));
  EXPECT_THAT(refusal(with("path = \"ssm_{date}.tif\"", "units = \"1\"")), HasSubstr("exactly one of path"));
}

TEST(Overrides, TakeNumbersTextListsAndDates) {
  const json resolved =
      resolve(complete, {"time.end=2020-02-29", "pipeline.name=night", "stage.0.time=[5, 10.5]",
                         "output.0.formats=[\"cog\"]", "pipeline.title=two words", "output.0.series=false"});
  EXPECT_EQ(resolved.at("time").at("end"), "2020-02-29");
  EXPECT_EQ(resolved.at("pipeline").at("name"), "night");
  EXPECT_EQ(resolved.at("pipeline").at("title"), "two words");
  EXPECT_EQ(resolved.at("stage").at(0).at("time"), json::array({5, 10.5}));
  EXPECT_EQ(resolved.at("output").at(0).at("formats"), json::array({"cog"}));
  EXPECT_EQ(resolved.at("output").at(0).at("series"), false);
}

TEST(Overrides, MakeTablesThatAreNotInTheFile) {
  const json resolved = resolve(complete, {"area.outline=basin.gpkg"});
  EXPECT_EQ(resolved.at("area").at("outline"), "/data/basin/basin.gpkg");
}

TEST(Overrides, AreCheckedLikeTheFile) {
  EXPECT_THAT(refusal(complete, {"time.ned=2020-02-01"}),
              AllOf(HasSubstr("time.ned"), HasSubstr("did you mean 'end'?")));
  EXPECT_THAT(refusal(complete, {"time.end"}), HasSubstr("--set time.end: expected key=value"));
  EXPECT_THAT(refusal(complete, {"=3"}), HasSubstr("expected key=value"));
  EXPECT_THAT(refusal(complete, {"stage.3.time=1"}),
              AllOf(HasSubstr("--set stage.3.time=1"), HasSubstr("position 0 … 0"), HasSubstr("found '3'")));
  EXPECT_THAT(refusal(complete, {"stage.last.time=1"}), HasSubstr("found 'last'"));
  EXPECT_THAT(refusal(complete, {"pipeline.name.first=1"}),
              HasSubstr("lies inside a value that is no table"));
  EXPECT_THAT(refusal(complete, {"time..end=2020-02-01"}), HasSubstr("--set time..end=2020-02-01"));
  EXPECT_THAT(refusal(complete, {"stage.0.time=12:30:00"}), HasSubstr("--set stage.0.time=12:30:00"));
  EXPECT_THAT(refusal(complete, {"pipeline.title=a\x02"}), HasSubstr("control character"));
}

// A value that would be more than one line of TOML is text, never a second key.
TEST(Overrides, CannotSmuggleInASecondKey) {
  const json resolved = resolve(complete, {"pipeline.title=\"a\"\nname = \"b\""});
  EXPECT_EQ(resolved.at("pipeline").at("name"), "tiny");
}

TEST(Resolve, AFileOfParametersLiesBesideThePipeline) {
  const auto parameters = [](const std::string& value) {
    const json resolved = resolve(with("kind = \"exponential_filter\"",
                                       "kind = \"smar\"\nporosity_root_zone = 0.4\n"
                                       "parameters = \"" +
                                           value + "\""));
    return resolved.at("stage").at(0).at("parameters").get<std::string>();
  };
  EXPECT_EQ(parameters("tuned/regression.toml"), "/data/basin/tuned/regression.toml");
  EXPECT_EQ(parameters("/elsewhere/regression.toml"), "/elsewhere/regression.toml");
  EXPECT_EQ(parameters("shipped:liu2023-shandian-p1"), "shipped:liu2023-shandian-p1");
  EXPECT_EQ(parameters("physical"), "physical");
}

TEST(Overrides, AloneMakeTheSettingsOfASite) {
  const json stage = resolve_stage("smar", {"parameters=constants", "a=0.1", "porosity_root_zone=0.4"});
  EXPECT_EQ(stage.at("kind"), "smar");
  EXPECT_EQ(stage.at("a"), 0.1);
  EXPECT_EQ(stage.at("scheme"), "paper");
  EXPECT_THROW(resolve_stage("smar", {"parameters=constants", "porosity=0.4"}), core::Error);
}

TEST(MemorySize, IsReadInEveryUsualSpelling) {
  EXPECT_EQ(parse_bytes("800000000"), 800000000);
  EXPECT_EQ(parse_bytes("512MiB"), 512LL << 20);
  EXPECT_EQ(parse_bytes("2 GiB"), 2LL << 30);
  EXPECT_EQ(parse_bytes("1.5 GB"), 1500000000);
  EXPECT_EQ(parse_bytes("64k"), 65536);
  for (const char* bad : {"", "GiB", "-1GiB", "0", "1 parsec", "1e30TiB", "1.2.3MB", "nan", "2", "512"})
    EXPECT_THROW(parse_bytes(bad), core::Error) << bad;
}

}  // namespace
}  // namespace rootzone::pipeline
