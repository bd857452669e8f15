#include "rootzone/study/sptf_evaluation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "rootzone/soil/pedotransfer.hpp"
#include "rootzone/study/random_field.hpp"
#include "rootzone/study/texture_class.hpp"

namespace rootzone::study {
namespace {

/// Sums over pairs (reference, simulated) that any score is made of.
struct PairSums {
  double n = 0.0;
  double reference = 0.0;
  double simulated = 0.0;
  double reference_squared = 0.0;
  double product = 0.0;
  double error_squared = 0.0;

  void add(double observed, double estimate) {
    n += 1.0;
    reference += observed;
    simulated += estimate;
    reference_squared += observed * observed;
    product += observed * estimate;
    error_squared += (estimate - observed) * (estimate - observed);
  }
  void add(const PairSums& other) {
    n += other.n;
    reference += other.reference;
    simulated += other.simulated;
    reference_squared += other.reference_squared;
    product += other.product;
    error_squared += other.error_squared;
  }
  double spread() const { return reference_squared - reference * reference / n; }
  double nse() const { return spread() > 0.0 ? 1.0 - error_squared / spread() : std::nan(""); }
  double rmse() const { return std::sqrt(error_squared / n); }
  double slope() const { return (product - reference * simulated / n) / spread(); }
};

/// Nothing where a day with a reference has no moisture: the column failed.
std::optional<PairSums> site_sums(const SptfSite& site, std::span<const float> moisture,
                                  MoistureReference reference) {
  PairSums sums;
  if (reference == MoistureReference::truth && site.true_moisture_5cm.empty()) return sums;
  for (std::size_t d = 0; d < sptf_year_days; ++d) {
    const std::size_t day = sptf_year_days + d;
    if (!site.thawed(day)) continue;
    const float value =
        reference == MoistureReference::truth ? site.true_moisture_5cm[day] : site.surface_soil_moisture[day];
    if (std::isnan(value)) continue;
    if (std::isnan(moisture[d])) return std::nullopt;
    sums.add(static_cast<double>(value), static_cast<double>(moisture[d]));
  }
  return sums;
}

double median(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  if (values.empty()) return std::nan("");
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]);
}

std::string class_between(double value, std::span<const double> borders,
                          const std::vector<std::string>& names) {
  std::size_t place = 0;
  while (place < borders.size() && value >= borders[place]) ++place;
  return names[place];
}

std::vector<std::size_t> all_of(std::size_t count) {
  std::vector<std::size_t> which(count);
  for (std::size_t i = 0; i < count; ++i) which[i] = i;
  return which;
}

/// For scores that are held against each other only, of many runs.
constexpr std::size_t study_spin_up_days = 60;

/// An input that sites exchange.
struct ExchangedInput {
  std::string name;
  void (*take)(SptfSite& site, const SptfSite& from);
};
const std::array<ExchangedInput, 9> exchanged_inputs{{
    {"surface_soil_moisture",
     [](SptfSite& site, const SptfSite& from) { site.surface_soil_moisture = from.surface_soil_moisture; }},
    {"precipitation",
     [](SptfSite& site, const SptfSite& from) { site.precipitation_mm = from.precipitation_mm; }},
    {"potential_evapotranspiration",
     [](SptfSite& site, const SptfSite& from) {
       site.potential_evapotranspiration_mm = from.potential_evapotranspiration_mm;
     }},
    {"thawed",
     [](SptfSite& site, const SptfSite& from) {
       site.land_surface_temperature_c = from.land_surface_temperature_c;
     }},
    {"leaf_area_index",
     [](SptfSite& site, const SptfSite& from) { site.leaf_area_index = from.leaf_area_index; }},
    {"sand", [](SptfSite& site, const SptfSite& from) { site.soil.sand = from.soil.sand; }},
    {"silt", [](SptfSite& site, const SptfSite& from) { site.soil.silt = from.soil.silt; }},
    {"clay", [](SptfSite& site, const SptfSite& from) { site.soil.clay = from.soil.clay; }},
    {"bulk_density",
     [](SptfSite& site, const SptfSite& from) { site.soil.bulk_density = from.soil.bulk_density; }},
}};

std::vector<std::size_t> shuffled(std::size_t count, std::uint64_t seed, std::size_t input,
                                  std::uint64_t shuffle) {
  std::vector<std::pair<std::uint64_t, std::size_t>> keys;
  for (std::size_t i = 0; i < count; ++i)
    keys.emplace_back(random_bits({seed, 0x9200 + input}, shuffle * count + i), i);
  std::sort(keys.begin(), keys.end());
  std::vector<std::size_t> order;
  for (const auto& [key, index] : keys) order.push_back(index);
  return order;
}

