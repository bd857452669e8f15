#include <iostream>
#include <memory>

#include "command.hpp"
#include "rootzone/pipeline/pedotransfer_commands.hpp"

namespace rootzone::app {

void add_pedotransfer_command(Commands& commands) {
  const auto soil = std::make_shared<pipeline::PedotransferSiteRequest>();
  const auto fit = std::make_shared<pipeline::RetentionFitRequest>();
  CLI::App& command = commands.add(
      "pedotransfer", "soil hydraulic properties of one site, or a fit to its measured retention",
      [soil, fit](const Common&) {
        fit->format = soil->format;
        fit->out = soil->out;
        if (fit->points.empty())
          pipeline::estimate_site_soil(*soil, std::cout);
        else
          pipeline::fit_site_retention(*fit, std::cout);
      });
  CLI::Option* sand = command.add_option("--sand", soil->sand_percent, "percent, 50–2000 µm");
  CLI::Option* clay = command.add_option("--clay", soil->clay_percent, "percent, below 2 µm");
  command.add_option("--silt", soil->silt_percent, "percent; default: what sand and clay leave");
  command.add_option("--bulk-density", soil->bulk_density_g_cm3, "g/cm3");
  command.add_option("--organic-carbon", soil->organic_carbon_percent, "percent");
  command.add_flag("--subsoil", soil->subsoil, "not a topsoil");
  command.add_option("--functions", soil->functions, "only these, separated by commas")->delimiter(',');
  CLI::Option* points = command.add_option(
      "--fit", fit->points, "CSV of measured points: suction_cm or suction_kpa, water_content[, sample]");
  command.add_option("--model", fit->models, "van_genuchten, fredlund_xing, brooks_corey; default: all")
      ->delimiter(',')
      ->needs(points);
  points->excludes(sand)->excludes(clay);
  command.add_option("--format", soil->format, "csv or json")->check(CLI::IsMember({"csv", "json"}));
  command.add_option("--out,-o", soil->out, "file; default: standard output");
}

}  // namespace rootzone::app
