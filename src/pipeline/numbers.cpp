#include "rootzone/pipeline/numbers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace rootzone::pipeline {
namespace {

constexpr const char* thin_space = "\u202F";  // no-break, narrow
constexpr const char* minus_sign = "\u2212";
constexpr const char* dash = "\u2013";

std::string fixed_text(double value, int decimals) {
  std::array<char, 400> buffer{};
  const auto result =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals);
  return {buffer.data(), result.ptr};
}

// Digits of a magnitude with spaces between thousands, from five integer digits on.
std::string grouped(std::string digits) {
  const std::size_t point = std::min(digits.find('.'), digits.size());
  if (point < 5) return digits;
  for (std::size_t at = point; at > 3;) {
    at -= 3;
    digits.insert(at, thin_space);
  }
  return digits;
}

std::string superscript(int number) {
  static constexpr std::array<const char*, 10> digits{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = number < 0 ? "⁻" : "";
  for (const char c : std::to_string(std::abs(number))) text += digits[static_cast<std::size_t>(c - '0')];
  return text;
}

void drop_trailing_zeros(std::string& text) {
  if (text.find('.') == std::string::npos) return;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
}

struct Scientific {
  std::string mantissa;
  int exponent = 0;
};

// A positive number rounded to so many digits: 9.996 to 3 digits is 1.00 × 10¹. Cut from printed text, since
// dividing by a power of ten overflows for the smallest doubles.
Scientific scientific(double magnitude, int significant_digits) {
  std::array<char, 64> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), magnitude,
                                    std::chars_format::scientific, significant_digits - 1);
  const std::string text(buffer.data(), result.ptr);
  const std::size_t letter = text.find('e');
  return {text.substr(0, letter), std::stoi(text.substr(letter + 1))};
}

std::string magnitude_text(double magnitude, int significant_digits) {
  if (magnitude == 0.0) return "0";
  auto [mantissa, exponent] = scientific(magnitude, significant_digits);
  if (exponent < -4 || exponent > 8) {
    drop_trailing_zeros(mantissa);
    return mantissa + thin_space + "×" + thin_space + "10" + superscript(exponent);
  }
  std::string text = fixed_text(magnitude, std::max(0, significant_digits - 1 - exponent));
  drop_trailing_zeros(text);
  return grouped(text);
}

// Largest of 1, 2, 2.5, 5 × 10^k not smaller than the given width.
double round_step(double width) {
  const double power = std::pow(10.0, std::floor(std::log10(width)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
    if (factor * power >= width * (1.0 - 1e-9)) return factor * power;
  }
  return 10.0 * power;
}

}  // namespace

std::string format_number(double value, int significant_digits) {
  if (!std::isfinite(value)) return dash;
  const std::string text = magnitude_text(std::abs(value), significant_digits);
  return value < 0.0 ? minus_sign + text : text;
}

std::string format_signed(double value, int significant_digits) {
  return (std::isfinite(value) && value > 0.0 ? "+" : "") + format_number(value, significant_digits);
}

std::string format_fixed(double value, int decimals) {
  if (!std::isfinite(value)) return dash;
  const std::string text = fixed_text(std::abs(value), decimals);
  const bool is_zero = text.find_first_not_of("0.") == std::string::npos;
  return (value < 0.0 && !is_zero ? minus_sign : "") + grouped(text);
}

std::string format_count(std::int64_t count) {
  const std::string text = std::to_string(count);
  return count < 0 ? minus_sign + grouped(text.substr(1)) : grouped(text);
}

std::string format_share(double part, double whole) {
  if (!std::isfinite(part) || !std::isfinite(whole) || whole <= 0.0) return dash;
  const double percent = 100.0 * part / whole;
  const std::string unit = std::string(thin_space) + "%";
  if (percent > 0.0 && percent < 0.1) return "<" + std::string(thin_space) + "0.1" + unit;
  if (percent < 100.0 && percent > 99.9) return ">" + std::string(thin_space) + "99.9" + unit;
  std::string text = fixed_text(percent, 1);
  drop_trailing_zeros(text);
  return text + unit;
}

std::string with_units(double value, std::string_view units, int significant_digits) {
  const std::string number = format_number(value, significant_digits);
  const std::string unit = pretty_units(units);
  if (unit.empty() || !std::isfinite(value)) return number;
  return number + thin_space + unit;
}

