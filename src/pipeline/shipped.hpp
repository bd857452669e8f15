#pragma once
#include <filesystem>
#include <string>

namespace rootzone::pipeline {

/// Path of "shipped:NAME" (FOLDER/NAME.ENDING of the installed data or of the source tree), or the path
/// itself. Error(usage) listing where it was looked for.
std::filesystem::path shipped_file(const std::string& reference, const std::string& folder,
                                   const std::string& ending);

}  // namespace rootzone::pipeline
