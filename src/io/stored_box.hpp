#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "netcdf_layout.hpp"
#include "rootzone/io/native_stack.hpp"
#include "value_decoder.hpp"

namespace rootzone::io {

/// A box of stored numbers of one file: (record, row, col) in the file's own directions, any order in memory.
struct StoredBox {
  const std::byte* bytes = nullptr;
  std::size_t element_bytes = 4;
  std::array<std::int64_t, 3> origin{};  ///< of its first element in the file
  std::array<std::int64_t, 3> length{};
  std::array<std::int64_t, 3> stride{};  ///< in elements; all 0: one number stands for the whole box
};

/// The rows and columns of a window, north-up, seen from a file that may run the other way.
class WindowView {
 public:
  WindowView(const NativeWindow& window, const VariableLayout& layout);

  std::int64_t first_row() const { return m_first_row; }  ///< in the file's rows
  std::int64_t rows() const { return m_rows; }
  std::int64_t first_col() const { return m_first_col; }
  std::int64_t cols() const { return m_cols; }

  /// Decode what a box and this window share of one record, file rows [row_begin, row_end), into the record's
  /// plane of rows × cols values. Safe from any thread on disjoint boxes or rows.
  template <typename Value>
  void place(const StoredBox& box, const ValueDecoder& decoder, std::int64_t file_record,
             std::int64_t row_begin, std::int64_t row_end, Value* plane) const;

 private:
  std::int64_t m_first_row = 0;
  std::int64_t m_rows = 0;
  std::int64_t m_first_col = 0;
  std::int64_t m_cols = 0;
  bool m_flip_rows = false;
  bool m_flip_cols = false;
};

}  // namespace rootzone::io
