#include "stored_box.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

namespace rootzone::io {
namespace {

/// Elements that do not lie side by side, brought together. Reused by the thread.
const std::byte* gathered(const std::byte* first, std::int64_t count, std::int64_t stride_bytes,
                          std::size_t element_bytes) {
  thread_local std::vector<std::byte> row;
  row.resize(static_cast<std::size_t>(count) * element_bytes);
  for (std::int64_t i = 0; i < count; ++i)
    std::memcpy(row.data() + static_cast<std::size_t>(i) * element_bytes, first + i * stride_bytes,
                element_bytes);
  return row.data();
}

}  // namespace

WindowView::WindowView(const NativeWindow& window, const VariableLayout& layout)
    : m_first_row(layout.rows_run_north ? layout.rows - window.first_row - window.rows : window.first_row),
      m_rows(window.rows),
      m_first_col(layout.cols_run_west ? layout.cols - window.first_col - window.cols : window.first_col),
      m_cols(window.cols),
      m_flip_rows(layout.rows_run_north),
      m_flip_cols(layout.cols_run_west) {}

template <typename Value>
void WindowView::place(const StoredBox& box, const ValueDecoder& decoder, std::int64_t file_record,
                       std::int64_t row_begin, std::int64_t row_end, Value* plane) const {
  const std::int64_t top = std::max({row_begin, box.origin[1], m_first_row});
  const std::int64_t bottom = std::min({row_end, box.origin[1] + box.length[1], m_first_row + m_rows});
  const std::int64_t left = std::max(box.origin[2], m_first_col);
  const std::int64_t right = std::min(box.origin[2] + box.length[2], m_first_col + m_cols);
  if (left >= right) return;
  const std::int64_t count = right - left;
  const auto element = static_cast<std::int64_t>(box.element_bytes);
  for (std::int64_t row = top; row < bottom; ++row) {
    const std::int64_t at = (file_record - box.origin[0]) * box.stride[0] +
                            (row - box.origin[1]) * box.stride[1] + (left - box.origin[2]) * box.stride[2];
    const std::byte* stored = box.bytes + at * element;
    if (box.stride[2] != 1) stored = gathered(stored, count, box.stride[2] * element, box.element_bytes);
    const std::int64_t to_row = m_flip_rows ? m_first_row + m_rows - 1 - row : row - m_first_row;
    const std::int64_t to_col = m_flip_cols ? m_first_col + m_cols - right : left - m_first_col;
    Value* values = plane + to_row * m_cols + to_col;
    decoder.decode(stored, count, values);
    if (m_flip_cols) std::reverse(values, values + count);
  }
}

template void WindowView::place(const StoredBox&, const ValueDecoder&, std::int64_t, std::int64_t,
                                std::int64_t, float*) const;
template void WindowView::place(const StoredBox&, const ValueDecoder&, std::int64_t, std::int64_t,
                                std::int64_t, double*) const;

}  // namespace rootzone::io
