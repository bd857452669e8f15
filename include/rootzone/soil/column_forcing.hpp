#pragma once
#include <cstddef>
#include <vector>

namespace rootzone::soil {

/// What drives a column: a series of intervals, each with constant rates. Vectors are as long as
/// `duration_d`, or empty where the boundary in use does not ask for them (empty rates are 0).
struct ColumnForcing {
  std::vector<double> duration_d;                    ///< > 0; 1 for daily data
  std::vector<double> precipitation_cm_d;            ///< ≥ 0
  std::vector<double> potential_evaporation_cm_d;    ///< of the soil, ≥ 0
  std::vector<double> potential_transpiration_cm_d;  ///< ≥ 0
  std::vector<double> top_head_cm;                   ///< for TopBoundary::head
  std::vector<double>
      bottom_value;  ///< head (cm), water-table depth (cm) or downward flux (cm/d) by interval

  std::size_t intervals() const { return duration_d.size(); }
  /// Throws core::Error(data) naming the series and the interval: lengths that differ, not finite, negative.
  void validate() const;
};

/// Each interval cut into `parts` equal ones whose rates follow (π/2)·sin(πt), t = 0 … 1 within the interval,
/// so that every total stays exact (the mean of the sine over each part is used). Heads and bottom values are
/// repeated.
ColumnForcing sinusoidal(const ColumnForcing& forcing, std::size_t parts);

}  // namespace rootzone::soil
