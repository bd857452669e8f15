#include "rootzone/io/atomic_file.hpp"

#include <gtest/gtest.h>

#include "io/output_folder.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/scratch_dir.hpp"

namespace rootzone::io {
namespace {

using testing::bytes_of;
using testing::OutputFolder;

TEST(AtomicFile, AppearsOnlyWhenCommittedAndReplacesTheOldOne) {
  const OutputFolder folder;
  const auto target = folder / "metrics.csv";
  write_file_atomically(target, "old");
  AtomicFile file(target);
  file.append("new ");
  file.append("text");
  EXPECT_EQ(bytes_of(target), "old");
  EXPECT_EQ(folder.files(), (std::set<std::string>{".metrics.csv.part", "metrics.csv"}));
  file.commit();
  EXPECT_EQ(bytes_of(target), "new text");
  EXPECT_EQ(file.size(), 8);
  EXPECT_EQ(folder.files(), (std::set<std::string>{"metrics.csv"}));
}

TEST(AtomicFile, LeavesNothingWithoutCommit) {
  const OutputFolder folder;
  { AtomicFile(folder / "a.csv").append("half"); }
  EXPECT_TRUE(folder.files().empty());
}

TEST(AtomicFile, AFolderThatIsNotThereIsAnEnvironmentErrorNamingIt) {
  const OutputFolder folder;
  try {
    write_file_atomically(folder / "absent/a.csv", "text");
    FAIL() << "expected an error";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::environment);
    EXPECT_NE(std::string(error.what()).find("absent/.a.csv.part"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("No such file"), std::string::npos) << error.what();
  }
}

TEST(AtomicFile, AFullDiskIsAnEnvironmentErrorWithTheBytes) {
  // /dev/full accepts opening and refuses every write.
  const OutputFolder folder;
  std::filesystem::create_symlink("/dev/full", partial_path(folder / "a.csv"));
  try {
    write_file_atomically(folder / "a.csv", "12345");
    FAIL() << "expected an error";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::environment);
    EXPECT_NE(std::string(error.what()).find("No space left on device (5 bytes"), std::string::npos)
        << error.what();
    EXPECT_NE(std::string(error.what()).find("free space"), std::string::npos) << error.what();
  }
  EXPECT_TRUE(folder.files().empty());
}

TEST(ScratchDir, IsEmptyAtTheStartAndGoneAtTheEndEvenOnExceptions) {
  const OutputFolder folder;
  std::filesystem::create_directories(folder / ".work/run/left_by_a_killed_process");
  try {
    const ScratchDir scratch(folder.path(), "run");
    EXPECT_EQ(scratch.path(), folder / ".work/run");
    EXPECT_TRUE(std::filesystem::is_empty(scratch.path()));
    write_file_atomically(scratch.path() / "spool", "x");
    throw std::runtime_error("a stage failed");
  } catch (const std::runtime_error&) {
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(ScratchDir, LeavesTheOthersAlone) {
  const OutputFolder folder;
  const ScratchDir other(folder.path(), "other");
  { const ScratchDir scratch(folder.path(), "run"); }
  EXPECT_TRUE(std::filesystem::exists(other.path()));
}

}  // namespace
}  // namespace rootzone::io
