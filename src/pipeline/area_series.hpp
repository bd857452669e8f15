#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "product_set.hpp"

namespace rootzone::pipeline {

/// Mean, quantiles and valid share of one zone, a value for each step of a product; NaN = nothing valid.
struct AreaSeries {
  std::string zone;  ///< "basin" or a sub-basin's name
  std::vector<double> mean;
  std::vector<std::vector<double>> quantiles;  ///< [probability][step]
  std::vector<double> valid_share;             ///< of the zone's area
};

/// Area-weighted over the basin (outline's share of each cell times its area) and each sub-basin. Quantiles
/// are weighted too: the value below which that share of the valid area lies.
std::vector<AreaSeries> area_series(const Preparation& job, const Product& product);

/// Name of a quantile's column: "q07" for 0.07, "q2p5" for 0.025; percents to nine digits.
std::string quantile_column(double probability);

/// series/<variable>.csv: zone,date (or step),mean,q10,…,valid_share. earlier: a folder whose series of days
/// or periods goes on: its rows before those of `series` come first, as they stand; empty = none.
std::filesystem::path write_area_series(const std::vector<AreaSeries>& series,
                                        const std::vector<double>& probabilities, const Product& product,
                                        const std::filesystem::path& out,
                                        const std::filesystem::path& earlier = {});

/// The value below which a share `probability` of the weight lies: the inverse of the weighted empirical
/// distribution (values at the middle of their weight, linear in between). values are reordered with their
/// weights. NaN if none.
double weighted_quantile(std::vector<std::pair<double, double>>& values_and_weights, double probability);

}  // namespace rootzone::pipeline
