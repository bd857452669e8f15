#include "effective_precipitation_stage.hpp"

#include <algorithm>
#include <vector>

#include "rootzone/storage/interception.hpp"

namespace rootzone::pipeline {
namespace {

class EffectivePrecipitationStage : public engine::Stage {
 public:
  explicit EffectivePrecipitationStage(EffectivePrecipitationSettings settings)
      : m_settings(std::move(settings)) {}

  const std::string& name() const override { return m_settings.output; }
  std::vector<std::string> inputs() const override {
    std::vector<std::string> inputs{m_settings.precipitation};
    if (m_settings.snow_method == SnowMethod::degree_day) inputs.push_back(m_settings.temperature);
    if (m_settings.snow_method == SnowMethod::water_equivalent)
      inputs.push_back(m_settings.snow_water_equivalent);
    if (intercepts()) inputs.push_back(m_settings.potential_evapotranspiration);
    return inputs;
  }
  std::vector<engine::DailyOutput> outputs() const override {
    if (!intercepts()) return {{m_settings.output, false}};
    return {{m_settings.output, false}, {m_settings.interception_output, false}};
  }
  std::vector<engine::StateField> state() const override {
    const auto field = [](const core::KernelStateField& one) {
      return engine::StateField{std::string(one.name), 1, one.initial};
    };
    const bool swe = m_settings.snow_method == SnowMethod::water_equivalent;
    std::vector<engine::StateField> fields{
        field(swe ? storage::swe_state_fields[0] : storage::snow_state_fields[0]),
        field(storage::interception_state_fields[0]),
        {"started", 1, 0.0}};
    if (swe) fields.push_back(field(storage::swe_state_fields[1]));
    return fields;
  }

  void advance(const engine::Strip& strip) const override {
    start(strip);
    std::vector<float> through_snow(static_cast<std::size_t>(strip.pixels()));
    for (std::int64_t step = 0; step < strip.steps(); ++step) {
      const auto output = strip.output(0, step);
      std::span<float> liquid = intercepts() ? std::span<float>(through_snow) : output;
      melt(strip, step, liquid);
      if (intercepts())
        storage::advance_interception(
            m_settings.interception_mm,
            {liquid, strip.input(snow_inputs(), step), output, strip.output(1, step)}, strip.state(1));
    }
  }

  // The snow that lies when the record begins: what the first year leaves behind it.
  std::vector<engine::StateField> survey_fields() const override {
    if (m_settings.snow_method != SnowMethod::degree_day || m_settings.spin_up_days == 0) return {};
    return {{"spun_up_snow", 1, 0.0}};
  }
  void survey(const engine::Strip& strip) const override {
    std::vector<float> liquid(static_cast<std::size_t>(strip.pixels()));
    for (std::int64_t step = 0; step < strip.steps() && strip.first_step() + step < m_settings.spin_up_days;
         ++step)
      storage::advance_snow(m_settings.snow, strip.input(0, step), strip.input(1, step), strip.state(0),
                            liquid);
  }
  void conclude_survey(std::span<const std::vector<double>> fields) override { m_first_snow = fields[0]; }

 private:
  bool intercepts() const { return m_settings.interception_mm > 0.0; }
  std::size_t snow_inputs() const { return m_settings.snow_method == SnowMethod::none ? 1 : 2; }

  void start(const engine::Strip& strip) const {
    if (m_first_snow.empty()) return;
    const auto snow = strip.state(0);
    const auto started = strip.state(2);
    for (std::size_t i = 0; i < snow.size(); ++i) {
      if (started[i] == 0.0) snow[i] = m_first_snow[static_cast<std::size_t>(strip.first_cell()) + i];
      started[i] = 1.0;
    }
  }

  void melt(const engine::Strip& strip, std::int64_t step, std::span<float> liquid) const {
    const auto precipitation = strip.input(0, step);
    if (m_settings.snow_method == SnowMethod::degree_day)
      storage::advance_snow(m_settings.snow, precipitation, strip.input(1, step), strip.state(0), liquid);
    else if (m_settings.snow_method == SnowMethod::water_equivalent)
      storage::advance_snow_water_equivalent(precipitation, strip.input(1, step),
                                             {strip.state(0), strip.state(3)}, liquid);
    else
      std::copy(precipitation.begin(), precipitation.end(), liquid.begin());
  }

  EffectivePrecipitationSettings m_settings;
  std::vector<double> m_first_snow;
};

}  // namespace

std::shared_ptr<engine::Stage> make_effective_precipitation_stage(EffectivePrecipitationSettings settings) {
  return std::make_shared<EffectivePrecipitationStage>(std::move(settings));
}

}  // namespace rootzone::pipeline
