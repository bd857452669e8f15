#include <algorithm>
#include <cmath>
#include <limits>

#include "rootzone/core/error.hpp"
#include "rootzone/study/ensemble_draws.hpp"
#include "smar_ensemble.hpp"

namespace rootzone::pipeline {
namespace {

constexpr std::size_t parameters = 4;
constexpr std::uint64_t member_stream = 301;  // of the seed; see study::RandomStream

// sw2 = 1 and b = 1 have no water to store: a member stays just below, as the parameters of a station do.
constexpr float below_one = 0.999F;
constexpr float smallest_rate = static_cast<float>(moisture::smar_smallest_rate);
constexpr std::array<float, parameters> lowest{0.0F, 0.0F, smallest_rate, smallest_rate};
constexpr std::array<float, parameters> highest{below_one, 1.0F, 1.0F, below_one};

/// Parameters by an error of themselves, or of sw2, sc1 − sw2, ln a and ln(b/a).
void move(std::array<double, parameters>& values, const std::array<double, parameters>& shift,
          bool balanced) {
  if (balanced) {
    values[0] += shift[0];
    values[1] += shift[0] + shift[1];
    values[2] *= std::exp(shift[2]);
    values[3] *= std::exp(shift[2] + shift[3]);
    return;
  }
  for (std::size_t p = 0; p < parameters; ++p) values[p] += shift[p];
}

std::int64_t bytes_of(const SmarMember& member) {
  std::size_t values = 0;
  for (const auto* column : {&member.sw2, &member.sc1, &member.a, &member.b, &member.surface_porosity,
                             &member.root_zone_porosity, &member.initial_saturation})
    values += column->size();
  return static_cast<std::int64_t>(values * sizeof(float));
}

std::vector<float> part(const std::vector<float>& column, std::int64_t first, std::int64_t count) {
  if (column.empty()) return {};
  return {column.begin() + first, column.begin() + first + count};
}

bool usable(float sw2, float sc1, float a, float b) {
  return std::isfinite(sw2) && std::isfinite(sc1) && std::isfinite(a) && b < 1.0F;
}

}  // namespace

SmarLayerMembers::SmarLayerMembers(std::vector<SmarMember> members) : m_members(std::move(members)) {
  for (const SmarMember& member : m_members) {
    const std::size_t cells = m_members.front().sw2.size();
    for (const auto* column : {&member.sw2, &member.sc1, &member.a, &member.b, &member.root_zone_porosity,
                               &member.initial_saturation})
      if (column->size() != cells)
        throw core::Error(core::ErrorKind::internal, "members of a SMAR ensemble differ in length");
    if (!member.surface_porosity.empty() && member.surface_porosity.size() != cells)
      throw core::Error(core::ErrorKind::internal, "members of a SMAR ensemble differ in length");
  }
}

std::int64_t SmarErrorMembers::fewest_members() const {
  return smar_fewest_members;
}

void SmarLayerMembers::fill(std::int64_t member, std::int64_t first_cell, std::int64_t cells,
                            SmarMember& columns) const {
  const SmarMember& all = m_members[static_cast<std::size_t>(member)];
  columns.sw2 = part(all.sw2, first_cell, cells);
  columns.sc1 = part(all.sc1, first_cell, cells);
  columns.a = part(all.a, first_cell, cells);
  columns.b = part(all.b, first_cell, cells);
  columns.surface_porosity = part(all.surface_porosity, first_cell, cells);
  columns.root_zone_porosity = part(all.root_zone_porosity, first_cell, cells);
  columns.initial_saturation = part(all.initial_saturation, first_cell, cells);
}

std::int64_t SmarLayerMembers::resident_bytes() const {
  std::int64_t bytes = 0;
  for (const SmarMember& member : m_members) bytes += bytes_of(member);
  return bytes;
}

std::array<float, smar_factor_size> smar_covariance_factor(const std::array<double, 16>& covariance) {
  double factor[parameters][parameters] = {};
  std::array<float, smar_factor_size> packed{};
  std::size_t next = 0;
  for (std::size_t row = 0; row < parameters; ++row)
    for (std::size_t col = 0; col <= row; ++col) {
      double rest = covariance[row * parameters + col];
      for (std::size_t k = 0; k < col; ++k) rest -= factor[row][k] * factor[col][k];
      if (row == col)
        factor[row][col] = rest < 0.0 ? 0.0 : std::sqrt(rest);  // NaN goes through
      else
        // A parameter without error has no covariance; one that others explain has a rounding error left.
        factor[row][col] = factor[col][col] * factor[col][col] <= 1e-12 * covariance[col * parameters + col]
                               ? 0.0
                               : rest / factor[col][col];
      packed[next++] = static_cast<float>(factor[row][col]);
    }
  if (std::any_of(packed.begin(), packed.end(), [](float value) { return std::isnan(value); }))
    packed.fill(std::numeric_limits<float>::quiet_NaN());
  return packed;
}

SmarErrorMembers::SmarErrorMembers(SmarErrorLayers layers, std::int64_t members, std::uint64_t seed)
    : m_layers(std::move(layers)),
      m_members(members),
      m_draws(study::exact_normal_ensemble(members, static_cast<std::int64_t>(parameters),
                                           {seed, member_stream})) {}

void SmarErrorMembers::fill(std::int64_t member, std::int64_t first_cell, std::int64_t cells,
                            SmarMember& columns) const {
  const SmarMember& mean = m_layers.mean;
  columns.sw2 = part(mean.sw2, first_cell, cells);
  columns.sc1 = part(mean.sc1, first_cell, cells);
  columns.a = part(mean.a, first_cell, cells);
  columns.b = part(mean.b, first_cell, cells);
  columns.surface_porosity = part(mean.surface_porosity, first_cell, cells);
  columns.root_zone_porosity = part(mean.root_zone_porosity, first_cell, cells);
  if (!m_layers.initial_is_sc1) columns.initial_saturation = part(mean.initial_saturation, first_cell, cells);
  const double* z = m_draws.data() + static_cast<std::size_t>(member) * parameters;
  std::vector<float>* const targets[] = {&columns.sw2, &columns.sc1, &columns.a, &columns.b};
  for (std::size_t i = 0; i < static_cast<std::size_t>(cells); ++i) {
    if (!usable(columns.sw2[i], columns.sc1[i], columns.a[i], columns.b[i])) continue;
    const float* factor =
        m_layers.covariance_factor.data() + (static_cast<std::size_t>(first_cell) + i) * smar_factor_size;
    std::array<double, parameters> shift{};
    for (std::size_t row = 0; row < parameters; ++row)
      for (std::size_t col = 0; col <= row; ++col) shift[row] += static_cast<double>(*factor++) * z[col];
    std::array<double, parameters> values{columns.sw2[i], columns.sc1[i], columns.a[i], columns.b[i]};
    move(values, shift, m_layers.balanced);
    for (std::size_t p = 0; p < parameters; ++p)
      (*targets[p])[i] = std::clamp(static_cast<float>(values[p]), lowest[p], highest[p]);
  }
  if (m_layers.initial_is_sc1) columns.initial_saturation = columns.sc1;
}

std::int64_t SmarErrorMembers::resident_bytes() const {
  return bytes_of(m_layers.mean) +
         static_cast<std::int64_t>(m_layers.covariance_factor.size() * sizeof(float));
}

}  // namespace rootzone::pipeline
