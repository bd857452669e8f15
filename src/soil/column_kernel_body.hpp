// The column's arithmetic, included by one file per instruction set with ROOTZONE_COLUMN_KERNEL naming its
// function. Everything here is in an unnamed namespace or inlined by force: a shared symbol could otherwise
// be taken from the file compiled for the widest registers and run on a machine that has none. For the same
// reason nothing of the standard library is used.
#include "lane_batch.hpp"
#include "lanes.hpp"
// After lanes.hpp, so that the formulas find the functions on lanes.
#include "brooks_corey_formulas.hpp"
#include "fredlund_xing_formulas.hpp"
#include "van_genuchten_formulas.hpp"

namespace rootzone::soil {
namespace {

using real::larger;
using real::select;
using real::smaller;

ROOTZONE_INLINE Lanes load(const double* row, int index) {
  Lanes value;
  __builtin_memcpy(&value, row + index * lane_count, sizeof value);
  return value;
}
ROOTZONE_INLINE void store(double* row, int index, Lanes value) {
  __builtin_memcpy(row + index * lane_count, &value, sizeof value);
}
ROOTZONE_INLINE Lanes all(double value) {
  return Lanes{} + value;
}
ROOTZONE_INLINE LaneBits mask_of(unsigned lanes) {
  const LaneBits bit = {1, 2, 4, 8, 16, 32, 64, 128};
  return (bit & static_cast<long>(lanes)) != 0;
}

// --- boundaries and fluxes
// -------------------------------------------------------------------------------------

/// A flux (cm/d, downward) and its derivatives by the heads above and below.
struct Flux {
  Lanes q, by_upper, by_lower;
};

ROOTZONE_INLINE Flux interior_flux(const LaneBatch& b, int i) {
  const Lanes upper = all(b.upper_weight[i]), lower = 1.0 - upper;
  const Lanes k = upper * load(b.conductivity, i - 1) + lower * load(b.conductivity, i);
  const Lanes gradient = (load(b.head, i - 1) - load(b.head, i)) * b.per_distance[i] + 1.0;
  const Lanes conductance = k * b.per_distance[i];
  return {k * gradient, upper * load(b.conductivity_slope, i - 1) * gradient + conductance,
          lower * load(b.conductivity_slope, i) * gradient - conductance};
}

/// Flux from a face with given head and conductivity into the uppermost cell.
ROOTZONE_INLINE Flux face_to_top(const LaneBatch& b, Lanes face_head, Lanes face_conductivity) {
  const double per_half = 2.0 / b.thickness[0];
  const Lanes k = 0.5 * (face_conductivity + load(b.conductivity, 0));
  const Lanes gradient = (face_head - load(b.head, 0)) * per_half + 1.0;
  return {k * gradient, Lanes{}, 0.5 * load(b.conductivity_slope, 0) * gradient - k * per_half};
}

/// Which limit holds the surface flux.
struct TopFlux {
  Flux flux;
  LaneBits saturated, dry;
};

ROOTZONE_INLINE TopFlux top_flux(const LaneBatch& b) {
  const LaneBits none = LaneBits{};
  const Lanes demand = load(b.drive, LaneBatch::rain) - load(b.drive, LaneBatch::evaporation);
  if (b.top == TopBoundary::flux) return {{demand, Lanes{}, Lanes{}}, none, none};
  if (b.top == TopBoundary::head)
    return {face_to_top(b, load(b.drive, LaneBatch::top_head), load(b.drive, LaneBatch::top_conductivity)),
            none, none};
  const Flux wet = face_to_top(b, Lanes{}, load(b.surface, 0));
  const Flux dry = face_to_top(b, all(b.driest_surface_head_cm), load(b.surface, 1));
  const LaneBits saturated = wet.q < demand;
  Lanes q = select(saturated, wet.q, demand);
  Lanes by_lower = select(saturated, wet.by_lower, Lanes{});
  // What the driest surface can draw from the cell, upward; nothing from a cell that is drier still.
  const Lanes least = smaller(dry.q, Lanes{});
  const LaneBits limited = q < least;
  q = select(limited, least, q);
  by_lower = select(limited, select(dry.q < 0.0, dry.by_lower, Lanes{}), by_lower);
  return {{q, Lanes{}, by_lower}, saturated & ~limited, limited & (dry.q < 0.0)};
}

ROOTZONE_INLINE Flux bottom_flux(const LaneBatch& b) {
  const int last = b.cells - 1;
  const Lanes k = load(b.conductivity, last);
  if (b.bottom == BottomBoundary::no_flow) return {Lanes{}, Lanes{}, Lanes{}};
  if (b.bottom == BottomBoundary::free_drainage) return {k, load(b.conductivity_slope, last), Lanes{}};
  const Lanes value = load(b.drive, LaneBatch::bottom_value);
  if (b.bottom == BottomBoundary::flux) return {value, Lanes{}, Lanes{}};
  const double per_half = 2.0 / b.thickness[last];
  const Lanes mean = 0.5 * (k + load(b.drive, LaneBatch::bottom_conductivity));
  const Lanes gradient = (load(b.head, last) - value) * per_half + 1.0;
  return {mean * gradient, 0.5 * load(b.conductivity_slope, last) * gradient + mean * per_half, Lanes{}};
}

ROOTZONE_INLINE Flux flux_at(const LaneBatch& b, int interface_) {
  return interface_ == b.cells ? bottom_flux(b) : interior_flux(b, interface_);
}

// --- uptake
// ----------------------------------------------------------------------------------------------------

/// Stress (0 … 1), its derivative by head, and by the head of half uptake.
struct Stress {
  Lanes value, slope, by_half_head;
};

ROOTZONE_INLINE Stress s_shaped_stress(const LaneBatch& b, Lanes head, bool cubic) {
  const Lanes suction = larger(-head, all(least_suction_cm));
  const Lanes half = load(b.uptake_values, 0);  // −h50
  const Lanes p = load(b.uptake_values, 1);
  const Lanes ratio = suction / half;
  // Beyond 1e60 nothing is left to take, and squares stay finite.
  const Lanes y = cubic ? smaller(ratio * ratio * ratio, all(1e60))
                        : real::exponential(smaller(p * real::logarithm(ratio), all(138.0)));
  const Lanes stress = 1.0 / (1.0 + y);
  const Lanes slope = stress * stress * p * y;
  const LaneBits wet = head >= 0.0;
  return {select(wet, all(1.0), stress), select(wet, Lanes{}, slope / suction),
          select(wet, Lanes{}, -(slope / half))};  // h50 = −half: ∂/∂h50 = −∂/∂half = −stress² p y/half
}

ROOTZONE_INLINE Stress feddes_stress(const LaneBatch& b, Lanes head) {
  const Lanes h1 = load(b.uptake_values, 0), h2 = load(b.uptake_values, 1), h4 = load(b.uptake_values, 4);
  const Lanes h3 = load(b.drive, LaneBatch::h3);
  const Lanes wet_slope = 1.0 / (h2 - h1), dry_slope = 1.0 / (h3 - h4);
  const LaneBits wet = head > h2, dry = head < h3, none = (head >= h1) | (head <= h4);
  Lanes value = select(wet, (head - h1) * wet_slope, select(dry, (head - h4) * dry_slope, all(1.0)));
  Lanes slope = select(wet, wet_slope, select(dry, dry_slope, Lanes{}));
  return {select(none, Lanes{}, value), select(none, Lanes{}, slope), Lanes{}};
}

/// Roots find no water where there is none: uptake ends as the water content comes within this of its floor.
/// A soil with n = 7 is empty to the last digit where an S-shaped stress function has hardly begun to act.
inline constexpr double last_water_content = 1e-6;

/// `water`: above the floor; `slope` gets its part by head through it, `by_water` is ∂stress/∂water.
struct LimitedStress {
  Lanes value, slope, by_half_head, by_water;
};

ROOTZONE_INLINE LimitedStress stress_at(const LaneBatch& b, Lanes head, Lanes water, Lanes capacity) {
  if (b.uptake == UptakeKind::prescribed) return {all(1.0), Lanes{}, Lanes{}, Lanes{}};
  const Stress stress = b.uptake == UptakeKind::feddes
                            ? feddes_stress(b, head)
                            : s_shaped_stress(b, head, b.uptake == UptakeKind::s_shaped_cubic);
  const Lanes per_sum = 1.0 / (water + last_water_content);
  const Lanes share = water * per_sum;
  const Lanes by_water = stress.value * last_water_content * per_sum * per_sum;
  return {stress.value * share, stress.slope * share + by_water * capacity, stress.by_half_head * share,
          by_water};
}

// --- one iteration
// ---------------------------------------------------------------------------------------------

template <class Formulas>
void evaluate(LaneBatch& b) {
  const int count = b.coefficient_count;
  for (int i = 0; i < b.cells; ++i) {
    Lanes c[Formulas::value_count];
    for (int k = 0; k < Formulas::value_count; ++k) c[k] = load(b.coefficients, i * count + k);
    const Lanes head = load(b.head, i);
    const FormulaPoint<Lanes> p = Formulas::point(c, head);
    const LimitedStress stress =
        stress_at(b, head, p.water_content - load(b.floor_water_content, i), p.capacity);
    store(b.water_content, i, p.water_content);
    store(b.capacity, i, p.capacity);
    store(b.conductivity, i, p.conductivity);
    store(b.conductivity_slope, i, p.conductivity_slope);
    store(b.stress, i, stress.value);
    store(b.stress_slope, i, stress.slope);
  }
  const Lanes step = load(b.step, 0), transpiration = load(b.drive, LaneBatch::transpiration);
  Lanes above = top_flux(b).flux.q;
  Lanes worst = Lanes{}, change = Lanes{};
  for (int i = 0; i < b.cells; ++i) {
    const Lanes below = flux_at(b, i + 1).q;
    const Lanes sink = transpiration * load(b.root_fraction, i) * load(b.stress, i);
    const Lanes gained = load(b.water_content, i) - load(b.start_water_content, i);
    const Lanes residual = gained * b.thickness[i] - step * (above - below - sink);
    // A nearly empty cell is solved to a share of what it still holds, or its head would be noise.
    const Lanes held =
        b.thickness[i] * larger(load(b.water_content, i) - load(b.floor_water_content, i), all(1e-11));
    const Lanes weight = larger(all(50.0 * b.residual_cm) / held, all(1.0));
    worst = larger(real::magnitude(residual) * weight, worst);
    change = larger(real::magnitude(gained), change);
    above = below;
  }
  store(b.worst_residual, 0, worst);
  store(b.worst_change, 0, change);
}

/// The Jacobian of a cell's balance and its residual, with the present step.
struct Row {
  Lanes lower, diagonal, upper, residual;
};

ROOTZONE_INLINE Row balance_row(const LaneBatch& b, int i, Lanes step, Lanes transpiration, const Flux& above,
                                const Flux& below) {
  const Lanes demand = transpiration * load(b.root_fraction, i);
  const Lanes gained = load(b.water_content, i) - load(b.start_water_content, i);
  // A whisker of storage where it is saturated keeps a column regular that is so throughout and closed at
  // both ends.
  const Lanes storage =
      load(b.capacity, i) * b.thickness[i] + select(load(b.head, i) > -1.0, all(1e-12), all(1e-40));
  return {-(step * above.by_upper),
          storage + step * (below.by_upper - above.by_lower + demand * load(b.stress_slope, i)),
          step * below.by_lower,
          gained * b.thickness[i] - step * (above.q - below.q - demand * load(b.stress, i))};
}

/// The new head of a cell from Newton's correction. Where the soil is unsaturated the correction is read as
/// one of water content along the local power law θ − θ_floor ∝ s^−λ, which the dry branch of every model
/// here approaches: a linear step in h from the dry side overshoots by orders of magnitude. Near saturation
/// it is linear.
ROOTZONE_INLINE Lanes corrected_head(Lanes head, Lanes delta, Lanes capacity, Lanes above_floor) {
  const Lanes suction = larger(-head, all(1.0));
  const Lanes exponent =
      smaller(larger(capacity * suction / larger(above_floor, all(1e-12)), all(1e-3)), all(20.0));
  const Lanes growth = smaller(larger(1.0 + exponent * (delta / suction), all(0.1)), all(1e12));
  Lanes factor = real::exponential(-(real::logarithm(growth) / exponent));
  factor = smaller(larger(factor, all(0.05)), all(20.0));
  const Lanes power = smaller(larger(-(suction * factor), all(-1e8)), all(-0.05));
  // Saturated flow is linear: from a pressure that overshot the way back is free, and only the first look
  // below saturation is a short one.
  const Lanes linear = larger(head + smaller(delta, all(50.0)), smaller(head, Lanes{}) - 5.0);
  return select(head < -1.0, power, linear);
}

/// Feddes' h3 follows the demand: what `evaluate` left is of the interval before where a new one has just
/// begun.
void refresh_stress(LaneBatch& b) {
  for (int i = 0; i < b.cells; ++i) {
    const LimitedStress stress = stress_at(
        b, load(b.head, i), load(b.water_content, i) - load(b.floor_water_content, i), load(b.capacity, i));
    store(b.stress, i, stress.value);
    store(b.stress_slope, i, stress.slope);
  }
}

void iterate(LaneBatch& b, unsigned lanes) {
  if (b.uptake == UptakeKind::feddes) refresh_stress(b);
  const int n = b.cells;
  double* ratio = b.work;                     // upper / pivot
  double* forward = b.work + n * lane_count;  // reduced right-hand side
  const Lanes step = load(b.step, 0), transpiration = load(b.drive, LaneBatch::transpiration);
  Flux above = top_flux(b).flux;
  Lanes last_ratio = Lanes{}, last_forward = Lanes{};
  for (int i = 0; i < n; ++i) {
    const Flux below = flux_at(b, i + 1);
    const Row row = balance_row(b, i, step, transpiration, above, below);
    const Lanes per_pivot = 1.0 / (row.diagonal - row.lower * last_ratio);
    last_ratio = row.upper * per_pivot;
    last_forward = (-row.residual - row.lower * last_forward) * per_pivot;
    store(ratio, i, last_ratio);
    store(forward, i, last_forward);
    above = below;
  }
  const LaneBits mask = mask_of(lanes);
  Lanes delta = Lanes{};
  for (int i = n - 1; i >= 0; --i) {
    delta = load(forward, i) - load(ratio, i) * delta;
    const Lanes head = load(b.head, i);
    const Lanes next = corrected_head(head, delta, load(b.capacity, i),
                                      load(b.water_content, i) - load(b.floor_water_content, i));
    store(b.head, i, select(mask, next, head));
  }
}

// --- the end of a step
// -----------------------------------------------------------------------------------------

ROOTZONE_INLINE void add(double* rows, int index, Lanes amount) {
  store(rows, index, load(rows, index) + amount);
}

void add_surface(LaneBatch& b, Lanes step, Lanes q) {
  const Lanes rain = load(b.drive, LaneBatch::rain);
  Lanes runoff = Lanes{}, evaporation = load(b.drive, LaneBatch::evaporation);
  if (b.top == TopBoundary::head) {
    runoff = rain - evaporation - q;
  } else if (b.top == TopBoundary::atmosphere) {
    runoff = larger(rain - evaporation - q, Lanes{});
    evaporation = rain - runoff - q;
  }
  add(b.totals, LaneBatch::sum_top, step * q);
  add(b.totals, LaneBatch::sum_evaporation, step * evaporation);
  add(b.totals, LaneBatch::sum_runoff, step * runoff);
}

/// Fluxes of the accepted state times the step; new water contents by balance, so that nothing is lost to the
/// iteration's tolerance. `step` is 0 in the lanes that do not take part.
void add_fluxes(LaneBatch& b, Lanes step, LaneBits mask) {
  const Lanes transpiration = load(b.drive, LaneBatch::transpiration);
  Lanes above = top_flux(b).flux.q;
  add_surface(b, step, above);
  if (b.keep_interfaces) add(b.interface_totals, 0, step * above);
  Lanes taken = Lanes{};
  Lanes throughput = real::magnitude(above);
  for (int i = 0; i < b.cells; ++i) {
    const Lanes below = flux_at(b, i + 1).q;
    const Lanes sink = transpiration * load(b.root_fraction, i) * load(b.stress, i);
    const Lanes start = load(b.start_water_content, i);
    // Never below the floor by a rounding, or no head would fit.
    const Lanes end = larger(start + step * (above - below - sink) / b.thickness[i],
                             smaller(load(b.floor_water_content, i) + 1e-12, start));
    store(b.start_water_content, i, end);
    store(b.start_head, i, select(mask, load(b.head, i), load(b.start_head, i)));
    add(b.mean_totals, i, step * end);
    if (b.keep_interfaces) {
      add(b.interface_totals, i + 1, step * below);
      add(b.uptake_totals, i, step * sink);
    }
    taken = taken + sink;
    above = below;
  }
  throughput = throughput + real::magnitude(above) + taken;
  add(b.totals, LaneBatch::sum_bottom, step * above);
  add(b.totals, LaneBatch::sum_transpiration, step * taken);
  add(b.totals, LaneBatch::sum_throughput, step * throughput);
}

/// ∂/∂p at fixed heads of the surface flux.
template <int parameters>
ROOTZONE_INLINE void top_by_parameters(const LaneBatch& b, const TopFlux& top, const Lanes* k_by,
                                       Lanes* out) {
  const double per_half = 2.0 / b.thickness[0];
  const Lanes head = load(b.head, 0);
  if (b.top == TopBoundary::head) {
    const Lanes gradient = (load(b.drive, LaneBatch::top_head) - head) * per_half + 1.0;
    for (int p = 0; p < parameters; ++p) out[p] = 0.5 * (k_by[p] + load(b.top_conductivity_by, p)) * gradient;
    return;
  }
  const Lanes wet = 1.0 - head * per_half;
  const Lanes dry = (b.driest_surface_head_cm - head) * per_half + 1.0;
  for (int p = 0; p < parameters; ++p) {
    const Lanes by_wet = 0.5 * (k_by[p] + load(b.surface_by, p)) * wet;
    const Lanes by_dry = 0.5 * (k_by[p] + load(b.surface_by, parameters + p)) * dry;
    out[p] = select(top.saturated, by_wet, select(top.dry, by_dry, Lanes{}));
  }
}

template <int parameters>
ROOTZONE_INLINE void bottom_by_parameters(const LaneBatch& b, const Lanes* k_by, Lanes* out) {
  for (int p = 0; p < parameters; ++p) out[p] = Lanes{};
  if (b.bottom == BottomBoundary::no_flow || b.bottom == BottomBoundary::flux) return;
  if (b.bottom == BottomBoundary::free_drainage) {
    for (int p = 0; p < parameters; ++p) out[p] = k_by[p];
    return;
  }
  const int last = b.cells - 1;
  const Lanes gradient =
      (load(b.head, last) - load(b.drive, LaneBatch::bottom_value)) * (2.0 / b.thickness[last]) + 1.0;
  for (int p = 0; p < parameters; ++p)
    out[p] = 0.5 * (k_by[p] + load(b.bottom_conductivity_by, p)) * gradient;
}

/// ∂θ/∂p and ∂K/∂p of a cell at fixed head, h50 (no effect) the last.
template <class Formulas>
ROOTZONE_INLINE void cell_derivatives(const LaneBatch& b, int i, Lanes* theta_by, Lanes* k_by) {
  Lanes c[Formulas::count];
  for (int k = 0; k < Formulas::count; ++k) c[k] = load(b.coefficients, i * b.coefficient_count + k);
  const auto d = Formulas::derivatives(c, load(b.head, i));
  const Lanes seed = load(b.seed, i);
  for (int p = 0; p < Formulas::parameters; ++p) {
    theta_by[p] = seed * d.water_content[p];
    k_by[p] = seed * d.conductivity[p];
  }
  theta_by[Formulas::parameters] = Lanes{};
  k_by[Formulas::parameters] = Lanes{};
}

/// The tangent of the accepted step: J·dh/dp = −∂F/∂p + Δz·dθ_start/dp with J at the solution, then
/// dθ/dp = C·dh/dp + ∂θ/∂p.
template <class Formulas>
void advance_tangent(LaneBatch& b, LaneBits mask) {
  constexpr int parameters = Formulas::parameters + 1;
  const int n = b.cells;
  double* ratio = b.work;
  double* forward = b.work + n * lane_count;                      // [cell][parameter]
  double* theta_partial = forward + n * parameters * lane_count;  // [cell][parameter]
  const Lanes step = load(b.step, 0), transpiration = load(b.drive, LaneBatch::transpiration);
  Lanes theta_by[parameters], k_by[parameters], next_theta_by[parameters] = {}, next_k_by[parameters] = {};
  Lanes above_by[parameters], below_by[parameters], last[parameters];
  cell_derivatives<Formulas>(b, 0, theta_by, k_by);
  const TopFlux top = top_flux(b);
  if (b.top == TopBoundary::flux)
    for (int p = 0; p < parameters; ++p) above_by[p] = Lanes{};
  else
    top_by_parameters<parameters>(b, top, k_by, above_by);
  for (int p = 0; p < parameters; ++p) last[p] = Lanes{};
  Flux above = top.flux;
  Lanes last_ratio = Lanes{};
  for (int i = 0; i < n; ++i) {
    const Flux below = flux_at(b, i + 1);
    if (i + 1 < n) {
      cell_derivatives<Formulas>(b, i + 1, next_theta_by, next_k_by);
      const Lanes upper = all(b.upper_weight[i + 1]);
      const Lanes gradient = (load(b.head, i) - load(b.head, i + 1)) * b.per_distance[i + 1] + 1.0;
      for (int p = 0; p < parameters; ++p)
        below_by[p] = (upper * k_by[p] + (1.0 - upper) * next_k_by[p]) * gradient;
    } else {
      bottom_by_parameters<parameters>(b, k_by, below_by);
    }
    const Row row = balance_row(b, i, step, transpiration, above, below);
    const Lanes per_pivot = 1.0 / (row.diagonal - row.lower * last_ratio);
    const Lanes demand = transpiration * load(b.root_fraction, i);
    const LimitedStress stress = stress_at(
        b, load(b.head, i), load(b.water_content, i) - load(b.floor_water_content, i), load(b.capacity, i));
    for (int p = 0; p < parameters; ++p) {
      const Lanes water_by = p == Formulas::floor_parameter ? theta_by[p] - load(b.seed, i) : theta_by[p];
      const Lanes sink_by = demand * (p == parameters - 1 ? stress.by_half_head : stress.by_water * water_by);
      const Lanes right = b.thickness[i] * (load(b.tangent, i * parameters + p) - theta_by[p]) +
                          step * (above_by[p] - below_by[p] - sink_by);
      last[p] = (right - row.lower * last[p]) * per_pivot;
      store(forward, i * parameters + p, last[p]);
      store(theta_partial, i * parameters + p, theta_by[p]);
      above_by[p] = below_by[p];
      theta_by[p] = next_theta_by[p];
      k_by[p] = next_k_by[p];
    }
    last_ratio = row.upper * per_pivot;
    store(ratio, i, last_ratio);
    above = below;
  }
  Lanes head_by[parameters];
  for (int p = 0; p < parameters; ++p) head_by[p] = Lanes{};
  for (int i = n - 1; i >= 0; --i) {
    const Lanes above_ratio = load(ratio, i), capacity = load(b.capacity, i);
    for (int p = 0; p < parameters; ++p) {
      const int at = i * parameters + p;
      head_by[p] = load(forward, at) - above_ratio * head_by[p];
      const Lanes next = capacity * head_by[p] + load(theta_partial, at);
      store(b.tangent, at, select(mask, next, load(b.tangent, at)));
    }
  }
}

template <class Formulas>
void accept(LaneBatch& b, unsigned lanes) {
  const LaneBits mask = mask_of(lanes);
  if (b.parameters != 0) advance_tangent<Formulas>(b, mask);
  add_fluxes(b, select(mask, load(b.step, 0), Lanes{}), mask);
}

template <class Formulas>
void start_tangent(LaneBatch& b, unsigned lanes) {
  constexpr int parameters = Formulas::parameters + 1;
  const LaneBits mask = mask_of(lanes);
  Lanes theta_by[parameters], k_by[parameters];
  for (int i = 0; i < b.cells; ++i) {
    cell_derivatives<Formulas>(b, i, theta_by, k_by);
    for (int p = 0; p < parameters; ++p) {
      const int at = i * parameters + p;
      store(b.tangent, at, select(mask, theta_by[p], load(b.tangent, at)));
    }
  }
}

template <class Formulas>
ColumnKernel kernel_of() {
  return {Formulas::count, Formulas::parameters + 1, evaluate<Formulas>, accept<Formulas>,
          iterate,         start_tangent<Formulas>};
}

}  // namespace

#ifdef ROOTZONE_COLUMN_KERNEL
ColumnKernel ROOTZONE_COLUMN_KERNEL(ModelKind model) {
  switch (model) {
    case ModelKind::fredlund_xing:
      return kernel_of<FredlundXingFormulas>();
    case ModelKind::brooks_corey:
      return kernel_of<BrooksCoreyFormulas>();
    case ModelKind::van_genuchten:
      break;
  }
  return kernel_of<VanGenuchtenFormulas>();
}
#endif

}  // namespace rootzone::soil
