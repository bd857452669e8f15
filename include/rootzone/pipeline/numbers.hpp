#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rootzone::pipeline {

/// Numbers for people: reports, legends, chart axes. Every function is independent of the locale (decimal
/// point, no surprise under LC_NUMERIC=de_DE) and pure. What is not finite reads "–", never "nan" or "inf".

/// A value to so many significant digits, trailing zeros kept off the fraction, "−" (U+2212) as the sign,
/// thin no-break spaces between thousands from 10 000 on, "1.2 × 10⁻⁶" where plain digits would not read.
std::string format_number(double value, int significant_digits = 3);
/// The same with a "+" in front of positive values: for biases and differences.
std::string format_signed(double value, int significant_digits = 3);
/// A value with a fixed count of decimals, for axes and columns that line up.
std::string format_fixed(double value, int decimals);
/// A count with thin spaces: "1 234 567".
std::string format_count(std::int64_t count);
/// A part of a whole in per cent: "12.3 %", "0 %", "< 0.1 %" (never "0 %" for what is there, never "100 %"
/// for what is not whole). whole ≤ 0 reads "–".
std::string format_share(double part, double whole);
/// value, no-break thin space, unit as `pretty_units` words it.
std::string with_units(double value, std::string_view units, int significant_digits = 3);

/// UDUNITS spelling for the eye: "m3 m-3" → "m³ m⁻³", "cm d-1" → "cm d⁻¹", "percent" → "%", "1" → "".
std::string pretty_units(std::string_view units);

/// Decimal digits that tell the given step apart: 0 for 5, 1 for 0.5, 2 for 0.25.
int decimals_of_step(double step);

/// The shortest text that reads back as the same double, with a decimal point: for files that programs read
/// (QML), not for people. value must be finite.
std::string machine_number(double value);

/// Round values (1, 2, 2.5 or 5 times a power of ten apart) inside [low, high], `about` of them or fewer;
/// always at least one. An empty or unordered or non-finite range gives its finite ends.
struct Ticks {
  std::vector<double> values;
  int decimals = 0;  ///< enough to tell them apart
};
Ticks round_ticks(double low, double high, int about = 5);
/// The smallest round range around [low, high]: its ends are ticks of `round_ticks`.
void widen_to_round(double& low, double& high, int about = 5);
/// Powers of ten inside [low, high] (0 < low < high), with 2 and 5 between them where there are few decades.
std::vector<double> logarithmic_ticks(double low, double high);

}  // namespace rootzone::pipeline
