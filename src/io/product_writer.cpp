#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <utility>

#include "band_store.hpp"
#include "chunk_codec.hpp"
#include "piece_placer.hpp"
#include "product_layout.hpp"
#include "product_placer.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/product.hpp"
#include "rootzone/io/product_piece.hpp"

namespace rootzone::io {
namespace {

using core::BlockWindow;
using core::FlagBits;

/// One row of chunks across the grid, at one run of steps of one file. Blocks have all columns, so all its
/// chunks fill alike.
struct BandKey {
  std::int64_t part = 0;
  std::int64_t step_chunk = 0;
  std::int64_t row_chunk = 0;
  auto operator<=>(const BandKey&) const = default;
};

/// The cells of a band that lie on the grid, in steps of the product and rows of the grid.
struct BandExtent {
  std::int64_t first_step = 0;
  std::int64_t steps = 0;
  std::int64_t first_row = 0;
  std::int64_t rows = 0;
};

struct UnfinishedBand {
  BandSlot slot;
  std::vector<bool> here;  ///< [step][row] of its extent
  std::int64_t missing = 0;
};

/// What a block brings to a band, and what becomes of it.
struct Delivery {
  BandKey key;
  BandExtent band;
  BandExtent piece;  ///< the part of the band in the block
  bool completes = false;
  UnfinishedBand* unfinished = nullptr;  ///< null: the block has the whole band
};

/// Rows of chunks that a writer is given.
struct ChunkRows {
  std::int64_t first = 0;
  std::int64_t end = 0;
};

class ProductWriter final : public core::BlockSink {
 public:
  ProductWriter(const ProductSpec& spec, const std::vector<ProductPart>& parts, const ChunkRows& rows,
                std::unique_ptr<ChunkPlacer> placer, const std::filesystem::path& scratch_dir)
      : m_spec(spec),
        m_parts(parts),
        m_given(rows),
        m_encoding{spec.variable, spec.packing, spec.scale, spec.offset},
        m_row_chunks(pieces(spec.grid.rows(), parts.front().chunk.rows)),
        m_col_chunks(pieces(spec.grid.cols(), parts.front().chunk.cols)),
        m_variables(spec.with_flags ? 2 : 1),
        m_store(scratch_dir, slot_bytes(), spec.buffer_bytes),
        m_placer(std::move(placer)) {
    for (const ProductPart& part : m_parts) {
      m_first_band.push_back(static_cast<std::int64_t>(m_done.size()));
      m_done.resize(m_done.size() + static_cast<std::size_t>(part.step_chunks() * m_row_chunks), false);
    }
  }

  void write(const BlockWindow& window, std::span<const float> values, std::span<const FlagBits> flags,
             const core::ParallelFor& parallel_for) override {
    check(window, values, flags);
    std::vector<Delivery> deliveries = split(window);
    // A few bands at a time, so that what is stored and not yet placed stays small beside the block.
    const std::int64_t per_batch = std::max<std::int64_t>(1, chunks_in_flight / (m_col_chunks * m_variables));
    for (std::size_t first = 0; first < deliveries.size(); first += static_cast<std::size_t>(per_batch)) {
      const std::size_t count = std::min(deliveries.size() - first, static_cast<std::size_t>(per_batch));
      deliver(std::span(deliveries).subspan(first, count), {window, values, flags}, parallel_for);
    }
  }

  void finish() override {
    for (std::size_t band = 0; band < m_done.size(); ++band)
      if (!m_done[band] && is_given(static_cast<std::int64_t>(band)))
        throw never_written(static_cast<std::int64_t>(band));
    m_placer->commit();
  }

  std::int64_t memory_bytes_for(const BlockWindow& window) const override {
    const ChunkShape& chunk = m_parts.front().chunk;
    const std::int64_t chunk_bytes =
        chunk.cells() * static_cast<std::int64_t>(element_size(0) + (m_variables > 1 ? element_size(1) : 0));
    const std::int64_t slot = chunk_bytes * m_col_chunks;
    const std::int64_t waiting = slot * unfinished_bands(window, chunk);
    // Stored chunks of one batch, and the block's own pieces of it.
    const std::int64_t batch = std::max(chunks_in_flight / m_variables, m_col_chunks) * chunk_bytes;
    return std::min(waiting, std::max(m_spec.buffer_bytes, slot)) + batch;
  }

