#pragma once
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "rootzone/engine/stage.hpp"
#include "rootzone/engine/state_store.hpp"
#include "rootzone/io/state_file.hpp"

namespace rootzone::pipeline {

/// The state of a chain between two files: what the earlier one holds, and what goes into the next. A file
/// holds what the surveys found (a record for each field over the whole grid) and then a record for each row:
/// stage by stage, field by field, value by value, its columns. Rows, not bands, so that the bytes do not
/// depend on the memory budget.
class StageState : public engine::StateStore {
 public:
  /// earlier and its header: null for the first day. next: null if none is to be kept.
  StageState(const std::vector<std::shared_ptr<engine::Stage>>& stages, std::int64_t cols,
             const io::StateFile* earlier, const nlohmann::json& earlier_header, io::StateFileWriter* next);

  void load(std::size_t stage, const engine::RowBand& band,
            std::span<const std::span<double>> fields) override;
  void save(std::size_t stage, const engine::RowBand& band,
            std::span<const std::span<const double>> fields) override;
  bool load_survey(std::size_t stage, std::span<std::vector<double>> fields) override;
  void save_survey(std::size_t stage, std::span<const std::vector<double>> fields) override;

 private:
  struct Place {
    std::size_t offset = 0;            ///< of the stage's first double in a row's record
    std::size_t doubles = 0;           ///< in a row, of all its fields
    std::vector<std::int64_t> values;  ///< per pixel, by field
  };

  std::size_t m_cols;
  const io::StateFile* m_earlier;
  io::StateFileWriter* m_next;
  std::vector<Place> m_now;                                           ///< by stage
  std::vector<Place> m_before;                                        ///< by stage, in the earlier file
  std::map<std::size_t, std::vector<std::vector<double>>> m_surveys;  ///< by stage, until all are there
  std::size_t m_survey_count = 0;                                     ///< stages that survey
  std::vector<std::size_t> m_survey_record;  ///< by stage: its first record in the earlier file
  std::size_t m_first_row_record = 0;
  std::size_t m_last_stage = 0;   ///< the last one with state: then a band is whole
  std::vector<double> m_waiting;  ///< of the band that is being saved: its rows up to the last stage
};

}  // namespace rootzone::pipeline
