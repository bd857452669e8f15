#include "uptake_verdict.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace rootzone::study {
namespace {

struct Finding {
  UptakeVerdict at_best = UptakeVerdict::usable;
  std::string reason;
};

/// With a fixed point, whatever the locale.
std::string number(double value, int decimals) {
  if (!std::isfinite(value)) return "–";
  std::array<char, 400> text{};  // any double with a fixed point fits
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, decimals);
  const std::string result(text.data(), end.ptr);
  return result.starts_with("-") ? "−" + result.substr(1) : result;
}

std::string percent(double share) {
  return number(100.0 * share, 0) + " %";
}

/// The level of a value that had better be small.
UptakeVerdict level_of(double value, double usable, double qualitative) {
  if (value <= usable) return UptakeVerdict::usable;
  return value <= qualitative ? UptakeVerdict::qualitative : UptakeVerdict::not_identifiable;
}

Finding total_finding(const IntervalUptake& interval) {
  const double total = interval.uptake_mm;
  const double error = interval.uptake_standard_deviation_mm;
  const std::string found = number(total, 2) + " ± " + number(error, 2) + " mm";
  if (!(total > 0.0))
    return {UptakeVerdict::not_identifiable, "the balance leaves no uptake: over all layers it is " + found};
  if (std::isnan(interval.transpiration_mm)) {
    if (total > 2.0 * error) return {};
    return {UptakeVerdict::not_identifiable, "the uptake over all layers, " + found +
                                                 ", cannot be told from zero, and the shares divide by it"};
  }
  const double gap = std::abs(total - interval.transpiration_mm);
  if (gap <= std::max(2.0 * error, 0.25 * interval.transpiration_mm)) return {};
  return {UptakeVerdict::qualitative, "the uptake over all layers, " + found +
                                          ", is far from the transpiration of " +
                                          number(interval.transpiration_mm, 2) + " mm"};
}

Finding rain_finding(const IntervalUptake& interval, const VerdictLimits& limits) {
  const UptakeVerdict level =
      level_of(interval.rain_share, limits.usable_rain_share, limits.qualitative_rain_share);
  return {level, "rain is " + percent(interval.rain_share) + " of the balance and hides the uptake"};
}

Finding interval_finding(const UptakeInversionSettings& settings) {
  const double days = settings.interval_days;
  return {level_of(days, settings.limits.usable_interval_days, settings.limits.qualitative_interval_days),
          number(days, 0) + " days between observations: drainage does not change evenly over so long"};
}

Finding layers_finding(std::size_t layers, const VerdictLimits& limits) {
  return {level_of(static_cast<double>(layers), limits.usable_layers, limits.qualitative_layers),
          std::to_string(layers) + " layers: the thinner they are, the more the errors of the fluxes weigh"};
}

Finding success_finding(const IntervalUptake& interval, const UptakeInversionSettings& settings) {
  const stats::BinomialShare& success = interval.success;
  const VerdictLimits& limits = settings.limits;
  Finding finding;
  finding.at_best = success.share >= limits.usable_success        ? UptakeVerdict::usable
                    : success.share >= limits.qualitative_success ? UptakeVerdict::qualitative
                                                                  : UptakeVerdict::not_identifiable;
  finding.reason = "under the stated errors only " + percent(success.share) + " (" + percent(success.low) +
                   "–" + percent(success.high) + ") of the inversions come within " +
                   number(settings.success_emd_m, 3) + " m of this profile, " +
                   percent(interval.success_known_soil.share) + " if the soil were known exactly";
  const double bearable = interval.bearable_water_content_error;
  if (settings.errors.water_content > 0.0 && bearable < settings.errors.water_content) {
    const bool relative = settings.errors.water_content_kind == WaterErrorKind::relative;
    finding.reason += bearable > 0.0 ? "; then water contents to ±" +
                                           (relative ? number(100.0 * bearable, 3) + " %"
                                                     : number(bearable, 5) + " m³ m⁻³") +
                                           " would do"
                                     : "; even then no water content is exact enough";
  }
  return finding;
}

void add_negative_findings(const IntervalUptake& interval, std::span<const double> thickness_cm,
                           const VerdictLimits& limits, std::vector<Finding>& findings) {
  double negative_mm = 0.0;
  for (const LayerUptake& layer : interval.layers) negative_mm += std::min(layer.uptake_mm, 0.0);
  const bool much = -negative_mm > limits.negative_share * std::abs(interval.uptake_mm);
  for (std::size_t i = 0; i < interval.layers.size(); ++i) {
    const LayerUptake& layer = interval.layers[i];
    if (!(layer.uptake_mm < 0.0)) continue;
    const bool explained = layer.uptake_mm + 2.0 * layer.standard_deviation_mm >= 0.0;
    findings.push_back(
        {much ? UptakeVerdict::not_identifiable : UptakeVerdict::qualitative,
         "negative uptake at " + depth_range(thickness_cm, i) + ": " + number(layer.uptake_mm, 2) + " ± " +
             number(layer.standard_deviation_mm, 2) + " mm" +
             (explained ? ", within the stated errors"
                        : ", beyond the stated errors: fluxes, soil or rain are not as assumed")});
  }
}

}  // namespace

std::string depth_range(std::span<const double> thickness_cm, std::size_t layer) {
  double top = 0.0;
  for (std::size_t i = 0; i < layer; ++i) top += thickness_cm[i];
  const auto depth = [](double cm) { return number(cm, cm == std::floor(cm) ? 0 : 1); };
  return depth(top) + "–" + depth(top + thickness_cm[layer]) + " cm";
}

void judge(IntervalUptake& interval, std::span<const double> thickness_cm,
           const UptakeInversionSettings& settings) {
  const VerdictLimits& limits = settings.limits;
  std::vector<Finding> findings{total_finding(interval), success_finding(interval, settings),
                                rain_finding(interval, limits), interval_finding(settings),
                                layers_finding(interval.layers.size(), limits)};
  add_negative_findings(interval, thickness_cm, limits, findings);
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.at_best > b.at_best; });
  interval.verdict = findings.front().at_best;
  for (const Finding& finding : findings)
    if (finding.at_best != UptakeVerdict::usable) interval.reasons.push_back(finding.reason);
}

}  // namespace rootzone::study
