#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "warp_weights.hpp"

namespace rootzone::io {
namespace {

struct Point {
  double x = 0.0;
  double y = 0.0;
};
using Polygon = std::vector<Point>;

constexpr double least_weight = 1e-7;
constexpr double degree = std::numbers::pi / 180.0;

/// Part of one axis that each source cell takes.
struct Part {
  std::int64_t index = 0;
  double length = 0.0;
};

void overlaps(double begin, double end, std::int64_t count, std::vector<Part>& parts) {
  const auto first = std::max<std::int64_t>(0, static_cast<std::int64_t>(std::floor(begin)));
  const auto last = std::min<std::int64_t>(count - 1, static_cast<std::int64_t>(std::ceil(end)) - 1);
  for (std::int64_t i = first; i <= last; ++i) {
    const double length = std::min(end, static_cast<double>(i + 1)) - std::max(begin, static_cast<double>(i));
    if (length > least_weight) parts.push_back({i, length});
  }
}

/// Keep the side of the polygon where sign · (coordinate − limit) ≤ 0 (Sutherland and Hodgman 1974). Edges
/// doubled back along the limit, as non-convex polygons leave them, carry no area.
void clip(const Polygon& in, Polygon& out, double Point::*axis, double limit, double sign) {
  out.clear();
  for (std::size_t i = 0; i < in.size(); ++i) {
    const Point& a = in[i];
    const Point& b = in[i + 1 == in.size() ? 0 : i + 1];
    const double beyond_a = sign * (a.*axis - limit);
    const double beyond_b = sign * (b.*axis - limit);
    if (beyond_a <= 0.0) out.push_back(a);
    if ((beyond_a < 0.0 && beyond_b > 0.0) || (beyond_a > 0.0 && beyond_b < 0.0)) {
      const double t = beyond_a / (beyond_a - beyond_b);
      Point crossing{a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
      crossing.*axis = limit;
      out.push_back(crossing);
    }
  }
}

double area_of(const Polygon& polygon) {
  if (polygon.size() < 3) return 0.0;
  double twice = 0.0;
  // Relative to the first corner: far from the origin the products would eat the digits.
  const Point origin = polygon.front();
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const Point& a = polygon[i];
    const Point& b = polygon[i + 1 == polygon.size() ? 0 : i + 1];
    twice += (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y);
  }
  return 0.5 * std::abs(twice);
}

std::pair<double, double> range_of(const Polygon& polygon, double Point::*axis) {
  double low = polygon.front().*axis;
  double high = low;
  for (const Point& point : polygon) {
    low = std::min(low, point.*axis);
    high = std::max(high, point.*axis);
  }
  return {low, high};
}

/// True area of a source cell relative to others: shrinks with the cosine of latitude in degrees.
class RowFactor {
 public:
  explicit RowFactor(const SourceView& view) : m_view(view) {}
  double operator()(std::int64_t row) const {
    if (!m_view.source_in_degrees()) return 1.0;
    const double north = m_view.source().extent().ymax - static_cast<double>(row) * m_view.source().dy();
    const double south = north - m_view.source().dy();
    return std::abs(std::sin(north * degree) - std::sin(south * degree)) / (m_view.source().dy() * degree);
  }

 private:
  const SourceView& m_view;
};

/// Clips one model cell, given in source columns and rows, against the source's cells.
class Clipper {
 public:
  Clipper(const SourceView& view) : m_view(view), m_factor(view) {}

  /// Adds the overlaps of `polygon`, shifted by `shift` columns, not yet divided by the cell's own area.
  void add(const Polygon& polygon, double shift, std::vector<CellWeight>& weights) {
    m_shifted = polygon;
    for (Point& point : m_shifted) point.x += shift;
    const auto [top, bottom] = range_of(m_shifted, &Point::y);
    const auto first = std::max<std::int64_t>(0, static_cast<std::int64_t>(std::floor(top)));
    const auto last =
        std::min<std::int64_t>(m_view.source().rows() - 1, static_cast<std::int64_t>(std::floor(bottom)));
    for (std::int64_t row = first; row <= last; ++row) {
      clip(m_shifted, m_half, &Point::y, static_cast<double>(row), -1.0);
      clip(m_half, m_band, &Point::y, static_cast<double>(row + 1), 1.0);
      if (m_band.size() >= 3) add_band(row, weights);
    }
  }

