#include "product_placer.hpp"

#include <system_error>
#include <utility>

#include "product_metadata.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"

namespace rootzone::io {
namespace {

std::int64_t pieces(std::int64_t whole, std::int64_t piece) {
  return (whole + piece - 1) / piece;
}

}  // namespace

ProductPlacer::ProductPlacer(const ProductSpec& spec, std::vector<ProductPart> parts,
                             std::filesystem::path scratch_dir)
    : m_spec(spec),
      m_parts(std::move(parts)),
      m_scratch_dir(std::move(scratch_dir)),
      m_row_chunks(pieces(spec.grid.rows(), m_parts.front().chunk.rows)),
      m_col_chunks(pieces(spec.grid.cols(), m_parts.front().chunk.cols)),
      m_variables(spec.with_flags ? 2 : 1),
      m_waiting(m_parts.size()) {
  make_folder_of_first();
  try {
    begin_part();
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(partial_path(m_parts.front().path), ignored);
    if (!m_made_folder.empty()) std::filesystem::remove(m_made_folder, ignored);
    throw;
  }
}

ProductPlacer::~ProductPlacer() {
  m_file.reset();
  std::error_code ignored;
  for (std::size_t i = m_named; i < m_parts.size(); ++i)
    std::filesystem::remove(partial_path(m_parts[i].path), ignored);
  // Fails, as it should, if the folder holds anything.
  if (!m_made_folder.empty()) std::filesystem::remove(m_made_folder, ignored);
}

void ProductPlacer::make_folder_of_first() {
  const std::filesystem::path folder = m_parts.front().path.parent_path();
  if (folder.empty()) return;
  const bool there = std::filesystem::exists(folder);
  make_folder(folder);
  if (!there) m_made_folder = folder;
}

std::int64_t ProductPlacer::chunks_of_part(std::int64_t part) const {
  return m_parts[static_cast<std::size_t>(part)].step_chunks() * m_row_chunks * m_col_chunks * m_variables;
}

void ProductPlacer::begin_part() {
  const ProductPart& part = m_parts[static_cast<std::size_t>(m_next.part)];
  if (m_next.part > 0) make_folder(part.path.has_parent_path() ? part.path.parent_path() : ".");
  const std::filesystem::path partial = partial_path(part.path);
  create_product_file(partial, m_spec, part);
  std::vector<std::string> variables{m_spec.variable};
  if (m_spec.with_flags) variables.push_back(m_spec.variable + "_flags");
  m_file = std::make_unique<Hdf5ChunkFile>(partial, Hdf5ChunkFile::Access::write, variables);
}

ChunkOrigin ProductPlacer::origin_of(std::int64_t sequence, std::size_t& variable) const {
  const ChunkShape& chunk = m_parts[static_cast<std::size_t>(m_next.part)].chunk;
  const std::int64_t in_band = sequence % (m_col_chunks * m_variables);
  const std::int64_t band = sequence / (m_col_chunks * m_variables);
  variable = static_cast<std::size_t>(in_band / m_col_chunks);
  return {(band / m_row_chunks) * chunk.steps, (band % m_row_chunks) * chunk.rows,
          (in_band % m_col_chunks) * chunk.cols};
}

void ProductPlacer::put(std::span<const std::byte> stored) {
  // Opened only when its turn has come: one HDF5 file's memory, however many files the product has.
  if (!m_file) begin_part();
  if (!stored.empty()) {
    std::size_t variable = 0;
    const ChunkOrigin origin = origin_of(m_next.sequence, variable);
    m_file->write(variable, origin, stored);
  }
  advance();
}

void ProductPlacer::advance() {
  if (++m_next.sequence < chunks_of_part(m_next.part)) return;
  m_file->close();
  m_file.reset();
  m_waiting[static_cast<std::size_t>(m_next.part)] = {};
  m_next = {m_next.part + 1, 0};
}

void ProductPlacer::drain() {
  std::vector<std::byte> stored;
  while (m_next.part < static_cast<std::int64_t>(m_parts.size())) {
    const std::vector<Waiting>& waiting = m_waiting[static_cast<std::size_t>(m_next.part)];
    if (waiting.empty()) return;
    const Waiting chunk = waiting[static_cast<std::size_t>(m_next.sequence)];
    if (chunk.offset < 0) return;
    stored.resize(static_cast<std::size_t>(chunk.bytes));
    if (!stored.empty()) m_spool->read(chunk.offset, stored);
    put(stored);
  }
}

void ProductPlacer::place(const ChunkPlace& place, std::span<const std::byte> stored) {
  if (place == m_next) {
    put(stored);
    drain();
    return;
  }
  std::vector<Waiting>& waiting = m_waiting[static_cast<std::size_t>(place.part)];
  if (waiting.empty()) waiting.resize(static_cast<std::size_t>(chunks_of_part(place.part)));
  if (!m_spool) m_spool = std::make_unique<ScratchFile>(m_scratch_dir);
  m_spool->write(m_spooled_bytes, stored);
  waiting[static_cast<std::size_t>(place.sequence)] = {m_spooled_bytes,
                                                       static_cast<std::int64_t>(stored.size())};
  m_spooled_bytes += static_cast<std::int64_t>(stored.size());
}

void ProductPlacer::commit() {
  if (m_next.part != static_cast<std::int64_t>(m_parts.size()))
    throw core::Error(core::ErrorKind::internal,
                      m_spec.variable + ": finished before every chunk was placed");
  for (const ProductPart& part : m_parts) sync_to_disk(partial_path(part.path));
  for (const ProductPart& part : m_parts) {
    rename_into_place(partial_path(part.path), part.path);
    ++m_named;
  }
  m_made_folder.clear();
  std::filesystem::path synced;
  for (const ProductPart& part : m_parts) {
    const std::filesystem::path folder = part.path.has_parent_path() ? part.path.parent_path() : ".";
    if (folder != synced) sync_to_disk(folder);
    synced = folder;
  }
}

}  // namespace rootzone::io
