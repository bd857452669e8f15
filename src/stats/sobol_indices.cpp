#include "rootzone/stats/sobol_indices.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "counter_hash.hpp"
#include "rootzone/stats/quantile.hpp"

namespace rootzone::stats {
namespace {

constexpr double most_of_one_row = 0.1;

/// Per row what the estimators sum: y_A + y_B, y_A² + y_B², then for each group both products. Sums over any
/// choice of rows give the indices of that choice.
struct RowTerms {
  std::size_t groups = 0;
  std::size_t width = 0;
  std::size_t rows = 0;
  double mean = 0.0;
  std::vector<double> terms;
};

std::vector<std::size_t> finite_rows(const SampleOutput& output, std::size_t matrices) {
  std::vector<std::size_t> rows;
  for (std::size_t r = 0; r < output.rows; ++r) {
    bool finite = true;
    for (std::size_t m = 0; m < matrices; ++m) finite = finite && std::isfinite(output.matrix(m)[r]);
    if (finite) rows.push_back(r);
  }
  return rows;
}

RowTerms row_terms(const SampleOutput& output, const std::vector<std::size_t>& rows) {
  RowTerms result;
  result.groups = output.groups.size();
  result.width = 2 + 2 * result.groups;
  result.rows = rows.size();
  const auto a = output.matrix(0);
  const auto b = output.matrix(1);
  for (std::size_t r : rows) result.mean += (a[r] + b[r]) / static_cast<double>(2 * rows.size());
  result.terms.reserve(rows.size() * result.width);
  for (std::size_t r : rows) {
    const double y_a = a[r] - result.mean;
    const double y_b = b[r] - result.mean;
    result.terms.push_back(y_a + y_b);
    result.terms.push_back(y_a * y_a + y_b * y_b);
    for (std::size_t g = 0; g < result.groups; ++g) {
      const double change = output.matrix(2 + g)[r] - a[r];
      result.terms.push_back(y_b * change);
      result.terms.push_back(0.5 * change * change);
    }
  }
  return result;
}

double variance_of(const double* sums, double rows) {
  const double mean = sums[0] / (2.0 * rows);
  return sums[1] / (2.0 * rows) - mean * mean;
}

/// First-order and total index of every group, then both sums: 2·groups + 2 numbers.
void indices_of(const RowTerms& terms, const std::vector<double>& sums, std::vector<double>& indices) {
  const auto rows = static_cast<double>(terms.rows);
  const double variance = variance_of(sums.data(), rows);
  double first = 0.0;
  double total = 0.0;
  for (std::size_t g = 0; g < terms.groups; ++g) {
    indices[2 * g] = sums[2 + 2 * g] / rows / variance;
    indices[2 * g + 1] = sums[3 + 2 * g] / rows / variance;
    first += indices[2 * g];
    total += indices[2 * g + 1];
  }
  indices[2 * terms.groups] = first;
  indices[2 * terms.groups + 1] = total;
}

void add_row(const RowTerms& terms, std::size_t row, std::vector<double>& sums) {
  const double* term = terms.terms.data() + row * terms.width;
  for (std::size_t k = 0; k < terms.width; ++k) sums[k] += term[k];
}

/// replicates × indices, an index after the other.
std::vector<std::vector<double>> resampled(const RowTerms& terms, const BootstrapOptions& options) {
  std::vector<std::vector<double>> draws(2 * terms.groups + 2);
  std::vector<double> indices(draws.size());
  for (int replicate = 0; replicate < options.replicates; ++replicate) {
    std::vector<double> sums(terms.width, 0.0);
    for (std::size_t i = 0; i < terms.rows; ++i) {
      const std::uint64_t hash = counter_hash(options.seed, static_cast<std::uint64_t>(replicate), i);
      add_row(terms, bounded(hash, static_cast<std::uint32_t>(terms.rows)), sums);
    }
    indices_of(terms, sums, indices);
    for (std::size_t k = 0; k < draws.size(); ++k) draws[k].push_back(indices[k]);
  }
  return draws;
}

SobolEstimate estimate_of(double value, std::vector<double>& draws, double confidence) {
  SobolEstimate result;
  result.value = value;
  double mean = 0.0;
  for (double x : draws) mean += x / static_cast<double>(draws.size());
  double squares = 0.0;
  for (double x : draws) squares += (x - mean) * (x - mean);
  result.standard_error = std::sqrt(squares / static_cast<double>(draws.size() - 1));
  result.low = quantile(draws, 0.5 * (1.0 - confidence));
  result.high = quantile(draws, 0.5 * (1.0 + confidence));
  return result;
}

double largest_share(const RowTerms& terms) {
  double largest = 0.0;
  double sum = 0.0;
  for (std::size_t r = 0; r < terms.rows; ++r) {
    largest = std::max(largest, terms.terms[r * terms.width + 1]);
    sum += terms.terms[r * terms.width + 1];
  }
  return sum > 0.0 ? largest / sum : 0.0;
}

std::string hundredths(double value) {
  std::array<char, 400> text{};  // any double with a fixed point fits, whatever the locale
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 2);
  return {text.data(), end.ptr};
}

std::vector<std::string> warnings_of(const SobolResult& result) {
  std::vector<std::string> warnings;
  const SobolEstimate& first = result.sum_first_order;
  const SobolEstimate& total = result.sum_total;
  if (first.value > 1.0 + 3.0 * first.standard_error)
    warnings.push_back("the first-order indices add up to " + hundredths(first.value) + ", more than 1");
  if (total.value < 1.0 - 3.0 * total.standard_error)
    warnings.push_back("the total indices add up to " + hundredths(total.value) + ", less than 1");
  if (result.largest_row_share > most_of_one_row)
    warnings.push_back(
        "one row holds " + hundredths(100.0 * result.largest_row_share) +
        " % of the variance: the variance may not exist; decompose ranks or logarithms instead");
  if (result.rows_left_out > 0)
    warnings.push_back(std::to_string(result.rows_left_out) + " of " +
                       std::to_string(result.rows_left_out + result.rows_used) +
                       " rows are left out: the model was not finite there");
  return warnings;
}

void check(const SampleOutput& output, std::size_t matrices) {
  if (output.groups.empty() || output.values.size() != output.rows * matrices)
    throw std::invalid_argument("Sobol indices: rows × (groups + 2) values expected, found " +
                                std::to_string(output.values.size()));
  if (output.rows >= (std::size_t{1} << 32U))
    throw std::invalid_argument("Sobol indices: fewer than 2^32 rows expected");
}

}  // namespace

