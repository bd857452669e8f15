#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <ostream>
#include <regex>

#include "heartbeat.hpp"
#include "metrics_file.hpp"
#include "product_set.hpp"
#include "production.hpp"
#include "publication.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/engine/threads.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/io/folder_lock.hpp"
#include "rootzone/io/scratch_dir.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "rootzone/pipeline/resolve.hpp"
#include "state_folder.hpp"
#include "state_header.hpp"
#include "tile_folder.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;
using io::FolderLock;

std::unique_ptr<Preparation> prepare_tiles(const PipelineRequest& request) {
  PrepareOptions options;
  options.sums_layers = true;
  auto job = prepare_configuration(read_configuration(resolve_pipeline_file(request.file, request.overrides)),
                                   options);
  if (job->configuration.outputs.empty())
    throw Error(ErrorKind::usage, request.file.string() + ": has no [[output]]; say which products to write");
  return job;
}

/// One tile: its pieces in a scratch folder, then in their place, then the marker.
void run_tile(const PipelineRequest& request, Preparation& job, const std::filesystem::path& out,
              const TileFolder& folder, std::size_t tile, const io::PieceRows& rows) {
  const auto start = std::chrono::steady_clock::now();
  const io::ScratchDir scratch(out, tile_name(tile));
  Heartbeat heartbeat(scratch.path() / "heartbeat.json", request.command_line, request.progress);
  PipelineRequest watched = request;
  watched.progress = &heartbeat;
  if (folder.is_done(tile)) return;  // by another worker, while this one waited for its turn
  RunRecord record;
  record.out = scratch.path() / "pieces";
  io::make_folder(record.out);
  record.products = plan_products(job, record.out, scratch.path());
  const auto piece_of = [&](const Product& product) {
    return record.out / folder.piece(tile, product.spec.variable).filename();
  };
  std::vector<std::shared_ptr<const io::PieceSum>> sums;
  for (const Product& product : record.products) {
    io::ProductPiece piece = io::create_product_piece(product.spec, rows, piece_of(product), scratch.path());
    product.segment->chain.sinks[product.spec.variable] = std::move(piece.sink);
    sums.push_back(piece.sum);
  }
  compute(job, watched, scratch.path(), record, {nullptr, engine::RowBand{rows.first_row, rows.rows}});
  stop_if_asked(request);
  finish_products(job);
  TileMarker marker;
  for (std::size_t i = 0; i < sums.size(); ++i)
    marker.pieces.push_back({{"file", piece_of(record.products[i]).filename().string()},
                             {"bytes", sums[i]->bytes},
                             {"sha256", sums[i]->sha256}});
  marker.summaries = record.summaries;
  marker.layers = record.layers;
  marker.notes = job.notes();
  marker.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  stop_if_asked(request);
  folder.take(tile, record.out, marker);
  spdlog::info("{}: rows {} … {} done ({:.1f} s)", tile_name(tile), rows.first_row,
               rows.first_row + rows.rows - 1, marker.seconds);
}

std::string tiles_not_done(const TileFolder& folder, std::size_t tiles) {
  std::string list;
  for (std::size_t tile = 0; tile < tiles; ++tile)
    if (!folder.is_done(tile)) list += (list.empty() ? "" : ", ") + std::to_string(tile);
  return list;
}

/// Whether the products of this job stand there: an assembly that was killed after its last step, or run
/// twice.
bool holds_products_of(const Configuration& configuration, const std::filesystem::path& out) {
  std::ifstream file(out / "manifest.json");
  const nlohmann::json manifest = nlohmann::json::parse(file, nullptr, false);
  if (!manifest.is_object() || manifest.value("pipeline", nlohmann::json()) != configuration.resolved)
    return false;
  const auto& products = manifest.at("products");
  return std::all_of(products.begin(), products.end(), [&](const nlohmann::json& product) {
    return std::filesystem::exists(out / product.at("path").get<std::string>());
  });
}

void add(const engine::RunSummary& part, engine::RunSummary& sum) {
  for (const auto& [variable, counts] : part.flags) {
    engine::FlagCounts& all = sum.flags[variable];
    all.values += counts.values;
    all.missing += counts.missing;
    for (const auto& [flag, count] : counts.by_flag) all.by_flag[flag] += count;
  }
  sum.read_seconds += part.read_seconds;
  sum.decode_seconds += part.decode_seconds;
  sum.compute_seconds += part.compute_seconds;
  sum.write_seconds += part.write_seconds;
  sum.wall_seconds += part.wall_seconds;
}

