#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <random>

#include "fakes.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::engine {
namespace {

using fakes::Cube;

/// Everything at once: a survey on a stateful output, layers, gathered series of an unwritten variable, a
/// source that is written out.
struct FullJob {
  Cube cube;
  std::shared_ptr<fakes::Source> x;
  std::shared_ptr<fakes::Source> w;
  std::shared_ptr<fakes::Anomaly> anomaly;
  std::map<std::string, std::shared_ptr<fakes::Sink>> sinks;
  Chain chain;
  RunOptions options;

  explicit FullJob(const Cube& the_cube, const core::SourceLayout& x_layout = {},
                   const core::SourceLayout& w_layout = {})
      : cube(the_cube),
        x(std::make_shared<fakes::Source>("x", cube, x_layout, fakes::rough)),
        w(std::make_shared<fakes::Source>("w", cube, w_layout,
                                          [](std::int64_t step, std::int64_t row, std::int64_t col) {
                                            return fakes::rough(step + 1000, col, row);
                                          })),
        anomaly(std::make_shared<fakes::Anomaly>("decayed", "anomaly")) {
    chain.grid = fakes::grid_of(cube);
    chain.time = fakes::days_from(0, cube.steps);
    chain.sources = {{"x", x}, {"w", w}};
    chain.stages = {std::make_shared<fakes::Decay>("x", "decayed"), anomaly,
                    std::make_shared<fakes::Decay>("anomaly", "twice"),
                    std::make_shared<fakes::Mean>("w", "mean"),
                    std::make_shared<fakes::Median>("twice", "median")};
    add_sink("x", cube.steps, true);
    add_sink("anomaly", cube.steps, false);
    add_sink("decayed", cube.steps, true);
    add_sink("mean", 2, true);
    add_sink("median", 2, false);
    options.memory_bytes = 1LL << 30;
  }
  void add_sink(const std::string& name, std::int64_t steps, bool with_flags) {
    sinks[name] = std::make_shared<fakes::Sink>(Cube{steps, cube.rows, cube.cols}, with_flags);
    chain.sinks[name] = sinks[name];
  }
  RunSummary run(const std::string& scratch = ".") { return engine::run(chain, options, scratch); }
};

void expect_same(const FullJob& a, const FullJob& b) {
  for (const auto& [name, sink] : a.sinks) {
    EXPECT_TRUE(sink->complete()) << name;
    EXPECT_TRUE(b.sinks.at(name)->complete()) << name;
    EXPECT_TRUE(sink->same_bytes(*b.sinks.at(name))) << name;
  }
}

TEST(Run, ComputesARecursionDayByDay) {
  const Cube cube{3, 1, 2};
  FullJob job(cube);
  job.chain.sources["x"] = std::make_shared<fakes::Source>(
      "x", cube, core::SourceLayout{}, [](std::int64_t step, std::int64_t, std::int64_t col) {
        return step == 1 ? fakes::missing : static_cast<float>(col + 1);
      });
  const RunSummary summary = job.run();
  // y0 = 1; y ← 0.9 y + x, nothing added on day 1.
  const std::vector<float> expected{1.9F, 2.9F, 1.71F, 2.61F, 2.539F, 4.349F};
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_FLOAT_EQ(job.sinks.at("decayed")->values[i], expected[i]);
  EXPECT_THAT(job.sinks.at("decayed")->flags, ::testing::ElementsAre(0, 0, 2, 2, 0, 0));
  EXPECT_THAT(job.sinks.at("x")->flags, ::testing::ElementsAre(0, 0, 1, 1, 0, 0));
  EXPECT_NEAR(job.sinks.at("anomaly")->at(0, 0), 1.9 - (1.9 + 1.71 + 2.539) / 3, 1e-6);
  EXPECT_EQ(summary.flags.at("decayed").by_flag.at("gap_filled"), 2);
  EXPECT_EQ(summary.flags.at("decayed").values, 6);
  EXPECT_EQ(summary.flags.at("decayed").missing, 0);
  EXPECT_EQ(summary.flags.at("x").missing, 2);
  EXPECT_EQ(summary.flags.at("x").by_flag.at("input_missing"), 2);
  EXPECT_EQ(summary.flags.at("x").by_flag.size(), core::flag_meanings.size());
  EXPECT_FALSE(summary.flags.contains("twice"));
  EXPECT_FALSE(job.sinks.at("x")->finished);
  EXPECT_GT(summary.wall_seconds, 0.0);
}

TEST(Run, GathersTheWholeSeriesOfEachPixel) {
  FullJob job({37, 5, 9});
  job.options.forced_block = BlockShape{4, 2};
  job.chain.stages = {std::make_shared<fakes::Median>("w", "median")};
  job.chain.sinks = {{"median", job.sinks.at("median")}};
  job.run();
  for (std::int64_t cell = 0; cell < 45; ++cell) {
    std::vector<float> series;
    for (std::int64_t step = 0; step < 37; ++step) {
      const float value = fakes::rough(step + 1000, cell % 9, cell / 9);
      series.push_back(std::isnan(value) ? -1.0F : value);
    }
    std::sort(series.begin(), series.end());
    EXPECT_EQ(job.sinks.at("median")->at(0, cell), series[18]);
  }
}

TEST(FieldPains, Case10TheResultDoesNotDependOnBlocksStripsOrThreads) {
  const Cube cube{23, 11, 13};
  FullJob reference(cube);
  reference.options.threads = 1;
  reference.run();
  const unsigned seed = 20160101;
  RecordProperty("seed", static_cast<int>(seed));
  std::mt19937 random(seed);
  const auto draw = [&](int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random);
  };
  for (int trial = 0; trial < 16; ++trial) {
    FullJob job(cube);
    job.options.threads = 1 + trial % 4;
    job.options.forced_block = BlockShape{draw(1, 30), draw(1, 14)};
    job.options.forced_strip_pixels = draw(1, 40);
    SCOPED_TRACE("seed " + std::to_string(seed) + ", trial " + std::to_string(trial) + ", block " +
                 std::to_string(job.options.forced_block->steps) + " × " +
                 std::to_string(job.options.forced_block->rows));
    const RunSummary summary = job.run();
    expect_same(reference, job);
    EXPECT_EQ(job.anomaly->mean, reference.anomaly->mean);
    EXPECT_EQ(job.anomaly->conclusions, 1);
    EXPECT_EQ(summary.flags.at("mean").values, 2 * cube.cells());
  }
}

