// Sentences that say which product does better where; computed, never worded in favour of one.
#include <algorithm>
#include <cmath>
#include <set>

#include "report_parts.hpp"
#include "rootzone/pipeline/numbers.hpp"

namespace rootzone::pipeline {
namespace {

struct Tally {
  std::int64_t stations = 0;
  std::int64_t wins = 0;
  std::int64_t ties = 0;
  std::int64_t clear_wins = 0;    ///< intervals apart
  std::int64_t clear_losses = 0;  ///< intervals apart the other way
  std::int64_t with_intervals = 0;
  std::vector<double> first_rmse;
  std::vector<double> second_rmse;
};

bool has_interval(const MetricEstimate& estimate) {
  return std::isfinite(estimate.low) && std::isfinite(estimate.high);
}

const MetricRow* find_row(std::span<const MetricRow> rows, const std::string& station,
                          const std::string& product, const std::string& period) {
  for (const MetricRow& row : rows) {
    if (row.station == station && row.product == product && row.period == period) return &row;
  }
  return nullptr;
}

Tally tally_of(std::span<const MetricRow> rows, const std::string& first, const std::string& second,
               const std::string& period) {
  Tally tally;
  for (const MetricRow& row : rows) {
    if (row.product != first || row.period != period || !std::isfinite(row.rmse.value)) continue;
    const MetricRow* other = find_row(rows, row.station, second, period);
    if (other == nullptr || !std::isfinite(other->rmse.value)) continue;
    ++tally.stations;
    tally.wins += row.rmse.value < other->rmse.value ? 1 : 0;
    tally.ties += row.rmse.value == other->rmse.value ? 1 : 0;
    tally.first_rmse.push_back(row.rmse.value);
    tally.second_rmse.push_back(other->rmse.value);
    if (!has_interval(row.rmse) || !has_interval(other->rmse)) continue;
    ++tally.with_intervals;
    tally.clear_wins += row.rmse.high < other->rmse.low ? 1 : 0;
    tally.clear_losses += other->rmse.high < row.rmse.low ? 1 : 0;
  }
  return tally;
}

std::string times(std::int64_t count) {
  return count == 1 ? "1 station" : format_count(count) + " stations";
}

std::string interval_sentence(const std::string& first, const std::string& second, const Tally& tally) {
  const std::int64_t apart = tally.clear_wins + tally.clear_losses;
  if (apart == 0) return "Their intervals overlap everywhere.";
  const std::string where = "Their intervals are apart at " + format_count(apart);
  if (tally.clear_losses == 0) return where + ", always for " + first + ".";
  if (tally.clear_wins == 0) return where + ", always for " + second + ".";
  return where + ": " + format_count(tally.clear_wins) + " for " + first + ", " +
         format_count(tally.clear_losses) + " for " + second + ".";
}

std::string sentence(const std::string& first, const std::string& second, const Tally& tally,
                     const std::string& period, const std::string& units) {
  const bool mostly = 2 * tally.wins > tally.stations;
  std::string text = first + (mostly ? " beats " : " does not beat ") + second +
                     (mostly ? " at " : " at most stations: it does so at ") + format_count(tally.wins) +
                     " of " + times(tally.stations);
  if (tally.ties > 0) text += ", and equals it at " + format_count(tally.ties);
  text += " (" + period + " RMSE, median " + format_number(median_of(tally.first_rmse)) + " against " +
          with_units(median_of(tally.second_rmse), units) + ").";
  if (tally.with_intervals > 0) text += " " + interval_sentence(first, second, tally);
  return text;
}

bool has_period(std::span<const MetricRow> rows, const std::string& period) {
  return std::any_of(rows.begin(), rows.end(), [&](const MetricRow& row) {
    return row.period == period && std::isfinite(row.rmse.value);
  });
}

}  // namespace

double median_of(std::vector<double> values) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  if (values.empty()) return std::nan("");
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]);
}

bool is_reference(const std::string& product) {
  return product == "constant_mean" || product == "station_mean";
}

std::vector<std::string> comparison_sentences(std::span<const MetricRow> metrics, const std::string& units) {
  std::vector<std::string> sentences;
  std::string period = "validation";
  if (!has_period(metrics, period)) {
    period = "calibration";
    if (!has_period(metrics, period)) return sentences;
    sentences.push_back(
        "There is no validation period: what follows is the fit to data the methods have seen.");
  }
  // Estimates in order of first appearance, then the references.
  std::vector<std::string> products;
  for (const bool reference : {false, true}) {
    for (const MetricRow& row : metrics) {
      if (is_reference(row.product) != reference) continue;
      if (std::find(products.begin(), products.end(), row.product) == products.end())
        products.push_back(row.product);
    }
  }
  for (std::size_t i = 0; i < products.size() && !is_reference(products[i]); ++i) {
    for (std::size_t j = i + 1; j < products.size(); ++j) {
      const Tally tally = tally_of(metrics, products[i], products[j], period);
      if (tally.stations > 0) sentences.push_back(sentence(products[i], products[j], tally, period, units));
    }
  }
  std::set<std::string> short_stations;
  for (const MetricRow& row : metrics) {
    if (row.period == period && !std::isfinite(row.rmse.value) && !is_reference(row.product)) {
      short_stations.insert(row.station);
    }
  }
  if (!short_stations.empty()) {
    sentences.push_back(times(static_cast<std::int64_t>(short_stations.size())) + " had too few days for a " +
                        period + " figure of every product.");
  }
  return sentences;
}

}  // namespace rootzone::pipeline