InputImportance summary(const std::string& input, const std::vector<double>& ratios) {
  InputImportance importance{input, 0.0, 0.0};
  for (const double ratio : ratios) importance.ratio += ratio / static_cast<double>(ratios.size());
  double squares = 0.0;
  for (const double ratio : ratios) squares += (ratio - importance.ratio) * (ratio - importance.ratio);
  if (ratios.size() > 1)
    importance.standard_deviation = std::sqrt(squares / static_cast<double>(ratios.size() - 1));
  return importance;
}

}  // namespace

MoistureScore score_moisture(std::span<const SptfSite* const> sites,
                             std::span<const std::vector<float>> moisture, std::span<const std::size_t> which,
                             MoistureReference reference) {
  PairSums pooled;
  MoistureScore score;
  std::vector<double> site_nse;
  std::vector<double> site_rmse;
  for (const std::size_t i : which) {
    const std::optional<PairSums> own = site_sums(*sites[i], moisture[i], reference);
    if (!own) ++score.failed;
    if (!own || own->n == 0.0) continue;
    ++score.sites;
    pooled.add(*own);
    site_nse.push_back(own->nse());
    site_rmse.push_back(own->rmse());
  }
  if (score.sites == 0) return score;
  score.days = static_cast<std::int64_t>(pooled.n);
  score.nse = pooled.nse();
  score.rmse = pooled.rmse();
  score.slope = pooled.slope();
  score.intercept = (pooled.simulated - score.slope * pooled.reference) / pooled.n;
  score.median_site_nse = median(site_nse);
  score.median_site_rmse = median(site_rmse);
  return score;
}

std::string texture_of(const SptfSite& site) {
  const auto texture = texture_class(100.0 * site.soil.sand, 100.0 * site.soil.clay);
  return texture ? std::string(name_of(*texture)) : "unknown";
}

std::string moisture_class(const SptfSite& site) {
  double sum = 0.0;
  double days = 0.0;
  for (std::size_t day = sptf_year_days; day < 2 * sptf_year_days; ++day) {
    if (!counts(site, day)) continue;
    sum += static_cast<double>(site.surface_soil_moisture[day]);
    days += 1.0;
  }
  if (days == 0.0) return "unknown";
  constexpr std::array<double, 4> borders{0.1, 0.2, 0.3, 0.4};
  return class_between(sum / days, borders,
                       {"below 0.1", "0.1 to 0.2", "0.2 to 0.3", "0.3 to 0.4", "above 0.4"});
}

std::string rain_class(const SptfSite& site) {
  double total = 0.0;
  for (const float rain : site.precipitation_mm) total += static_cast<double>(rain);
  constexpr std::array<double, 4> borders{250.0, 500.0, 750.0, 1000.0};
  return class_between(365.0 * total / static_cast<double>(site.days()), borders,
                       {"below 250 mm", "250 to 500 mm", "500 to 750 mm", "750 to 1000 mm", "above 1000 mm"});
}

std::vector<double> first_year_ceilings(std::span<const SptfSite* const> sites) {
  std::vector<double> ceilings;
  for (const SptfSite* site : sites)
    ceilings.push_back(saturation_ceiling(std::span(site->surface_soil_moisture).first(sptf_year_days)));
  return ceilings;
}

std::vector<std::vector<float>> second_year(const MoisturePhysics& physics,
                                            std::span<const SptfSite* const> sites,
                                            std::span<const SptfParameters> units,
                                            std::span<const double> ceilings,
                                            const core::ParallelFor& parallel_for, std::size_t spin_up_days) {
  std::vector<MoistureJob> jobs;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < sites.size(); ++i) {
    if (std::isnan(units[i][0])) continue;
    places.push_back(i);
    jobs.push_back({sites[i], units[i], ceilings[i], sptf_year_days, sptf_year_days, spin_up_days});
  }
  std::vector<std::vector<float>> simulated(jobs.size());
  physics.simulate(jobs, simulated, parallel_for);
  std::vector<std::vector<float>> moisture(sites.size(), std::vector<float>(sptf_year_days, std::nanf("")));
  for (std::size_t k = 0; k < places.size(); ++k) moisture[places[k]] = std::move(simulated[k]);
  return moisture;
}