TEST(Run, EdgesOfCubesAndBlocks) {
  for (const Cube& cube : {Cube{1, 1, 1}, Cube{1, 7, 1}, Cube{9, 1, 1}, Cube{5, 3, 300}}) {
    FullJob whole(cube);
    FullJob pieces(cube);
    whole.run();
    pieces.options.forced_block = BlockShape{2, 2};
    pieces.run();
    expect_same(whole, pieces);
  }
}

TEST(Run, AllMissingInputIsCountedAsSuch) {
  const Cube cube{4, 2, 2};
  FullJob job(cube);
  job.chain.sources["w"] = std::make_shared<fakes::Source>("w", cube, core::SourceLayout{},
                                                           [](auto...) { return fakes::missing; });
  const RunSummary summary = job.run();
  EXPECT_EQ(summary.flags.at("mean").missing, 4);
  EXPECT_EQ(summary.flags.at("mean").by_flag.at("too_few_years"), 4);
}

TEST(Run, GatheringOnDiskGivesTheSameBytesAndLeavesNothing) {
  const Cube cube{400, 13, 1200};
  const core::SourceLayout map_wise{1, 13, 0, 0, 0.0};
  const auto prepared = [&] {
    auto job = std::make_unique<FullJob>(cube, map_wise, map_wise);
    job->chain.sources["x"] = std::make_shared<fakes::Source>(
        "x", cube, map_wise, [](std::int64_t step, std::int64_t, std::int64_t col) {
          return static_cast<float>(step * 7 % 401 + col);
        });
    job->chain.stages = {std::make_shared<fakes::Median>("x", "median")};
    job->chain.sinks = {{"median", job->sinks.at("median")}};
    job->options.threads = 2;
    return job;
  };
  const fakes::ScratchFolder scratch("gather");
  const auto in_memory = prepared();
  in_memory->options.memory_bytes = 2LL << 30;
  EXPECT_FALSE(in_memory->run(scratch.path()).plan.gathers_on_disk);
  const auto on_disk = prepared();
  on_disk->options.memory_bytes = 132LL << 20;
  EXPECT_TRUE(on_disk->run(scratch.path()).plan.gathers_on_disk);
  EXPECT_TRUE(on_disk->sinks.at("median")->same_bytes(*in_memory->sinks.at("median")));
  EXPECT_EQ(on_disk->sinks.at("median")->at(0, 5), 205.0F);  // of 0 … 400 without 394, plus the column
  EXPECT_TRUE(std::filesystem::is_empty(scratch.path()));
}

