// The SVG around a map image: frame, corner coordinates, overlay, legend.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "rootzone/pipeline/map_image.hpp"
#include "rootzone/pipeline/markup.hpp"
#include "rootzone/pipeline/numbers.hpp"
#include "svg_frame.hpp"

namespace rootzone::pipeline {
namespace {

constexpr double figure_width = 420.0;
constexpr double margin_left = 18.0;
constexpr double margin_right = 2.0;
constexpr double largest_height = 460.0;

struct Frame {
  double left = margin_left;
  double top = 2.0;
  double width = figure_width - margin_left - margin_right;
  double height = 1.0;
};

bool is_geographic(const core::Grid& grid) {
  const std::string& wkt = grid.crs_wkt();
  return wkt.starts_with("GEOGC") || wkt.starts_with("GEODCRS") || wkt.starts_with("EPSG:4326");
}

// Height over width of the area on the ground.
double aspect(const core::Grid& grid) {
  const core::Extent& extent = grid.extent();
  double ratio = (extent.ymax - extent.ymin) / (extent.xmax - extent.xmin);
  if (is_geographic(grid)) {
    const double latitude = 0.5 * (extent.ymax + extent.ymin) * std::numbers::pi / 180.0;
    ratio /= std::max(0.1, std::cos(latitude));
  }
  return ratio;
}

Frame frame_of(const core::Grid& grid) {
  Frame frame;
  // A strip of one row still gets a few pixels.
  frame.height = std::max(12.0, frame.width * aspect(grid));
  if (frame.height > largest_height) {
    const double shrunk = std::max(12.0, frame.width * largest_height / frame.height);
    frame.left += 0.5 * (frame.width - shrunk);
    frame.width = shrunk;
    frame.height = largest_height;
  }
  return frame;
}

std::string coordinate_text(double value, bool geographic, bool is_x, double span) {
  const int decimals = std::clamp(2 - static_cast<int>(std::floor(std::log10(span))), 0, 4);
  if (!geographic) return format_fixed(value, decimals);
  // Beyond 180° the grid has been unwrapped: 185° is 175° W.
  if (is_x && value > 180.0) value -= 360.0;
  const char* side = value < 0.0 ? (is_x ? "° W" : "° S") : (is_x ? "° E" : "° N");
  return format_fixed(std::abs(value), decimals) + side;
}

std::string corner_labels(const core::Grid& grid, const Frame& frame) {
  const core::Extent& extent = grid.extent();
  const bool geographic = is_geographic(grid);
  const auto x_text = [&](double x) {
    return coordinate_text(x, geographic, true, extent.xmax - extent.xmin);
  };
  const auto y_text = [&](double y) {
    return coordinate_text(y, geographic, false, extent.ymax - extent.ymin);
  };
  const double bottom = frame.top + frame.height;
  std::string svg = draw_text(frame.left, bottom + 14.0, "corner", x_text(extent.xmin)) +
                    draw_text(frame.left + frame.width, bottom + 14.0, "corner left", x_text(extent.xmax));
  const auto upright = [&](double y, const char* css_class, const std::string& text) {
    const std::string x = svg_number(frame.left - 5.0);
    return "<text class=\"" + std::string(css_class) + "\" transform=\"translate(" + x + " " + svg_number(y) +
           ") rotate(-90)\">" + escape_markup(text) + "</text>";
  };
  // Two labels need room; a flat map keeps the upper one.
  svg += upright(frame.top, "corner left", y_text(extent.ymax));
  if (frame.height > 2.2 * text_width(y_text(extent.ymax)))
    svg += upright(bottom, "corner", y_text(extent.ymin));
  return svg;
}

std::string draw_overlay(const core::Grid& grid, const Frame& frame, const MapOverlay& overlay) {
  const auto x_of = [&](double x) {
    return frame.left + grid.fractional_col(x) / static_cast<double>(grid.cols()) * frame.width;
  };
  const auto y_of = [&](double y) {
    return frame.top + grid.fractional_row(y) / static_cast<double>(grid.rows()) * frame.height;
  };
  std::string outline;
  for (const auto& line : overlay.outlines) {
    const char* command = "M";
    for (const auto& [x, y] : line) {
      if (!std::isfinite(x) || !std::isfinite(y)) continue;
      outline += command + svg_number(x_of(x)) + " " + svg_number(y_of(y));
      command = "L";
    }
  }
  std::string svg;
  if (!outline.empty()) {
    // An inner svg cuts what runs over the map's edge.
    const std::string place = svg_number(frame.left) + " " + svg_number(frame.top) + " " +
                              svg_number(frame.width) + " " + svg_number(frame.height);
    svg = "<svg x=\"" + svg_number(frame.left) + "\" y=\"" + svg_number(frame.top) + "\" width=\"" +
          svg_number(frame.width) + "\" height=\"" + svg_number(frame.height) + "\" viewBox=\"" + place +
          "\" preserveAspectRatio=\"none\"><path class=\"outline-halo\" d=\"" + outline +
          "\"/><path class=\"outline\" d=\"" + outline + "\"/></svg>";
  }
  const core::Extent& extent = grid.extent();
  for (const MapStation& station : overlay.stations) {
    const bool inside = station.x >= extent.xmin && station.x <= extent.xmax && station.y >= extent.ymin &&
                        station.y <= extent.ymax;
    if (!inside) continue;
    svg += "<circle class=\"station\" cx=\"" + svg_number(x_of(station.x)) + "\" cy=\"" +
           svg_number(y_of(station.y)) + "\" r=\"4\"><title>" + escape_markup(station.name) +
           "</title></circle>";
  }
  return svg;
}

std::string draw_map_legend(const VariableStyle& style, const std::string& id, double top) {
  std::string svg = "<defs><linearGradient id=\"" + id + "\">";
  for (const ValueStop& stop : value_stops(style)) {
    svg += "<stop offset=\"" + machine_number(std::round(scale_position(style, stop.value) * 1e4) / 1e4) +
           "\" stop-color=\"" + hex_colour(stop.colour) + "\"/>";
  }
  const double left = margin_left + 20.0;
  const double width = figure_width - left - 90.0;
  svg += "</linearGradient></defs><rect class=\"legend-bar\" x=\"" + svg_number(left) + "\" y=\"" +
         svg_number(top) + "\" width=\"" + svg_number(width) + "\" height=\"12\" fill=\"url(#" + id + ")\"/>";
  std::string marks;
  const auto ticks = legend_ticks(style);
  const int decimals =
      ticks.size() > 1 && style.scale == ScaleKind::linear ? decimals_of_step(ticks[1] - ticks[0]) : 0;
  for (const double tick : ticks) {
    const double x = left + scale_position(style, tick) * width;
    marks += "M" + svg_number(x) + " " + svg_number(top + 12.0) + "v4";
    const std::string text =
        style.scale == ScaleKind::linear ? format_fixed(tick, decimals) : format_number(tick);
    svg += draw_text(x, top + 29.0, "tick below", text);
  }
  svg += "<path class=\"axis\" d=\"" + marks + "\"/>";
  return svg + draw_text(left + width + 12.0, top + 11.0, "caption", pretty_units(style.units));
}

}  // namespace

std::string render_map(const MapImage& image, const core::Grid& grid, const VariableStyle& style,
                       const MapOverlay& overlay, const std::string& title, const std::string& id,
                       const PngEncoder& encode_png) {
  const Frame frame = frame_of(grid);
  const double legend_top = frame.top + frame.height + 26.0;
  const std::string place = "x=\"" + svg_number(frame.left) + "\" y=\"" + svg_number(frame.top) +
                            "\" width=\"" + svg_number(frame.width) + "\" height=\"" +
                            svg_number(frame.height) + "\"";
  const std::string css_class = image.cols > grid.cols() ? "pixels" : "smooth";
  std::string svg =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart map\" role=\"img\" viewBox=\"0 0 " +
      svg_number(figure_width) + " " + svg_number(legend_top + 34.0) + "\"><title>" + escape_markup(title) +
      "</title><rect class=\"missing\" " + place + "/>";
  svg += "<image class=\"" + css_class + "\" preserveAspectRatio=\"none\" " + place +
         " href=\"data:image/png;base64," +
         base64(encode_png(image.indices, image.rows, image.cols, image.palette)) + "\"/>";
  svg += "<rect class=\"frame\" " + place + "/>" + draw_overlay(grid, frame, overlay) +
         corner_labels(grid, frame) + draw_map_legend(style, id, legend_top);
  return svg + "</svg>";
}

}  // namespace rootzone::pipeline