 private:
  static constexpr std::int64_t chunks_in_flight = 32;

  /// The most bands that wait for the rest of their cells when windows like this one come in order.
  std::int64_t unfinished_bands(const BlockWindow& window, const ChunkShape& chunk) const {
    const bool all_rows = window.rows >= m_spec.grid.rows();
    const bool whole_rows = all_rows || window.rows % chunk.rows == 0;
    const std::int64_t row_bands = all_rows     ? m_row_chunks
                                   : whole_rows ? window.rows / chunk.rows
                                                : window.rows / chunk.rows + 2;
    const bool whole_steps = window.steps >= m_spec.axis.count() || window.steps % chunk.steps == 0;
    const std::int64_t step_bands = whole_steps ? 0 : chunk.steps % window.steps == 0 ? 1 : 2;
    // A band of chunks cut by the edge of a band of blocks waits through all steps.
    const std::int64_t cut = whole_rows ? 0 : pieces(m_spec.axis.count(), chunk.steps);
    return row_bands * step_bands + cut;
  }

  struct Block {
    BlockWindow window;
    std::span<const float> values;
    std::span<const FlagBits> flags;
  };

  static std::int64_t pieces(std::int64_t whole, std::int64_t piece) { return (whole + piece - 1) / piece; }

  std::size_t element_size(std::int64_t variable) const {
    return variable == 0 ? m_encoding.element_size() : sizeof(FlagBits);
  }

  /// Of the deepest chunk there is; shallower parts leave some of it unused.
  std::size_t slot_bytes() const {
    std::int64_t cells = 0;
    for (const ProductPart& part : m_parts) cells = std::max(cells, part.chunk.cells());
    return static_cast<std::size_t>(cells * m_col_chunks) *
           (element_size(0) + (m_variables > 1 ? element_size(1) : 0));
  }

  core::Error fault(const std::string& what) const {
    return core::Error(core::ErrorKind::internal, m_spec.variable + ": " + what);
  }

  void check(const BlockWindow& window, std::span<const float> values,
             std::span<const FlagBits> flags) const {
    const bool inside = window.first_step >= 0 && window.steps >= 1 && window.first_row >= 0 &&
                        window.rows >= 1 && window.first_step + window.steps <= m_spec.axis.count() &&
                        window.first_row + window.rows <= m_spec.grid.rows();
    if (!inside) throw fault("a block lies outside the product");
    const auto cells = static_cast<std::size_t>(window.steps * window.rows * m_spec.grid.cols());
    if (values.size() != cells || flags.size() != (m_spec.with_flags ? cells : 0))
      throw fault("a block of " + std::to_string(cells) + " cells brings " + std::to_string(values.size()) +
                  " values and " + std::to_string(flags.size()) + " flags");
  }

  BandExtent extent_of(const BandKey& key) const {
    const ProductPart& part = m_parts[static_cast<std::size_t>(key.part)];
    BandExtent band;
    band.first_step = part.first_step + key.step_chunk * part.chunk.steps;
    band.steps = std::min(part.chunk.steps, part.first_step + part.steps - band.first_step);
    band.first_row = key.row_chunk * part.chunk.rows;
    band.rows = std::min(part.chunk.rows, m_spec.grid.rows() - band.first_row);
    return band;
  }

  static BandExtent intersection(const BandExtent& band, const BlockWindow& window) {
    BandExtent piece;
    piece.first_step = std::max(band.first_step, window.first_step);
    piece.steps = std::min(band.first_step + band.steps, window.first_step + window.steps) - piece.first_step;
    piece.first_row = std::max(band.first_row, window.first_row);
    piece.rows = std::min(band.first_row + band.rows, window.first_row + window.rows) - piece.first_row;
    return piece;
  }

