#include "rootzone/engine/state_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::engine {
namespace {

using fakes::Cube;

constexpr std::int64_t rows = 7;
constexpr std::int64_t cols = 5;

/// Keeps whole-grid fields by stage, whatever the bands were; what a run saves counts from commit() on.
class MemoryStore : public StateStore {
 public:
  void load(std::size_t stage, const RowBand& band, std::span<const std::span<double>> fields) override {
    ++loads;
    if (!kept.contains(stage)) return;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const std::int64_t values = static_cast<std::int64_t>(fields[i].size()) / (band.rows * cols);
      for (std::int64_t value = 0; value < values; ++value)
        std::copy_n(kept[stage][i].begin() + (value * rows + band.first_row) * cols, band.rows * cols,
                    fields[i].begin() + value * band.rows * cols);
    }
  }
  void save(std::size_t stage, const RowBand& band,
            std::span<const std::span<const double>> fields) override {
    ++saves;
    auto& saved = m_next[stage];
    saved.resize(fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const std::int64_t values = static_cast<std::int64_t>(fields[i].size()) / (band.rows * cols);
      saved[i].resize(static_cast<std::size_t>(values * rows * cols));
      for (std::int64_t value = 0; value < values; ++value)
        std::copy_n(fields[i].begin() + value * band.rows * cols, band.rows * cols,
                    saved[i].begin() + (value * rows + band.first_row) * cols);
    }
  }
  void commit() { kept = m_next; }
  std::map<std::size_t, std::vector<std::vector<double>>> kept;
  int loads = 0;
  int saves = 0;

 private:
  std::map<std::size_t, std::vector<std::vector<double>>> m_next;
};

struct Days {
  std::shared_ptr<fakes::Source> source;
  std::shared_ptr<fakes::Sink> daily;
  std::shared_ptr<fakes::Sink> mean;
  Chain chain;
  RunOptions options;
  Days(std::int64_t first, std::int64_t count, StateStore* store) {
    const Cube cube{count, rows, cols};
    source = std::make_shared<fakes::Source>("x", cube, core::SourceLayout{},
                                             [first](std::int64_t step, std::int64_t row, std::int64_t col) {
                                               return fakes::rough(first + step, row, col);
                                             });
    daily = std::make_shared<fakes::Sink>(cube, true);
    mean = std::make_shared<fakes::Sink>(Cube{2, rows, cols}, true);
    chain.grid = fakes::grid_of(cube);
    chain.time = fakes::days_from(first, count);
    chain.sources = {{"x", source}};
    chain.stages = {std::make_shared<fakes::Decay>("x", "y"), std::make_shared<fakes::Mean>("y", "mean")};
    chain.sinks = {{"y", daily}, {"mean", mean}};
    options.threads = 2;
    options.state_store = store;
  }
};

TEST(StateStore, FiveDaysAndFiveMoreAreTen) {
  MemoryStore straight;
  Days ten(0, 10, &straight);
  run(ten.chain, ten.options, ".");
  straight.commit();

  MemoryStore store;
  Days early(0, 5, &store);
  early.options.forced_block = BlockShape{2, 3};
  run(early.chain, early.options, ".");
  store.commit();
  Days late(5, 5, &store);
  late.options.forced_block = BlockShape{3, 4};  // other bands than those that saved
  run(late.chain, late.options, ".");
  store.commit();

  std::vector<float> values = early.daily->values;
  values.insert(values.end(), late.daily->values.begin(), late.daily->values.end());
  EXPECT_EQ(std::memcmp(values.data(), ten.daily->values.data(), values.size() * sizeof(float)), 0);
  EXPECT_TRUE(late.mean->same_bytes(*ten.mean));
  EXPECT_FALSE(early.mean->same_bytes(*ten.mean));
  EXPECT_EQ(store.kept, straight.kept);
  EXPECT_EQ(store.saves, 2 * 3 + 2 * 2);  // two stages; three bands, then two
}

TEST(StateStore, StagesWithoutStateAreNotAskedAndSurveysDoNotSave) {
  MemoryStore store;
  Days job(0, 4, &store);
  job.chain.stages = {std::make_shared<fakes::Decay>("x", "y"), std::make_shared<fakes::Anomaly>("y", "z")};
  job.chain.sinks = {{"y", job.daily}};
  run(job.chain, job.options, ".");
  store.commit();
  EXPECT_EQ(store.kept.size(), 1U);
  EXPECT_EQ(store.loads, 2 * store.saves);
}

TEST(FieldPains, Case15AnInterruptedRunIsRepeatedWithTheSameBytes) {
  MemoryStore straight;
  Days whole(0, 10, &straight);
  run(whole.chain, whole.options, ".");
  straight.commit();
  for (int stop_at = 1; stop_at <= 9; stop_at += 4) {
    MemoryStore store;
    std::atomic<int> signal{0};
    Days stopped(0, 10, &store);
    stopped.options.forced_block = BlockShape{2, 4};
    stopped.options.stop_signal = &signal;
    stopped.source->before_fetch = [&](const core::BlockWindow&) {
      if (stopped.source->fetches + 1 == stop_at) signal = 15;
    };
    EXPECT_THROW(run(stopped.chain, stopped.options, "."), core::Interrupted);
    MemoryStore fresh = store;  // what the stopped run saved was not committed
    Days again(0, 10, &fresh);
    run(again.chain, again.options, ".");
    fresh.commit();
    EXPECT_TRUE(again.daily->same_bytes(*whole.daily));
    EXPECT_EQ(fresh.kept, straight.kept);
  }
}

TEST(StateStore, ARefusedStateStopsTheRun) {
  class Refusing : public MemoryStore {
    void load(std::size_t, const RowBand&, std::span<const std::span<double>>) override {
      throw core::Error(core::ErrorKind::state, "the state is of another grid");
    }
  };
  Refusing store;
  Days job(0, 4, &store);
  try {
    run(job.chain, job.options, ".");
    store.commit();
    FAIL() << "the state was accepted";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::state);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("loading the state"));
  }
  EXPECT_TRUE(job.daily->windows.empty());
}

}  // namespace
}  // namespace rootzone::engine