/// What the workers found, as one run would have found it.
void merge(const TileMarker& marker, Preparation& job, RunRecord& record) {
  record.summaries.resize(std::max(record.summaries.size(), marker.summaries.size()));
  for (std::size_t i = 0; i < marker.summaries.size(); ++i) add(marker.summaries[i], record.summaries[i]);
  for (const auto& [variable, layer] : marker.layers) {
    record.layers[variable].sum += layer.sum;
    record.layers[variable].cells += layer.cells;
    record.layers[variable].non_closing += layer.non_closing;
  }
  const std::vector<std::string> known = job.notes();
  for (const std::string& note : marker.notes)
    if (std::find(known.begin(), known.end(), note) == known.end())
      job.segments.front()->notes.push_back(note);
}

struct PieceOfTile {
  std::size_t tile = 0;
  nlohmann::json entry;  ///< of the marker
};

void join_tiles(const PipelineRequest& request, const TileFolder& folder, std::size_t tiles,
                const std::filesystem::path& scratch, RunRecord& record) {
  for (Product& product : record.products) {
    product.spec.ending += waiting_ending;
    std::vector<std::filesystem::path> pieces;
    for (std::size_t tile = 0; tile < tiles; ++tile)
      pieces.push_back(folder.piece(tile, product.spec.variable));
    io::join_product_pieces(product.spec, pieces, product.folder, scratch, [&] { stop_if_asked(request); });
  }
}

/// Join the pieces while other threads hold them against their markers: either takes about as long. Nothing
/// that is joined has its name yet, and a damaged piece is the error even where the joining stumbled over it.
void join_and_check(const PipelineRequest& request, const TileFolder& folder, std::size_t tiles,
                    const std::vector<PieceOfTile>& pieces, const std::filesystem::path& scratch,
                    RunRecord& record) {
  std::vector<char> whole(pieces.size(), 0);  // not bool: written side by side
  std::exception_ptr not_joined;
  engine::tbb_parallel_for()(static_cast<std::int64_t>(pieces.size()) + 1, [&](std::int64_t job) {
    if (job == 0) {
      try {
        join_tiles(request, folder, tiles, scratch, record);
      } catch (...) {
        not_joined = std::current_exception();
      }
      return;
    }
    stop_if_asked(request);
    const auto i = static_cast<std::size_t>(job - 1);
    whole[i] = folder.is_whole(pieces[i].tile, pieces[i].entry) ? 1 : 0;
  });
  for (std::size_t i = 0; i < pieces.size(); ++i)
    if (whole[i] == 0) folder.refuse(pieces[i].tile, pieces[i].entry);
  if (not_joined) std::rethrow_exception(not_joined);
}

int number_in(const char* variable, int otherwise) {
  const char* text = std::getenv(variable);
  if (text == nullptr || *text == '\0') return otherwise;
  char* end = nullptr;
  const long number = std::strtol(text, &end, 10);
  if (*end != '\0' || number < 0 || number > 10'000'000)
    throw Error(ErrorKind::usage, std::string(variable) + ": expected a whole number, found '" + text + "'");
  return static_cast<int>(number);
}

/// Slurm's arrays may have a step (--array=0-10:2); a list with holes says nothing of a task's place in it.
TileShare share_of_slurm() {
  const int first = number_in("SLURM_ARRAY_TASK_MIN", 0);
  const int step = std::max(number_in("SLURM_ARRAY_TASK_STEP", 1), 1);
  const int count = number_in("SLURM_ARRAY_TASK_COUNT", 0);
  const int last = number_in("SLURM_ARRAY_TASK_MAX", first + (count - 1) * step);
  if (count > 0 && (last - first) / step + 1 != count)
    throw Error(ErrorKind::usage,
                "SLURM_ARRAY_TASK_COUNT: expected the " + std::to_string((last - first) / step + 1) +
                    " tasks from " + std::to_string(first) + " to " + std::to_string(last) + " in steps of " +
                    std::to_string(step) + ", found " + std::to_string(count) +
                    "; submit --array=0-N without gaps, or give I/N");
  return {(number_in("SLURM_ARRAY_TASK_ID", 0) - first) / step, count};
}

TileShare share_of_environment() {
  if (std::getenv("JOB_COMPLETION_INDEX") != nullptr)
    return {number_in("JOB_COMPLETION_INDEX", 0), number_in("ROOTZONE_WORKERS", 0)};
  if (std::getenv("SLURM_ARRAY_TASK_ID") != nullptr) return share_of_slurm();
  throw Error(ErrorKind::usage,
              "which tiles? Give I/N (worker I of N, 0 ≤ I < N), or run under a Kubernetes Indexed Job "
              "(JOB_COMPLETION_INDEX) or a Slurm array (SLURM_ARRAY_TASK_ID)");
}

}  // namespace

TileShare parse_tile_share(const std::string& text) {
  if (text.empty()) return share_of_environment();
  static const std::regex form("([0-9]{1,7})/([0-9]{1,7})");
  std::smatch parts;
  if (!std::regex_match(text, parts, form))
    throw Error(ErrorKind::usage, "expected I/N (worker I of N), for example 0/4, found '" + text + "'");
  const TileShare share{std::stoi(parts[1]), std::stoi(parts[2])};
  if (share.count < 1 || share.index >= share.count)
    throw Error(ErrorKind::usage,
                "workers are counted from 0: expected 0 ≤ I < N in I/N, found '" + text + "'");
  return share;
}

