#include "rootzone/study/uptake_experiment.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iomanip>
#include <map>
#include <ostream>

#include "html_page.hpp"
#include "report_parts.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/pipeline/numbers.hpp"
#include "rootzone/pipeline/uptake.hpp"
#include "uptake_folder.hpp"
#include "uptake_soil.hpp"
#include "uptake_tables.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;
using nlohmann::json;
using study::DrainageSource;
using study::RootPattern;
using study::UptakeExperimentCase;
using study::Wetness;

constexpr double mm_per_cm = 10.0;
constexpr double least_drawn_emd_m = 1e-17;

std::string text(std::string_view view) {
  return std::string(view);
}

int whole(double value, const char* key) {
  if (value != std::round(value) || value < 1.0 || value > 1000.0)
    throw Error(
        ErrorKind::usage,
        std::string("'") + key + "' should hold whole numbers of 1 or more, found " + format_number(value));
  return static_cast<int>(value);
}

study::UptakeExperimentSettings settings_of(const json& settings) {
  study::UptakeExperimentSettings result = experiment_settings(settings);
  result.intervals_days.clear();
  for (double days : settings.at("intervals").get<std::vector<double>>())
    result.intervals_days.push_back(whole(days, "intervals"));
  const auto layers = settings.at("layers").get<std::vector<double>>();
  const auto thickness = settings.at("thickness").get<std::vector<double>>();
  if (layers.size() != thickness.size())
    throw Error(ErrorKind::usage,
                "'thickness' should hold one thickness for each number in 'layers', found " +
                    std::to_string(thickness.size()) + " for " + std::to_string(layers.size()));
  result.schemes.clear();
  for (std::size_t i = 0; i < layers.size(); ++i)
    result.schemes.push_back({whole(layers[i], "layers"), thickness[i]});
  return result;
}

std::string emd_csv(const std::vector<UptakeExperimentCase>& cases) {
  const std::array<std::string, 6> header{"profile", "wetness", "interval_days", "layers", "fluxes", "emd_m"};
  io::CsvWriter csv(header);
  for (const UptakeExperimentCase& one : cases) {
    csv.field(study::name_of(one.pattern)).field(study::name_of(one.wetness));
    csv.field(std::int64_t{one.interval_days}).field(std::int64_t{one.scheme.layers});
    csv.field(study::name_of(one.source)).field(one.inverted.emd_m).end_row();
  }
  return csv.text();
}

std::string profiles_csv(const std::vector<UptakeExperimentCase>& cases) {
  const std::array<std::string, 12> header{"profile", "wetness",     "interval_days",     "layers",
                                           "fluxes",  "top_cm",      "bottom_cm",         "true_share",
                                           "share",   "drainage_mm", "exact_drainage_mm", "uptake_mm"};
  io::CsvWriter csv(header);
  for (const UptakeExperimentCase& one : cases)
    for (std::size_t i = 0; i < one.inverted.shares.size(); ++i) {
      const double top = static_cast<double>(i) * one.scheme.thickness_cm;
      csv.field(study::name_of(one.pattern)).field(study::name_of(one.wetness));
      csv.field(std::int64_t{one.interval_days}).field(std::int64_t{one.scheme.layers});
      csv.field(study::name_of(one.source)).field(top).field(top + one.scheme.thickness_cm);
      csv.field(one.inverted.true_shares[i]).field(one.inverted.shares[i]);
      csv.field(mm_per_cm * one.inverted.drainage_cm[i]).field(mm_per_cm * one.interval.exact_drainage_cm[i]);
      csv.field(mm_per_cm * one.inverted.uptake_cm[i]).end_row();
    }
  return csv.text();
}

std::string case_name(const UptakeExperimentCase& one) {
  return text(study::name_of(one.pattern)) + " roots, " + std::to_string(one.interval_days) + " d";
}

/// EMD over the number of layers, one line per roots and interval; logarithmic by hand.
std::string emd_chart(const std::vector<UptakeExperimentCase>& cases, Wetness wetness,
                      DrainageSource source) {
  LineChart chart;
  chart.frame.title = text(study::name_of(wetness)) + " days, " + text(study::name_of(source)) + " fluxes";
  chart.frame.x_label = "layers";
  chart.frame.y_label = "log10 of the earth mover's distance in m";
  chart.frame.width = 560;
  chart.frame.height = 300;
  chart.x_axis = XAxis::numbers;
  std::map<std::string, ChartSeries> lines;
  for (const UptakeExperimentCase& one : cases) {
    if (one.wetness != wetness || one.source != source) continue;
    ChartSeries& line = lines[case_name(one)];
    line.name = case_name(one);
    line.x.push_back(one.scheme.layers);
    line.y.push_back(std::log10(std::max(one.inverted.emd_m, least_drawn_emd_m)));
  }
  int colour = 0;
  for (auto& [name, line] : lines) {
    line.colour = colour++;
    chart.series.push_back(line);
  }
  if (source == DrainageSource::trapezoid && !chart.series.empty())
    chart.series.push_back({"limit of success, 0.01 m", chart.series.front().x,
                            std::vector<double>(chart.series.front().x.size(), -2.0), SeriesMark::dashed_line,
                            7});
  return chart_box(render_chart(chart));
}

