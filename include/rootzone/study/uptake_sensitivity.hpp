#pragma once
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "rootzone/core/parallel.hpp"
#include "rootzone/stats/binomial_interval.hpp"
#include "rootzone/stats/sobol_indices.hpp"
#include "rootzone/study/uptake_errors.hpp"
#include "rootzone/study/uptake_experiment.hpp"

namespace rootzone::study {

/// What is decomposed. All but the first have a finite variance.
enum class SensitivityForm {
  ratio,  ///< EMD of the shares of ΣR, the paper's form: ΣR crosses zero, so its variance does not exist
  known,  ///< EMD of the shares of the known transpiration
  ratio_rank,  ///< ranks of the paper's EMD
  ratio_log    ///< logarithm of the paper's EMD
};
inline constexpr std::array<SensitivityForm, 4> sensitivity_forms{
    SensitivityForm::ratio, SensitivityForm::known, SensitivityForm::ratio_rank, SensitivityForm::ratio_log};
std::string_view name_of(SensitivityForm form);

struct UptakeSensitivitySettings {
  InversionErrors errors;
  int interval_days = 1;
  LayerScheme scheme{3, 30.0};
  double success_emd_m = 0.01;
  std::size_t samples = 16384;  ///< rows of each of Saltelli's matrices
  std::uint64_t seed = 1;
  stats::BootstrapOptions bootstrap;
  /// Throws core::Error(usage) naming the setting.
  void validate() const;
};

struct SensitivityOfForm {
  SensitivityForm form = SensitivityForm::ratio;
  stats::SobolResult indices;
};

/// One error case on one interval.
struct UptakeSensitivity {
  RootPattern pattern = RootPattern::shallow;
  Wetness wetness = Wetness::dry;
  ErrorCase error_case = ErrorCase::soil;
  std::int64_t runs = 0;                 ///< rows of A and B
  std::int64_t successes = 0;            ///< EMD of the shares of ΣR below the limit
  std::int64_t successes_known = 0;      ///< the same by the known transpiration
  std::int64_t evaluations = 0;          ///< of the inversion, for the indices
  std::vector<SensitivityOfForm> forms;  ///< in the order of `sensitivity_forms`
};

/// How often an inversion under errors finds the true profile, and which error its EMD comes from: success
/// over the rows of A and B, which are points of the whole cube; Sobol's indices over Saltelli's sample, the
/// water contents of all layers and both ends as independent factors of one group. Throws core::Error(usage).
UptakeSensitivity interval_sensitivity(const LayeredInterval& interval, const soil::SoilHydraulics& soil,
                                       ErrorCase error_case, const UptakeSensitivitySettings& settings);

/// Three error cases of the four experiments (pattern, wetness, case, nested in this order); forward runs and
/// cases go through parallel_for; the same numbers for any number of threads. Tests: UptakeSensitivity.*.
std::vector<UptakeSensitivity> uptake_sensitivity(const UptakeExperimentSettings& experiment,
                                                  const UptakeSensitivitySettings& settings,
                                                  const core::ParallelFor& parallel_for = core::serial_for);

}  // namespace rootzone::study