  /// The bands a block touches, in the order of the product; what it brings is entered as being here.
  std::vector<Delivery> split(const BlockWindow& window) {
    std::vector<Delivery> deliveries;
    const std::int64_t window_end = window.first_step + window.steps;
    for (std::size_t p = 0; p < m_parts.size(); ++p) {
      const ProductPart& part = m_parts[p];
      const std::int64_t first = std::max(window.first_step, part.first_step) - part.first_step;
      const std::int64_t last = std::min(window_end, part.first_step + part.steps) - part.first_step - 1;
      if (last < first) continue;
      for (std::int64_t t = first / part.chunk.steps; t <= last / part.chunk.steps; ++t)
        for (std::int64_t r = window.first_row / part.chunk.rows;
             r <= (window.first_row + window.rows - 1) / part.chunk.rows; ++r)
          deliveries.push_back(accept({static_cast<std::int64_t>(p), t, r}, window));
    }
    return deliveries;
  }

  std::size_t band_number(const BandKey& key) const {
    return static_cast<std::size_t>(m_first_band[static_cast<std::size_t>(key.part)] +
                                    key.step_chunk * m_row_chunks + key.row_chunk);
  }

  Delivery accept(const BandKey& key, const BlockWindow& window) {
    Delivery delivery{key, extent_of(key), {}, false, nullptr};
    delivery.piece = intersection(delivery.band, window);
    const BandExtent& band = delivery.band;
    const BandExtent& piece = delivery.piece;
    if (m_done[band_number(key)]) throw written_twice(piece);
    auto found = m_unfinished.find(key);
    if (found == m_unfinished.end() && piece.steps == band.steps && piece.rows == band.rows) {
      delivery.completes = true;
      m_done[band_number(key)] = true;
      return delivery;
    }
    if (found == m_unfinished.end()) {
      const std::int64_t cells = band.steps * band.rows;
      found = m_unfinished
                  .emplace(key, UnfinishedBand{{}, std::vector<bool>(static_cast<std::size_t>(cells)), cells})
                  .first;
      found->second.slot = m_store.acquire();
    }
    delivery.unfinished = &found->second;
    mark(*delivery.unfinished, band, piece);
    delivery.completes = delivery.unfinished->missing == 0;
    if (delivery.completes) m_done[band_number(key)] = true;
    return delivery;
  }

  void mark(UnfinishedBand& unfinished, const BandExtent& band, const BandExtent& piece) const {
    for (std::int64_t step = piece.first_step; step < piece.first_step + piece.steps; ++step)
      for (std::int64_t row = piece.first_row; row < piece.first_row + piece.rows; ++row) {
        auto here =
            unfinished
                .here[static_cast<std::size_t>((step - band.first_step) * band.rows + row - band.first_row)];
        if (here) throw written_twice({step, 1, row, 1});
        here = true;
        --unfinished.missing;
      }
  }

  core::Error written_twice(const BandExtent& piece) const {
    return fault("step " + std::to_string(piece.first_step) + ", row " + std::to_string(piece.first_row) +
                 " is written twice");
  }

  bool is_given(std::int64_t number) const {
    const auto after = std::upper_bound(m_first_band.begin(), m_first_band.end(), number);
    const std::int64_t row = (number - *std::prev(after)) % m_row_chunks;
    return row >= m_given.first && row < m_given.end;
  }

  core::Error never_written(std::int64_t number) const {
    const auto after = std::upper_bound(m_first_band.begin(), m_first_band.end(), number);
    const std::int64_t part = after - m_first_band.begin() - 1;
    const std::int64_t in_part = number - m_first_band[static_cast<std::size_t>(part)];
    const BandExtent band = extent_of({part, in_part / m_row_chunks, in_part % m_row_chunks});
    return fault("steps " + std::to_string(band.first_step) + " to " +
                 std::to_string(band.first_step + band.steps - 1) + ", rows " +
                 std::to_string(band.first_row) + " to " + std::to_string(band.first_row + band.rows - 1) +
                 " were not all written before finish");
  }

  void deliver(std::span<Delivery> deliveries, const Block& block, const core::ParallelFor& parallel_for) {
    const std::int64_t chunks = m_col_chunks * m_variables;
    std::vector<std::vector<std::byte>> stored(deliveries.size() * static_cast<std::size_t>(chunks));
    parallel_for(static_cast<std::int64_t>(stored.size()), [&](std::int64_t job) {
      stored[static_cast<std::size_t>(job)] =
          take_chunk(deliveries[static_cast<std::size_t>(job / chunks)], job % chunks, block);
    });
    for (std::size_t d = 0; d < deliveries.size(); ++d) {
      if (!deliveries[d].completes) continue;
      const BandKey& key = deliveries[d].key;
      for (std::int64_t c = 0; c < chunks; ++c) {
        auto& bytes = stored[d * static_cast<std::size_t>(chunks) + static_cast<std::size_t>(c)];
        m_placer->place({key.part, (key.step_chunk * m_row_chunks + key.row_chunk) * chunks + c}, bytes);
        bytes = {};
      }
      if (deliveries[d].unfinished == nullptr) continue;
      m_store.release(std::move(deliveries[d].unfinished->slot));
      m_unfinished.erase(key);
    }
  }