  /// The whole polygon's area in the same measure, part outside the source included.
  double total(const Polygon& polygon) {
    if (!m_view.source_in_degrees()) return area_of(polygon);
    const auto [top, bottom] = range_of(polygon, &Point::y);
    double total = 0.0;
    for (auto row = static_cast<std::int64_t>(std::floor(top));
         row <= static_cast<std::int64_t>(std::floor(bottom)); ++row) {
      clip(polygon, m_half, &Point::y, static_cast<double>(row), -1.0);
      clip(m_half, m_band, &Point::y, static_cast<double>(row + 1), 1.0);
      total += area_of(m_band) * m_factor(row);
    }
    return total;
  }

 private:
  void add_band(std::int64_t row, std::vector<CellWeight>& weights) {
    const double factor = m_factor(row);
    const auto [west, east] = range_of(m_band, &Point::x);
    const auto first = std::max<std::int64_t>(0, static_cast<std::int64_t>(std::floor(west)));
    const auto last =
        std::min<std::int64_t>(m_view.source().cols() - 1, static_cast<std::int64_t>(std::floor(east)));
    for (std::int64_t col = first; col <= last; ++col) {
      clip(m_band, m_half, &Point::x, static_cast<double>(col), -1.0);
      clip(m_half, m_cell, &Point::x, static_cast<double>(col + 1), 1.0);
      const double area = area_of(m_cell) * factor;
      if (area > 0.0)
        weights.push_back(
            {static_cast<std::int32_t>(row), static_cast<std::int32_t>(col), static_cast<float>(area)});
    }
  }

