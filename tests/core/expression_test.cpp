#include "rootzone/core/expression.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "rootzone/core/error.hpp"

namespace rootzone::core {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr double nan_d = std::numeric_limits<double>::quiet_NaN();

double value(const std::string& text) {
  return Expression(text).evaluate(std::span<const double>{});
}

double value(const std::string& text, std::vector<double> inputs) {
  return Expression(text).evaluate(std::span<const double>(inputs));
}

std::string message(const std::string& text) {
  try {
    Expression expression(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.what();
  }
  return "no error";
}

TEST(Expression, OperatorsBindAsInArithmetic) {
  EXPECT_EQ(value("1 + 2 * 3"), 7.0);
  EXPECT_EQ(value("(1 + 2) * 3"), 9.0);
  EXPECT_EQ(value("8 - 4 - 2"), 2.0);
  EXPECT_EQ(value("8 / 4 / 2"), 1.0);
  EXPECT_EQ(value("2 ^ 3 ^ 2"), 512.0);
  EXPECT_EQ(value("-2 ^ 2"), -4.0);
  EXPECT_EQ(value("2 ^ -1"), 0.5);
  EXPECT_EQ(value("2 * -3"), -6.0);
  EXPECT_EQ(value("- - 3"), 3.0);
  EXPECT_EQ(value("1.5e2 + .5"), 150.5);
}

TEST(Expression, ComparisonsAndConditions) {
  EXPECT_EQ(value("1 + 1 <= 2"), 1.0);
  EXPECT_EQ(value("3 < 2 || 2 >= 2 && 1 != 1"), 0.0);
  EXPECT_EQ(value("!(1 == 1)"), 0.0);
  EXPECT_EQ(value("1 > 2 ? 10 : 2 > 1 ? 20 : 30"), 20.0);
  EXPECT_EQ(value("where(0, 1, 2)"), 2.0);
  EXPECT_EQ(value("(1 < 2) + 1"), 2.0);
}

TEST(Expression, FunctionsComputeWhatTheySay) {
  EXPECT_EQ(value("min(3, 1, 2)"), 1.0);
  EXPECT_EQ(value("max(3, 1, 2)"), 3.0);
  EXPECT_EQ(value("clip(5, 0, 1)"), 1.0);
  EXPECT_EQ(value("abs(-2) + sqrt(9) + pow(2, 3)"), 13.0);
  EXPECT_DOUBLE_EQ(value("log(exp(2))"), 2.0);
}

TEST(Expression, MissingPropagatesButForIsnanAndCoalesce) {
  for (const char* text : {"x + 1", "-x", "x < 1", "x == x", "!x", "min(x, 1)", "max(1, x)", "clip(x, 0, 1)",
                           "pow(1, x)", "x ^ 0", "where(x, 1, 2)", "x && 0", "x || 1", "abs(x)"})
    EXPECT_TRUE(std::isnan(value(text, {nan_d}))) << text;
  EXPECT_EQ(value("isnan(x)", {nan_d}), 1.0);
  EXPECT_EQ(value("isnan(x)", {0.0}), 0.0);
  EXPECT_EQ(value("coalesce(x, x, 7)", {nan_d}), 7.0);
  EXPECT_EQ(value("coalesce(x, 7)", {1.0}), 1.0);
  EXPECT_EQ(value("isnan(x) ? 3 : x", {nan_d}), 3.0);
  EXPECT_EQ(value("where(1, 5, x)", {nan_d}), 5.0);
}

TEST(Expression, WhatIsNotFiniteIsMissing) {
  for (const char* text : {"0 / 0", "1 / 0", "log(0)", "log(-1)", "sqrt(-1)", "(-8) ^ 0.5", "exp(1000)"})
    EXPECT_TRUE(std::isnan(value(text))) << text;
}

TEST(Expression, VanGenuchtenWrittenOut) {
  const Expression theta("theta_r + (theta_s - theta_r) / (1 + (alpha * h) ^ n) ^ (1 - 1 / n)");
  EXPECT_THAT(theta.names(), ElementsAre("theta_r", "theta_s", "alpha", "h", "n"));
  const std::vector<double> loam{0.078, 0.43, 0.036, 330.0, 1.56};
  const double expected = 0.078 + 0.352 / std::pow(1 + std::pow(0.036 * 330.0, 1.56), 1 - 1 / 1.56);
  EXPECT_DOUBLE_EQ(theta.evaluate(std::span<const double>(loam)), expected);
}

TEST(Expression, ArraysOfAnyLengthAndConstantsAlike) {
  const Expression expression("f * forest + (1 - f) * other");
  for (std::size_t n :
       {std::size_t{0}, std::size_t{1}, std::size_t{255}, std::size_t{256}, std::size_t{1000}}) {
    std::vector<float> f(n), forest(n), out(n);
    const std::vector<float> other{0.25F};
    for (std::size_t i = 0; i < n; ++i) {
      f[i] = static_cast<float>(i) / 1000.0F;
      forest[i] = i % 7 == 0 ? std::numeric_limits<float>::quiet_NaN() : 0.5F;
    }
    const std::vector<std::span<const float>> inputs{f, forest, other};
    expression.evaluate(inputs, out);
    for (std::size_t i = 0; i < n; ++i) {
      const double fraction = f[i];
      const auto expected =
          static_cast<float>(fraction * static_cast<double>(forest[i]) + (1 - fraction) * 0.25);
      ASSERT_EQ(std::isnan(out[i]), i % 7 == 0);
      if (i % 7 != 0) {
        ASSERT_EQ(out[i], expected);
      }
    }
  }
  std::vector<float> out(3), two(2);
  const std::vector<std::span<const float>> wrong{two, two, two};
  EXPECT_THROW(expression.evaluate(wrong, out), Error);
  EXPECT_THROW(expression.evaluate(std::span<const std::span<const float>>{}, out), Error);
}

TEST(Expression, DoublePrecisionInside) {
  const std::vector<float> x{16777216.0F};
  std::vector<float> out(1);
  const std::vector<std::span<const float>> inputs{x};
  Expression("(x + 1) - x").evaluate(inputs, out);
  EXPECT_EQ(out[0], 1.0F);
}

TEST(Expression, ErrorsPointAtTheirPlace) {
  EXPECT_EQ(
      message("1 + sqr(x)"),
      "expression: \"sqr\" is not a function. Did you mean \"sqrt\"? (position 5)\n  1 + sqr(x)\n      ^");
  EXPECT_THAT(message("(1 + 2"), HasSubstr("\"(\" is not closed (position 1)"));
  EXPECT_THAT(message("1 + 2)"), HasSubstr("\")\" without \"(\" (position 6)"));
  EXPECT_THAT(message("1 +"), HasSubstr("ends where a value is expected"));
  EXPECT_THAT(message(""), HasSubstr("ends where a value is expected (position 1)"));
  EXPECT_THAT(message("a = b"), HasSubstr("write \"==\""));
  EXPECT_THAT(message("a ** 2"), HasSubstr("write \"^\""));
  EXPECT_THAT(message("2 x"), HasSubstr("expected an operator, found \"x\""));
  EXPECT_THAT(message("2x"), HasSubstr("not a number"));
  EXPECT_THAT(message("Clay"), HasSubstr("small letters"));
  EXPECT_THAT(message("clip(1, 2)"), HasSubstr("clip takes 3 arguments, found 2"));
  EXPECT_THAT(message("min(1)"), HasSubstr("min takes 2 or more arguments, found 1"));
  EXPECT_THAT(message("abs()"), HasSubstr("abs takes 1 argument, found 0"));
  EXPECT_THAT(message("abs(,)"), HasSubstr("expected a value, found"));
  EXPECT_THAT(message("1 ? 2"), HasSubstr("between the branches"));
  EXPECT_THAT(message("1e999"), HasSubstr("not a number this program can hold"));
}

TEST(Expression, UnknownLayersAreNamedWithTheirPlace) {
  const Expression expression("1 + caly_0_10");
  const std::vector<std::string> available{"clay_0_10", "sand_0_10"};
  try {
    expression.require_names(available);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "expression: \"caly_0_10\" is not a layer. Did you mean \"clay_0_10\"? (position 5)\n"
                 "  1 + caly_0_10\n      ^");
  }
  EXPECT_NO_THROW(Expression("clay_0_10 / 100").require_names(available));
}

TEST(Expression, DeepNestingIsRefusedNotACrash) {
  EXPECT_THAT(message(std::string(100000, '(')), HasSubstr("nested too deeply"));
  EXPECT_THAT(message(std::string(100000, '-') + "1"), HasSubstr("nested too deeply"));
  std::string sum = "1";
  for (int i = 0; i < 5000; ++i) sum += " + 1";
  EXPECT_EQ(value(sum), 5001.0);
}

}  // namespace
}  // namespace rootzone::core
