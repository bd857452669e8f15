#include "stage_state.hpp"

#include <algorithm>

namespace rootzone::pipeline {

StageState::StageState(const std::vector<std::shared_ptr<engine::Stage>>& stages, std::int64_t cols,
                       const io::StateFile* earlier, const nlohmann::json& earlier_header,
                       io::StateFileWriter* next)
    : m_cols(static_cast<std::size_t>(cols)),
      m_earlier(earlier),
      m_next(next),
      m_survey_record(stages.size()) {
  std::size_t offset = 0;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    Place place{offset, 0, {}};
    for (const engine::StateField& field : stages[i]->state()) {
      place.values.push_back(field.values_per_pixel);
      place.doubles += static_cast<std::size_t>(field.values_per_pixel) * m_cols;
    }
    offset += place.doubles;
    if (!stages[i]->survey_fields().empty()) ++m_survey_count;
    if (place.doubles > 0) m_last_stage = i;
    m_now.push_back(std::move(place));
  }
  if (!earlier) return;
  offset = 0;
  for (const auto& stage : earlier_header.at("stages")) {
    Place place{offset, 0, {}};
    for (const auto& field : stage.at("fields")) {
      place.values.push_back(field.at("values").get<std::int64_t>());
      place.doubles += static_cast<std::size_t>(place.values.back()) * m_cols;
    }
    offset += place.doubles;
    m_before.push_back(std::move(place));
  }
  for (const auto& survey : earlier_header.at("surveys")) {
    m_survey_record[survey.at("stage").get<std::size_t>()] = m_first_row_record;
    m_first_row_record += survey.at("fields").size();
  }
}

// A field may have more values now than it had (years): the further ones keep their initial value.
void StageState::load(std::size_t stage, const engine::RowBand& band,
                      std::span<const std::span<double>> fields) {
  if (!m_earlier) return;
  const Place& before = m_before[stage];
  const auto rows = static_cast<std::size_t>(band.rows);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::span<const double> record =
        m_earlier->record(m_first_row_record + static_cast<std::size_t>(band.first_row) + row);
    std::size_t from = before.offset;
    for (std::size_t field = 0; field < fields.size(); ++field)
      for (std::size_t value = 0; value < static_cast<std::size_t>(before.values[field]); ++value) {
        std::copy_n(record.begin() + static_cast<std::ptrdiff_t>(from), m_cols,
                    fields[field].begin() + static_cast<std::ptrdiff_t>((value * rows + row) * m_cols));
        from += m_cols;
      }
  }
}

// A row's record is whole with the last stage; what the stages before it have of a band waits for that one.
void StageState::save(std::size_t stage, const engine::RowBand& band,
                      std::span<const std::span<const double>> fields) {
  if (!m_next) return;
  const Place& now = m_now[stage];
  const auto rows = static_cast<std::size_t>(band.rows);
  const std::size_t waiting = m_now[m_last_stage].offset;
  m_waiting.resize(rows * waiting);
  std::vector<double> record(waiting + m_now[m_last_stage].doubles);
  for (std::size_t row = 0; row < rows; ++row) {
    const auto earlier = m_waiting.begin() + static_cast<std::ptrdiff_t>(row * waiting);
    if (stage == m_last_stage) std::copy_n(earlier, waiting, record.begin());
    auto to = (stage == m_last_stage ? record.begin() : earlier) + static_cast<std::ptrdiff_t>(now.offset);
    for (std::size_t field = 0; field < fields.size(); ++field)
      for (std::size_t value = 0; value < static_cast<std::size_t>(now.values[field]); ++value)
        to = std::copy_n(fields[field].begin() + static_cast<std::ptrdiff_t>((value * rows + row) * m_cols),
                         m_cols, to);
    if (stage == m_last_stage) m_next->append(record);
  }
}

bool StageState::load_survey(std::size_t stage, std::span<std::vector<double>> fields) {
  if (!m_earlier) return false;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::span<const double> record = m_earlier->record(m_survey_record[stage] + i);
    fields[i].assign(record.begin(), record.end());
  }
  return true;
}

// Surveys end in the order of what they wait for; the file has them in the order of the stages.
void StageState::save_survey(std::size_t stage, std::span<const std::vector<double>> fields) {
  if (!m_next) return;
  m_surveys[stage].assign(fields.begin(), fields.end());
  if (m_surveys.size() < m_survey_count) return;
  for (const auto& [surveyed, found] : m_surveys)
    for (const std::vector<double>& field : found) m_next->append(field);
  m_surveys.clear();
}

}  // namespace rootzone::pipeline
