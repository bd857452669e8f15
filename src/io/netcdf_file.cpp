#include "netcdf_file.hpp"

#include <hdf5.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>

#include "classic_header.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/library_lock.hpp"

namespace rootzone::io {
namespace {

using core::Error;
using core::ErrorKind;

// Enough for the chunks one read touches; HDF5 works without a cache when a chunk is larger. netCDF-C's own
// default of 16 MiB per variable is what makes memory grow with the number of files.
constexpr std::size_t chunk_cache_bytes = std::size_t{1} << 20;

std::string trimmed(std::string text) {
  const auto blank = [](char c) { return c == '\0' || std::isspace(static_cast<unsigned char>(c)); };
  while (!text.empty() && blank(text.back())) text.pop_back();
  text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), blank));
  return text;
}

/// The numbers a text spells: "-9999.", "-9999. 1e20", "-9999,-8888f".
std::vector<StoredNumber> spelled_numbers(const std::string& text) {
  std::vector<StoredNumber> numbers;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    if (*at == ',' || *at == ';' || *at == '+' || std::isspace(static_cast<unsigned char>(*at))) {
      ++at;
      continue;
    }
    double value = 0.0;
    const auto [stop, error] = std::from_chars(at, end, value);
    if (error != std::errc{}) return {};
    numbers.emplace_back(value);
    at = stop;
    if (at < end && std::strchr("fFdDsSbBlL", *at) != nullptr) ++at;  // CDL's type suffix
  }
  return numbers;
}

template <typename Stored, typename Number>
void append_as(const std::vector<unsigned char>& bytes, std::size_t count,
               std::vector<StoredNumber>& numbers) {
  for (std::size_t i = 0; i < count; ++i) {
    Stored value{};
    std::memcpy(&value, bytes.data() + i * sizeof(Stored), sizeof(Stored));
    numbers.emplace_back(static_cast<Number>(value));
  }
}

std::vector<StoredNumber> typed_numbers(nc_type type, const std::vector<unsigned char>& bytes,
                                        std::size_t count) {
  std::vector<StoredNumber> numbers;
  switch (type) {
    case NC_BYTE:
      append_as<signed char, std::int64_t>(bytes, count, numbers);
      break;
    case NC_SHORT:
      append_as<std::int16_t, std::int64_t>(bytes, count, numbers);
      break;
    case NC_INT:
      append_as<std::int32_t, std::int64_t>(bytes, count, numbers);
      break;
    case NC_INT64:
      append_as<std::int64_t, std::int64_t>(bytes, count, numbers);
      break;
    case NC_UBYTE:
      append_as<unsigned char, std::uint64_t>(bytes, count, numbers);
      break;
    case NC_USHORT:
      append_as<std::uint16_t, std::uint64_t>(bytes, count, numbers);
      break;
    case NC_UINT:
      append_as<std::uint32_t, std::uint64_t>(bytes, count, numbers);
      break;
    case NC_UINT64:
      append_as<std::uint64_t, std::uint64_t>(bytes, count, numbers);
      break;
    case NC_FLOAT:
      append_as<float, double>(bytes, count, numbers);
      break;
    case NC_DOUBLE:
      append_as<double, double>(bytes, count, numbers);
      break;
    default:
      break;
  }
  return numbers;
}

/// Why a file does not open, from its first bytes.
std::string opening_hint(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return {};
  if (size == 0) return "; the file is empty";
  std::array<char, 8> magic{};
  std::ifstream(path, std::ios::binary).read(magic.data(), magic.size());
  if (std::memcmp(magic.data(), "\211HDF", 4) == 0 || std::memcmp(magic.data(), "CDF", 3) == 0)
    return "; it begins as a NetCDF file, so its " + std::to_string(size) +
           " bytes look truncated or damaged: fetch it again";
  return "; it is not a NetCDF file";
}

}  // namespace

double as_double(const StoredNumber& number) {
  return std::visit([](auto value) { return static_cast<double>(value); }, number);
}

std::size_t stored_size(nc_type type) {
  switch (type) {
    case NC_BYTE:
    case NC_UBYTE:
      return 1;
    case NC_SHORT:
    case NC_USHORT:
      return 2;
    case NC_INT:
    case NC_UINT:
    case NC_FLOAT:
      return 4;
    case NC_INT64:
    case NC_UINT64:
    case NC_DOUBLE:
      return 8;
    default:
      return 0;
  }
}

