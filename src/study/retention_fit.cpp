#include "rootzone/study/retention_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "bounded_minimum.hpp"
#include "retention_line.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/core/suggest.hpp"
#include "rootzone/soil/brooks_corey.hpp"
#include "rootzone/soil/fredlund_xing.hpp"
#include "rootzone/soil/van_genuchten.hpp"

namespace rootzone::study {
namespace {

using core::Error;
using core::ErrorKind;

constexpr std::array<std::string_view, 3> names{"van_genuchten", "fredlund_xing", "brooks_corey"};
constexpr std::size_t starts = 3;

/// A measured curve, without what is missing.
struct Measured {
  std::vector<double> suction_cm;
  std::vector<double> water;
  double variance = 0.0;
};

/// Shape parameters in the logarithms they are searched in: ln α, ln n and for Fredlund–Xing ln m.
using Shape = std::span<const double>;

/// θ for θs = 1, θr = 0 and its derivatives by the shape parameters' logarithms.
struct UnitCurve {
  double saturation = 0.0;
  std::array<double, 3> slopes{};
};

UnitCurve unit_curve(RetentionModel model, Shape shape, double suction_cm, bool with_slopes) {
  const double alpha = std::exp(shape[0]);
  const double n = std::exp(shape[1]);
  UnitCurve curve;
  if (model == RetentionModel::brooks_corey) {
    soil::BrooksCorey soil;
    soil.saturated_water_content = 1.0;
    soil.residual_water_content = 0.0;
    soil.air_entry_head_cm = -1.0 / alpha;
    soil.n = n;
    curve.saturation = soil.water_content(-suction_cm);
  } else if (model == RetentionModel::van_genuchten) {
    soil::VanGenuchten soil;
    soil.saturated_water_content = 1.0;
    soil.residual_water_content = 0.0;
    soil.alpha_per_cm = alpha;
    soil.n = n;
    curve.saturation = soil.water_content(-suction_cm);
    if (with_slopes) {
      const auto slopes = soil.derivatives(-suction_cm).water_content;
      curve.slopes = {slopes[2] * alpha, slopes[3] * n, 0.0};
    }
  } else {
    soil::FredlundXing soil;
    soil.saturated_water_content = 1.0;
    soil.alpha_per_cm = alpha;
    soil.n = n;
    soil.m = std::exp(shape[2]);
    curve.saturation = soil.water_content(-suction_cm);
    if (with_slopes) {
      const auto slopes = soil.derivatives(-suction_cm).water_content;
      curve.slopes = {slopes[1] * alpha, slopes[2] * n, slopes[3] * soil.m};
    }
  }
  return curve;
}

/// Mean square error over the measured curve, θr and θs at their best for a shape.
class Projection {
 public:
  Projection(RetentionModel model, const Measured& measured, const RetentionBounds& bounds)
      : m_model(model),
        m_measured(measured),
        m_bounds(bounds),
        m_saturation(measured.water.size()),
        m_slopes(measured.water.size()) {}

  RetentionLine line(Shape shape, bool with_slopes = false) {
    for (std::size_t i = 0; i < m_saturation.size(); ++i) {
      const UnitCurve curve = unit_curve(m_model, shape, m_measured.suction_cm[i], with_slopes);
      m_saturation[i] = curve.saturation;
      m_slopes[i] = curve.slopes;
    }
    // Fredlund–Xing has no residual content.
    const double largest = m_model == RetentionModel::fredlund_xing ? 0.0 : m_bounds.largest_residual;
    return fit_retention_line(m_saturation, m_measured.water, largest, m_bounds.largest_saturated);
  }

  /// In units of the variance, so that tolerances mean the same for every sample. Where θr and θs are at
  /// their best, the derivative of the minimum is that at fixed θr and θs.
  double operator()(Shape shape, std::span<double> gradient) {
    const RetentionLine best = line(shape, !gradient.empty());
    const double scale = 1.0 / (m_measured.variance * static_cast<double>(m_saturation.size()));
    for (std::size_t p = 0; p < gradient.size(); ++p) {
      double sum = 0.0;
      for (std::size_t i = 0; i < m_saturation.size(); ++i) {
        const double error =
            best.residual + (best.saturated - best.residual) * m_saturation[i] - m_measured.water[i];
        sum += error * m_slopes[i][p];
      }
      gradient[p] = 2.0 * scale * (best.saturated - best.residual) * sum;
    }
    return best.mean_square / m_measured.variance;
  }

