#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "rootzone/core/calendar.hpp"

namespace rootzone::pipeline {

/// One state file of a pipeline.
struct StateGeneration {
  std::filesystem::path path;
  core::Date date;  ///< the evening it stands for
};

/// Throws Error(usage) naming a state file, of whatever pipeline, if `rootzone update` keeps the folder:
/// another job would replace its products. Call it under the folder's lock.
void refuse_nightly_folder(const std::filesystem::path& out);

/// `<out>/state/<pipeline>_<YYYYMMDD>.rzstate`: one file for each evening that nightly work may begin anew
/// from.
class StateFolder {
 public:
  StateFolder(const std::filesystem::path& out, std::string pipeline)
      : m_folder(out / "state"), m_pipeline(std::move(pipeline)) {}

  /// Oldest first.
  std::vector<StateGeneration> generations() const;
  std::optional<StateGeneration> newest() const;
  std::filesystem::path path_of(const core::Date& date) const;
  /// Take in a finished file from the scratch folder.
  void take(const std::filesystem::path& file, const core::Date& date) const;
  /// Remove all but the newest `keep`.
  void prune(std::size_t keep) const;
  /// Remove those of this day and later; the folder too if it is empty then.
  void remove_from(const core::Date& day) const;

 private:
  std::filesystem::path m_folder;
  std::string m_pipeline;
};

}  // namespace rootzone::pipeline
