#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "mass_curve_stage.hpp"
#include "rootzone/storage/return_level_errors.hpp"

namespace rootzone::pipeline {

/// Turns the state of a pixel after the last day into the stage's layers.
class MassCurveResults {
 public:
  /// Both must outlive this.
  MassCurveResults(const MassCurveJob& job, const storage::MassCurveRecord& record);
  MassCurveResults(const MassCurveResults&) = delete;
  MassCurveResults& operator=(const MassCurveResults&) = delete;

  std::vector<engine::LayerOutput> layers() const;
  /// closes: 0 where the balance did not close before the policy acted; empty = unknown.
  void write(const engine::LayerStrip& strip, const storage::MassCurvePixels& pixels,
             const std::vector<std::uint8_t>& closes) const;

 private:
  struct Pixel;
  void write_levels(const engine::LayerStrip& strip, const Pixel& pixel) const;
  void write_record(const engine::LayerStrip& strip, const Pixel& pixel) const;
  void write_errors(const engine::LayerStrip& strip, const Pixel& pixel) const;
  void write_fit(const engine::LayerStrip& strip, const Pixel& pixel) const;

  const MassCurveJob& m_job;
  const storage::MassCurveRecord& m_record;
  std::optional<storage::GumbelErrorTable> m_gumbel_errors;  ///< made once for all pixels; a GEV has none
};

}  // namespace rootzone::pipeline
