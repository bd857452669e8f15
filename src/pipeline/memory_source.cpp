#include "memory_source.hpp"

#include <limits>

namespace rootzone::pipeline {
namespace {

using Columns = std::vector<std::vector<float>>;

class FetchedColumns : public core::FetchedBlock {
 public:
  FetchedColumns(std::shared_ptr<const Columns> columns, const core::BlockWindow& window)
      : m_columns(std::move(columns)), m_window(window) {}

  void decode(std::span<float> values, const core::ParallelFor&) override {
    const std::size_t count = m_columns->size();
    for (std::int64_t step = 0; step < m_window.steps; ++step)
      for (std::size_t col = 0; col < count; ++col)
        values[static_cast<std::size_t>(step) * count + col] =
            (*m_columns)[col][static_cast<std::size_t>(m_window.first_step + step)];
  }

 private:
  std::shared_ptr<const Columns> m_columns;
  core::BlockWindow m_window;
};

class ColumnSource : public core::BlockSource {
 public:
  ColumnSource(std::string name, Columns columns)
      : m_name(std::move(name)), m_columns(std::make_shared<const Columns>(std::move(columns))) {}
  const std::string& name() const override { return m_name; }
  core::SourceLayout layout() const override { return {}; }
  std::unique_ptr<core::FetchedBlock> fetch(const core::BlockWindow& window) override {
    return std::make_unique<FetchedColumns>(m_columns, window);
  }

 private:
  std::string m_name;
  std::shared_ptr<const Columns> m_columns;
};

class FetchedMasked : public core::FetchedBlock {
 public:
  FetchedMasked(std::unique_ptr<core::FetchedBlock> fetched, std::span<const float> inside)
      : m_fetched(std::move(fetched)), m_inside(inside) {}

  void decode(std::span<float> values, const core::ParallelFor& parallel_for) override {
    m_fetched->decode(values, parallel_for);
    const auto steps = static_cast<std::int64_t>(values.size() / m_inside.size());
    parallel_for(steps, [&](std::int64_t step) {
      float* row = values.data() + static_cast<std::size_t>(step) * m_inside.size();
      for (std::size_t i = 0; i < m_inside.size(); ++i)
        if (!(m_inside[i] > 0.0F)) row[i] = std::numeric_limits<float>::quiet_NaN();
    });
  }

 private:
  std::unique_ptr<core::FetchedBlock> m_fetched;
  std::span<const float> m_inside;
};

class MaskedSource : public core::BlockSource {
 public:
  MaskedSource(std::shared_ptr<core::BlockSource> source, std::vector<float> inside, std::int64_t cols)
      : m_source(std::move(source)), m_inside(std::move(inside)), m_cols(cols) {}
  const std::string& name() const override { return m_source->name(); }
  core::SourceLayout layout() const override { return m_source->layout(); }
  std::unique_ptr<core::FetchedBlock> fetch(const core::BlockWindow& window) override {
    const auto part = std::span<const float>(m_inside).subspan(
        static_cast<std::size_t>(window.first_row * m_cols), static_cast<std::size_t>(window.rows * m_cols));
    return std::make_unique<FetchedMasked>(m_source->fetch(window), part);
  }

 private:
  std::shared_ptr<core::BlockSource> m_source;
  std::vector<float> m_inside;
  std::int64_t m_cols;
};

}  // namespace

std::shared_ptr<core::BlockSource> make_column_source(std::string name,
                                                      std::vector<std::vector<float>> columns) {
  return std::make_shared<ColumnSource>(std::move(name), std::move(columns));
}

std::shared_ptr<core::BlockSource> make_masked_source(std::shared_ptr<core::BlockSource> source,
                                                      std::vector<float> inside, std::int64_t cols) {
  return std::make_shared<MaskedSource>(std::move(source), std::move(inside), cols);
}

}  // namespace rootzone::pipeline
