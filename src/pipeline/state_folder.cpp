#include "state_folder.hpp"

#include <algorithm>

#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"

namespace rootzone::pipeline {
namespace {

constexpr std::string_view ending = ".rzstate";
constexpr std::size_t date_digits = 8;

std::optional<core::Date> date_of_name(const std::string& name, const std::string& pipeline) {
  const std::string prefix = pipeline + "_";
  if (!name.starts_with(prefix) || !name.ends_with(ending) ||
      name.size() != prefix.size() + date_digits + ending.size())
    return {};
  const std::string digits = name.substr(prefix.size(), date_digits);
  if (digits.find_first_not_of("0123456789") != std::string::npos) return {};
  return core::parse_iso_date(digits.substr(0, 4) + "-" + digits.substr(4, 2) + "-" + digits.substr(6));
}

}  // namespace

void refuse_nightly_folder(const std::filesystem::path& out) {
  std::error_code absent;
  std::vector<std::filesystem::path> states;
  for (const auto& entry : std::filesystem::directory_iterator(out / "state", absent))
    if (entry.path().extension() == ending) states.push_back(entry.path());
  if (states.empty()) return;
  throw core::Error(core::ErrorKind::usage,
                    out.string() + " is kept by `rootzone update` (" +
                        std::max_element(states.begin(), states.end())->string() +
                        "), whose products this would replace; give another folder with --out, or remove its "
                        "folder state/");
}

std::vector<StateGeneration> StateFolder::generations() const {
  std::vector<StateGeneration> found;
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator(m_folder, absent))
    if (const auto date = date_of_name(entry.path().filename().string(), m_pipeline))
      found.push_back({entry.path(), *date});
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.date < b.date; });
  return found;
}

std::optional<StateGeneration> StateFolder::newest() const {
  const std::vector<StateGeneration> all = generations();
  if (all.empty()) return {};
  return all.back();
}

std::filesystem::path StateFolder::path_of(const core::Date& date) const {
  return m_folder / (m_pipeline + "_" + core::compact_date(date) + std::string(ending));
}

void StateFolder::take(const std::filesystem::path& file, const core::Date& date) const {
  io::make_folder(m_folder);
  io::rename_into_place(file, path_of(date));
  io::sync_to_disk(m_folder);
}

void StateFolder::prune(std::size_t keep) const {
  const std::vector<StateGeneration> all = generations();
  std::error_code ignored;
  for (std::size_t i = 0; i + keep < all.size(); ++i) std::filesystem::remove(all[i].path, ignored);
}

void StateFolder::remove_from(const core::Date& day) const {
  std::error_code ignored;
  for (const StateGeneration& one : generations())
    if (one.date >= day) std::filesystem::remove(one.path, ignored);
  std::filesystem::remove(m_folder, ignored);  // fails, as it should, unless it is empty
}

}  // namespace rootzone::pipeline
