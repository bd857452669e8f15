#include "column_report.hpp"

#include <cmath>
#include <numeric>

#include "rootzone/io/csv.hpp"
#include "rootzone/io/png.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "rootzone/pipeline/numbers.hpp"
#include "rootzone/pipeline/report.hpp"

namespace rootzone::pipeline {
namespace {

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

std::vector<double> day_numbers(const ColumnCase& problem) {
  std::vector<double> days;
  for (std::int64_t step = 0; step < problem.days.count(); ++step)
    days.push_back(static_cast<double>(problem.days.day_number_at(step)));
  return days;
}

LineChart moisture_chart(const ColumnCase& problem, const ColumnDays& days) {
  LineChart chart;
  chart.frame.title = "Water content at the end of each day";
  chart.frame.y_label = "water content";
  chart.frame.y_units = "m3 m-3";
  const std::vector<double> x = day_numbers(problem);
  int colour = 0;
  for (std::size_t d = 0; d < problem.request.depths_cm.size(); ++d) {
    const double depth = problem.request.depths_cm[d];
    const std::string name = io::shortest_number(depth) + " cm";
    chart.series.push_back({name, x, days.water_content[d], SeriesMark::line, colour});
    if (problem.series.has(moisture_column(depth)))
      chart.series.push_back({name + ", observed", x,
                              io::series_on_axis(problem.series, moisture_column(depth), problem.days),
                              SeriesMark::points, colour});
    ++colour;
  }
  return chart;
}

LineChart flux_chart(const ColumnCase& problem, const std::string& title,
                     const std::vector<std::pair<const char*, const std::vector<double>*>>& fluxes) {
  LineChart chart;
  chart.frame.title = title;
  chart.frame.y_label = "flux";
  chart.frame.y_units = "mm d-1";
  chart.frame.height = 220;
  int colour = 0;
  for (const auto& [name, values] : fluxes)
    chart.series.push_back({name, day_numbers(problem), *values, SeriesMark::line, colour++});
  return chart;
}

ReportTable balance_table(const soil::ColumnResult& result, const ColumnDays& days) {
  ReportTable table;
  table.title = "Water balance";
  table.caption =
      "Sums over the run. The closure error is the largest difference between storage by the retention "
      "curve and storage by the fluxes at any time.";
  table.columns = {"Part", "mm"};
  const auto row = [&](const char* name, double value) {
    table.rows.push_back({name, format_fixed(value, 2)});
  };
  row("Precipitation", sum(days.precipitation_mm));
  row("Runoff", sum(days.runoff_mm));
  row("Evaporation from the soil", sum(days.evaporation_mm));
  row("Transpiration", sum(days.transpiration_mm));
  row("Drainage", sum(days.drainage_mm));
  row("Change of storage", days.storage_mm.back() - 10.0 * result.start_storage_cm);
  table.rows.push_back({"Closure error", format_number(10.0 * result.closure_error_cm, 2)});
  return table;
}

/// Scores against what was observed, where it was.
ReportTable score_table(const ColumnCase& problem, const ColumnDays& days) {
  ReportTable table;
  table.title = "Against observations";
  table.caption = "End-of-day values against the series' own days, m³ m⁻³.";
  table.columns = {"Depth", "Days", "RMSE", "Bias"};
  for (std::size_t d = 0; d < problem.request.depths_cm.size(); ++d) {
    const std::string column = moisture_column(problem.request.depths_cm[d]);
    if (!problem.series.has(column)) continue;
    const auto observed = io::series_on_axis(problem.series, column, problem.days);
    double squares = 0.0, difference = 0.0, n = 0.0;
    for (std::size_t k = 0; k < observed.size(); ++k) {
      if (!std::isfinite(observed[k])) continue;
      const double error = days.water_content[d][k] - observed[k];
      squares += error * error;
      difference += error;
      n += 1.0;
    }
    table.rows.push_back({column, std::to_string(static_cast<int>(n)),
                          n > 0.0 ? format_fixed(std::sqrt(squares / n), 4) : "–",
                          n > 0.0 ? format_fixed(difference / n, 4) : "–"});
  }
  return table;
}

ReportTable soil_table(const ColumnCase& problem) {
  ReportTable table;
  table.title = "Soil";
  table.columns = {"Layer", "Parameter", "Value"};
  table.text_columns = 2;
  for (std::size_t layer = 0; layer < problem.column.materials.size(); ++layer) {
    const auto row = [&](const char* name, double value) {
      table.rows.push_back({std::to_string(layer + 1), name, format_number(value, 4)});
    };
    const auto& soil = problem.column.materials[layer];
    std::visit(
        [&](const auto& model) {
          row("θs, m³ m⁻³", model.saturated_water_content);
          row("n", model.n);
          row("Ks, cm d⁻¹", model.saturated_conductivity_cm_d);
        },
        soil);
    if (const auto* vg = std::get_if<soil::VanGenuchten>(&soil)) {
      row("θr, m³ m⁻³", vg->residual_water_content);
      row("α, cm⁻¹", vg->alpha_per_cm);
      row("air entry, cm", vg->air_entry_head_cm);
    } else if (const auto* fx = std::get_if<soil::FredlundXing>(&soil)) {
      row("α, cm⁻¹", fx->alpha_per_cm);
      row("m", fx->m);
    } else if (const auto* bc = std::get_if<soil::BrooksCorey>(&soil)) {
      row("θr, m³ m⁻³", bc->residual_water_content);
      row("air entry, cm", bc->air_entry_head_cm);
      row("η", bc->conductivity_exponent);
    }
    row("θ at 330 cm suction, m³ m⁻³", water_content(soil, -330.0));
    row("θ at 15 000 cm suction, m³ m⁻³", water_content(soil, -15000.0));
  }
  return table;
}

}  // namespace

std::string moisture_column(double depth_cm) {
  return "soil_moisture_" + io::shortest_number(depth_cm) + "cm";
}

std::string column_report(const ColumnCase& problem, const soil::ColumnResult& result, const ColumnDays& days,
                          const std::string& command_line) {
  ReportData data;
  data.title = "Soil column " + problem.name;
  data.pipeline_name = problem.name;
  data.program_version = program_version();
  data.first_date = core::iso_date(problem.days.first());
  data.last_date = core::iso_date(problem.days.last());
  data.crs_name = "one column";
  ReportSection section;
  section.title = "Column";
  section.paragraphs.push_back("Richards' equation in " + std::to_string(problem.grid.cells()) +
                               " cells to " + io::shortest_number(problem.grid.depth_cm()) +
                               " cm: " + std::to_string(result.steps) + " steps, " +
                               std::to_string(result.iterations) + " iterations.");
  section.charts.emplace_back(moisture_chart(problem, days));
  section.charts.emplace_back(flux_chart(problem, "Water coming in",
                                         {{"precipitation", &days.precipitation_mm},
                                          {"infiltration less evaporation", &days.infiltration_mm},
                                          {"runoff", &days.runoff_mm}}));
  section.charts.emplace_back(flux_chart(problem, "Water going out",
                                         {{"evaporation", &days.evaporation_mm},
                                          {"transpiration", &days.transpiration_mm},
                                          {"drainage", &days.drainage_mm}}));
  section.tables.push_back(balance_table(result, days));
  const ReportTable scores = score_table(problem, days);
  if (!scores.rows.empty()) section.tables.push_back(scores);
  section.tables.push_back(soil_table(problem));
  data.sections.push_back(std::move(section));
  data.provenance = {{"Program", "rootzone " + program_version()}, {"Command", command_line}};
  return render_report(data, io::encode_indexed_png);
}

}  // namespace rootzone::pipeline
