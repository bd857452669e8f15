#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>

#include "rootzone/core/parallel.hpp"
#include "rootzone/core/time_axis.hpp"
#include "rootzone/io/input_spec.hpp"
#include "rootzone/io/native_stack.hpp"
#include "rootzone/io/units.hpp"

namespace rootzone::io {

struct InputReport;

/// From a file's numbers to the input's target units, each day's share included.
struct UnitPlan {
  UnitConverter converter;  ///< of an amount: to the target's amount per day
  std::optional<UnitPeriod>
      per_calendar_period;  ///< the file's rate is per month or year: divided by its days
  bool is_total = false;    ///< a record is an amount of its whole interval
  std::string note;         ///< "mm → mm d-1 (totals shared out over their days)", for reports
};

/// Decide what a record is (spec.period_value; automatic: a total if the units are an amount of water) and
/// how it becomes the target units. Months and years are counted by the calendar, never taken as fixed
/// lengths. Throws Error(data) naming input and units if they cannot be converted.
UnitPlan plan_units(const InputSpec& spec, const std::string& file_units);

/// Days of the month or year that an axis day lies in.
double days_of_period(UnitPeriod period, const core::Date& date, core::Calendar calendar);

/// value · scale + offset, outside the range NaN; NaN stays NaN. In place.
struct ValueRule {
  double scale = 1.0;
  double offset = 0.0;
  std::optional<std::array<double, 2>> valid_range;  ///< of the result
  bool is_identity() const { return scale == 1.0 && offset == 0.0 && !valid_range; }
};
void apply_values(const ValueRule& rule, std::span<float> values);
/// The same in pieces, beside each other.
void apply_values(const ValueRule& rule, std::span<float> values, const core::ParallelFor& parallel_for);

/// What a stack says of itself, for people.
void describe_native(const NativeDescription& native, InputReport& report);

}  // namespace rootzone::io