void BootstrapOptions::validate() const {
  if (replicates < 2) throw std::invalid_argument("bootstrap: at least two replicates expected");
  if (!(confidence > 0.0 && confidence < 1.0))
    throw std::invalid_argument("bootstrap: a confidence between 0 and 1 expected");
}

bool SobolResult::sum_rules_hold() const {
  return sum_first_order.value <= 1.0 + 3.0 * sum_first_order.standard_error &&
         sum_total.value >= 1.0 - 3.0 * sum_total.standard_error;
}

SobolResult sobol_indices(const SampleOutput& output, const BootstrapOptions& options) {
  options.validate();
  const std::size_t matrices = output.groups.size() + 2;
  check(output, matrices);
  SobolResult result;
  for (const std::string& name : output.groups) result.groups.push_back({name, {}, {}});
  const std::vector<std::size_t> rows = finite_rows(output, matrices);
  result.rows_used = rows.size();
  result.rows_left_out = output.rows - rows.size();
  const RowTerms terms = row_terms(output, rows);
  std::vector<double> sums(terms.width, 0.0);
  for (std::size_t r = 0; r < terms.rows; ++r) add_row(terms, r, sums);
  result.mean = terms.mean;
  result.variance = rows.empty() ? 0.0 : variance_of(sums.data(), static_cast<double>(rows.size()));
  if (rows.size() < 2 || !(result.variance > 0.0)) {
    result.warnings.emplace_back("the output does not vary: there is nothing to decompose");
    return result;
  }
  result.largest_row_share = largest_share(terms);
  std::vector<double> indices(2 * terms.groups + 2);
  indices_of(terms, sums, indices);
  auto draws = resampled(terms, options);
  for (std::size_t g = 0; g < terms.groups; ++g) {
    result.groups[g].first_order = estimate_of(indices[2 * g], draws[2 * g], options.confidence);
    result.groups[g].total = estimate_of(indices[2 * g + 1], draws[2 * g + 1], options.confidence);
  }
  const std::size_t last = 2 * terms.groups;
  result.sum_first_order = estimate_of(indices[last], draws[last], options.confidence);
  result.sum_total = estimate_of(indices[last + 1], draws[last + 1], options.confidence);
  result.warnings = warnings_of(result);
  return result;
}

}  // namespace rootzone::stats
