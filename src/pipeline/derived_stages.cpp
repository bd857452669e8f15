#include <algorithm>
#include <cmath>

#include "rootzone/core/calendar.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/crs.hpp"
#include "rootzone/storage/potential_evapotranspiration.hpp"
#include "stage_context.hpp"

namespace rootzone::pipeline {
namespace {

class ExpressionStage : public engine::Stage {
 public:
  ExpressionStage(std::string variable, core::Expression expression, std::vector<std::string> daily,
                  std::vector<LayerPointer> layers)
      : m_variable(std::move(variable)),
        m_expression(std::move(expression)),
        m_daily(std::move(daily)),
        m_layers(std::move(layers)) {}

  const std::string& name() const override { return m_variable; }
  std::vector<std::string> inputs() const override { return m_daily; }
  std::vector<engine::DailyOutput> outputs() const override { return {{m_variable, false}}; }

  void advance(const engine::Strip& strip) const override {
    std::vector<std::span<const float>> operands(m_layers.size());
    for (std::int64_t step = 0; step < strip.steps(); ++step) {
      std::size_t slot = 0;
      for (std::size_t i = 0; i < m_layers.size(); ++i)
        operands[i] = m_layers[i] ? std::span<const float>(*m_layers[i])
                                        .subspan(static_cast<std::size_t>(strip.first_cell()),
                                                 static_cast<std::size_t>(strip.pixels()))
                                  : strip.input(slot++, step);
      m_expression.evaluate(operands, strip.output(0, step));
    }
  }

 private:
  std::string m_variable;
  core::Expression m_expression;
  std::vector<std::string> m_daily;
  std::vector<LayerPointer> m_layers;  ///< by operand of the expression; null where it is daily
};

class OudinStage : public engine::Stage {
 public:
  OudinStage(std::string variable, std::string temperature, const core::TimeAxis& time,
             std::vector<float> latitudes)
      : m_variable(std::move(variable)),
        m_temperature(std::move(temperature)),
        m_time(time),
        m_latitudes(std::move(latitudes)) {}

  const std::string& name() const override { return m_variable; }
  std::vector<std::string> inputs() const override { return {m_temperature}; }
  std::vector<engine::DailyOutput> outputs() const override { return {{m_variable, false}}; }

  void advance(const engine::Strip& strip) const override {
    for (std::int64_t step = 0; step < strip.steps(); ++step) {
      const core::Date date = m_time.date(strip.first_step() + step);
      const int day = core::day_of_year(date, m_time.calendar());
      const auto latitudes = std::span<const float>(m_latitudes)
                                 .subspan(static_cast<std::size_t>(strip.first_cell()),
                                          static_cast<std::size_t>(strip.pixels()));
      storage::oudin_potential_evapotranspiration(latitudes, day, strip.input(0, step),
                                                  strip.output(0, step));
    }
  }

 private:
  std::string m_variable;
  std::string m_temperature;
  core::TimeAxis m_time;
  std::vector<float> m_latitudes;
};

std::vector<float> cell_latitudes(const core::Grid& grid) {
  const io::PointTransform to_degrees(grid.crs_wkt(), io::parse_crs("EPSG:4326"));
  std::vector<float> latitudes;
  latitudes.reserve(static_cast<std::size_t>(grid.cells()));
  std::vector<double> x(static_cast<std::size_t>(grid.cols()));
  std::vector<double> y(x.size());
  for (std::int64_t row = 0; row < grid.rows(); ++row) {
    for (std::int64_t col = 0; col < grid.cols(); ++col)
      x[static_cast<std::size_t>(col)] = grid.x_centre(col);
    std::fill(y.begin(), y.end(), grid.y_centre(row));
    to_degrees.apply(x, y);
    for (double latitude : y) latitudes.push_back(static_cast<float>(latitude));
  }
  return latitudes;
}

}  // namespace

std::shared_ptr<engine::Stage> make_expression_stage(const std::string& variable,
                                                     const std::string& expression, StageContext& context) {
  core::Expression parsed = context.catalog().expression(expression, variable);
  std::vector<std::string> daily;
  std::vector<LayerPointer> layers;
  const std::string who = "[inputs." + variable + "]";
  for (const std::string& operand : parsed.names()) {
    if (context.catalog().is_static(operand)) {
      layers.push_back(context.layer(operand, "", who));
    } else {
      context.require_daily(operand, "", who);
      daily.push_back(operand);
      layers.push_back(nullptr);
    }
  }
  return std::make_shared<ExpressionStage>(variable, std::move(parsed), std::move(daily), std::move(layers));
}

std::shared_ptr<engine::Stage> make_oudin_stage(const std::string& variable, const std::string& temperature,
                                                StageContext& context) {
  context.require_daily(temperature, "degC", "[inputs." + variable + "] method = \"oudin\"");
  return std::make_shared<OudinStage>(variable, temperature, context.time(), cell_latitudes(context.grid()));
}

}  // namespace rootzone::pipeline
