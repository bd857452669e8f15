#include "rootzone/pipeline/qml_style.hpp"

#include <array>

#include "rootzone/pipeline/markup.hpp"
#include "rootzone/pipeline/numbers.hpp"

namespace rootzone::pipeline {
namespace {

std::string temporal_element(const std::optional<DateRange>& dates) {
  std::string text =
      "  <temporal enabled=\"" + std::string(dates ? "1" : "0") + "\" mode=\"0\" fetchMode=\"0\">\n";
  text += "    <fixedRange>\n";
  text += "      <start>" + (dates ? core::iso_date(dates->first) + "T00:00:00Z" : "") + "</start>\n";
  text += "      <end>" + (dates ? core::iso_date(dates->last) + "T23:59:59Z" : "") + "</end>\n";
  return text + "    </fixedRange>\n  </temporal>\n";
}

// mrcc.com/qgis.dtd is the name QGIS itself writes; nothing reads it from there.
std::string document(const std::string& renderer, const std::optional<DateRange>& dates) {
  return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
         "<qgis version=\"3.22.16\" styleCategories=\"Symbology|Temporal\" hasScaleBasedVisibilityFlag=\"0\" "
         "minScale=\"1e+08\" maxScale=\"0\">\n" +
         temporal_element(dates) +
         "  <pipe>\n"
         "    <provider>\n"
         "      <resampling enabled=\"false\" zoomedInResamplingMethod=\"nearestNeighbour\" "
         "zoomedOutResamplingMethod=\"nearestNeighbour\" maxOversampling=\"2\"/>\n"
         "    </provider>\n" +
         renderer +
         "    <brightnesscontrast brightness=\"0\" contrast=\"0\" gamma=\"1\"/>\n"
         "    <huesaturation saturation=\"0\" grayscaleMode=\"0\" invertColors=\"0\" colorizeOn=\"0\" "
         "colorizeRed=\"255\" colorizeGreen=\"128\" colorizeBlue=\"128\" colorizeStrength=\"100\"/>\n"
         "    <rasterresampler maxOversampling=\"2\"/>\n"
         "    <resamplingStage>resamplingFilter</resamplingStage>\n"
         "  </pipe>\n"
         "  <blendMode>0</blendMode>\n"
         "</qgis>\n";
}

constexpr const char* fixed_origin =
    "      <rasterTransparency/>\n"
    "      <minMaxOrigin>\n"
    "        <limits>None</limits>\n"
    "        <extent>WholeRaster</extent>\n"
    "        <statAccuracy>Estimated</statAccuracy>\n"
    "        <cumulativeCutLower>0.02</cumulativeCutLower>\n"
    "        <cumulativeCutUpper>0.98</cumulativeCutUpper>\n"
    "        <stdDevFactor>2</stdDevFactor>\n"
    "      </minMaxOrigin>\n";

std::string rgba(Rgb colour) {
  return std::to_string(colour.red) + "," + std::to_string(colour.green) + "," + std::to_string(colour.blue) +
         ",255";
}

// What QGIS' style panel shows and edits; what is drawn are the items.
std::string gradient_element(const std::vector<ValueStop>& stops) {
  std::string between;
  for (std::size_t i = 1; i + 1 < stops.size(); ++i) {
    const double place = (stops[i].value - stops.front().value) / (stops.back().value - stops.front().value);
    between += (between.empty() ? "" : ":") + machine_number(place) + ";" + rgba(stops[i].colour);
  }
  const std::array<std::array<std::string, 2>, 5> options{{{"color1", rgba(stops.front().colour)},
                                                           {"color2", rgba(stops.back().colour)},
                                                           {"discrete", "0"},
                                                           {"rampType", "gradient"},
                                                           {"stops", between}}};
  std::string text =
      "          <colorramp name=\"[source]\" type=\"gradient\">\n            <Option type=\"Map\">\n";
  for (const auto& [name, value] : options) {
    text += "              <Option name=\"" + name + "\" type=\"QString\" value=\"" + value + "\"/>\n";
  }
  text += "            </Option>\n";
  for (const auto& [name, value] : options) {
    text += "            <prop k=\"" + name + "\" v=\"" + value + "\"/>\n";
  }
  return text + "          </colorramp>\n";
}

std::string stop_items(const VariableStyle& style, const std::vector<ValueStop>& stops) {
  const std::string unit = pretty_units(style.units);
  std::string text;
  for (const ValueStop& stop : stops) {
    const std::string label = format_number(stop.value, 4) + (unit.empty() ? "" : " " + unit);
    text += "          <item value=\"" + machine_number(stop.value) + "\" color=\"" +
            hex_colour(stop.colour) + "\" alpha=\"255\" label=\"" + escape_markup(label) + "\"/>\n";
  }
  return text;
}

// The continuous legend of QGIS 3.18 and later, with the unit behind its numbers.
std::string legend_settings(const VariableStyle& style) {
  const std::string unit = pretty_units(style.units);
  return "          <rampLegendSettings useContinuousLegend=\"1\" direction=\"0\" orientation=\"2\" "
         "minimumLabel=\"\" maximumLabel=\"\" prefix=\"\" suffix=\"" +
         escape_markup(unit.empty() ? "" : " " + unit) +
         "\">\n"
         "            <numericFormat id=\"basic\">\n"
         "              <Option type=\"Map\">\n"
         "                <Option name=\"decimals\" type=\"int\" value=\"6\"/>\n"
         "                <Option name=\"show_thousand_separator\" type=\"bool\" value=\"false\"/>\n"
         "                <Option name=\"show_trailing_zeros\" type=\"bool\" value=\"false\"/>\n"
         "              </Option>\n"
         "            </numericFormat>\n"
         "          </rampLegendSettings>\n";
}

}  // namespace

std::string qml_for_values(const VariableStyle& style, const std::optional<DateRange>& dates) {
  const std::vector<ValueStop> stops = value_stops(style);
  const std::string minimum = machine_number(stops.front().value);
  const std::string maximum = machine_number(stops.back().value);
  std::string renderer =
      "    <rasterrenderer type=\"singlebandpseudocolor\" band=\"1\" opacity=\"1\" alphaBand=\"-1\" "
      "nodataColor=\"\" classificationMin=\"" +
      minimum + "\" classificationMax=\"" + maximum + "\">\n" + fixed_origin +
      "      <rastershader>\n"
      "        <colorrampshader colorRampType=\"INTERPOLATED\" classificationMode=\"1\" clip=\"0\" "
      "labelPrecision=\"4\" minimumValue=\"" +
      minimum + "\" maximumValue=\"" + maximum + "\">\n" + gradient_element(stops) +
      stop_items(style, stops) + legend_settings(style) +
      "        </colorrampshader>\n"
      "      </rastershader>\n"
      "    </rasterrenderer>\n";
  return document(renderer, dates);
}

std::string qml_for_flags(std::span<const core::FlagBits> found, const std::optional<DateRange>& dates) {
  std::string renderer =
      "    <rasterrenderer type=\"paletted\" band=\"1\" opacity=\"1\" alphaBand=\"-1\" nodataColor=\"\">\n" +
      std::string(fixed_origin) + "      <colorPalette>\n";
  for (const FlagClass& entry : flag_classes(found)) {
    renderer += "        <paletteEntry value=\"" + std::to_string(entry.bits) + "\" color=\"" +
                hex_colour(entry.colour) + "\" alpha=\"255\" label=\"" + escape_markup(entry.label) +
                "\"/>\n";
  }
  renderer += "      </colorPalette>\n    </rasterrenderer>\n";
  return document(renderer, dates);
}

std::string qml_for_product(std::string_view variable, std::string_view units, double minimum, double maximum,
                            const std::optional<DateRange>& dates) {
  if (variable.ends_with("_flags")) return qml_for_flags({}, dates);
  if (const VariableStyle* style = find_style(variable, units)) return qml_for_values(*style, dates);
  return qml_for_values(fitted_style(std::string(variable), std::string(units), minimum, maximum), dates);
}

std::vector<StyleFile> shipped_style_files() {
  std::vector<StyleFile> files;
  for (const VariableStyle& style : shipped_variable_styles()) {
    files.push_back({style.name + ".qml", qml_for_values(style)});
  }
  files.push_back({"flags.qml", qml_for_flags()});
  return files;
}

}  // namespace rootzone::pipeline
