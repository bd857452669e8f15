#pragma once
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include "rootzone/core/error.hpp"

/// What the fuzzers share. A parser may refuse any input, by core::Error that blames the input; another
/// exception, an "internal" error or a sanitizer's finding is a bug.
namespace rootzone::fuzz {

template <typename Parse>
void must_parse_or_refuse(const Parse& parse) {
  try {
    parse();
  } catch (const core::Error& error) {
    if (error.kind() == core::ErrorKind::internal) throw;
  }
}

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// The first line, taken off the text.
inline std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return line;
}

/// The input as a file in memory, for parsers that open a path.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* data, std::size_t size) : m_file(memfd_create("fuzz", 0)) {
    if (m_file < 0 || write(m_file, data, size) != static_cast<ssize_t>(size)) std::abort();
  }
  ~MemoryFile() { close(m_file); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(m_file); }

 private:
  int m_file;
};

}  // namespace rootzone::fuzz
