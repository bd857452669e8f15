#include "rootzone/io/state_file.hpp"

#include <fcntl.h>
#include <libdeflate.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <limits>

#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "system_error.hpp"

namespace rootzone::io {
namespace {

static_assert(std::endian::native == std::endian::little, "state files are little-endian");
static_assert(std::numeric_limits<double>::is_iec559, "state files hold IEEE 754 doubles");

constexpr std::string_view begin_mark = "RZSTATE1";
constexpr std::string_view begin_any_format = "RZSTATE";
constexpr std::string_view end_mark = "RZSTEND1";
constexpr std::size_t word = sizeof(std::uint64_t);

std::uint64_t checksum(std::span<const std::byte> bytes) {
  return libdeflate_crc32(0, bytes.data(), bytes.size());
}

std::span<const std::byte> bytes_of(const std::uint64_t& number) {
  return std::as_bytes(std::span(&number, 1));
}

std::uint64_t number_at(std::span<const std::byte> bytes, std::size_t offset) {
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data() + offset, word);
  return number;
}

}  // namespace

struct StateFileWriter::Parts {
  explicit Parts(const std::filesystem::path& target) : file(target) {}
  AtomicFile file;
  std::uint64_t records = 0;
  std::vector<double> buffer;
};

StateFileWriter::StateFileWriter(const std::filesystem::path& target, const std::string& header)
    : m_parts(std::make_unique<Parts>(target)) {
  // Doubles behind the header lie on multiples of eight.
  const std::string padded = header + std::string((word - header.size() % word) % word, ' ');
  const std::span<const std::byte> bytes = std::as_bytes(std::span(padded.data(), padded.size()));
  m_parts->file.append(begin_mark);
  m_parts->file.append(bytes_of(padded.size()));
  m_parts->file.append(bytes);
  m_parts->file.append(bytes_of(checksum(bytes)));
}

StateFileWriter::~StateFileWriter() = default;

void StateFileWriter::append(std::span<const double> record) {
  std::vector<double>& buffer = m_parts->buffer;
  buffer.assign(record.begin(), record.end());
  // The sign and payload of a NaN depend on the instructions that made it.
  for (double& value : buffer)
    if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
  const std::span<const std::byte> bytes = std::as_bytes(std::span(buffer));
  m_parts->file.append(bytes_of(buffer.size()));
  m_parts->file.append(bytes);
  m_parts->file.append(bytes_of(checksum(bytes)));
  ++m_parts->records;
}

void StateFileWriter::commit() {
  m_parts->file.append(end_mark);
  m_parts->file.append(bytes_of(m_parts->records));
  m_parts->file.commit();
}

StateFile::StateFile(const std::filesystem::path& path) : m_path(path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw system_error("open", path, errno);
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || status.st_size == 0) {
    ::close(descriptor);
    refuse("is empty");
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  void* map = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  const int reason = errno;
  ::close(descriptor);
  if (map == MAP_FAILED) throw system_error("map", path, reason);
  m_bytes = {static_cast<const std::byte*>(map), size};
  try {
    check();
    ::madvise(map, size, MADV_DONTNEED);  // read again row by row; until then it need not stay in memory
  } catch (...) {
    ::munmap(map, size);
    throw;
  }
}

StateFile::~StateFile() {
  ::munmap(const_cast<std::byte*>(m_bytes.data()), m_bytes.size());
}

void StateFile::refuse(const std::string& what) const {
  throw core::Error(core::ErrorKind::state, "the state file " + m_path.string() + " " + what);
}

void StateFile::check() {
  const auto text_at = [&](std::size_t offset, std::size_t length) {
    return std::string_view(reinterpret_cast<const char*>(m_bytes.data()) + offset, length);
  };
  if (m_bytes.size() < 2 * word || !text_at(0, word).starts_with(begin_any_format))
    refuse("is no state file of rootzone");
  if (text_at(0, word) != begin_mark)
    refuse("has the format '" + std::string(text_at(0, word)) + "'; this program reads " +
           std::string(begin_mark));
  std::size_t offset = word;
  const auto room = [&](std::uint64_t bytes) {
    if (bytes > m_bytes.size() - offset)
      refuse("is cut short at " + std::to_string(m_bytes.size()) + " bytes");
  };
  const auto next_number = [&] {
    room(word);
    offset += word;
    return number_at(m_bytes, offset - word);
  };
  const auto next_bytes = [&](std::uint64_t bytes, const std::string& what) {
    room(bytes);
    const auto part = m_bytes.subspan(offset, bytes);
    offset += bytes;
    if (next_number() != checksum(part)) refuse("is damaged: the checksum of its " + what + " does not fit");
    return part;
  };
  const std::uint64_t header_bytes = next_number();
  const auto header = next_bytes(header_bytes, "header");
  m_header.assign(reinterpret_cast<const char*>(header.data()), header.size());
  if (offset % word != 0) refuse("is damaged: its header has an odd length");
  while (true) {
    room(word);
    if (text_at(offset, word) == end_mark) break;
    const std::uint64_t count = next_number();
    room(0);
    if (count > (m_bytes.size() - offset) / word)
      refuse("is cut short at " + std::to_string(m_bytes.size()) + " bytes");
    const auto record = next_bytes(count * word, "record " + std::to_string(m_records.size()));
    m_records.emplace_back(reinterpret_cast<const double*>(record.data()), count);
  }
  offset += word;
  if (next_number() != m_records.size() || offset != m_bytes.size())
    refuse("is damaged: it does not end where it should");
}

}  // namespace rootzone::io
