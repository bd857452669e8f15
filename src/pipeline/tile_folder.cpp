#include "tile_folder.hpp"

#include <algorithm>
#include <fstream>

#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/io/sha256.hpp"
#include "state_header.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;
using nlohmann::json;

json read_json(const std::filesystem::path& path) {
  std::ifstream file(path);
  json found = json::parse(file, nullptr, false);
  return found.is_object() ? found : json();
}

json flags_to_json(const engine::RunSummary& summary) {
  json flags = json::object();
  for (const auto& [variable, counts] : summary.flags)
    flags[variable] = {{"values", counts.values}, {"missing", counts.missing}, {"by_flag", counts.by_flag}};
  return {{"flags", std::move(flags)},        {"read", summary.read_seconds},
          {"decode", summary.decode_seconds}, {"compute", summary.compute_seconds},
          {"write", summary.write_seconds},   {"wall", summary.wall_seconds}};
}

engine::RunSummary flags_from_json(const json& table) {
  engine::RunSummary summary;
  for (const auto& [variable, counts] : table.at("flags").items())
    summary.flags[variable] = {counts.at("values").get<std::int64_t>(),
                               counts.at("missing").get<std::int64_t>(),
                               counts.at("by_flag").get<std::map<std::string, std::int64_t>>()};
  summary.read_seconds = table.at("read").get<double>();
  summary.decode_seconds = table.at("decode").get<double>();
  summary.compute_seconds = table.at("compute").get<double>();
  summary.write_seconds = table.at("write").get<double>();
  summary.wall_seconds = table.at("wall").get<double>();
  return summary;
}

json to_json(const TileMarker& marker) {
  json summaries = json::array();
  for (const engine::RunSummary& summary : marker.summaries) summaries.push_back(flags_to_json(summary));
  json layers = json::object();
  for (const auto& [variable, layer] : marker.layers)
    layers[variable] = {{"sum", layer.sum}, {"cells", layer.cells}, {"non_closing", layer.non_closing}};
  return {{"pieces", marker.pieces},
          {"summaries", summaries},
          {"layers", layers},
          {"notes", marker.notes},
          {"seconds", marker.seconds}};
}

}  // namespace

std::string tile_name(std::size_t tile) {
  const std::string digits = std::to_string(tile);
  return "tile_" + std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

std::vector<io::PieceRows> TileFolder::cut(const core::Grid& grid, int count) {
  const std::int64_t rows = io::product_piece_rows(grid);
  const std::int64_t chunks = (grid.rows() + rows - 1) / rows;
  const std::int64_t tiles = count > 0 ? std::min<std::int64_t>(count, chunks) : chunks;
  std::vector<io::PieceRows> cut;
  for (std::int64_t tile = 0; tile < tiles; ++tile) {
    const std::int64_t begin = tile * chunks / tiles * rows;
    const std::int64_t end = std::min((tile + 1) * chunks / tiles * rows, grid.rows());
    cut.push_back({begin, end - begin});
  }
  return cut;
}

std::filesystem::path TileFolder::folder_of(std::size_t tile) const {
  return m_folder / tile_name(tile);
}

std::filesystem::path TileFolder::marker_of(std::size_t tile) const {
  return m_folder / (tile_name(tile) + ".done");
}

std::filesystem::path TileFolder::piece(std::size_t tile, const std::string& variable) const {
  return folder_of(tile) / (variable + ".rzpiece");
}

void TileFolder::write_plan(const json& identity, const std::vector<io::PieceRows>& tiles) const {
  json list = json::array();
  for (const io::PieceRows& rows : tiles)
    list.push_back({{"first_row", rows.first_row}, {"rows", rows.rows}});
  const json plan{{"format", 1}, {"identity", identity}, {"tiles", std::move(list)}};
  if (read_json(m_folder / "plan.json") == plan) return;
  remove();
  io::make_folder(m_folder);
  io::write_file_atomically(m_folder / "plan.json", plan.dump(1) + "\n");
}

std::vector<io::PieceRows> TileFolder::read_plan(const json& identity) const {
  const json plan = read_json(m_folder / "plan.json");
  if (plan.is_null() || !plan.contains("identity") || !plan.contains("tiles"))
    throw Error(ErrorKind::usage,
                (m_folder / "plan.json").string() + " is not there; make it with `rootzone plan`");
  const std::string difference = identity_difference(plan.at("identity"), identity);
  if (!difference.empty())
    throw Error(ErrorKind::state, (m_folder / "plan.json").string() +
                                      " was made for another job: " + difference +
                                      "; run `rootzone plan` again, which discards the tiles done so far");
  std::vector<io::PieceRows> tiles;
  for (const json& one : plan.at("tiles"))
    tiles.push_back({one.at("first_row").get<std::int64_t>(), one.at("rows").get<std::int64_t>()});
  return tiles;
}

bool TileFolder::is_done(std::size_t tile) const {
  const json marker = read_json(marker_of(tile));
  if (marker.is_null()) return false;
  std::error_code absent;
  return std::all_of(marker.at("pieces").begin(), marker.at("pieces").end(), [&](const json& piece) {
    return std::filesystem::file_size(folder_of(tile) / piece.at("file").get<std::string>(), absent) ==
           piece.at("bytes").get<std::uintmax_t>();
  });
}

void TileFolder::take(std::size_t tile, const std::filesystem::path& pieces, const TileMarker& marker) const {
  std::error_code ignored;
  std::filesystem::remove(marker_of(tile), ignored);
  std::filesystem::remove_all(folder_of(tile), ignored);
  io::rename_into_place(pieces, folder_of(tile));
  io::sync_to_disk(m_folder);
  io::write_file_atomically(marker_of(tile), to_json(marker).dump(1) + "\n");
}

TileMarker TileFolder::read_marker(std::size_t tile) const {
  const json found = read_json(marker_of(tile));
  TileMarker marker;
  marker.pieces = found.at("pieces");
  for (const json& summary : found.at("summaries")) marker.summaries.push_back(flags_from_json(summary));
  for (const auto& [variable, layer] : found.at("layers").items())
    marker.layers[variable] = {layer.at("sum").get<double>(), layer.at("cells").get<std::int64_t>(),
                               layer.at("non_closing").get<std::int64_t>()};
  marker.notes = found.at("notes").get<std::vector<std::string>>();
  marker.seconds = found.at("seconds").get<double>();
  return marker;
}

bool TileFolder::is_whole(std::size_t tile, const json& piece) const {
  return io::sha256_of_file(folder_of(tile) / piece.at("file").get<std::string>()) ==
         piece.at("sha256").get<std::string>();
}

void TileFolder::refuse(std::size_t tile, const json& piece) const {
  std::error_code ignored;
  std::filesystem::remove(marker_of(tile), ignored);
  throw Error(ErrorKind::data, (folder_of(tile) / piece.at("file").get<std::string>()).string() +
                                   " is not what its marker says; the tile counts as not done now: run " +
                                   "`rootzone tile` again");
}

void TileFolder::remove() const {
  std::error_code ignored;
  std::filesystem::remove(m_folder / "plan.json",
                          ignored);  // first: what is left of the rest counts for nothing
  std::filesystem::remove_all(m_folder, ignored);
  // Scratch folders of workers that were killed after their tile was done.
  for (const auto& entry : std::filesystem::directory_iterator(m_folder.parent_path(), ignored))
    if (entry.path().filename().string().starts_with("tile_"))
      std::filesystem::remove_all(entry.path(), ignored);
}

}  // namespace rootzone::pipeline
