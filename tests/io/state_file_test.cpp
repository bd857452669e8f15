#include "rootzone/io/state_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>

#include "io/output_folder.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

using ::testing::HasSubstr;
using testing::OutputFolder;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

std::filesystem::path write_small(const std::filesystem::path& folder) {
  const auto path = folder / "small.rzstate";
  StateFileWriter writer(path, R"({"grid": 1})");
  writer.append(std::vector<double>{0.1, -0.0, not_a_number});
  writer.append(std::vector<double>{});
  writer.append(std::vector<double>{1e-310, std::numeric_limits<double>::infinity()});
  writer.commit();
  return path;
}

TEST(StateFile, GivesBackEveryBit) {
  const OutputFolder folder;
  const StateFile file(write_small(folder.path()));
  EXPECT_THAT(file.header(), ::testing::StartsWith(R"({"grid": 1})"));
  ASSERT_EQ(file.records(), 3U);
  EXPECT_EQ(file.record(0)[0], 0.1);
  EXPECT_TRUE(std::signbit(file.record(0)[1]));
  EXPECT_TRUE(std::isnan(file.record(0)[2]));
  EXPECT_TRUE(file.record(1).empty());
  EXPECT_EQ(file.record(2)[0], 1e-310);
}

TEST(StateFile, WritesEveryNanAlike) {
  const OutputFolder folder;
  std::uint64_t payload = 0xFFF8000000000123ULL;
  double odd = 0.0;
  std::memcpy(&odd, &payload, sizeof odd);
  for (const auto& [name, value] : {std::pair{"a", odd}, std::pair{"b", not_a_number}}) {
    StateFileWriter writer(folder.path() / name, "{}");
    writer.append(std::vector<double>{value});
    writer.commit();
  }
  EXPECT_EQ(bytes_of(folder.path() / "a"), bytes_of(folder.path() / "b"));
}

TEST(StateFile, IsRefusedForAnyByteThatIsAnotherAndForAnyLengthThatIsLess) {
  const OutputFolder folder;
  const auto path = write_small(folder.path());
  const std::string whole = bytes_of(path);
  const auto refused = [&](const std::string& bytes) {
    write_bytes(path, bytes);
    try {
      const StateFile file(path);
      return false;
    } catch (const core::Error& error) {
      EXPECT_EQ(error.kind(), core::ErrorKind::state);
      EXPECT_THAT(error.what(), HasSubstr(path.string()));
      return true;
    }
  };
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    EXPECT_TRUE(refused(changed)) << "byte " << at;
    EXPECT_TRUE(refused(whole.substr(0, at))) << at << " bytes";
  }
  EXPECT_TRUE(refused(whole + "x"));
  EXPECT_FALSE(refused(whole));
}

TEST(StateFile, ALaterFormatIsNamed) {
  const OutputFolder folder;
  const auto path = write_small(folder.path());
  std::string later = bytes_of(path);
  later[7] = '2';
  write_bytes(path, later);
  try {
    const StateFile file(path);
    FAIL() << "accepted";
  } catch (const core::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("RZSTATE2"));
  }
}

TEST(StateFile, IsNotThereUntilItIsCommitted) {
  const OutputFolder folder;
  const auto path = folder.path() / "never.rzstate";
  {
    StateFileWriter writer(path, "{}");
    writer.append(std::vector<double>{1.0});
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace rootzone::io