std::vector<LengthSkill> skill_by_length(const WindowPredictor& predict, const MoisturePhysics& physics,
                                         std::span<const SptfSite* const> sites,
                                         std::span<const std::int64_t> lengths,
                                         std::int64_t windows_per_length, std::uint64_t seed,
                                         MoistureReference reference, const core::ParallelFor& parallel_for,
                                         const std::function<void()>& step) {
  std::vector<LengthSkill> skills;
  const std::vector<std::size_t> every = all_of(sites.size());
  for (const std::int64_t length : lengths) {
    LengthSkill skill{length, 0.0, 0.0};
    const auto days = static_cast<std::size_t>(length);
    // The whole year is one window, not several.
    const std::int64_t windows = days == sptf_year_days ? 1 : windows_per_length;
    for (std::int64_t w = 0; w < windows; ++w) {
      std::vector<InputWindow> inputs;
      std::vector<double> ceilings;
      for (std::size_t i = 0; i < sites.size(); ++i) {
        const RandomStream random{seed, 0x9100 + static_cast<std::uint64_t>(length)};
        const double u = uniform_deviate(random, static_cast<std::uint64_t>(w) * sites.size() + i);
        const auto first = static_cast<std::size_t>(u * static_cast<double>(sptf_year_days - days + 1));
        inputs.push_back({sites[i], first});
        ceilings.push_back(window_ceiling(inputs.back(), days));
      }
      const auto units = predict(inputs, days);
      const auto moisture = second_year(physics, sites, units, ceilings, parallel_for, study_spin_up_days);
      const MoistureScore score = score_moisture(sites, moisture, every, reference);
      skill.nse += score.nse / static_cast<double>(windows);
      skill.rmse += score.rmse / static_cast<double>(windows);
      step();
    }
    skills.push_back(skill);
  }
  return skills;
}

std::vector<InputImportance> permutation_importance(
    const WindowPredictor& predict, const MoisturePhysics& physics, std::span<const SptfSite* const> sites,
    std::int64_t shuffles, std::uint64_t seed, MoistureReference reference,
    const core::ParallelFor& parallel_for, const std::function<void()>& step) {
  const std::vector<std::size_t> every = all_of(sites.size());
  const std::vector<double> ceilings = first_year_ceilings(sites);
  const auto mean_square = [&](std::span<const SptfSite* const> as_input) {
    std::vector<InputWindow> inputs;
    for (const SptfSite* site : as_input) inputs.push_back({site, 0});
    const auto units = predict(inputs, sptf_year_days);
    const double rmse =
        score_moisture(sites, second_year(physics, sites, units, ceilings, parallel_for, study_spin_up_days),
                       every, reference)
            .rmse;
    step();
    return rmse * rmse;
  };
  const double own = mean_square(sites);
  std::vector<InputImportance> result;
  for (std::size_t input = 0; input < exchanged_inputs.size(); ++input) {
    std::vector<double> ratios;
    for (std::int64_t shuffle = 0; shuffle < shuffles; ++shuffle) {
      const auto order = shuffled(sites.size(), seed, input, static_cast<std::uint64_t>(shuffle));
      std::vector<SptfSite> changed;
      for (const SptfSite* site : sites) changed.push_back(*site);
      std::vector<const SptfSite*> as_input;
      for (std::size_t i = 0; i < changed.size(); ++i) {
        exchanged_inputs[input].take(changed[i], *sites[order[i]]);
        as_input.push_back(&changed[i]);
      }
      ratios.push_back(mean_square(as_input) / own);
    }
    result.push_back(summary(exchanged_inputs[input].name, ratios));
  }
  return result;
}

std::vector<std::string> pedotransfer_names() {
  std::vector<std::string> names;
  for (const soil::PedotransferInfo& info : soil::pedotransfer_functions()) {
    const auto gives = [&](soil::SoilProperty property) {
      return info.gives[static_cast<std::size_t>(property)];
    };
    if (gives(soil::SoilProperty::van_genuchten_alpha) && gives(soil::SoilProperty::van_genuchten_n) &&
        gives(soil::SoilProperty::saturated_water_content) &&
        gives(soil::SoilProperty::saturated_hydraulic_conductivity))
      names.emplace_back(info.name);
  }
  return names;
}

std::optional<SptfParameters> pedotransfer_unit(const std::string& function, const SiteSoil& soil,
                                                double organic_carbon_percent, double ceiling) {
  const soil::SoilSample sample{100.0 * soil.sand, 100.0 * soil.silt,      100.0 * soil.clay,
                                soil.bulk_density, organic_carbon_percent, true};
  const soil::SoilEstimate estimate =
      soil::estimate_soil(soil::parse_pedotransfer_function(function), sample);
  if (estimate.rejection != soil::Rejection::none) return std::nullopt;
  const double residual = estimate[soil::SoilProperty::residual_water_content];
  const SptfParameters physical{estimate[soil::SoilProperty::saturated_water_content],
                                estimate[soil::SoilProperty::van_genuchten_alpha],
                                estimate[soil::SoilProperty::van_genuchten_n],
                                estimate[soil::SoilProperty::saturated_hydraulic_conductivity],
                                std::isnan(residual) ? 0.0 : residual,
                                pedotransfer_half_uptake_cm};
  return sptf_unit(SptfModel::van_genuchten, physical, ceiling);
}

}  // namespace rootzone::study
