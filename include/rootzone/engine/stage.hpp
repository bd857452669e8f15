#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "rootzone/core/block.hpp"
#include "rootzone/core/flags.hpp"

namespace rootzone::engine {

/// A daily variable a stage makes.
struct DailyOutput {
  std::string variable;
  bool with_flags = true;
};

/// A per-pixel result known when the last day has passed: `layers` values per pixel.
struct LayerOutput {
  std::string variable;
  std::int64_t layers = 1;
  bool with_flags = true;
};

/// One named double (or several) per pixel that a stage carries from day to day. This is what a state file
/// keeps, so everything a restart needs must be here.
struct StateField {
  std::string name;
  std::int64_t values_per_pixel = 1;
  double initial = 0.0;
};

/// A strip of neighbouring pixels over the steps of one block: what `Stage::advance` works on.
/// At each step the strip's pixels lie next to each other in memory.
class Strip {
 public:
  virtual ~Strip() = default;
  virtual std::int64_t first_step() const = 0;  ///< position of step 0 of this block on the time axis
  virtual std::int64_t steps() const = 0;
  /// Row-major index of pixel 0 on the whole grid (static layers).
  virtual std::int64_t first_cell() const = 0;
  virtual std::int64_t pixels() const = 0;
  /// slot: position in the stage's inputs(). pixels() values; NaN = missing.
  virtual std::span<const float> input(std::size_t slot, std::int64_t step) const = 0;
  /// slot: position in the stage's outputs().
  virtual std::span<float> output(std::size_t slot, std::int64_t step) const = 0;
  virtual std::span<core::FlagBits> flags(std::size_t slot, std::int64_t step) const = 0;
  /// field: position in the stage's state(); value: 0 … values_per_pixel − 1. pixels() doubles, kept between
  /// blocks.
  virtual std::span<double> state(std::size_t field, std::int64_t value = 0) const = 0;
};

/// A strip after the last day: what `Stage::finish` works on.
class LayerStrip {
 public:
  virtual ~LayerStrip() = default;
  virtual std::int64_t first_cell() const = 0;
  virtual std::int64_t pixels() const = 0;
  virtual std::span<const double> state(std::size_t field, std::int64_t value = 0) const = 0;
  /// slot: position in layers(). pixels() values.
  virtual std::span<float> layer(std::size_t slot, std::int64_t layer) const = 0;
  virtual std::span<core::FlagBits> layer_flags(std::size_t slot, std::int64_t layer) const = 0;
  /// Whole series of one pixel of a variable named in gathered(); all steps of the axis.
  virtual std::span<const float> series(std::size_t gathered_slot, std::int64_t pixel) const = 0;
};

/// One step of the chain. All functions that take a strip are called from many threads at once on disjoint
/// strips and keep everything they remember in the strip's state; strips of one pixel come in order of time.
/// Results must not depend on how pixels and days are cut into strips and blocks.
class Stage {
 public:
  virtual ~Stage() = default;
  virtual const std::string& name() const = 0;
  /// Variables read each day: sources or outputs of earlier stages.
  virtual std::vector<std::string> inputs() const = 0;
  virtual std::vector<DailyOutput> outputs() const { return {}; }
  virtual std::vector<LayerOutput> layers() const { return {}; }
  virtual std::vector<StateField> state() const { return {}; }
  /// Inputs whose whole series finish() wants (quantiles): kept in memory or in a scratch file.
  virtual std::vector<std::string> gathered() const { return {}; }
  virtual void advance(const Strip& strip) const = 0;
  virtual void finish(const LayerStrip&) const {}

  /// A first pass over the record, for what must be known before the first day (closure factors, the
  /// wettest month). Only sources and stages that the survey needs are run in it. Fields are held for the
  /// whole grid.
  virtual std::vector<StateField> survey_fields() const { return {}; }
  /// strip.state(field, value) addresses the survey fields; strip.output must not be used.
  virtual void survey(const Strip&) const {}
  /// Whether what it learns of a pixel depends on that pixel alone. If not, the survey walks the whole grid
  /// even where only some rows are run.
  virtual bool survey_is_local() const { return true; }
  /// Once, on one thread, between the passes. fields[i]: values_per_pixel × cells, value-major.
  virtual void conclude_survey(std::span<const std::vector<double>> /*fields*/) {}
};

}  // namespace rootzone::engine
