#include "rootzone/pipeline/colour_ramp.hpp"

#include <algorithm>
#include <cmath>

#include "rootzone/pipeline/numbers.hpp"

namespace rootzone::pipeline {
namespace {

// Dry brown over a pale middle to wet blue.
constexpr std::array<Rgb, 11> moisture_knots{{{0x54, 0x30, 0x05},
                                              {0x87, 0x50, 0x14},
                                              {0xB5, 0x7D, 0x34},
                                              {0xD9, 0xB3, 0x70},
                                              {0xF0, 0xDF, 0xB8},
                                              {0xF4, 0xF1, 0xE6},
                                              {0xC9, 0xDF, 0xEE},
                                              {0x8F, 0xBD, 0xDD},
                                              {0x4C, 0x92, 0xC6},
                                              {0x1D, 0x62, 0xA5},
                                              {0x08, 0x32, 0x6B}}};
constexpr std::array<Rgb, 9> saturation_knots{{{0xFF, 0xFB, 0xD9},
                                               {0xEC, 0xF4, 0xBC},
                                               {0xC5, 0xE6, 0xBC},
                                               {0x84, 0xCD, 0xBE},
                                               {0x46, 0xB2, 0xC3},
                                               {0x24, 0x8F, 0xBE},
                                               {0x22, 0x62, 0xA8},
                                               {0x24, 0x3B, 0x90},
                                               {0x0A, 0x1F, 0x5A}}};
constexpr std::array<Rgb, 9> capacity_knots{{{0xF8, 0xFA, 0xE4},
                                             {0xE3, 0xF1, 0xC8},
                                             {0xC3, 0xE3, 0xAF},
                                             {0x96, 0xCF, 0xA2},
                                             {0x62, 0xB5, 0x9E},
                                             {0x36, 0x95, 0x9A},
                                             {0x1E, 0x73, 0x8D},
                                             {0x16, 0x50, 0x78},
                                             {0x0C, 0x2C, 0x54}}};
constexpr std::array<Rgb, 7> deficit_knots{{{0xFD, 0xF7, 0xE6},
                                            {0xFB, 0xDE, 0xAE},
                                            {0xF6, 0xB8, 0x6F},
                                            {0xE5, 0x89, 0x3D},
                                            {0xC0, 0x5A, 0x20},
                                            {0x8C, 0x36, 0x14},
                                            {0x4F, 0x1B, 0x0E}}};
// Less (orange) against more (purple): apart for every common kind of colour blindness, and not to be taken
// for the brown and blue of moisture itself.
constexpr std::array<Rgb, 9> diverging_knots{{{0x9A, 0x46, 0x05},
                                              {0xCB, 0x70, 0x12},
                                              {0xEF, 0xA2, 0x4B},
                                              {0xFB, 0xD3, 0xA0},
                                              {0xF5, 0xF4, 0xF3},
                                              {0xD3, 0xCF, 0xE6},
                                              {0xA7, 0x9C, 0xCB},
                                              {0x75, 0x5F, 0xA6},
                                              {0x43, 0x22, 0x7A}}};
constexpr std::array<Rgb, 7> uncertainty_knots{{{0xF9, 0xF7, 0xFA},
                                                {0xE4, 0xDA, 0xEA},
                                                {0xCE, 0xB4, 0xD6},
                                                {0xBA, 0x86, 0xBC},
                                                {0xA0, 0x53, 0x9D},
                                                {0x77, 0x25, 0x77},
                                                {0x42, 0x0A, 0x45}}};
// Dark blue to yellow.
constexpr std::array<Rgb, 9> parameter_knots{{{0x05, 0x22, 0x4F},
                                              {0x1F, 0x3B, 0x6D},
                                              {0x40, 0x50, 0x73},
                                              {0x5D, 0x67, 0x78},
                                              {0x7A, 0x7E, 0x7D},
                                              {0x99, 0x96, 0x77},
                                              {0xBA, 0xB0, 0x6A},
                                              {0xDC, 0xCB, 0x56},
                                              {0xFD, 0xE7, 0x3C}}};

std::uint8_t mixed(std::uint8_t low, std::uint8_t high, double weight) {
  return static_cast<std::uint8_t>(std::lround(low + weight * (high - low)));
}

Rgb mixed(Rgb low, Rgb high, double weight) {
  return {mixed(low.red, high.red, weight), mixed(low.green, high.green, weight),
          mixed(low.blue, high.blue, weight)};
}

}  // namespace

std::string hex_colour(Rgb colour) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "#";
  for (const unsigned part : {colour.red, colour.green, colour.blue}) {
    text += digits[part >> 4];
    text += digits[part & 15U];
  }
  return text;
}

