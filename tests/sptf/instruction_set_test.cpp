#include "rootzone/sptf/instruction_set.hpp"

#include <gtest/gtest.h>

#include "rootzone/core/error.hpp"

namespace rootzone::sptf {
namespace {

TEST(InstructionSet, NamesReadBack) {
  ASSERT_FALSE(instruction_sets().empty());
  for (const InstructionSet set : instruction_sets()) EXPECT_EQ(instruction_set(name_of(set)), set);
  EXPECT_EQ(instruction_set("auto"), instruction_sets().back());
  EXPECT_EQ(best_instruction_set(), instruction_sets().back());
}

TEST(InstructionSet, AnotherWordIsAUsageError) {
  try {
    instruction_set("avx1024");
    FAIL();
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::usage);
    EXPECT_NE(std::string(error.what()).find("avx1024"), std::string::npos);
  }
}

}  // namespace
}  // namespace rootzone::sptf
