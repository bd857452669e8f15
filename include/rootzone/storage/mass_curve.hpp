#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "rootzone/core/calendar.hpp"
#include "rootzone/core/flags.hpp"
#include "rootzone/core/kernel_state.hpp"

namespace rootzone::storage {

enum class YearReset { none, yearly };

/// What a year contributes to the fit.
enum class AnnualStatistic {
  maximum,  ///< the largest deficit of the year
  rise      ///< the largest deficit less the smallest before it (that of the day before the year included):
        ///< max over t of D_t − min over s ≤ t of D_s; takes out what was carried over (van Oorschot 2024)
};

/// What happens where outflow exceeds inflow over the record.
enum class ClosurePolicy { flag, reset_yearly, scale_outflow, mask };

YearReset parse_year_reset(std::string_view word);  ///< these throw Error(usage) with a suggestion
AnnualStatistic parse_annual_statistic(std::string_view word);
ClosurePolicy parse_closure_policy(std::string_view word);

struct MassCurveSettings {
  int year_start_month = 1;  ///< 1 … 12; pixels may have their own (MassCurvePixels)
  YearReset reset = YearReset::none;
  AnnualStatistic statistic = AnnualStatistic::maximum;
  int minimum_valid_days = 330;  ///< observed days a year needs to count
  int minimum_years = 10;        ///< years a pixel needs
  int max_gap_days = 10;  ///< 0 … 180: gaps up to this are interpolated, longer ones void their years
  ClosurePolicy closure_policy = ClosurePolicy::flag;
  double closure_limit = 1.0;         ///< outflow/inflow above this does not close
  double max_years_above_zero = 5.0;  ///< years since D was last 0, above which the balance does not close
  /// Throws Error(usage) naming the setting, its value and its range.
  void validate() const;
};

/// The record's days and years. Years are real years of the calendar, beginning at a month's first day and
/// named after the calendar year they begin in.
class MassCurveRecord {
 public:
  /// own_year_starts: pixels carry their own start month. Throws Error(usage) if last is before first.
  MassCurveRecord(const core::Date& first, const core::Date& last, core::Calendar calendar,
                  const MassCurveSettings& settings, bool own_year_starts = false);
  core::Calendar calendar() const { return m_calendar; }
  std::int64_t first_day() const { return m_first_day; }  ///< days since 1970-01-01
  int first_year() const { return m_first_year; }         ///< name of slot 0 of the annual maxima
  std::int64_t years() const { return m_years; }          ///< slots of the annual maxima
  /// Name of the year a date belongs to.
  static int year_of(const core::Date& date, int year_start_month);

 private:
  core::Calendar m_calendar;
  std::int64_t m_first_day;
  int m_first_year;
  std::int64_t m_years;
};

/// Positions of the carried quantities. Only the first eight change on an ordinary day.
enum class MassCurveField : std::size_t {
  deficit,
  last_net_flux,
  pending_days,
  inflow_sum,
  outflow_sum,
  year_maximum,
  year_maximum_day,
  last_zero_day,
  year_minimum,
  year_rise,
  year_missing_days,
  year_void,
  filled_days,
  filled_net,
  missing_days,
  negative_input_days,
  discarded,
  record_maximum,
  record_maximum_day,
  annual_maximum
};
inline constexpr std::size_t mass_curve_scalars = 19;  ///< fields before annual_maximum

/// The fields in the order of MassCurveField; annual_maximum holds `years` values per pixel.
std::vector<core::KernelStateField> mass_curve_state_fields(std::int64_t years);

struct MassCurveState {
  std::array<std::span<double>, mass_curve_scalars> scalars;
  std::span<const std::span<double>> annual_maximum;  ///< one span over pixels per year
};

/// Settings that differ between pixels; empty = the same for all.
struct MassCurvePixels {
  std::span<const std::uint8_t> year_start_month = {};
  std::span<const std::uint8_t> reset = {};    ///< not 0: reset yearly
  std::span<const double> outflow_scale = {};  ///< multiplies outflow; NaN: the outflow is not known here
};

/// One day of a strip, mm/d. NaN = missing. Spans that are not there or not wanted are empty.
struct MassCurveDay {
  std::span<const float> inflow;           ///< liquid precipitation + snowmelt, after interception
  std::span<const float> outflow;          ///< evaporation
  std::span<const float> irrigation = {};  ///< counted as inflow
  std::span<float> deficit = {};           ///< mm
  std::span<float> overflow = {};          ///< mm/d: what finds the storage full (recharge)
  std::span<core::FlagBits> flags = {};
};

/// Advance the deficit by one day: D ← max(0, D + F_out − F_in), D_0 = 0 (Gao et al. 2024, Eqs. 3–5).
/// Negative evaporation is inflow. Negative precipitation or irrigation is an error of the input: the day is
/// missing and counted. A missing day has no output (input_missing); if the gap closes within max_gap_days
/// its days are made up from the net flux interpolated between its ends, on the day it closes (gap_filled;
/// that day's overflow includes theirs); a longer gap leaves D as it was and voids its years. day_number:
/// days since 1970-01-01; the days of a pixel come one after the other. Throws Error(internal) if lengths
/// differ, Error(state) if the state has no slot for the year. Pure: safe on disjoint pixels.
void advance_mass_curve(const MassCurveSettings& settings, const MassCurveRecord& record,
                        const MassCurvePixels& pixels, const MassCurveState& state, std::int64_t day_number,
                        const MassCurveDay& day);

/// What the record says about one pixel.
struct MassCurveSummary {
  double record_maximum_mm;   ///< NaN if nothing was observed
  double record_maximum_day;  ///< days since 1970-01-01
  double closure_ratio;       ///< ΣF_out/ΣF_in; infinite without inflow
  double mean_overflow_mm_per_day;
  double years_since_zero;  ///< years of 365.25 d
  int valid_years;
  std::int64_t filled_days;
  std::int64_t missing_days;  ///< days without a valid input, the filled ones included
  std::int64_t negative_input_days;
  core::FlagBits flags;  ///< too_few_years, non_closing_balance, maximum_in_last_year, gap_filled
  /// The books: inflow − outflow − overflow + growth = 0 where no gap was filled; filled days have a net flux
  /// but no inflow and outflow of their own.
  double mean_inflow_mm_per_day = not_observed;   ///< of the observed days
  double mean_outflow_mm_per_day = not_observed;  ///< of the observed days
  double mean_growth_mm_per_day = not_observed;   ///< of the deficit, what resets dropped included
  static constexpr double not_observed = std::numeric_limits<double>::quiet_NaN();
};

/// Conclude one pixel after last_day without changing its state. annual_maxima (years() values): the annual
/// statistic of each valid year, NaN for the others. Under policy `mask` a balance that does not close
/// leaves nothing but flags. The closure ratio is that of the outflow as used: under `scale_outflow` that of
/// the record as given is known from the survey. maximum_in_last_year: within the last 365 days.
MassCurveSummary conclude_mass_curve(const MassCurveSettings& settings, const MassCurveRecord& record,
                                     const MassCurvePixels& pixels, const MassCurveState& state,
                                     std::size_t pixel, std::int64_t last_day,
                                     std::span<double> annual_maxima);

}  // namespace rootzone::storage