  const SourceView& m_view;
  RowFactor m_factor;
  Polygon m_shifted;
  Polygon m_half;
  Polygon m_band;
  Polygon m_cell;
};

/// Longitudes of one cell next to each other, not a turn apart.
void join_turns(Polygon& polygon, double turn) {
  if (turn == 0.0) return;
  for (std::size_t i = 1; i < polygon.size(); ++i)
    polygon[i].x = polygon[0].x + std::remainder(polygon[i].x - polygon[0].x, turn);
}

bool is_finite(const Polygon& polygon) {
  return std::all_of(polygon.begin(), polygon.end(),
                     [](const Point& p) { return std::isfinite(p.x) && std::isfinite(p.y); });
}

}  // namespace

AreaWeights::AreaWeights(const SourceView& view) : m_view(view) {
  if (!view.same_plane()) m_splits = measured_splits();
}

void AreaWeights::row(std::int64_t model_row, const TakeCell& take) const {
  if (m_view.same_plane())
    straight_row(model_row, take);
  else
    bent_row(model_row, take);
}

void AreaWeights::straight_row(std::int64_t model_row, const TakeCell& take) const {
  const auto cols = static_cast<std::size_t>(m_view.model().cols());
  std::vector<double> x(cols + 1);
  std::vector<double> y(cols + 1, static_cast<double>(model_row));
  for (std::size_t i = 0; i <= cols; ++i) x[i] = static_cast<double>(i);
  y.back() = static_cast<double>(model_row + 1);
  m_view.to_source(x, y);
  const double top = y.front();
  const double bottom = y.back();
  std::vector<Part> rows;
  overlaps(top, bottom, m_view.source().rows(), rows);
  double height = bottom - top;
  if (m_view.source_in_degrees()) {
    // Area between two parallels goes with the difference of the sines.
    const auto sine = [&](double row) {
      return std::sin((m_view.source().extent().ymax - row * m_view.source().dy()) * degree);
    };
    height = sine(top) - sine(bottom);
    for (Part& part : rows)
      part.length = sine(std::max(top, static_cast<double>(part.index))) -
                    sine(std::min(bottom, static_cast<double>(part.index + 1)));
  }
  std::vector<CellWeight> weights;
  std::vector<Part> across;
  for (std::size_t i = 0; i < cols; ++i) {
    weights.clear();
    across.clear();
    const double width = x[i + 1] - x[i];
    const double begin = m_view.unwrapped(x[i]);
    const double turn = m_view.turn_cols();
    for (const double shift : {-turn, 0.0}) {
      overlaps(begin + shift, begin + shift + width, m_view.source().cols(), across);
      if (turn == 0.0) break;
    }
    for (const Part& down : rows)
      for (const Part& part : across)
        weights.push_back({static_cast<std::int32_t>(down.index), static_cast<std::int32_t>(part.index),
                           static_cast<float>(down.length / height * (part.length / width))});
    take(weights);
  }
}

void AreaWeights::bent_row(std::int64_t model_row, const TakeCell& take) const {
  const auto cols = static_cast<std::size_t>(m_view.model().cols());
  const auto splits = static_cast<std::size_t>(m_splits);
  const std::size_t points = cols * splits + 1;
  // Points of the row's edges: `splits + 1` lines of points; the inner lines serve the vertical edges only.
  std::vector<double> x;
  std::vector<double> y;
  for (std::size_t line = 0; line <= splits; ++line)
    for (std::size_t i = 0; i < points; ++i) {
      x.push_back(static_cast<double>(i) / m_splits);
      y.push_back(static_cast<double>(model_row) + static_cast<double>(line) / m_splits);
    }
  m_view.to_source(x, y);
  const auto at = [&](std::size_t line, std::size_t i) {
    return Point{x[line * points + i], y[line * points + i]};
  };
  Clipper clipper(m_view);
  Polygon cell;
  std::vector<CellWeight> weights;
  for (std::size_t col = 0; col < cols; ++col) {
    cell.clear();
    weights.clear();
    const std::size_t west = col * splits;
    const std::size_t east = west + splits;
    for (std::size_t i = west; i < east; ++i) cell.push_back(at(0, i));
    for (std::size_t line = 0; line < splits; ++line) cell.push_back(at(line, east));
    for (std::size_t i = east; i > west; --i) cell.push_back(at(splits, i));
    for (std::size_t line = splits; line > 0; --line) cell.push_back(at(line, west));
    if (is_finite(cell)) {
      const double turn = m_view.turn_cols();
      cell.front().x = m_view.unwrapped(cell.front().x);
      join_turns(cell, turn);
      clipper.add(cell, 0.0, weights);
      if (turn > 0.0) {
        clipper.add(cell, -turn, weights);
        clipper.add(cell, turn, weights);
      }
      const double total = clipper.total(cell);
      for (CellWeight& weight : weights) weight.weight = static_cast<float>(weight.weight / total);
      std::erase_if(weights, [](const CellWeight& weight) { return weight.weight < least_weight; });
    }
    take(weights);
  }
}

// Doubled until the middles of the edges lie on the chords, at sampled cells all over the model.
int AreaWeights::measured_splits() const {
  constexpr int samples = 9;
  constexpr double allowed_cells = 0.01;
  for (int splits = 1; splits < 32; splits *= 2) {
    double worst = 0.0;
    for (int i = 0; i < samples * samples; ++i) {
      const double step = 1.0 / splits;
      const double row =
          std::floor(static_cast<double>(m_view.model().rows() - 1) * (i / samples) / (samples - 1));
      const double col =
          std::floor(static_cast<double>(m_view.model().cols() - 1) * (i % samples) / (samples - 1));
      // Ends and middle of a horizontal and of a vertical piece of an edge.
      std::array<double, 6> x{col, col + step / 2, col + step, col, col, col};
      std::array<double, 6> y{row, row, row, row, row + step / 2, row + step};
      m_view.to_source(x, y);
      for (std::size_t k = 0; k < 6; k += 3) {
        const double bend_x = x[k + 1] - 0.5 * (x[k] + x[k + 2]);
        const double bend_y = y[k + 1] - 0.5 * (y[k] + y[k + 2]);
        const double bend = std::hypot(
            m_view.turn_cols() > 0.0 ? std::remainder(bend_x, m_view.turn_cols() / 2) : bend_x, bend_y);
        if (std::isfinite(bend)) worst = std::max(worst, bend);
      }
    }
    if (worst < allowed_cells) return splits;
  }
  return 32;
}

}  // namespace rootzone::io
