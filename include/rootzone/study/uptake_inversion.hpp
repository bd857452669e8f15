#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rootzone/core/parallel.hpp"
#include "rootzone/core/time_axis.hpp"
#include "rootzone/soil/hydraulic_model.hpp"
#include "rootzone/stats/binomial_interval.hpp"
#include "rootzone/study/uptake_errors.hpp"

namespace rootzone::study {

/// What an interval's inverted uptake is worth.
enum class UptakeVerdict {
  usable,           ///< the shares of the layers can be used as numbers
  qualitative,      ///< only an order: where more and where less is taken
  not_identifiable  ///< the profile cannot be told from this balance
};
std::string_view name_of(UptakeVerdict verdict);

/// A station's profile and its water, on consecutive days.
struct ProfileSeries {
  core::TimeAxis axis{{1970, 1, 1}, {1970, 1, 1}};
  std::vector<double> thickness_cm;                ///< of each layer, from the surface down
  std::vector<std::vector<double>> water_content;  ///< [layer][day], daily mean, m3 m-3; NaN = missing
  std::vector<double> precipitation_mm;            ///< of each day; NaN = missing
  std::vector<double> evaporation_mm;              ///< from the soil
  std::vector<double> transpiration_mm;            ///< empty: not known
  std::vector<soil::SoilHydraulics> soil;          ///< one for all layers, or one per layer
  /// Throws core::Error(data) for lengths that differ.
  void validate() const;
};

/// Where the verdicts change. The defaults follow from the virtual experiment (docs/uptake.md).
struct VerdictLimits {
  double usable_success = 0.8;       ///< least success rate under the stated errors
  double qualitative_success = 0.2;  ///< the same for "qualitative only"
  double usable_rain_share = 0.2;    ///< most rain in the balance
  double qualitative_rain_share = 0.6;
  double usable_interval_days = 1.0;
  double qualitative_interval_days = 7.0;
  int usable_layers = 5;
  int qualitative_layers = 10;
  double negative_share = 0.1;  ///< most uptake of the wrong sign, as a share of ΣR, of "qualitative only"
};

struct UptakeInversionSettings {
  int interval_days = 1;
  InversionErrors errors;
  double success_emd_m = 0.01;
  int samples = 2000;  ///< inversions under errors per interval
  std::uint64_t seed = 1;
  VerdictLimits limits;
  /// Throws core::Error(usage) naming the setting.
  void validate() const;
};

/// Uptake of a layer over an interval, mm.
struct LayerUptake {
  double uptake_mm = 0.0;              ///< negative: the balance finds more water than it can explain
  double standard_deviation_mm = 0.0;  ///< under the stated errors
  double share = 0.0;                  ///< of ΣR, or of the transpiration where it is known
  double drainage_mm = 0.0;            ///< through the layer's bottom, trapezoidal, positive downward
  double storage_change_mm = 0.0;
};

/// One interval: from the noon of its first day to the noon of its last, as daily means stand for noon.
struct IntervalUptake {
  core::Date first;
  core::Date last;
  std::vector<LayerUptake> layers;  ///< empty where values are missing
  double precipitation_mm = 0.0;
  double evaporation_mm = 0.0;
  double transpiration_mm = 0.0;  ///< NaN: not known
  double uptake_mm = 0.0;         ///< Σ over the layers
  double uptake_standard_deviation_mm = 0.0;
  double rain_share = 0.0;  ///< P/(P + E + T), with ΣR for T where T is not known
  /// How often the profile found under errors is within the limit of the one found without them.
  stats::BinomialShare success;
  stats::BinomialShare success_known_soil;  ///< the same if the soil were known exactly
  /// The largest error of the water contents (as stated, halved until it does) with which the success rate
  /// would be enough for "usable" if the soil were known exactly; 0: not even a 64th of the stated error.
  double bearable_water_content_error = 0.0;
  UptakeVerdict verdict = UptakeVerdict::not_identifiable;
  std::vector<std::string> reasons;  ///< why it is not better; in words, worst first
};

/// Invert a station's series interval by interval and say what each result is worth.
///
/// The success rate is a parametric test: what was found is taken as the truth, the stated errors are put on
/// soil, water contents and evaporation, and the inversion is made again; a run is a success if its profile
/// lies within success_emd_m (earth mover's distance) of it. It holds the errors of the data, not that of the
/// trapezoidal rule: for that stand the limits on rain, interval and layers, from runs whose truth is known.
/// Shares and distances are of the known transpiration where it is given, else of ΣR. Intervals follow each
/// other from the axis's first day; one that lacks a value keeps its place, with the reason. Intervals go
/// through parallel_for; the same numbers for any number of threads. Throws core::Error. Tests:
/// UptakeInversion.*.
std::vector<IntervalUptake> invert_uptake(const ProfileSeries& series,
                                          const UptakeInversionSettings& settings,
                                          const core::ParallelFor& parallel_for = core::serial_for);

}  // namespace rootzone::study
