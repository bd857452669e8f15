#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "fakes.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::engine {
namespace {

using fakes::Cube;
using ::testing::HasSubstr;

constexpr std::int64_t mebi = 1 << 20;

struct Job {
  Chain chain;
  RunOptions options;
  Job(const Cube& cube, const std::vector<core::SourceLayout>& layouts, std::int64_t budget_mebi) {
    chain.grid = fakes::grid_of(cube);
    chain.time = fakes::days_from(0, cube.steps);
    for (std::size_t i = 0; i < layouts.size(); ++i) {
      const std::string name = "x" + std::to_string(i);
      chain.sources[name] = std::make_shared<fakes::Source>(name, cube, layouts[i], fakes::rough);
      chain.stages.push_back(std::make_shared<fakes::Decay>(name, "y" + std::to_string(i)));
    }
    chain.sinks["y0"] = std::make_shared<fakes::Sink>(Cube{1, 1, 1}, true);
    options.threads = 4;
    options.memory_bytes = budget_mebi * mebi;
  }
  Plan plan() const { return plan_blocks(chain, options); }
};

TEST(PlanBlocks, MapWiseChunksTakeAllRowsAndFewDays) {
  const Plan plan = Job({3650, 1000, 1000}, {{1, 1000, 0, 0, 4.0}}, 1024).plan();
  EXPECT_EQ(plan.block.rows, 1000);
  EXPECT_LT(plan.block.steps, 100);
  EXPECT_DOUBLE_EQ(plan.decode_factor, 1.0);
  EXPECT_LE(plan.estimated_bytes, 1024 * mebi);
  EXPECT_THAT(plan.explanation, HasSubstr("each stored chunk is decoded once"));
}

TEST(PlanBlocks, SeriesWiseChunksTakeChunkRowsAndAllDays) {
  const Plan plan = Job({3650, 640, 500}, {{3650, 16, 0, 0, 4.0}}, 2048).plan();
  EXPECT_EQ(plan.block.steps, 3650);
  EXPECT_EQ(plan.block.rows % 16, 0);
  EXPECT_LT(plan.block.rows, 640);
  EXPECT_DOUBLE_EQ(plan.decode_factor, 1.0);
}

TEST(PlanBlocks, MixedChunksTakeMultiplesOfTheirEdges) {
  const Plan plan = Job({3650, 1000, 1000}, {{30, 100, -7, -20, 2.0}}, 1024).plan();
  EXPECT_TRUE(plan.block.rows == 1000 || plan.block.rows % 100 == 0);
  EXPECT_EQ(plan.block.steps % 30, 0);
  EXPECT_EQ(plan.edge.steps % 30, 23);  // a chunk edge lies 7 days before the first
  EXPECT_DOUBLE_EQ(plan.decode_factor, 1.0);
}

TEST(PlanBlocks, TwoChunkSizesMeetAtTheirCommonMultiple) {
  const Plan plan = Job({3600, 400, 400}, {{4, 400, 2, 0, 1.0}, {6, 400, 0, 0, 1.0}}, 2048).plan();
  EXPECT_EQ(plan.block.steps % 12, 0);
  EXPECT_EQ(plan.edge.steps % 12, 6);  // ≡ 2 (mod 4) and ≡ 0 (mod 6)
  EXPECT_DOUBLE_EQ(plan.decode_factor, 1.0);
}

TEST(PlanBlocks, ConflictingLayoutsTakeTheCheapestShapeAndSaySo) {
  const std::vector<core::SourceLayout> conflict{{1, 1000, 0, 0, 1.0}, {3650, 10, 0, 0, 1.0}};
  const Plan tight = Job({3650, 1000, 1000}, conflict, 4096).plan();
  EXPECT_GT(tight.decode_factor, 1.0);
  EXPECT_LE(tight.estimated_bytes, 4096 * mebi);
  EXPECT_THAT(tight.explanation, HasSubstr("times"));
  EXPECT_THAT(tight.explanation, HasSubstr("would be decoded once"));
  const Plan roomy = Job({3650, 1000, 1000}, conflict, 16384).plan();
  EXPECT_LT(roomy.decode_factor, tight.decode_factor);
  const Plan whole = Job({365, 100, 100}, {{1, 100, 0, 0, 1.0}, {365, 10, 0, 0, 1.0}}, 4096).plan();
  EXPECT_DOUBLE_EQ(whole.decode_factor, 1.0);  // small enough to be read at once
}

TEST(PlanBlocks, SeriesAreGatheredOnDiskWhenTheyDoNotFit) {
  Job job({3650, 500, 500}, {{1, 500, 0, 0, 1.0}}, 8192);
  job.chain.stages.push_back(std::make_shared<fakes::Median>("x0", "median"));
  EXPECT_FALSE(job.plan().gathers_on_disk);
  job.options.memory_bytes = 1024 * mebi;
  const Plan plan = job.plan();
  EXPECT_TRUE(plan.gathers_on_disk);
  EXPECT_DOUBLE_EQ(plan.decode_factor, 1.0);
  EXPECT_THAT(plan.explanation, HasSubstr("on disk"));
}

TEST(PlanBlocks, WhatIsResidentAlreadyCounts) {
  Job job({3650, 1000, 1000}, {{1, 1000, 0, 0, 4.0}}, 1024);
  job.options.resident_bytes = 700 * mebi;
  const Plan plan = job.plan();
  EXPECT_LE(plan.estimated_bytes, 1024 * mebi);
  EXPECT_GE(plan.estimated_bytes, 700 * mebi);
}

TEST(PlanBlocks, ASinkThatSaysWhatItHoldsIsBelieved) {
  class Holder : public fakes::Sink {
   public:
    using Sink::Sink;
    std::int64_t memory_bytes_for(const core::BlockWindow&) const override { return 900 * mebi; }
  };
  Job job({3650, 1000, 1000}, {{1, 1000, 0, 0, 4.0}}, 2048);
  job.chain.sinks["y0"] = std::make_shared<Holder>(Cube{1, 1, 1}, true);
  EXPECT_GE(job.plan().estimated_bytes, 1020 * mebi);
}

TEST(PlanBlocks, RefusesAChainThatDoesNotConnect) {
  const auto kind_of = [](const Job& job) {
    try {
      job.plan();
    } catch (const core::Error& error) {
      return error.kind();
    }
    return core::ErrorKind::usage;
  };
  Job reads_nothing({10, 10, 10}, {{}}, 1024);
  reads_nothing.chain.stages.push_back(std::make_shared<fakes::Decay>("nobody", "z"));
  EXPECT_EQ(kind_of(reads_nothing), core::ErrorKind::internal);
  Job made_twice({10, 10, 10}, {{}}, 1024);
  made_twice.chain.stages.push_back(std::make_shared<fakes::Decay>("x0", "y0"));
  EXPECT_EQ(kind_of(made_twice), core::ErrorKind::internal);
  Job unmade_sink({10, 10, 10}, {{}}, 1024);
  unmade_sink.chain.sinks["w"] = unmade_sink.chain.sinks["y0"];
  EXPECT_EQ(kind_of(unmade_sink), core::ErrorKind::internal);
}

TEST(FieldPains, Case01TheEstimateDoesNotGrowWithTheYears) {
  const Plan one = Job({365, 500, 500}, {{1, 500, 0, 0, 4.0}}, 600).plan();
  const Plan forty = Job({40 * 365, 500, 500}, {{1, 500, 0, 0, 4.0}}, 600).plan();
  EXPECT_LE(forty.estimated_bytes, 600 * mebi);
  EXPECT_GE(one.estimated_bytes, 120 * mebi);
  // A budget that holds one year holds forty.
  Job least({40 * 365, 500, 500}, {{1, 500, 0, 0, 4.0}}, 0);
  least.options.memory_bytes = one.estimated_bytes;
  EXPECT_LE(least.plan().estimated_bytes, one.estimated_bytes);
}

TEST(FieldPains, Case03TooSmallABudgetNamesTheSmallestThatWouldDo) {
  Job job({3650, 400, 5000}, {{1, 400, 0, 0, 4.0}}, 50);
  std::string message;
  try {
    job.plan();
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::memory);
    EXPECT_EQ(error.exit_code(), 5);
    message = error.what();
  }
  EXPECT_THAT(message, HasSubstr("50 MiB"));
  std::smatch found;
  ASSERT_TRUE(std::regex_search(message, found, std::regex("smallest that would do is ([0-9]+) MiB")))
      << message;
  job.options.memory_bytes = std::stoll(found[1]) * mebi;
  EXPECT_NO_THROW(job.plan());
  job.options.memory_bytes -= mebi;
  EXPECT_THROW(job.plan(), core::Error);
}

}  // namespace
}  // namespace rootzone::engine
