#include "rootzone/stats/binomial_interval.hpp"

#include <boost/math/distributions/binomial.hpp>
#include <stdexcept>

namespace rootzone::stats {

BinomialShare clopper_pearson(std::int64_t successes, std::int64_t trials, double confidence) {
  if (trials <= 0 || successes < 0 || successes > trials)
    throw std::invalid_argument("binomial interval: 0 ≤ successes ≤ trials and trials > 0 expected");
  if (!(confidence > 0.0 && confidence < 1.0))
    throw std::invalid_argument("binomial interval: a confidence between 0 and 1 expected");
  using Binomial = boost::math::binomial_distribution<double>;
  const double tail = 0.5 * (1.0 - confidence);
  const auto n = static_cast<double>(trials);
  const auto k = static_cast<double>(successes);
  BinomialShare result{k / n, 0.0, 1.0};
  if (successes > 0) result.low = Binomial::find_lower_bound_on_p(n, k, tail);
  if (successes < trials) result.high = Binomial::find_upper_bound_on_p(n, k, tail);
  return result;
}

}  // namespace rootzone::stats
