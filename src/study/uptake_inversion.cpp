#include "rootzone/study/uptake_inversion.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "rootzone/core/error.hpp"
#include "rootzone/stats/sobol_sequence.hpp"
#include "rootzone/uptake/uptake_profile.hpp"
#include "uptake_verdict.hpp"

namespace rootzone::study {
namespace {

using core::Error;
using core::ErrorKind;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double cm_per_mm = 0.1;
constexpr double mm_per_cm = 10.0;
constexpr double m_per_cm = 0.01;
constexpr int halvings = 6;
constexpr double success_confidence = 0.95;

/// Daily values from the noon of one day to the noon of a later one.
double noon_to_noon(const std::vector<double>& daily, std::size_t first, std::size_t last) {
  double sum = 0.5 * (daily[first] + daily[last]);
  for (std::size_t day = first + 1; day < last; ++day) sum += daily[day];
  return sum;
}

double sum_of(std::span<const double> values) {
  double sum = 0.0;
  for (double value : values) sum += value;
  return sum;
}

/// What many inversions under errors say of one interval.
struct ErrorRuns {
  stats::BinomialShare success;
  std::vector<double> standard_deviation_cm;  ///< of each layer, then of their sum
};

/// A point of the cube after the other; successes against the profile found without errors.
ErrorRuns run_under_errors(InversionUnderErrors inversion, std::span<const double> found_cm, double known_cm,
                           const UptakeInversionSettings& settings, int samples) {
  const std::size_t layers = found_cm.size();
  ErrorRuns result;
  result.standard_deviation_cm.assign(layers + 1, 0.0);
  if (inversion.factors() == 0) {
    result.success = {1.0, 1.0, 1.0};
    return result;
  }
  const bool known = !std::isnan(known_cm);
  const double found_sum = sum_of(found_cm);
  std::vector<double> truth(found_cm.begin(), found_cm.end());
  for (double& share : truth) share /= known ? known_cm : found_sum;
  const auto points =
      stats::scrambled_sobol(static_cast<std::size_t>(samples), inversion.factors(), settings.seed);
  std::vector<double> uptake(layers), shares(layers), mean(layers + 1, 0.0), square(layers + 1, 0.0);
  std::int64_t successes = 0;
  for (int run = 0; run < samples; ++run) {
    const std::size_t at = static_cast<std::size_t>(run) * inversion.factors();
    inversion.uptake(std::span(points).subspan(at, inversion.factors()), uptake);
    const double sum = sum_of(uptake);
    for (std::size_t i = 0; i <= layers; ++i) {
      const double change = i < layers ? uptake[i] - found_cm[i] : sum - found_sum;
      mean[i] += change / samples;
      square[i] += change * change / samples;
    }
    for (std::size_t i = 0; i < layers; ++i) shares[i] = uptake[i] / (known ? known_cm : sum);
    const double emd_m =
        m_per_cm * uptake::earth_movers_distance(truth, shares, inversion.interval().thickness_cm);
    successes += emd_m < settings.success_emd_m ? 1 : 0;
  }
  result.success = stats::clopper_pearson(successes, samples, success_confidence);
  for (std::size_t i = 0; i <= layers; ++i)
    result.standard_deviation_cm[i] = std::sqrt(std::max(0.0, square[i] - mean[i] * mean[i]));
  return result;
}

double bearable_error(const LayeredInterval& interval, const ProfileSeries& series,
                      std::span<const double> found_cm, double known_cm,
                      const UptakeInversionSettings& settings) {
  InversionErrors errors = settings.errors;
  for (int step = 0; step <= halvings; ++step, errors.water_content *= 0.5) {
    const ErrorRuns runs =
        run_under_errors(InversionUnderErrors(interval, series.soil, errors, ErrorCase::data), found_cm,
                         known_cm, settings, std::max(100, settings.samples / 4));
    if (runs.success.share >= settings.limits.usable_success) return errors.water_content;
  }
  return 0.0;
}

/// "no precipitation on 2011-04-15"; empty where everything is there.
std::string missing_value(const ProfileSeries& series, std::size_t first, std::size_t last) {
  const auto on = [&](std::size_t day) {
    return " on " + core::iso_date(series.axis.date(static_cast<std::int64_t>(day)));
  };
  for (std::size_t day : {first, last})
    for (std::size_t layer = 0; layer < series.water_content.size(); ++layer)
      if (std::isnan(series.water_content[layer][day]))
        return "no water content at " + depth_range(series.thickness_cm, layer) + on(day);
  for (std::size_t day = first; day <= last; ++day) {
    if (std::isnan(series.precipitation_mm[day])) return "no precipitation" + on(day);
    if (std::isnan(series.evaporation_mm[day])) return "no evaporation" + on(day);
  }
  return "";
}

LayeredInterval interval_of(const ProfileSeries& series, std::size_t first, std::size_t last) {
  LayeredInterval interval;
  interval.thickness_cm = series.thickness_cm;
  for (const std::vector<double>& layer : series.water_content) {
    interval.initial_water_content.push_back(layer[first]);
    interval.final_water_content.push_back(layer[last]);
  }
  interval.precipitation_cm = cm_per_mm * noon_to_noon(series.precipitation_mm, first, last);
  interval.evaporation_cm = cm_per_mm * noon_to_noon(series.evaporation_mm, first, last);
  interval.interval_days = static_cast<double>(last - first);
  return interval;
}

/// Found without errors: drainage and uptake of each layer.
void fill_layers(const LayeredInterval& interval, const ProfileSeries& series, IntervalUptake& result,
                 std::vector<double>& uptake_cm) {
  const std::size_t layers = interval.thickness_cm.size();
  const uptake::ProfileInterval profile{interval.thickness_cm, interval.initial_water_content,
                                        interval.final_water_content, interval.precipitation_cm,
                                        interval.evaporation_cm};
  uptake::DrainageWorkspace workspace(layers);
  std::vector<double> drainage(layers);
  uptake_cm.resize(layers);
  uptake::trapezoid_drainage(profile, series.soil, interval.interval_days, workspace, drainage);
  uptake::balance_uptake(profile, drainage, uptake_cm);
  for (std::size_t i = 0; i < layers; ++i) {
    LayerUptake layer;
    layer.uptake_mm = mm_per_cm * uptake_cm[i];
    layer.drainage_mm = mm_per_cm * drainage[i];
    const double change_cm =
        interval.thickness_cm[i] * (interval.final_water_content[i] - interval.initial_water_content[i]);
    layer.storage_change_mm = mm_per_cm * change_cm;
    result.layers.push_back(layer);
  }
}

double rain_share(const IntervalUptake& interval) {
  const double taken = interval.transpiration_mm > 0.0 ? interval.transpiration_mm : interval.uptake_mm;
  const double turnover = interval.precipitation_mm + interval.evaporation_mm + std::max(taken, 0.0);
  return turnover > 0.0 ? interval.precipitation_mm / turnover : 0.0;
}

IntervalUptake invert(const ProfileSeries& series, const UptakeInversionSettings& settings, std::size_t first,
                      std::size_t last) {
  IntervalUptake result;
  result.first = series.axis.date(static_cast<std::int64_t>(first));
  result.last = series.axis.date(static_cast<std::int64_t>(last));
  result.transpiration_mm =
      series.transpiration_mm.empty() ? not_a_number : noon_to_noon(series.transpiration_mm, first, last);
  const std::string missing = missing_value(series, first, last);
  if (!missing.empty()) {
    result.reasons = {missing};
    return result;
  }
  const LayeredInterval interval = interval_of(series, first, last);
  result.precipitation_mm = mm_per_cm * interval.precipitation_cm;
  result.evaporation_mm = mm_per_cm * interval.evaporation_cm;
  std::vector<double> found;
  fill_layers(interval, series, result, found);
  const double known_cm = result.transpiration_mm > 0.0 ? cm_per_mm * result.transpiration_mm : not_a_number;
  const double total_cm = sum_of(found);
  const auto under = [&](ErrorCase error_case) {
    return run_under_errors(InversionUnderErrors(interval, series.soil, settings.errors, error_case), found,
                            known_cm, settings, settings.samples);
  };
  const ErrorRuns runs = under(ErrorCase::both);
  result.success = runs.success;
  result.success_known_soil = under(ErrorCase::data).success;
  result.bearable_water_content_error = bearable_error(interval, series, found, known_cm, settings);
  for (std::size_t i = 0; i < found.size(); ++i) {
    result.layers[i].standard_deviation_mm = mm_per_cm * runs.standard_deviation_cm[i];
    result.layers[i].share = found[i] / (std::isnan(known_cm) ? total_cm : known_cm);
  }
  result.uptake_mm = mm_per_cm * total_cm;
  result.rain_share = rain_share(result);
  result.uptake_standard_deviation_mm = mm_per_cm * runs.standard_deviation_cm.back();
  judge(result, series.thickness_cm, settings);
  return result;
}

void require(bool holds, const std::string& message) {
  if (!holds) throw Error(ErrorKind::usage, "uptake inversion: " + message);
}

}  // namespace

std::string_view name_of(UptakeVerdict verdict) {
  switch (verdict) {
    case UptakeVerdict::usable:
      return "usable";
    case UptakeVerdict::qualitative:
      return "qualitative only";
    case UptakeVerdict::not_identifiable:
      return "not identifiable";
  }
  return "";
}

void ProfileSeries::validate() const {
  const auto days = static_cast<std::size_t>(axis.count());
  const auto check = [](bool holds, const char* what) {
    if (!holds) throw Error(ErrorKind::data, std::string("uptake profile: ") + what);
  };
  check(!thickness_cm.empty() && water_content.size() == thickness_cm.size(),
        "one series of water content per layer expected");
  for (double thickness : thickness_cm) check(thickness > 0.0, "layers of positive thickness expected");
  for (const auto& layer : water_content) check(layer.size() == days, "one water content per day expected");
  check(precipitation_mm.size() == days, "one precipitation per day expected");
  check(evaporation_mm.size() == days, "one evaporation per day expected");
  check(transpiration_mm.empty() || transpiration_mm.size() == days, "one transpiration per day expected");
  check(soil.size() == 1 || soil.size() == thickness_cm.size(), "one soil, or one per layer expected");
  for (const soil::SoilHydraulics& model : soil) soil::validate(model);
}

void UptakeInversionSettings::validate() const {
  errors.validate();
  require(interval_days >= 1, "interval_days should be 1 or more, found " + std::to_string(interval_days));
  require(success_emd_m > 0.0, "success_emd should be above 0 m, found " + std::to_string(success_emd_m));
  require(samples >= 100 && samples <= 10000000,
          "samples should be 100 to 10 000 000, found " + std::to_string(samples));
}

std::vector<IntervalUptake> invert_uptake(const ProfileSeries& series,
                                          const UptakeInversionSettings& settings,
                                          const core::ParallelFor& parallel_for) {
  series.validate();
  settings.validate();
  const std::int64_t intervals = (series.axis.count() - 1) / settings.interval_days;
  if (intervals < 1)
    throw Error(ErrorKind::data, "uptake inversion: " + std::to_string(series.axis.count()) +
                                     " days hold no interval of " + std::to_string(settings.interval_days));
  std::vector<IntervalUptake> results(static_cast<std::size_t>(intervals));
  parallel_for(intervals, [&](std::int64_t i) {
    const auto first = static_cast<std::size_t>(i * settings.interval_days);
    results[static_cast<std::size_t>(i)] =
        invert(series, settings, first, first + static_cast<std::size_t>(settings.interval_days));
  });
  return results;
}

}  // namespace rootzone::study
