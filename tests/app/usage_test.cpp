#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

namespace {

struct Outcome {
  int exit_code = -1;
  std::string text;  ///< both streams
};

Outcome rootzone(const std::string& arguments) {
  Outcome outcome;
  FILE* pipe = popen((std::string(ROOTZONE_PROGRAM " ") + arguments + " 2>&1").c_str(), "r");
  std::array<char, 4096> buffer{};
  while (pipe && std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe))
    outcome.text += buffer.data();
  if (pipe) outcome.exit_code = WEXITSTATUS(pclose(pipe));
  return outcome;
}

bool says(const Outcome& outcome, const std::string& part) {
  return outcome.text.find(part) != std::string::npos;
}

TEST(Usage, WithoutACommandListsThem) {
  const Outcome outcome = rootzone("");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_TRUE(says(outcome, "expected a command of rootzone: demo, check, run, validate,")) << outcome.text;
}

TEST(Usage, AMistypedCommandIsRecognised) {
  const Outcome close = rootzone("rnu pipeline.toml");
  EXPECT_EQ(close.exit_code, 2);
  EXPECT_TRUE(says(close, "'rnu' is no command of rootzone; did you mean 'run'?")) << close.text;
  const Outcome far = rootzone("--quiet forecast");
  EXPECT_EQ(far.exit_code, 2);
  EXPECT_TRUE(says(far, "'forecast' is no command of rootzone. There are: demo, ")) << far.text;
}

TEST(Usage, AFolderIsNoPipelineFile) {
  const Outcome outcome = rootzone("run /");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_TRUE(says(outcome, "/: is a folder; expected a pipeline file")) << outcome.text;
}

TEST(Usage, TheVersionNamesItsRevision) {
  const Outcome outcome = rootzone("--version");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.text.rfind("rootzone 0.", 0), 0U) << outcome.text;
  EXPECT_TRUE(says(outcome, "(") && says(outcome, ")")) << outcome.text;
}

TEST(Usage, ASiteWithoutAColumnSaysWhich) {
  const std::string file = ::testing::TempDir() + "rootzone_site_" + std::to_string(::getpid()) + ".csv";
  std::ofstream(file) << "date,precipitation_mm\n2010-01-01,3\n";
  const Outcome absent = rootzone("storage " + file);
  EXPECT_EQ(absent.exit_code, 3);
  EXPECT_TRUE(says(absent, file + ": mass_curve evaporation needs the column 'evaporation_mm'"))
      << absent.text;
  std::ofstream(file) << "date,surface_soil_moisture\n2010-01-01,0.3\n";
  const Outcome layer = rootzone("moisture " + file + " --stage exponential_filter --set time=map");
  EXPECT_EQ(layer.exit_code, 2);
  EXPECT_TRUE(says(layer, "a site has no layer or series 'map'; give a number")) << layer.text;
  std::remove(file.c_str());
}

TEST(Usage, AnOptionOutOfItsBoundsIsRefusedBeforeAnythingIsMade) {
  const Outcome outcome = rootzone("demo /nonexistent/demo --rows 3");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_TRUE(says(outcome, "--rows: Value 3 not in range 4 to 2000")) << outcome.text;
}

}  // namespace
