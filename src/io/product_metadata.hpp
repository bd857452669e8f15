#pragma once
#include <filesystem>

#include "product_layout.hpp"

namespace rootzone::io {

/// Make the file of one part with everything but the chunks of values and flags: dimensions, coordinates,
/// bounds, CRS, attributes; the two cubes defined, deflate 1 + shuffle, nothing stored in them. Takes
/// NetcdfLock. Throws Error(environment).
void create_product_file(const std::filesystem::path& path, const ProductSpec& spec, const ProductPart& part);

}  // namespace rootzone::io