void plan_tiles(const PipelineRequest& request, int tiles, std::ostream& out) {
  const engine::ThreadLimit threads(request.jobs);
  const auto job = prepare_tiles(request);
  const std::filesystem::path folder = output_folder(request, job->configuration);
  io::make_folder(folder);
  const FolderLock lock(folder, FolderLock::Kind::exclusive, request.command_line);
  refuse_nightly_folder(folder);
  const std::vector<io::PieceRows> cut = TileFolder::cut(job->grid, tiles);
  check_memory(*job, request, engine::RowBand{cut.front().first_row, cut.front().rows});
  TileFolder(folder).write_plan(job_identity(*job), cut);
  out << "tile first_row rows\n";
  for (std::size_t tile = 0; tile < cut.size(); ++tile)
    out << tile << ' ' << cut[tile].first_row << ' ' << cut[tile].rows << '\n';
  if (tiles > static_cast<int>(cut.size()))
    spdlog::warn("{} tiles, not {}: a tile holds whole chunks of the products, {} rows", cut.size(), tiles,
                 io::product_piece_rows(job->grid));
}

void run_tiles(const PipelineRequest& request, const TileShare& share) {
  const engine::ThreadLimit threads(request.jobs);
  auto job = prepare_tiles(request);
  const std::filesystem::path out = output_folder(request, job->configuration);
  const TileFolder folder(out);
  const nlohmann::json identity = job_identity(*job);
  if (!folder.has_plan()) folder.read_plan(identity);  // says so before the lock makes a folder
  const FolderLock lock(out, FolderLock::Kind::shared, request.command_line);
  const std::vector<io::PieceRows> tiles = folder.read_plan(identity);
  const auto step = static_cast<std::size_t>(share.count > 0 ? share.count : static_cast<int>(tiles.size()));
  std::size_t done = 0;
  for (auto tile = static_cast<std::size_t>(share.index); tile < tiles.size(); tile += step) {
    if (folder.is_done(tile)) {
      spdlog::info("{}: done already", tile_name(tile));
      continue;
    }
    stop_if_asked(request);
    if (done++ > 0) job = prepare_tiles(request);  // stages remember what a survey taught them
    run_tile(request, *job, out, folder, tile, tiles[tile]);
  }
}

std::filesystem::path assemble_tiles(const PipelineRequest& request) {
  const auto start = std::chrono::steady_clock::now();
  const engine::ThreadLimit threads(request.jobs);
  auto job = prepare_tiles(request);
  const std::filesystem::path out = output_folder(request, job->configuration);
  const TileFolder folder(out);
  const FolderLock lock(out, FolderLock::Kind::exclusive, request.command_line);
  refuse_nightly_folder(out);
  if (!folder.has_plan() && holds_products_of(job->configuration, out)) {
    spdlog::info("{}: assembled already", out.string());
    // The one before may have been killed while it cleared up: the plan goes first, the rest after it.
    const io::ScratchDir its_scratch(out, "run");
    const Heartbeat clears_up(heartbeat_file(out), request.command_line, nullptr);
    folder.remove();
    return out;
  }
  const std::vector<io::PieceRows> tiles = folder.read_plan(job_identity(*job));
  const std::string missing = tiles_not_done(folder, tiles.size());
  if (!missing.empty())
    throw Error(ErrorKind::environment, out.string() + ": not done yet: tiles " + missing + " of " +
                                            std::to_string(tiles.size()) +
                                            "; run `rootzone tile` for them, then assemble again");
  const io::ScratchDir scratch(out, "run");
  const Heartbeat heartbeat(heartbeat_file(out), request.command_line, nullptr);
  RunRecord record;
  record.out = scratch.path() / "products";
  record.command_line = request.command_line;
  io::make_folder(record.out);
  std::vector<PieceOfTile> pieces;
  for (std::size_t tile = 0; tile < tiles.size(); ++tile) {
    const TileMarker marker = folder.read_marker(tile);
    for (const auto& piece : marker.pieces) pieces.push_back({tile, piece});
    merge(marker, *job, record);
  }
  record.products = plan_products(*job, record.out, scratch.path());
  join_and_check(request, folder, tiles.size(), pieces, scratch.path(), record);
  conclude_run(*job, request, record, out, start);
  JobMetrics metrics{job->configuration.name, "assemble", start, job->configuration.time.last(), {}, 0};
  metrics.take(record);
  write_metrics(out, metrics, 0);
  folder.remove();  // last: while the plan stands, an assembly that was killed is done again
  return out;
}

}  // namespace rootzone::pipeline
