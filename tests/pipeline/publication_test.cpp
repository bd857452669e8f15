#include "publication.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "io/output_folder.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::pipeline {
namespace {

using io::testing::bytes_of;
using io::testing::OutputFolder;

TEST(Publication, ARepeatedNameChangesNothing) {
  const OutputFolder folder;
  RunRecord record;
  record.out = folder / "new";
  std::filesystem::create_directories(record.out);
  std::filesystem::create_directories(folder / "out");
  std::ofstream(record.out / "map.tif.new") << "new";
  std::ofstream(folder / "out/map.tif") << "old";
  std::ofstream(folder / "out/manifest.json") << "{}";
  record.files = {record.out / "map.tif.new", record.out / "map.tif.new"};
  try {
    publish(record, folder / "out", "{}");
    FAIL() << "published";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::internal);
    EXPECT_NE(std::string(error.what()).find("map.tif"), std::string::npos) << error.what();
  }
  EXPECT_TRUE(std::filesystem::exists(folder / "out/manifest.json"));
  EXPECT_EQ(bytes_of(folder / "out/map.tif"), "old");
}

}  // namespace
}  // namespace rootzone::pipeline
