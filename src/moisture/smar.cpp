#include "rootzone/moisture/smar.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "rootzone/core/error.hpp"
#include "rootzone/core/select.hpp"
#include "rootzone/core/vector_clones.hpp"

namespace rootzone::moisture {
namespace {

using core::Flag;
using core::keep;
using core::lane_mask;
using core::LaneMask;
using core::select;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t chunk = 128;  // scratch of a chunk stays in the first-level cache

constexpr double bit(Flag flag) {
  return static_cast<double>(core::bits(flag));
}

/// What is the same for all pixels of a step. Flags are kept as doubles in the loop, so that every lane has
/// one width; they are sums of distinct powers of two.
struct Uniform {
  double step_days;
  double max_gap_days;
  double respin_days;
  core::LaneMask value_in_gaps;  ///< set if a day without observation has a value
  bool plain_input;              ///< the input term has no factor: any policy but `hold`
};

struct Columns {
  const double *decay, *gain, *scale;
  const float *sw2, *sc1, *status, *porosity, *surface;
  double *saturation, *age, *spin_left, *respin;
};

struct Scratch {
  double factor[chunk];     ///< of the input term
  double excess[chunk];     ///< saturation cut off
  float saturation[chunk];  ///< in place of an output nobody wants
  float water_content[chunk];
  double flags[chunk];
};

/// Where a chunk's results go; NaN = missing.
struct Results {
  float *saturation, *water_content;
};

/// What the pixels of a chunk have behind them.
struct Past {
  bool all_started;
  bool steady;  ///< all started, none spinning up or returning from a long gap
};

/// Looks at bits alone: only an age is negative and only before the start; what need not be waited for is +0.
ROOTZONE_VECTOR_CLONES
Past past_of(const double* age, const double* spin_left, const double* respin, std::size_t n) {
  std::uint64_t ages = 0, waits = 0;
  for (std::size_t i = 0; i < n; ++i) {
    ages |= std::bit_cast<std::uint64_t>(age[i]);
    waits |= std::bit_cast<std::uint64_t>(spin_left[i]) | std::bit_cast<std::uint64_t>(respin[i]);
  }
  const bool all_started = (ages >> 63U) == 0;
  return {all_started, all_started && waits == 0};
}

/// Give the pixels whose first observation this is their initial state.
void start_pixels(const SmarCoefficientView& c, const SmarState& state, std::span<const float> surface,
                  std::size_t first, std::size_t n) {
  for (std::size_t i = first; i < first + n; ++i) {
    const bool starts =
        state.age[i] < 0.0 && std::isfinite(static_cast<double>(surface[i]) * c.surface_scale[i]);
    if (!starts) continue;
    state.saturation[i] = static_cast<double>(c.initial[i]);
    state.spin_left[i] = c.warm_up_days[i];
  }
}

/// One step of n ≤ chunk pixels: new state in place, value, flags and water cut off into scratch. What is
/// needed on few days only is left to the caller: each further column costs memory traffic on every day.
/// Returns whether any water was cut off.
ROOTZONE_VECTOR_CLONES
bool step_chunk(const Columns& columns, const Uniform& uniform, std::size_t n, const Results& results,
                Scratch& scratch) {
  const Columns c = columns;
  const Uniform u = uniform;
  const Results r = results;
  Scratch& s = scratch;
  LaneMask any_over = 0;
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) {
    const double surface = static_cast<double>(c.surface[i]) * c.scale[i];
    const LaneMask observed = lane_mask(surface - surface == 0.0);  // not NaN, not infinite
    const double age_before = c.age[i];
    const LaneMask started = observed | lane_mask(age_before >= 0.0);
    const LaneMask flooded = lane_mask(surface > 1.0);
    const double excess = select(flooded, 1.0, surface) - static_cast<double>(c.sc1[i]);
    const double input = keep(observed & lane_mask(excess > 0.0), c.gain[i] * s.factor[i] * excess);
    const double previous = c.saturation[i];
    const double sw2 = static_cast<double>(c.sw2[i]);
    const double next = select(started, sw2 + (previous - sw2) * c.decay[i] + input, previous);
    const LaneMask over = lane_mask(next > 1.0);
    const double within_one = select(over, 1.0, next);
    const double saturation = keep(lane_mask(within_one > 0.0), within_one);

    const double age = keep(~observed, select(started, age_before + u.step_days, -1.0));
    const double respin_before = c.respin[i];
    const double spin_before = c.spin_left[i];
    const LaneMask returning = lane_mask(respin_before > 0.0);
    const LaneMask spinning = lane_mask(spin_before > 0.0);
    const LaneMask too_old = lane_mask(age > u.max_gap_days);
    c.saturation[i] = saturation;
    c.age[i] = age;
    c.spin_left[i] = keep(spinning, spin_before - keep(started, u.step_days));
    c.respin[i] = select(too_old, u.respin_days, respin_before - keep(observed & returning, 1.0));

    const double status = static_cast<double>(c.status[i]);
    const LaneMask usable = lane_mask(status == 0.0) | lane_mask(status == bit(Flag::clipped_parameter));
    const LaneMask shown = usable & started & ~too_old & ~returning & (observed | u.value_in_gaps);
    const double bits = status + keep(~observed, bit(Flag::input_missing)) +
                        keep(~observed & shown, bit(Flag::gap_filled)) +
                        keep(returning | ~started | spinning, bit(Flag::spinning_up)) +
                        keep(over | flooded, bit(Flag::capped));
    const double value = select(shown, saturation, not_a_number);
    r.saturation[i] = static_cast<float>(value);
    r.water_content[i] = static_cast<float>(value * static_cast<double>(c.porosity[i]));
    s.flags[i] = select(usable, bits, status);
    s.excess[i] = keep(over, next - 1.0);
    any_over |= over;
  }
  return any_over != 0;
}

struct Events {
  bool cut;      ///< water was cut off
  bool too_old;  ///< a gap became too long
};

/// step_chunk for chunks whose past is steady: the same arithmetic without what cannot happen there.
/// A gap that becomes too long is left to the caller to note in the state.
ROOTZONE_VECTOR_CLONES
Events step_steady_chunk(const Columns& columns, const Uniform& uniform, std::size_t n,
                         const Results& results, Scratch& scratch) {
  const Columns c = columns;
  const Uniform u = uniform;
  const Results r = results;
  Scratch& s = scratch;
  LaneMask any_over = 0, any_too_old = 0;
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) {
    const double surface = static_cast<double>(c.surface[i]) * c.scale[i];
    const LaneMask observed = lane_mask(surface - surface == 0.0);
    const LaneMask flooded = lane_mask(surface > 1.0);
    const double excess = select(flooded, 1.0, surface) - static_cast<double>(c.sc1[i]);
    const double input = keep(observed & lane_mask(excess > 0.0), c.gain[i] * s.factor[i] * excess);
    const double sw2 = static_cast<double>(c.sw2[i]);
    const double next = sw2 + (c.saturation[i] - sw2) * c.decay[i] + input;
    const LaneMask over = lane_mask(next > 1.0);
    const double within_one = select(over, 1.0, next);
    const double saturation = keep(lane_mask(within_one > 0.0), within_one);
    const double age = keep(~observed, c.age[i] + u.step_days);
    const LaneMask too_old = lane_mask(age > u.max_gap_days);
    c.saturation[i] = saturation;
    c.age[i] = age;

    const double status = static_cast<double>(c.status[i]);
    const LaneMask usable = lane_mask(status == 0.0) | lane_mask(status == bit(Flag::clipped_parameter));
    const LaneMask shown = usable & ~too_old & (observed | u.value_in_gaps);
    const double bits = status + keep(~observed, bit(Flag::input_missing)) +
                        keep(~observed & shown, bit(Flag::gap_filled)) +
                        keep(over | flooded, bit(Flag::capped));
    const double value = select(shown, saturation, not_a_number);
    r.saturation[i] = static_cast<float>(value);
    r.water_content[i] = static_cast<float>(value * static_cast<double>(c.porosity[i]));
    s.flags[i] = select(usable, bits, status);
    s.excess[i] = keep(over, next - 1.0);
    any_over |= over;
    any_too_old |= too_old;
  }
  return {any_over != 0, any_too_old != 0};
}

