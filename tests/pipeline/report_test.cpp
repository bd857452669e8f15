#include "rootzone/pipeline/report.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>

#include "pipeline/sample_report.hpp"
#include "pipeline/xml_checker.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::pipeline {
namespace {

const float missing = std::nanf("");

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

void expect_sound(const std::string& html) {
  EXPECT_EQ(xml_problem(html), "");
  EXPECT_FALSE(has_printed_nan(html));
  EXPECT_FALSE(has_external_reference(html));
  EXPECT_EQ(html.find("<script"), std::string::npos);
}

// A grid of rows × cols with one product of one map.
ReportData one_map(std::int64_t rows, std::int64_t cols, std::vector<float> values) {
  ReportData data;
  data.pipeline_name = "tiny";
  data.grid = core::Grid("", {0.0, 0.0, static_cast<double>(cols), static_cast<double>(rows)}, rows, cols);
  data.products.push_back({"root_zone_soil_moisture",
                           "Root-zone soil moisture",
                           "m3 m-3",
                           "",
                           {{"2016-01-01", std::move(values)}},
                           {}});
  return data;
}

MetricRow metric_row(const std::string& station, const std::string& product, double rmse, double half_width,
                     const std::string& period = "validation") {
  MetricRow row;
  row.station = station;
  row.product = product;
  row.period = period;
  row.n = 100;
  row.rmse = {rmse, rmse - half_width, rmse + half_width};
  return row;
}

// ROOTZONE_SAMPLE_REPORT=file.html in the environment keeps the page, to be looked at in a browser.
TEST(Report, WithEverythingIsOneSoundPage) {
  const std::string html = render_report(sample_report(), stored_png);
  if (const char* path = std::getenv("ROOTZONE_SAMPLE_REPORT")) std::ofstream(path, std::ios::binary) << html;
  expect_sound(html);
  EXPECT_EQ(occurrences(html, "<image "), 9U) << "every map of every product";
  EXPECT_EQ(occurrences(html, "class=\"points cloud\""), 2U * 7U)
      << "six stations and all together, two products";
  EXPECT_NE(html.find("2016-01-01 – 2016-06-30"), std::string::npos);
  EXPECT_NE(html.find("the initial state still matters"), std::string::npos);
  EXPECT_NE(html.find("not enough data"), std::string::npos);
  EXPECT_NE(html.find("validation from 2016-"), std::string::npos);
  EXPECT_NE(html.find("9f86d081"), std::string::npos);
  EXPECT_EQ(html.find("far away"), std::string::npos) << "a station outside the grid has no place on the map";
}

TEST(Report, EscapesEveryName) {
  const std::string evil = "<b>&\"'";
  ReportData data = sample_report();
  data.title = data.pipeline_name = data.program_version = data.crs_name = data.first_date = evil;
  data.steps = data.warnings = {evil};
  data.metric_units = data.interval_name = evil;
  for (ReportProduct& product : data.products)
    product.variable = product.long_name = product.note = product.units = evil;
  for (ReportProduct& product : data.products) product.maps[0].label = evil;
  data.overlay.stations[0].name = evil;
  data.basin_series[0].name = data.basin_series[0].units = data.basin_series[0].band_name = evil;
  data.station_series[0].station = data.station_series[0].units = data.station_series[0].products[0].first =
      evil;
  for (MetricRow& row : data.metrics) row.station = row.product = row.period = evil;
  data.flags[evil] = {10, 1, {}};
  data.balances[0].name = evil;
  io::InputReport& input = data.inputs[0].report;
  input.name = input.native_grid = input.crs = input.units = input.resampling = input.first_date = evil;
  input.files = {evil};
  input.warnings = {evil};
  data.provenance.push_back({evil, evil});
  data.sections.push_back({evil, {evil}, {{evil, evil, {evil, evil}, {{evil, evil}}}}, {}});
  const std::string html = render_report(data, stored_png);
  expect_sound(html);
  // The page has <b> of its own, in cards and captions, but none of it holds the name.
  EXPECT_EQ(html.find("<b>&\""), std::string::npos);
  EXPECT_GT(occurrences(html, "&lt;b&gt;&amp;&quot;&#39;"), 40U);
}

TEST(Report, WithNothingIsStillAPage) {
  const std::string html = render_report(ReportData{}, stored_png);
  expect_sound(html);
  EXPECT_EQ(html.find("<section"), std::string::npos);
  EXPECT_EQ(html.find("<nav"), std::string::npos);
}

TEST(Report, SaysThatEveryCellIsMissing) {
  const std::string html = render_report(one_map(2, 3, std::vector<float>(6, missing)), stored_png);
  expect_sound(html);
  EXPECT_NE(html.find("every cell is missing"), std::string::npos);
  EXPECT_NE(html.find("<b>100\u202F%</b>"), std::string::npos);
}

TEST(Report, DrawsASinglePixelAndAStrip) {
  expect_sound(render_report(one_map(1, 1, {0.25F}), stored_png));
  expect_sound(render_report(one_map(1, 500, std::vector<float>(500, 0.25F)), stored_png));
  expect_sound(render_report(one_map(500, 1, std::vector<float>(500, 0.25F)), stored_png));
}

TEST(Report, DrawsOneDateAndOneObservation) {
  ReportData data = one_map(1, 1, {0.25F});
  const auto day = static_cast<double>(core::day_number({2016, 1, 1}, core::Calendar::standard));
  data.basin_series.push_back({"Moisture", "m3 m-3", {day}, {0.25}, {0.25}, {0.25}, "band"});
  data.station_series.push_back({"A", "m3 m-3", {day}, {0.2}, {{"smar", {0.25}}}, {}});
  const std::string html = render_report(data, stored_png);
  expect_sound(html);
  EXPECT_NE(html.find(">1 Jan 2016<"), std::string::npos);
}

TEST(Report, SetsAReferenceAndTheDifferenceBesideTheirProduct) {
  ReportData data = one_map(1, 2, {0.2F, 0.3F});
  for (const char* ending : {"_reference", "_difference"}) {
    ReportProduct companion = data.products.front();
    companion.variable += ending;
    companion.long_name = std::string("Companion") + ending;
    data.products.push_back(companion);
  }
  ReportProduct other = data.products.front();
  other.variable = "soil_reference";  // of nothing that is here
  data.products.push_back(other);
  const std::string html = render_report(data, stored_png);
  expect_sound(html);
  EXPECT_EQ(occurrences(html, "<div class=\"maps\">"), 2U);
  EXPECT_EQ(occurrences(html, "<figure>"), 4U);
  EXPECT_EQ(occurrences(html, "Companion_reference <code>root_zone_soil_moisture_reference</code>"), 1U);
}

TEST(Report, LeavesInfinityOutOfStatistics) {
  const std::string html = render_report(one_map(1, 3, {0.25F, HUGE_VALF, -HUGE_VALF}), stored_png);
  expect_sound(html);
  EXPECT_NE(html.find("min 0.25 · mean 0.25 · max 0.25"), std::string::npos);
}

TEST(Report, DoesNotCountCellsOutsideTheBasinAsMissing) {
  ReportData data = one_map(1, 4, {0.1F, 0.3F, missing, missing});
  data.domain = {1, 1, 1, 0};
  const std::string html = render_report(data, stored_png);
  EXPECT_NE(html.find("33.3\u202F% missing"), std::string::npos);
}

TEST(Report, ListsWarningsOfInputsOnce) {
  ReportData data;
  data.warnings = {"a: twice"};
  ReportInput input;
  input.report.name = "a";
  input.report.warnings = {"twice", "more"};
  data.inputs = {input};
  const std::string html = render_report(data, stored_png);
  EXPECT_EQ(occurrences(html, "<li>a: twice</li>"), 1U);
  EXPECT_EQ(occurrences(html, "<li>a: more</li>"), 1U);
  EXPECT_NE(html.find("<b>2</b><span>warnings</span>"), std::string::npos);
}

TEST(Report, SaysAWarningOfManyInputsOnce) {
  ReportData data;
  for (const std::string name : {"clay", "sand", "silt"}) {
    ReportInput input;
    input.report.name = name;
    input.report.files = {"/data/" + name + ".nc"};
    input.report.warnings = {"/data/" + name + ".nc, " + name + ": grid_mapping names the variable 'laea'",
                             "/data/other.nc: said of a neighbour"};
    data.inputs.push_back(input);
  }
  data.warnings = {"station 4, 10 cm: flagged 106", "station 7, 80 cm: flagged 106", "no colon here"};
  const std::string html = render_report(data, stored_png);
  EXPECT_EQ(occurrences(
                html, "<li>3 times: grid_mapping names the variable &#39;laea&#39; (clay, sand, silt)</li>"),
            1U);
  EXPECT_EQ(occurrences(html, "<li>2 times: flagged 106 (station 4, 10 cm; station 7, 80 cm)</li>"), 1U);
  EXPECT_EQ(occurrences(html, "<li>no colon here</li>"), 1U);
  EXPECT_EQ(occurrences(html, "/data/other.nc: said of a neighbour (clay"), 1U)
      << "another file's name stays";
  EXPECT_NE(html.find("<b>4</b><span>warnings</span>"), std::string::npos);
}

TEST(Report, TellsProductsWithoutFlagsFromThoseWithoutRemarks) {
  ReportData data;
  data.flags["clean"] = {10, 0, {{"capped", 0}}};
  data.flags["capped"] = {10, 2, {{"capped", 3}}};
  data.flags["bare"] = {10, 0, {}};
  const std::string html = render_report(data, stored_png);
  EXPECT_NE(html.find("clean</td><td class=\"num\">10</td><td class=\"num\">0</td><td class=\"num\">0</td>"),
            std::string::npos);
  EXPECT_NE(html.find("bare</td><td class=\"num\">10</td><td class=\"num\">0</td><td class=\"num\">–</td>"),
            std::string::npos);
  EXPECT_NE(html.find("3 (30\u202F%)"), std::string::npos);
  EXPECT_EQ(html.find("spinning up"), std::string::npos) << "remarks that nothing carries are left out";
}

TEST(Report, DrawsSubBasins) {
  ReportData data;
  data.basin_series.push_back({"Moisture",
                               "m3 m-3",
                               {0.0, 1.0},
                               {0.2, 0.3},
                               {},
                               {},
                               "",
                               {{"Upper", {0.1, 0.2}}, {"Lower", {0.3, 0.4}}}});
  const std::string html = render_report(data, stored_png);
  expect_sound(html);
  EXPECT_NE(html.find("Moisture, mean of each sub-basin"), std::string::npos);
  EXPECT_NE(html.find(">Upper<"), std::string::npos);
}

TEST(Report, RefusesAMapThatIsNotOfTheGrid) {
  EXPECT_THROW(render_report(one_map(2, 2, {0.1F}), stored_png), core::Error);
}

TEST(Report, RefusesStationsWhoseDaysAndValuesDiffer) {
  ReportData data;
  data.station_series.push_back({"A", "m3 m-3", {1.0, 2.0}, {0.1, 0.2}, {{"smar", {0.1, 0.2, 0.3}}}, 2.0});
  data.station_series.push_back(data.station_series.front());
  EXPECT_THROW(render_report(data, stored_png), core::Error);
  data.station_series.front().products.clear();
  data.station_series.front().observed.push_back(0.3);
  EXPECT_THROW(render_report(data, stored_png), core::Error);
}

TEST(Report, ClosesTheWaterBooksInTheOpen) {
  ReportData data;
  data.balances.push_back({"mass_curve", 100.0, 60.0, 45.0, 5.0, 10, 0});
  data.balances.push_back({"leaky", 100.0, 60.0, 30.0, 5.0, 10, 3});
  const std::string html = render_report(data, stored_png);
  const std::size_t closed = html.find("mass_curve</td>");
  EXPECT_NE(html.find("<td class=\"num\">+5</td><td class=\"num\">0</td><td class=\"num\">0.6</td>", closed),
            std::string::npos);
  EXPECT_NE(html.find("<td class=\"num\">+5</td><td class=\"num\">15</td>", html.find("leaky</td>")),
            std::string::npos);
  EXPECT_NE(html.find("3 (30\u202F%)"), std::string::npos);
}

TEST(Report, MarksTheBestAndWhatCannotBeToldFromIt) {
  ReportData data;
  data.metrics = {metric_row("A", "smar", 0.05, 0.02), metric_row("A", "exponential_filter", 0.04, 0.02),
                  metric_row("A", "constant_mean", 0.2, 0.02)};
  const std::string html = render_report(data, stored_png);
  const std::size_t table = html.find("<summary>Validation</summary>");
  const std::string best = "<td class=\"num best\">0.040<small>0.020 … 0.060</small>";
  EXPECT_EQ(occurrences(html, "num best"), 1U);
  EXPECT_NE(html.find(best, table), std::string::npos);
  EXPECT_NE(html.find("≈\u202F0.050<small>", table), std::string::npos);
  EXPECT_NE(html.find("<td class=\"num\">0.200<small>", table), std::string::npos);
  // Sorted: best first.
  EXPECT_LT(html.find(">exponential_filter<", table), html.find("></span>smar<", table));
}

TEST(Comparison, CountsStationsWhereTheErrorIsLower) {
  std::vector<MetricRow> rows;
  for (int k = 0; k < 24; ++k) {
    const std::string station = "S" + std::to_string(k);
    rows.push_back(metric_row(station, "smar", k < 17 ? 0.03 : 0.06, 0.001));
    rows.push_back(metric_row(station, "constant_mean", k < 9 ? 0.05 : 0.0305, k < 9 ? 0.001 : 0.01));
  }
  const auto sentences = comparison_sentences(rows, "m3 m-3");
  ASSERT_EQ(sentences.size(), 1U);
  EXPECT_EQ(sentences[0],
            "smar beats constant_mean at 17 of 24 stations (validation RMSE, median 0.03 against "
            "0.0305\u202Fm³ m⁻³). "
            "Their intervals are apart at 16: 9 for smar, 7 for constant_mean.");
}

TEST(Comparison, SaysSoWhenTheMethodLoses) {
  const std::vector<MetricRow> rows{
      metric_row("A", "smar", 0.05, 0.0), metric_row("A", "station_mean", 0.03, 0.0),
      metric_row("B", "smar", 0.02, 0.0), metric_row("B", "station_mean", 0.03, 0.0)};
  const auto sentences = comparison_sentences(rows, "m3 m-3");
  ASSERT_EQ(sentences.size(), 1U);
  EXPECT_TRUE(sentences[0].starts_with(
      "smar does not beat station_mean at most stations: it does so at 1 of 2 stations"))
      << sentences[0];
}

TEST(Comparison, PairsStationsAndReportsShortRecords) {
  auto unknown = metric_row("B", "smar", std::nan(""), 0.0);
  const std::vector<MetricRow> rows{metric_row("A", "smar", 0.05, 0.01),
                                    metric_row("A", "constant_mean", 0.05, 0.01), unknown,
                                    metric_row("B", "constant_mean", 0.01, 0.01)};
  const auto sentences = comparison_sentences(rows, "m3 m-3");
  ASSERT_EQ(sentences.size(), 2U);
  EXPECT_NE(sentences[0].find("0 of 1 station, and equals it at 1"), std::string::npos) << sentences[0];
  EXPECT_EQ(sentences[1], "1 station had too few days for a validation figure of every product.");
}

TEST(Comparison, AdmitsThatThereIsNoValidation) {
  const std::vector<MetricRow> rows{metric_row("A", "smar", 0.05, 0.01, "calibration"),
                                    metric_row("A", "constant_mean", 0.06, 0.01, "calibration")};
  const auto sentences = comparison_sentences(rows, "m3 m-3");
  ASSERT_EQ(sentences.size(), 2U);
  EXPECT_NE(sentences[0].find("no validation period"), std::string::npos);
  EXPECT_NE(sentences[1].find("calibration RMSE"), std::string::npos);
  EXPECT_TRUE(comparison_sentences({}, "m3 m-3").empty());
}

TEST(StepsToShow, AreFirstMiddleAndLast) {
  EXPECT_EQ(steps_to_show(182), (std::vector<std::int64_t>{0, 91, 181}));
  EXPECT_EQ(steps_to_show(2), (std::vector<std::int64_t>{0, 1}));
  EXPECT_EQ(steps_to_show(1), (std::vector<std::int64_t>{0}));
  EXPECT_TRUE(steps_to_show(0).empty());
}

}  // namespace
}  // namespace rootzone::pipeline
