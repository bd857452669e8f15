#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "rootzone/sptf/instruction_set.hpp"
#include "rootzone/sptf/lstm_inference.hpp"
#include "rootzone/sptf/network.hpp"

namespace rootzone::sptf {

/// Pressure heads of field capacity (33 kPa) and wilting point (1500 kPa), 1 kPa = 10.197 cm of water.
inline constexpr double head_33kpa_cm = -336.5;
inline constexpr double head_1500kpa_cm = -15296.0;

/// Soil hydraulic parameters of one place, with what follows from them. NaN in all if there was no usable
/// day.
struct SoilEstimate {
  double saturated_water_content = 0.0;            ///< θs, m3 m-3
  double alpha_per_cm = 0.0;                       ///< α
  double n = 0.0;                                  ///< n
  double saturated_conductivity_cm_per_day = 0.0;  ///< Ks
  double shape = 0.0;                              ///< θr (van Genuchten) or m (Fredlund–Xing)
  double half_uptake_head_cm = 0.0;                ///< H50
  double water_content_33kpa = 0.0;
  double water_content_1500kpa = 0.0;
  double sw2 = 0.0;                ///< SMAR's relative wilting point, θ(1500 kPa)/θs
  double sc1 = 0.0;                ///< SMAR's relative field capacity, θ(33 kPa)/θs
  std::int64_t observed_days = 0;  ///< with surface moisture and all other inputs
};

/// Applies a network to series of places, as many as fit a block at once. One object per thread.
///
/// A day is usable if every daily input is there; it is usable without surface moisture too where the network
/// has the input surface_soil_moisture_observed (then 0 there, and the moisture at its offset). On a day that
/// is not usable the network's state stays as it was and its output does not count. A place that lacks a
/// constant has no usable day. The same bytes wherever and with whomever a place is computed (test
/// Sptf.NeighboursDoNotChangeAnEstimate).
class Predictor {
 public:
  /// network must outlive this object. Throws Error(data) if it does not validate.
  Predictor(const Network& network, InstructionSet set, std::int64_t days, std::int64_t most_places);

  /// Names of the series that set() wants, in this order: those of the network's inputs, with
  /// land_surface_temperature (°C; thawed is ≥ 0 °C) for `thawed`.
  static std::vector<std::string> daily_variables(const Network& network);
  static std::vector<std::string> constant_variables(const Network& network);

  /// Put a place into the block, 0 ≤ place < most_places. daily: a span of `days` values per daily variable,
  /// NaN = missing.
  void set(std::int64_t place, std::span<const std::span<const float>> daily,
           std::span<const double> constants);
  /// Of a place that was set: days with surface moisture and all other inputs.
  std::int64_t observed_days(std::int64_t place) const {
    return m_observed_days[static_cast<std::size_t>(place)];
  }
  /// Estimate places 0 … places − 1, all of them set since the last call.
  std::vector<SoilEstimate> run(std::int64_t places);

 private:
  void set_day(std::int64_t day, std::int64_t place, std::span<const std::span<const float>> daily);
  SoilEstimate estimate(std::int64_t place) const;

  const Network* m_network;
  std::int64_t m_days;
  std::int64_t m_width;
  std::vector<NetworkInput> m_daily, m_constant;
  std::vector<std::size_t> m_source;  ///< of each daily input: position in daily_variables()
  std::array<std::size_t, 6> m_output{};
  bool m_knows_observed = false;
  std::size_t m_moisture = 0;  ///< position of the surface moisture in daily_variables()
  LstmInference m_inference;
  std::vector<float> m_days_block, m_constants_block, m_usable, m_outputs, m_observed_maximum;
  std::vector<std::int64_t> m_observed_days;
};

/// The curve of an estimate at a pressure head: van Genuchten (with air entry at −2 cm, as the column that
/// networks are trained through has it) or Fredlund–Xing. m3 m-3.
double water_content_of(HydraulicModel model, const SoilEstimate& estimate, double head_cm);

}  // namespace rootzone::sptf
