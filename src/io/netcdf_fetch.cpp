#include "netcdf_fetch.hpp"

#include <algorithm>
#include <array>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

// Rows of one task when a hyperslab is converted: enough work to be worth a task.
constexpr std::int64_t band_rows = 64;

std::array<int, 3> role_dims(const VariableLayout& layout) {
  return {layout.record_dim, layout.row_dim, layout.col_dim};
}

/// Strides by role of a row-major block of the given shape in the file's order of dimensions.
std::array<std::int64_t, 3> role_strides(const VariableLayout& layout,
                                         const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> strides(shape.size(), 1);
  for (std::size_t i = shape.size(); i-- > 1;) strides[i - 1] = strides[i] * shape[i];
  std::array<std::int64_t, 3> by_role{};
  const auto dims = role_dims(layout);
  for (std::size_t role = 0; role < 3; ++role)
    if (dims[role] >= 0) by_role[role] = strides[static_cast<std::size_t>(dims[role])];
  return by_role;
}

std::int64_t cells_of(const std::vector<std::int64_t>& shape) {
  std::int64_t cells = 1;
  for (const std::int64_t length : shape) cells *= length;
  return cells;
}

HyperslabPart read_run(const NetcdfFile& file, const std::shared_ptr<const NetcdfMember>& member,
                       const WindowView& view, std::span<const WantedRecord> run) {
  const NetcdfVariable& variable = member->variable;
  HyperslabPart part{member, nullptr, {}, {run.begin(), run.end()}};
  part.box.element_bytes = stored_size(variable.type);
  part.box.origin = {run.front().in_file, view.first_row(), view.first_col()};
  part.box.length = {static_cast<std::int64_t>(run.size()), view.rows(), view.cols()};
  std::vector<std::int64_t> shape(variable.lengths.size(), 1);
  std::vector<std::size_t> start(variable.lengths.size(), 0);
  const auto dims = role_dims(member->layout);
  for (std::size_t role = 0; role < 3; ++role) {
    if (dims[role] < 0) continue;
    const auto at = static_cast<std::size_t>(dims[role]);
    shape[at] = part.box.length[role];
    start[at] = static_cast<std::size_t>(part.box.origin[role]);
  }
  part.box.stride = role_strides(member->layout, shape);
  part.bytes = std::make_unique_for_overwrite<std::byte[]>(static_cast<std::size_t>(cells_of(shape)) *
                                                           part.box.element_bytes);
  part.box.bytes = part.bytes.get();
  // The variable's ids belong to the handle it was described with: ask this one by name.
  const NetcdfVariable* here = file.find(variable.name);
  if (here == nullptr || here->lengths != variable.lengths)
    throw core::Error(core::ErrorKind::data, file.path().string() + ", " + variable.name +
                                                 ": the file changed while it was being read");
  file.read_raw(*here, start, {shape.begin(), shape.end()}, part.bytes.get());
  return part;
}

/// Chunk coordinates of one role: [begin, end) in chunks that [first, first + count) touches.
struct ChunkRange {
  std::int64_t size = 1;
  std::int64_t begin = 0;
  std::int64_t end = 1;
};

ChunkRange chunk_range(const NetcdfVariable& variable, int dimension, std::int64_t first,
                       std::int64_t count) {
  if (dimension < 0) return {};
  const std::int64_t size = variable.chunks[static_cast<std::size_t>(dimension)];
  return {size, first / size, (first + count - 1) / size + 1};
}

/// Records grouped by the chunk they lie in; `records` is in the file's order.
std::vector<std::span<const WantedRecord>> by_chunk(std::span<const WantedRecord> records,
                                                    std::int64_t chunk_records) {
  std::vector<std::span<const WantedRecord>> groups;
  for (std::size_t begin = 0; begin < records.size();) {
    std::size_t end = begin + 1;
    while (end < records.size() &&
           records[end].in_file / chunk_records == records[begin].in_file / chunk_records)
      ++end;
    groups.push_back(records.subspan(begin, end - begin));
    begin = end;
  }
  return groups;
}

/// Take all chunks of `parts` off the disk into one piece of memory.
void read_stored(const Hdf5Variable& variable, const std::vector<std::vector<hsize_t>>& origins,
                 std::span<ChunkPart> parts, NetcdfFetch& fetch) {
  constexpr std::size_t alignment = 16;
  std::size_t total = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    parts[i].stored_bytes = variable.stored_size(origins[i]);
    total += (parts[i].stored_bytes + alignment - 1) / alignment * alignment;
  }
  fetch.arenas.push_back(std::make_unique_for_overwrite<std::byte[]>(total));
  std::byte* at = fetch.arenas.back().get();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].stored_bytes == 0) continue;
    if (const auto skipped = variable.read(origins[i], at)) {
      parts[i].stored = at;
      parts[i].skipped_filters = *skipped;
    }
    at += (parts[i].stored_bytes + alignment - 1) / alignment * alignment;
  }
}

}  // namespace

void fetch_hyperslabs(const NetcdfFile& file, const std::shared_ptr<const NetcdfMember>& member,
                      const NativeWindow& window, std::span<const WantedRecord> records, NetcdfFetch& fetch) {
  const WindowView view(window, member->layout);
  for (std::size_t begin = 0; begin < records.size();) {
    std::size_t end = begin + 1;
    while (end < records.size() && records[end].in_file == records[end - 1].in_file + 1) ++end;
    fetch.hyperslabs.push_back(read_run(file, member, view, records.subspan(begin, end - begin)));
    begin = end;
  }
}