void check_netcdf(int status, const std::filesystem::path& file, std::string_view where,
                  std::string_view operation) {
  if (status == NC_NOERR) return;
  std::string message = file.string();
  if (!where.empty()) message += ", " + std::string(where);
  message += ": cannot " + std::string(operation) + ": " + nc_strerror(status);
  // Positive values are the system's errno.
  const bool environment = status == EACCES || status == EPERM || status == EMFILE || status == ENFILE ||
                           status == EIO || status == ENOMEM || status == NC_ENOMEM || status == NC_EACCESS;
  if (status == NC_EHDFERR && operation != "open")
    message += "; the file looks damaged or was cut short while it was written: fetch it again";
  throw Error(environment ? ErrorKind::environment : ErrorKind::data, message);
}

void silence_hdf5_errors() {
  thread_local const bool done = H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr) >= 0;
  (void)done;
}

NetcdfFile::NetcdfFile(const std::filesystem::path& path) : m_path(path) {
  silence_hdf5_errors();
  if (!std::filesystem::exists(path)) throw Error(ErrorKind::data, path.string() + ": there is no such file");
  if (std::filesystem::is_directory(path))
    throw Error(ErrorKind::data, path.string() + ": is a folder, expected a NetCDF file");
  check_classic_header(path);
  const NetcdfLock lock(netcdf_mutex());
  const int status = nc_open(path.c_str(), NC_NOWRITE, &m_id);
  if (status < 0 && status != NC_EACCESS && status != NC_ENOMEM)
    throw Error(ErrorKind::data,
                path.string() + ": cannot open: " + nc_strerror(status) + opening_hint(path));
  check_netcdf(status, path, "", "open");
  try {
    int format = 0;
    int mode = 0;
    check_netcdf(nc_inq_format_extended(m_id, &format, &mode), path, "", "read the format");
    m_is_hdf5 = format == NC_FORMATX_NC_HDF5;
    if (format == NC_FORMATX_NC3) check_classic_header(path);
    list_group(m_id, "");
  } catch (...) {
    nc_close(m_id);
    throw;
  }
}

NetcdfFile::~NetcdfFile() {
  const NetcdfLock lock(netcdf_mutex());
  nc_close(m_id);
}

void NetcdfFile::list_group(int group, const std::string& prefix) {
  int count = 0;
  check_netcdf(nc_inq_nvars(group, &count), m_path, prefix, "count the variables");
  for (int variable = 0; variable < count; ++variable)
    m_variables.push_back(describe(group, variable, prefix));
  int groups = 0;
  check_netcdf(nc_inq_grps(group, &groups, nullptr), m_path, prefix, "count the groups");
  std::vector<int> ids(static_cast<std::size_t>(groups));
  check_netcdf(nc_inq_grps(group, &groups, ids.data()), m_path, prefix, "list the groups");
  for (const int id : ids) {
    std::array<char, NC_MAX_NAME + 1> name{};
    check_netcdf(nc_inq_grpname(id, name.data()), m_path, prefix, "read a group's name");
    list_group(id, prefix + name.data() + "/");
  }
}

NetcdfVariable NetcdfFile::describe(int group, int variable, const std::string& prefix) const {
  NetcdfVariable described;
  described.group = group;
  described.id = variable;
  std::array<char, NC_MAX_NAME + 1> name{};
  int dimensions = 0;
  std::array<int, NC_MAX_VAR_DIMS> ids{};
  check_netcdf(nc_inq_var(group, variable, name.data(), &described.type, &dimensions, ids.data(), nullptr),
               m_path, prefix, "describe a variable");
  described.name = prefix + name.data();
  for (int i = 0; i < dimensions; ++i) {
    std::size_t length = 0;
    check_netcdf(nc_inq_dim(group, ids[static_cast<std::size_t>(i)], name.data(), &length), m_path,
                 described.name, "read a dimension");
    described.dimension_ids.push_back(ids[static_cast<std::size_t>(i)]);
    described.dimension_names.emplace_back(name.data());
    described.lengths.push_back(static_cast<std::int64_t>(length));
  }
  if (m_is_hdf5 && dimensions > 0) {
    int storage = 0;
    std::vector<std::size_t> chunks(static_cast<std::size_t>(dimensions));
    check_netcdf(nc_inq_var_chunking(group, variable, &storage, chunks.data()), m_path, described.name,
                 "read the chunk shape");
    if (storage == NC_CHUNKED) described.chunks.assign(chunks.begin(), chunks.end());
  }
  if (const std::size_t size = stored_size(described.type); size > 0) {
    int no_fill = 0;
    std::vector<unsigned char> bytes(size);
    // A classic file may declare a _FillValue of another type, which is an error here: the attribute is still
    // read.
    if (nc_inq_var_fill(group, variable, &no_fill, bytes.data()) == NC_NOERR && no_fill == 0)
      described.fill_value = typed_numbers(described.type, bytes, 1).front();
  }
  return described;
}

