#pragma once
#include <string>
#include <string_view>

#include "rootzone/core/expression.hpp"

namespace rootzone::core {

/// Recursive descent over the text; writes the program of an Expression in postfix order.
class ExpressionParser {
 public:
  explicit ExpressionParser(Expression& expression) : m_expression(expression), m_text(expression.m_text) {}
  void parse();

 private:
  using Operation = Expression::Operation;

  void conditional();
  void binary(int level);
  void unary();
  void power();
  void primary();
  void number();
  void word();
  void call(const std::string& function, std::size_t position);
  void variable(const std::string& name, std::size_t position);

  void emit(Operation operation, double number = 0.0, std::size_t index = 0);
  void skip_space();
  bool accept(std::string_view token);
  void expect(std::string_view token, std::string_view where);
  [[noreturn]] void fail(const std::string& message, std::size_t position) const;

  Expression& m_expression;
  const std::string& m_text;
  std::size_t m_position = 0;
  std::size_t m_depth = 0;  ///< values on the stack
  std::size_t m_nesting = 0;
};

/// "expression: MESSAGE (position N)", the text and a caret under the position.
std::string expression_message(const std::string& text, const std::string& message, std::size_t position);

}  // namespace rootzone::core
