#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rootzone::core {

/// A formula over named layers, such as "where(f > 0.5, fc_forest, fc_other) * 10 ^ 2", parsed once and
/// evaluated over arrays.
///
/// Loosest first: `c ? a : b` · `||` · `&&` · `== !=` · `< <= > >=` · `+ -` · `* /` · unary `- + !` · `^` (to
/// the right: -x^2 is -(x^2), 2^-1 is allowed). Functions: abs, exp, log (natural), sqrt, pow(x, y), min(a,
/// b, …), max(a, b, …), clip(x, low, high), where(condition, a, b), isnan(x), coalesce(a, b, …). Names are
/// [a-z_][a-z_0-9]*. Truth is 1, falsehood 0; any number but 0 is true. NaN = missing and propagates through
/// everything, comparisons and conditions included, but for isnan, coalesce (the first value that is there)
/// and the branch of a condition that is not taken. A result that is not finite (1/0, log of a negative) is
/// NaN. Computed in double, whatever the layers are.
class Expression {
 public:
  /// Throws Error(usage) with the position, a caret line and, for functions, a suggestion.
  explicit Expression(std::string text);

  const std::string& text() const { return m_text; }
  /// Layers it needs, each once, in order of appearance.
  const std::vector<std::string>& names() const { return m_names; }
  /// Throws Error(usage) with a caret line and a suggestion unless every name is among those available.
  void require_names(std::span<const std::string> available) const;

  /// inputs: one span per name(), as long as `out`, or of one value for all. Throws Error(internal) if the
  /// number or a length differs. Safe from many threads at once.
  void evaluate(std::span<const std::span<const float>> inputs, std::span<float> out) const;
  /// The same for one value of each name.
  double evaluate(std::span<const double> inputs) const;

  /// What the evaluation does, on a stack of arrays. Not for use outside.
  enum class Operation : std::uint8_t {
    number,
    name,
    negate,
    truth_not,
    add,
    subtract,
    multiply,
    divide,
    power,
    less,
    less_equal,
    greater,
    greater_equal,
    equal,
    not_equal,
    both,
    either,
    select,
    minimum,
    maximum,
    exponential,
    logarithm,
    square_root,
    absolute,
    is_missing,
    coalesce,
    clip
  };
  struct Instruction {
    Operation operation;
    double number = 0.0;    ///< of `number`
    std::size_t index = 0;  ///< into names(), of `name`
  };

 private:
  friend class ExpressionParser;
  std::string m_text;
  std::vector<std::string> m_names;
  std::vector<std::size_t> m_name_positions;
  std::vector<Instruction> m_program;
  std::size_t m_stack_depth = 0;
};

}  // namespace rootzone::core
