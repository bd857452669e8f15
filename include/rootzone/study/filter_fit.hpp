#pragma once
#include <optional>
#include <span>
#include <vector>

#include "rootzone/stats/linear_map.hpp"
#include "rootzone/study/smar_problem.hpp"

namespace rootzone::study {

/// What the best T is the best of.
enum class FilterObjective {
  nse,       ///< NSE of index and reference, both brought to [0, 1] by their extremes (Albergel et al. 2008)
  pearson_r  ///< their correlation
};

/// The exponential filter fitted to a station: the baseline a calibrated SMAR is compared with.
struct FilterFit {
  double time_days = 0.0;     ///< T
  double objective = 0.0;     ///< its best value over the grid
  stats::LinearMap map;       ///< index → m3 m-3
  std::vector<float> values;  ///< m3 m-3 a day: the mapped index, NaN before the first observation
};

/// T by search over a grid of times (days, each > 0), on the days of `compared` with a reference, past
/// warm_up_days after the first observation; then the least-squares line from index to reference on the same
/// days. The smaller T of equals wins. Nothing with fewer than min_pairs days or a constant series. Throws
/// std::invalid_argument for an empty grid or series of differing length.
std::optional<FilterFit> fit_filter(std::span<const float> surface, std::span<const float> root_zone,
                                    DayRange compared, double warm_up_days, FilterObjective objective,
                                    std::span<const double> times_days, std::int64_t min_pairs);

}  // namespace rootzone::study
