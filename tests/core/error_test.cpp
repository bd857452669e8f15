#include "rootzone/core/error.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace rootzone::core {
namespace {

TEST(Error, ContextGoesInFrontAndTheKindIsTheExitCode) {
  Error error(ErrorKind::data, "expected 3 bands, found 1");
  error.add_context("soil.tif").add_context("inputs.clay");
  EXPECT_STREQ(error.what(), "inputs.clay: soil.tif: expected 3 bands, found 1");
  EXPECT_EQ(error.exit_code(), 3);
  EXPECT_EQ(Error(ErrorKind::memory, "").exit_code(), 5);
}

TEST(Error, SignalsHaveTheShellsExitCodes) {
  EXPECT_EQ(Interrupted(SIGINT).exit_code(), 130);
  EXPECT_EQ(Interrupted(SIGTERM).exit_code(), 143);
}

}  // namespace
}  // namespace rootzone::core
