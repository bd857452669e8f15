#include "netcdf_stack.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "rootzone/core/error.hpp"
#include "rootzone/io/cf_time.hpp"
#include "rootzone/io/units.hpp"

namespace rootzone::io {
namespace {

using core::Error;
using core::ErrorKind;

// Open files of one stack: reading goes file after file, so a few serve; memory and descriptors stay bounded.
constexpr std::size_t open_files = 4;
constexpr double same_instant_days = 1e-5;  // 0.9 s: below any step of the field, above rounding

bool same_units(const std::string& a, const std::string& b) {
  if (a == b) return true;
  if (is_unknown_unit(a) || is_unknown_unit(b)) return is_unknown_unit(a) && is_unknown_unit(b);
  try {
    const UnitConverter converter = make_converter(a, b);
    return converter.is_identity() && !converter.used_water_density;
  } catch (const Error&) {
    return false;
  }
}

/// Standard and proleptic days have the same numbers from 1582-10-15 on.
bool same_calendar(const TimeReading& a, const TimeReading& b) {
  if (a.calendar == b.calendar || a.times.empty() || b.times.empty()) return true;
  const auto is_gregorian = [](core::Calendar calendar) {
    return calendar == core::Calendar::standard || calendar == core::Calendar::proleptic_gregorian;
  };
  const auto is_modern = [](const RecordTime& time) { return time.begin > -141427.0; };
  return is_gregorian(a.calendar) && is_gregorian(b.calendar) &&
         std::all_of(a.times.begin(), a.times.end(), is_modern) &&
         std::all_of(b.times.begin(), b.times.end(), is_modern);
}

void check_agreement(const NetcdfMember& first, const NetcdfMember& other) {
  const std::string both =
      first.path.string() + " and " + other.path.string() + ", " + other.variable.name + ": ";
  if (!other.grid.grid.same_cells(first.grid.grid) || other.grid.grid.crs_wkt() != first.grid.grid.crs_wkt())
    throw Error(ErrorKind::data,
                both + "the grids differ; files of one input must share one (split them into two inputs)");
  if (!same_units(first.units, other.units))
    throw Error(ErrorKind::data, both + "the units differ (\"" + first.units + "\" and \"" + other.units +
                                     "\"); set `units` if one of them is wrong, or make two inputs of them");
  if (!same_calendar(first.times, other.times))
    throw Error(ErrorKind::data, both + "the calendars differ (" +
                                     std::string(core::calendar_name(first.times.calendar)) + " and " +
                                     std::string(core::calendar_name(other.times.calendar)) +
                                     "); set `calendar` for this input");
}

/// Flags of 32 bits and doubles do not fit a float.
bool needs_double(nc_type type) {
  return stored_size(type) > 2 && type != NC_FLOAT;
}

/// A mask is read as its file says: no overrides of the input, and no scaling where its bits are meant.
InputSpec mask_input(const InputSpec& spec, const MaskSpec& mask) {
  InputSpec input;
  input.name = spec.name + "' mask '" + mask.variable;
  input.paths = mask.path.empty() ? spec.paths : std::vector<std::filesystem::path>{mask.path};
  input.variable = mask.variable;
  input.units = "1";
  input.crs = spec.crs;
  input.coordinates = spec.coordinates;
  input.use_latlon = spec.use_latlon;
  input.calendar = spec.calendar;
  input.cadence = spec.cadence;
  if (mask.bits) {
    input.scale = 1.0;
    input.offset = 0.0;
  }
  return input;
}

}  // namespace

NetcdfStack::NetcdfStack(const InputSpec& spec, ReadPath path)
    : m_netcdf_files(open_files), m_hdf5_variables(open_files) {
  if (spec.paths.empty()) throw Error(ErrorKind::data, "[inputs." + spec.name + "] no files");
  for (const auto& file : spec.paths) {
    m_members.push_back(std::make_shared<NetcdfMember>(read_member(file, spec)));
    if (path == ReadPath::netcdf) m_members.back()->try_chunks = false;
  }
  merge(spec);
  describe_chunks();
  open_masks(spec, path);
  m_description.stored_bytes_per_cell = stored_bytes_per_cell();
  for (const Mask& mask : m_masks)  // read beside the values and decoded to floats or doubles
    m_description.stored_bytes_per_cell +=
        mask.stack->description().stored_bytes_per_cell + (mask.wide ? 8.0 : 4.0);
}

void NetcdfStack::merge(const InputSpec& spec) {
  const NetcdfMember& first = *m_members.front();
  m_description.grid = first.grid.grid;
  m_description.crs_note = first.grid.crs_note;
  m_description.calendar = first.times.calendar;
  m_description.units = first.units;
  std::set<std::string> said;
  for (const auto& member : m_members) {
    check_agreement(first, *member);
    m_description.files.push_back(member->path);
    // The same of a hundred files is said of the first.
    for (std::string& warning : member->warnings) {
      const std::string what =
          warning.starts_with(member->path.string()) ? warning.substr(member->path.string().size()) : warning;
      if (said.insert(what).second) m_description.warnings.push_back(warning);
    }
  }
  merge_times(spec);
}

void NetcdfStack::merge_times(const InputSpec& spec) {
  const bool is_static = m_members.size() == 1 && m_members.front()->times.times.empty();
  if (is_static) {
    m_records.push_back({0, 0});
    return;
  }
  std::vector<std::pair<RecordTime, Record>> all;
  for (std::size_t i = 0; i < m_members.size(); ++i) {
    const NetcdfMember& member = *m_members[i];
    const auto& times = member.times.times;
    if (times.empty() && member.layout.records > 0)
      throw Error(ErrorKind::data,
                  member.path.string() + ", " + member.variable.name +
                      ": no time coordinate, but several files are to make one series of times");
    const auto earlier = [](const RecordTime& a, const RecordTime& b) { return a.stamp < b.stamp; };
    if (!std::is_sorted(times.begin(), times.end(), earlier))
      m_description.warnings.push_back(member.path.string() +
                                       ": its times are not in order; the records are sorted");
    for (std::size_t k = 0; k < times.size(); ++k)
      all.push_back({times[k], {i, static_cast<std::int64_t>(k)}});
  }
  if (all.empty())
    throw Error(ErrorKind::data,
                "[inputs." + spec.name + "] " + m_members.front()->path.string() + ": no records");
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.first.stamp < b.first.stamp; });
  for (std::size_t i = 1; i < all.size(); ++i) {
    const auto& [time, record] = all[i];
    const auto& [before, earlier] = all[i - 1];
    if (time.stamp - before.stamp > same_instant_days) continue;
    const std::string instant = iso_instant(time.stamp, m_description.calendar);
    if (record.member == earlier.member)
      throw Error(ErrorKind::data, m_members[record.member]->path.string() + ": the time " + instant +
                                       " occurs twice, at records " + std::to_string(earlier.in_file) +
                                       " and " + std::to_string(record.in_file) +
                                       "; drop one of them (cdo -seltimestep or ncks -d)");
    throw Error(ErrorKind::data,
                "the time " + instant + " is in two files, " + m_members[earlier.member]->path.string() +
                    " and " + m_members[record.member]->path.string() + "; name only one of them in `path`");
  }
  for (auto& [time, record] : all) {
    m_description.times.push_back(std::move(time));
    m_records.push_back(record);
  }
}