  /// One chunk's share of a delivery: its stored bytes if that completes it, else kept, and nothing returned.
  /// Nothing is returned, too, for a chunk of values that are all missing.
  std::vector<std::byte> take_chunk(const Delivery& delivery, std::int64_t in_band, const Block& block) {
    const std::int64_t variable = in_band / m_col_chunks;
    const ChunkShape& shape = m_parts[static_cast<std::size_t>(delivery.key.part)].chunk;
    const std::size_t size = element_size(variable);
    const std::size_t chunk_bytes = static_cast<std::size_t>(shape.cells()) * size;
    const std::size_t slot_offset = slot_offset_of(in_band, shape);
    const WorkspacePool::Loan workspace(m_workspaces);
    const std::span<std::byte> raw = workspace->raw(chunk_bytes);
    encode_piece(delivery, in_band, block, raw);
    if (delivery.unfinished != nullptr) keep_piece(delivery, shape, size, slot_offset, raw);
    if (!delivery.completes) return {};
    if (delivery.unfinished != nullptr) m_store.get(delivery.unfinished->slot, slot_offset, raw);
    const std::int64_t cols =
        std::min(shape.cols, m_spec.grid.cols() - (in_band % m_col_chunks) * shape.cols);
    fill_edges(variable, {delivery.band.steps, delivery.band.rows, cols}, shape, raw);
    if (variable == 0 && all_missing(raw)) return {};
    return workspace->shuffle_and_deflate(raw, size, shape);
  }

  std::size_t slot_offset_of(std::int64_t in_band, const ChunkShape& shape) const {
    const auto cells = static_cast<std::size_t>(shape.cells());
    const std::int64_t values_before = std::min(in_band, m_col_chunks);
    return cells * (static_cast<std::size_t>(values_before) * element_size(0) +
                    static_cast<std::size_t>(in_band - values_before) * element_size(1));
  }

  /// Into the chunk's own layout [step][row][col], at the piece's place.
  void encode_piece(const Delivery& delivery, std::int64_t in_band, const Block& block,
                    std::span<std::byte> raw) const {
    const std::int64_t variable = in_band / m_col_chunks;
    const ChunkShape& shape = m_parts[static_cast<std::size_t>(delivery.key.part)].chunk;
    const std::int64_t first_col = (in_band % m_col_chunks) * shape.cols;
    const auto cols = static_cast<std::size_t>(std::min(shape.cols, m_spec.grid.cols() - first_col));
    const std::size_t size = element_size(variable);
    const BandExtent& piece = delivery.piece;
    for (std::int64_t step = piece.first_step; step < piece.first_step + piece.steps; ++step)
      for (std::int64_t row = piece.first_row; row < piece.first_row + piece.rows; ++row) {
        const std::int64_t in_chunk =
            ((step - delivery.band.first_step) * shape.rows + row - delivery.band.first_row) * shape.cols;
        const std::int64_t in_block =
            ((step - block.window.first_step) * block.window.rows + row - block.window.first_row) *
                m_spec.grid.cols() +
            first_col;
        const auto out = raw.subspan(static_cast<std::size_t>(in_chunk) * size, cols * size);
        if (variable == 0)
          m_encoding.encode(block.values.subspan(static_cast<std::size_t>(in_block), cols), out);
        else
          std::memcpy(out.data(), block.flags.data() + in_block, out.size());
      }
  }

