#include "rootzone/core/suggest.hpp"

#include <gtest/gtest.h>

namespace rootzone::core {
namespace {

const std::vector<std::string> keys{"max_gap_days", "scheme", "respin_days", "warm_up_days", "path"};

TEST(Suggest, DistanceCountsEdits) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("ptah", "path"), 1U);  // a swap is one edit
  EXPECT_EQ(edit_distance("Path", "pATH"), 0U);
}

TEST(Suggest, ATypoFindsItsKey) {
  EXPECT_EQ(closest("shceme", keys), "scheme");
  EXPECT_EQ(closest("max_gap_day", keys), "max_gap_days");
  EXPECT_EQ(closest("max_gap", keys), "max_gap_days");  // the beginning of one
  EXPECT_EQ(closest("PATH", keys), "path");
}

TEST(Suggest, NothingNearGivesNothing) {
  EXPECT_FALSE(closest("zebra", keys).has_value());
  EXPECT_FALSE(closest("x", {}).has_value());
  EXPECT_EQ(did_you_mean("zebra", keys), " Known: max_gap_days, scheme, respin_days, warm_up_days, path.");
  EXPECT_EQ(did_you_mean("pth", keys), " Did you mean \"path\"?");
}

}  // namespace
}  // namespace rootzone::core
