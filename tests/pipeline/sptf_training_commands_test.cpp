#include "rootzone/pipeline/sptf_training_commands.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include "rootzone/core/error.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/io/network_file.hpp"
#include "sptf_folder.hpp"

namespace rootzone::pipeline {
namespace {

namespace fs = std::filesystem;

/// A new folder that goes with this object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "rootzone-sptf-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    m_path = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  fs::path operator/(const char* name) const { return m_path / name; }

 private:
  fs::path m_path;
};

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// One folder of twins for all tests of this file, made when first asked for.
const fs::path& twins_folder() {
  static const TemporaryFolder scratch;
  static const fs::path folder = [] {
    study::TwinOptions options;
    options.sites = 16;
    write_twins(scratch / "twins", options, {});
    return scratch / "twins";
  }();
  return folder;
}

TrainRequest tiny_training(const fs::path& out) {
  TrainRequest request;
  request.sites = twins_folder();
  request.out = out;
  request.model = study::SptfModel::fredlund_xing;
  request.settings.iterations = 8;
  request.settings.batch = 8;
  request.settings.hidden = 16;
  request.settings.learning_rate = 2e-2;
  request.settings.target_days = 60;
  request.settings.spin_up_days = 10;
  request.settings.validation_interval = 4;
  request.checkpoint_interval = 2;
  return request;
}

/// Raises a signal after so many units of progress.
class SignalAfter : public core::ProgressSink {
 public:
  SignalAfter(std::atomic<int>& signal, std::int64_t units) : m_signal(signal), m_left(units) {}
  void begin(std::string_view, std::int64_t) override {}
  void advance(std::int64_t units) override {
    m_left -= units;
    if (m_left <= 0) m_signal.store(15);
  }
  void end() override {}

 private:
  std::atomic<int>& m_signal;
  std::int64_t m_left;
};

double first_training_loss(const io::CsvTable& losses, std::size_t from, std::size_t count) {
  double sum = 0.0;
  for (std::size_t i = from; i < from + count; ++i) sum += losses.number(i, losses.column("training_rmse"));
  return sum / static_cast<double>(count);
}

TEST(SptfTwins, FolderReadsBackAndIsTheSameWhenMadeAgain) {
  const SptfFolder folder = read_sptf_folder(twins_folder(), core::serial_for);
  EXPECT_GE(folder.sites.size(), 14U);
  for (const study::SptfSite& site : folder.sites) {
    EXPECT_EQ(site.days(), 730U);
    EXPECT_EQ(site.true_moisture_5cm.size(), 730U);
    EXPECT_NEAR(site.soil.sand + site.soil.silt + site.soil.clay, 1.0, 1e-5);
  }
  EXPECT_EQ(read_twin_truths(twins_folder()).size(), 16U);
  const TemporaryFolder out;
  study::TwinOptions options;
  options.sites = 2;
  write_twins(out / "again", options, {});
  EXPECT_EQ(bytes_of(out / "again" / "twin_0002.csv"), bytes_of(twins_folder() / "twin_0002.csv"));
}

TEST(SptfTwins, AFolderOfOtherThingsIsLeftAlone) {
  const TemporaryFolder out;
  fs::create_directories(out / "mine");
  std::ofstream(out / "mine" / "letter.txt") << "dear";
  EXPECT_THROW(write_twins(out / "mine", {}, {}), core::Error);
  EXPECT_EQ(bytes_of(out / "mine" / "letter.txt"), "dear");
}

TEST(SptfTrain, ATinyNetworkLearnsAndItsFileSaysHow) {
  const TemporaryFolder out;
  TrainRequest request = tiny_training(out / "run");
  request.settings.iterations = 24;
  std::ostringstream words;
  train_sptf(request, {}, words);
  const io::CsvTable losses = io::CsvTable::read(out / "run" / "loss.csv");
  ASSERT_EQ(losses.rows(), 24U);
  EXPECT_LT(first_training_loss(losses, 16, 8), 0.8 * first_training_loss(losses, 0, 4));
  const sptf::Network network = io::read_network(out / "run" / "weights.nc");
  EXPECT_EQ(network.model, sptf::HydraulicModel::fredlund_xing);
  EXPECT_EQ(network.weights.shape.hidden, 16);
  EXPECT_NE(network.data.find("twins"), std::string::npos);
  EXPECT_NE(bytes_of(out / "run" / "loss.svg").find("<svg"), std::string::npos);
  EXPECT_LT(fs::file_size(out / "run" / "checkpoint.rzsptf"), 100000U);
}

TEST(SptfTrain, StoppedAndResumedEqualsUninterrupted) {
  const TemporaryFolder out;
  std::ostringstream words;
  train_sptf(tiny_training(out / "whole"), {}, words);
  std::atomic<int> signal{0};
  SignalAfter stop(signal, 3);
  SptfJobContext stopped;
  stopped.progress = &stop;
  stopped.stop_signal = &signal;
  EXPECT_THROW(train_sptf(tiny_training(out / "parts"), stopped, words), core::Interrupted);
  EXPECT_TRUE(fs::exists(out / "parts" / "checkpoint.rzsptf"));
  train_sptf(tiny_training(out / "parts"), {}, words);
  EXPECT_EQ(bytes_of(out / "parts" / "weights.nc"), bytes_of(out / "whole" / "weights.nc"));
  EXPECT_EQ(bytes_of(out / "parts" / "loss.csv"), bytes_of(out / "whole" / "loss.csv"));
}

TEST(SptfTrain, ACheckpointOfAnotherTrainingOrADamagedOneIsRefused) {
  const TemporaryFolder out;
  std::ostringstream words;
  TrainRequest request = tiny_training(out / "run");
  request.settings.iterations = 2;
  train_sptf(request, {}, words);
  request.settings.batch = 9;
  try {
    train_sptf(request, {}, words);
    FAIL() << "another batch size must be refused";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::state);
    EXPECT_NE(std::string(error.what()).find("batch 8 instead of 9"), std::string::npos) << error.what();
  }
  request.settings.batch = 8;
  std::string bytes = bytes_of(out / "run" / "checkpoint.rzsptf");
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  std::ofstream(out / "run" / "checkpoint.rzsptf", std::ios::binary) << bytes;
  EXPECT_THROW(train_sptf(request, {}, words), core::Error);
  request.restart = true;
  EXPECT_NO_THROW(train_sptf(request, {}, words));
}

