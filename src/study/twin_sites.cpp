#include "rootzone/study/twin_sites.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>

#include "rootzone/core/error.hpp"
#include "rootzone/study/sptf_column.hpp"
#include "rootzone/study/twin_weather.hpp"

namespace rootzone::study {
namespace {

constexpr std::size_t warm_up_days = sptf_year_days;
constexpr std::size_t kept_days = 2 * sptf_year_days;
constexpr core::Date first_day{2001, 1, 1};
constexpr int tries = 20;
constexpr std::int64_t sites_at_once = 128;

// Streams of a site; a try takes the next hundred.
constexpr std::uint64_t streams_per_site = 100 * tries;
enum Stream : std::uint64_t { weather_stream = 0, soil_stream = 20, observing_stream = 40 };

std::vector<float> floats(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

std::vector<float> last_years(const std::vector<float>& values) {
  return {values.begin() + static_cast<std::ptrdiff_t>(warm_up_days), values.end()};
}

SptfModel model_of(TwinModels models, std::int64_t number) {
  if (models == TwinModels::both)
    return number % 2 == 0 ? SptfModel::van_genuchten : SptfModel::fredlund_xing;
  return models == TwinModels::van_genuchten ? SptfModel::van_genuchten : SptfModel::fredlund_xing;
}

std::string name_of(std::int64_t number) {
  std::string digits = std::to_string(number + 1);
  digits.insert(0, digits.size() < 4 ? 4 - digits.size() : 0, '0');
  return "twin_" + digits;
}

SptfSite site_with_weather(const TwinClimate& climate, std::uint64_t seed, std::uint64_t stream) {
  const TwinWeather weather =
      twin_weather(climate, static_cast<std::int64_t>(warm_up_days + kept_days), seed, stream);
  SptfSite site;
  site.climate = climate.name;
  site.first_day = first_day;
  site.precipitation_mm = floats(weather.precipitation_mm);
  site.potential_evapotranspiration_mm = floats(weather.potential_evapotranspiration_mm);
  site.leaf_area_index = floats(weather.leaf_area_index);
  site.land_surface_temperature_c = floats(weather.land_surface_temperature_c);
  return site;
}

void drop_warm_up(SptfSite& site) {
  for (std::vector<float>* series : {&site.precipitation_mm, &site.potential_evapotranspiration_mm,
                                     &site.leaf_area_index, &site.land_surface_temperature_c})
    *series = last_years(*series);
}

/// A twin whose truth is still to be simulated: weather with the warm-up year, soil, name.
TwinSite draw_site(const TwinOptions& options, std::int64_t number, std::uint64_t stream) {
  const auto climates = twin_climates();
  // By twos, so that both models meet all climates.
  const TwinClimate& climate = climates[(static_cast<std::size_t>(number) / 2) % climates.size()];
  TwinSite twin;
  twin.site = site_with_weather(climate, options.seed, stream + weather_stream);
  twin.soil = draw_twin_soil(model_of(options.models, number), options.texture_correlation, options.seed,
                             stream + soil_stream);
  twin.site.name = name_of(number);
  twin.site.soil = twin.soil.soil;
  return twin;
}

std::uint64_t stream_of(std::int64_t number, int attempt) {
  return streams_per_site * static_cast<std::uint64_t>(number) + 100 * static_cast<std::uint64_t>(attempt);
}

/// Simulate the given twins' truths; those that failed keep none.
void simulate_truths(std::span<TwinSite> twins, std::span<const std::size_t> which,
                     const core::ParallelFor& parallel_for) {
  for (const SptfModel model : {SptfModel::van_genuchten, SptfModel::fredlund_xing}) {
    std::vector<std::size_t> chosen;
    std::vector<MoistureJob> jobs;
    for (const std::size_t i : which) {
      if (twins[i].soil.model != model) continue;
      chosen.push_back(i);
      jobs.push_back({&twins[i].site, sptf_unit(model, twins[i].soil.parameters, twin_saturation_ceiling),
                      twin_saturation_ceiling, 0, warm_up_days + kept_days, 0});
    }
    std::vector<std::vector<float>> moisture(jobs.size());
    ColumnPhysics(model).simulate(jobs, moisture, parallel_for);
    for (std::size_t k = 0; k < chosen.size(); ++k)
      if (std::none_of(moisture[k].begin(), moisture[k].end(), [](float value) { return std::isnan(value); }))
        twins[chosen[k]].site.true_moisture_5cm = last_years(moisture[k]);
  }
}

/// Twins first … first + twins.size() − 1, complete.
void make_sites(const TwinOptions& options, std::int64_t first, std::span<TwinSite> twins,
                const core::ParallelFor& parallel_for) {
  std::vector<std::size_t> pending(twins.size());
  std::vector<std::uint64_t> streams(twins.size());
  for (std::size_t i = 0; i < pending.size(); ++i) pending[i] = i;
  for (int attempt = 0; attempt < tries && !pending.empty(); ++attempt) {
    parallel_for(static_cast<std::int64_t>(pending.size()), [&](std::int64_t k) {
      const std::size_t i = pending[static_cast<std::size_t>(k)];
      const std::int64_t number = first + static_cast<std::int64_t>(i);
      streams[i] = stream_of(number, attempt);
      twins[i] = draw_site(options, number, streams[i]);
    });
    simulate_truths(twins, pending, parallel_for);
    std::erase_if(pending, [&](std::size_t i) { return !twins[i].site.true_moisture_5cm.empty(); });
  }
  if (!pending.empty())
    throw core::Error(core::ErrorKind::internal,
                      "twin site " + std::to_string(first + static_cast<std::int64_t>(pending[0]) + 1) +
                          ": none of " + std::to_string(tries) + " soils gave a column that converges");
  for (std::size_t i = 0; i < twins.size(); ++i) {
    SptfSite& site = twins[i].site;
    drop_warm_up(site);
    site.surface_soil_moisture = observe_twin(site.true_moisture_5cm, site.land_surface_temperature_c,
                                              options.observing, options.seed, streams[i] + observing_stream);
  }
}

}  // namespace

void TwinOptions::validate() const {
  if (sites < 1 || sites > 100000)
    throw core::Error(core::ErrorKind::usage,
                      "the number of twin sites must be 1 to 100000, found " + std::to_string(sites));
  if (!(texture_correlation >= 0.0 && texture_correlation < 1.0))
    throw core::Error(core::ErrorKind::usage,
                      "the correlation of parameters with texture must be 0 or more and "
                      "below 1, found " +
                          std::to_string(texture_correlation));
  observing.validate();
}

std::vector<TwinSite> make_twin_sites(const TwinOptions& options, const core::ParallelFor& parallel_for,
                                      core::ProgressSink* progress) {
  options.validate();
  std::vector<TwinSite> twins(static_cast<std::size_t>(options.sites));
  if (progress != nullptr) progress->begin("simulating twin sites", options.sites);
  for (std::int64_t first = 0; first < options.sites; first += sites_at_once) {
    const std::int64_t count = std::min(sites_at_once, options.sites - first);
    make_sites(options, first,
               std::span(twins).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count)),
               parallel_for);
    if (progress != nullptr) progress->advance(count);
  }
  if (progress != nullptr) progress->end();
  return twins;
}

}  // namespace rootzone::study
