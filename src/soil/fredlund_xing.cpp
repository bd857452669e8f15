#include "rootzone/soil/fredlund_xing.hpp"

#include <algorithm>
#include <cmath>

#include "coefficients.hpp"
#include "parameter_check.hpp"

namespace rootzone::soil {
namespace {

using F = FredlundXingFormulas;

/// ln Γ, ln F and their derivatives by the parameters at a suction.
struct Anchor {
  double gamma, log_f, G;
  double gamma_by[F::parameters]{}, log_f_by[F::parameters]{}, G_by[F::parameters]{};
};

Anchor anchor(const double* c, double suction) {
  const auto v = F::shared<double>(c, -suction);
  Anchor a{v.gamma, std::log(v.F), v.G};
  const double u_by[F::parameters] = {0.0, c[F::n] * v.rho * c[F::inverse_alpha], v.rho * v.log_scaled, 0.0,
                                      0.0};
  const double exponent_by_n = 1.0 / (c[F::n] * c[F::n]);
  for (int p = 0; p < F::parameters; ++p) {
    a.G_by[p] = u_by[p] / (1.0 + v.u);
    a.gamma_by[p] = -v.gamma * (c[F::m] * a.G_by[p] + (p == 3 ? v.G : 0.0));
    const double f_by = v.g * ((p == 2 ? exponent_by_n * v.M : 0.0) - c[F::exponent] * a.G_by[p] / v.u);
    a.log_f_by[p] = f_by / v.F;
  }
  return a;
}

}  // namespace

void fredlund_xing_coefficients(const FredlundXing& soil, double* c) {
  c[F::saturated] = soil.saturated_water_content;
  c[F::log_alpha] = std::log(soil.alpha_per_cm);
  c[F::n] = soil.n;
  c[F::m] = soil.m;
  c[F::exponent] = 1.0 - 1.0 / soil.n;
  c[F::saturated_conductivity] = soil.saturated_conductivity_cm_d;
  c[F::residual_suction] = soil.residual_suction_cm;
  c[F::per_log_range] = 1.0 / std::log1p(FredlundXing::dry_suction_cm / soil.residual_suction_cm);
  c[F::inverse_alpha] = 1.0 / soil.alpha_per_cm;
  const Anchor at_structure = anchor(c, FredlundXing::structure_suction_cm);
  const Anchor at_film = anchor(c, FredlundXing::film_suction_cm);
  const Anchor dry = anchor(c, FredlundXing::dry_suction_cm);
  const double structure_range = at_structure.gamma - dry.gamma;
  const double film_range = at_film.gamma - dry.gamma;
  const double log_ks = std::log(soil.saturated_conductivity_cm_d);
  const double log_film = std::log(soil.saturated_water_content * FredlundXing::film_conductivity_cm_d) +
                          std::log(at_film.gamma) + F::l * std::log(structure_range / film_range) +
                          2.0 * (at_structure.log_f - at_film.log_f);
  const bool capped = !(log_film < log_ks);
  const double log_matrix = capped ? log_ks : log_film;
  c[F::dry_gamma] = dry.gamma;
  c[F::matrix_conductivity] = std::exp(log_matrix);
  c[F::per_gamma_range] = 1.0 / structure_range;
  c[F::per_structure_film] = std::exp(-at_structure.log_f);
  c[F::structure_exponent] = (log_matrix - log_ks) / at_structure.G;
  for (int p = 0; p < F::parameters; ++p) {
    const double structure_range_by = (at_structure.gamma_by[p] - dry.gamma_by[p]) / structure_range;
    const double film_range_by = (at_film.gamma_by[p] - dry.gamma_by[p]) / film_range;
    const double log_ks_by = p == 4 ? 1.0 / soil.saturated_conductivity_cm_d : 0.0;
    const double log_film_by =
        (p == 0 ? 1.0 / soil.saturated_water_content : 0.0) + at_film.gamma_by[p] / at_film.gamma +
        F::l * (structure_range_by - film_range_by) + 2.0 * (at_structure.log_f_by[p] - at_film.log_f_by[p]);
    const double log_matrix_by = capped ? log_ks_by : log_film_by;
    c[F::scale_by + p] = log_matrix_by - F::l * structure_range_by - 2.0 * at_structure.log_f_by[p];
    c[F::dry_gamma_by + p] = dry.gamma_by[p];
    c[F::structure_by + p] =
        (log_matrix_by - log_ks_by - c[F::structure_exponent] * at_structure.G_by[p]) / at_structure.G;
  }
}

void FredlundXing::validate() const {
  const char* model = "Fredlund–Xing soil";
  check_parameter(model, "saturated_water_content", saturated_water_content, {0.0, 1.0, true});
  check_parameter(model, "alpha_per_cm", alpha_per_cm, {1e-6, 100.0});
  check_parameter(model, "n", n, {1.001, 30.0});
  check_parameter(model, "m", m, {0.01, 20.0});
  check_parameter(model, "saturated_conductivity_cm_d", saturated_conductivity_cm_d, {0.0, 1e7, true});
  check_parameter(model, "residual_suction_cm", residual_suction_cm, {1.0, dry_suction_cm});
}

HydraulicPoint FredlundXing::at(double head_cm) const {
  double c[F::count];
  fredlund_xing_coefficients(*this, c);
  const auto p = F::point<double>(c, head_cm);
  return {p.water_content, p.capacity, p.conductivity, p.conductivity_slope};
}

ParameterDerivatives<FredlundXing::parameter_count> FredlundXing::derivatives(double head_cm) const {
  double c[F::count];
  fredlund_xing_coefficients(*this, c);
  const auto d = F::derivatives<double>(c, head_cm);
  ParameterDerivatives<parameter_count> out;
  std::copy(d.water_content, d.water_content + parameter_count, out.water_content.begin());
  std::copy(d.conductivity, d.conductivity + parameter_count, out.conductivity.begin());
  return out;
}

double FredlundXing::pressure_head_cm(double theta) const {
  if (theta >= saturated_water_content) return 0.0;
  if (theta <= 0.0) return -dry_suction_cm;
  double c[F::count];
  fredlund_xing_coefficients(*this, c);
  double low = std::log(least_suction_cm);  // ln s: θ(low) above, θ(high) below
  double high = std::log(dry_suction_cm);
  double at = 0.5 * (low + high);
  for (int step = 0; step < 200 && high - low > 1e-12; ++step) {
    const double suction = std::exp(at);
    const auto p = F::point<double>(c, -suction);
    const double excess = p.water_content - theta;
    (excess > 0.0 ? low : high) = at;
    const double newton = at + excess / std::max(p.capacity * suction, 1e-300);
    const double next = newton > low && newton < high ? newton : 0.5 * (low + high);
    if (std::abs(next - at) < 1e-13) break;
    at = next;
  }
  return -std::exp(at);
}

double FredlundXing::matrix_conductivity_cm_d() const {
  double c[F::count];
  fredlund_xing_coefficients(*this, c);
  return c[F::matrix_conductivity];
}

}  // namespace rootzone::soil
