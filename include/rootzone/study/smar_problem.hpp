#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "rootzone/moisture/smar.hpp"

namespace rootzone::study {

/// The four parameters that are calibrated.
struct SmarValues {
  double sw2 = 0.0;
  double sc1 = 0.0;
  double a = 0.0;  ///< 1/d
  double b = 0.0;
};

/// Days of an axis, [first, end).
struct DayRange {
  std::int64_t first = 0;
  std::int64_t end = 0;
  std::int64_t days() const { return end - first; }
};

/// A station as SMAR sees it.
struct SmarStation {
  std::vector<float> surface;            ///< m3 m-3 a day, NaN = not observed
  std::vector<float> root_zone;          ///< reference, m3 m-3 a day, NaN = missing
  double surface_porosity = 0.0;         ///< m3 m-3, in (0, 1]
  double root_zone_porosity = 0.0;       ///< m3 m-3, in (0, 1]
  double field_capacity = 0.0;           ///< of the root zone, m3 m-3: the initial state
  double surface_thickness_cm = 10.0;    ///< Zr1, for the definition of b only
  double root_zone_thickness_cm = 40.0;  ///< Zr2
};

/// How SMAR is run and where its parameters are looked for.
struct SmarSearch {
  moisture::SmarScheme scheme = moisture::SmarScheme::paper;
  moisture::SmarGapPolicy gap_policy = moisture::SmarGapPolicy::decay;  ///< decay or missing
  double max_gap_days = 30.0;
  double respin_days = 20.0;
  double warm_up_days = 20.0;          ///< days after the first observation that are not compared
  double b_maximum = 1.0;              ///< search bound; a fit that ends at 1 or above is not applicable
  double v2_maximum_cm_per_day = 2.5;  ///< of V2 = a (1 − sw2) n2 Zr2 (Liu et al. 2023, section 2.3)
};

/// One station's calibration: find sw2, sc1, a, b that bring SMAR closest to the measured root-zone
/// saturation on the calibration days (Liu et al. 2023, section 2.3: RMSE after the warm-up).
///
/// The run begins with the first surface observation of the whole series, so that calibration and validation
/// are parts of one run. Days compared: inside the range, with a reference, with a value of SMAR, past the
/// warm-up.
///
/// The search has four coordinates in [0, 1] and no constraint: sw2; sc1; a, from 1e-4 to the smaller of 1
/// and v2_maximum/((1 − sw2) n2 Zr2); and in place of b the level that s2 settles at under the mean input of
/// the record, m = sw2 + (1 − sw2) b ȳ(sc1)/a, from which b follows, cut to [1e-4, b_maximum]. So every point
/// satisfies 0 ≤ V2 ≤ v2_maximum exactly and algorithms that know boxes only need no penalty; and the valley
/// along which b, sc1 and sw2 make up for each other, where a genetic algorithm would stay (20 repetitions,
/// median RMSE 6e-3 of saturation instead of 1e-4), lies along the axes.
///
/// Speed: with x = s2 − sw2 a day is x ← min(1 − sw2, x e^(−aΔt) + input). Such maps compose to maps of the
/// same form, so the record is cut into blocks of days that are run side by side in vector lanes, first for
/// their composed maps, then from the states these give. Equal to `moisture::advance_smar` to rounding
/// (SmarProblem.EqualsTheKernel).
class SmarProblem {
 public:
  /// Throws std::invalid_argument for series of differing length, a range outside them, a porosity outside
  /// (0, 1], gap policy `hold`, or settings out of range.
  SmarProblem(const SmarStation& station, const SmarSearch& search, DayRange calibration);

  static constexpr std::size_t coordinates = 4;

  /// RMSE of root-zone saturation over the compared days; NaN without any. Pure: safe from any thread.
  double rmse(const SmarValues& values) const;
  std::int64_t compared_days() const { return m_compared; }

  /// Parameters of a point of the unit box (see above).
  SmarValues values_at(const std::array<double, coordinates>& point) const;
  double v2_cm_per_day(const SmarValues& values) const;
  /// Parameters that lie within 1 % of their range of an upper bound (a: 1; b: its search bound or 1; sw2,
  /// sc1: 1) or a lower one (sw2, sc1: 0), and v2 at its maximum: "a v2", in this order; empty if none.
  std::string at_bound(const SmarValues& values) const;
  /// Whether b reaches 1, within the 1 % of `at_bound`: outside what SMAR assumes (Liu et al. 2023, 4.1).
  static bool b_reaches_one(const SmarValues& values) { return values.b >= 0.99; }

  /// The kernel's own run over the whole series; saturation NaN where it has no value or warms up, and
  /// everywhere for b ≥ 1, which the kernel refuses.
  moisture::SmarSeries run(const SmarValues& values) const;

  const SmarStation& station() const { return m_station; }
  const SmarSearch& search() const { return m_search; }
  DayRange calibration() const { return m_calibration; }

 private:
  moisture::SmarSettings settings() const;
  moisture::SmarSite site(const SmarValues& values) const;
  void lay_out(const std::vector<bool>& compared);
  double input_days(double a) const;
  double mean_excess(double sc1) const;

  SmarStation m_station;
  SmarSearch m_search;
  DayRange m_calibration;
  std::int64_t m_compared = 0;
  std::int64_t m_run_days = 0;      ///< from the first observation to the end of the calibration
  std::vector<double> m_sorted;     ///< surface saturation of the run, falling
  std::vector<double> m_sums;       ///< of the first 0, 1, 2 … of them
  std::size_t m_block = 0;          ///< days of a block
  std::vector<double> m_surface;    ///< saturation, [day of block][lane]; −1 = not observed
  std::vector<double> m_reference;  ///< saturation
  std::vector<double> m_weight;     ///< 1 on compared days, else 0
};

}  // namespace rootzone::study
