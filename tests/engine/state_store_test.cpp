#include "rootzone/engine/state_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

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

/// Keeps what surveys found as well.
class SurveyStore : public MemoryStore {
 public:
  bool load_survey(std::size_t stage, std::span<std::vector<double>> fields) override {
    if (!surveys.contains(stage)) return false;
    std::copy(surveys[stage].begin(), surveys[stage].end(), fields.begin());
    return true;
  }
  void save_survey(std::size_t stage, std::span<const std::vector<double>> fields) override {
    surveys[stage].assign(fields.begin(), fields.end());
  }
  std::map<std::size_t, std::vector<std::vector<double>>> surveys;
};

TEST(StateStore, ASurveyIsMadeOnceAndThenRemembered) {
  SurveyStore store;
  const auto anomaly_of = [&](std::int64_t first, std::int64_t count) {
    auto job = std::make_unique<Days>(first, count, &store);
    job->chain.stages = {std::make_shared<fakes::Anomaly>("x", "y", true)};
    job->chain.sinks = {{"y", job->daily}};
    return job;
  };
  const auto early = anomaly_of(0, 5);
  run(early->chain, early->options, ".");
  const auto found = store.surveys;
  ASSERT_EQ(found.size(), 1U);
  const auto late = anomaly_of(5, 3);
  late->options.forced_block = BlockShape{3, 7};
  run(late->chain, late->options, ".");
  EXPECT_EQ(late->source->fetches, 1) << "the later days are read once, for the main pass alone";
  EXPECT_EQ(store.surveys, found);
  const auto& mean = dynamic_cast<const fakes::Anomaly&>(*early->chain.stages.front()).mean;
  EXPECT_EQ(dynamic_cast<const fakes::Anomaly&>(*late->chain.stages.front()).mean, mean);
}

/// Looks beyond a pixel.
class GlobalAnomaly : public fakes::Anomaly {
 public:
  using fakes::Anomaly::Anomaly;
  bool survey_is_local() const override { return false; }
};

TEST(Tiles, RowsOfAGridGiveWhatTheWholeGridGives) {
  Days whole(0, 10, nullptr);
  run(whole.chain, whole.options, ".");
  Days part(0, 10, nullptr);
  for (const RowBand& band : {RowBand{5, 2}, RowBand{0, 3}, RowBand{3, 2}}) {
    Days tile(0, 10, nullptr);
    tile.chain.sinks = part.chain.sinks;  // three tiles into one sink, which refuses a cell that comes twice
    tile.options.rows = band;
    tile.options.forced_block = BlockShape{4, 2};
    run(tile.chain, tile.options, ".");
  }
  EXPECT_TRUE(part.daily->complete());
  EXPECT_TRUE(part.daily->same_bytes(*whole.daily));
  EXPECT_TRUE(part.mean->same_bytes(*whole.mean));
}

TEST(Tiles, SurveyTheirRowsUnlessTheSurveyLooksFurther) {
  for (const bool local : {true, false}) {
    Days tile(0, 4, nullptr);
    std::shared_ptr<fakes::Anomaly> stage = local ? std::make_shared<fakes::Anomaly>("x", "y", true)
                                                  : std::make_shared<GlobalAnomaly>("x", "y", true);
    tile.chain.stages = {stage};
    tile.chain.sinks = {{"y", tile.daily}};
    tile.options.rows = RowBand{2, 3};
    tile.options.forced_block = BlockShape{4, 7};
    run(tile.chain, tile.options, ".");
    EXPECT_EQ(std::isnan(stage->mean.front()), local);
    EXPECT_FALSE(std::isnan(stage->mean[2 * cols]));
  }
}

}  // namespace
}  // namespace rootzone::engine
