#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "rootzone/pipeline/sptf_training_commands.hpp"
#include "sptf_folder.hpp"

namespace rootzone::pipeline {
namespace {

namespace fs = std::filesystem;
using core::Error;
using core::ErrorKind;

constexpr const char* marker_name = "twins.json";

std::string_view models_name(study::TwinModels models) {
  switch (models) {
    case study::TwinModels::van_genuchten:
      return "vgm";
    case study::TwinModels::fredlund_xing:
      return "fxw";
    case study::TwinModels::both:
      return "both";
  }
  return "";
}

nlohmann::ordered_json marker(const study::TwinOptions& options) {
  return {{"product", "rootzone twin sites"},
          {"what",
           "simulated sites: weather generator, random soils and parameters, Richards column, satellite-like "
           "noise and gaps; soil_moisture_5cm is the truth without noise"},
          {"sites", options.sites},
          {"models", models_name(options.models)},
          {"texture_correlation", options.texture_correlation},
          {"noise", options.observing.noise},
          {"observed_share", options.observing.observed_share},
          {"outages_per_year", options.observing.outages_per_year},
          {"outage_days", options.observing.outage_days},
          {"seed", options.seed}};
}

bool holds_twins(const fs::path& folder) {
  std::ifstream file(folder / marker_name);
  const auto found = nlohmann::ordered_json::parse(file, nullptr, false);
  return found.is_object() && found.value("product", "") == "rootzone twin sites";
}

/// Remove what older twins left: the marker, the table, and series with a twin's name.
void clear_folder(const fs::path& folder) {
  io::make_folder(folder);
  if (fs::is_empty(folder)) return;
  if (!holds_twins(folder))
    throw Error(
        ErrorKind::usage,
        folder.string() + ": the folder holds other things than twin sites; give an empty or a new one");
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool ours = name == "sites.csv" || (name.starts_with("twin_") && name.ends_with(".csv"));
    std::error_code failed;
    if (ours) fs::remove(entry.path(), failed);
    if (failed)
      throw Error(ErrorKind::environment,
                  entry.path().string() + ": cannot be removed (" + failed.message() + ")");
  }
}

}  // namespace

void write_twins(const fs::path& folder, const study::TwinOptions& options, const SptfJobContext& context) {
  options.validate();
  clear_folder(folder);
  io::write_file_atomically(folder / marker_name, marker(options).dump(2) + "\n");
  std::vector<study::TwinSite> twins =
      study::make_twin_sites(options, context.parallel_for, context.progress);
  std::vector<study::SptfSite> sites;
  std::vector<TwinTruth> truths;
  for (study::TwinSite& twin : twins) {
    truths.push_back({twin.soil.model, twin.soil.parameters});
    sites.push_back(std::move(twin.site));
  }
  write_sptf_folder(folder, sites, truths, context.parallel_for);
}

}  // namespace rootzone::pipeline