void NetcdfStack::describe_chunks() {
  const NetcdfMember& first = *m_members.front();
  const VariableLayout& layout = first.layout;
  if (first.variable.chunks.empty()) {
    m_description.chunk_cols = layout.cols;  // rows lie whole; any window of them is as good as another
    return;
  }
  const auto chunk = [&](int dimension) {
    return dimension < 0 ? 1 : first.variable.chunks[static_cast<std::size_t>(dimension)];
  };
  m_description.chunk_records =
      std::min<std::int64_t>(chunk(layout.record_dim), static_cast<std::int64_t>(m_records.size()));
  m_description.chunk_rows = std::min(chunk(layout.row_dim), layout.rows);
  m_description.chunk_cols = std::min(chunk(layout.col_dim), layout.cols);
  // The file's first chunk edge is at its row 0, which is the bottom of a south-up file.
  if (layout.rows_run_north) m_description.first_chunk_row = layout.rows % m_description.chunk_rows;
  if (layout.cols_run_west) m_description.first_chunk_col = layout.cols % m_description.chunk_cols;
}

// No more than the numbers are wide, and no more than the files are long: by how much they are compressed,
// with a tenth more for windows that compress less than the rest.
double NetcdfStack::stored_bytes_per_cell() const {
  const double width = static_cast<double>(stored_size(m_members.front()->variable.type));
  double bytes = 0.0;
  double cells = 0.0;
  for (const auto& member : m_members) {
    std::error_code error;
    const auto length = std::filesystem::file_size(member->path, error);
    if (error) return width;
    bytes += static_cast<double>(length);
    double count = 1.0;
    for (const auto dimension : member->variable.lengths) count *= static_cast<double>(dimension);
    cells += count;
  }
  return std::min(width, 1.1 * bytes / std::max(cells, 1.0));
}

