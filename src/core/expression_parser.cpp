#include "expression_parser.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "rootzone/core/error.hpp"
#include "rootzone/core/suggest.hpp"

namespace rootzone::core {
namespace {

using Operation = Expression::Operation;

constexpr std::size_t deepest_nesting = 200;  // far below what the call stack bears

struct Function {
  std::string_view name;
  Operation operation;
  std::size_t least_arguments;
  bool any_more;  ///< more arguments are folded from the left
};

constexpr std::array<Function, 11> functions{{{"abs", Operation::absolute, 1, false},
                                              {"exp", Operation::exponential, 1, false},
                                              {"log", Operation::logarithm, 1, false},
                                              {"sqrt", Operation::square_root, 1, false},
                                              {"pow", Operation::power, 2, false},
                                              {"min", Operation::minimum, 2, true},
                                              {"max", Operation::maximum, 2, true},
                                              {"clip", Operation::clip, 3, false},
                                              {"where", Operation::select, 3, false},
                                              {"isnan", Operation::is_missing, 1, false},
                                              {"coalesce", Operation::coalesce, 2, true}}};

struct BinaryOperator {
  std::string_view token;
  Operation operation;
  int level;
};

/// Longer tokens first, so that "<=" is not read as "<".
constexpr std::array<BinaryOperator, 12> binary_operators{{{"||", Operation::either, 0},
                                                           {"&&", Operation::both, 1},
                                                           {"==", Operation::equal, 2},
                                                           {"!=", Operation::not_equal, 2},
                                                           {"<=", Operation::less_equal, 3},
                                                           {">=", Operation::greater_equal, 3},
                                                           {"<", Operation::less, 3},
                                                           {">", Operation::greater, 3},
                                                           {"+", Operation::add, 4},
                                                           {"-", Operation::subtract, 4},
                                                           {"*", Operation::multiply, 5},
                                                           {"/", Operation::divide, 5}}};
constexpr int tightest_level = 5;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || c == '_';
}
bool continues_name(char c) {
  return begins_name(c) || is_digit(c);
}

/// Values an operation takes off the stack; all put one back.
std::size_t arguments_of(Operation operation) {
  switch (operation) {
    case Operation::number:
    case Operation::name:
      return 0;
    case Operation::negate:
    case Operation::truth_not:
    case Operation::exponential:
    case Operation::logarithm:
    case Operation::square_root:
    case Operation::absolute:
    case Operation::is_missing:
      return 1;
    case Operation::select:
    case Operation::clip:
      return 3;
    default:
      return 2;
  }
}

}  // namespace

std::string expression_message(const std::string& text, const std::string& message, std::size_t position) {
  std::string line = text;  // one line, so that the caret stands below its place
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\t' || c == '\r'; }, ' ');
  return "expression: " + message + " (position " + std::to_string(position + 1) + ")\n  " + line + "\n  " +
         std::string(position, ' ') + "^";
}

void ExpressionParser::parse() {
  conditional();
  skip_space();
  if (m_position == m_text.size()) return;
  const char c = m_text[m_position];
  if (c == ')') fail("\")\" without \"(\"", m_position);
  if (c == '=') fail("\"=\" does not compare, write \"==\"", m_position);
  fail(std::string("expected an operator, found \"") + c + "\"", m_position);
}

void ExpressionParser::conditional() {
  if (++m_nesting > deepest_nesting) fail("nested too deeply", m_position);
  binary(0);
  if (accept("?")) {
    conditional();
    expect(":", "between the branches of \"? :\"");
    conditional();
    emit(Operation::select);
  }
  --m_nesting;
}

void ExpressionParser::binary(int level) {
  if (level > tightest_level) {
    unary();
    return;
  }
  binary(level + 1);
  for (bool found = true; found;) {
    found = false;
    for (const BinaryOperator& candidate : binary_operators) {
      if (candidate.level != level || !accept(candidate.token)) continue;
      binary(level + 1);
      emit(candidate.operation);
      found = true;
      break;
    }
  }
}

void ExpressionParser::unary() {
  if (++m_nesting > deepest_nesting) fail("nested too deeply", m_position);
  if (accept("-")) {
    unary();
    emit(Operation::negate);
  } else if (accept("+")) {
    unary();
  } else {
    skip_space();
    const bool negates = m_text.compare(m_position, 1, "!") == 0 && m_text.compare(m_position, 2, "!=") != 0;
    if (negates) {
      ++m_position;
      unary();
      emit(Operation::truth_not);
    } else {
      power();
    }
  }
  --m_nesting;
}

