#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <mutex>
#include <optional>

#include "raster_file.hpp"
#include "raster_records.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/crs.hpp"
#include "rootzone/io/library_lock.hpp"
#include "rootzone/io/mask.hpp"
#include "rootzone/io/native_stack.hpp"

namespace rootzone::io {
namespace {

using core::Error;
using core::ErrorKind;

constexpr float nan_value = std::numeric_limits<float>::quiet_NaN();
// Rows that one task of a decode takes: enough to make opening the file cheap beside reading it.
constexpr std::int64_t task_rows = 512;

/// A dataset that is open for the time of one task: under the NetCDF lock unless it is a TIFF.
class OpenDataset {
 public:
  explicit OpenDataset(const std::filesystem::path& path) : m_lock(netcdf_mutex(), std::defer_lock) {
    const bool tiff = is_tiff(path);
    if (!tiff) m_lock.lock();
    m_dataset = open_raster(path, tiff);
  }
  ~OpenDataset() { m_dataset.reset(); }  // closed before the lock goes
  OpenDataset(const OpenDataset&) = delete;
  OpenDataset& operator=(const OpenDataset&) = delete;
  GDALDatasetH get() const { return m_dataset.get(); }

 private:
  std::unique_lock<std::recursive_mutex> m_lock;
  DatasetHandle m_dataset;
};

/// Files, bands and place of a stack; immutable once made, so that fetched blocks may share it.
struct RasterLayers {
  InputSpec spec;
  RasterRecords found;
  bool south_up = false;
  bool all_tiff = true;
  int raster_rows = 0;
  int raster_cols = 0;
  std::array<double, 6> geotransform{};

  struct Mask {
    std::shared_ptr<const RasterLayers> layers;
    MaskRule rule;
    std::vector<std::int64_t> record;  ///< of the mask, for each of ours; −1: none
  };
  std::vector<Mask> masks;

  const RasterRecord& record(std::int64_t index) const {
    return found.records[static_cast<std::size_t>(index)];
  }
  const std::filesystem::path& path_of(std::int64_t index) const { return found.files[record(index).file]; }

  /// Throws Error(data) if the file does not lie as the first one does.
  void check_place(GDALDatasetH dataset, const std::filesystem::path& path) const;
  /// Stored numbers and the rules that make values of them.
  BandRules read(GDALDatasetH dataset, std::int64_t index, const CellRectangle& cells,
                 StoredCells& out) const;
};

void RasterLayers::check_place(GDALDatasetH dataset, const std::filesystem::path& path) const {
  std::array<double, 6> t{};
  bool same = GDALGetRasterYSize(dataset) == raster_rows && GDALGetRasterXSize(dataset) == raster_cols &&
              GDALGetGeoTransform(dataset, t.data()) == CE_None;
  for (const std::size_t k : {0U, 3U})
    same = same && std::abs(t[k] - geotransform[k]) <= 1e-3 * std::abs(geotransform[k == 0 ? 1 : 5]);
  same = same && std::abs(t[1] - geotransform[1]) * raster_cols <= 1e-3 * geotransform[1] &&
         std::abs(t[5] - geotransform[5]) * raster_rows <= 1e-3 * std::abs(geotransform[5]);
  if (!same)
    throw Error(ErrorKind::data, path.string() + ": its grid differs from that of " +
                                     found.files.front().string() + "; files of one input must share one");
}

BandRules RasterLayers::read(GDALDatasetH dataset, std::int64_t index, const CellRectangle& cells,
                             StoredCells& out) const {
  const std::filesystem::path& path = path_of(index);
  check_place(dataset, path);
  const GDALRasterBandH band =
      GDALGetRasterBand(dataset, band_of(dataset, spec.variable, record(index).band, path));
  const BandRules rules = rules_of(band, spec, path);
  read_cells(band, rules, cells, south_up, path, out);
  return rules;
}

void apply_file_mask(const StoredCells& cells, std::span<float> values) {
  for (std::size_t i = 0; i < cells.mask.size(); ++i)
    if (cells.mask[i] == 0) values[i] = nan_value;
}

/// Quality numbers as they are stored, missing ones as NaN, applied to the values of one record.
void apply_companion(const RasterLayers::Mask& mask, std::int64_t index, const CellRectangle& cells,
                     std::span<float> values) {
  const std::int64_t companion = mask.record[static_cast<std::size_t>(index)];
  if (companion < 0) {
    std::fill(values.begin(), values.end(), nan_value);
    return;
  }
  const OpenDataset dataset(mask.layers->path_of(companion));
  StoredCells quality;
  const BandRules rules = mask.layers->read(dataset.get(), companion, cells, quality);
  for (std::size_t i = 0; i < quality.numbers.size(); ++i) {
    const bool outside = !quality.mask.empty() && quality.mask[i] == 0;
    const bool nodata =
        std::find(rules.nodata.begin(), rules.nodata.end(), quality.numbers[i]) != rules.nodata.end();
    if (outside || nodata) quality.numbers[i] = std::numeric_limits<double>::quiet_NaN();
  }
  apply_mask(values, std::span<const double>(quality.numbers), mask.rule);
}

/// Some rows of consecutive records of one file.
struct Task {
  std::int64_t first_record = 0;
  std::int64_t records = 0;
  std::int64_t first_row = 0;
  std::int64_t rows = 0;
};

/// TIFFs are read while they are decoded, each task with a dataset of its own, so that inflating them is
/// parallel work; at most one dataset per thread is open. Anything else is read at fetch, under the NetCDF
/// lock.
class RasterFetch final : public NativeFetch {
 public:
  RasterFetch(std::shared_ptr<const RasterLayers> layers, const NativeWindow& window, std::int64_t block_rows)
      : m_layers(std::move(layers)), m_window(window) {
    make_tasks(std::max<std::int64_t>(block_rows, task_rows / block_rows * block_rows), block_rows);
    if (m_layers->all_tiff) return;
    m_values.resize(static_cast<std::size_t>(window.records * window.rows * window.cols));
    for (const Task& task : m_tasks) do_task(task, m_values);
  }

