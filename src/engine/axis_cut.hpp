#pragma once
#include <algorithm>
#include <cstdint>

namespace rootzone::engine {

inline std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}
inline std::int64_t floor_mod(std::int64_t a, std::int64_t b) {
  return a - b * floor_div(a, b);
}

/// Positions 0 … total − 1 cut into pieces of `size`, with an edge on `edge`; the first and last may be
/// shorter.
class AxisCut {
 public:
  AxisCut(std::int64_t total, std::int64_t size, std::int64_t edge)
      : m_total(total), m_size(std::clamp<std::int64_t>(size, 1, total)), m_edge(floor_mod(edge, m_size)) {}

  std::int64_t total() const { return m_total; }
  std::int64_t size() const { return m_size; }
  std::int64_t edge() const { return m_edge; }
  std::int64_t count() const {
    return floor_div(m_total - 1 - m_edge, m_size) - floor_div(-m_edge, m_size) + 1;
  }
  std::int64_t begin(std::int64_t piece) const { return std::max<std::int64_t>(0, raw_begin(piece)); }
  std::int64_t end(std::int64_t piece) const { return std::min(m_total, raw_begin(piece + 1)); }
  std::int64_t length(std::int64_t piece) const { return end(piece) - begin(piece); }

 private:
  std::int64_t raw_begin(std::int64_t piece) const {
    return m_edge + (floor_div(-m_edge, m_size) + piece) * m_size;
  }
  std::int64_t m_total;
  std::int64_t m_size;
  std::int64_t m_edge;
};

/// Chunks of one axis that the pieces of a cut touch.
struct Touched {
  std::int64_t stored = 0;  ///< chunks on the axis
  std::int64_t sum = 0;     ///< chunks touched, summed over all pieces: = stored if each is touched once
  std::int64_t most = 0;    ///< by one piece
};

inline Touched touched_chunks(const AxisCut& cut, std::int64_t chunk, std::int64_t first_edge) {
  const auto between = [&](std::int64_t begin, std::int64_t end) {
    return floor_div(end - 1 - first_edge, chunk) - floor_div(begin - first_edge, chunk) + 1;
  };
  Touched touched{between(0, cut.total()), 0, 0};
  for (std::int64_t piece = 0; piece < cut.count(); ++piece) {
    const std::int64_t chunks = between(cut.begin(piece), cut.end(piece));
    touched.sum += chunks;
    touched.most = std::max(touched.most, chunks);
  }
  return touched;
}

}  // namespace rootzone::engine