  /// The rows of a piece are contiguous in the chunk at each step.
  void keep_piece(const Delivery& delivery, const ChunkShape& shape, std::size_t size,
                  std::size_t slot_offset, std::span<const std::byte> raw) {
    const BandExtent& piece = delivery.piece;
    const std::size_t bytes = static_cast<std::size_t>(piece.rows * shape.cols) * size;
    for (std::int64_t step = piece.first_step; step < piece.first_step + piece.steps; ++step) {
      const std::int64_t cell =
          ((step - delivery.band.first_step) * shape.rows + piece.first_row - delivery.band.first_row) *
          shape.cols;
      const std::size_t offset = static_cast<std::size_t>(cell) * size;
      m_store.put(delivery.unfinished->slot, slot_offset + offset, raw.subspan(offset, bytes));
    }
  }

  void fill_missing(std::int64_t variable, std::span<std::byte> cells) const {
    if (variable == 0)
      m_encoding.fill(cells);
    else
      std::memset(cells.data(), 0, cells.size());
  }

  /// Cells of a chunk beyond the grid or the last step: always the same, whatever lay in the memory.
  void fill_edges(std::int64_t variable, const std::array<std::int64_t, 3>& used, const ChunkShape& shape,
                  std::span<std::byte> raw) const {
    const std::size_t size = element_size(variable);
    const auto at = [&](std::int64_t cell) { return static_cast<std::size_t>(cell) * size; };
    for (std::int64_t step = 0; step < used[0]; ++step) {
      const std::int64_t first = step * shape.rows * shape.cols;
      if (used[2] < shape.cols)
        for (std::int64_t row = 0; row < used[1]; ++row)
          fill_missing(variable,
                       raw.subspan(at(first + row * shape.cols + used[2]), at(shape.cols - used[2])));
      fill_missing(variable,
                   raw.subspan(at(first + used[1] * shape.cols), at((shape.rows - used[1]) * shape.cols)));
    }
    fill_missing(variable, raw.subspan(at(used[0] * shape.rows * shape.cols)));
  }

  bool all_missing(std::span<const std::byte> raw) const {
    std::array<std::byte, sizeof(float)> missing{};
    const std::size_t size = m_encoding.element_size();
    m_encoding.fill(std::span(missing).first(size));
    return std::memcmp(raw.data(), missing.data(), size) == 0 &&
           std::memcmp(raw.data(), raw.data() + size, raw.size() - size) == 0;
  }

  ProductSpec m_spec;
  std::vector<ProductPart> m_parts;
  ChunkRows m_given;
  CellEncoding m_encoding;
  std::int64_t m_row_chunks;
  std::int64_t m_col_chunks;
  std::int64_t m_variables;
  std::vector<std::int64_t> m_first_band;  ///< per part, in m_done
  std::vector<bool> m_done;                ///< per band: every cell is here
  std::map<BandKey, UnfinishedBand> m_unfinished;
  WorkspacePool m_workspaces;
  BandStore m_store;
  std::unique_ptr<ChunkPlacer> m_placer;
};

}  // namespace

std::unique_ptr<core::BlockSink> create_netcdf_product(const ProductSpec& spec,
                                                       const std::filesystem::path& out_dir,
                                                       const std::filesystem::path& scratch_dir) {
  const std::vector<ProductPart> parts = product_parts(spec, out_dir);
  return std::make_unique<ProductWriter>(spec, parts, ChunkRows{0, spec.grid.rows()},
                                         std::make_unique<ProductPlacer>(spec, parts, scratch_dir),
                                         scratch_dir);
}

ProductPiece create_product_piece(const ProductSpec& spec, const PieceRows& rows,
                                  const std::filesystem::path& file,
                                  const std::filesystem::path& scratch_dir) {
  const std::vector<ProductPart> parts = product_parts(spec, "");
  const std::int64_t chunk = parts.front().chunk.rows;
  const std::int64_t end = rows.first_row + rows.rows;
  if (rows.first_row % chunk != 0 || (end % chunk != 0 && end != spec.grid.rows()))
    throw core::Error(core::ErrorKind::internal, spec.variable + ": a piece cuts through chunks");
  const ChunkRows given{rows.first_row / chunk, (end + chunk - 1) / chunk};
  const auto sum = std::make_shared<PieceSum>();
  return {std::make_unique<ProductWriter>(spec, parts, given, std::make_unique<PiecePlacer>(file, sum),
                                          scratch_dir),
          sum};
}

}  // namespace rootzone::io