/// The profiles behind a case: prescribed and inverted shares per cm, so that layers of any number compare.
std::string profile_chart(const UptakeExperimentCase& one) {
  LineChart chart;
  chart.frame.title = case_name(one) + ", " + text(study::name_of(one.wetness)) + ", " +
                      std::to_string(one.scheme.layers) + " layers";
  chart.frame.x_label = "depth (cm)";
  chart.frame.y_label = "share of the uptake";
  chart.frame.width = 560;
  chart.frame.height = 260;
  chart.x_axis = XAxis::numbers;
  ChartSeries truth{"prescribed", {}, one.inverted.true_shares, SeriesMark::line, 0};
  ChartSeries found{"inverted, trapezoid", {}, one.inverted.shares, SeriesMark::dashed_line, 1};
  for (std::size_t i = 0; i < one.inverted.shares.size(); ++i)
    truth.x.push_back((static_cast<double>(i) + 0.5) * one.scheme.thickness_cm);
  found.x = truth.x;
  chart.series = {truth, found};
  return chart_box(render_chart(chart));
}

std::string figure(const std::vector<UptakeExperimentCase>& cases) {
  std::string html;
  for (DrainageSource source : {DrainageSource::trapezoid, DrainageSource::exact})
    for (Wetness wetness : {Wetness::dry, Wetness::wet}) html += emd_chart(cases, wetness, source);
  return html;
}

std::string profiles(const std::vector<UptakeExperimentCase>& cases) {
  int most = 0;
  for (const UptakeExperimentCase& one : cases) most = std::max(most, one.scheme.layers);
  std::string html;
  for (const UptakeExperimentCase& one : cases)
    if (one.source == DrainageSource::trapezoid && one.scheme.layers == most) html += profile_chart(one);
  return html;
}

/// A row per roots, wetness and interval, a column per number of layers.
ReportTable emd_table(const std::vector<UptakeExperimentCase>& cases, DrainageSource source) {
  ReportTable table;
  table.columns = {"roots", "wetness", "interval (d)"};
  table.text_columns = 2;
  table.title = "EMD in m, " + text(study::name_of(source)) + " fluxes";
  for (const UptakeExperimentCase& one : cases) {
    if (one.source != source) continue;
    const std::string layers = std::to_string(one.scheme.layers) + " layers";
    if (std::find(table.columns.begin(), table.columns.end(), layers) == table.columns.end())
      table.columns.push_back(layers);
    const std::vector<std::string> key{text(study::name_of(one.pattern)), text(study::name_of(one.wetness)),
                                       std::to_string(one.interval_days)};
    if (table.rows.empty() || !std::equal(key.begin(), key.end(), table.rows.back().begin()))
      table.rows.push_back(key);
    table.rows.back().push_back(source == DrainageSource::exact ? format_number(one.inverted.emd_m, 2)
                                                                : format_fixed(one.inverted.emd_m, 4));
  }
  return table;
}

void print_table(const ReportTable& table, std::ostream& out) {
  const auto print = [&](const std::vector<std::string>& fields) {
    for (std::size_t i = 0; i < fields.size(); ++i)
      out << (i < table.text_columns ? std::left : std::right) << std::setw(i < table.text_columns ? 9 : 13)
          << fields[i];
    out << '\n';
  };
  print(table.columns);
  for (const auto& row : table.rows) print(row);
}

}  // namespace

void run_uptake_experiment(const UptakeRequest& request, const core::ParallelFor& parallel_for,
                           std::ostream& out) {
  const json settings = uptake_settings(uptake_experiment_table(), request);
  const study::UptakeExperimentSettings experiment = settings_of(settings);
  const auto cases = study::uptake_experiment(experiment, parallel_for);
  const ReportTable trapezoid = emd_table(cases, DrainageSource::trapezoid);
  const std::string page =
      render_page("Root water uptake from storage balance: the virtual experiment",
                  soil_words(experiment.soil) +
                      ". Earth mover's distance between the prescribed and the inverted uptake "
                      "profile, by number of layers, interval, wetness and roots.",
                  {{"Error by layers, interval and wetness", render_table(trapezoid) + figure(cases)},
                   {"With the column's own fluxes", render_table(emd_table(cases, DrainageSource::exact))},
                   {"Profiles of the finest layers", profiles(cases)}});
  write_uptake_folder(
      request, settings,
      {{"emd.csv", emd_csv(cases)}, {"profiles.csv", profiles_csv(cases)}, {"report.html", page}});
  print_table(trapezoid, out);
  out << request.out.string() << '\n';
}

}  // namespace rootzone::pipeline
