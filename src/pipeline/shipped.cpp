#include "shipped.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "rootzone/core/error.hpp"

#ifndef ROOTZONE_SHIPPED_DIRS
#error "the build names the folders of shipped data"
#endif

namespace rootzone::pipeline {

std::filesystem::path shipped_file(const std::string& reference, const std::string& folder,
                                   const std::string& ending) {
  constexpr std::string_view prefix = "shipped:";
  if (!reference.starts_with(prefix)) return reference;
  const std::string name = reference.substr(prefix.size());
  std::string tried;
  std::filesystem::path beside_program;
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  if (!program.empty()) beside_program = program.parent_path() / ".." / "share" / "rootzone";
  std::vector<std::filesystem::path> roots{beside_program.lexically_normal()};
  const std::string known = ROOTZONE_SHIPPED_DIRS;
  for (std::size_t from = 0; from < known.size();) {
    const std::size_t to = std::min(known.find(':', from), known.size());
    roots.emplace_back(known.substr(from, to - from));
    from = to + 1;
  }
  for (const auto& root : roots) {
    const auto file = root / folder / (name + ending);
    if (std::filesystem::exists(file)) return file;
    tried += "\n  " + file.string();
  }
  throw core::Error(core::ErrorKind::usage,
                    "'" + reference + "' is not among the shipped files; looked for" + tried);
}

}  // namespace rootzone::pipeline
