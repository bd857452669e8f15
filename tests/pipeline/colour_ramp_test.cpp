#include "rootzone/pipeline/colour_ramp.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

namespace rootzone::pipeline {
namespace {

constexpr std::array all_ramps{RampName::moisture, RampName::saturation, RampName::capacity,
                               RampName::deficit,  RampName::diverging,  RampName::uncertainty,
                               RampName::parameter};

struct Linear {
  double red, green, blue;
};

Linear linear_rgb(Rgb colour) {
  const auto part = [](std::uint8_t value) {
    const double v = value / 255.0;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  return {part(colour.red), part(colour.green), part(colour.blue)};
}

double relative_luminance(const Linear& c) {
  return 0.2126 * c.red + 0.7152 * c.green + 0.0722 * c.blue;
}

// How a deuteranope or protanope sees a colour (Machado, Oliveira and Fernandes 2009, severity 1).
Linear deuteranope(const Linear& c) {
  return {0.367322 * c.red + 0.860646 * c.green - 0.227968 * c.blue,
          0.280085 * c.red + 0.672501 * c.green + 0.047413 * c.blue,
          -0.011820 * c.red + 0.042940 * c.green + 0.968881 * c.blue};
}
Linear protanope(const Linear& c) {
  return {0.152286 * c.red + 1.052583 * c.green - 0.204868 * c.blue,
          0.114503 * c.red + 0.786281 * c.green + 0.099216 * c.blue,
          -0.003882 * c.red - 0.048116 * c.green + 1.051998 * c.blue};
}

// CIE L*a*b* (D65) distance.
double lab_distance(const Linear& first, const Linear& second) {
  const auto lab = [](const Linear& c) {
    const auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116.0; };
    const double x = f((0.4124 * c.red + 0.3576 * c.green + 0.1805 * c.blue) / 0.9505);
    const double y = f(0.2126 * c.red + 0.7152 * c.green + 0.0722 * c.blue);
    const double z = f((0.0193 * c.red + 0.1192 * c.green + 0.9505 * c.blue) / 1.089);
    return std::array<double, 3>{116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)};
  };
  const auto a = lab(first);
  const auto b = lab(second);
  return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

TEST(ColourRamp, SequentialOnesRunThroughLightnessInOneDirection) {
  for (const RampName name : all_ramps) {
    const auto knots = ramp_knots(name);
    int turns = 0;
    int direction = 0;
    for (std::size_t i = 1; i < knots.size(); ++i) {
      const double step =
          relative_luminance(linear_rgb(knots[i])) - relative_luminance(linear_rgb(knots[i - 1]));
      ASSERT_NE(step, 0.0);
      const int sign = step > 0.0 ? 1 : -1;
      if (direction != 0 && sign != direction) ++turns;
      direction = sign;
    }
    const bool has_pale_middle = name == RampName::moisture || name == RampName::diverging;
    EXPECT_EQ(turns, has_pale_middle ? 1 : 0) << static_cast<int>(name);
  }
}

TEST(ColourRamp, NeighboursAndEndsStayApartForTheColourBlind) {
  for (const RampName name : all_ramps) {
    for (const auto sight : {deuteranope, protanope}) {
      const auto seen = [&](double fraction) { return sight(linear_rgb(ramp_colour(name, fraction))); };
      for (double at = 0.0; at < 0.95; at += 0.1) {
        EXPECT_GT(lab_distance(seen(at), seen(at + 0.1)), 3.0) << static_cast<int>(name) << " at " << at;
      }
      EXPECT_GT(lab_distance(seen(0.0), seen(1.0)), 30.0) << static_cast<int>(name);
      // With a pale middle, the same lightness comes twice: the two must differ in hue.
      EXPECT_GT(lab_distance(seen(0.2), seen(0.8)), 20.0) << static_cast<int>(name);
    }
  }
}

TEST(ColourRamp, HitsItsKnotsAndClampsOutside) {
  for (const RampName name : all_ramps) {
    const auto knots = ramp_knots(name);
    for (std::size_t i = 0; i < knots.size(); ++i) {
      EXPECT_EQ(ramp_colour(name, static_cast<double>(i) / static_cast<double>(knots.size() - 1)), knots[i]);
    }
    EXPECT_EQ(ramp_colour(name, -3.0), knots.front());
    EXPECT_EQ(ramp_colour(name, 7.0), knots.back());
  }
}

TEST(VariableStyle, EveryShippedOneIsWellFormed) {
  std::set<std::string> names;
  for (const VariableStyle& style : shipped_variable_styles()) {
    SCOPED_TRACE(style.name);
    EXPECT_TRUE(names.insert(style.name).second);
    EXPECT_FALSE(style.title.empty());
    ASSERT_LT(style.minimum, style.maximum);
    const auto stops = value_stops(style);
    ASSERT_GE(stops.size(), 5U);
    EXPECT_EQ(stops.front().value, style.minimum);
    EXPECT_EQ(stops.back().value, style.maximum);
    for (std::size_t i = 1; i < stops.size(); ++i) EXPECT_LT(stops[i - 1].value, stops[i].value);
    EXPECT_EQ(stops.front().colour, ramp_knots(style.ramp).front());
    EXPECT_EQ(stops.back().colour, ramp_knots(style.ramp).back());
    const auto ticks = legend_ticks(style);
    EXPECT_GE(ticks.size(), 3U);
    EXPECT_LE(ticks.size(), 9U);
  }
}

TEST(VariableStyle, DivergingOnesArePalestAtTheNeutralValue) {
  for (const VariableStyle& style : shipped_variable_styles()) {
    if (style.ramp != RampName::diverging) continue;
    const double neutral = style.minimum < 0.0 ? 0.0 : 1.0;
    EXPECT_NEAR(scale_position(style, neutral), 0.5, 1e-12) << style.name;
  }
}

TEST(VariableStyle, IsFoundByVariableAndUnits) {
  const auto name = [](std::string_view variable, std::string_view units) -> std::string {
    const VariableStyle* style = find_style(variable, units);
    return style == nullptr ? "none" : style->name;
  };
  EXPECT_EQ(name("root_zone_soil_moisture", "m3 m-3"), "soil_moisture");
  EXPECT_EQ(name("root_zone_soil_moisture_mean", "m3 m-3"), "soil_moisture");
  EXPECT_EQ(name("root_zone_soil_moisture_standard_deviation", "m3 m-3"), "moisture_uncertainty");
  EXPECT_EQ(name("root_zone_saturation", "1"), "saturation");
  EXPECT_EQ(name("soil_water_index", "m3 m-3"), "soil_moisture");
  EXPECT_EQ(name("soil_water_index", "%"), "saturation_percent");
  EXPECT_EQ(name("root_zone_storage_capacity", "mm"), "storage_capacity");
  EXPECT_EQ(name("annual_maximum_deficit", "mm"), "storage_capacity");
  EXPECT_EQ(name("water_deficit", "mm"), "water_deficit");
  EXPECT_EQ(name("saturated_water_content", "m3 m-3"), "soil_moisture");
  EXPECT_EQ(name("residual_water_content", "m3 m-3"), "residual_water_content");
  EXPECT_EQ(name("van_genuchten_alpha", "cm-1"), "van_genuchten_alpha");
  EXPECT_EQ(name("saturated_hydraulic_conductivity", "cm d-1"), "saturated_hydraulic_conductivity");
  EXPECT_EQ(name("half_uptake_pressure_head", "cm"), "pressure_head");
  EXPECT_EQ(name("closure_ratio", "1"), "closure_ratio");
  EXPECT_EQ(name("water_content_33kpa", "m3 m-3"), "soil_moisture");
  // A range in the wrong unit would mislead: better none.
  EXPECT_EQ(name("root_zone_storage_capacity", "m"), "none");
  EXPECT_EQ(name("valid_years", "1"), "none");
}

TEST(VariableStyle, FitsARoundRangeToUnknownQuantities) {
  const VariableStyle style = fitted_style("valid years", "1", 7.0, 38.0);
  EXPECT_LE(style.minimum, 7.0);
  EXPECT_GE(style.maximum, 38.0);
  EXPECT_EQ(value_stops(style).back().value, style.maximum);
  const VariableStyle constant = fitted_style("n", "1", 5.0, 5.0);
  EXPECT_LT(constant.minimum, constant.maximum);
  for (const double tiny : {1e-15, 1e-300}) {
    const auto stops = value_stops(fitted_style("n", "1", 0.0, tiny));
    for (std::size_t i = 1; i < stops.size(); ++i) EXPECT_LT(stops[i - 1].value, stops[i].value);
  }
  const VariableStyle empty = fitted_style("n", "1", std::nan(""), std::nan(""));
  EXPECT_EQ(empty.minimum, 0.0);
  EXPECT_EQ(empty.maximum, 1.0);
}

TEST(VariableStyle, ColoursAreLinearBetweenStopsAndClampOutside) {
  const auto stops = value_stops(*find_style("root_zone_soil_moisture", "m3 m-3"));
  EXPECT_EQ(style_colour(stops, -1.0), stops.front().colour);
  EXPECT_EQ(style_colour(stops, 9.0), stops.back().colour);
  EXPECT_EQ(style_colour(stops, std::numeric_limits<double>::infinity()), stops.back().colour);
  EXPECT_EQ(style_colour(stops, 0.05), stops[1].colour);
  const Rgb between = style_colour(stops, 0.025);
  EXPECT_NEAR(between.red, 0.5 * (stops[0].colour.red + stops[1].colour.red), 0.51);
  EXPECT_NEAR(between.blue, 0.5 * (stops[0].colour.blue + stops[1].colour.blue), 0.51);
}

TEST(VariableStyle, PositionAndValueInvertEachOther) {
  for (const VariableStyle& style : shipped_variable_styles()) {
    for (const double position : {0.0, 0.3, 0.77, 1.0}) {
      EXPECT_NEAR(scale_position(style, value_at_position(style, position)), position, 1e-12) << style.name;
    }
  }
  EXPECT_TRUE(std::isnan(scale_position(shipped_variable_styles().front(), std::nan(""))));
}

TEST(FlagClasses, NameEveryFlagAndWhatTheDataHold) {
  const core::FlagBits unusual = 1 | 2 | 256 | 512;
  const std::array found{unusual, core::FlagBits{4}};
  const auto classes = flag_classes(found);
  std::set<core::FlagBits> values;
  for (const FlagClass& entry : classes) {
    EXPECT_TRUE(values.insert(entry.bits).second);
    EXPECT_FALSE(entry.label.empty());
  }
  for (const core::FlagMeaning& meaning : core::flag_meanings)
    EXPECT_TRUE(values.contains(bits(meaning.flag)));
  EXPECT_TRUE(values.contains(0));
  ASSERT_TRUE(values.contains(unusual));
  for (const FlagClass& entry : classes) {
    if (entry.bits == unusual) {
      EXPECT_EQ(entry.label, "input missing + gap filled + extrapolated + clipped level");
      EXPECT_EQ(entry.colour, classes[1].colour) << "a combination takes the colour of its gravest reason";
    }
  }
}

TEST(FlagClasses, SingleReasonsHaveColoursOfTheirOwn) {
  std::set<std::string> colours;
  for (const core::FlagMeaning& meaning : core::flag_meanings) {
    for (const FlagClass& entry : flag_classes()) {
      if (entry.bits != bits(meaning.flag)) continue;
      EXPECT_TRUE(colours.insert(hex_colour(entry.colour)).second) << entry.label;
    }
  }
  EXPECT_EQ(colours.size(), core::flag_meanings.size());
}

}  // namespace
}  // namespace rootzone::pipeline
