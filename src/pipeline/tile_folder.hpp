#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "rootzone/io/product_piece.hpp"
#include "run_record.hpp"

namespace rootzone::pipeline {

/// What a tile's marker says: the pieces with their checksums, and what the run's summary needs of them.
struct TileMarker {
  nlohmann::json pieces = nlohmann::json::array();  ///< file, bytes, sha256
  std::vector<engine::RunSummary> summaries;        ///< by segment: flags and seconds
  std::map<std::string, LayerSummary> layers;
  std::vector<std::string> notes;
  double seconds = 0.0;
};

/// `<out>/.work/tiles`: plan.json, a folder of pieces for each tile that is done, and its marker beside it.
class TileFolder {
 public:
  explicit TileFolder(const std::filesystem::path& out) : m_folder(out / ".work" / "tiles") {}

  /// Rows of each tile, as even as whole chunks allow; at most `count`, 0 = one for each row of chunks.
  static std::vector<io::PieceRows> cut(const core::Grid& grid, int count);

  /// Write the plan. Tiles done under an equal one stay; all others are removed.
  void write_plan(const nlohmann::json& identity, const std::vector<io::PieceRows>& tiles) const;
  /// The tiles. Throws Error(state) naming what differs if the plan was made for another job, Error(usage) if
  /// there is none.
  std::vector<io::PieceRows> read_plan(const nlohmann::json& identity) const;

  bool has_plan() const { return std::filesystem::exists(m_folder / "plan.json"); }
  bool is_done(std::size_t tile) const;
  /// Take in a finished folder of pieces, then write the marker.
  void take(std::size_t tile, const std::filesystem::path& pieces, const TileMarker& marker) const;
  TileMarker read_marker(std::size_t tile) const;
  std::filesystem::path piece(std::size_t tile, const std::string& variable) const;
  /// Reads one of the marker's pieces through: is it what the marker says? Safe from any thread.
  bool is_whole(std::size_t tile, const nlohmann::json& piece) const;
  /// For a piece that is not: the tile counts as not done from now on. Throws Error(data).
  [[noreturn]] void refuse(std::size_t tile, const nlohmann::json& piece) const;
  /// All that there is.
  void remove() const;

 private:
  std::filesystem::path folder_of(std::size_t tile) const;
  std::filesystem::path marker_of(std::size_t tile) const;
  std::filesystem::path m_folder;
};

/// "tile_0003": of its folder and its scratch folder.
std::string tile_name(std::size_t tile);

}  // namespace rootzone::pipeline