std::span<const Rgb> ramp_knots(RampName name) {
  switch (name) {
    case RampName::moisture:
      return moisture_knots;
    case RampName::saturation:
      return saturation_knots;
    case RampName::capacity:
      return capacity_knots;
    case RampName::deficit:
      return deficit_knots;
    case RampName::diverging:
      return diverging_knots;
    case RampName::uncertainty:
      return uncertainty_knots;
    case RampName::parameter:
      break;
  }
  return parameter_knots;
}

Rgb ramp_colour(RampName name, double fraction) {
  const auto knots = ramp_knots(name);
  const double place = std::clamp(fraction, 0.0, 1.0) * static_cast<double>(knots.size() - 1);
  const std::size_t below = std::min(static_cast<std::size_t>(place), knots.size() - 2);
  return mixed(knots[below], knots[below + 1], place - static_cast<double>(below));
}

std::vector<ValueStop> value_stops(const VariableStyle& style) {
  std::vector<double> values;
  if (style.scale == ScaleKind::logarithmic) {
    const int first = static_cast<int>(std::floor(std::log10(style.minimum)));
    const int last = static_cast<int>(std::ceil(std::log10(style.maximum)));
    for (int exponent = first; exponent < last; ++exponent) {
      const double decade = logarithmic_ticks(std::pow(10.0, exponent), std::pow(10.0, exponent + 1)).front();
      for (const double value : logarithmic_ticks(decade, decade * 10.0)) {
        const bool repeated = !values.empty() && value <= values.back() * (1.0 + 1e-9);
        const bool outside = value < style.minimum * (1.0 - 1e-9) || value > style.maximum * (1.0 + 1e-9);
        if (!repeated && !outside) values.push_back(value);
      }
    }
  } else {
    const double classes = std::round((style.maximum - style.minimum) / style.step);
    for (double k = 0.0; k <= classes; k += 1.0) {
      // Rounded to the step's own decimals: 3 × 0.05 is to read 0.15 in the style file.
      const int decimals = decimals_of_step(style.step);
      const double power = std::pow(10.0, decimals);
      const double value = style.minimum + k * style.step;
      values.push_back(decimals < 12 ? std::round(value * power) / power : value);
    }
  }
  std::vector<ValueStop> stops;
  for (const double value : values)
    stops.push_back({value, ramp_colour(style.ramp, scale_position(style, value))});
  return stops;
}

double scale_position(const VariableStyle& style, double value) {
  if (std::isnan(value)) return value;
  double position = (value - style.minimum) / (style.maximum - style.minimum);
  if (style.scale == ScaleKind::logarithmic) {
    position = value <= style.minimum
                   ? 0.0
                   : std::log(value / style.minimum) / std::log(style.maximum / style.minimum);
  }
  return std::clamp(position, 0.0, 1.0);
}

double value_at_position(const VariableStyle& style, double position) {
  if (style.scale == ScaleKind::logarithmic) {
    return style.minimum * std::pow(style.maximum / style.minimum, position);
  }
  return style.minimum + position * (style.maximum - style.minimum);
}

Rgb style_colour(std::span<const ValueStop> stops, double value) {
  if (value <= stops.front().value) return stops.front().colour;
  const auto above = std::upper_bound(stops.begin(), stops.end(), value,
                                      [](double v, const ValueStop& stop) { return v < stop.value; });
  if (above == stops.end()) return stops.back().colour;
  const auto below = above - 1;
  return mixed(below->colour, above->colour, (value - below->value) / (above->value - below->value));
}

std::vector<double> legend_ticks(const VariableStyle& style) {
  if (style.scale == ScaleKind::logarithmic) return logarithmic_ticks(style.minimum, style.maximum);
  return round_ticks(style.minimum, style.maximum, 5).values;
}

}  // namespace rootzone::pipeline