TEST(Run, ASurveyMayWaitForAnother) {
  const Cube cube{12, 3, 4};
  const auto value = [](std::int64_t step, std::int64_t row, std::int64_t col) {
    return static_cast<float>(step * step + row - 2 * col);
  };
  auto source = std::make_shared<fakes::Source>("x", cube, core::SourceLayout{}, value);
  auto idle = std::make_shared<fakes::Source>("idle", cube, core::SourceLayout{}, value);
  auto first = std::make_shared<fakes::Anomaly>("x", "a");
  auto second = std::make_shared<fakes::Anomaly>("a", "b");
  auto sink = std::make_shared<fakes::Sink>(cube, false);
  Chain chain;
  chain.grid = fakes::grid_of(cube);
  chain.time = fakes::days_from(0, 12);
  chain.sources = {{"x", source}, {"idle", idle}};
  chain.stages = {first, second, std::make_shared<fakes::Mean>("idle", "mean")};
  chain.sinks = {{"b", sink}};
  RunOptions options;
  options.forced_block = BlockShape{12, 3};
  run(chain, options, ".");
  EXPECT_EQ(source->fetches, 3);  // survey of a, survey of b, main
  EXPECT_EQ(idle->fetches, 1);    // no survey needs it
  EXPECT_EQ(first->conclusions, 1);
  EXPECT_NEAR(second->mean[5], 0.0, 1e-6);  // anomalies have none
  EXPECT_NEAR(sink->at(0, 0), -506.0 / 12.0, 1e-5);
}

TEST(Run, BlocksAreWrittenBandByBandInOrderOfTime) {
  FullJob job({6, 4, 3});
  job.options.forced_block = BlockShape{4, 3};
  job.options.threads = 3;
  job.run();
  using core::BlockWindow;
  EXPECT_THAT(job.sinks.at("x")->windows,
              ::testing::ElementsAre(BlockWindow{0, 4, 0, 3}, BlockWindow{4, 2, 0, 3},
                                     BlockWindow{0, 4, 3, 1}, BlockWindow{4, 2, 3, 1}));
  EXPECT_THAT(job.sinks.at("mean")->windows,
              ::testing::ElementsAre(BlockWindow{0, 2, 0, 3}, BlockWindow{0, 2, 3, 1}));
}

