#pragma once
#include <memory>
#include <string>
#include <vector>

#include "input_values.hpp"
#include "rootzone/core/block.hpp"
#include "rootzone/io/day_mapping.hpp"
#include "rootzone/io/input.hpp"
#include "rootzone/io/native_stack.hpp"
#include "rootzone/io/warp.hpp"

namespace rootzone::io {

/// What the fetched blocks of one source share; immutable.
struct GridSourcePlan {
  GridSourcePlan(GridWarp used_warp, DayMapping used_mapping, const ValueRule& used_rule)
      : warp(std::move(used_warp)), mapping(std::move(used_mapping)), rule(used_rule) {}
  GridWarp warp;
  DayMapping mapping;
  ValueRule rule;
  std::vector<double> record_weight;  ///< of each record in its days, 1 unless a total is shared out
};

/// A stack of records presented on the model grid and days. Each value depends on its own cell and day alone:
/// the native number is converted and checked against the valid range, then brought to the model cell, then
/// to the day (mean, sum, or a part of its period), then checked again.
class GridSource final : public core::BlockSource {
 public:
  GridSource(std::string name, std::unique_ptr<NativeStack> stack, GridWarp warp, DayMapping mapping,
             const ValueRule& rule);

  const std::string& name() const override { return m_name; }
  core::SourceLayout layout() const override { return m_layout; }
  std::unique_ptr<core::FetchedBlock> fetch(const core::BlockWindow& window) override;

 private:
  void make_layout();

  std::string m_name;
  std::unique_ptr<NativeStack> m_stack;
  std::shared_ptr<const GridSourcePlan> m_plan;
  core::SourceLayout m_layout;
};

/// The source of a stack, and what is to be said of it. Throws as `open_input` does.
std::unique_ptr<core::BlockSource> make_grid_source(const InputSpec& spec, std::unique_ptr<NativeStack> stack,
                                                    const core::Grid& grid, const core::TimeAxis& axis,
                                                    InputReport& report);

}  // namespace rootzone::io
