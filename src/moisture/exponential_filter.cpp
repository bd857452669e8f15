#include "rootzone/moisture/exponential_filter.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "rootzone/core/error.hpp"
#include "rootzone/core/select.hpp"
#include "rootzone/core/vector_clones.hpp"

namespace rootzone::moisture {
namespace {

using core::Error;
using core::ErrorKind;
using core::Flag;
using core::keep;
using core::lane_mask;
using core::LaneMask;
using core::select;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t chunk = 64;
/// Sums smaller than this carry no weight; clearing them keeps denormal numbers, which are slow and lose
/// digits, out of the recursion.
constexpr double vanished = 1e-100;

constexpr double bit(Flag flag) {
  return static_cast<double>(core::bits(flag));
}

/// Σ_{k=0}^{999} e^(−k/T), summed as a geometric series.
double full_weight(double time_days) {
  return std::expm1(-1000.0 / time_days) / std::expm1(-1.0 / time_days);
}

struct Columns {
  const double *decay, *quality_scale, *warm_up;
  const float* surface;
  double *numerator, *denominator, *elapsed;
};

struct Uniform {
  double step_days;
  double minimum_quality;
  LaneMask value_in_gaps;  ///< set if a day without observation has a value
};

struct Scratch {
  double flags[chunk];
  float value[chunk];  ///< in place of an output nobody wants
  float quality[chunk];
};

/// Where a chunk's results go; NaN = missing.
struct Results {
  float *value, *quality;
};

/// One step of n ≤ chunk pixels. Returns whether any pixel is unusable; its flags are left to the caller.
ROOTZONE_VECTOR_CLONES
bool step_chunk(const Columns& columns, const Uniform& uniform, std::size_t n, const Results& results,
                double* flags) {
  const Columns c = columns;
  const Uniform u = uniform;
  const Results r = results;
  LaneMask any_unusable = 0;
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) {
    const double surface = static_cast<double>(c.surface[i]);
    const double decay = c.decay[i];
    const LaneMask usable = lane_mask(decay == decay);
    const LaneMask observed = usable & lane_mask(surface - surface == 0.0);  // not NaN, not infinite
    const double decayed = c.denominator[i] * decay;
    const LaneMask alive = lane_mask(decayed > vanished);
    const double denominator = keep(alive, decayed) + keep(observed, 1.0);
    const double numerator = keep(alive, c.numerator[i] * decay) + keep(observed, surface);
    const double elapsed_before = c.elapsed[i];
    const LaneMask started = observed | lane_mask(elapsed_before > 0.0);
    c.denominator[i] = denominator;
    c.numerator[i] = numerator;
    c.elapsed[i] = keep(started, elapsed_before + u.step_days);

    const double percent = denominator * c.quality_scale[i];
    const double shown_quality = percent < 100.0 ? percent : 100.0;
    const LaneMask enough = lane_mask(denominator > 0.0) & lane_mask(shown_quality >= u.minimum_quality);
    const LaneMask shown = usable & enough & (observed | u.value_in_gaps);
    const LaneMask spinning = ~started | lane_mask(elapsed_before < c.warm_up[i]);
    const double bits = keep(~observed, bit(Flag::input_missing)) +
                        keep(~observed & shown, bit(Flag::gap_filled)) +
                        keep(spinning, bit(Flag::spinning_up));
    r.value[i] = static_cast<float>(select(shown, numerator / denominator, not_a_number));
    r.quality[i] = static_cast<float>(select(usable, shown_quality, not_a_number));
    flags[i] = bits;
    any_unusable |= ~usable;
  }
  return any_unusable != 0;
}

ROOTZONE_VECTOR_CLONES
bool all_observed(const float* surface, std::size_t n) {
  std::uint32_t missing = 0;
  for (std::size_t i = 0; i < n; ++i) missing |= surface[i] - surface[i] == 0.0F ? 0U : 1U;
  return missing == 0;
}

/// step_chunk where every pixel is observed and any quality will do: the same arithmetic without what cannot
/// happen there.
ROOTZONE_VECTOR_CLONES
bool step_observed_chunk(const Columns& columns, double step_days, std::size_t n, const Results& results,
                         double* flags) {
  const Columns c = columns;
  const Results r = results;
  LaneMask any_unusable = 0;
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) {
    const double decay = c.decay[i];
    const LaneMask usable = lane_mask(decay == decay);
    const double decayed = c.denominator[i] * decay;
    const bool alive = decayed > vanished;
    const double denominator = (alive ? decayed : 0.0) + 1.0;
    const double numerator = (alive ? c.numerator[i] * decay : 0.0) + static_cast<double>(c.surface[i]);
    const double elapsed_before = c.elapsed[i];
    // Without a time nothing starts: the state stays at 0, as in step_chunk.
    c.denominator[i] = keep(usable, denominator);
    c.numerator[i] = keep(usable, numerator);
    c.elapsed[i] = keep(usable, elapsed_before + step_days);
    const double percent = denominator * c.quality_scale[i];
    r.value[i] = static_cast<float>(select(usable, numerator / denominator, not_a_number));
    r.quality[i] = static_cast<float>(select(usable, percent < 100.0 ? percent : 100.0, not_a_number));
    flags[i] = elapsed_before < c.warm_up[i] ? bit(Flag::spinning_up) : 0.0;
    any_unusable |= ~usable;
  }
  return any_unusable != 0;
}

ROOTZONE_VECTOR_CLONES
void store_flags(const double* flags, std::size_t n, core::FlagBits* out) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i)
    out[i] = static_cast<core::FlagBits>(static_cast<std::int32_t>(flags[i]));
}