TEST(Run, ReadingGoesOnWhileAnotherBlockIsWritten) {
  const Cube cube{8, 1, 4};
  FullJob job(cube);
  job.chain.stages = {std::make_shared<fakes::Decay>("x", "decayed")};
  job.chain.sinks = {{"decayed", job.sinks.at("decayed")}};
  job.options.forced_block = BlockShape{1, 1};
  job.options.threads = 2;
  // The first write waits until the second block has been fetched: it would wait in vain if they took turns.
  bool overlapped = false;
  job.sinks.at("decayed")->before_write = [&](const core::BlockWindow& window) {
    if (window.first_step != 0) return;
    for (int i = 0; i < 30000 && job.x->fetches < 2; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    overlapped = job.x->fetches >= 2;
  };
  const RunSummary summary = job.run();
  EXPECT_GT(summary.plan.blocks_in_flight, 1);
  EXPECT_TRUE(overlapped);
  EXPECT_TRUE(job.sinks.at("decayed")->complete());
}

void expect_decoded_once(const Cube& cube, const core::SourceLayout& layout, std::int64_t budget_mebi) {
  auto source = std::make_shared<fakes::Source>(
      "x", cube, layout,
      [](std::int64_t step, std::int64_t row, auto) { return static_cast<float>(step + row); });
  Chain chain;
  chain.grid = fakes::grid_of(cube);
  chain.time = fakes::days_from(0, cube.steps);
  chain.sources = {{"x", source}};
  chain.stages = {std::make_shared<fakes::Decay>("x", "y")};
  chain.sinks = {{"y", std::make_shared<fakes::Sink>(cube, true)}};
  RunOptions options;
  options.threads = 2;
  options.memory_bytes = budget_mebi << 20;
  const RunSummary summary = run(chain, options, ".");
  EXPECT_EQ(source->most_decodes(), 1) << summary.plan.explanation;
  EXPECT_GT(source->fetches, 1) << "the budget was meant to force several blocks: "
                                << summary.plan.explanation;
}

TEST(FieldPains, Case02EachChunkIsDecodedOnce) {
  expect_decoded_once({240, 40, 60}, {1, 40, 0, 0, 4.0}, 132);
  expect_decoded_once({240, 40, 60}, {240, 4, 0, 0, 4.0}, 132);
  expect_decoded_once({240, 40, 60}, {30, 10, 0, 0, 4.0}, 132);
  // Edges that do not fall on the first day and row, one axis at a time, then both.
  expect_decoded_once({240, 40, 60}, {30, 40, -11, 0, 4.0}, 132);
  expect_decoded_once({240, 40, 60}, {240, 10, 0, -3, 4.0}, 132);
  expect_decoded_once({240, 40, 60}, {30, 10, -11, -3, 4.0}, 132);
}

TEST(FieldPains, Case02OncePerPassAlsoWithASurvey) {
  FullJob job({60, 20, 30}, {30, 10, -5, 0, 2.0}, {1, 20, 0, 0, 2.0});
  const RunSummary summary = job.run();
  EXPECT_DOUBLE_EQ(summary.plan.decode_factor, 1.0);
  EXPECT_EQ(job.x->most_decodes(), 2);  // the survey needs it too
  EXPECT_EQ(job.w->most_decodes(), 1);
}

std::int64_t resident_bytes() {
  std::int64_t pages = 0;
  std::int64_t resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * sysconf(_SC_PAGE_SIZE);
}

/// Forgets what it is given, and notes the process's memory.
class WatchingSink : public core::BlockSink {
 public:
  void write(const core::BlockWindow&, std::span<const float> values, std::span<const core::FlagBits>,
             const core::ParallelFor&) override {
    most = std::max(most, resident_bytes());
    cells += static_cast<std::int64_t>(values.size());
  }
  void finish() override {}
  std::int64_t memory_bytes_for(const core::BlockWindow&) const override { return 0; }
  std::int64_t most = 0;
  std::int64_t cells = 0;
};

/// Writes x on without arithmetic, so that a debug build can take many values.
class Copy : public fakes::NamedStage {
 public:
  Copy() : NamedStage("copy") {}
  std::vector<std::string> inputs() const override { return {"x"}; }
  std::vector<DailyOutput> outputs() const override { return {{"y", false}}; }
  void advance(const Strip& strip) const override {
    for (std::int64_t step = 0; step < strip.steps(); ++step)
      std::ranges::copy(strip.input(0, step), strip.output(0, step).begin());
  }
};

class ConstantSource : public core::BlockSource {
 public:
  const std::string& name() const override { return m_name; }
  core::SourceLayout layout() const override { return {1, 1000, 0, 0, 0.0}; }
  std::unique_ptr<core::FetchedBlock> fetch(const core::BlockWindow&) override {
    class Fetched : public core::FetchedBlock {
      void decode(std::span<float> values, const core::ParallelFor&) override {
        std::ranges::fill(values, 1.0F);
      }
    };
    return std::make_unique<Fetched>();
  }

 private:
  std::string m_name = "x";
};

TEST(FieldPains, Case01MemoryStaysUnderTheBudget) {
#if defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "ThreadSanitizer keeps several bytes of its own for each of ours";
#endif
  // 40 files of a month's maps: 60 MB of values in and 60 MB out, where 24 MiB are granted for them.
  const Cube cube{300, 250, 200};
  auto sink = std::make_shared<WatchingSink>();
  Chain chain;
  chain.grid = fakes::grid_of(cube);
  chain.time = fakes::days_from(0, cube.steps);
  chain.sources = {{"x", std::make_shared<ConstantSource>()}};
  chain.stages = {std::make_shared<Copy>()};
  chain.sinks = {{"y", sink}};
  RunOptions options;
  options.threads = 1;
  options.memory_bytes = 140LL << 20;
  const std::int64_t before = resident_bytes();
  const RunSummary summary = run(chain, options, ".");
  EXPECT_EQ(sink->cells, cube.steps * cube.cells());
  EXPECT_LE(summary.plan.estimated_bytes, options.memory_bytes);
  EXPECT_LE(sink->most - before, 28LL << 20) << summary.plan.explanation;
}

}  // namespace
}  // namespace rootzone::engine
