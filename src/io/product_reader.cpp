#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "chunk_codec.hpp"
#include "hdf5_chunk_file.hpp"
#include "product_layout.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/product.hpp"

namespace rootzone::io {
namespace {

using core::FlagBits;

/// Stored (packed) cells of all maps of one run of chunks: [step][row][col].
struct Slab {
  std::int64_t part = -1;
  std::int64_t step_chunk = -1;
  std::vector<std::byte> cells;
};

/// Stored cells of one column of chunks at all steps: [step][row in chunk][col in chunk].
struct Column {
  std::int64_t row_chunk = -1;
  std::int64_t col_chunk = -1;
  std::vector<std::byte> cells;
};

class ChunkedProductReader final : public ProductReader {
 public:
  ChunkedProductReader(const ProductSpec& spec, std::vector<ProductPart> parts)
      : m_spec(spec),
        m_parts(std::move(parts)),
        m_encoding{spec.variable, spec.packing, spec.scale, spec.offset} {
    open(0);
  }

  std::vector<float> read_step(std::int64_t step) override {
    const std::span<const std::byte> map = map_of(0, step);
    std::vector<float> values(static_cast<std::size_t>(m_spec.grid.cells()));
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = m_encoding.decode(map.data() + i * m_encoding.element_size());
    return values;
  }

  std::vector<FlagBits> read_flags(std::int64_t step) override {
    std::vector<FlagBits> flags(static_cast<std::size_t>(m_spec.grid.cells()), 0);
    if (!m_spec.with_flags) return expect_step(step), flags;
    std::memcpy(flags.data(), map_of(1, step).data(), flags.size() * sizeof(FlagBits));
    return flags;
  }

  std::vector<float> read_series(std::int64_t row, std::int64_t col) override {
    std::vector<float> values(static_cast<std::size_t>(m_spec.axis.count()));
    each_step(0, row, col, [&](std::int64_t step, const std::byte* cell) {
      values[static_cast<std::size_t>(step)] = m_encoding.decode(cell);
    });
    return values;
  }

  std::vector<FlagBits> read_flags_series(std::int64_t row, std::int64_t col) override {
    std::vector<FlagBits> flags(static_cast<std::size_t>(m_spec.axis.count()), 0);
    if (!m_spec.with_flags) return expect_cell(row, col), flags;
    each_step(1, row, col, [&](std::int64_t step, const std::byte* cell) {
      std::memcpy(&flags[static_cast<std::size_t>(step)], cell, sizeof(FlagBits));
    });
    return flags;
  }

 private:
  static constexpr std::int64_t column_limit = std::int64_t{64} << 20;

  std::size_t element_size(std::size_t variable) const {
    return variable == 0 ? m_encoding.element_size() : sizeof(FlagBits);
  }

  void expect_step(std::int64_t step) const {
    if (step < 0 || step >= m_spec.axis.count())
      throw core::Error(core::ErrorKind::internal, m_spec.variable + ": asked for step " +
                                                       std::to_string(step) + " of " +
                                                       std::to_string(m_spec.axis.count()));
  }

  void expect_cell(std::int64_t row, std::int64_t col) const {
    if (row < 0 || col < 0 || row >= m_spec.grid.rows() || col >= m_spec.grid.cols())
      throw core::Error(core::ErrorKind::internal, m_spec.variable + ": asked for row " +
                                                       std::to_string(row) + ", column " +
                                                       std::to_string(col) + ", outside the grid");
  }

  const ProductPart& part(std::int64_t number) const { return m_parts[static_cast<std::size_t>(number)]; }

  std::int64_t part_of(std::int64_t step) const {
    const auto after =
        std::upper_bound(m_parts.begin(), m_parts.end(), step,
                         [](std::int64_t s, const ProductPart& p) { return s < p.first_step; });
    return after - m_parts.begin() - 1;
  }

  void open(std::int64_t number) {
    if (m_file && m_open == number) return;
    std::vector<std::string> variables{m_spec.variable};
    if (m_spec.with_flags) variables.push_back(m_spec.variable + "_flags");
    m_file.reset();
    m_file = std::make_unique<Hdf5ChunkFile>(part(number).path, Hdf5ChunkFile::Access::read, variables);
    m_open = number;
    const std::array<std::int64_t, 3> shape{part(number).steps, m_spec.grid.rows(), m_spec.grid.cols()};
    for (std::size_t variable = 0; variable < variables.size(); ++variable)
      m_file->expect_cube(variable, shape, part(number).chunk, element_size(variable));
  }

  /// Plain cells of one chunk of the open file.
  std::span<const std::byte> chunk_at(std::size_t variable, const ChunkOrigin& origin,
                                      const ChunkShape& shape) {
    m_chunk.resize(static_cast<std::size_t>(shape.cells()) * element_size(variable));
    const std::vector<std::byte> stored = m_file->read(variable, origin);
    if (stored.empty() && variable == 0) {
      m_encoding.fill(m_chunk);
    } else if (stored.empty() ||
               !m_workspace.inflate_and_unshuffle(stored, m_chunk, element_size(variable))) {
      throw core::Error(core::ErrorKind::data, m_file->path().string() + ": a chunk of " + m_spec.variable +
                                                   (variable == 0 ? "" : "_flags") +
                                                   (stored.empty() ? " is missing" : " is damaged") +
                                                   " (step " + std::to_string(origin[0]) + ", row " +
                                                   std::to_string(origin[1]) + ", column " +
                                                   std::to_string(origin[2]) + "); make the product again");
    }
    return m_chunk;
  }

