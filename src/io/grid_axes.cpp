#include "grid_axes.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <limits>
#include <optional>
#include <utility>

#include "rootzone/core/error.hpp"
#include "rootzone/io/units.hpp"

namespace rootzone::io {
namespace {

using core::Error;
using core::ErrorKind;

std::string lowered(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string number_text(double value) {
  std::string text(32, '\0');
  text.resize(static_cast<std::size_t>(std::snprintf(text.data(), text.size(), "%.10g", value)));
  return text;
}

std::optional<double> metres_in(const std::string& units) {
  if (is_unknown_unit(units)) return {};
  try {
    return make_converter(units, "m").scale;
  } catch (const Error&) {
    return {};  // degrees, or words such as "m or deg. dec."
  }
}

CoordinateKind kind_of(const NetcdfFile& file, const NetcdfVariable& coordinate) {
  const std::string units = lowered(file.text(coordinate, "units").value_or(""));
  const std::string standard = lowered(file.text(coordinate, "standard_name").value_or(""));
  const std::string name = lowered(coordinate.name.substr(coordinate.name.rfind('/') + 1));
  if (standard.starts_with("grid_l") || name == "rlon" || name == "rlat") return CoordinateKind::rotated;
  if (standard.starts_with("projection_")) return CoordinateKind::projected;
  if (standard == "longitude" || standard == "latitude" || units.starts_with("degree") ||
      units.starts_with("°"))
    return CoordinateKind::geographic;
  if (metres_in(units)) return CoordinateKind::projected;
  const bool named = name.starts_with("lon") || name.starts_with("lat") || name.starts_with("nav_l");
  return named ? CoordinateKind::geographic : CoordinateKind::unknown;
}

AxisCoordinates read_axis(const NetcdfFile& file, const NetcdfVariable& coordinate) {
  AxisCoordinates axis{
      coordinate.name, file.text(coordinate, "units").value_or(""), file.read_coordinate(coordinate), {}};
  if (const auto name = file.text(coordinate, "bounds")) {
    const NetcdfVariable* bounds = file.find(*name, &coordinate);
    if (bounds != nullptr && bounds->lengths.size() == 2 && bounds->lengths[1] == 2 &&
        bounds->lengths[0] == coordinate.lengths[0])
      axis.bounds = file.read_coordinate(*bounds);
  }
  return axis;
}

bool runs_along(const NetcdfVariable& candidate, const NetcdfVariable& variable, int dimension) {
  return candidate.dimension_ids.size() == 1 &&
         candidate.dimension_ids[0] == variable.dimension_ids[static_cast<std::size_t>(dimension)];
}

/// Named like the dimension, or else any 1-D variable along it that says it is an x or y.
const NetcdfVariable* own_coordinate(const NetcdfFile& file, const NetcdfVariable& variable, int dimension,
                                     DimensionRole role) {
  if (const NetcdfVariable* found = coordinate_of(file, variable, dimension)) return found;
  for (const NetcdfVariable& candidate : file.variables())
    if (runs_along(candidate, variable, dimension) && role_of(file, candidate) == role) return &candidate;
  return nullptr;
}

GridAxes joined(const NetcdfFile& file, const NetcdfVariable& x, const NetcdfVariable& y) {
  GridAxes axes{read_axis(file, x), read_axis(file, y), kind_of(file, x)};
  if (axes.kind == CoordinateKind::unknown) axes.kind = kind_of(file, y);
  const auto beyond_degrees = [](double value) { return std::abs(value) > 720.0; };
  if (axes.kind == CoordinateKind::unknown &&
      (std::any_of(axes.x.values.begin(), axes.x.values.end(), beyond_degrees) ||
       std::any_of(axes.y.values.begin(), axes.y.values.end(), beyond_degrees)))
    axes.kind = CoordinateKind::projected;
  return axes;
}

std::optional<GridAxes> axes_of_dimensions(const NetcdfFile& file, const NetcdfVariable& variable,
                                           const VariableLayout& layout) {
  const NetcdfVariable* x = own_coordinate(file, variable, layout.col_dim, DimensionRole::col);
  const NetcdfVariable* y = own_coordinate(file, variable, layout.row_dim, DimensionRole::row);
  if (x == nullptr || y == nullptr) return {};
  return joined(file, *x, *y);
}

/// A 2-D variable over exactly the rows and columns; `transposed` if columns come first.
const NetcdfVariable* planar(const NetcdfFile& file, const NetcdfVariable& variable,
                             const VariableLayout& layout, DimensionRole role, bool& transposed) {
  const int row = variable.dimension_ids[static_cast<std::size_t>(layout.row_dim)];
  const int col = variable.dimension_ids[static_cast<std::size_t>(layout.col_dim)];
  for (const NetcdfVariable& candidate : file.variables()) {
    const auto& ids = candidate.dimension_ids;
    if (ids.size() != 2 || &candidate == &variable || stored_size(candidate.type) == 0) continue;
    transposed = ids[0] == col && ids[1] == row && row != col;
    const bool fits = transposed || (ids[0] == row && ids[1] == col);
    if (fits && role_of(file, candidate) == role && kind_of(file, candidate) == CoordinateKind::geographic)
      return &candidate;
  }
  return nullptr;
}

/// The values along one dimension of a 2-D coordinate that does not change along the other.
std::optional<std::vector<double>> separated(const std::vector<double>& values, std::size_t along,
                                             std::size_t across, bool along_is_slow) {
  std::vector<double> axis(along);
  const auto at = [&](std::size_t i, std::size_t j) {
    return along_is_slow ? values[i * across + j] : values[j * along + i];
  };
  for (std::size_t i = 0; i < along; ++i) axis[i] = at(i, 0);
  if (along < 2) return axis;
  const double tolerance = 0.01 * std::abs(axis[1] - axis[0]);
  for (std::size_t i = 0; i < along; ++i)
    for (std::size_t j = 1; j < across; ++j)
      if (!(std::abs(at(i, j) - axis[i]) <= tolerance)) return {};
  return axis;
}

std::optional<GridAxes> axes_of_planar(const NetcdfFile& file, const NetcdfVariable& variable,
                                       const VariableLayout& layout) {
  bool x_transposed = false;
  bool y_transposed = false;
  const NetcdfVariable* x = planar(file, variable, layout, DimensionRole::col, x_transposed);
  const NetcdfVariable* y = planar(file, variable, layout, DimensionRole::row, y_transposed);
  if (x == nullptr || y == nullptr) return {};
  const auto rows = static_cast<std::size_t>(layout.rows);
  const auto cols = static_cast<std::size_t>(layout.cols);
  auto x_values = separated(file.read_coordinate(*x), cols, rows, x_transposed);
  auto y_values = separated(file.read_coordinate(*y), rows, cols, !y_transposed);
  if (!x_values || !y_values) return {};
  return GridAxes{{x->name, file.text(*x, "units").value_or(""), std::move(*x_values), {}},
                  {y->name, file.text(*y, "units").value_or(""), std::move(*y_values), {}},
                  CoordinateKind::geographic};
}

/// 1-D longitudes and latitudes along the dimensions.
std::optional<GridAxes> axes_of_latlon(const NetcdfFile& file, const NetcdfVariable& variable,
                                       const VariableLayout& layout) {
  const auto along = [&](int dimension, DimensionRole role) -> const NetcdfVariable* {
    for (const NetcdfVariable& candidate : file.variables())
      if (runs_along(candidate, variable, dimension) && role_of(file, candidate) == role &&
          kind_of(file, candidate) == CoordinateKind::geographic)
        return &candidate;
    return nullptr;
  };
  const NetcdfVariable* x = along(layout.col_dim, DimensionRole::col);
  const NetcdfVariable* y = along(layout.row_dim, DimensionRole::row);
  if (x != nullptr && y != nullptr) return joined(file, *x, *y);
  return axes_of_planar(file, variable, layout);
}

/// Axes left behind on dimensions of other names when a tool renamed some and not others.
std::optional<GridAxes> axes_of_equal_length(const NetcdfFile& file, const VariableLayout& layout) {
  const auto only = [&](std::int64_t length, DimensionRole role) -> const NetcdfVariable* {
    const NetcdfVariable* found = nullptr;
    for (const NetcdfVariable& candidate : file.variables()) {
      if (candidate.lengths.size() != 1 || candidate.lengths[0] != length || role_of(file, candidate) != role)
        continue;
      if (found != nullptr) return nullptr;
      found = &candidate;
    }
    return found;
  };
  const NetcdfVariable* x = only(layout.cols, DimensionRole::col);
  const NetcdfVariable* y = only(layout.rows, DimensionRole::row);
  if (x == nullptr || y == nullptr) return {};
  return joined(file, *x, *y);
}

void unwrap_longitudes(std::vector<double>& values) {
  for (std::size_t i = 1; i < values.size(); ++i) {
    const double step = values[i] - values[i - 1];
    if (std::abs(step) > 180.0 && std::isfinite(step)) values[i] -= 360.0 * std::round(step / 360.0);
  }
}

struct Spacing {
  double first = 0.0;
  double last = 0.0;
  double step = 0.0;  ///< signed, 0 for a single value
};

Spacing spacing_of(const NetcdfFile& file, const AxisCoordinates& axis) {
  const auto count = axis.values.size();
  const std::string where = file.path().string() + ", coordinate " + axis.name + ": ";
  for (std::size_t i = 0; i < count; ++i)
    if (!std::isfinite(axis.values[i]))
      throw Error(ErrorKind::data, where + "value " + std::to_string(i) + " is missing");
  Spacing spacing{axis.values.front(), axis.values.back(), 0.0};
  if (count == 1) return spacing;
  spacing.step = (spacing.last - spacing.first) / static_cast<double>(count - 1);
  // Coordinates stored as float carry its rounding beside the tolerance of a hundredth of a cell.
  const double magnitude = std::max(std::abs(spacing.first), std::abs(spacing.last));
  const double rounding = 2.0 * static_cast<double>(std::numeric_limits<float>::epsilon()) * magnitude;
  const double tolerance = 0.01 * std::abs(spacing.step) + std::min(rounding, 0.2 * std::abs(spacing.step));
  for (std::size_t i = 0; i < count; ++i) {
    const double expected = spacing.first + static_cast<double>(i) * spacing.step;
    if (spacing.step != 0.0 && std::abs(axis.values[i] - expected) <= tolerance) continue;
    throw Error(ErrorKind::data, where + "uneven spacing: value " + std::to_string(i) + " is " +
                                     number_text(axis.values[i]) + ", expected " + number_text(expected) +
                                     " of an even grid; regrid it first (cdo remapcon or gdalwarp)");
  }
  return spacing;
}

/// Edges the bounds give, if they run on without gaps and evenly.
std::optional<std::pair<double, double>> edges_of_bounds(const AxisCoordinates& axis) {
  const std::size_t count = axis.values.size();
  if (axis.bounds.size() != 2 * count) return {};
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const double edge : axis.bounds) {
    if (!std::isfinite(edge)) return {};
    low = std::min(low, edge);
    high = std::max(high, edge);
  }
  const double size = (high - low) / static_cast<double>(count);
  if (!(size > 0.0)) return {};
  for (std::size_t i = 0; i < count; ++i) {
    const double width = std::abs(axis.bounds[2 * i + 1] - axis.bounds[2 * i]);
    const bool inside = axis.values[i] >= low - 0.01 * size && axis.values[i] <= high + 0.01 * size;
    if (std::abs(width - size) > 0.02 * size || !inside) return {};
  }
  return std::pair{low, high};
}

struct AxisEdges {
  double low = 0.0;
  double high = 0.0;
};

/// cell: size to take for a single value, 0 if unknown. corner_is_low: a corner names the lower edge (west)
/// and not the upper (north).
AxisEdges edges(const NetcdfFile& file, const AxisCoordinates& axis, CoordinateMeaning meaning, double cell,
                bool corner_is_low) {
  const Spacing spacing = spacing_of(file, axis);
  const bool single = axis.values.size() == 1;
  if (meaning == CoordinateMeaning::automatic || single)
    if (const auto found = edges_of_bounds(axis)) return {found->first, found->second};
  const double size = single ? cell : std::abs(spacing.step);
  if (!(size > 0.0))
    throw Error(
        ErrorKind::data,
        file.path().string() + ", coordinate " + axis.name +
            ": a single value without bounds does not tell the size of its cell; add bounds to the file");
  const double low = std::min(spacing.first, spacing.last);
  const double high = std::max(spacing.first, spacing.last);
  if (meaning != CoordinateMeaning::corner) return {low - size / 2, high + size / 2};
  return corner_is_low ? AxisEdges{low, high + size} : AxisEdges{low - size, high};
}

void scale_axis(AxisCoordinates& axis, double factor) {
  for (double& value : axis.values) value *= factor;
  for (double& value : axis.bounds) value *= factor;
}

double cell_size(const AxisCoordinates& axis) {
  if (axis.values.size() < 2) return 0.0;
  return std::abs(axis.values.back() - axis.values.front()) / static_cast<double>(axis.values.size() - 1);
}

}  // namespace

GridAxes find_axes(const NetcdfFile& file, const NetcdfVariable& variable, const VariableLayout& layout,
                   const InputSpec& spec, std::vector<std::string>& warnings) {
  const std::string where = file.path().string() + ", " + variable.name + ": ";
  if (spec.use_latlon.value_or(false)) {
    if (auto axes = axes_of_latlon(file, variable, layout)) return *axes;
    throw Error(ErrorKind::data,
                where +
                    "`use_latlon` is set, but the file has no longitudes and latitudes that run along "
                    "its columns and rows (a curvilinear grid must be regridded first: cdo remapcon)");
  }
  auto own = axes_of_dimensions(file, variable, layout);
  // Coordinates of no stated kind may be mere counters of cells: longitudes and latitudes come before them.
  if (own && (own->kind != CoordinateKind::unknown || spec.use_latlon)) return *own;
  if (!spec.use_latlon)
    if (auto axes = axes_of_planar(file, variable, layout)) return *axes;
  if (own) return *own;
  if (auto axes = axes_of_equal_length(file, layout)) {
    warnings.push_back(where + "its dimensions have no coordinates; " + axes->x.name + " and " +
                       axes->y.name + ", of the same lengths, are taken for them");
    return *axes;
  }
  throw Error(ErrorKind::data,
              where + "no usable coordinates for its columns ('" +
                  variable.dimension_names[static_cast<std::size_t>(layout.col_dim)] + "') and rows ('" +
                  variable.dimension_names[static_cast<std::size_t>(layout.row_dim)] +
                  "'): 2-D longitudes and latitudes that are not rows and columns of an even grid must be "
                  "regridded first (cdo remapcon)");
}

RegularAxes regular_axes(const NetcdfFile& file, const GridAxes& axes, CoordinateMeaning meaning,
                         const CrsChoice& crs) {
  AxisCoordinates x = axes.x;
  AxisCoordinates y = axes.y;
  if (crs.geographic) {
    unwrap_longitudes(x.values);
    unwrap_longitudes(x.bounds);
  } else {
    if (const auto metres = metres_in(x.units)) scale_axis(x, *metres / crs.metres_per_unit);
    if (const auto metres = metres_in(y.units)) scale_axis(y, *metres / crs.metres_per_unit);
  }
  const AxisEdges across = edges(file, x, meaning, cell_size(y), true);
  const AxisEdges along = edges(file, y, meaning, cell_size(x), false);
  RegularAxes regular{{across.low, along.low, across.high, along.high}, false, false};
  regular.rows_run_north = y.values.back() > y.values.front();
  regular.cols_run_west = x.values.back() < x.values.front();
  return regular;
}

}  // namespace rootzone::io
