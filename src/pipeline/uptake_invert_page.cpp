#include "uptake_invert_page.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "html_page.hpp"
#include "report_parts.hpp"
#include "rootzone/pipeline/numbers.hpp"
#include "uptake_soil.hpp"

namespace rootzone::pipeline {
namespace {

using study::IntervalUptake;
using study::UptakeVerdict;

constexpr std::size_t most_table_rows = 60;
constexpr double noon = 0.5;

std::string layer_name(const std::vector<double>& thickness_cm, std::size_t layer) {
  double top = 0.0;
  for (std::size_t i = 0; i < layer; ++i) top += thickness_cm[i];
  return format_number(top, 4) + "–" + format_number(top + thickness_cm[layer], 4) + " cm";
}

double day_of(const core::Date& date) {
  return static_cast<double>(core::day_number(date, core::Calendar::standard)) + noon;
}

double middle_of(const IntervalUptake& one) {
  return 0.5 * (day_of(one.first) + day_of(one.last));
}

std::string chart_of_series(const std::string& title, const std::string& label, const std::string& units,
                            std::vector<ChartSeries> series, std::vector<ChartBand> bands = {}) {
  LineChart chart;
  chart.frame.title = title;
  chart.frame.y_label = label;
  chart.frame.y_units = units;
  chart.series = std::move(series);
  chart.bands = std::move(bands);
  return chart_box(render_chart(chart));
}

std::string moisture_chart(const study::ProfileSeries& series) {
  std::vector<double> days;
  for (std::int64_t step = 0; step < series.axis.count(); ++step)
    days.push_back(static_cast<double>(series.axis.day_number_at(step)) + noon);
  std::vector<ChartSeries> lines;
  for (std::size_t i = 0; i < series.thickness_cm.size(); ++i)
    lines.push_back({layer_name(series.thickness_cm, i), days, series.water_content[i], SeriesMark::line,
                     static_cast<int>(i)});
  return chart_of_series("Water content of the layers", "water content", "m3 m-3", std::move(lines)) +
         chart_of_series("Rain", "rain", "mm d-1",
                         {{"rain", days, series.precipitation_mm, SeriesMark::line, 0}});
}

/// Uptake per day, so that intervals of any length compare; the band is one standard deviation to each side.
std::string uptake_chart(const study::ProfileSeries& series, const std::vector<IntervalUptake>& intervals,
                         std::size_t layer) {
  ChartSeries line{layer_name(series.thickness_cm, layer), {}, {}, SeriesMark::line, static_cast<int>(layer)};
  ChartSeries zero{"", {}, {}, SeriesMark::dashed_line, 7};
  ChartBand band{"± 1 standard deviation", {}, {}, {}, static_cast<int>(layer)};
  for (const IntervalUptake& one : intervals) {
    const double days = day_of(one.last) - day_of(one.first);
    const bool there = !one.layers.empty();
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double uptake = there ? one.layers[layer].uptake_mm / days : nan;
    const double error = there ? one.layers[layer].standard_deviation_mm / days : nan;
    line.x.push_back(middle_of(one));
    line.y.push_back(uptake);
    band.low.push_back(uptake - error);
    band.high.push_back(uptake + error);
  }
  band.x = line.x;
  zero.x = {day_of(intervals.front().first), day_of(intervals.back().last)};
  zero.y = {0.0, 0.0};
  return chart_of_series("Uptake at " + line.name, "uptake", "mm d-1", {line, zero}, {band});
}

std::string success_chart(const study::UptakeInversionSettings& settings,
                          const std::vector<IntervalUptake>& intervals) {
  ChartSeries all{"stated errors", {}, {}, SeriesMark::line, 0};
  ChartSeries known{"soil known exactly", {}, {}, SeriesMark::line, 1};
  for (const IntervalUptake& one : intervals) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    all.x.push_back(middle_of(one));
    all.y.push_back(one.layers.empty() ? nan : one.success.share);
    known.y.push_back(one.layers.empty() ? nan : one.success_known_soil.share);
  }
  known.x = all.x;
  const std::vector<double> ends{day_of(intervals.front().first), day_of(intervals.back().last)};
  const double limit = settings.limits.usable_success;
  return chart_of_series(
      "Success rate", "share of the runs", "1",
      {all, known, {"needed for usable", ends, {limit, limit}, SeriesMark::dashed_line, 7}});
}

ReportTable verdict_table(const std::vector<IntervalUptake>& intervals) {
  ReportTable table;
  table.columns = {"interval",    "verdict",    "reasons, the worst first",
                   "uptake (mm)", "rain share", "success rate"};
  table.text_columns = 3;
  if (intervals.size() > most_table_rows)
    table.caption = "The first " + std::to_string(most_table_rows) + " of " +
                    std::to_string(intervals.size()) + "; all are in intervals.csv.";
  for (const IntervalUptake& one : intervals) {
    if (table.rows.size() == most_table_rows) break;
    std::string reasons;
    for (const std::string& reason : one.reasons) reasons += (reasons.empty() ? "" : "; ") + reason;
    const bool there = !one.layers.empty();
    table.rows.push_back(
        {core::iso_date(one.first) + " … " + core::iso_date(one.last),
         std::string(study::name_of(one.verdict)), reasons,
         there ? format_fixed(one.uptake_mm, 2) + " ± " + format_fixed(one.uptake_standard_deviation_mm, 2)
               : "–",
         there ? format_fixed(one.rain_share, 2) : "–", there ? format_fixed(one.success.share, 2) : "–"});
  }
  return table;
}

ReportTable counts_table(const std::vector<IntervalUptake>& intervals) {
  ReportTable table;
  table.columns = {"verdict", "meaning", "intervals"};
  table.text_columns = 2;
  const std::array<std::pair<UptakeVerdict, const char*>, 3> verdicts{
      {{UptakeVerdict::usable, "the layers' shares can be used as numbers"},
       {UptakeVerdict::qualitative, "only where more and where less is taken up"},
       {UptakeVerdict::not_identifiable, "the profile of the uptake cannot be told from this balance"}}};
  for (const auto& [verdict, meaning] : verdicts) {
    const auto count =
        std::count_if(intervals.begin(), intervals.end(),
                      [&, which = verdict](const IntervalUptake& one) { return one.verdict == which; });
    table.rows.push_back({std::string(study::name_of(verdict)), meaning, format_count(count)});
  }
  return table;
}

/// What the balance tells even where the profile cannot be told: the sum over the layers, if its error
/// allows.
std::vector<std::string> what_can_be_told(const std::vector<IntervalUptake>& intervals) {
  std::size_t there = 0;
  std::size_t sums = 0;
  std::size_t negative = 0;
  for (const IntervalUptake& one : intervals) {
    if (one.layers.empty()) continue;
    ++there;
    if (one.uptake_mm > 2.0 * one.uptake_standard_deviation_mm) ++sums;
    if (std::any_of(one.layers.begin(), one.layers.end(),
                    [](const auto& layer) { return layer.uptake_mm < 0.0; }))
      ++negative;
  }
  const auto of_all = [&](std::size_t count) {
    return std::to_string(count) + " of " + std::to_string(there) + " intervals";
  };
  std::vector<std::string> sentences{
      "The uptake over all layers together is told from zero (more than two standard deviations) in " +
      of_all(sums) + "."};
  if (negative > 0)
    sentences.push_back("At least one layer has a negative uptake in " + of_all(negative) +
                        "; it is shown as found: roots do not give water in such amounts, so it measures the "
                        "error of the balance.");
  if (intervals.size() > there)
    sentences.push_back(std::to_string(intervals.size() - there) +
                        " intervals lack a value and were not inverted.");
  return sentences;
}

}  // namespace

