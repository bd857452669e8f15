#include "svg_marks.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "rootzone/core/error.hpp"

namespace rootzone::pipeline {
namespace {

// More samples than this per pixel column are thinned.
constexpr double dense_samples_per_pixel = 2.0;

struct Vertex {
  double x;
  double y;
  bool starts;  ///< first after a gap
};

// The vertices of a line: every valid sample, or, for dense series, per pixel column the first, smallest,
// largest and last in their order. A gap narrower than a pixel column of a dense series is drawn over.
class LinePath {
 public:
  LinePath(const PlotArea& area, bool dense) : m_area(area), m_dense(dense) {}

  void take(double x, double y) {
    if (!std::isfinite(x) || !std::isfinite(y)) {
      m_gap = true;
      return;
    }
    const double px = m_area.x(x);
    const double column = std::floor(px);
    const bool breaks = m_count == 0 || (m_gap && (!m_dense || column - m_column > 1.0));
    m_gap = false;
    if (!m_dense || breaks || column != m_column) {
      flush();
      m_first = m_low = m_high = m_last = {px, m_area.y(y), breaks};
      m_column = column;
      m_low_at = m_high_at = 0;
      m_count = 1;
      return;
    }
    const Vertex vertex{px, m_area.y(y), false};
    if (vertex.y < m_low.y) m_low = vertex, m_low_at = m_count;
    if (vertex.y > m_high.y) m_high = vertex, m_high_at = m_count;
    m_last = vertex;
    ++m_count;
  }

  std::string finish() {
    flush();
    return std::move(m_path);
  }

 private:
  void flush() {
    if (m_count == 0) return;
    put(m_first);
    const bool low_first = m_low_at < m_high_at;
    for (const bool low : {low_first, !low_first}) {
      const int at = low ? m_low_at : m_high_at;
      if (at > 0 && at < m_count - 1) put(low ? m_low : m_high);
    }
    if (m_count > 1) put(m_last);
    m_count = 0;
  }

  // "h0" makes a lone sample between gaps a dot, by the round line cap.
  void put(const Vertex& vertex) {
    m_path += (vertex.starts ? "M" : "L") + svg_number(vertex.x) + " " + svg_number(vertex.y);
    if (vertex.starts) m_path += "h0";
  }

  const PlotArea& m_area;
  bool m_dense;
  bool m_gap = false;
  double m_column = 0.0;
  int m_count = 0;
  int m_low_at = 0;
  int m_high_at = 0;
  Vertex m_first{}, m_low{}, m_high{}, m_last{};
  std::string m_path;
};

struct BandColumn {
  double x;
  double low;
  double high;
};

// Closed outline of one run without gaps: along the top, back along the bottom.
std::string band_outline(std::vector<BandColumn>& run) {
  std::string path;
  for (const BandColumn& column : run)
    path += (path.empty() ? "M" : "L") + svg_number(column.x) + " " + svg_number(column.high);
  for (auto column = run.rbegin(); column != run.rend(); ++column) {
    path += "L" + svg_number(column->x) + " " + svg_number(column->low);
  }
  run.clear();
  return path.empty() ? path : path + "Z";
}

}  // namespace

void require_same_length(const std::string& name, std::size_t x, std::size_t y) {
  if (x == y) return;
  throw core::Error(core::ErrorKind::internal, "chart series '" + name + "': " + std::to_string(x) +
                                                   " places and " + std::to_string(y) +
                                                   " values; they must be as many");
}

std::string dots_path(const PlotArea& area, const std::vector<double>& x, const std::vector<double>& y,
                      double step) {
  std::set<std::pair<int, int>> taken;
  std::string path;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!std::isfinite(x[i]) || !std::isfinite(y[i])) continue;
    const double px = area.x(x[i]);
    const double py = area.y(y[i]);
    const std::pair<int, int> place{static_cast<int>(px / step), static_cast<int>(py / step)};
    if (taken.insert(place).second) path += "M" + svg_number(px) + " " + svg_number(py) + "h0";
  }
  return path;
}

std::string draw_series(const PlotArea& area, const ChartSeries& series) {
  require_same_length(series.name, series.x.size(), series.y.size());
  const std::string style = "\" style=\"stroke:" + series_colour(series.colour) + "\" d=\"";
  if (series.mark == SeriesMark::points) {
    const std::string path = dots_path(area, series.x, series.y, 1.0);
    return path.empty() ? "" : "<path class=\"points" + style + path + "\"/>";
  }
  const bool dense = static_cast<double>(series.x.size()) > dense_samples_per_pixel * area.width;
  LinePath line(area, dense);
  for (std::size_t i = 0; i < series.x.size(); ++i) line.take(series.x[i], series.y[i]);
  const std::string path = line.finish();
  const std::string dashed = series.mark == SeriesMark::dashed_line ? " dashed" : "";
  return path.empty() ? "" : "<path class=\"line" + dashed + style + path + "\"/>";
}

std::string draw_band(const PlotArea& area, const ChartBand& band) {
  require_same_length(band.name, band.x.size(), band.low.size());
  require_same_length(band.name, band.x.size(), band.high.size());
  const bool dense = static_cast<double>(band.x.size()) > dense_samples_per_pixel * area.width;
  std::vector<BandColumn> run;
  std::string path;
  bool gap = false;
  for (std::size_t i = 0; i < band.x.size(); ++i) {
    if (!std::isfinite(band.x[i]) || !std::isfinite(band.low[i]) || !std::isfinite(band.high[i])) {
      gap = true;
      continue;
    }
    const double x = dense ? std::floor(area.x(band.x[i])) : area.x(band.x[i]);
    if (gap && !run.empty() && (!dense || x - run.back().x > 1.0)) path += band_outline(run);
    gap = false;
    const double low = area.y(band.low[i]);
    const double high = area.y(band.high[i]);
    if (dense && !run.empty() && run.back().x == x) {
      run.back().low = std::max(run.back().low, low);  // y grows downwards
      run.back().high = std::min(run.back().high, high);
    } else {
      run.push_back({x, low, high});
    }
  }
  path += band_outline(run);
  if (path.empty()) return "";
  return "<path class=\"band\" style=\"fill:" + series_colour(band.colour) + "\" d=\"" + path + "\"/>";
}

}  // namespace rootzone::pipeline
