#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rootzone/core/flags.hpp"

namespace rootzone::pipeline {

/// A colour without alpha.
struct Rgb {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
  bool operator==(const Rgb&) const = default;
};
/// "#rrggbb"
std::string hex_colour(Rgb colour);

enum class RampName { moisture, saturation, capacity, deficit, diverging, uncertainty, parameter };
/// The knots of a ramp, evenly spaced from its low to its high end. Every ramp but `diverging` runs through
/// lightness in one direction after its palest point, and none sets red against green, so that deuteranopes
/// and protanopes (and grey prints of the sequential ones) read the order; the test measures both.
std::span<const Rgb> ramp_knots(RampName name);
/// Colour at a part of the ramp, clamped to [0, 1], linear in sRGB between knots (as QGIS does).
Rgb ramp_colour(RampName name, double fraction);

enum class ScaleKind { linear, logarithmic };

/// How one kind of quantity is coloured wherever it is drawn: the QGIS styles, the maps and the legends of
/// the report all take it from here. Ranges are fixed per kind, so that maps of different dates compare.
struct VariableStyle {
  std::string name;   ///< of the shipped file: data/styles/<name>.qml
  std::string title;  ///< "Soil moisture"
  std::string units;  ///< UDUNITS spelling, of minimum, maximum and step
  RampName ramp = RampName::parameter;
  ScaleKind scale = ScaleKind::linear;
  double minimum = 0.0;  ///< values outside are drawn in the colour of the nearer end
  double maximum = 1.0;
  double step = 0.1;  ///< between classes; unused on a logarithmic scale, whose classes are 1, 2, 5, 10, …
};

/// One class border of a style; colours between two are linear in sRGB.
struct ValueStop {
  double value = 0.0;
  Rgb colour;
};

/// The styles shipped with the program, one per kind of quantity.
std::span<const VariableStyle> shipped_variable_styles();
/// The style of a product by its variable name ("root_zone_soil_moisture", "…_standard_deviation",
/// "…_difference") and units; nullptr where only the data can say the range (see `fitted_style`).
const VariableStyle* find_style(std::string_view variable, std::string_view units);
/// A style with a round range around the data, for quantities without one of their own. A range that is not
/// finite gives [0, 1].
VariableStyle fitted_style(std::string title, std::string units, double minimum, double maximum);

/// Class borders from minimum to maximum, both included.
std::vector<ValueStop> value_stops(const VariableStyle& style);
/// Where a value lies between minimum (0) and maximum (1), clamped; NaN stays NaN.
double scale_position(const VariableStyle& style, double value);
/// What `scale_position` inverts.
double value_at_position(const VariableStyle& style, double position);
/// Colour of a value, piecewise linear between the stops. value must not be NaN.
Rgb style_colour(std::span<const ValueStop> stops, double value);
/// Round numbers for a legend, about six.
std::vector<double> legend_ticks(const VariableStyle& style);

/// A class of a flags raster: some reasons together.
struct FlagClass {
  core::FlagBits bits = 0;
  Rgb colour;
  std::string label;  ///< "spinning up + gap filled"
};
/// No flag, each flag alone, the combinations that methods can raise together, and those found in the data.
/// A combination takes the colour of its gravest reason. Sorted by bits, no duplicates.
std::vector<FlagClass> flag_classes(std::span<const core::FlagBits> found = {});
/// "spinning_up" → "spinning up"
std::string flag_label(std::string_view name);

}  // namespace rootzone::pipeline
