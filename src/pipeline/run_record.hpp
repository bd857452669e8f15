#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "area_series.hpp"
#include "product_set.hpp"
#include "rootzone/core/flags.hpp"
#include "rootzone/engine/run.hpp"
#include "station_scores.hpp"

namespace rootzone::pipeline {

/// The layers of a mass curve that make its water books, mm year-1: inflow − outflow − overflow + growth = 0.
inline constexpr std::array<std::string_view, 4> water_book_layers{"inflow_mean", "outflow_mean",
                                                                   "recharge_mean", "deficit_growth"};

/// Mean of a per-pixel layer, and how many of its cells carry a balance that does not close.
struct LayerSummary {
  double sum = 0.0;
  std::int64_t cells = 0;
  std::int64_t non_closing = 0;

  void add(std::span<const float> values, std::span<const core::FlagBits> flags) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (std::isnan(values[i])) continue;
      sum += values[i];
      ++cells;
      if (!flags.empty() && core::has(flags[i], core::Flag::non_closing_balance)) ++non_closing;
    }
  }
  double mean() const { return cells > 0 ? sum / static_cast<double>(cells) : 0.0; }
};

/// What a run did, for the report, the catalogue and the manifest.
struct RunRecord {
  std::filesystem::path out;  ///< where the files wait for their places
  std::string command_line;
  std::vector<Product> products;
  std::vector<engine::RunSummary> summaries;  ///< by segment
  std::map<std::string, std::vector<AreaSeries>> series;
  std::map<std::string, LayerSummary> layers;  ///< summed up though they are no products
  StationScores scores;
  std::vector<std::filesystem::path> files;             ///< every product, absolute
  std::map<std::filesystem::path, std::string> sha256;  ///< of inputs and products, each hashed once
  nlohmann::json earlier_products =
      nlohmann::json::array();  ///< of earlier nights, as the manifest lists them
  nlohmann::json update;        ///< how far `update` has come; null for a run
  std::vector<std::string> notes;
  std::vector<std::string> warnings;
  double wall_seconds = 0.0;
};

}  // namespace rootzone::pipeline
