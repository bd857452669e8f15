#include "product_layout.hpp"

#include <algorithm>
#include <set>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

std::size_t label_digits(Split split) {
  switch (split) {
    case Split::year:
      return 4;
    case Split::month:
      return 6;
    case Split::day:
      return 8;
    case Split::all:
      break;
  }
  return 0;
}

/// "2016", "201601", …: as many leading digits of the step's label as the split asks for and the label has.
std::string part_key(const ProductSpec& spec, std::int64_t step) {
  const bool in_time = spec.axis.kind == StepAxis::Kind::days || spec.axis.kind == StepAxis::Kind::periods;
  if (spec.split == Split::all || !in_time) return "";
  const std::string label = spec.axis.file_label(step);
  const std::size_t digits = std::min(label.find_first_not_of("0123456789"), label.size());
  return label.substr(0, std::min(digits, label_digits(spec.split)));
}

std::filesystem::path part_path(const ProductSpec& spec, const std::filesystem::path& out_dir,
                                const std::string& key) {
  if (key.empty()) return out_dir / (spec.variable + spec.ending);
  return out_dir / spec.variable / (spec.variable + "_" + key + spec.ending);
}

}  // namespace

// Chosen by the bytes that a read must decode. On 366 × 1000 × 1000 float32 a chunk of 16 × 128 × 128 (1 MiB)
// costs 16 maps for one map and 23 MiB for a cell's year; 32 steps cost 32 maps for the same year, 8 × 256 ×
// 256 costs 8 maps but 92 MiB. Grids above 4 million cells get fewer steps, so that one run of chunks over
// the map stays near 256 MiB, and wider tiles, so that the number of chunks does not explode.
ChunkShape product_chunk_shape(const core::Grid& grid, std::int64_t steps) {
  constexpr std::int64_t small_grid = 4'000'000;
  constexpr std::int64_t cells_in_run = 64'000'000;
  const bool small = grid.cells() <= small_grid;
  const std::int64_t tile = small ? 128 : 256;
  const std::int64_t deep = std::clamp<std::int64_t>(cells_in_run / grid.cells(), 1, 16);
  return {std::clamp<std::int64_t>(steps, 1, deep), std::min(grid.rows(), tile), std::min(grid.cols(), tile)};
}

std::vector<ProductPart> product_parts(const ProductSpec& spec, const std::filesystem::path& out_dir) {
  const std::int64_t count = spec.axis.count();
  if (count < 1)
    throw core::Error(core::ErrorKind::usage,
                      spec.variable + ": the product has no steps along \"" + spec.axis.name + "\"");
  std::vector<ProductPart> parts;
  std::set<std::string> keys;
  std::string current;
  for (std::int64_t step = 0; step < count; ++step) {
    const std::string key = part_key(spec, step);
    if (!parts.empty() && key == current) {
      ++parts.back().steps;
      continue;
    }
    if (!keys.insert(key).second)
      throw core::Error(core::ErrorKind::usage,
                        spec.variable + ": periods out of order: " + key + " comes twice");
    current = key;
    parts.push_back({part_path(spec, out_dir, key), step, 1, {}});
  }
  for (ProductPart& part : parts) part.chunk = product_chunk_shape(spec.grid, part.steps);
  return parts;
}

std::vector<std::filesystem::path> netcdf_product_files(const ProductSpec& spec,
                                                        const std::filesystem::path& out_dir) {
  std::vector<std::filesystem::path> files;
  for (const ProductPart& part : product_parts(spec, out_dir)) files.push_back(part.path);
  return files;
}

std::vector<std::int64_t> netcdf_file_of_step(const ProductSpec& spec) {
  std::vector<std::int64_t> files;
  const std::vector<ProductPart> parts = product_parts(spec, {});
  for (std::size_t part = 0; part < parts.size(); ++part)
    files.insert(files.end(), static_cast<std::size_t>(parts[part].steps), static_cast<std::int64_t>(part));
  return files;
}

}  // namespace rootzone::io
