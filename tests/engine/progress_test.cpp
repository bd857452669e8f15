#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <locale>
#include <sstream>

#include "fakes.hpp"
#include "rootzone/engine/terminal_progress.hpp"

namespace rootzone::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ProgressBar, ShowsShareRateAndTimeLeft) {
  double now = 100.0;
  std::ostringstream terminal;
  ProgressBar bar(terminal, [&] { return now; });
  bar.begin("computing", 4'000'000);
  EXPECT_THAT(terminal.str(), EndsWith("computing [........................] 0 %"));
  now = 110.0;
  bar.advance(1'000'000);
  EXPECT_THAT(terminal.str(),
              EndsWith("\r\033[Kcomputing [######..................] 25 %, 100.0 k/s, 30 s left"));
  now = 120.0;
  bar.advance(3'000'000);
  bar.end();
  EXPECT_THAT(terminal.str(), EndsWith("computing [########################] 100 %, 200.0 k/s (20 s)\n"));
}

TEST(ProgressBar, IsRedrawnFiveTimesASecondAtMost) {
  double now = 0.0;
  std::ostringstream terminal;
  ProgressBar bar(terminal, [&] { return now; });
  bar.begin("x", 1000);
  const auto drawn = [&] { return std::ranges::count(terminal.str(), '\r'); };
  for (int i = 0; i < 100; ++i) {
    now += 0.01;
    bar.advance(1);
  }
  EXPECT_GE(drawn(), 5);
  EXPECT_LE(drawn(), 6);
}

TEST(ProgressBar, DoesNotSayAllBeforeAllIsDone) {
  double now = 0.0;
  std::ostringstream terminal;
  ProgressBar bar(terminal, [&] { return now; });
  bar.begin("x", 100'000);
  now = 1.0;
  bar.advance(99'999);
  EXPECT_THAT(terminal.str(), HasSubstr("99 %"));
  EXPECT_THAT(terminal.str(), Not(HasSubstr("100 %")));
}

TEST(ProgressLines, SayEachTenthAndThirtySecondsOfSilence) {
  double now = 0.0;
  std::vector<std::string> lines;
  ProgressLines progress([&](const std::string& line) { lines.push_back(line); }, [&] { return now; });
  progress.begin("computing", 1000);
  now = 10.0;
  progress.advance(99);  // 9 %
  now = 20.0;
  progress.advance(1);  // 10 %
  now = 40.0;
  progress.advance(50);  // 15 %, 20 s after the last line
  now = 51.0;
  progress.advance(1);  // 15 %, 31 s
  now = 7300.0;
  progress.advance(349);
  progress.advance(500);
  progress.end();
  EXPECT_THAT(lines,
              ElementsAre("computing: started", "computing: 10 %, 5.0 /s, 3 min 00 s left",
                          "computing: 15 %, 3.0 /s, 4 min 47 s left",
                          "computing: 50 %, 0.1 /s, 2 h 01 min left", "computing: done in 2 h 01 min"));
}

TEST(ProgressLines, OfAShortJobAreTwo) {
  double now = 0.0;
  std::vector<std::string> lines;
  ProgressLines progress([&](const std::string& line) { lines.push_back(line); }, [&] { return now; });
  progress.begin("computing", 100);
  for (int i = 0; i < 100; ++i) {
    now += 0.009;
    progress.advance(1);
  }
  progress.end();
  EXPECT_THAT(lines, ElementsAre("computing: started", "computing: done in 1 s"));
}

TEST(ProgressLines, SayWhereAJobStopped) {
  double now = 0.0;
  std::vector<std::string> lines;
  ProgressLines progress([&](const std::string& line) { lines.push_back(line); }, [&] { return now; });
  progress.begin("computing", 1000);
  now = 2.0;
  progress.advance(10);
  progress.end();
  progress.end();
  EXPECT_THAT(lines, ElementsAre("computing: started",
                                 "computing: stopped at 1 %, 5.0 /s, 3 min 18 s left after 2 s"));
}

TEST(ProgressLines, DoNotTakeTheLocalesComma) {
  struct Comma : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
  };
  const std::locale before = std::locale::global(std::locale(std::locale::classic(), new Comma));
  double now = 0.0;
  std::string last;
  ProgressLines progress([&](const std::string& line) { last = line; }, [&] { return now; });
  progress.begin("x", 100);
  now = 40.0;
  progress.advance(50);
  std::locale::global(before);
  EXPECT_THAT(last, HasSubstr("1.3 /s"));
}

TEST(ProgressOfARun, CoversEveryValueOfEachPass) {
  struct Book : core::ProgressSink {
    void begin(std::string_view what, std::int64_t units) override {
      said += std::string(what) + " ";
      left = units;
    }
    void advance(std::int64_t units) override { left -= units; }
    void end() override { said += std::to_string(left) + " "; }
    std::string said;
    std::int64_t left = 0;
  };
  const fakes::Cube cube{9, 5, 4};
  Chain chain;
  chain.grid = fakes::grid_of(cube);
  chain.time = fakes::days_from(0, cube.steps);
  chain.sources = {{"x", std::make_shared<fakes::Source>("x", cube, core::SourceLayout{}, fakes::rough)}};
  chain.stages = {std::make_shared<fakes::Anomaly>("x", "y")};
  Book book;
  RunOptions options;
  options.progress = &book;
  options.forced_block = BlockShape{2, 2};
  run(chain, options, ".");
  EXPECT_EQ(book.said, "surveying 0 computing 0 ");
}

}  // namespace
}  // namespace rootzone::engine