void require_range(bool good, const char* setting, double value, const char* expected) {
  if (!good)
    throw Error(ErrorKind::usage, std::string("exponential filter setting ") + setting + " = " +
                                      std::to_string(value) + ": expected " + expected);
}

}  // namespace

void FilterSettings::validate() const {
  require_range(step_days > 0.0 && std::isfinite(step_days), "step_days", step_days, "a number above 0");
  require_range(minimum_quality_percent >= 0.0 && minimum_quality_percent <= 100.0, "minimum_quality_percent",
                minimum_quality_percent, "0 to 100");
  require_range(!std::isnan(warm_up_days), "warm_up_days", warm_up_days, "days, or negative for 4.6 T");
}

FilterCoefficients::FilterCoefficients(std::span<const float> time_days, const FilterSettings& settings) {
  settings.validate();
  for (auto& column : m_columns) column.assign(time_days.size(), 0.0);
  for (std::size_t i = 0; i < time_days.size(); ++i) set(i, static_cast<double>(time_days[i]), settings);
}

FilterCoefficients::FilterCoefficients(double time_days, std::int64_t pixels,
                                       const FilterSettings& settings) {
  settings.validate();
  require_range(time_days > 0.0 && std::isfinite(time_days), "T", time_days, "a number of days above 0");
  for (auto& column : m_columns) column.assign(static_cast<std::size_t>(pixels), 0.0);
  if (pixels == 0) return;
  set(0, time_days, settings);
  for (auto& column : m_columns) std::fill(column.begin(), column.end(), column.front());
}

void FilterCoefficients::set(std::size_t pixel, double time_days, const FilterSettings& settings) {
  const bool usable = time_days > 0.0 && std::isfinite(time_days);
  m_columns[0][pixel] = usable ? std::exp(-settings.step_days / time_days) : not_a_number;
  m_columns[1][pixel] = usable ? 100.0 / full_weight(time_days) : 0.0;
  m_columns[2][pixel] = settings.warm_up_days >= 0.0 ? settings.warm_up_days : usable ? 4.6 * time_days : 0.0;
  const Flag reason = std::isnan(time_days) ? Flag::input_missing : Flag::not_applicable;
  m_columns[3][pixel] = usable ? 0.0 : bit(reason);
}

FilterCoefficientView FilterCoefficients::view(std::int64_t first_pixel, std::int64_t pixels) const {
  const auto part = [&](std::size_t column) {
    return std::span<const double>(m_columns[column])
        .subspan(static_cast<std::size_t>(first_pixel), static_cast<std::size_t>(pixels));
  };
  return {part(0), part(1), part(2), part(3)};
}

void advance_exponential_filter(const FilterCoefficientView& c, const FilterSettings& settings,
                                const FilterState& state, const FilterStep& step) {
  const std::size_t pixels = step.surface.size();
  const auto optional = [pixels](std::size_t size) { return size == pixels || size == 0; };
  if (c.decay.size() != pixels || state.numerator.size() != pixels || state.denominator.size() != pixels ||
      state.elapsed.size() != pixels || !optional(step.value.size()) || !optional(step.quality.size()) ||
      !optional(step.flags.size()))
    throw Error(ErrorKind::internal,
                "advance_exponential_filter: every span must have as many pixels as the surface");
  const Uniform uniform{settings.step_days, settings.minimum_quality_percent,
                        lane_mask(settings.value_on_gap_days)};
  alignas(64) Scratch scratch;
  for (std::size_t first = 0; first < pixels; first += chunk) {
    const std::size_t n = std::min(chunk, pixels - first);
    const Columns columns{c.decay.data() + first,         c.quality_scale.data() + first,
                          c.warm_up_days.data() + first,  step.surface.data() + first,
                          state.numerator.data() + first, state.denominator.data() + first,
                          state.elapsed.data() + first};
    const Results results{step.value.empty() ? scratch.value : step.value.data() + first,
                          step.quality.empty() ? scratch.quality : step.quality.data() + first};
    const bool any_unusable =
        settings.minimum_quality_percent == 0.0 && all_observed(columns.surface, n)
            ? step_observed_chunk(columns, settings.step_days, n, results, scratch.flags)
            : step_chunk(columns, uniform, n, results, scratch.flags);
    if (any_unusable)
      for (std::size_t i = 0; i < n; ++i)
        if (c.unusable[first + i] != 0.0) scratch.flags[i] = c.unusable[first + i];
    if (!step.flags.empty()) store_flags(scratch.flags, n, step.flags.data() + first);
  }
}

double SeriesFilter::update(double day, double surface) {
  if (!std::isfinite(surface)) return value();
  if (denominator > 0.0 && !(day > last_day))
    throw Error(ErrorKind::data, "exponential filter: day " + std::to_string(day) + " comes after day " +
                                     std::to_string(last_day) +
                                     " was taken in; observations must be in order of time, each once");
  const double q = denominator > 0.0 ? std::exp(-(day - last_day) / time_days) : 0.0;
  numerator = q * numerator + surface;
  denominator = q * denominator + 1.0;
  last_day = day;
  return value();
}

double SeriesFilter::value() const {
  return denominator > 0.0 ? numerator / denominator : not_a_number;
}

double SeriesFilter::quality_percent(double day) const {
  if (!(denominator > 0.0)) return 0.0;
  return std::min(100.0,
                  100.0 * denominator * std::exp(-(day - last_day) / time_days) / full_weight(time_days));
}

}  // namespace rootzone::moisture