  std::span<const std::byte> map_of(std::size_t variable, std::int64_t step) {
    expect_step(step);
    const std::int64_t number = part_of(step);
    const ProductPart& p = part(number);
    const std::int64_t in_part = step - p.first_step;
    Slab& slab = m_slabs[variable];
    if (slab.part != number || slab.step_chunk != in_part / p.chunk.steps)
      load(slab, variable, number, in_part / p.chunk.steps);
    const std::size_t map_bytes = static_cast<std::size_t>(m_spec.grid.cells()) * element_size(variable);
    return std::span(slab.cells)
        .subspan(static_cast<std::size_t>(in_part % p.chunk.steps) * map_bytes, map_bytes);
  }

  void load(Slab& slab, std::size_t variable, std::int64_t number, std::int64_t step_chunk) {
    open(number);
    slab.part = -1;
    const ProductPart& p = part(number);
    const std::int64_t first_step = step_chunk * p.chunk.steps;
    const std::int64_t steps = std::min(p.chunk.steps, p.steps - first_step);
    slab.cells.resize(static_cast<std::size_t>(steps * m_spec.grid.cells()) * element_size(variable));
    for (std::int64_t row = 0; row < m_spec.grid.rows(); row += p.chunk.rows)
      for (std::int64_t col = 0; col < m_spec.grid.cols(); col += p.chunk.cols)
        lay_into(slab.cells, chunk_at(variable, {first_step, row, col}, p.chunk), {steps, row, col}, p.chunk,
                 element_size(variable));
    slab.part = number;
    slab.step_chunk = step_chunk;
  }

  /// place: steps used of the chunk, its first row, its first column.
  void lay_into(std::vector<std::byte>& cells, std::span<const std::byte> chunk, const ChunkOrigin& place,
                const ChunkShape& shape, std::size_t size) const {
    const std::int64_t rows = std::min(shape.rows, m_spec.grid.rows() - place[1]);
    const auto bytes = static_cast<std::size_t>(std::min(shape.cols, m_spec.grid.cols() - place[2])) * size;
    for (std::int64_t step = 0; step < place[0]; ++step)
      for (std::int64_t row = 0; row < rows; ++row) {
        const std::int64_t from = (step * shape.rows + row) * shape.cols;
        const std::int64_t to = (step * m_spec.grid.rows() + place[1] + row) * m_spec.grid.cols() + place[2];
        std::memcpy(cells.data() + static_cast<std::size_t>(to) * size,
                    chunk.data() + static_cast<std::size_t>(from) * size, bytes);
      }
  }

  /// take(step, its stored cell) for all steps of one cell.
  void each_step(std::size_t variable, std::int64_t row, std::int64_t col, const auto& take) {
    expect_cell(row, col);
    const ChunkShape& shape = m_parts.front().chunk;  // rows and columns are those of every part
    Column& column = m_columns[variable];
    const std::int64_t in_chunk = (row % shape.rows) * shape.cols + col % shape.cols;
    const std::size_t size = element_size(variable);
    const std::size_t plane = static_cast<std::size_t>(shape.rows * shape.cols) * size;
    const bool keep = static_cast<std::int64_t>(plane) * m_spec.axis.count() <= column_limit;
    const bool here = column.row_chunk == row / shape.rows && column.col_chunk == col / shape.cols;
    if (here) {
      for (std::int64_t step = 0; step < m_spec.axis.count(); ++step)
        take(step, column.cells.data() + static_cast<std::size_t>(step) * plane +
                       static_cast<std::size_t>(in_chunk) * size);
      return;
    }
    read_column(variable, {0, row, col}, keep, take);
  }

  /// Every chunk over one cell decoded once; kept for its neighbours if asked.
  void read_column(std::size_t variable, const ChunkOrigin& cell, bool keep, const auto& take) {
    const ChunkShape& shape = m_parts.front().chunk;
    const std::int64_t row = cell[1];
    const std::int64_t col = cell[2];
    const std::size_t size = element_size(variable);
    const std::size_t plane = static_cast<std::size_t>(shape.rows * shape.cols) * size;
    const std::size_t in_chunk =
        static_cast<std::size_t>((row % shape.rows) * shape.cols + col % shape.cols) * size;
    Column& column = m_columns[variable];
    column.row_chunk = -1;
    if (keep) column.cells.resize(plane * static_cast<std::size_t>(m_spec.axis.count()));
    for (std::size_t number = 0; number < m_parts.size(); ++number) {
      const ProductPart& p = m_parts[number];
      open(static_cast<std::int64_t>(number));
      for (std::int64_t first = 0; first < p.steps; first += p.chunk.steps) {
        const auto chunk =
            chunk_at(variable, {first, row - row % shape.rows, col - col % shape.cols}, p.chunk);
        const std::int64_t steps = std::min(p.chunk.steps, p.steps - first);
        for (std::int64_t step = 0; step < steps; ++step)
          take(p.first_step + first + step, chunk.data() + static_cast<std::size_t>(step) * plane + in_chunk);
        if (keep)
          std::memcpy(column.cells.data() + static_cast<std::size_t>(p.first_step + first) * plane,
                      chunk.data(), static_cast<std::size_t>(steps) * plane);
      }
    }
    if (!keep) return;
    column.row_chunk = row / shape.rows;
    column.col_chunk = col / shape.cols;
  }

  ProductSpec m_spec;
  std::vector<ProductPart> m_parts;
  CellEncoding m_encoding;
  std::unique_ptr<Hdf5ChunkFile> m_file;
  std::int64_t m_open = -1;
  ChunkWorkspace m_workspace;
  std::vector<std::byte> m_chunk;
  std::array<Slab, 2> m_slabs;
  std::array<Column, 2> m_columns;
};

}  // namespace

std::unique_ptr<ProductReader> open_product(const ProductSpec& spec, const std::filesystem::path& out_dir) {
  return std::make_unique<ChunkedProductReader>(spec, product_parts(spec, out_dir));
}

}  // namespace rootzone::io
