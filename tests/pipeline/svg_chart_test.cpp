#include "rootzone/pipeline/svg_chart.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <regex>

#include "pipeline/xml_checker.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::pipeline {
namespace {

const double nan = std::nan("");

double day(int year, int month, int of_month) {
  return static_cast<double>(core::day_number({year, month, of_month}, core::Calendar::standard));
}

LineChart chart_of(std::vector<double> values, double first_day) {
  LineChart chart;
  chart.frame.title = "Basin mean";
  chart.frame.y_label = "Soil moisture";
  chart.frame.y_units = "m3 m-3";
  ChartSeries series{"smar", {}, std::move(values)};
  for (std::size_t i = 0; i < series.y.size(); ++i) series.x.push_back(first_day + static_cast<double>(i));
  chart.series.push_back(series);
  return chart;
}

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// The d="…" of the first path of a class behind the axes (the legend's samples come before them).
std::string path_of(const std::string& svg, const std::string& css_class) {
  const std::size_t at = svg.find("<path class=\"" + css_class + "\" style", svg.find("class=\"axis\""));
  if (at == std::string::npos) return "";
  const std::size_t start = svg.find(" d=\"", at) + 4;
  return svg.substr(start, svg.find('"', start) - start);
}

void expect_sound(const std::string& svg) {
  EXPECT_EQ(xml_problem(svg), "");
  EXPECT_FALSE(has_printed_nan(svg));
  EXPECT_FALSE(has_external_reference(svg));
}

TEST(SvgChart, BreaksTheLineAtGapsAndDotsLoneValues) {
  //                       run      gap  lone  gap  run
  const auto chart = chart_of({0.1, 0.2, nan, 0.3, nan, 0.2, 0.1}, day(2016, 1, 1));
  const std::string svg = render_chart(chart);
  expect_sound(svg);
  const std::string path = path_of(svg, "line");
  EXPECT_EQ(std::count(path.begin(), path.end(), 'M'), 3);
  EXPECT_EQ(std::count(path.begin(), path.end(), 'L'), 2);
  EXPECT_EQ(occurrences(path, "h0"), 3U);
}

TEST(SvgChart, PutsValuesWhereTheAxisSaysTheyAre) {
  LineChart chart = chart_of({0.0, 1.0}, 0.0);
  chart.x_axis = XAxis::numbers;
  const std::string svg = render_chart(chart);
  const std::regex points("M([0-9.]+) ([0-9.]+)h0L([0-9.]+) ([0-9.]+)");
  std::smatch line;
  const std::string path = path_of(svg, "line");
  ASSERT_TRUE(std::regex_search(path, line, points)) << path;
  std::smatch axis;
  const std::regex corner("class=\"axis\" d=\"M([0-9.]+) ([0-9.]+)V([0-9.]+)H([0-9.]+)\"");
  ASSERT_TRUE(std::regex_search(svg, axis, corner));
  EXPECT_EQ(line[1], axis[1]);  // first value at the left edge …
  EXPECT_EQ(line[2], axis[3]);  // … on the floor,
  EXPECT_EQ(line[3], axis[4]);  // the last at the right edge
  EXPECT_EQ(line[4], axis[2]);  // under the ceiling
}

TEST(SvgChart, ThinsLongSeriesButKeepsTheirExtremes) {
  std::vector<double> values(40 * 365);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = 0.3 + 0.1 * std::sin(0.7 * static_cast<double>(i));
  values[7000] = 0.9;   // one day of flood
  values[9000] = 0.01;  // one of drought
  LineChart chart = chart_of(values, day(1980, 1, 1));
  chart.y_range = {0.01, 0.9};
  const std::string svg = render_chart(chart);
  expect_sound(svg);
  EXPECT_LT(svg.size(), 45000U);
  const std::string path = path_of(svg, "line");
  std::smatch axis;
  const std::regex corner("class=\"axis\" d=\"M[0-9.]+ ([0-9.]+)V([0-9.]+)H");
  ASSERT_TRUE(std::regex_search(svg, axis, corner));
  EXPECT_EQ(occurrences(path, " " + axis[1].str() + "L"), 1U) << "the flood touches the ceiling";
  EXPECT_EQ(occurrences(path, " " + axis[2].str() + "L"), 1U) << "the drought touches the floor";
  EXPECT_EQ(std::count(path.begin(), path.end(), 'M'), 1);
}

TEST(SvgChart, KeepsLongGapsOfLongSeries) {
  std::vector<double> values(20 * 365, 0.3);
  std::fill(values.begin() + 2000, values.begin() + 2400, nan);
  values[5000] = nan;  // narrower than a pixel: drawn over
  const std::string path = path_of(render_chart(chart_of(values, day(1990, 1, 1))), "line");
  EXPECT_EQ(std::count(path.begin(), path.end(), 'M'), 2);
}

TEST(SvgChart, DrawsBandsWithGaps) {
  LineChart chart = chart_of({0.2, 0.2, nan, 0.2, 0.2}, day(2016, 1, 1));
  const auto& x = chart.series[0].x;
  chart.bands.push_back({"10–90 %", x, {0.1, 0.1, nan, 0.1, 0.1}, {0.3, 0.3, nan, 0.3, 0.3}});
  const std::string svg = render_chart(chart);
  expect_sound(svg);
  EXPECT_EQ(occurrences(path_of(svg, "band"), "Z"), 2U);
}

TEST(SvgChart, SurvivesNothingOneValueAndInfinity) {
  for (const auto& values :
       {std::vector<double>{}, std::vector<double>{nan, nan}, std::vector<double>{0.3},
        std::vector<double>{0.0, HUGE_VAL, -HUGE_VAL}, std::vector<double>{1e300, -1e300}}) {
    expect_sound(render_chart(chart_of(values, day(2016, 2, 29))));
  }
  EXPECT_NE(render_chart(chart_of({}, 0.0)).find("no values"), std::string::npos);
  expect_sound(render_chart(chart_of({0.1, 0.2}, 1e300)));
  expect_sound(render_chart(LineChart{}));
  expect_sound(render_chart(ScatterChart{}));
}

TEST(SvgChart, EscapesNames) {
  LineChart chart = chart_of({0.1, 0.2}, 0.0);
  chart.frame.title = "<b>&\"";
  chart.series[0].name = "</svg>";
  chart.markers.push_back({0.5, "<script>"});
  const std::string svg = render_chart(chart);
  expect_sound(svg);
  EXPECT_EQ(occurrences(svg, "</svg>"), 1U);
  EXPECT_EQ(svg.find("<script"), std::string::npos);
}

TEST(SvgChart, LabelsDatesByDayMonthAndYear) {
  const auto svg_of = [](int days) {
    return render_chart(
        chart_of(std::vector<double>(static_cast<std::size_t>(days), 0.2), day(2015, 12, 28)));
  };
  EXPECT_NE(svg_of(8).find(">1 Jan 2016<"), std::string::npos);
  EXPECT_NE(svg_of(200).find(">Jan 2016<"), std::string::npos);
  EXPECT_NE(svg_of(200).find(">Mar<"), std::string::npos);
  EXPECT_NE(svg_of(15 * 365).find(">2020<"), std::string::npos);
  EXPECT_NE(svg_of(1).find("2015"), std::string::npos) << "a single day is still dated";
}

TEST(SvgChart, LabelsDatesOfOtherCalendars) {
  LineChart chart = chart_of(std::vector<double>(720, 0.2), 0.0);
  chart.calendar = core::Calendar::day_360;
  const auto first = static_cast<double>(core::day_number({2050, 1, 1}, core::Calendar::day_360));
  for (double& x : chart.series[0].x) x += first;
  const std::string svg = render_chart(chart);
  expect_sound(svg);
  EXPECT_NE(svg.find(">Jan 2050<"), std::string::npos);
  EXPECT_NE(svg.find(">Jan 2051<"), std::string::npos);
}

TEST(SvgChart, RefusesSeriesOfUnequalLength) {
  LineChart chart = chart_of({0.1, 0.2}, 0.0);
  chart.series[0].y.pop_back();
  EXPECT_THROW(render_chart(chart), core::Error);
  ScatterChart scatter;
  scatter.groups.push_back({"a", {1.0}, {}});
  EXPECT_THROW(render_chart(scatter), core::Error);
}

TEST(SvgScatter, IsSquareWithAOneToOneLineThroughItsCorners) {
  ScatterChart chart;
  chart.frame.x_label = "observed";
  chart.frame.y_label = "estimated";
  chart.groups.push_back({"smar", {0.1, 0.2, nan, 0.4}, {0.15, 0.2, 0.3, HUGE_VAL}});
  chart.notes = {"n 2", "r < 1 & > 0"};
  const std::string svg = render_chart(chart);
  expect_sound(svg);
  std::smatch axis;
  ASSERT_TRUE(std::regex_search(svg, axis,
                                std::regex("class=\"axis\" d=\"M([0-9.]+) ([0-9.]+)V([0-9.]+)H([0-9.]+)\"")));
  EXPECT_NEAR(std::stod(axis[4]) - std::stod(axis[1]), std::stod(axis[3]) - std::stod(axis[2]), 0.11);
  EXPECT_NE(svg.find("d=\"M" + axis[1].str() + " " + axis[3].str() + "L" + axis[4].str() + " " +
                     axis[2].str() + "\""),
            std::string::npos);
  EXPECT_EQ(occurrences(path_of(svg, "points cloud"), "h0"), 2U) << "only whole pairs are drawn";
}

TEST(SvgScatter, StaysSmallForManyPoints) {
  ScatterChart chart;
  ScatterGroup group{"smar", {}, {}};
  for (int i = 0; i < 100000; ++i) {
    group.x.push_back(0.3 + 0.1 * std::sin(0.1 * i));
    group.y.push_back(0.3 + 0.1 * std::sin(0.1 * i + 0.3 * std::sin(0.01 * i)));
  }
  chart.groups.push_back(group);
  EXPECT_LT(render_chart(chart).size(), 200000U);
}

TEST(SvgChart, StandaloneBringsItsStyle) {
  LineChart chart = chart_of({0.1, 0.2}, 0.0);
  EXPECT_EQ(render_chart(chart).find("<style>"), std::string::npos);
  chart.frame.embedding = Embedding::standalone;
  const std::string svg = render_chart(chart);
  expect_sound(svg);
  EXPECT_NE(svg.find("<style>"), std::string::npos);
  EXPECT_NE(svg.find("width=\"720\""), std::string::npos);
}

}  // namespace
}  // namespace rootzone::pipeline