 private:
  RetentionModel m_model;
  const Measured& m_measured;
  const RetentionBounds& m_bounds;
  std::vector<double> m_saturation;
  std::vector<std::array<double, 3>> m_slopes;
};

struct Box {
  std::vector<double> lower;
  std::vector<double> upper;
  void add(const std::array<double, 2>& bounds) {
    lower.push_back(std::log(bounds[0]));
    upper.push_back(std::log(bounds[1]));
  }
};

Box box_of(RetentionModel model, const RetentionBounds& bounds) {
  Box box;
  box.add(bounds.alpha_per_cm);
  box.add(model == RetentionModel::brooks_corey ? bounds.pore_size_index : bounds.n);
  if (model == RetentionModel::fredlund_xing) box.add(bounds.m);
  return box;
}

/// Knots of a coarse grid over the box, dense where soils lie.
std::vector<std::vector<double>> knots(RetentionModel model, const Box& box) {
  const bool brooks_corey = model == RetentionModel::brooks_corey;
  std::vector<double> shapes = brooks_corey ? std::vector{0.05, 0.1, 0.2, 0.35, 0.6, 1.0, 2.0}
                                            : std::vector{1.08, 1.2, 1.4, 1.8, 2.6, 5.0};
  std::vector<double> exponents =
      model == RetentionModel::fredlund_xing ? std::vector{0.2, 0.6, 1.5} : std::vector{1.0};
  std::vector<std::vector<double>> grid;
  for (double log10_alpha = -4.5; log10_alpha <= 1.01; log10_alpha += 0.5)
    for (double n : shapes)
      for (double m : exponents) {
        std::vector<double> knot{log10_alpha * std::log(10.0), std::log(n)};
        if (model == RetentionModel::fredlund_xing) knot.push_back(std::log(m));
        for (std::size_t i = 0; i < knot.size(); ++i)
          knot[i] = std::clamp(knot[i], box.lower[i], box.upper[i]);
        grid.push_back(std::move(knot));
      }
  return grid;
}

/// The best knots, none of them a neighbour of a better one.
std::vector<std::vector<double>> best_starts(RetentionModel model, const Box& box, Projection& projection) {
  std::vector<std::pair<double, std::vector<double>>> scored;
  for (auto& knot : knots(model, box)) {
    const double value = projection(knot, {});
    scored.emplace_back(value, std::move(knot));
  }
  std::sort(scored.begin(), scored.end());
  std::vector<std::vector<double>> chosen;
  for (const auto& [value, knot] : scored) {
    const bool near = std::any_of(chosen.begin(), chosen.end(), [&](const auto& other) {
      return std::abs(other[0] - knot[0]) < 1.3 && std::abs(other[1] - knot[1]) < 0.3;
    });
    if (!near) chosen.push_back(knot);
    if (chosen.size() == starts) break;
  }
  return chosen;
}

Measured measured_of(RetentionModel model, std::span<const double> suction_cm,
                     std::span<const double> water) {
  if (suction_cm.size() != water.size())
    throw Error(ErrorKind::data, "retention fit: " + std::to_string(suction_cm.size()) + " suctions and " +
                                     std::to_string(water.size()) + " water contents; expected pairs");
  Measured measured;
  double mean = 0.0;
  for (std::size_t i = 0; i < water.size(); ++i) {
    if (std::isnan(suction_cm[i]) || std::isnan(water[i])) continue;
    if (!(suction_cm[i] >= 0.0) || !std::isfinite(suction_cm[i]))
      throw Error(ErrorKind::data, "retention fit, pair " + std::to_string(i + 1) + ": suction " +
                                       std::to_string(suction_cm[i]) +
                                       " cm; expected 0 or more (suctions are positive)");
    if (!(water[i] >= 0.0 && water[i] <= 1.0))
      throw Error(ErrorKind::data, "retention fit, pair " + std::to_string(i + 1) + ": water content " +
                                       std::to_string(water[i]) + "; expected m3 m-3 in 0 … 1");
    measured.suction_cm.push_back(suction_cm[i]);
    measured.water.push_back(water[i]);
    mean += water[i];
  }
  const std::size_t needed = 4;  // of every model here
  if (measured.water.size() < needed)
    throw Error(ErrorKind::data, "retention fit: " + std::to_string(measured.water.size()) + " pairs; " +
                                     std::string(name_of(model)) + " needs at least 4");
  mean /= static_cast<double>(measured.water.size());
  for (double value : measured.water) measured.variance += (value - mean) * (value - mean);
  measured.variance /= static_cast<double>(measured.water.size());
  if (!(measured.variance > 0.0))
    throw Error(ErrorKind::data, "retention fit: all water contents are the same; there is no curve to fit");
  return measured;
}

void note_bounds(RetentionFit& fit, const RetentionBounds& bounds) {
  const auto note = [&](double value, double low, double high, const char* name) {
    if (value <= low * (1.0 + 1e-6) || value >= high * (1.0 - 1e-6)) fit.at_bound.emplace_back(name);
  };
  const bool brooks_corey = fit.model == RetentionModel::brooks_corey;
  const bool fredlund_xing = fit.model == RetentionModel::fredlund_xing;
  if (!fredlund_xing)
    note(fit.residual_water_content, 0.0, bounds.largest_residual, "residual_water_content");
  note(fit.saturated_water_content, 0.0, bounds.largest_saturated, "saturated_water_content");
  note(fit.alpha_per_cm, bounds.alpha_per_cm[0], bounds.alpha_per_cm[1], "alpha_per_cm");
  const auto& n = brooks_corey ? bounds.pore_size_index : bounds.n;
  note(fit.n, n[0], n[1], "n");
  if (fredlund_xing) note(fit.m, bounds.m[0], bounds.m[1], "m");
}

RetentionFit fit_of(RetentionModel model, const Minimum& minimum, Projection& projection,
                    const Measured& measured) {
  const RetentionLine line = projection.line(minimum.x);
  RetentionFit fit;
  fit.model = model;
  fit.residual_water_content = line.residual;
  fit.saturated_water_content = line.saturated;
  fit.alpha_per_cm = std::exp(minimum.x[0]);
  fit.n = std::exp(minimum.x[1]);
  fit.m = model == RetentionModel::fredlund_xing   ? std::exp(minimum.x[2])
          : model == RetentionModel::van_genuchten ? 1.0 - 1.0 / fit.n
                                                   : std::numeric_limits<double>::quiet_NaN();
  fit.rmse = std::sqrt(line.mean_square);
  fit.points = static_cast<std::int64_t>(measured.water.size());
  return fit;
}

}  // namespace

RetentionModel parse_retention_model(std::string_view word) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == word) return static_cast<RetentionModel>(i);
  const std::vector<std::string> known(names.begin(), names.end());
  throw Error(ErrorKind::usage, "there is no retention model '" + std::string(word) + "'." +
                                    core::did_you_mean(std::string(word), known));
}

