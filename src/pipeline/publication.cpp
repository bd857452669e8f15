#include "publication.hpp"

#include <set>
#include <string_view>

#include "manifest.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"

namespace rootzone::pipeline {
namespace {

// A manifest is a file anyone may have edited: only names below the folder are believed.
bool lies_below(const std::filesystem::path& relative) {
  return !relative.empty() && !relative.is_absolute() &&
         *relative.lexically_normal().begin() != std::filesystem::path("..");
}

}  // namespace

std::string final_name(const RunRecord& record, const std::filesystem::path& file) {
  std::string name = std::filesystem::relative(file, record.out).generic_string();
  if (name.ends_with(waiting_ending)) name.resize(name.size() - std::string_view(waiting_ending).size());
  return name;
}

std::set<std::filesystem::path> final_names(const RunRecord& record) {
  std::set<std::filesystem::path> names;
  for (const auto& file : record.files)
    if (!names.insert(final_name(record, file)).second)
      throw core::Error(core::ErrorKind::internal, "two products of this job are called " +
                                                       final_name(record, file) + "; nothing was replaced");
  return names;
}

void remove_stale(const std::filesystem::path& out, const std::vector<std::filesystem::path>& earlier,
                  const std::set<std::filesystem::path>& kept) {
  std::error_code ignored;
  for (const auto& product : earlier) {
    if (kept.contains(product) || !lies_below(product)) continue;
    if (!std::filesystem::is_directory(out / product, ignored))
      std::filesystem::remove(out / product, ignored);
    // Folders of the product that are empty now; remove() leaves the others.
    for (auto folder = product.parent_path(); !folder.empty(); folder = folder.parent_path())
      std::filesystem::remove(out / folder, ignored);
  }
}

void place_files(const RunRecord& record, const std::filesystem::path& out) {
  std::set<std::filesystem::path> folders;
  for (const auto& name : final_names(record)) folders.insert((out / name).parent_path());
  for (const auto& folder : folders) io::make_folder(folder);
  for (const auto& file : record.files) io::rename_into_place(file, out / final_name(record, file));
  for (const auto& folder : folders) io::sync_to_disk(folder);
}

void publish(const RunRecord& record, const std::filesystem::path& out, const std::string& manifest) {
  const auto earlier = products_of_manifest(out);
  const std::set<std::filesystem::path> kept = final_names(record);
  std::error_code ignored;
  std::filesystem::remove(out / "manifest.json", ignored);  // what it says ends with the first rename
  place_files(record, out);
  remove_stale(out, earlier, kept);
  io::write_file_atomically(out / "manifest.json", manifest);
}

}  // namespace rootzone::pipeline
