#include "sptf_evaluation_report.hpp"

#include <algorithm>
#include <cmath>

#include "rootzone/io/csv.hpp"
#include "rootzone/io/png.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "rootzone/pipeline/numbers.hpp"
#include "rootzone/pipeline/report.hpp"

namespace rootzone::pipeline {
namespace {

std::string number(double value) {
  return std::isnan(value) ? "–" : format_fixed(value, 3);
}

std::vector<std::string> score_cells(const study::MoistureScore& score) {
  return {format_count(score.sites),
          format_count(score.failed),
          number(score.nse),
          number(score.rmse),
          number(score.slope),
          number(score.intercept),
          number(score.median_site_nse),
          number(score.median_site_rmse)};
}

const std::vector<std::string> score_columns{"sites",
                                             "failed",
                                             "NSE",
                                             "RMSE (m³ m⁻³)",
                                             "slope",
                                             "intercept",
                                             "median NSE of a site",
                                             "median RMSE of a site"};

ReportTable overall_table(const SptfEvaluation& evaluation, const std::string& reference) {
  ReportTable table;
  table.title = reference == "truth" ? "Against the truth without noise" : "Against the observations";
  table.caption =
      "Moisture at 5 cm, second year, thawed days. NSE, RMSE, slope and intercept over all days of all "
      "sites; the medians over sites beside them. Failed: further sites without parameters, or whose column "
      "could not be solved; they are in none of the other numbers.";
  table.columns = {"method"};
  table.columns.insert(table.columns.end(), score_columns.begin(), score_columns.end());
  for (const ScoreRow& row : evaluation.scores) {
    if (row.grouping != "all" || row.reference != reference) continue;
    std::vector<std::string> cells{row.method};
    const auto more = score_cells(row.score);
    cells.insert(cells.end(), more.begin(), more.end());
    table.rows.push_back(cells);
  }
  return table;
}

/// RMSE by class, a column per method.
ReportTable class_table(const SptfEvaluation& evaluation, const std::string& grouping,
                        const std::string& title) {
  ReportTable table;
  table.title = title;
  table.caption = "RMSE (m³ m⁻³) over the days of the class's sites";
  std::vector<std::string> methods;
  std::vector<std::string> groups;
  const auto note = [](std::vector<std::string>& names, const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (const ScoreRow& row : evaluation.scores) {
    if (row.grouping != grouping || row.reference != evaluation.main_reference) continue;
    note(methods, row.method);
    note(groups, row.group);
  }
  table.columns = {"class", "sites"};
  table.columns.insert(table.columns.end(), methods.begin(), methods.end());
  for (const std::string& group : groups) {
    std::vector<std::string> cells{group, "–"};
    for (const std::string& method : methods) {
      const auto found =
          std::find_if(evaluation.scores.begin(), evaluation.scores.end(), [&](const ScoreRow& row) {
            return row.grouping == grouping && row.group == group && row.method == method &&
                   row.reference == evaluation.main_reference;
          });
      cells.push_back(found == evaluation.scores.end() ? "–" : number(found->score.rmse));
      if (found != evaluation.scores.end() && cells[1] == "–") cells[1] = format_count(found->score.sites);
    }
    table.rows.push_back(cells);
  }
  return table;
}

ReportSection score_section(const SptfEvaluation& evaluation) {
  ReportSection section;
  section.title = "Scores";
  section.paragraphs = {evaluation.sites_words};
  for (const char* reference : {"truth", "observations"}) {
    ReportTable table = overall_table(evaluation, reference);
    if (!table.rows.empty()) section.tables.push_back(std::move(table));
  }
  return section;
}

ReportSection class_section(const SptfEvaluation& evaluation) {
  ReportSection section;
  section.title = "By class of site";
  section.tables = {class_table(evaluation, "texture", "Texture (USDA)"),
                    class_table(evaluation, "moisture", "Mean observed moisture, m³ m⁻³"),
                    class_table(evaluation, "rain", "Rain of a year")};
  ReportTable climates = class_table(evaluation, "climate", "Climate of the twins");
  if (!climates.rows.empty()) section.tables.push_back(std::move(climates));
  return section;
}

ReportSection length_section(const SptfEvaluation& evaluation) {
  ReportSection section;
  section.title = "Skill against the length of the input";
  section.paragraphs = {
      "The networks are given so many days of the first year, from a day at random; means of the "
      "pooled scores of " +
      std::to_string(evaluation.windows_per_length) +
      (evaluation.windows_per_length == 1 ? " window." : " windows.")};
  for (const bool nse : {true, false}) {
    LineChart chart;
    chart.frame.title = nse ? "NSE" : "RMSE";
    chart.frame.x_label = "days of input";
    chart.frame.y_label = nse ? "NSE" : "RMSE";
    chart.frame.y_units = nse ? "1" : "m3 m-3";
    chart.x_axis = XAxis::numbers;
    int colour = 0;
    for (const NamedSkill& named : evaluation.skills) {
      ChartSeries series{named.network, {}, {}, SeriesMark::line, colour++};
      for (const study::LengthSkill& skill : named.skill) {
        series.x.push_back(static_cast<double>(skill.days));
        series.y.push_back(nse ? skill.nse : skill.rmse);
      }
      chart.series.push_back(std::move(series));
    }
    section.charts.emplace_back(std::move(chart));
  }
  return section;
}

ReportSection importance_section(const SptfEvaluation& evaluation) {
  ReportSection section;
  section.title = "Importance of the inputs";
  section.paragraphs = {
      "Mean squared error with an input exchanged between sites at random, over that with its own: "
      "1 is without influence. Means of " +
      std::to_string(evaluation.shuffles) + " shuffles."};
  ReportTable table;
  table.columns = {"input"};
  for (const NamedImportance& named : evaluation.importances) {
    table.columns.push_back(named.network);
    table.columns.push_back("± standard deviation");
  }
  for (std::size_t i = 0; i < evaluation.importances.front().inputs.size(); ++i) {
    std::vector<std::string> cells{evaluation.importances.front().inputs[i].input};
    for (const NamedImportance& named : evaluation.importances) {
      cells.push_back(format_fixed(named.inputs[i].ratio, 2));
      cells.push_back(format_fixed(named.inputs[i].standard_deviation, 2));
    }
    table.rows.push_back(cells);
  }
  section.tables = {table};
  return section;
}

ReportSection example_section(const SptfEvaluation& evaluation) {
  ReportSection section;
  section.title = "Sites";
  section.paragraphs = {
      "The second year at the sites whose error by the first method is at the 10th, 50th and 90th "
      "per cent of all."};
  for (const ExampleSite& site : evaluation.examples) {
    LineChart chart;
    chart.frame.title = site.title;
    chart.frame.x_label = "day of the second year";
    chart.frame.y_label = "moisture at 5 cm";
    chart.frame.y_units = "m3 m-3";
    chart.x_axis = XAxis::numbers;
    std::vector<double> days;
    for (std::size_t d = 0; d < site.observed.size(); ++d) days.push_back(static_cast<double>(d + 1));
    chart.series.push_back({"observed", days, site.observed, SeriesMark::points, -1});
    if (!site.reference.empty())
      chart.series.push_back({"truth", days, site.reference, SeriesMark::dashed_line, 7});
    int colour = 0;
    for (const auto& [name, values] : site.methods)
      chart.series.push_back({name, days, values, SeriesMark::line, colour++});
    section.charts.emplace_back(std::move(chart));
  }
  return section;
}

}  // namespace

std::string scores_csv(const SptfEvaluation& evaluation) {
  const std::vector<std::string> header{
      "method", "reference", "grouping", "group",     "sites",           "failed",          "days",
      "nse",    "rmse",      "slope",    "intercept", "median_site_nse", "median_site_rmse"};
  io::CsvWriter csv(header);
  for (const ScoreRow& row : evaluation.scores) {
    csv.field(row.method).field(row.reference).field(row.grouping).field(row.group);
    csv.field(row.score.sites).field(row.score.failed).field(row.score.days);
    for (const double value : {row.score.nse, row.score.rmse, row.score.slope, row.score.intercept,
                               row.score.median_site_nse, row.score.median_site_rmse})
      csv.field(static_cast<float>(value));
    csv.end_row();
  }
  return csv.text();
}

std::string input_length_csv(const SptfEvaluation& evaluation) {
  const std::vector<std::string> header{"network", "days", "nse", "rmse"};
  io::CsvWriter csv(header);
  for (const NamedSkill& named : evaluation.skills)
    for (const study::LengthSkill& skill : named.skill) {
      csv.field(named.network).field(skill.days);
      csv.field(static_cast<float>(skill.nse)).field(static_cast<float>(skill.rmse));
      csv.end_row();
    }
  return csv.text();
}

std::string importance_csv(const SptfEvaluation& evaluation) {
  const std::vector<std::string> header{"network", "input", "ratio", "standard_deviation"};
  io::CsvWriter csv(header);
  for (const NamedImportance& named : evaluation.importances)
    for (const study::InputImportance& input : named.inputs) {
      csv.field(named.network).field(input.input);
      csv.field(static_cast<float>(input.ratio)).field(static_cast<float>(input.standard_deviation));
      csv.end_row();
    }
  return csv.text();
}

std::string evaluation_report(const SptfEvaluation& evaluation) {
  ReportData report;
  report.title = "Site-specific pedotransfer functions: evaluation";
  report.pipeline_name = "sptf evaluate";
  report.program_version = program_version();
  report.warnings = evaluation.warnings;
  report.sections = {score_section(evaluation), class_section(evaluation)};
  if (!evaluation.skills.empty()) report.sections.push_back(length_section(evaluation));
  if (!evaluation.importances.empty()) report.sections.push_back(importance_section(evaluation));
  if (!evaluation.examples.empty()) report.sections.push_back(example_section(evaluation));
  return render_report(report, io::encode_indexed_png);
}

}  // namespace rootzone::pipeline
