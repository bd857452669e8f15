#include "rootzone/study/validation.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "rootzone/stats/scaling.hpp"

namespace rootzone::study {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// A series ready to compare: m3 m-3, days that may not be compared are NaN.
struct Candidate {
  std::string name;
  std::vector<double> values;
  std::string note;
};

/// Steps first … end − 1.
struct Steps {
  std::size_t first = 0;
  std::size_t end = 0;
};

void check_lengths(std::span<const StationData> stations) {
  for (const StationData& station : stations) {
    if (station.reference.size() != stations[0].reference.size())
      throw std::invalid_argument("validation: the reference of station " + station.station + " has " +
                                  std::to_string(station.reference.size()) + " days, that of " +
                                  stations[0].station + " has " +
                                  std::to_string(stations[0].reference.size()));
    for (const ProductSeries& product : station.products)
      if (product.values.size() != station.reference.size() ||
          (!product.flags.empty() && product.flags.size() != product.values.size()))
        throw std::invalid_argument("validation: product " + product.product + " at station " +
                                    station.station + " has another number of days than the reference");
  }
}

std::vector<double> usable_values(const ProductSeries& product, core::FlagBits excluded) {
  std::vector<double> values(product.values.begin(), product.values.end());
  for (std::size_t i = 0; i < product.flags.size(); ++i)
    if ((product.flags[i] & excluded) != 0) values[i] = missing;
  return values;
}

std::span<const double> part(const std::vector<double>& values, Steps steps) {
  return std::span<const double>(values).subspan(steps.first, steps.end - steps.first);
}

/// Up to so many significant digits, with a point in every locale.
std::string number_text(double value, int digits) {
  std::array<char, 32> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::general, digits);
  return std::string(buffer.data(), end.ptr);
}

/// One station at work.
class StationJudge {
 public:
  StationJudge(const StationData& station, std::size_t calibration_days, const ValidationOptions& options)
      : m_station(station),
        m_options(options),
        m_reference(station.reference.begin(), station.reference.end()),
        m_calibration{0, calibration_days},
        m_validation{calibration_days, station.reference.size()} {
    for (const ProductSeries& product : station.products) add_product(product);
  }

  /// Mean of the reference over the calibration period; NaN with too few days.
  double calibration_mean() const {
    double sum = 0.0;
    std::int64_t n = 0;
    for (double value : part(m_reference, m_calibration)) {
      if (std::isnan(value)) continue;
      sum += value;
      ++n;
    }
    return n >= m_options.metrics.min_pairs ? sum / static_cast<double>(n) : missing;
  }

  void add_constant(const std::string& name, double value, const std::string& why_missing) {
    m_baselines.push_back(
        {name, std::vector<double>(m_reference.size(), value), std::isnan(value) ? why_missing : ""});
  }

  void judge(ValidationResult& result) const {
    for (ValidationPeriod period : {ValidationPeriod::calibration, ValidationPeriod::validation}) {
      const std::vector<double> reference = compared_reference(period);
      for (const auto* candidates : {&m_products, &m_baselines})
        for (const Candidate& candidate : *candidates)
          result.rows.push_back(row_of(candidate, reference, period));
    }
    result.maps.insert(result.maps.end(), m_maps.begin(), m_maps.end());
  }

 private:
  Steps steps_of(ValidationPeriod period) const {
    return period == ValidationPeriod::calibration ? m_calibration : m_validation;
  }

  void add_product(const ProductSeries& product) {
    Candidate candidate{product.product, usable_values(product, m_options.excluded_flags), ""};
    if (product.unit == ProductUnit::index) map_index(candidate);
    m_products.push_back(std::move(candidate));
    if (m_options.scaling != Scaling::none) add_scaled(m_products.back());
  }

  void map_index(Candidate& candidate) {
    const auto map = stats::fit_linear_map(part(candidate.values, m_calibration),
                                           part(m_reference, m_calibration), m_options.metrics.min_pairs);
    if (!map) {
      std::fill(candidate.values.begin(), candidate.values.end(), missing);
      candidate.note = "not enough data in the calibration period to map the index to m3 m-3";
      return;
    }
    map->apply(candidate.values);
    candidate.note = "mapped: " + number_text(map->intercept, 4) + " + " + number_text(map->slope, 4) + " x";
    m_maps.push_back({m_station.station, candidate.name, *map});
  }

  void add_scaled(const Candidate& source) {
    const bool by_cdf = m_options.scaling == Scaling::cdf;
    Candidate scaled{source.name + (by_cdf ? "+cdf" : "+mean_std"), source.values, ""};
    const auto from = part(source.values, m_calibration);
    const auto to = part(m_reference, m_calibration);
    const auto line = by_cdf ? std::nullopt : stats::fit_mean_std(from, to, m_options.metrics.min_pairs);
    const auto curve = by_cdf ? stats::CdfMatch::fit(from, to, m_options.metrics.min_pairs) : std::nullopt;
    if (line) line->apply(scaled.values);
    if (curve) curve->apply(scaled.values);
    if (!line && !curve) {
      std::fill(scaled.values.begin(), scaled.values.end(), missing);
      scaled.note = "not enough data in the calibration period to scale";
    }
    m_products.push_back(std::move(scaled));
  }