ROOTZONE_VECTOR_CLONES
bool all_observed(const float* surface, std::size_t n) {
  std::uint32_t missing = 0;
  for (std::size_t i = 0; i < n; ++i) missing |= surface[i] - surface[i] == 0.0F ? 0U : 1U;
  return missing == 0;
}

/// step_steady_chunk where every pixel is observed and the factor of the input is 1: no gap to look after. A
/// pixel without parameters has zeros for coefficients, so it stays at 0, which is neither flooded nor cut.
/// Plain choices between two values become minima, maxima and blends, shorter than masks. No cut at 0: a
/// weighted mean of sw2 and a saturation is not negative, in rounded numbers neither, nor is what is added.
ROOTZONE_VECTOR_CLONES
bool step_observed_chunk(const Columns& columns, std::size_t n, const Results& results, Scratch& scratch) {
  const Columns c = columns;
  const Results r = results;
  Scratch& s = scratch;
  std::uint64_t any_cut = 0;
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) {
    const double scale = c.scale[i];
    const double surface = static_cast<double>(c.surface[i]) * scale;
    const double wetness = surface < 1.0 ? surface : 1.0;
    const double above = wetness - static_cast<double>(c.sc1[i]);
    const double excess = above > 0.0 ? above : 0.0;
    const double sw2 = static_cast<double>(c.sw2[i]);
    const double next = sw2 + (c.saturation[i] - sw2) * c.decay[i] + c.gain[i] * excess;
    const double saturation = next < 1.0 ? next : 1.0;
    const double cut = next - saturation;
    const double value = scale > 0.0 ? saturation : not_a_number;
    c.saturation[i] = saturation;
    c.age[i] = 0.0;
    r.saturation[i] = static_cast<float>(value);
    r.water_content[i] = static_cast<float>(value * static_cast<double>(c.porosity[i]));
    s.flags[i] =
        static_cast<double>(c.status[i]) + (cut + (surface - wetness) > 0.0 ? bit(Flag::capped) : 0.0);
    s.excess[i] = cut;
    any_cut |= std::bit_cast<std::uint64_t>(cut);
  }
  return any_cut != 0;
}