void fetch_chunks(const Hdf5Variable& variable, const std::shared_ptr<const NetcdfMember>& member,
                  const NativeWindow& window, std::span<const WantedRecord> records, NetcdfFetch& fetch) {
  const NetcdfVariable& declared = member->variable;
  const VariableLayout& layout = member->layout;
  const WindowView view(window, layout);
  const ChunkRange across_records = chunk_range(declared, layout.record_dim, 0, 1);
  const ChunkRange across_rows = chunk_range(declared, layout.row_dim, view.first_row(), view.rows());
  const ChunkRange across_cols = chunk_range(declared, layout.col_dim, view.first_col(), view.cols());
  const auto dims = role_dims(layout);
  const std::size_t first_part = fetch.chunks.size();
  std::vector<std::vector<hsize_t>> origins;
  for (const auto group : by_chunk(records, across_records.size))
    for (std::int64_t row = across_rows.begin; row < across_rows.end; ++row)
      for (std::int64_t col = across_cols.begin; col < across_cols.end; ++col) {
        ChunkPart part{member, variable.coding(), nullptr, 0, 0, {}, {group.begin(), group.end()}};
        part.box.element_bytes = part.coding.element_bytes;
        part.box.origin = {group.front().in_file / across_records.size * across_records.size,
                           row * across_rows.size, col * across_cols.size};
        part.box.length = {across_records.size, across_rows.size, across_cols.size};
        part.box.stride = role_strides(layout, declared.chunks);
        std::vector<hsize_t> origin(declared.lengths.size(), 0);
        for (std::size_t role = 0; role < 3; ++role)
          if (dims[role] >= 0)
            origin[static_cast<std::size_t>(dims[role])] = static_cast<hsize_t>(part.box.origin[role]);
        origins.push_back(std::move(origin));
        fetch.chunks.push_back(std::move(part));
      }
  read_stored(variable, origins, std::span(fetch.chunks).subspan(first_part), fetch);
}

template <typename Value>
void NetcdfFetch::decode_chunk_part(const ChunkPart& part, std::span<Value> values) const {
  thread_local ChunkScratch scratch;
  StoredBox box = part.box;
  if (part.stored == nullptr) {
    box.bytes = part.member->fill.data();
    box.stride = {};
  } else {
    try {
      box.bytes =
          decode_chunk({part.stored, part.stored_bytes}, part.skipped_filters, part.coding, scratch).data();
    } catch (core::Error& error) {
      error.add_context(part.member->path.string() + ", " + part.member->variable.name);
      throw;
    }
    m_chunk_counter->fetch_add(1, std::memory_order_relaxed);
  }
  const WindowView view(m_window, part.member->layout);
  for (const WantedRecord& record : part.records)
    view.place(box, *part.member->decoder, record.in_file, box.origin[1], box.origin[1] + box.length[1],
               values.data() + record.in_window * plane_cells());
}

template <typename Value>
void NetcdfFetch::decode_plain(std::span<Value> values, const core::ParallelFor& parallel_for) {
  if (static_cast<std::int64_t>(values.size()) != m_window.records * plane_cells())
    throw core::Error(core::ErrorKind::internal,
                      "a window of " + std::to_string(m_window.records * plane_cells()) +
                          " cells is decoded into " + std::to_string(values.size()));
  if (!chunks.empty())
    parallel_for(static_cast<std::int64_t>(chunks.size()),
                 [&](std::int64_t i) { decode_chunk_part(chunks[static_cast<std::size_t>(i)], values); });
  const std::int64_t bands = (m_window.rows + band_rows - 1) / band_rows;
  for (const HyperslabPart& part : hyperslabs) {
    const WindowView view(m_window, part.member->layout);
    parallel_for(static_cast<std::int64_t>(part.records.size()) * bands, [&](std::int64_t i) {
      const WantedRecord& record = part.records[static_cast<std::size_t>(i / bands)];
      const std::int64_t top = view.first_row() + i % bands * band_rows;
      view.place(part.box, *part.member->decoder, record.in_file, top, top + band_rows,
                 values.data() + record.in_window * plane_cells());
    });
  }
}

template void NetcdfFetch::decode_plain(std::span<float>, const core::ParallelFor&);
template void NetcdfFetch::decode_plain(std::span<double>, const core::ParallelFor&);

template <typename Quality>
void NetcdfFetch::mask_out(const Mask& mask, std::span<float> values,
                           const core::ParallelFor& parallel_for) const {
  const auto cells = static_cast<std::size_t>(plane_cells());
  std::vector<Quality> quality(cells * static_cast<std::size_t>(mask.once ? 1 : m_window.records));
  mask.fetch->decode_plain(std::span<Quality>(quality), parallel_for);
  parallel_for(m_window.records, [&](std::int64_t record) {
    const auto at = static_cast<std::size_t>(record) * cells;
    apply_mask(values.subspan(at, cells),
               std::span<const Quality>(quality).subspan(mask.once ? 0 : at, cells), mask.rule);
  });
}

void NetcdfFetch::decode_masked(std::span<float> values, const core::ParallelFor& parallel_for) {
  decode_plain(values, parallel_for);
  for (const Mask& mask : masks) {
    if (mask.wide)
      mask_out<double>(mask, values, parallel_for);
    else
      mask_out<float>(mask, values, parallel_for);
  }
}

}  // namespace rootzone::io
