#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "rootzone/io/product.hpp"

namespace rootzone::io {

/// Rows of the grid in one piece of a product.
struct PieceRows {
  std::int64_t first_row = 0;
  std::int64_t rows = 0;
};

/// Pieces begin on multiples of this: the rows of a chunk, the same for every product of a grid.
std::int64_t product_piece_rows(const core::Grid& grid);

/// The bytes of a piece as they were handed to the file: what comes back from the disk is held against it.
struct PieceSum {
  std::int64_t bytes = 0;
  std::string sha256;
};

/// A piece that is being written.
struct ProductPiece {
  std::unique_ptr<core::BlockSink> sink;
  std::shared_ptr<const PieceSum> sum;  ///< filled by the sink's finish()
};

/// A product's chunks over some rows, compressed as the product will hold them, in one file that no tool
/// takes for a product. Blocks are given as to `create_netcdf_product`, rows of the whole grid. The file has
/// its name after finish(). Throws what that throws; Error(internal) for rows that cut through chunks.
ProductPiece create_product_piece(const ProductSpec& spec, const PieceRows& rows,
                                  const std::filesystem::path& file,
                                  const std::filesystem::path& scratch_dir);

/// Make the NetCDF product(s) of pieces that together have all rows: nothing is compressed anew, and the
/// bytes are those that `create_netcdf_product` gives. go_on is called now and then and throws where the work
/// is to stop. Throws Error(data) for a piece that is damaged, for chunks that two pieces have or none.
void join_product_pieces(const ProductSpec& spec, const std::vector<std::filesystem::path>& pieces,
                         const std::filesystem::path& out_dir, const std::filesystem::path& scratch_dir,
                         const std::function<void()>& go_on);

}  // namespace rootzone::io
