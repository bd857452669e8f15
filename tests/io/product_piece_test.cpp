#include "rootzone/io/product_piece.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "product_fixture.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/sha256.hpp"

namespace rootzone::io {
namespace {

using testing::OutputFolder;

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// 300 × 140 cells, so that there are three rows and two columns of chunks; 40 days in two months.
class ProductPiece : public ::testing::Test {
 protected:
  ProductPiece()
      : spec(testing::daily_spec(core::Grid("", {0, 0, 140, 300}, 300, 140), {2016, 1, 10}, {2016, 2, 18})),
        cube(testing::wavy_cube(spec)) {
    spec.split = Split::month;
  }

  std::filesystem::path write_piece(const PieceRows& rows, std::int64_t steps,
                                    std::int64_t block_rows) const {
    const auto path = folder.path() / ("piece_" + std::to_string(rows.first_row));
    const auto [sink, sum] = create_product_piece(spec, rows, path, folder.path());
    for (core::BlockWindow window : testing::cut(spec, steps, block_rows)) {
      const std::int64_t first = std::max(window.first_row, rows.first_row);
      const std::int64_t end = std::min(window.first_row + window.rows, rows.first_row + rows.rows);
      if (end <= first) continue;
      window.first_row = first;
      window.rows = end - first;
      testing::write_window(*sink, spec, cube, window);
    }
    sink->finish();
    EXPECT_EQ(sum->bytes, static_cast<std::int64_t>(std::filesystem::file_size(path)));
    EXPECT_EQ(sum->sha256, sha256_of_file(path));
    return path;
  }

  void join(const std::vector<std::filesystem::path>& pieces) const {
    std::filesystem::create_directories(folder.path() / "joined");
    join_product_pieces(spec, pieces, folder.path() / "joined", folder.path(), [] {});
  }

  OutputFolder folder;
  ProductSpec spec;
  testing::Cube cube;
};

TEST_F(ProductPiece, PiecesJoinToTheBytesOfTheProduct) {
  std::filesystem::create_directories(folder.path() / "whole");
  testing::write_product(spec, cube, folder.path() / "whole", testing::cut(spec, 7, 50));
  ASSERT_EQ(product_piece_rows(spec.grid), 128);
  join({write_piece({256, 44}, 40, 44), write_piece({0, 256}, 3, 100)});
  const auto files = netcdf_product_files(spec, folder.path() / "whole");
  ASSERT_EQ(files.size(), 2U);
  for (const auto& file : files)
    EXPECT_EQ(bytes_of(file),
              bytes_of(folder.path() / "joined" / std::filesystem::relative(file, folder.path() / "whole")));
}

TEST_F(ProductPiece, RowsThatCutThroughChunksAreABug) {
  EXPECT_THROW(create_product_piece(spec, {100, 28}, folder.path() / "x", folder.path()), core::Error);
  EXPECT_THROW(create_product_piece(spec, {0, 200}, folder.path() / "x", folder.path()), core::Error);
}

TEST_F(ProductPiece, WhatIsMissingTwiceOrCutShortIsRefused) {
  const auto first = write_piece({0, 128}, 40, 128);
  const auto middle = write_piece({128, 128}, 40, 128);
  const auto last = write_piece({256, 44}, 40, 44);
  EXPECT_THROW(join({first, last}), core::Error);
  EXPECT_THROW(join({first, middle}), core::Error);
  EXPECT_THROW(join({first, middle, middle, last}), core::Error);
  std::filesystem::resize_file(middle, std::filesystem::file_size(middle) - 10);
  EXPECT_THROW(join({first, middle, last}), core::Error);
  EXPECT_TRUE(netcdf_product_files(spec, folder.path() / "joined").size() == 2U);
  for (const auto& file : netcdf_product_files(spec, folder.path() / "joined"))
    EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(ProductPiece, ALengthBeyondTheFileIsRefusedBeforeMemoryIsAskedFor) {
  const auto first = write_piece({0, 256}, 40, 256);
  const auto last = write_piece({256, 44}, 40, 44);
  std::fstream file(last, std::ios::in | std::ios::out | std::ios::binary);
  const std::int64_t length = std::int64_t{1} << 50;
  file.seekp(8 + 16);
  file.write(reinterpret_cast<const char*>(&length), sizeof length);
  file.close();
  try {
    join({first, last});
    FAIL() << "joined";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::data);
    EXPECT_THAT(error.what(), ::testing::HasSubstr(last.string() + " is damaged"));
  }
}

TEST_F(ProductPiece, APieceThatLacksCellsIsNotFinished) {
  const auto sink = create_product_piece(spec, {0, 128}, folder.path() / "half", folder.path()).sink;
  testing::write_window(*sink, spec, cube, {0, 20, 0, 128});
  EXPECT_THROW(sink->finish(), core::Error);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "half"));
}

}  // namespace
}  // namespace rootzone::io