std::string pretty_units(std::string_view units) {
  if (units == "1" || units.empty()) return "";
  if (units == "percent") return "%";
  std::string text;
  std::size_t at = 0;
  while (at < units.size()) {
    const char c = units[at];
    const bool after_letter = at > 0 && ((units[at - 1] | 32) >= 'a' && (units[at - 1] | 32) <= 'z');
    const bool negative = c == '-' && at + 1 < units.size() && units[at + 1] >= '0' && units[at + 1] <= '9';
    if (!after_letter || !(negative || (c >= '0' && c <= '9'))) {
      text += c;
      ++at;
      continue;
    }
    std::size_t end = at + (negative ? 1 : 0);
    while (end < units.size() && units[end] >= '0' && units[end] <= '9') ++end;
    int power = 0;
    std::from_chars(units.data() + at, units.data() + end, power);
    text += superscript(power);
    at = end;
  }
  return text;
}

int decimals_of_step(double step) {
  for (int decimals = 0; decimals < 12; ++decimals) {
    const double scaled = step * std::pow(10.0, decimals);
    if (std::abs(scaled - std::round(scaled)) <= 1e-6 * std::abs(scaled)) return decimals;
  }
  return 12;
}

std::string machine_number(double value) {
  std::array<char, 64> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), result.ptr};
}

Ticks round_ticks(double low, double high, int about) {
  Ticks ticks;
  if (!std::isfinite(low) || !std::isfinite(high) || high <= low) {
    if (std::isfinite(low)) ticks.values.push_back(low);
    if (std::isfinite(high) && high != low) ticks.values.push_back(high);
    ticks.decimals = ticks.values.empty() ? 0 : std::min(6, decimals_of_step(std::abs(ticks.values.front())));
    return ticks;
  }
  const double step = round_step((high - low) / std::max(1, about));
  ticks.decimals = decimals_of_step(step);
  const double first = std::ceil(low / step - 1e-9);
  const double last = std::floor(high / step + 1e-9);
  // Multiples, not a running sum, so that 0.3 is the double nearest 0.3 as far as a product can be; zero is
  // written without a sign.
  // Counted from 0: adding 1 to a first multiple beyond 2⁵³ would never arrive.
  for (int i = 0; i <= static_cast<int>(std::clamp(last - first, -1.0, 1000.0)); ++i) {
    const double multiple = first + i;
    ticks.values.push_back(multiple == 0.0 ? 0.0 : multiple * step);
  }
  if (ticks.values.empty()) ticks.values.push_back(first * step > high ? low : first * step);
  return ticks;
}

void widen_to_round(double& low, double& high, int about) {
  if (!std::isfinite(low) || !std::isfinite(high) || high < low) return;
  if (high == low) {
    const double margin = low == 0.0 ? 1.0 : std::abs(low) * 0.1;
    low -= margin;
    high += margin;
  }
  // Widening may call for a coarser step, whose multiples the ends must be; it settles within a few rounds.
  double step = 0.0;
  for (int round = 0; round < 8 && step != round_step((high - low) / std::max(1, about)); ++round) {
    step = round_step((high - low) / std::max(1, about));
    low = std::floor(low / step + 1e-9) * step;
    high = std::ceil(high / step - 1e-9) * step;
  }
}

std::vector<double> logarithmic_ticks(double low, double high) {
  std::vector<double> ticks;
  const double decades = std::log10(high / low);
  const int first = static_cast<int>(std::floor(std::log10(low)));
  const int last = static_cast<int>(std::ceil(std::log10(high)));
  for (int exponent = first; exponent <= last; ++exponent) {
    for (const int factor : {1, 2, 5}) {
      if (factor != 1 && decades > 2.5) continue;
      // Read from decimal text, so that 0.2 is 0.2 and not 2 × 10⁻¹ rounded twice.
      const double value = std::stod(std::to_string(factor) + "e" + std::to_string(exponent));
      if (value >= low * (1.0 - 1e-9) && value <= high * (1.0 + 1e-9)) ticks.push_back(value);
    }
  }
  return ticks;
}

}  // namespace rootzone::pipeline
