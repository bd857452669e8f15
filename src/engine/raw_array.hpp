#pragma once
#include <cstddef>
#include <memory>
#include <new>
#include <span>

namespace rootzone::engine {

/// Memory for `size` numbers that is not filled: pages come into being when first written. Grows, never
/// shrinks; growing loses the content.
template <typename T>
class RawArray {
 public:
  void reserve(std::size_t size) {
    if (size <= m_size) return;
    m_data.reset();
    m_data.reset(static_cast<T*>(::operator new(size * sizeof(T) + m_stagger * sizeof(T), alignment)));
    m_size = size;
  }
  /// Before the first reserve: begin the k-th of several arrays five cache lines further into a page than the
  /// one before. Large arrays all begin at the same place of a page, and what is read together from the same
  /// place of many of them pushes each other out of the first cache.
  void stagger(std::size_t k) { m_stagger = k % 12 * (5 * 64 / sizeof(T)); }
  T* data() const { return m_data ? m_data.get() + m_stagger : nullptr; }
  std::size_t size() const { return m_size; }
  std::span<T> first(std::size_t count) const { return {data(), count}; }

 private:
  static constexpr std::align_val_t alignment{64};
  struct Free {
    void operator()(T* data) const { ::operator delete(data, alignment); }
  };
  std::unique_ptr<T[], Free> m_data;
  std::size_t m_size = 0;
  std::size_t m_stagger = 0;
};

/// Rows of numbers, one per step, `stride` apart.
template <typename T>
struct StepRows {
  T* data = nullptr;
  std::int64_t stride = 0;
  T* row(std::int64_t step) const { return data + step * stride; }
  std::span<T> span(std::int64_t step, std::int64_t pixels) const {
    return data == nullptr ? std::span<T>{} : std::span<T>{row(step), static_cast<std::size_t>(pixels)};
  }
};

}  // namespace rootzone::engine
