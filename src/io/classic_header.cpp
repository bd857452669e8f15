#include "classic_header.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

constexpr std::uint64_t dimension_tag = 10;
constexpr std::uint64_t variable_tag = 11;
constexpr std::uint64_t attribute_tag = 12;
constexpr std::uint64_t longest_name = 256;

/// Big-endian parts of the header, whose width depends on the version of the format.
class HeaderReader {
 public:
  explicit HeaderReader(const std::filesystem::path& path)
      : m_path(path), m_file(path, std::ios::binary), m_size(std::filesystem::file_size(path)) {
    std::array<char, 4> magic{};
    m_file.read(magic.data(), magic.size());
    if (m_file && std::memcmp(magic.data(), "CDF", 3) == 0 &&
        (magic[3] == 1 || magic[3] == 2 || magic[3] == 5))
      m_version = magic[3];
  }

  bool is_classic() const { return m_version != 0; }
  std::uint64_t size() const { return m_size; }
  std::uint64_t count() { return number(m_version == 5 ? 8 : 4); }
  std::uint64_t offset() { return number(m_version == 1 ? 4 : 8); }
  bool is_streaming(std::uint64_t records) const {
    return records == (m_version == 5 ? ~std::uint64_t{0} : 0xFFFFFFFFU);
  }
  /// Number of entries of a list: its tag, or two zeros for an absent list. Each entry takes at least 4
  /// bytes.
  std::uint64_t entries(std::uint64_t expected_tag) {
    const std::uint64_t tag = number(4);
    const std::uint64_t entries = count();
    if (tag == 0 && entries == 0) return 0;
    if (tag != expected_tag || entries > m_size / 4) damaged("a list of its header is no list");
    return entries;
  }
  std::string name() {
    const std::uint64_t length = count();
    if (length == 0 || length > longest_name)
      damaged("a name of its header is " + std::to_string(length) + " bytes long");
    std::string text(length, '\0');
    m_file.read(text.data(), static_cast<std::streamsize>(length));
    verify();
    if (text.find('\0') != std::string::npos || text.find('/') != std::string::npos)
      damaged("a name of its header is no name");
    skip((length + 3) / 4 * 4 - length);
    return text;
  }
  /// Bytes of a value of the type that comes next.
  std::uint64_t type_size() {
    static constexpr std::array<std::uint64_t, 12> sizes{0, 1, 1, 2, 4, 4, 8, 1, 2, 4, 8, 8};
    const std::uint64_t type = number(4);
    if (type == 0 || type >= sizes.size() || (m_version != 5 && type > 6))
      damaged("its header has a type " + std::to_string(type));
    return sizes[type];
  }
  void skip(std::uint64_t bytes) {
    if (bytes > m_size) damaged("a part of its header is longer than the file; it may be truncated");
    m_file.seekg(static_cast<std::streamoff>(bytes), std::ios::cur);
    m_file.peek();
    verify();
  }
  [[noreturn]] void damaged(const std::string& what) const {
    throw core::Error(core::ErrorKind::data, m_path.string() + ": damaged: " + what + "; fetch it again");
  }

 private:
  std::uint64_t number(int bytes) {
    std::uint64_t value = 0;
    for (int i = 0; i < bytes; ++i) value = value << 8 | static_cast<unsigned char>(m_file.get());
    verify();
    return value;
  }
  void verify() {
    if (m_file) return;
    throw core::Error(
        core::ErrorKind::data,
        m_path.string() + ": the file ends within its header; it looks truncated: fetch it again");
  }

  std::filesystem::path m_path;
  std::ifstream m_file;
  std::uint64_t m_size = 0;
  int m_version = 0;
};

void skip_attributes(HeaderReader& header) {
  const std::uint64_t attributes = header.entries(attribute_tag);
  for (std::uint64_t i = 0; i < attributes; ++i) {
    header.name();
    const std::uint64_t size = header.type_size();
    const std::uint64_t values = header.count();
    if (values > header.size()) header.damaged("an attribute is longer than the file; it may be truncated");
    header.skip((values * size + 3) / 4 * 4);
  }
}

