#include "smar_ensemble.hpp"

#include <cmath>
#include <limits>

#include "rootzone/core/error.hpp"
#include "rootzone/moisture/smar.hpp"

namespace rootzone::pipeline {
namespace {

/// Sums over the members for each step and pixel of a strip, as differences from the first member with a
/// value: it is near the others', so that little is lost. A member that is missing in a pixel is left out
/// there.
class Spread {
 public:
  Spread(std::int64_t steps, std::int64_t pixels)
      : m_pixels(static_cast<std::size_t>(pixels)),
        m_first(static_cast<std::size_t>(steps * pixels)),
        m_count(m_first.size()),
        m_sum(m_first.size()),
        m_squares(m_first.size()) {}

  void add(std::int64_t step, std::span<const float> values) {
    const std::size_t from = static_cast<std::size_t>(step) * m_pixels;
    for (std::size_t i = 0; i < m_pixels; ++i) {
      if (std::isnan(values[i])) continue;
      if (m_count[from + i] == 0.0) m_first[from + i] = values[i];
      const double difference = static_cast<double>(values[i]) - static_cast<double>(m_first[from + i]);
      m_count[from + i] += 1.0;
      m_sum[from + i] += difference;
      m_squares[from + i] += difference * difference;
    }
  }

  void standard_deviation(std::int64_t step, std::span<float> out) const {
    const std::size_t from = static_cast<std::size_t>(step) * m_pixels;
    for (std::size_t i = 0; i < m_pixels; ++i) {
      const double count = m_count[from + i];
      const double squares = m_squares[from + i] - m_sum[from + i] * m_sum[from + i] / count;
      out[i] = count < 2.0 ? std::numeric_limits<float>::quiet_NaN()
                           : static_cast<float>(std::sqrt(squares < 0.0 ? 0.0 : squares / (count - 1.0)));
    }
  }

 private:
  std::size_t m_pixels;
  std::vector<float> m_first;
  std::vector<double> m_count;
  std::vector<double> m_sum;
  std::vector<double> m_squares;
};

/// What a member carries beside its saturation. Age and respin depend on the surface alone and are the same
/// for all members; what the flags and the capped water need is thrown away.
struct MemberScratch {
  explicit MemberScratch(std::size_t pixels)
      : age(pixels), respin(pixels), spin_left(pixels), capped_mm(pixels), values(pixels) {}
  std::vector<double> age, respin, spin_left, capped_mm;
  std::vector<float> values;
};

class SmarEnsembleStage final : public engine::Stage {
 public:
  explicit SmarEnsembleStage(SmarEnsembleJob job) : m_job(std::move(job)) {}

  const std::string& name() const override { return m_name; }
  std::vector<std::string> inputs() const override {
    std::vector<std::string> inputs{m_job.surface};
    if (m_job.loss.tied()) inputs.push_back(m_job.loss.variable);
    return inputs;
  }
  std::vector<engine::DailyOutput> outputs() const override {
    return {{m_job.output + "_standard_deviation", false}};
  }
  std::vector<engine::StateField> state() const override {
    const auto& fields = moisture::smar_state_fields;
    return {{std::string(fields[0].name), m_job.source->members(), fields[0].initial},
            {std::string(fields[1].name), 1, fields[1].initial},
            {std::string(fields[3].name), 1, fields[3].initial}};
  }

  void advance(const engine::Strip& strip) const override {
    Spread spread(strip.steps(), strip.pixels());
    MemberScratch scratch(static_cast<std::size_t>(strip.pixels()));
    SmarMember parameters;
    for (std::int64_t member = 0; member < m_job.source->members(); ++member) {
      m_job.source->fill(member, strip.first_cell(), strip.pixels(), parameters);
      run_member(member, coefficients_of(parameters, strip.first_cell()), strip, scratch, spread);
    }
    std::copy(scratch.age.begin(), scratch.age.end(), strip.state(1).begin());
    std::copy(scratch.respin.begin(), scratch.respin.end(), strip.state(2).begin());
    for (std::int64_t step = 0; step < strip.steps(); ++step)
      spread.standard_deviation(step, strip.output(0, step));
  }

  std::vector<engine::StateField> survey_fields() const override { return m_job.loss.fields(); }
  void survey(const engine::Strip& strip) const override { m_job.loss.survey(strip, 1); }
  void conclude_survey(std::span<const std::vector<double>> fields) override {
    m_mean_pet.resize(fields[0].size());
    for (std::size_t i = 0; i < m_mean_pet.size(); ++i) m_mean_pet[i] = SmarPetLoss::mean(fields, i);
  }

 private:
  moisture::SmarCoefficients coefficients_of(SmarMember& p, std::int64_t first_cell) const {
    if (m_job.loss.tied())
      for (std::size_t i = 0; i < p.a.size(); ++i)
        p.a[i] = m_job.loss.scale(p.a[i], m_mean_pet[static_cast<std::size_t>(first_cell) + i]);
    return {{p.sw2, p.sc1, p.a, p.b, p.surface_porosity, p.root_zone_porosity, {}, p.initial_saturation},
            m_job.settings};
  }

  void run_member(std::int64_t member, const moisture::SmarCoefficients& coefficients,
                  const engine::Strip& strip, MemberScratch& scratch, Spread& spread) const {
    std::copy(strip.state(1).begin(), strip.state(1).end(), scratch.age.begin());
    std::copy(strip.state(2).begin(), strip.state(2).end(), scratch.respin.begin());
    std::fill(scratch.spin_left.begin(), scratch.spin_left.end(), 0.0);
    const moisture::SmarState state{strip.state(0, member), scratch.age, scratch.spin_left, scratch.respin,
                                    scratch.capped_mm};
    for (std::int64_t step = 0; step < strip.steps(); ++step) {
      moisture::SmarStep io;
      io.surface = strip.input(0, step);
      io.water_content = scratch.values;
      moisture::advance_smar(coefficients.view(), m_job.settings, state, io);
      spread.add(step, scratch.values);
    }
  }

  std::string m_name = "smar_ensemble";
  SmarEnsembleJob m_job;
  std::vector<double> m_mean_pet;  // mm/d, by cell
};

VariableInfo spread_info(const std::string& variable) {
  VariableInfo info;
  info.variable = variable + "_standard_deviation";
  info.long_name = "standard deviation of root-zone soil moisture over the members of the parameter ensemble";
  info.units = "m3 m-3";
  info.cell_methods = "time: mean realization: standard_deviation";
  info.packing_scale = 1e-5;
  return info;
}

}  // namespace

PreparedStage make_smar_ensemble_stage(SmarEnsembleJob job) {
  const std::int64_t members = job.source->members();
  if (members < job.source->fewest_members())
    throw core::Error(core::ErrorKind::usage, "ensemble: expected 0 (none) or at least " +
                                                  std::to_string(job.source->fewest_members()) +
                                                  " members, found " + std::to_string(members));
  PreparedStage prepared;
  prepared.variables = {spread_info(job.output)};
  prepared.resident_bytes = job.source->resident_bytes();
  prepared.only_if_read = true;
  prepared.surveyed_until = job.loss.reference.last;
  prepared.stage = std::make_shared<SmarEnsembleStage>(std::move(job));
  return prepared;
}

}  // namespace rootzone::pipeline
