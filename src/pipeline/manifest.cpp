#include "manifest.hpp"

#include <algorithm>
#include <fstream>
#include <set>

#include "publication.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/io/sha256.hpp"
#include "rootzone/io/stac.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "utc_clock.hpp"

namespace rootzone::pipeline {
namespace {

using nlohmann::json;

std::string sha256_of(const RunRecord& record, const std::filesystem::path& file) {
  const auto known = record.sha256.find(file);
  return known != record.sha256.end() ? known->second : io::sha256_of_file(file);
}

json describe_inputs(const Preparation& job, const RunRecord& record) {
  json inputs = json::array();
  std::set<std::string> seen;
  for (const auto& segment : job.segments)
    for (const io::InputReport& report : segment->catalog->reports()) {
      if (!seen.insert(report.name).second) continue;
      json files = json::array();
      for (const auto& file : report.files) {
        json entry{{"path", file.string()}};
        std::error_code error;
        if (std::filesystem::is_regular_file(file, error)) entry["sha256"] = sha256_of(record, file);
        files.push_back(std::move(entry));
      }
      inputs.push_back({{"name", report.name},
                        {"grid", report.native_grid},
                        {"crs", report.crs},
                        {"units", report.units},
                        {"resampling", report.resampling},
                        {"first_date", report.first_date},
                        {"last_date", report.last_date},
                        {"missing_days", report.missing_days},
                        {"missing_dates", report.missing_dates},
                        {"warnings", report.warnings},
                        {"files", std::move(files)}});
    }
  return inputs;
}

/// The files of [validation]; of a folder, every file in it, in order of their names.
std::vector<std::filesystem::path> station_files(const Configuration& configuration) {
  std::vector<std::filesystem::path> files;
  if (!configuration.validation) return files;
  const ValidationSettings& validation = *configuration.validation;
  for (const auto& path : {validation.stations, validation.data, validation.flag_table}) {
    std::error_code error;
    if (std::filesystem::is_regular_file(path, error)) files.push_back(path);
    if (!std::filesystem::is_directory(path, error)) continue;
    const std::size_t first = files.size();
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path))
      if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin() + static_cast<std::ptrdiff_t>(first), files.end());
  }
  return files;
}

json describe_setting_files(const Preparation& job) {
  json files = json::array();
  for (const SettingFile& file : job.configuration.setting_files)
    files.push_back({{"role", file.role}, {"path", file.path.string()}, {"sha256", file.sha256}});
  for (const auto& file : station_files(job.configuration))
    files.push_back({{"role", "stations"}, {"path", file.string()}, {"sha256", io::sha256_of_file(file)}});
  return files;
}

json describe_products(const RunRecord& record) {
  json products = json::array();
  for (const auto& file : record.files)
    products.push_back({{"path", final_name(record, file)},
                        {"bytes", std::filesystem::file_size(file)},
                        {"sha256", sha256_of(record, file)}});
  if (record.update.is_null()) return products;
  std::map<std::string, json> by_path;  // those of this night win
  for (const json& one : record.earlier_products) by_path[one.at("path").get<std::string>()] = one;
  for (const json& one : products) by_path[one.at("path").get<std::string>()] = one;
  products = json::array();
  for (auto& [path, one] : by_path) products.push_back(std::move(one));
  return products;
}

json describe_flags(const std::vector<engine::RunSummary>& summaries) {
  json flags = json::object();
  for (const engine::RunSummary& summary : summaries)
    for (const auto& [variable, counts] : summary.flags)
      flags[variable] = {{"values", counts.values}, {"missing", counts.missing}, {"flags", counts.by_flag}};
  return flags;
}

}  // namespace

std::vector<std::filesystem::path> products_of_manifest(const std::filesystem::path& out) {
  std::vector<std::filesystem::path> products;
  std::ifstream file(out / "manifest.json");
  const json manifest = json::parse(file, nullptr, false);
  if (!manifest.is_object() || !manifest.contains("products")) return products;
  for (const json& product : manifest.at("products"))
    if (product.is_object() && product.contains("path") && product.at("path").is_string())
      products.emplace_back(product.at("path").get<std::string>());
  return products;
}

void hash_files(const Preparation& job, RunRecord& record, const core::ParallelFor& parallel_for) {
  std::set<std::filesystem::path> files(record.files.begin(), record.files.end());
  std::error_code error;
  for (const auto& segment : job.segments)
    for (const io::InputReport& report : segment->catalog->reports())
      for (const auto& file : report.files)
        if (std::filesystem::is_regular_file(file, error)) files.insert(file);
  const std::vector<std::filesystem::path> list(files.begin(), files.end());
  std::vector<std::string> digests(list.size());
  parallel_for(static_cast<std::int64_t>(list.size()), [&](std::int64_t i) {
    digests[static_cast<std::size_t>(i)] = io::sha256_of_file(list[static_cast<std::size_t>(i)]);
  });
  for (std::size_t i = 0; i < list.size(); ++i) record.sha256[list[i]] = digests[i];
}

void write_catalogue(const Preparation& job, RunRecord& record) {
  if (job.grid.crs_wkt().empty()) return;  // stations or an unknown CRS: nothing to place on the globe
  io::StacItem item;
  item.id = job.configuration.name;
  item.title = job.configuration.title;
  item.description = "Made by rootzone " + program_version();
  item.grid = job.grid;
  item.first = job.configuration.time.first();
  item.last = job.configuration.time.last();
  item.properties["rootzone:parameters_sha256"] = parameters_hash(job.configuration);
  const std::string name = "stac/" + job.configuration.name + ".json";
  for (const json& product : describe_products(record)) {
    const std::string relative = product.at("path").get<std::string>();
    if (relative == name) continue;
    std::string key = relative;
    std::replace(key.begin(), key.end(), '/', '-');
    const bool data = relative.ends_with(".nc") || relative.ends_with(".tif");
    item.assets.push_back({key,
                           "../" + relative,
                           io::media_type_of(relative),
                           relative,
                           {data ? "data" : "metadata"},
                           product.at("sha256").get<std::string>()});
  }
  const auto path = record.out / name;
  io::make_folder(path.parent_path());
  io::write_file_atomically(path, io::stac_item_json(item));
  record.files.push_back(path);
}

std::string manifest_text(const Preparation& job, const RunRecord& record) {
  json engine = json::array();
  for (const engine::RunSummary& summary : record.summaries)
    engine.push_back({{"block_steps", summary.plan.block.steps},
                      {"block_rows", summary.plan.block.rows},
                      {"estimated_bytes", summary.plan.estimated_bytes},
                      {"explanation", summary.plan.explanation},
                      {"seconds",
                       {{"wall", summary.wall_seconds},
                        {"read", summary.read_seconds},
                        {"decode", summary.decode_seconds},
                        {"compute", summary.compute_seconds},
                        {"write", summary.write_seconds}}}});
  json manifest{{"rootzone", program_version()},
                {"made", now_utc()},
                {"command", record.command_line},
                {"pipeline", job.configuration.resolved},
                {"parameters_sha256", parameters_hash(job.configuration)},
                {"inputs", describe_inputs(job, record)},
                {"setting_files", describe_setting_files(job)},
                {"products", describe_products(record)},
                {"flags", describe_flags(record.summaries)},
                {"notes", record.notes},
                {"warnings", record.warnings},
                {"engine", engine},
                {"wall_seconds", record.wall_seconds}};
  if (!record.update.is_null()) manifest["update"] = record.update;
  return manifest.dump(2, ' ', false, json::error_handler_t::replace) + "\n";  // names need not be UTF-8
}

}  // namespace rootzone::pipeline