const NetcdfVariable* NetcdfFile::find(std::string_view name, const NetcdfVariable* seen_from) const {
  if (name.starts_with('/')) name.remove_prefix(1);
  const auto called = [&](const std::string& full) {
    const auto found =
        std::find_if(m_variables.begin(), m_variables.end(), [&](const auto& v) { return v.name == full; });
    return found == m_variables.end() ? nullptr : &*found;
  };
  // From the innermost group outwards, as CF scopes names.
  std::string prefix = seen_from == nullptr ? "" : seen_from->name.substr(0, seen_from->name.rfind('/') + 1);
  while (!prefix.empty()) {
    if (const auto* found = called(prefix + std::string(name))) return found;
    prefix.pop_back();
    prefix.erase(prefix.rfind('/') + 1);
  }
  return called(std::string(name));
}

std::optional<NetcdfAttribute> NetcdfFile::attribute(const NetcdfVariable& variable, const char* name) const {
  const NetcdfLock lock(netcdf_mutex());
  silence_hdf5_errors();
  NetcdfAttribute attribute;
  std::size_t length = 0;
  const int status = nc_inq_att(variable.group, variable.id, name, &attribute.type, &length);
  if (status == NC_ENOTATT) return {};
  check_netcdf(status, m_path, variable.name, std::string("read attribute ") + name);
  if (attribute.type == NC_CHAR) {
    std::string text(length, '\0');
    check_netcdf(nc_get_att_text(variable.group, variable.id, name, text.data()), m_path, variable.name,
                 std::string("read attribute ") + name);
    attribute.text = trimmed(std::move(text));
  } else if (attribute.type == NC_STRING) {
    std::vector<char*> texts(length);
    check_netcdf(nc_get_att_string(variable.group, variable.id, name, texts.data()), m_path, variable.name,
                 std::string("read attribute ") + name);
    for (const char* text : texts)
      if (text != nullptr) attribute.text += (attribute.text.empty() ? "" : " ") + std::string(text);
    nc_free_string(length, texts.data());
    attribute.text = trimmed(attribute.text);
  } else if (const std::size_t size = stored_size(attribute.type); size > 0) {
    std::vector<unsigned char> bytes(size * length);
    check_netcdf(nc_get_att(variable.group, variable.id, name, bytes.data()), m_path, variable.name,
                 std::string("read attribute ") + name);
    attribute.numbers = typed_numbers(attribute.type, bytes, length);
    return attribute;
  }
  attribute.numbers = spelled_numbers(attribute.text);
  return attribute;
}

std::optional<std::string> NetcdfFile::text(const NetcdfVariable& variable, const char* name) const {
  const auto found = attribute(variable, name);
  if (!found || (found->type != NC_CHAR && found->type != NC_STRING)) return {};
  return found->text;
}

std::vector<double> NetcdfFile::read_coordinate(const NetcdfVariable& variable) const {
  std::size_t count = 1;
  for (const std::int64_t length : variable.lengths) count *= static_cast<std::size_t>(length);
  if (stored_size(variable.type) == 0)
    throw Error(ErrorKind::data,
                m_path.string() + ", " + variable.name + ": a coordinate of text, expected numbers");
  std::vector<double> values(count);
  {
    const NetcdfLock lock(netcdf_mutex());
    silence_hdf5_errors();
    if (!variable.chunks.empty())
      nc_set_var_chunk_cache(variable.group, variable.id, chunk_cache_bytes, 521, 1.0F);
    check_netcdf(nc_get_var_double(variable.group, variable.id, values.data()), m_path, variable.name,
                 "read the values");
  }
  const auto number = [&](const char* name, double otherwise) {
    const auto found = attribute(variable, name);
    return found && !found->numbers.empty() ? as_double(found->numbers.front()) : otherwise;
  };
  const double fill = variable.fill_value ? as_double(*variable.fill_value) : std::nan("");
  const double missing = number("missing_value", std::nan(""));
  const double scale = number("scale_factor", 1.0);
  const double offset = number("add_offset", 0.0);
  for (double& value : values)
    value = value == fill || value == missing ? std::nan("") : value * scale + offset;
  return values;
}

void NetcdfFile::read_raw(const NetcdfVariable& variable, const std::vector<std::size_t>& start,
                          const std::vector<std::size_t>& count, void* bytes) const {
  const NetcdfLock lock(netcdf_mutex());
  silence_hdf5_errors();
  if (!variable.chunks.empty())
    nc_set_var_chunk_cache(variable.group, variable.id, chunk_cache_bytes, 521, 1.0F);
  check_netcdf(nc_get_vara(variable.group, variable.id, start.data(), count.data(), bytes), m_path,
               variable.name, "read values");
}

}  // namespace rootzone::io