  void decode(std::span<float> values, const core::ParallelFor& parallel_for) override {
    if (!m_layers->all_tiff) {
      std::copy(m_values.begin(), m_values.end(), values.begin());
      return;
    }
    parallel_for(static_cast<std::int64_t>(m_tasks.size()),
                 [&](std::int64_t i) { do_task(m_tasks[static_cast<std::size_t>(i)], values); });
  }

 private:
  void make_tasks(std::int64_t rows_each, std::int64_t block_rows) {
    const std::int64_t end_row = m_window.first_row + m_window.rows;
    const std::int64_t end_record = m_window.first_record + m_window.records;
    // Edges fall on the file's blocks, which a south-up file counts from its other end.
    const std::int64_t phase = m_layers->south_up ? m_layers->raster_rows % block_rows : 0;
    for (std::int64_t first = m_window.first_record; first < end_record;) {
      std::int64_t stop = first + 1;
      while (stop < end_record && m_layers->record(stop).file == m_layers->record(first).file) ++stop;
      for (std::int64_t row = m_window.first_row; row < end_row;) {
        const std::int64_t edge = (row - phase + rows_each) / rows_each * rows_each + phase;
        const std::int64_t next = std::min(end_row, std::max(edge, row + 1));
        m_tasks.push_back({first, stop - first, row, next - row});
        row = next;
      }
      first = stop;
    }
  }

  void do_task(const Task& task, std::span<float> values) const {
    const OpenDataset dataset(m_layers->path_of(task.first_record));
    StoredCells cells;
    const CellRectangle rectangle{task.first_row, task.rows, m_window.first_col, m_window.cols};
    for (std::int64_t index = task.first_record; index < task.first_record + task.records; ++index) {
      const std::int64_t at =
          ((index - m_window.first_record) * m_window.rows + task.first_row - m_window.first_row) *
          m_window.cols;
      const auto out =
          values.subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(task.rows * m_window.cols));
      const BandRules rules = m_layers->read(dataset.get(), index, rectangle, cells);
      apply_rules(rules, cells.numbers, out);
      apply_file_mask(cells, out);
      for (const RasterLayers::Mask& mask : m_layers->masks) apply_companion(mask, index, rectangle, out);
    }
  }

  std::shared_ptr<const RasterLayers> m_layers;
  NativeWindow m_window;
  std::vector<Task> m_tasks;
  std::vector<float> m_values;
};

class RasterStack final : public NativeStack {
 public:
  explicit RasterStack(const InputSpec& spec) {
    auto layers = std::make_shared<RasterLayers>();
    layers->spec = spec;
    layers->found = find_raster_records(spec);
    describe(*layers);
    for (const MaskSpec& mask : spec.masks) add_mask(mask, *layers);
    m_layers = std::move(layers);
  }

  const NativeDescription& description() const override { return m_description; }

  std::unique_ptr<NativeFetch> fetch(const NativeWindow& window) override {
    const auto records = static_cast<std::int64_t>(m_layers->found.records.size());
    const bool inside = window.first_record >= 0 && window.records >= 0 &&
                        window.first_record + window.records <= records && window.first_row >= 0 &&
                        window.rows >= 0 && window.first_row + window.rows <= m_description.grid.rows() &&
                        window.first_col >= 0 && window.cols >= 0 &&
                        window.first_col + window.cols <= m_description.grid.cols();
    if (!inside)
      throw Error(ErrorKind::internal,
                  m_layers->found.files.front().string() + ": a window outside the stack was asked for");
    return std::make_unique<RasterFetch>(m_layers, window, m_block_rows);
  }

  std::shared_ptr<const RasterLayers> layers() const { return m_layers; }

