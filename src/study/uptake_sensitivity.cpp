#include "rootzone/study/uptake_sensitivity.hpp"

#include <string>

#include "rootzone/core/error.hpp"
#include "rootzone/uptake/uptake_profile.hpp"

namespace rootzone::study {
namespace {

using core::Error;
using core::ErrorKind;

constexpr double m_per_cm = 0.01;

/// Both distances of a perturbed inversion from the truth, m.
class DistanceModel {
 public:
  explicit DistanceModel(InversionUnderErrors inversion)
      : m_inversion(std::move(inversion)),
        m_truth(uptake::proportions_of_sum(m_inversion.interval().true_uptake_cm)),
        m_uptake(m_truth.size()),
        m_shares(m_truth.size()) {
    for (double layer : m_inversion.interval().true_uptake_cm) m_transpiration_cm += layer;
  }

  void operator()(std::span<const double> point, std::span<double> distances_m) {
    m_inversion.uptake(point, m_uptake);
    const std::span<const double> thickness = m_inversion.interval().thickness_cm;
    double sum = 0.0;
    for (double layer : m_uptake) sum += layer;
    distances_m[0] = distance_m(sum, thickness);
    distances_m[1] = distance_m(m_transpiration_cm, thickness);
  }

 private:
  double distance_m(double divisor, std::span<const double> thickness_cm) {
    for (std::size_t i = 0; i < m_uptake.size(); ++i) m_shares[i] = m_uptake[i] / divisor;
    return m_per_cm * uptake::earth_movers_distance(m_truth, m_shares, thickness_cm);
  }

  InversionUnderErrors m_inversion;
  std::vector<double> m_truth;
  std::vector<double> m_uptake;
  std::vector<double> m_shares;
  double m_transpiration_cm = 0.0;
};

std::int64_t successes_of(const stats::SampleOutput& output, double limit_m) {
  std::int64_t successes = 0;
  for (std::size_t m = 0; m < 2; ++m)
    for (double emd : output.matrix(m)) successes += emd < limit_m ? 1 : 0;
  return successes;
}

stats::SampleOutput in_form(SensitivityForm form, const std::vector<stats::SampleOutput>& outputs) {
  switch (form) {
    case SensitivityForm::ratio:
      return outputs[0];
    case SensitivityForm::known:
      return outputs[1];
    case SensitivityForm::ratio_rank:
      return stats::rank_transformed(outputs[0]);
    case SensitivityForm::ratio_log:
      return stats::log_transformed(outputs[0]);
  }
  throw Error(ErrorKind::internal, "uptake sensitivity: unknown form");
}

}  // namespace

std::string_view name_of(SensitivityForm form) {
  switch (form) {
    case SensitivityForm::ratio:
      return "ratio";
    case SensitivityForm::known:
      return "known_transpiration";
    case SensitivityForm::ratio_rank:
      return "ratio_rank";
    case SensitivityForm::ratio_log:
      return "ratio_log";
  }
  return "";
}

void UptakeSensitivitySettings::validate() const {
  errors.validate();
  if (!(success_emd_m > 0.0))
    throw Error(ErrorKind::usage, "uptake sensitivity: success_emd should be above 0 m, found " +
                                      std::to_string(success_emd_m));
  if (samples < 16 || samples > 10000000)
    throw Error(ErrorKind::usage,
                "uptake sensitivity: samples should be 16 to 10 000 000, found " + std::to_string(samples));
}

UptakeSensitivity interval_sensitivity(const LayeredInterval& interval, const soil::SoilHydraulics& soil,
                                       ErrorCase error_case, const UptakeSensitivitySettings& settings) {
  settings.validate();
  InversionUnderErrors inversion(interval, {soil}, settings.errors, error_case);
  if (inversion.factors() == 0)
    throw Error(ErrorKind::usage, "uptake sensitivity: nothing is in error in case '" +
                                      std::string(name_of(error_case)) + "'; set an error above 0");
  const stats::SaltelliSample sample(
      {inversion.factors(), inversion.groups(), settings.samples, settings.seed});
  DistanceModel model(std::move(inversion));
  const auto outputs =
      stats::evaluate_sample(sample, 2, [&](auto point, auto distances) { model(point, distances); });
  UptakeSensitivity result;
  result.error_case = error_case;
  result.runs = static_cast<std::int64_t>(2 * sample.rows());
  result.evaluations = static_cast<std::int64_t>(sample.evaluations());
  result.successes = successes_of(outputs[0], settings.success_emd_m);
  result.successes_known = successes_of(outputs[1], settings.success_emd_m);
  for (SensitivityForm form : sensitivity_forms)
    result.forms.push_back({form, stats::sobol_indices(in_form(form, outputs), settings.bootstrap)});
  return result;
}

std::vector<UptakeSensitivity> uptake_sensitivity(const UptakeExperimentSettings& experiment,
                                                  const UptakeSensitivitySettings& settings,
                                                  const core::ParallelFor& parallel_for) {
  UptakeExperimentSettings forward = experiment;
  forward.intervals_days = {settings.interval_days};
  forward.schemes = {settings.scheme};
  forward.validate();
  constexpr std::array<ErrorCase, 3> error_cases{ErrorCase::soil, ErrorCase::data, ErrorCase::both};
  std::vector<ForwardRun> runs(4);
  parallel_for(4, [&](std::int64_t i) {
    runs[static_cast<std::size_t>(i)] =
        run_uptake_column(forward, i / 2 == 0 ? RootPattern::shallow : RootPattern::deep,
                          i % 2 == 0 ? Wetness::dry : Wetness::wet);
  });
  std::vector<UptakeSensitivity> results(12);
  parallel_for(12, [&](std::int64_t i) {
    const ForwardRun& run = runs[static_cast<std::size_t>(i / 3)];
    UptakeSensitivity& result = results[static_cast<std::size_t>(i)];
    result = interval_sensitivity(layered(forward, run, settings.interval_days, settings.scheme),
                                  forward.soil, error_cases[static_cast<std::size_t>(i % 3)], settings);
    result.pattern = run.pattern;
    result.wetness = run.wetness;
  });
  return results;
}

}  // namespace rootzone::study
