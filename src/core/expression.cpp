#include "rootzone/core/expression.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "expression_parser.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/core/suggest.hpp"

namespace rootzone::core {
namespace {

using Operation = Expression::Operation;
using Instruction = Expression::Instruction;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t chunk = 256;  // a few stack levels stay in the first-level cache

double truth(bool value) {
  return value ? 1.0 : 0.0;
}

double compare(Operation operation, double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return not_a_number;
  switch (operation) {
    case Operation::less:
      return truth(a < b);
    case Operation::less_equal:
      return truth(a <= b);
    case Operation::greater:
      return truth(a > b);
    case Operation::greater_equal:
      return truth(a >= b);
    case Operation::equal:
      return truth(a == b);
    case Operation::not_equal:
      return truth(a != b);
    case Operation::both:
      return truth(a != 0.0 && b != 0.0);
    case Operation::either:
      return truth(a != 0.0 || b != 0.0);
    case Operation::minimum:
      return std::min(a, b);
    default:
      return std::max(a, b);
  }
}

double clip(double x, double low, double high) {
  if (std::isnan(x) || std::isnan(low) || std::isnan(high)) return not_a_number;
  return std::min(std::max(x, low), high);
}

template <class F>
void map1(double* a, std::size_t n, F f) {
  for (std::size_t i = 0; i < n; ++i) a[i] = f(a[i]);
}

template <class F>
void map2(double* a, std::size_t n, F f) {
  const double* b = a + chunk;
  for (std::size_t i = 0; i < n; ++i) a[i] = f(a[i], b[i]);
}

template <class F>
void map3(double* a, std::size_t n, F f) {
  const double *b = a + chunk, *c = a + 2 * chunk;
  for (std::size_t i = 0; i < n; ++i) a[i] = f(a[i], b[i], c[i]);
}

/// a: the lowest argument of the operation, the others follow at a distance of one chunk.
void apply(Operation operation, double* a, std::size_t n) {
  switch (operation) {
    case Operation::number:
    case Operation::name:
      break;  // pushed by the caller
    case Operation::negate:
      return map1(a, n, [](double x) { return -x; });
    case Operation::truth_not:
      return map1(a, n, [](double x) { return std::isnan(x) ? x : truth(x == 0.0); });
    case Operation::exponential:
      return map1(a, n, [](double x) { return std::exp(x); });
    case Operation::logarithm:
      return map1(a, n, [](double x) { return std::log(x); });
    case Operation::square_root:
      return map1(a, n, [](double x) { return std::sqrt(x); });
    case Operation::absolute:
      return map1(a, n, [](double x) { return std::abs(x); });
    case Operation::is_missing:
      return map1(a, n, [](double x) { return truth(std::isnan(x)); });
    case Operation::add:
      return map2(a, n, [](double x, double y) { return x + y; });
    case Operation::subtract:
      return map2(a, n, [](double x, double y) { return x - y; });
    case Operation::multiply:
      return map2(a, n, [](double x, double y) { return x * y; });
    case Operation::divide:
      return map2(a, n, [](double x, double y) { return x / y; });
    // libm's pow(1, NaN) and pow(NaN, 0) are 1: here what is missing stays missing.
    case Operation::power:
      return map2(a, n, [](double x, double y) {
        return std::isnan(x) || std::isnan(y) ? not_a_number : std::pow(x, y);
      });
    case Operation::coalesce:
      return map2(a, n, [](double x, double y) { return std::isnan(x) ? y : x; });
    case Operation::select:
      return map3(a, n, [](double c, double x, double y) {
        return std::isnan(c) ? not_a_number : c != 0.0 ? x : y;
      });
    case Operation::clip:
      return map3(a, n, clip);
    default:
      return map2(a, n, [operation](double x, double y) { return compare(operation, x, y); });
  }
}

std::size_t arguments_of(Operation operation) {
  if (operation == Operation::select || operation == Operation::clip) return 3;
  const bool one = operation == Operation::negate || operation == Operation::truth_not ||
                   operation == Operation::exponential || operation == Operation::logarithm ||
                   operation == Operation::square_root || operation == Operation::absolute ||
                   operation == Operation::is_missing;
  return one ? 1 : 2;
}

/// Run the program on n ≤ chunk elements. load(index, into): put the values of a name there.
template <class Load>
void run(const std::vector<Instruction>& program, double* stack, std::size_t n, Load load) {
  std::size_t depth = 0;
  for (const Instruction& instruction : program) {
    double* top = stack + depth * chunk;
    if (instruction.operation == Operation::number) {
      std::fill_n(top, n, instruction.number);
      ++depth;
    } else if (instruction.operation == Operation::name) {
      load(instruction.index, top);
      ++depth;
    } else {
      const std::size_t arguments = arguments_of(instruction.operation);
      apply(instruction.operation, top - arguments * chunk, n);
      depth -= arguments - 1;
    }
  }
}

}  // namespace

Expression::Expression(std::string text) : m_text(std::move(text)) {
  ExpressionParser(*this).parse();
}

void Expression::require_names(std::span<const std::string> available) const {
  for (std::size_t i = 0; i < m_names.size(); ++i)
    if (std::find(available.begin(), available.end(), m_names[i]) == available.end())
      throw Error(ErrorKind::usage,
                  expression_message(
                      m_text, "\"" + m_names[i] + "\" is not a layer." + did_you_mean(m_names[i], available),
                      m_name_positions[i]));
}

void Expression::evaluate(std::span<const std::span<const float>> inputs, std::span<float> out) const {
  bool good = inputs.size() == m_names.size();
  for (const auto& input : inputs) good = good && (input.size() == out.size() || input.size() == 1);
  if (!good)
    throw Error(ErrorKind::internal, "expression \"" + m_text + "\": expected " +
                                         std::to_string(m_names.size()) + " layers of " +
                                         std::to_string(out.size()) + " values or one");
  std::vector<double> stack(m_stack_depth * chunk);
  for (std::size_t first = 0; first < out.size(); first += chunk) {
    const std::size_t n = std::min(chunk, out.size() - first);
    run(m_program, stack.data(), n, [&](std::size_t index, double* into) {
      const auto input = inputs[index];
      if (input.size() == 1)
        std::fill_n(into, n, static_cast<double>(input[0]));
      else
        for (std::size_t i = 0; i < n; ++i) into[i] = static_cast<double>(input[first + i]);
    });
    for (std::size_t i = 0; i < n; ++i) {
      const auto value = static_cast<float>(stack[i]);
      out[first + i] = std::isfinite(value) ? value : std::numeric_limits<float>::quiet_NaN();
    }
  }
}

double Expression::evaluate(std::span<const double> inputs) const {
  if (inputs.size() != m_names.size())
    throw Error(ErrorKind::internal,
                "expression \"" + m_text + "\": expected " + std::to_string(m_names.size()) + " values");
  std::vector<double> stack(m_stack_depth * chunk);
  run(m_program, stack.data(), 1, [&](std::size_t index, double* into) { *into = inputs[index]; });
  return std::isfinite(stack[0]) ? stack[0] : not_a_number;
}

}  // namespace rootzone::core
