#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace rootzone::io {

/// A file of one text header and records of doubles, each with its own CRC-32 (ISO 3309, by libdeflate): what
/// a run leaves for the next one. Little-endian: "RZSTATE1", the header's length (u64), the header, its CRC
/// (u64); for each record its count (u64), its doubles, their CRC (u64); at the end "RZSTEND1" and the number
/// of records. Every NaN is written as one and the same, so that equal values give equal bytes.
///
/// Written under a partial name beside `target`, synced, and named by `commit`. Without it nothing is left.
/// Throws Error(environment).
class StateFileWriter {
 public:
  StateFileWriter(const std::filesystem::path& target, const std::string& header);
  ~StateFileWriter();
  StateFileWriter(const StateFileWriter&) = delete;
  StateFileWriter& operator=(const StateFileWriter&) = delete;

  void append(std::span<const double> record);
  void commit();

 private:
  struct Parts;
  std::unique_ptr<Parts> m_parts;
};

/// Reads such a file through a memory map. The constructor checks every byte: lengths, checksums, the end
/// mark. Throws Error(state) naming the file and what is wrong with it (cut short, changed, no state file, of
/// a later format), Error(environment) if it cannot be opened. Safe from any thread.
class StateFile {
 public:
  explicit StateFile(const std::filesystem::path& path);
  ~StateFile();
  StateFile(const StateFile&) = delete;
  StateFile& operator=(const StateFile&) = delete;

  const std::filesystem::path& path() const { return m_path; }
  const std::string& header() const { return m_header; }
  std::size_t records() const { return m_records.size(); }
  std::span<const double> record(std::size_t index) const { return m_records[index]; }

 private:
  void check();
  [[noreturn]] void refuse(const std::string& what) const;

  std::filesystem::path m_path;
  std::span<const std::byte> m_bytes;
  std::string m_header;
  std::vector<std::span<const double>> m_records;
};

}  // namespace rootzone::io
