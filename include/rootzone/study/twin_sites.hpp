#pragma once
#include <cstdint>
#include <vector>

#include "rootzone/core/parallel.hpp"
#include "rootzone/core/progress.hpp"
#include "rootzone/study/sptf_site.hpp"
#include "rootzone/study/twin_soil.hpp"

namespace rootzone::study {

/// Which hydraulic model the truth of a twin has: one for all, or by turns.
enum class TwinModels { van_genuchten, fredlund_xing, both };

struct TwinOptions {
  std::int64_t sites = 1200;
  TwinModels models = TwinModels::both;
  double texture_correlation = 0.5;  ///< see draw_twin_soil
  TwinObserving observing;
  std::uint64_t seed = 1;

  /// Throws Error(usage) naming the option.
  void validate() const;
};

struct TwinSite {
  SptfSite site;
  TwinSoil soil;
};

/// Make twin sites: weather of the climates by turns, a soil with true parameters, three years through the
/// Richards column of which the first warms up and is dropped, and what a satellite would have seen of the
/// other two. Names are twin_0001 …; the first day is 2001-01-01 (two years of 365 days). A draw whose column
/// does not converge is drawn anew. A site depends on seed and number alone, not on how many there are or on
/// parallel_for. progress may be null.
std::vector<TwinSite> make_twin_sites(const TwinOptions& options, const core::ParallelFor& parallel_for,
                                      core::ProgressSink* progress);

}  // namespace rootzone::study
