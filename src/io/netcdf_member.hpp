#pragma once
#include <cstddef>
#include <filesystem>
#include <list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "hdf5_variable.hpp"
#include "netcdf_file.hpp"
#include "netcdf_layout.hpp"
#include "netcdf_times.hpp"
#include "rootzone/io/input_spec.hpp"
#include "value_decoder.hpp"

namespace rootzone::io {

/// One file of a stack: everything needed to read from it again, nothing held open.
struct NetcdfMember {
  std::filesystem::path path;
  NetcdfVariable variable;
  VariableLayout layout;
  ValueRules rules;
  std::shared_ptr<const ValueDecoder> decoder;
  std::vector<std::byte> fill;  ///< one stored number: what a chunk that was never written holds
  bool try_chunks = false;      ///< stored in HDF5 chunks; whether their filters are ours shows when opened
  // What the stack checks and merges:
  GridReading grid;
  TimeReading times;
  std::string units;
  std::vector<std::string> warnings;
};

/// Open a file, read what it says of the variable, and close it. Throws Error(data).
NetcdfMember read_member(const std::filesystem::path& path, const InputSpec& spec);

/// At most `most` things open at once; the longest unused is closed first. `open` may give nothing. One
/// thread at a time.
template <typename Thing>
class HandlePool {
 public:
  explicit HandlePool(std::size_t most) : m_most(most) {}

  template <typename Open>
  Thing* get(std::size_t key, const Open& open) {
    for (auto entry = m_entries.begin(); entry != m_entries.end(); ++entry)
      if (entry->first == key) {
        m_entries.splice(m_entries.begin(), m_entries, entry);
        return m_entries.front().second.get();
      }
    while (m_entries.size() >= m_most) m_entries.pop_back();
    m_entries.emplace_front(key, open());
    return m_entries.front().second.get();
  }

 private:
  std::size_t m_most;
  std::list<std::pair<std::size_t, std::unique_ptr<Thing>>> m_entries;
};

}  // namespace rootzone::io