  /// The reference of a period, NaN on days that do not count.
  std::vector<double> compared_reference(ValidationPeriod period) const {
    const auto whole = part(m_reference, steps_of(period));
    std::vector<double> reference(whole.begin(), whole.end());
    if (m_options.days == ComparedDays::own) return reference;
    std::vector<double> common = reference;
    for (const Candidate& candidate : m_products) {
      const auto values = part(candidate.values, steps_of(period));
      std::int64_t pairs = 0;
      for (std::size_t i = 0; i < values.size(); ++i)
        pairs += !std::isnan(values[i]) && !std::isnan(reference[i]);
      if (pairs < m_options.metrics.min_pairs) continue;
      for (std::size_t i = 0; i < values.size(); ++i)
        if (std::isnan(values[i])) common[i] = missing;
    }
    return common;
  }

  ValidationRow row_of(const Candidate& candidate, const std::vector<double>& reference,
                       ValidationPeriod period) const {
    ValidationRow row{m_station.station, candidate.name, period, {}, candidate.note};
    row.metrics =
        stats::compute_metrics(part(candidate.values, steps_of(period)), reference, m_options.metrics);
    if (row.metrics.status == stats::MetricStatus::not_enough_data &&
        !row.note.starts_with("not enough data"))
      row.note = row.note.empty() || row.note.starts_with("mapped") ? "not enough data"
                                                                    : "not enough data: " + row.note;
    return row;
  }

  const StationData& m_station;
  const ValidationOptions& m_options;
  std::vector<double> m_reference;
  Steps m_calibration;
  Steps m_validation;
  std::vector<Candidate> m_products;
  std::vector<Candidate> m_baselines;
  std::vector<FittedMap> m_maps;
};

/// Mean of all but one; NaN if no other is there.
double mean_of_others(const std::vector<double>& means, std::size_t except) {
  double sum = 0.0;
  int n = 0;
  for (std::size_t i = 0; i < means.size(); ++i) {
    if (i == except || std::isnan(means[i])) continue;
    sum += means[i];
    ++n;
  }
  return n > 0 ? sum / n : missing;
}

std::string csv_number(double value) {
  return std::isfinite(value) ? number_text(value, 9) : "";
}

}  // namespace

std::string_view period_name(ValidationPeriod period) {
  return period == ValidationPeriod::calibration ? "calibration" : "validation";
}

std::int64_t default_calibration_days(std::span<const StationData> stations) {
  check_lengths(stations);
  std::vector<std::int64_t> steps;
  const std::size_t days = stations.empty() ? 0 : stations[0].reference.size();
  for (std::size_t i = 0; i < days; ++i)
    if (std::any_of(stations.begin(), stations.end(),
                    [i](const StationData& s) { return !std::isnan(s.reference[i]); }))
      steps.push_back(static_cast<std::int64_t>(i));
  const std::size_t before = 2 * steps.size() / 3;
  return before < steps.size() ? steps[before] : static_cast<std::int64_t>(days);
}

ValidationResult validate_stations(std::span<const StationData> stations, const ValidationOptions& options) {
  options.metrics.validate();
  check_lengths(stations);
  ValidationResult result;
  if (stations.empty()) return result;
  const auto days = static_cast<std::int64_t>(stations[0].reference.size());
  result.calibration_days = options.calibration_days.value_or(default_calibration_days(stations));
  if (result.calibration_days < 0 || result.calibration_days > days)
    throw std::invalid_argument("validation: the calibration period of " +
                                std::to_string(result.calibration_days) + " days does not fit the axis of " +
                                std::to_string(days));
  std::vector<StationJudge> judges;
  std::vector<double> means;
  for (const StationData& station : stations) {
    judges.emplace_back(station, static_cast<std::size_t>(result.calibration_days), options);
    means.push_back(judges.back().calibration_mean());
  }
  for (std::size_t i = 0; i < judges.size(); ++i) {
    if (options.baselines) {
      judges[i].add_constant("constant_mean", mean_of_others(means, i),
                             "no other station has a calibration period");
      judges[i].add_constant("station_mean", means[i], "the station has no calibration period");
    }
    judges[i].judge(result);
  }
  return result;
}

std::vector<std::string> metrics_csv_columns() {
  std::vector<std::string> columns{"station", "product", "period", "n"};
  const std::size_t fixed =
      stats::metric_fields.size() - 1;  // kge_2012 comes after what other tools read by place
  for (std::size_t i = 0; i < fixed; ++i) columns.emplace_back(stats::metric_fields[i].name);
  for (std::size_t i = 0; i < fixed; ++i)
    for (const char* bound : {"_low", "_high"})
      columns.push_back(std::string(stats::metric_fields[i].name) + bound);
  for (const char* extra : {"kge_2012", "kge_2012_low", "kge_2012_high", "note"}) columns.emplace_back(extra);
  return columns;
}

std::vector<std::string> metrics_csv_fields(const ValidationRow& row) {
  std::vector<std::string> fields{row.station, row.product, std::string(period_name(row.period)),
                                  std::to_string(row.metrics.n)};
  const std::size_t fixed = stats::metric_fields.size() - 1;
  const auto value = [&](std::size_t i) -> const stats::MetricValue& {
    return row.metrics.*stats::metric_fields[i].member;
  };
  for (std::size_t i = 0; i < fixed; ++i) fields.push_back(csv_number(value(i).value));
  for (std::size_t i = 0; i < fixed; ++i) {
    fields.push_back(csv_number(value(i).low));
    fields.push_back(csv_number(value(i).high));
  }
  const stats::MetricValue& kge_2012 = row.metrics.kge_2012;
  for (double number : {kge_2012.value, kge_2012.low, kge_2012.high}) fields.push_back(csv_number(number));
  fields.push_back(row.note);
  return fields;
}

}  // namespace rootzone::study
