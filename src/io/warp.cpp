#include "rootzone/io/warp.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "rootzone/core/error.hpp"
#include "warp_weights.hpp"

namespace rootzone::io {
namespace {

using core::Error;
using core::ErrorKind;

constexpr double aligned_tolerance_cells = 1e-3;
// Weights are single precision: an exact half must not fall on either side by rounding.
constexpr double share_tolerance = 1e-5;
// 2 × 2 source cells in a model cell, less rounding: from here on averaging loses nothing.
constexpr double least_source_ratio = 4.0 * (1.0 - 1e-3);

std::string number(double value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.8g", value);
  return text.data();
}

std::string extent_text(double xmin, double ymin, double xmax, double ymax) {
  return "[" + number(xmin) + ", " + number(ymin) + ", " + number(xmax) + ", " + number(ymax) + "]";
}

/// Extent of the model in the source's CRS, from points along and within it.
std::string model_extent_in_source(const SourceView& view) {
  constexpr int samples = 21;
  std::vector<double> cols;
  std::vector<double> rows;
  for (int i = 0; i < samples * samples; ++i) {
    cols.push_back(static_cast<double>(view.model().cols()) * (i % samples) / (samples - 1));
    rows.push_back(static_cast<double>(view.model().rows()) * (i / samples) / (samples - 1));
  }
  view.to_source(cols, rows);
  double west = std::numeric_limits<double>::infinity();
  double east = -west;
  double north = west;
  double south = -west;
  for (std::size_t i = 0; i < cols.size(); ++i) {
    if (!std::isfinite(cols[i])) continue;
    west = std::min(west, cols[i]);
    east = std::max(east, cols[i]);
    north = std::min(north, rows[i]);
    south = std::max(south, rows[i]);
  }
  if (west > east) return "nothing that PROJ can bring there";
  const core::Grid& source = view.source();
  return extent_text(source.extent().xmin + west * source.dx(), source.extent().ymax - south * source.dy(),
                     source.extent().xmin + east * source.dx(), source.extent().ymax - north * source.dy());
}

struct CropOffset {
  std::int64_t row = 0;
  std::int64_t col = 0;
};

/// The whole-cell offset of the model within the source, if there is one.
std::optional<CropOffset> aligned_offset(const SourceView& view) {
  if (!view.same_plane()) return {};
  const auto cols = static_cast<double>(view.model().cols());
  const auto rows = static_cast<double>(view.model().rows());
  std::array<double, 2> x{0.0, cols};
  std::array<double, 2> y{0.0, rows};
  // In the plane of the model itself: what PROJ would add is below the tolerance.
  view.to_source(x, y);
  const double begin = view.unwrapped(x[0]);
  const double end = begin + (x[1] - x[0]);
  // Across the source's seam the columns are not consecutive: weights join them.
  const bool wraps = view.turn_cols() > 0.0 && end > view.turn_cols() + aligned_tolerance_cells;
  const bool reaches_left = view.turn_cols() > 0.0 && end - view.turn_cols() > aligned_tolerance_cells;
  if (wraps || reaches_left) return {};
  const auto is_whole = [](double value) {
    return std::abs(value - std::round(value)) <= aligned_tolerance_cells;
  };
  const bool same_size = std::abs(end - begin - cols) <= aligned_tolerance_cells &&
                         std::abs(y[1] - y[0] - rows) <= aligned_tolerance_cells;
  if (!same_size || !is_whole(begin) || !is_whole(end) || !is_whole(y[0]) || !is_whole(y[1])) return {};
  return CropOffset{std::llround(y[0]), std::llround(begin)};
}

const char* word(Resampling resampling) {
  switch (resampling) {
    case Resampling::nearest:
      return "nearest";
    case Resampling::average:
      return "average";
    case Resampling::mode:
      return "mode";
    default:
      return "bilinear";
  }
}

}  // namespace

struct GridWarp::Impl {
  Impl(const core::Grid& source, const core::Grid& model, const WarpOptions& options);

  void make_weights();
  void add_row(const std::vector<CellWeight>& entries);
  void report_overlap(std::int64_t empty_cells);
  void apply_crop(const CellWindow& window, std::span<const float> source, std::int64_t first_row,
                  std::int64_t rows, std::span<float> out) const;
  float mean_of(std::span<const float> source, std::size_t cell) const;
  float mode_of(std::span<const float> source, std::size_t cell,
                std::vector<std::pair<float, double>>& classes) const;

