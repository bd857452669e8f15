#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rootzone::engine {

/// Rows of the model grid whose state is held together; all columns.
struct RowBand {
  std::int64_t first_row = 0;
  std::int64_t rows = 0;
  bool operator==(const RowBand&) const = default;
};

/// Where the state of the stages stays between two runs (nightly continuation). Fields come in the order of
/// `Stage::state()`; fields[i] holds values_per_pixel × band cells doubles, value-major: [value][row][col].
/// Bands are chosen by the memory budget and may differ from one run to the next: keep rows, not bands.
/// Both are called by one thread at a time, for stages that have state, in order of bands and stages.
/// What they throw stops the run. A run that stops early has saved only some of its bands: keep what is
/// saved apart until `run` has returned.
class StateStore {
 public:
  virtual ~StateStore() = default;
  /// Before the first day of a band. The fields hold the initial values; leave them where nothing is kept.
  /// Called again for a band whose stage is also needed by a survey: give the same values each time.
  virtual void load(std::size_t stage, const RowBand& band, std::span<const std::span<double>> fields) = 0;
  /// After the last day of a band, in the main pass only.
  virtual void save(std::size_t stage, const RowBand& band,
                    std::span<const std::span<const double>> fields) = 0;

  /// What a survey found in an earlier run: fields[i] holds values_per_pixel × cells of the whole grid.
  /// False: nothing is kept, the survey is made.
  virtual bool load_survey(std::size_t /*stage*/, std::span<std::vector<double>> /*fields*/) { return false; }
  /// After each survey, made or loaded, before the main pass.
  virtual void save_survey(std::size_t /*stage*/, std::span<const std::vector<double>> /*fields*/) {}
};

}  // namespace rootzone::engine
