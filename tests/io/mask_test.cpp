#include "rootzone/io/mask.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

constexpr float nan_f = std::numeric_limits<float>::quiet_NaN();

std::vector<bool> kept(const MaskRule& rule, const std::vector<float>& quality) {
  std::vector<float> values(quality.size(), 1.0F);
  apply_mask(values, std::span<const float>(quality), rule);
  std::vector<bool> result;
  for (const float value : values) result.push_back(!std::isnan(value));
  return result;
}

TEST(Mask, KeepsListedValues) {
  EXPECT_EQ(kept({{}, {0.0, 2.0}, {}}, {0, 1, 2, 2, 3, nan_f, 0}),
            (std::vector<bool>{true, false, true, true, false, false, true}));
}

TEST(Mask, KeepsARangeWithItsEnds) {
  EXPECT_EQ(kept({{}, {}, {{0.5, 1.0}}}, {0.4F, 0.5F, 1.0F, 1.1F, nan_f}),
            (std::vector<bool>{false, true, true, false, false}));
}

TEST(Mask, ComparesOnlyTheNamedBits) {
  // Bit 0 must be clear, whatever the others say.
  EXPECT_EQ(kept({1U, {0.0}, {}}, {0, 1, 2, 3, 254, -1, 0.5F}),
            (std::vector<bool>{true, false, true, false, true, false, false}));
  // Bits 2 and 3 as a number: 0b01.
  EXPECT_EQ(kept({12U, {4.0}, {}}, {4, 5, 8, 12, 0}), (std::vector<bool>{true, true, false, false, false}));
}

TEST(Mask, HoldsFlagsOfThirtyTwoBits) {
  const MaskRule top_bit{0x80000001U, {2147483648.0}, {}};
  std::vector<float> values(3, 1.0F);
  const std::vector<double> quality{2147483648.0, 2147483649.0, -2147483648.0};
  apply_mask(values, std::span<const double>(quality), top_bit);
  EXPECT_EQ(values[0], 1.0F);
  EXPECT_TRUE(std::isnan(values[1]));
  EXPECT_EQ(values[2], 1.0F) << "the same bits in a signed type";
}

TEST(Mask, RefusesARuleThatKeepsNothing) {
  MaskSpec spec;
  spec.variable = "quality";
  try {
    make_mask_rule(spec, "ssm");
    FAIL();
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::usage);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("keep"));
  }
  spec.keep_range = {{2.0, 1.0}};
  EXPECT_THROW(make_mask_rule(spec, "ssm"), core::Error);
}

}  // namespace
}  // namespace rootzone::io