std::vector<std::uint64_t> dimension_lengths(HeaderReader& header) {
  std::vector<std::uint64_t> lengths(header.entries(dimension_tag));
  std::set<std::string> names;
  for (std::uint64_t& length : lengths) {
    if (!names.insert(header.name()).second) header.damaged("two dimensions have one name");
    length = header.count();
  }
  if (std::count(lengths.begin(), lengths.end(), 0U) > 1) header.damaged("two dimensions are unlimited");
  return lengths;
}

struct Placed {
  std::uint64_t begin = 0;
  std::uint64_t bytes = 0;  ///< of the variable, or of one record of it
  bool by_record = false;
};

Placed placed_variable(HeaderReader& header, const std::vector<std::uint64_t>& lengths) {
  Placed variable;
  const std::uint64_t dimensions = header.count();
  if (dimensions > 1024) header.damaged("a variable has " + std::to_string(dimensions) + " dimensions");
  // Sizes beyond any file stand for themselves: no overflow in what follows.
  constexpr std::uint64_t huge = std::uint64_t{1} << 56;
  std::uint64_t values = 1;
  for (std::uint64_t i = 0; i < dimensions; ++i) {
    const std::uint64_t id = header.count();
    if (id >= lengths.size()) header.damaged("a variable has a dimension that does not exist");
    if (lengths[id] == 0 && i > 0) header.damaged("an unlimited dimension is not the first");
    if (lengths[id] == 0)
      variable.by_record = true;
    else
      values = lengths[id] > huge / values ? huge : values * lengths[id];
  }
  skip_attributes(header);
  variable.bytes = std::min(huge, values * header.type_size());
  header.count();  // vsize: redundant, and wrong for variables beyond 4 GiB
  variable.begin = header.offset();
  return variable;
}

/// Where the last value ends.
std::uint64_t data_end(const std::vector<Placed>& variables, std::uint64_t records) {
  // Records are padded to four bytes unless there is a single record variable.
  const auto by_record =
      std::count_if(variables.begin(), variables.end(), [](const Placed& v) { return v.by_record; });
  std::uint64_t record_bytes = 0;
  for (const Placed& variable : variables)
    if (variable.by_record) record_bytes += by_record == 1 ? variable.bytes : (variable.bytes + 3) / 4 * 4;
  std::uint64_t end = 0;
  for (const Placed& variable : variables) {
    if (variable.by_record && records == 0) continue;
    const std::uint64_t last = variable.by_record ? (records - 1) * record_bytes : 0;
    end = std::max(end, variable.begin + last + variable.bytes);
  }
  return end;
}

}  // namespace

void check_classic_header(const std::filesystem::path& path) {
  HeaderReader header(path);
  if (!header.is_classic()) return;
  const std::uint64_t records = header.count();
  const std::vector<std::uint64_t> lengths = dimension_lengths(header);
  skip_attributes(header);
  std::vector<Placed> variables;
  std::set<std::string> names;
  for (std::uint64_t left = header.entries(variable_tag); left > 0; --left) {
    if (!names.insert(header.name()).second) header.damaged("two variables have one name");
    variables.push_back(placed_variable(header, lengths));
  }
  if (header.is_streaming(records)) return;
  const bool any_records = std::any_of(variables.begin(), variables.end(),
                                       [](const Placed& v) { return v.by_record && v.bytes > 0; });
  if (any_records && records > header.size())
    header.damaged("it announces " + std::to_string(records) + " records");
  const std::uint64_t needed = data_end(variables, records);
  if (header.size() < needed)
    throw core::Error(core::ErrorKind::data,
                      path.string() + ": holds " + std::to_string(header.size()) + " bytes of " +
                          std::to_string(needed) +
                          " that its header announces; it looks truncated: fetch it again");
}

}  // namespace rootzone::io