std::string_view name_of(RetentionModel model) {
  return names[static_cast<std::size_t>(model)];
}

void RetentionBounds::validate() const {
  const auto check = [](const char* name, double low, double high, double floor) {
    if (!(low > floor && low < high && std::isfinite(high)))
      throw Error(ErrorKind::usage, std::string("retention fit: the bounds of ") + name + " are " +
                                        std::to_string(low) + " … " + std::to_string(high) +
                                        "; expected an interval above " + std::to_string(floor));
  };
  check("alpha_per_cm", alpha_per_cm[0], alpha_per_cm[1], 0.0);
  check("n", n[0], n[1], 1.0);
  check("m", m[0], m[1], 0.0);
  check("pore_size_index", pore_size_index[0], pore_size_index[1], 0.0);
  if (!(largest_residual >= 0.0 && largest_saturated > 0.0 && largest_saturated <= 1.0))
    throw Error(ErrorKind::usage, "retention fit: water contents are bounded by 0 … 1");
}

double RetentionFit::water_content(double suction_cm) const {
  const std::array<double, 3> shape{std::log(alpha_per_cm), std::log(n), std::isnan(m) ? 0.0 : std::log(m)};
  return residual_water_content + (saturated_water_content - residual_water_content) *
                                      unit_curve(model, shape, suction_cm, false).saturation;
}

RetentionFit fit_retention(RetentionModel model, std::span<const double> suction_cm,
                           std::span<const double> water_content, const RetentionBounds& bounds) {
  bounds.validate();
  const Measured measured = measured_of(model, suction_cm, water_content);
  Projection projection(model, measured, bounds);
  const Box box = box_of(model, bounds);
  const Descent descent =
      model == RetentionModel::brooks_corey ? Descent::without_gradient : Descent::gradient;
  const Objective objective = [&](Shape shape, std::span<double> gradient) {
    return projection(shape, gradient);
  };
  Minimum best{{}, std::numeric_limits<double>::infinity()};
  for (const auto& start : best_starts(model, box, projection)) {
    const Minimum found = bounded_minimum(objective, box.lower, box.upper, start, descent);
    if (found.value < best.value) best = found;
  }
  RetentionFit fit = fit_of(model, best, projection, measured);
  note_bounds(fit, bounds);
  return fit;
}

}  // namespace rootzone::study
