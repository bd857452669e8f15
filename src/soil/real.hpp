#pragma once
#include <cmath>

/// Elementary functions under the names the formula templates use, for one double. `lanes.hpp` has the same
/// for a register full of columns; the formulas are written once for both.
namespace rootzone::soil::real {

inline double select(bool condition, double a, double b) {
  return condition ? a : b;
}
inline double larger(double a, double b) {
  return a > b ? a : b;
}
inline double smaller(double a, double b) {
  return a < b ? a : b;
}
inline double magnitude(double x) {
  return std::abs(x);
}
inline double square_root(double x) {
  return std::sqrt(x);
}
inline double logarithm(double x) {
  return std::log(x);
}
/// ln(1 + y), 0 ≤ y ≤ 1.
inline double log1p_unit(double y) {
  return std::log1p(y);
}
/// ln(1 + y), y ≥ 0.
inline double log1p_positive(double y) {
  return std::log1p(y);
}
inline double exponential(double x) {
  return std::exp(x);
}
inline double expm1_of(double x) {
  return std::expm1(x);
}

}  // namespace rootzone::soil::real