 private:
  void describe(RasterLayers& layers) {
    const std::vector<std::filesystem::path>& files = layers.found.files;
    m_description.files = files;
    m_description.calendar = layers.found.calendar;
    if (layers.found.has_times)
      for (const RasterRecord& record : layers.found.records) m_description.times.push_back(record.time);
    for (const auto& file : files) layers.all_tiff = layers.all_tiff && is_tiff(file);
    describe_first(layers);
    if (files.size() > 1) {
      const OpenDataset last(files.back());
      layers.check_place(last.get(), files.back());
      const RasterPlace place = place_of(last.get(), layers.spec, files.back());
      if (!same_crs(place.grid.crs_wkt(), m_description.grid.crs_wkt()))
        throw Error(ErrorKind::data, files.front().string() + " and " + files.back().string() +
                                         " have different CRS; set `crs` if one of them is wrong");
    }
  }

  void describe_first(RasterLayers& layers) {
    const std::filesystem::path& path = layers.found.files.front();
    const OpenDataset dataset(path);
    const RasterPlace place = place_of(dataset.get(), layers.spec, path);
    m_description.grid = place.grid;
    m_description.crs_note = place.crs_note;
    m_description.warnings = place.warnings;
    layers.south_up = place.south_up;
    layers.raster_rows = GDALGetRasterYSize(dataset.get());
    layers.raster_cols = GDALGetRasterXSize(dataset.get());
    GDALGetGeoTransform(dataset.get(), layers.geotransform.data());
    const int number = band_of(dataset.get(), layers.spec.variable, layers.found.records.front().band, path);
    const GDALRasterBandH band = GDALGetRasterBand(dataset.get(), number);
    rules_of(band, layers.spec, path);  // refuses what cannot be read before the run starts
    m_description.units = layers.spec.units.empty() ? GDALGetRasterUnitType(band) : layers.spec.units;
    int block_cols = 1;
    int block_rows = 1;
    GDALGetBlockSize(band, &block_cols, &block_rows);
    m_block_rows = block_rows;
    m_description.chunk_rows = block_rows;
    m_description.chunk_cols = block_cols;
    if (place.south_up) m_description.first_chunk_row = layers.raster_rows % block_rows;
    const char* interleave = GDALGetMetadataItem(dataset.get(), "INTERLEAVE", "IMAGE_STRUCTURE");
    if (layers.found.files.size() == 1 && interleave != nullptr && std::string_view(interleave) == "PIXEL")
      m_description.chunk_records = static_cast<std::int64_t>(layers.found.records.size());
  }

  void add_mask(const MaskSpec& mask, RasterLayers& layers) {
    InputSpec spec;
    spec.name = layers.spec.name;
    spec.paths = mask.path.empty() ? layers.spec.paths : std::vector<std::filesystem::path>{mask.path};
    spec.variable = mask.variable;
    spec.crs = layers.spec.crs;
    spec.coordinates = layers.spec.coordinates;
    spec.calendar = layers.spec.calendar;
    spec.cadence = layers.spec.cadence;
    if (mask.path.empty() && mask.variable.empty())
      throw Error(ErrorKind::usage,
                  "[inputs." + spec.name +
                      "] a mask names neither `path` nor `variable` (a band's description or number)");
    RasterLayers::Mask made;
    made.rule = make_mask_rule(mask, spec.name);
    const RasterStack companion(spec);
    if (!companion.description().grid.same_cells(m_description.grid))
      throw Error(ErrorKind::data, companion.description().files.front().string() +
                                       ": the mask's grid differs from that of " +
                                       layers.found.files.front().string());
    made.layers = companion.layers();
    const std::size_t lost = match_records(layers, made);
    if (lost > 0)
      m_description.warnings.push_back("[inputs." + spec.name + "] " + std::to_string(lost) +
                                       " records have no mask of their date: missing");
    layers.masks.push_back(std::move(made));
  }

  /// Which record of the mask goes with each of ours; returns how many have none.
  static std::size_t match_records(const RasterLayers& layers, RasterLayers::Mask& mask) {
    std::size_t lost = 0;
    const auto& masks = mask.layers->found.records;
    // One map without date takes a mask of one date, as it takes one without.
    const bool undated = !mask.layers->found.has_times || (!layers.found.has_times && masks.size() == 1);
    if (!undated && !layers.found.has_times)
      throw Error(ErrorKind::data, mask.layers->found.files.front().string() +
                                       ": the mask has several dates, the layer it is to mask, " +
                                       layers.found.files.front().string() + ", has none; name one mask");
    for (const RasterRecord& record : layers.found.records) {
      std::int64_t match = undated ? 0 : -1;
      const auto at =
          std::lower_bound(masks.begin(), masks.end(), record.time.stamp - 1e-6,
                           [](const RasterRecord& r, double stamp) { return r.time.stamp < stamp; });
      if (match < 0 && at != masks.end() && at->time.stamp < record.time.stamp + 1e-6)
        match = at - masks.begin();
      if (match < 0) ++lost;
      mask.record.push_back(match);
    }
    return lost;
  }

  NativeDescription m_description;
  std::shared_ptr<const RasterLayers> m_layers;
  std::int64_t m_block_rows = 1;
};

}  // namespace

std::unique_ptr<NativeStack> open_raster_stack(const InputSpec& spec) {
  return std::make_unique<RasterStack>(spec);
}

}  // namespace rootzone::io