TEST(SptfTrain, TheSurrogateRoadGivesANetworkToo) {
  const TemporaryFolder out;
  TrainRequest request = tiny_training(out / "run");
  request.physics = TrainingPhysics::surrogate;
  request.settings.iterations = 4;
  request.surrogate.runs = 40;
  request.surrogate.days = 60;
  request.surrogate.hidden = 8;
  request.surrogate.batch = 24;
  request.surrogate.iterations = 10;
  std::ostringstream words;
  train_sptf(request, {}, words);
  const sptf::Network network = io::read_network(out / "run" / "weights.nc");
  EXPECT_NE(network.training.find("surrogate of 8 units trained on 40 column runs"), std::string::npos)
      << network.training;
}

TEST(SptfEvaluate, TablesAndReportOfTinyRuns) {
  const TemporaryFolder out;
  std::ostringstream words;
  TrainRequest training = tiny_training(out / "run");
  training.settings.iterations = 4;
  train_sptf(training, {}, words);
  InverseRequest inverse;
  inverse.sites = twins_folder();
  inverse.out = out / "inverse";
  inverse.model = study::SptfModel::fredlund_xing;
  inverse.settings.search.max_evaluations = 60;
  invert_sptf(inverse, {}, words);
  EvaluateRequest request;
  request.sites = twins_folder();
  request.out = out / "judged";
  request.weights = {out / "run" / "weights.nc"};
  request.inverses = {out / "inverse" / "inverse_fxw.csv"};
  request.input_days = {20, 365};
  request.windows_per_length = 1;
  request.shuffles = 1;
  request.record_scores = true;
  evaluate_sptf(request, {}, words);
  const auto recorded = io::read_network(request.weights.front()).scores;
  const auto sites = std::find_if(recorded.begin(), recorded.end(),
                                  [](const auto& score) { return score.first == "test_truth_sites"; });
  ASSERT_NE(sites, recorded.end());
  EXPECT_GE(sites->second, 1.0);
  EXPECT_EQ(recorded.front().first, "validation_rmse_m3_m-3") << "what the training wrote stays";
  const io::CsvTable scores = io::CsvTable::read(out / "judged" / "scores.csv");
  const std::size_t failed = scores.column("failed");
  int overall = 0;
  for (std::size_t row = 0; row < scores.rows(); ++row)
    if (scores.text(row, scores.column("grouping")) == "all" &&
        scores.text(row, scores.column("reference")) == "truth") {
      ++overall;
      EXPECT_EQ(scores.text(row, failed).empty(), false);
    }
  EXPECT_GE(overall, 4) << "network, inverse and at least two pedotransfer functions";
  EXPECT_EQ(io::CsvTable::read(out / "judged" / "input_length.csv").rows(), 2U);
  EXPECT_EQ(io::CsvTable::read(out / "judged" / "importance.csv").rows(), 9U);
  EXPECT_NE(bytes_of(out / "judged" / "report.html").find("sptf_fxw"), std::string::npos);
  EXPECT_NE(words.str().find("inverse_fxw: NSE"), std::string::npos);
}

TEST(SptfEvaluate, RefusesWhatCannotBeJudged) {
  EvaluateRequest request;
  request.sites = twins_folder();
  std::ostringstream words;
  EXPECT_THROW(evaluate_sptf(request, {}, words), core::Error) << "nothing to judge";
  request.inverses = {"nowhere.csv"};
  request.part = "tset";
  EXPECT_THROW(evaluate_sptf(request, {}, words), core::Error);
}

TEST(SptfFolder, SaysWhatIsWrongWithASite) {
  const TemporaryFolder out;
  fs::create_directories(out / "sites");
  std::ofstream(out / "sites" / "sites.csv") << "site,sand,silt,clay,bulk_density\na,40,40,20,1.4\n";
  try {
    read_sptf_folder(out / "sites", core::serial_for);
    FAIL() << "per cent must be refused";
  } catch (const core::Error& error) {
    EXPECT_NE(std::string(error.what()).find("line 2"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("fractions"), std::string::npos) << error.what();
  }
  std::ofstream(out / "sites" / "sites.csv") << "site,sand,silt,clay,bulk_density\na,0.4,0.4,0.2,1.4\n";
  std::ofstream(out / "sites" / "a.csv")
      << "date,surface_soil_moisture,precipitation_mm,potential_evapotranspiration_mm,leaf_area_index,"
         "land_surface_temperature_c\n2001-01-01,0.2,0,1,1,5\n";
  try {
    read_sptf_folder(out / "sites", core::serial_for);
    FAIL() << "a day is not two years";
  } catch (const core::Error& error) {
    EXPECT_NE(std::string(error.what()).find("two years"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace rootzone::pipeline
