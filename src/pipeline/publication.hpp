#pragma once
#include <filesystem>
#include <set>
#include <string>

#include "run_record.hpp"

namespace rootzone::pipeline {

/// What the names of maps end in while they wait in `.work`: no glob for `*.nc` or `*.tif` meets them there.
inline constexpr const char* waiting_ending = ".new";

/// Name that a file of the record will bear below the output folder.
std::string final_name(const RunRecord& record, const std::filesystem::path& file);
/// Those of all files of the record. Throws Error(internal) if two of them would bear one name.
std::set<std::filesystem::path> final_names(const RunRecord& record);

/// Give every file of the record its place in `out`, remove what an earlier run made there and this one does
/// not, then write the manifest. Only renames: the files are whole and synced. A manifest stands only beside
/// the products it lists. Throws Error(environment), and Error(internal) before anything changes where a name
/// repeats.
void publish(const RunRecord& record, const std::filesystem::path& out, const std::string& manifest);

/// The steps of it that nightly work takes one by one, since a state comes between files and manifest.
void place_files(const RunRecord& record, const std::filesystem::path& out);
/// Remove products an earlier manifest lists and `kept` does not.
void remove_stale(const std::filesystem::path& out, const std::vector<std::filesystem::path>& earlier,
                  const std::set<std::filesystem::path>& kept);

}  // namespace rootzone::pipeline
