#include "rootzone/engine/threads.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "fakes.hpp"

namespace rootzone::engine {
namespace {

TEST(Threads, ParallelForVisitsEachIndexOnce) {
  std::vector<std::atomic<int>> visits(1000);
  tbb_parallel_for()(1000, [&](std::int64_t i) { ++visits[static_cast<std::size_t>(i)]; });
  for (const auto& visit : visits) EXPECT_EQ(visit, 1);
  tbb_parallel_for()(0, [](std::int64_t) { FAIL() << "nothing to visit"; });
}

TEST(Threads, ParallelForRethrows) {
  EXPECT_THROW(tbb_parallel_for()(50,
                                  [](std::int64_t i) {
                                    if (i == 33) throw std::out_of_range("33");
                                  }),
               std::out_of_range);
}

TEST(Threads, ALimitOfOneKeepsEverythingOnTheCaller) {
  const ThreadLimit limit(1);
  const auto caller = std::this_thread::get_id();
  std::atomic<int> elsewhere{0};
  tbb_parallel_for()(200, [&](std::int64_t) { elsewhere += std::this_thread::get_id() != caller; });
  EXPECT_EQ(elsewhere, 0);
}

TEST(Threads, FlushingDenormalsEndsWithItsScope) {
#if !defined(__SSE2__)
  GTEST_SKIP() << "denormals cannot be flushed here";
#endif
  const bool before = denormals_are_flushed();
  volatile double tiny = std::numeric_limits<double>::denorm_min();
  {
    const FlushDenormals flush;
    EXPECT_TRUE(denormals_are_flushed());
    EXPECT_EQ(tiny * 2.0, 0.0);
  }
  EXPECT_EQ(denormals_are_flushed(), before);
}

TEST(Threads, EveryWorkerOfARunFlushesDenormals) {
  struct Watch : fakes::Decay {
    Watch() : Decay("x", "y") {}
    void advance(const Strip& strip) const override {
      kept += denormals_are_flushed() ? 0 : 1;
      Decay::advance(strip);
    }
    mutable std::atomic<int> kept{0};
  };
  const fakes::Cube cube{20, 10, 50};
  std::atomic<int> kept{0};
  auto source = std::make_shared<fakes::Source>("x", cube, core::SourceLayout{},
                                                [&](std::int64_t step, std::int64_t row, std::int64_t col) {
                                                  kept += denormals_are_flushed() ? 0 : 1;
                                                  return fakes::rough(step, row, col);
                                                });
  auto stage = std::make_shared<Watch>();
  Chain chain;
  chain.grid = fakes::grid_of(cube);
  chain.time = fakes::days_from(0, cube.steps);
  chain.sources = {{"x", source}};
  chain.stages = {stage};
  RunOptions options;
  options.threads = 4;
  options.forced_block = BlockShape{3, 4};
  options.forced_strip_pixels = 16;
  const bool before = denormals_are_flushed();
  run(chain, options, ".");
  EXPECT_EQ(kept, 0);
  EXPECT_EQ(stage->kept, 0);
  EXPECT_EQ(denormals_are_flushed(), before);
}

}  // namespace
}  // namespace rootzone::engine
