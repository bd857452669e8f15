#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "axis_cut.hpp"
#include "counters.hpp"
#include "strip_worker.hpp"

namespace rootzone::engine {

/// Seconds spent in each part of a pass, summed over blocks.
struct PassSeconds {
  double read = 0.0;
  double decode = 0.0;
  double compute = 0.0;
  double write = 0.0;
};

/// What a pass is told beside the chain.
struct PassOrder {
  const Plan& plan;
  const RunOptions& options;
  std::string scratch_dir;
};

/// One walk over the cube: bands of rows outside, slabs of time inside, through the four filters fetch,
/// decode, compute and write. Construct, run once inside the arena whose threads it shall use, ask.
class Pass {
 public:
  Pass(const Chain& chain, const ChainGraph& graph, const PassScope& scope, const PassOrder& order,
       std::vector<std::vector<std::vector<double>>>* survey_fields);
  ~Pass();
  Pass(const Pass&) = delete;
  Pass& operator=(const Pass&) = delete;

  void run();
  const PassSeconds& seconds() const;
  /// By variable, then by layer product.
  std::vector<Counter> counters() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace rootzone::engine