/// Factor of the input term under the policy `hold`: the whole time since the last observation, one step
/// without a gap, over what an observation stands for; 1 if there was none before or the gap was too long.
void hold_factors(const SmarCoefficientView& coefficients, const SmarSettings& settings,
                  std::span<const double> age, std::size_t first, std::size_t n, double* factor) {
  for (std::size_t i = 0; i < n; ++i) {
    const double before = age[first + i];
    factor[i] = 1.0;
    if (!(before >= 0.0) || before > settings.max_gap_days) continue;
    const double time = before + settings.step_days;
    if (time == settings.observation_step_days) continue;  // the usual day: spares two exponentials
    const double a = coefficients.loss[first + i];
    factor[i] = settings.scheme == SmarScheme::paper
                    ? time / settings.observation_step_days
                    : std::expm1(-a * time) / std::expm1(-a * settings.observation_step_days);
  }
}

ROOTZONE_VECTOR_CLONES
void add_products(const double* excess, const double* factor, std::size_t n, double* sum) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) sum[i] += excess[i] * factor[i];
}

/// The leanest of the three loops that does for a chunk.
Events advance_chunk(const Columns& columns, const Uniform& uniform, bool steady, std::size_t n,
                     const Results& results, Scratch& scratch) {
  if (!steady) return {step_chunk(columns, uniform, n, results, scratch), false};
  if (uniform.plain_input && all_observed(columns.surface, n))
    return {step_observed_chunk(columns, n, results, scratch), false};
  return step_steady_chunk(columns, uniform, n, results, scratch);
}

ROOTZONE_VECTOR_CLONES
void store_flags(const double* flags, std::size_t n, core::FlagBits* out) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i)
    out[i] = static_cast<core::FlagBits>(static_cast<std::int32_t>(flags[i]));
}