  SourceView view;
  std::string description;
  Resampling resampling = Resampling::bilinear;
  double minimum_valid_share = 0.5;
  double outside_percent = 0.0;
  std::optional<CropOffset> crop;
  // Weights, one run of entries per model cell (compressed sparse rows).
  std::vector<std::uint64_t> first_entry;
  std::vector<std::uint32_t> entry_cell;  ///< counted from the model row's first source row and `first_col`
  std::vector<float> entry_weight;
  std::vector<std::pair<std::int32_t, std::int32_t>>
      row_range;               ///< of source rows per model row, [first, end)
  std::int64_t first_col = 0;  ///< of all source columns in use
  std::int64_t end_col = 0;
};

namespace {

std::string grid_key(const core::Grid& grid) {
  std::array<char, 160> text{};
  std::snprintf(text.data(), text.size(), "%.17g %.17g %.17g %.17g %lld %lld ", grid.extent().xmin,
                grid.extent().ymin, grid.extent().xmax, grid.extent().ymax,
                static_cast<long long>(grid.rows()), static_cast<long long>(grid.cols()));
  return text.data() + grid.crs_wkt();
}

}  // namespace

GridWarp::GridWarp(const core::Grid& source, const core::Grid& model, const WarpOptions& options,
                   const std::string& name) {
  if (source.crs_wkt().empty() != model.crs_wkt().empty())
    throw Error(ErrorKind::data,
                "[inputs." + name + "] " +
                    (source.crs_wkt().empty()
                         ? "its files do not say their CRS; set `crs = \"EPSG:…\"` for this input"
                         : "the model grid has no CRS, the input has " + crs_label(source.crs_wkt()) +
                               "; set [grid] crs"));
  // Inputs on one grid share their weights as long as any of them lives.
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<const Impl>> known;
  const std::string key = grid_key(source) + "\n" + grid_key(model) + "\n" +
                          std::to_string(static_cast<int>(options.resampling)) + " " +
                          std::to_string(options.minimum_valid_share);
  const std::scoped_lock lock(mutex);
  std::erase_if(known, [](const auto& entry) { return entry.second.expired(); });
  if (const auto at = known.find(key); at != known.end()) m_impl = at->second.lock();
  if (m_impl) return;
  try {
    m_impl = std::make_shared<const Impl>(source, model, options);
  } catch (Error& error) {
    error.add_context("[inputs." + name + "]");
    throw;
  }
  known[key] = m_impl;
}

GridWarp::Impl::Impl(const core::Grid& source, const core::Grid& model, const WarpOptions& options)
    : view(source, model), resampling(options.resampling), minimum_valid_share(options.minimum_valid_share) {
  const CellRatio ratio = cell_ratio(view);
  if (options.resampling == Resampling::automatic)
    resampling = ratio.rows * ratio.cols >= least_source_ratio ? Resampling::average : Resampling::bilinear;
  crop = aligned_offset(view);
  std::int64_t empty_cells = 0;
  if (crop) {
    const auto inside = [](std::int64_t offset, std::int64_t count, std::int64_t limit) {
      return std::max<std::int64_t>(0, std::min(offset + count, limit) - std::max<std::int64_t>(offset, 0));
    };
    empty_cells = model.cells() - inside(crop->row, model.rows(), source.rows()) *
                                      inside(crop->col, model.cols(), source.cols());
    description = source.rows() == model.rows() && source.cols() == model.cols() && empty_cells == 0
                      ? "none (aligned)"
                      : "none (aligned, part of the source)";
  } else {
    make_weights();
    for (std::size_t i = 0; i + 1 < first_entry.size(); ++i)
      if (first_entry[i] == first_entry[i + 1]) ++empty_cells;
    description = word(resampling);
    if (resampling == Resampling::average || resampling == Resampling::mode)
      description += " of " + number(std::round(ratio.rows * 10.0) / 10.0) + " × " +
                     number(std::round(ratio.cols * 10.0) / 10.0) + " cells";
  }
  report_overlap(empty_cells);
}

GridWarp::~GridWarp() = default;
GridWarp::GridWarp(GridWarp&&) noexcept = default;

void GridWarp::Impl::report_overlap(std::int64_t empty_cells) {
  const core::Grid& source = view.source();
  const core::Grid& model = view.model();
  outside_percent = 100.0 * static_cast<double>(empty_cells) / static_cast<double>(model.cells());
  if (empty_cells < model.cells()) return;
  const core::Extent& extent = source.extent();
  throw Error(ErrorKind::data,
              "the input does not overlap the model grid: in " + crs_label(source.crs_wkt()) + " it covers " +
                  extent_text(extent.xmin, extent.ymin, extent.xmax, extent.ymax) +
                  " (xmin, ymin, xmax, ymax), the model grid " + model_extent_in_source(view) +
                  "; check [grid] extent and crs, or set `crs` for this input");
}

void GridWarp::Impl::make_weights() {
  const core::Grid& model = view.model();
  if (view.source().rows() > std::numeric_limits<std::int32_t>::max() ||
      view.source().cols() > std::numeric_limits<std::int32_t>::max())
    throw Error(ErrorKind::data, "a source of more than 2³¹ rows or columns cannot be warped");
  first_entry.reserve(static_cast<std::size_t>(model.cells()) + 1);
  first_entry.push_back(0);
  first_col = view.source().cols();
  const bool by_area = resampling == Resampling::average || resampling == Resampling::mode;
  std::optional<AreaWeights> area;
  if (by_area) area.emplace(view);
  std::vector<CellWeight> row_entries;
  const TakeCell take = [&](const std::vector<CellWeight>& weights) {
    row_entries.insert(row_entries.end(), weights.begin(), weights.end());
    first_entry.push_back(first_entry.back() + weights.size());
  };
  for (std::int64_t row = 0; row < model.rows(); ++row) {
    row_entries.clear();
    if (area)
      area->row(row, take);
    else
      point_weights(view, row, resampling == Resampling::bilinear, take);
    add_row(row_entries);
  }
  // Only now are the columns in use known.
  const auto width = static_cast<std::uint64_t>(view.source().cols());
  for (std::uint32_t& cell : entry_cell)
    cell = static_cast<std::uint32_t>(cell / width * static_cast<std::uint64_t>(end_col - first_col) +
                                      cell % width - static_cast<std::uint64_t>(first_col));
  entry_cell.shrink_to_fit();
  entry_weight.shrink_to_fit();
}

void GridWarp::Impl::add_row(const std::vector<CellWeight>& entries) {
  std::pair<std::int32_t, std::int32_t> range{std::numeric_limits<std::int32_t>::max(), 0};
  for (const CellWeight& entry : entries) {
    range.first = std::min(range.first, entry.row);
    range.second = std::max(range.second, entry.row + 1);
    first_col = std::min<std::int64_t>(first_col, entry.col);
    end_col = std::max<std::int64_t>(end_col, entry.col + 1);
  }
  row_range.push_back(range);
  if (!entries.empty() &&
      (range.second - range.first) * view.source().cols() > std::numeric_limits<std::uint32_t>::max())
    throw Error(ErrorKind::data,
                "one model row reaches over more than 2³² cells of the source; use a coarser source or "
                "crop it to the basin");
  for (const CellWeight& entry : entries) {
    entry_cell.push_back(
        static_cast<std::uint32_t>((entry.row - range.first) * view.source().cols() + entry.col));
    entry_weight.push_back(entry.weight);
  }
}

const std::string& GridWarp::description() const {
  return m_impl->description;
}
bool GridWarp::is_crop() const {
  return m_impl->crop.has_value();
}
std::int64_t GridWarp::crop_row() const {
  return m_impl->crop ? m_impl->crop->row : 0;
}
std::int64_t GridWarp::crop_col() const {
  return m_impl->crop ? m_impl->crop->col : 0;
}
double GridWarp::outside_percent() const {
  return m_impl->outside_percent;
}
std::int64_t GridWarp::model_rows() const {
  return m_impl->view.model().rows();
}
std::int64_t GridWarp::model_cols() const {
  return m_impl->view.model().cols();
}

CellWindow GridWarp::source_window(std::int64_t first_row, std::int64_t rows) const {
  const core::Grid& source = m_impl->view.source();
  CellWindow window;
  if (m_impl->crop) {
    const CropOffset& crop = *m_impl->crop;
    window.first_row = std::clamp<std::int64_t>(first_row + crop.row, 0, source.rows());
    window.rows = std::clamp<std::int64_t>(first_row + rows + crop.row, 0, source.rows()) - window.first_row;
    window.first_col = std::clamp<std::int64_t>(crop.col, 0, source.cols());
    window.cols = std::clamp<std::int64_t>(crop.col + model_cols(), 0, source.cols()) - window.first_col;
  } else {
    std::int64_t first = source.rows();
    std::int64_t end = 0;
    for (std::int64_t row = first_row; row < first_row + rows; ++row) {
      const auto& range = m_impl->row_range[static_cast<std::size_t>(row)];
      first = std::min<std::int64_t>(first, range.first);
      end = std::max<std::int64_t>(end, range.second);
    }
    window = {first, std::max<std::int64_t>(end - first, 0), m_impl->first_col,
              m_impl->end_col - m_impl->first_col};
  }
  if (window.rows <= 0 || window.cols <= 0) window = {};
  return window;
}

void GridWarp::Impl::apply_crop(const CellWindow& window, std::span<const float> source,
                                std::int64_t first_row, std::int64_t rows, std::span<float> out) const {
  const std::int64_t cols = view.model().cols();
  std::fill(out.begin(), out.end(), std::numeric_limits<float>::quiet_NaN());
  const std::int64_t first = std::max(window.first_col - crop->col, std::int64_t{0});
  const std::int64_t end = std::min(window.first_col + window.cols - crop->col, cols);
  for (std::int64_t row = 0; row < rows && first < end; ++row) {
    const std::int64_t source_row = first_row + row + crop->row - window.first_row;
    if (source_row < 0 || source_row >= window.rows) continue;
    const auto from = source.begin() + (source_row * window.cols + first + crop->col - window.first_col);
    std::copy(from, from + (end - first), out.begin() + (row * cols + first));
  }
}

float GridWarp::Impl::mean_of(std::span<const float> source, std::size_t cell) const {
  double sum = 0.0;
  double valid = 0.0;
  for (auto k = static_cast<std::size_t>(first_entry[cell]); k < first_entry[cell + 1]; ++k) {
    const float value = source[entry_cell[k]];
    if (std::isnan(value)) continue;
    sum += static_cast<double>(entry_weight[k]) * static_cast<double>(value);
    valid += static_cast<double>(entry_weight[k]);
  }
  if (valid <= 0.0 || valid < minimum_valid_share - share_tolerance)
    return std::numeric_limits<float>::quiet_NaN();
  return static_cast<float>(sum / valid);
}

float GridWarp::Impl::mode_of(std::span<const float> source, std::size_t cell,
                              std::vector<std::pair<float, double>>& classes) const {
  classes.clear();
  double valid = 0.0;
  for (auto k = static_cast<std::size_t>(first_entry[cell]); k < first_entry[cell + 1]; ++k) {
    const float value = source[entry_cell[k]];
    if (std::isnan(value)) continue;
    valid += static_cast<double>(entry_weight[k]);
    auto known =
        std::find_if(classes.begin(), classes.end(), [&](const auto& c) { return c.first == value; });
    if (known == classes.end()) known = classes.insert(known, {value, 0.0});
    known->second += static_cast<double>(entry_weight[k]);
  }
  if (classes.empty() || valid < minimum_valid_share - share_tolerance)
    return std::numeric_limits<float>::quiet_NaN();
  std::pair<float, double> best = classes.front();
  for (const auto& candidate : classes) {
    const double lead = candidate.second - best.second;
    if (lead > share_tolerance || (lead > -share_tolerance && candidate.first < best.first)) best = candidate;
  }
  return best.first;
}

void GridWarp::apply(const CellWindow& window, std::span<const float> source, std::int64_t first_row,
                     std::int64_t rows, std::span<float> out) const {
  if (m_impl->crop) {
    m_impl->apply_crop(window, source, first_row, rows, out);
    return;
  }
  if (window.rows > 0 &&
      (window.first_col != m_impl->first_col || window.cols != m_impl->end_col - m_impl->first_col))
    throw Error(ErrorKind::internal, "a warp was given other columns than it asked for");
  const std::int64_t cols = model_cols();
  std::vector<std::pair<float, double>> classes;
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto line = out.subspan(static_cast<std::size_t>(row * cols), static_cast<std::size_t>(cols));
    const auto first_cell = static_cast<std::size_t>((first_row + row) * cols);
    const std::int64_t skipped =
        m_impl->row_range[static_cast<std::size_t>(first_row + row)].first - window.first_row;
    // A row without weights has no first source row; its cells take nothing from an empty span.
    const auto from = skipped >= 0 && skipped < window.rows
                          ? source.subspan(static_cast<std::size_t>(skipped * window.cols))
                          : std::span<const float>();
    for (std::size_t i = 0; i < line.size(); ++i)
      line[i] = m_impl->resampling == Resampling::mode ? m_impl->mode_of(from, first_cell + i, classes)
                                                       : m_impl->mean_of(from, first_cell + i);
  }
}

}  // namespace rootzone::io
