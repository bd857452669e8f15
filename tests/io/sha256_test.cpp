#include "rootzone/io/sha256.hpp"

#include <gtest/gtest.h>

#include "io/output_folder.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"

namespace rootzone::io {
namespace {

// The examples of FIPS 180-2, appendix B.
constexpr const char* digest_of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* digest_of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr const char* digest_of_a_million_a =
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

TEST(Sha256, AgreesWithThePublishedExamples) {
  EXPECT_EQ(sha256_of_text("abc"), digest_of_abc);
  EXPECT_EQ(sha256_of_text(""), digest_of_nothing);
}

TEST(Sha256, PiecesAndFilesGiveTheDigestOfTheWhole) {
  Sha256 hash;
  for (int i = 0; i < 1000; ++i) hash.update(std::string(1000, 'a'));
  EXPECT_EQ(hash.hex_digest(), digest_of_a_million_a);
  const testing::OutputFolder folder;
  write_file_atomically(folder / "a", std::string(1'000'000, 'a'));
  EXPECT_EQ(sha256_of_file(folder / "a"), digest_of_a_million_a);
}

TEST(Sha256, AnAbsentFileOrAFolderIsADataErrorNamingIt) {
  const testing::OutputFolder folder;
  EXPECT_THROW(sha256_of_file(folder.path()), core::Error);
  try {
    sha256_of_file(folder / "absent.nc");
    FAIL() << "expected an error";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::data);
    EXPECT_NE(std::string(error.what()).find("absent.nc"), std::string::npos);
  }
}

}  // namespace
}  // namespace rootzone::io
