#include "rootzone/io/folder_lock.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <optional>
#include <thread>

#include "io/output_folder.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::OutputFolder;
using Kind = FolderLock::Kind;

TEST(FolderLock, OneAtATimeAndTheOtherIsNamed) {
  const OutputFolder folder;
  std::optional<FolderLock> held(std::in_place, folder.path(), Kind::exclusive, "rootzone update a.toml");
  try {
    const FolderLock second(folder.path(), Kind::exclusive, "rootzone run b.toml");
    FAIL() << "two at once";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::environment);
    EXPECT_THAT(error.what(), AllOf(HasSubstr("process " + std::to_string(::getpid())),
                                    HasSubstr("rootzone update a.toml"), HasSubstr(folder.path().string())));
  }
  EXPECT_THROW(FolderLock(folder.path(), Kind::shared, "x"), core::Error);
  held.reset();
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  const FolderLock next(folder.path(), Kind::exclusive, "x");
}

TEST(FolderLock, WorkersShareItAndKeepOthersOut) {
  const OutputFolder folder;
  {
    const FolderLock one(folder.path(), Kind::shared, "tile 0/2");
    std::optional<FolderLock> two(std::in_place, folder.path(), Kind::shared, "tile 1/2");
    EXPECT_THROW(FolderLock(folder.path(), Kind::exclusive, "assemble"), core::Error);
    two.reset();
    EXPECT_THROW(FolderLock(folder.path(), Kind::exclusive, "assemble"), core::Error);
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(FolderLock, DiesWithItsHolder) {
  const OutputFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    const FolderLock held(folder.path(), Kind::exclusive, "child");
    ::_exit(0);  // without unlocking
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(std::filesystem::exists(folder.path() / ".work/lock"));
  const FolderLock next(folder.path(), Kind::exclusive, "next");
}

// A worker that ends asks for the lock alone: one that begins in that moment waits for it to pass.
TEST(FolderLock, OutlivesTheMomentAnotherLetsGoIn) {
  const OutputFolder folder;
  std::filesystem::create_directories(folder / ".work");
  const int ending = ::open((folder / ".work/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  ASSERT_EQ(::flock(ending, LOCK_EX | LOCK_NB), 0);
  std::thread worker([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(8));
    ::close(ending);
  });
  EXPECT_NO_THROW(FolderLock(folder.path(), Kind::shared, "tile 1/2"));
  worker.join();
}

}  // namespace
}  // namespace rootzone::io