std::string uptake_invert_page(const UptakeSite& site, const study::UptakeInversionSettings& settings,
                               const std::vector<IntervalUptake>& intervals) {
  std::vector<std::string> assumptions = site.assumptions;
  for (std::size_t i = 0; i < site.series.soil.size(); ++i)
    assumptions.push_back(
        "Soil" + (site.series.soil.size() > 1 ? " at " + layer_name(site.series.thickness_cm, i) : "") +
        ": " + soil_words(site.series.soil[i]) + ".");
  std::string uptake;
  for (std::size_t i = 0; i < site.series.thickness_cm.size(); ++i)
    uptake += uptake_chart(site.series, intervals, i);
  const std::string of_station = site.station.empty() ? "" : " at station " + site.station;
  return render_page(
      "Root water uptake from storage balance" + of_station,
      core::iso_date(intervals.front().first) + " – " + core::iso_date(intervals.back().last) +
          ", intervals of " + std::to_string(settings.interval_days) + " d, " +
          std::to_string(site.series.thickness_cm.size()) +
          " layers. The residual of each layer's water balance; drainage by Darcy's law and the trapezoidal "
          "rule.",
      {{"What it can tell", render_table(counts_table(intervals)) + bullet_list(what_can_be_told(intervals))},
       {"Uptake of each layer", uptake},
       {"Success under the stated errors", success_chart(settings, intervals)},
       {"Moisture and rain", moisture_chart(site.series)},
       {"Verdict of each interval", render_table(verdict_table(intervals))},
       {"Taken for granted", bullet_list(assumptions)},
       {"Warnings", bullet_list(site.warnings, "warnings")}});
}

}  // namespace rootzone::pipeline
