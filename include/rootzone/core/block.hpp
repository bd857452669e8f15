#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "rootzone/core/flags.hpp"
#include "rootzone/core/parallel.hpp"

namespace rootzone::core {

/// A piece of a (step, row, col) cube on the model grid: some steps, some rows, all columns. A step is a
/// day of the time axis, or a layer (return period, year, statistic) of a product without days.
/// Arrays of a block are laid out [step][row − first_row][col], float, NaN = missing.
struct BlockWindow {
  std::int64_t first_step = 0;
  std::int64_t steps = 0;
  std::int64_t first_row = 0;
  std::int64_t rows = 0;
  bool operator==(const BlockWindow&) const = default;
};

/// How a source lies on disk, seen from the model grid: reading windows whose edges fall on these multiples
/// touches each stored chunk once.
struct SourceLayout {
  std::int64_t chunk_steps = 1;
  std::int64_t chunk_rows = 1;
  std::int64_t first_chunk_step = 0;  ///< a chunk edge falls on this step (may be negative)
  std::int64_t first_chunk_row = 0;   ///< a chunk edge falls on this row (may be negative)
  /// Bytes held between fetch and the end of decode for each model cell and step, beyond the 4 of the result.
  double scratch_bytes_per_cell_step = 0.0;
};

/// What was taken off the disk for one window and not yet decoded.
class FetchedBlock {
 public:
  virtual ~FetchedBlock() = default;
  /// Fill values[steps × rows × cols]. Called once, on any thread; safe beside other fetched blocks and
  /// beside fetch.
  virtual void decode(std::span<float> values, const ParallelFor& parallel_for) = 0;
};

/// Any input on the model grid and the model's days.
class BlockSource {
 public:
  virtual ~BlockSource() = default;
  virtual const std::string& name() const = 0;
  virtual SourceLayout layout() const = 0;
  /// Read the stored bytes behind a window. Called by one thread at a time, windows in any order.
  virtual std::unique_ptr<FetchedBlock> fetch(const BlockWindow& window) = 0;
};

/// Where a product's blocks go. One product = values and, if it has any, flags.
class BlockSink {
 public:
  virtual ~BlockSink() = default;
  /// Take a block: values[steps × rows × cols], flags of the same shape or empty if the product has none.
  /// Called by one thread at a time; windows in any order, every cell exactly once. The bytes of the
  /// finished product do not depend on how it was cut into windows.
  virtual void write(const BlockWindow& window, std::span<const float> values,
                     std::span<const FlagBits> flags, const ParallelFor& parallel_for) = 0;
  /// Complete, sync and give the product its name. Without it, destruction leaves nothing behind.
  virtual void finish() = 0;
  /// The most bytes held between calls when windows of this size come in order (incomplete chunks, a queue
  /// of compressed ones). Negative: not known, and the engine allows for one further block.
  virtual std::int64_t memory_bytes_for(const BlockWindow& /*window*/) const { return -1; }
};

}  // namespace rootzone::core
