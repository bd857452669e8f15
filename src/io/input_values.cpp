#include "input_values.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "rootzone/core/error.hpp"
#include "rootzone/io/input.hpp"

namespace rootzone::io {
namespace {

using core::Error;

constexpr std::int64_t piece_cells = 1 << 18;

std::string number(double value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.7g", value);
  return text.data();
}

/// The amounts of a record are amounts per day once shared out: "mm" becomes "mm d-1".
UnitConverter day_converter(const std::string& from, const std::string& to) {
  const bool from_amount = is_water_amount(from);
  const bool to_amount = is_water_amount(to);
  if (from_amount == to_amount) return make_converter(from, to);
  try {
    return from_amount ? make_converter(from + " d-1", to) : make_converter(from, to + " d-1");
  } catch (const Error&) {
    return make_converter(from, to);  // throws with the units as they stand
  }
}

}  // namespace

UnitPlan plan_units(const InputSpec& spec, const std::string& file_units) {
  UnitPlan plan;
  std::string from = spec.units.empty() ? file_units : spec.units;
  const std::string& to = spec.target_units;
  const auto rate = per_period(from);
  const bool counted = rate && !to.empty() && !per_period(to);
  plan.note = to.empty() || to == from ? from : from + " → " + to;
  if (counted) {
    plan.per_calendar_period = rate->period;
    from = rate->amount;
  }
  const bool amount = !counted && is_water_amount(from);
  // A rate per month or year becomes that of its days by the calendar already: it is not shared out again.
  plan.is_total = !counted && (spec.period_value == PeriodValue::total ||
                               (spec.period_value == PeriodValue::automatic && amount));
  if (to.empty()) return plan;
  try {
    plan.converter = day_converter(from, to);
  } catch (Error& error) {
    error.add_context("[inputs." + spec.name + "]");
    throw;
  }
  if (plan.converter.used_water_density) plan.note += " (1 kg of water is 1 mm on 1 m²)";
  if (counted) plan.note += " (by the calendar)";
  return plan;
}

double days_of_period(UnitPeriod period, const core::Date& date, core::Calendar calendar) {
  return period == UnitPeriod::month ? core::days_in_month(date.year, date.month, calendar)
                                     : core::days_in_year(date.year, calendar);
}

void apply_values(const ValueRule& rule, std::span<float> values) {
  if (rule.is_identity()) return;
  const double low = rule.valid_range ? (*rule.valid_range)[0] : -std::numeric_limits<double>::infinity();
  const double high = rule.valid_range ? (*rule.valid_range)[1] : std::numeric_limits<double>::infinity();
  for (float& value : values) {
    const double result = static_cast<double>(value) * rule.scale + rule.offset;
    value = result >= low && result <= high ? static_cast<float>(result)
                                            : std::numeric_limits<float>::quiet_NaN();
  }
}

void apply_values(const ValueRule& rule, std::span<float> values, const core::ParallelFor& parallel_for) {
  if (rule.is_identity()) return;
  const auto count = static_cast<std::int64_t>(values.size());
  parallel_for((count + piece_cells - 1) / piece_cells, [&](std::int64_t piece) {
    const std::int64_t first = piece * piece_cells;
    apply_values(rule, values.subspan(static_cast<std::size_t>(first),
                                      static_cast<std::size_t>(std::min(piece_cells, count - first))));
  });
}

void describe_native(const NativeDescription& native, InputReport& report) {
  report.files = native.files;
  report.native_grid = std::to_string(native.grid.cols()) + " × " + std::to_string(native.grid.rows()) +
                       " cells of " + number(native.grid.dx()) +
                       (native.grid.dx() == native.grid.dy() ? "" : " × " + number(native.grid.dy()));
  report.crs = native.crs_note;
  report.warnings.insert(report.warnings.end(), native.warnings.begin(), native.warnings.end());
}

}  // namespace rootzone::io