void require_lengths(const SmarCoefficientView& c, const SmarState& s, const SmarStep& step) {
  const std::size_t n = step.surface.size();
  const auto optional = [n](std::size_t size) { return size == n || size == 0; };
  if (c.decay.size() != n || s.saturation.size() != n || s.age.size() != n || s.spin_left.size() != n ||
      s.respin.size() != n || s.capped_mm.size() != n || !optional(step.saturation.size()) ||
      !optional(step.water_content.size()) || !optional(step.flags.size()))
    throw core::Error(core::ErrorKind::internal,
                      "advance_smar: every span must have as many pixels as the surface");
}

}  // namespace

void advance_smar(const SmarCoefficientView& c, const SmarSettings& settings, const SmarState& state,
                  const SmarStep& step) {
  require_lengths(c, state, step);
  const Uniform uniform{settings.step_days, settings.max_gap_days, settings.respin_days,
                        core::lane_mask(settings.gap_policy != SmarGapPolicy::missing),
                        settings.gap_policy != SmarGapPolicy::hold};
  alignas(64) Scratch scratch;
  std::fill_n(scratch.factor, std::min(chunk, step.surface.size()), 1.0);
  for (std::size_t first = 0; first < step.surface.size(); first += chunk) {
    const std::size_t n = std::min(chunk, step.surface.size() - first);
    const Past past =
        past_of(state.age.data() + first, state.spin_left.data() + first, state.respin.data() + first, n);
    if (!past.all_started) start_pixels(c, state, step.surface, first, n);
    if (settings.gap_policy == SmarGapPolicy::hold)
      hold_factors(c, settings, state.age, first, n, scratch.factor);
    const Columns columns{
        c.decay.data() + first,    c.gain.data() + first,          c.surface_scale.data() + first,
        c.sw2.data() + first,      c.sc1.data() + first,           c.status.data() + first,
        c.porosity.data() + first, step.surface.data() + first,    state.saturation.data() + first,
        state.age.data() + first,  state.spin_left.data() + first, state.respin.data() + first};
    const Results results{
        step.saturation.empty() ? scratch.saturation : step.saturation.data() + first,
        step.water_content.empty() ? scratch.water_content : step.water_content.data() + first};
    const Events events = advance_chunk(columns, uniform, past.steady, n, results, scratch);
    if (events.too_old)
      for (std::size_t i = first; i < first + n; ++i)
        if (state.age[i] > settings.max_gap_days) state.respin[i] = settings.respin_days;
    if (events.cut)
      add_products(scratch.excess, c.capacity_mm.data() + first, n, state.capped_mm.data() + first);
    if (!step.flags.empty()) store_flags(scratch.flags, n, step.flags.data() + first);
  }
}

SmarSeries smar_series(const SmarSite& site, const SmarSettings& settings, std::span<const float> surface) {
  const std::array<float, 8> given{static_cast<float>(site.sw2),
                                   static_cast<float>(site.sc1),
                                   static_cast<float>(site.a),
                                   static_cast<float>(site.b),
                                   static_cast<float>(site.surface_porosity),
                                   static_cast<float>(site.root_zone_porosity),
                                   static_cast<float>(site.root_zone_thickness_mm),
                                   static_cast<float>(site.initial_saturation)};
  const auto one = [&](std::size_t i) { return std::span<const float>(&given[i], 1); };
  const SmarCoefficients coefficients({one(0), one(1), one(2), one(3), one(4), one(5), one(6), one(7)},
                                      settings);
  std::array<double, smar_state_fields.size()> values{};
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = smar_state_fields[i].initial;
  const auto field = [&](std::size_t i) { return std::span<double>(&values[i], 1); };
  const SmarState state{field(0), field(1), field(2), field(3), field(4)};

  SmarSeries series;
  series.saturation.resize(surface.size());
  series.water_content.resize(surface.size());
  series.flags.resize(surface.size());
  for (std::size_t t = 0; t < surface.size(); ++t)
    advance_smar(coefficients.view(), settings, state,
                 {surface.subspan(t, 1), std::span(&series.saturation[t], 1),
                  std::span(&series.water_content[t], 1), std::span(&series.flags[t], 1)});
  series.capped_mm = values[4];
  return series;
}

}  // namespace rootzone::moisture
