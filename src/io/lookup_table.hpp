#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "rootzone/io/input_spec.hpp"

namespace rootzone::io {

/// Classes of a map and the number each stands for, read from a table: comma, semicolon, tab or blanks
/// between columns, `#` lines skipped; the header is the first line that has both columns.
class LookupTable {
 public:
  /// Throws Error(data) naming file and line: no such column, text for a number, a class with two values.
  explicit LookupTable(const InputSpec& spec);

  /// In place: class → value; a class that the table lacks becomes NaN and is remembered.
  void apply(std::span<float> values);
  /// Units in the value column's header, "%" of "CLAY[%]"; empty if there are none.
  const std::string& units() const { return m_units; }
  /// A sentence on classes not found, or empty.
  std::string warning() const;

 private:
  struct Columns {
    bool found = false;
    std::size_t key = 0;
    std::size_t value = 0;
    char separator = ',';
  };
  void take_header(const std::string& line, const InputSpec& spec, Columns& columns);
  void take_row(const std::string& line, const Columns& columns, const InputSpec& spec,
                const std::string& where);

  std::string m_path;
  std::string m_units;
  std::map<float, float> m_values;
  std::map<float, std::int64_t> m_unknown;
};

}  // namespace rootzone::io
