#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "fakes.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::engine {
namespace {

using fakes::Cube;
using ::testing::AllOf;
using ::testing::HasSubstr;

struct Failure {
  std::optional<core::ErrorKind> kind;
  int exit_code = 0;
  std::string message;
};

struct Job {
  Cube cube{10, 6, 5};
  std::shared_ptr<fakes::Source> source;
  std::shared_ptr<fakes::Sink> sink;
  Chain chain;
  RunOptions options;
  Job()
      : source(std::make_shared<fakes::Source>("x", cube, core::SourceLayout{}, fakes::rough)),
        sink(std::make_shared<fakes::Sink>(cube, true)) {
    chain.grid = fakes::grid_of(cube);
    chain.time = fakes::days_from(0, cube.steps);
    chain.sources = {{"x", source}};
    chain.stages = {std::make_shared<fakes::Decay>("x", "y")};
    chain.sinks = {{"y", sink}};
    options.threads = 3;
    options.forced_block = BlockShape{2, 3};
  }
  Failure run(const std::string& scratch = ".") {
    try {
      engine::run(chain, options, scratch);
    } catch (const core::Error& error) {
      return {error.kind(), error.exit_code(), error.what()};
    }
    return {};
  }
};

bool is_third(const core::BlockWindow& window) {
  return window.first_step == 4 && window.first_row == 0;
}

TEST(RunFailure, AReadErrorSaysWhichVariableDaysAndRows) {
  Job job;
  job.source->before_fetch = [](const core::BlockWindow& window) {
    if (is_third(window)) throw core::Error(core::ErrorKind::data, "file 'a.nc' ends early");
  };
  const Failure failure = job.run();
  EXPECT_EQ(failure.kind, core::ErrorKind::data);
  EXPECT_EQ(failure.message, "reading 'x', 2016-01-05 … 2016-01-06, rows 0 … 2: file 'a.nc' ends early");
  EXPECT_FALSE(job.sink->complete());
}

TEST(RunFailure, AnUnknownExceptionWhileDecodingIsOurBug) {
  Job job;
  job.source->before_decode = [](const core::BlockWindow& window) {
    if (is_third(window)) throw std::out_of_range("chunk table");
  };
  const Failure failure = job.run();
  EXPECT_EQ(failure.kind, core::ErrorKind::internal);
  EXPECT_THAT(failure.message, AllOf(HasSubstr("decoding 'x', 2016-01-05"), HasSubstr("chunk table")));
}

TEST(RunFailure, NoMemoryIsAMemoryError) {
  Job job;
  job.source->before_decode = [](const core::BlockWindow&) { throw std::bad_alloc(); };
  const Failure failure = job.run();
  EXPECT_EQ(failure.kind, core::ErrorKind::memory);
  EXPECT_EQ(failure.exit_code, 5);
  EXPECT_THAT(failure.message, HasSubstr("--memory"));
}

TEST(RunFailure, AFailingStageIsNamed) {
  class Failing : public fakes::Decay {
   public:
    Failing() : Decay("x", "y") {}
    void advance(const Strip& strip) const override {
      if (strip.first_step() == 4) throw core::Error(core::ErrorKind::internal, "no root found");
      Decay::advance(strip);
    }
  };
  Job job;
  job.chain.stages = {std::make_shared<Failing>()};
  const Failure failure = job.run();
  EXPECT_EQ(failure.kind, core::ErrorKind::internal);
  EXPECT_EQ(failure.message, "computing, 2016-01-05 … 2016-01-06, rows 0 … 2: stage 'decay': no root found");
}

TEST(RunFailure, AWriteErrorKeepsItsKind) {
  Job job;
  job.sink->before_write = [](const core::BlockWindow& window) {
    if (is_third(window)) throw core::Error(core::ErrorKind::environment, "disk full");
  };
  const Failure failure = job.run();
  EXPECT_EQ(failure.kind, core::ErrorKind::environment);
  EXPECT_THAT(failure.message, HasSubstr("writing 'y', 2016-01-05 … 2016-01-06, rows 0 … 2: disk full"));
  EXPECT_EQ(job.sink->windows.size(), 2U);
}

TEST(RunFailure, ThreadsOfAFailedRunServeTheNext) {
  for (int i = 0; i < 10; ++i) {
    Job failing;
    failing.source->before_decode = [](const core::BlockWindow&) { throw std::runtime_error("broken"); };
    EXPECT_EQ(failing.run().kind, core::ErrorKind::internal);
    Job sound;
    EXPECT_FALSE(sound.run().kind.has_value());
    EXPECT_TRUE(sound.sink->complete());
  }
}

TEST(RunFailure, ASignalStopsBetweenBlocks) {
  Job job;
  std::atomic<int> signal{0};
  job.options.stop_signal = &signal;
  job.options.threads = 1;
  job.source->before_fetch = [&](const core::BlockWindow& window) {
    if (is_third(window)) signal = SIGTERM;
  };
  const Failure failure = job.run();
  EXPECT_EQ(failure.kind, core::ErrorKind::interrupted);
  EXPECT_EQ(failure.exit_code, 143);
  EXPECT_THAT(failure.message, ::testing::StartsWith("stopped by signal"));
  EXPECT_EQ(job.source->fetches, 3);
}

#if defined(ROOTZONE_VERIFY_OUTPUTS)
TEST(RunFailure, AValueThatAStageLeavesUnwrittenIsFound) {
  class Forgetful : public fakes::Decay {
   public:
    Forgetful() : Decay("x", "y") {}
    void advance(const Strip& strip) const override {
      for (std::int64_t step = 0; step < strip.steps(); ++step) {
        std::ranges::fill(strip.output(0, step).subspan(1), fakes::missing);
        std::ranges::fill(strip.flags(0, step), core::FlagBits{0});
      }
    }
  };
  Job job;
  job.chain.stages = {std::make_shared<Forgetful>()};
  const Failure failure = job.run();
  EXPECT_EQ(failure.kind, core::ErrorKind::internal);
  EXPECT_THAT(failure.message, HasSubstr("not every value of 'y' was written"));
}
#endif

/// A chain that gathers on disk.
struct GatheringJob : Job {
  GatheringJob() {
    cube = {2000, 1, 20000};
    const core::SourceLayout map_wise{1, 1, 0, 0, 0.0};
    chain.grid = fakes::grid_of(cube);
    chain.time = fakes::days_from(0, cube.steps);
    chain.sources = {{"x", std::make_shared<fakes::Source>("x", cube, map_wise, fakes::rough)}};
    chain.stages = {std::make_shared<fakes::Median>("x", "median")};
    chain.sinks = {{"median", std::make_shared<fakes::Sink>(Cube{2, 1, 20000}, false)}};
    options.forced_block.reset();
    options.threads = 1;
    options.memory_bytes = 180LL << 20;
  }
};

TEST(RunFailure, AScratchFolderThatIsNotThereIsTheEnvironments) {
  GatheringJob job;
  const Failure failure = job.run("no-such-folder");
  EXPECT_EQ(failure.kind, core::ErrorKind::environment);
  EXPECT_THAT(failure.message, HasSubstr("no-such-folder"));
}

TEST(RunFailure, ADiskThatCannotHoldTheSeriesIsFoundBeforeTheFirstBlock) {
  GatheringJob job;
  const fakes::ScratchFolder scratch("full");
  // A file size limit stands for the full disk: fallocate fails the same way.
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1 << 20, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const Failure failure = job.run(scratch.path());
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(failure.kind, core::ErrorKind::environment);
  EXPECT_EQ(failure.exit_code, 4);
  // 2000 days × 79 tiles of 256 pixels × 4 bytes.
  EXPECT_THAT(failure.message, AllOf(HasSubstr("155 MiB of gathered series"), HasSubstr("free space")));
  EXPECT_EQ(job.source->fetches, 0);
}

}  // namespace
}  // namespace rootzone::engine
