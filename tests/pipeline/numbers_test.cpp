#include "rootzone/pipeline/numbers.hpp"

#include <gtest/gtest.h>

#include <array>
#include <clocale>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "rootzone/pipeline/markup.hpp"

namespace rootzone::pipeline {
namespace {

TEST(Numbers, KeepSignificantDigitsNotDecimals) {
  EXPECT_EQ(format_number(0.031415), "0.0314");
  EXPECT_EQ(format_number(238.61), "239");
  EXPECT_EQ(format_number(9.996), "10");
  EXPECT_EQ(format_number(0.5), "0.5");
  EXPECT_EQ(format_number(0.0), "0");
  EXPECT_EQ(format_number(-0.0), "0");
  EXPECT_EQ(format_number(-1.25), "\u22121.25");
  EXPECT_EQ(format_signed(1.25), "+1.25");
  EXPECT_EQ(format_signed(0.0), "0");
}

TEST(Numbers, GroupThousandsFromFiveDigitsOn) {
  EXPECT_EQ(format_number(1234.0, 6), "1234");
  EXPECT_EQ(format_number(53884.3, 6), "53\u202F884.3");
  EXPECT_EQ(format_count(1234567), "1\u202F234\u202F567");
  EXPECT_EQ(format_count(999), "999");
  EXPECT_EQ(format_count(-12345), "\u221212\u202F345");
}

TEST(Numbers, WritePowersOfTenWhereDigitsWouldNotRead) {
  EXPECT_EQ(format_number(1.2e-6), "1.2\u202F×\u202F10⁻⁶");
  EXPECT_EQ(format_number(3e12), "3\u202F×\u202F10¹²");
  EXPECT_EQ(format_number(std::numeric_limits<double>::denorm_min()).find("inf"), std::string::npos);
}

TEST(Numbers, SayADashForWhatIsNotANumber) {
  for (const double value : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    EXPECT_EQ(format_number(value), "–");
    EXPECT_EQ(format_signed(value), "–");
    EXPECT_EQ(format_fixed(value, 2), "–");
    EXPECT_EQ(with_units(value, "mm"), "–");
  }
  EXPECT_EQ(format_share(1.0, 0.0), "–");
}

TEST(Numbers, NeverRoundAShareToNoneOrAll) {
  EXPECT_EQ(format_share(0.0, 10.0), "0\u202F%");
  EXPECT_EQ(format_share(10.0, 10.0), "100\u202F%");
  EXPECT_EQ(format_share(1.0, 1e6), "<\u202F0.1\u202F%");
  EXPECT_EQ(format_share(999999.0, 1e6), ">\u202F99.9\u202F%");
  EXPECT_EQ(format_share(1.0, 8.0), "12.5\u202F%");
}

TEST(Numbers, FixedDecimalsHaveNoNegativeZero) {
  EXPECT_EQ(format_fixed(-0.001, 2), "0.00");
  EXPECT_EQ(format_fixed(-0.006, 2), "\u22120.01");
}

TEST(Numbers, WordUnitsForTheEye) {
  EXPECT_EQ(pretty_units("m3 m-3"), "m³ m⁻³");
  EXPECT_EQ(pretty_units("cm d-1"), "cm d⁻¹");
  EXPECT_EQ(pretty_units("1"), "");
  EXPECT_EQ(pretty_units("percent"), "%");
  EXPECT_EQ(pretty_units("kg m-2"), "kg m⁻²");
  EXPECT_EQ(with_units(12.5, "mm"), "12.5\u202Fmm");
}

TEST(Numbers, DoNotHearTheLocale) {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  if (std::setlocale(LC_ALL, "de_DE.UTF-8") == nullptr) GTEST_SKIP() << "locale de_DE.UTF-8 is not installed";
  EXPECT_EQ(format_number(0.25), "0.25");
  EXPECT_EQ(machine_number(0.25), "0.25");
  EXPECT_EQ(logarithmic_ticks(0.1, 1.0), (std::vector<double>{0.1, 0.2, 0.5, 1.0}));
  std::setlocale(LC_ALL, before.c_str());
}

TEST(Ticks, AreRoundAndInside) {
  EXPECT_EQ(round_ticks(0.0, 0.5).values,
            (std::vector<double>{0.0, 0.1, 0.2, 0.30000000000000004, 0.4, 0.5}));
  EXPECT_EQ(round_ticks(0.0, 0.5).decimals, 1);
  EXPECT_EQ(round_ticks(-3.0, 3.0, 4).values, (std::vector<double>{-2.0, 0.0, 2.0}));
  EXPECT_EQ(round_ticks(0.013, 0.087).values, (std::vector<double>{0.02, 0.04, 0.06, 0.08}));
}

TEST(Ticks, SurviveDegenerateRanges) {
  EXPECT_EQ(round_ticks(2.0, 2.0).values, (std::vector<double>{2.0}));
  EXPECT_TRUE(round_ticks(std::nan(""), std::nan("")).values.empty());
  double low = 3.0;
  double high = 3.0;
  widen_to_round(low, high);
  EXPECT_LT(low, 3.0);
  EXPECT_GT(high, 3.0);
}

TEST(Ticks, ComeToAnEndWhereDoublesAreCoarserThanTheStep) {
  EXPECT_LE(round_ticks(1e16, 1e16 + 2.0).values.size(), 20U);
  EXPECT_LE(round_ticks(-1e308, 1e308).values.size(), 20U);
  EXPECT_LE(round_ticks(0.0, 5e-324).values.size(), 20U);
}

TEST(Ticks, WidenToRoundHoldsTheData) {
  double low = 0.0132;
  double high = 0.4719;
  widen_to_round(low, high);
  EXPECT_DOUBLE_EQ(low, 0.0);
  EXPECT_DOUBLE_EQ(high, 0.5);
}

TEST(Ticks, WidenedRangesEndOnTicks) {
  for (int i = 1; i < 400; ++i) {
    double low = std::sin(0.7 * i) * std::pow(10.0, i % 9 - 4);
    double high = low + std::abs(std::cos(1.3 * i)) * std::pow(10.0, i % 5 - 2);
    const double first = low;
    const double last = high;
    widen_to_round(low, high, 4);
    SCOPED_TRACE(i);
    EXPECT_LE(low, first + 1e-8 * std::abs(first));
    EXPECT_GE(high, last - 1e-8 * std::abs(last));
    const auto ticks = round_ticks(low, high, 4).values;
    ASSERT_GE(ticks.size(), 2U);
    EXPECT_NEAR(ticks.front(), low, 1e-6 * (high - low));
    EXPECT_NEAR(ticks.back(), high, 1e-6 * (high - low));
  }
}

TEST(Ticks, LogarithmicOnesArePowersOfTen) {
  EXPECT_EQ(logarithmic_ticks(0.1, 1000.0), (std::vector<double>{0.1, 1.0, 10.0, 100.0, 1000.0}));
  EXPECT_EQ(logarithmic_ticks(0.5, 20.0), (std::vector<double>{0.5, 1.0, 2.0, 5.0, 10.0, 20.0}));
}

TEST(Markup, EscapesWhatWouldBreakIt) {
  EXPECT_EQ(escape_markup("<b>&\"'"), "&lt;b&gt;&amp;&quot;&#39;");
  EXPECT_EQ(escape_markup("Größe θ ✓"), "Größe θ ✓");
  EXPECT_EQ(escape_markup(std::string("a\0b\x1B", 4)), "a\uFFFDb\uFFFD");
  EXPECT_EQ(escape_markup("lat\xE9"), "lat\uFFFD");                // Latin-1
  EXPECT_EQ(escape_markup("\xC0\xAF"), "\uFFFD\uFFFD");            // overlong
  EXPECT_EQ(escape_markup("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");  // surrogate
}

TEST(Base64, MatchesRfc4648) {
  const auto encoded = [](std::string_view text) {
    return base64({reinterpret_cast<const std::byte*>(text.data()), text.size()});
  };
  EXPECT_EQ(encoded(""), "");
  EXPECT_EQ(encoded("f"), "Zg==");
  EXPECT_EQ(encoded("fo"), "Zm8=");
  EXPECT_EQ(encoded("foo"), "Zm9v");
  EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
  EXPECT_EQ(encoded("\xFB\xFF"), "+/8=");
}

}  // namespace
}  // namespace rootzone::pipeline
