#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "rootzone/moisture/smar_parameters.hpp"
#include "smar_loss.hpp"
#include "stage_context.hpp"

namespace rootzone::pipeline {

/// Parameters of one member over neighbouring cells, one value per cell, NaN = missing.
struct SmarMember {
  std::vector<float> sw2, sc1, a, b;
  std::vector<float> surface_porosity;  ///< may be empty unless the surface input is volumetric
  std::vector<float> root_zone_porosity;
  std::vector<float> initial_saturation;
};

/// Where the members of an ensemble come from. The plain run is not one of them.
class SmarMemberSource {
 public:
  virtual ~SmarMemberSource() = default;
  virtual std::int64_t members() const = 0;
  /// So many are needed for a spread that says something.
  virtual std::int64_t fewest_members() const = 0;
  /// Set every column of `columns` to member `member` (from 0) at cells first_cell … first_cell + cells − 1.
  /// A function of its arguments alone, called from many threads at once.
  virtual void fill(std::int64_t member, std::int64_t first_cell, std::int64_t cells,
                    SmarMember& columns) const = 0;
  virtual std::int64_t resident_bytes() const = 0;
};

/// Members that are layers of the whole grid: what an ensemble of pedotransfer functions gives.
class SmarLayerMembers final : public SmarMemberSource {
 public:
  /// Error(internal) unless all columns are of one length (surface_porosity may be empty).
  explicit SmarLayerMembers(std::vector<SmarMember> members);
  std::int64_t members() const override { return static_cast<std::int64_t>(m_members.size()); }
  std::int64_t fewest_members() const override { return 2; }
  void fill(std::int64_t member, std::int64_t first_cell, std::int64_t cells,
            SmarMember& columns) const override;
  std::int64_t resident_bytes() const override;

 private:
  std::vector<SmarMember> m_members;
};

/// Parameters with a normal error of known covariance in each cell.
struct SmarErrorLayers {
  SmarMember mean;              ///< whole grid
  bool initial_is_sc1 = false;  ///< a member starts at its own sc1, not at the mean's initial state
  bool balanced = false;        ///< the error is that of sw2, sc1 − sw2, ln a, ln(b/a)
  std::vector<float>
      covariance_factor; /**< lower triangle of the Cholesky factor in the order sw2, sc1, a, b,
                              or of the balanced quantities
                              (row by row, 10 numbers), cell after cell */
};
inline constexpr std::size_t smar_factor_size = 10;

/// Factor a covariance matrix (row-major, 4 × 4, semi-definite; a NaN makes the whole factor NaN).
std::array<float, smar_factor_size> smar_covariance_factor(const std::array<double, 16>& covariance);

/// Members drawn from the error: mean + L·z with the z of a member the same in every cell, so that maps of a
/// member are as smooth as the parameters and the spread has no noise from cell to cell. z: second-order
/// exact (study::exact_normal_ensemble). What leaves the bounds of calibration is moved to them; sw2 and b
/// stay below 1, where SMAR applies. A cell whose mean is unusable stays so.
class SmarErrorMembers final : public SmarMemberSource {
 public:
  SmarErrorMembers(SmarErrorLayers layers, std::int64_t members, std::uint64_t seed);
  std::int64_t members() const override { return m_members; }
  std::int64_t fewest_members() const override;
  void fill(std::int64_t member, std::int64_t first_cell, std::int64_t cells,
            SmarMember& columns) const override;
  std::int64_t resident_bytes() const override;

 private:
  SmarErrorLayers m_layers;
  std::int64_t m_members;
  std::vector<double> m_draws;  ///< member × 4
};

/// What an ensemble stage shares with the plain one beside it.
struct SmarEnsembleJob {
  std::string surface;
  SmarPetLoss loss;  ///< tied: `a` of the members is per mm/d of it
  moisture::SmarSettings settings;
  std::string output;  ///< of the plain stage; the spread is <output>_standard_deviation
  std::shared_ptr<const SmarMemberSource> source;
};

/// A stage that runs SMAR with every member and gives the standard deviation of the moisture over them
/// (divisor members − 1), missing where the moisture is. A member that has no value in a cell is left out
/// there; with fewer than two the spread is missing. Its cost is members times the plain stage's; it is left
/// out of a run that reads its output nowhere. Too few members are an Error(usage).
PreparedStage make_smar_ensemble_stage(SmarEnsembleJob job);
inline constexpr std::int64_t smar_fewest_members = 8;  ///< of those drawn at random

}  // namespace rootzone::pipeline