void NetcdfStack::open_masks(const InputSpec& spec, ReadPath path) {
  for (const MaskSpec& mask_spec : spec.masks) {
    if (mask_spec.variable.empty() && mask_spec.path.empty())
      throw Error(ErrorKind::usage,
                  "[inputs." + spec.name + "] a mask needs `variable`, or `path` to another file");
    Mask mask{std::make_unique<NetcdfStack>(mask_input(spec, mask_spec), path),
              make_mask_rule(mask_spec, spec.name),
              false,
              {}};
    const NativeDescription& other = mask.stack->description();
    const std::string where =
        other.files.front().string() + ", mask '" + mask_spec.variable + "' of [inputs." + spec.name + "]: ";
    if (!other.grid.same_cells(m_description.grid))
      throw Error(ErrorKind::data,
                  where + "its grid differs from that of " + m_description.files.front().string());
    for (const auto& member : mask.stack->m_members)
      mask.wide = mask.wide || needs_double(member->rules.type);
    if (!other.times.empty() && !(other.times.size() == 1 && m_description.times.empty())) {
      for (const RecordTime& time : m_description.times) {
        const auto found =
            std::lower_bound(other.times.begin(), other.times.end(), time.stamp - same_instant_days,
                             [](const RecordTime& record, double stamp) { return record.stamp < stamp; });
        if (found == other.times.end() || std::abs(found->stamp - time.stamp) > same_instant_days)
          throw Error(ErrorKind::data,
                      where + "it has no record of " + iso_instant(time.stamp, m_description.calendar));
        mask.records.push_back(found - other.times.begin());
      }
      if (m_description.times.empty())
        throw Error(ErrorKind::data, where + "it has several times, the layer it is to mask has none");
    }
    for (const std::string& warning : other.warnings) m_description.warnings.push_back(warning);
    m_masks.push_back(std::move(mask));
  }
}

void NetcdfStack::check(const NativeWindow& window) const {
  const auto inside = [](std::int64_t first, std::int64_t count, std::int64_t all) {
    return first >= 0 && count >= 1 && first + count <= all;
  };
  if (!inside(window.first_record, window.records, static_cast<std::int64_t>(m_records.size())) ||
      !inside(window.first_row, window.rows, m_description.grid.rows()) ||
      !inside(window.first_col, window.cols, m_description.grid.cols()))
    throw Error(ErrorKind::internal,
                m_description.files.front().string() + ": a window outside the stack is asked for");
}

void NetcdfStack::fetch_member(std::size_t member, const NativeWindow& window,
                               std::span<const WantedRecord> records, NetcdfFetch& fetch) {
  const std::shared_ptr<NetcdfMember>& wanted = m_members[member];
  if (wanted->try_chunks) {
    const Hdf5Variable* variable =
        m_hdf5_variables.get(member, [&] { return Hdf5Variable::open(wanted->path, wanted->variable); });
    if (variable != nullptr) return fetch_chunks(*variable, wanted, window, records, fetch);
    wanted->try_chunks = false;
  }
  NetcdfFile& file = *m_netcdf_files.get(member, [&] { return std::make_unique<NetcdfFile>(wanted->path); });
  fetch_hyperslabs(file, wanted, window, records, fetch);
}

std::unique_ptr<NetcdfFetch> NetcdfStack::fetch_records(std::span<const std::int64_t> records,
                                                        NativeWindow window) {
  window.first_record = 0;
  window.records = static_cast<std::int64_t>(records.size());
  auto fetch = std::make_unique<NetcdfFetch>(window, m_chunk_counter);
  // By file, each file's records in its own order, so that a chunk is taken once whatever the order of times.
  std::vector<std::size_t> order(records.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto record_at = [&](std::size_t i) { return m_records[static_cast<std::size_t>(records[i])]; };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(record_at(a).member, record_at(a).in_file) <
           std::pair(record_at(b).member, record_at(b).in_file);
  });
  for (std::size_t begin = 0; begin < order.size();) {
    const std::size_t member = record_at(order[begin]).member;
    std::vector<WantedRecord> wanted;
    for (; begin < order.size() && record_at(order[begin]).member == member; ++begin)
      wanted.push_back({record_at(order[begin]).in_file, static_cast<std::int64_t>(order[begin])});
    fetch_member(member, window, wanted, *fetch);
  }
  return fetch;
}

std::unique_ptr<NativeFetch> NetcdfStack::fetch(const NativeWindow& window) {
  check(window);
  std::vector<std::int64_t> records(static_cast<std::size_t>(window.records));
  std::iota(records.begin(), records.end(), window.first_record);
  auto fetch = fetch_records(records, window);
  for (Mask& mask : m_masks) {
    std::vector<std::int64_t> theirs{0};
    if (!mask.records.empty())
      theirs.assign(mask.records.begin() + window.first_record,
                    mask.records.begin() + window.first_record + window.records);
    fetch->masks.push_back(
        {mask.stack->fetch_records(theirs, window), mask.rule, mask.records.empty(), mask.wide});
  }
  return fetch;
}

std::unique_ptr<NativeStack> open_netcdf_stack(const InputSpec& spec) {
  return std::make_unique<NetcdfStack>(spec);
}

}  // namespace rootzone::io