void ExpressionParser::power() {
  primary();
  skip_space();
  if (m_text.compare(m_position, 2, "**") == 0) fail("\"**\" is not an operator, write \"^\"", m_position);
  if (accept("^")) {
    unary();  // to the right, with its sign
    emit(Operation::power);
  }
}

void ExpressionParser::primary() {
  skip_space();
  if (m_position == m_text.size()) fail("ends where a value is expected", m_position);
  const char c = m_text[m_position];
  if (c == '(') {
    const std::size_t opening = m_position++;
    conditional();
    if (!accept(")")) fail("\"(\" is not closed", opening);
  } else if (is_digit(c) || c == '.') {
    number();
  } else if (begins_name(c)) {
    word();
  } else if (c >= 'A' && c <= 'Z') {
    fail("names are written in small letters", m_position);
  } else {
    fail(std::string("expected a value, found \"") + c + "\"", m_position);
  }
}

void ExpressionParser::number() {
  double value = 0.0;
  const char* begin = m_text.data() + m_position;
  const auto [end, error] = std::from_chars(begin, m_text.data() + m_text.size(), value);
  if (error != std::errc()) fail("not a number this program can hold", m_position);
  const std::size_t position = m_position;
  m_position += static_cast<std::size_t>(end - begin);
  if (m_position < m_text.size() && (continues_name(m_text[m_position]) || m_text[m_position] == '.'))
    fail("not a number", position);
  emit(Operation::number, value);
}

void ExpressionParser::word() {
  const std::size_t position = m_position;
  while (m_position < m_text.size() && continues_name(m_text[m_position])) ++m_position;
  const std::string name = m_text.substr(position, m_position - position);
  if (accept("("))
    call(name, position);
  else
    variable(name, position);
}

void ExpressionParser::call(const std::string& name, std::size_t position) {
  const auto function =
      std::find_if(functions.begin(), functions.end(), [&](const Function& f) { return f.name == name; });
  if (function == functions.end()) {
    std::vector<std::string> known;
    for (const Function& f : functions) known.emplace_back(f.name);
    fail("\"" + name + "\" is not a function." + did_you_mean(name, known), position);
  }
  std::size_t arguments = 0;
  if (!accept(")")) {
    do {
      conditional();
      ++arguments;
      if (function->any_more && arguments >= 2) emit(function->operation);
    } while (accept(","));
    expect(")", "after the arguments of " + name);
  }
  const bool enough =
      arguments == function->least_arguments || (function->any_more && arguments > function->least_arguments);
  if (!enough)
    fail(name + " takes " + std::to_string(function->least_arguments) +
             (function->any_more ? " or more" : "") +
             (function->least_arguments == 1 ? " argument" : " arguments") + ", found " +
             std::to_string(arguments),
         position);
  if (!function->any_more) emit(function->operation);
}

void ExpressionParser::variable(const std::string& name, std::size_t position) {
  auto& names = m_expression.m_names;
  const auto known = std::find(names.begin(), names.end(), name);
  const auto index = static_cast<std::size_t>(known - names.begin());
  if (known == names.end()) {
    names.push_back(name);
    m_expression.m_name_positions.push_back(position);
  }
  emit(Operation::name, 0.0, index);
}

void ExpressionParser::emit(Operation operation, double number, std::size_t index) {
  // A call with too few arguments is refused by its caller, after this.
  m_depth = m_depth + 1 - std::min(m_depth, arguments_of(operation));
  m_expression.m_stack_depth = std::max(m_expression.m_stack_depth, m_depth);
  m_expression.m_program.push_back({operation, number, index});
}

void ExpressionParser::skip_space() {
  while (m_position < m_text.size() && (m_text[m_position] == ' ' || m_text[m_position] == '\n' ||
                                        m_text[m_position] == '\t' || m_text[m_position] == '\r'))
    ++m_position;
}

bool ExpressionParser::accept(std::string_view token) {
  skip_space();
  if (m_text.compare(m_position, token.size(), token) != 0) return false;
  m_position += token.size();
  return true;
}

void ExpressionParser::expect(std::string_view token, std::string_view where) {
  if (!accept(token)) fail("expected \"" + std::string(token) + "\" " + std::string(where), m_position);
}

void ExpressionParser::fail(const std::string& message, std::size_t position) const {
  throw Error(ErrorKind::usage, expression_message(m_text, message, position));
}

}  // namespace rootzone::core
