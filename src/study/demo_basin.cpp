#include "rootzone/study/demo_basin.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <string>

#include "demo_richards.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::study {
namespace {

constexpr double snow_hides_ground_mm = 5.0;
constexpr double frost_below_c = -0.5;
constexpr std::int64_t batches_per_task = 4;

/// Where a land cell lies between four weather cells.
struct Bilinear {
  std::array<std::size_t, 4> index;
  std::array<double, 4> weight;
  double operator()(const std::vector<float>& field) const {
    return weight[0] * static_cast<double>(field[index[0]]) +
           weight[1] * static_cast<double>(field[index[1]]) +
           weight[2] * static_cast<double>(field[index[2]]) +
           weight[3] * static_cast<double>(field[index[3]]);
  }
};

Bilinear locate(const core::Grid& weather, double x, double y) {
  const double col = weather.fractional_col(x) - 0.5;
  const double row = weather.fractional_row(y) - 0.5;
  const auto left = static_cast<std::size_t>(col);
  const auto top = static_cast<std::size_t>(row);
  const double u = col - static_cast<double>(left);
  const double v = row - static_cast<double>(top);
  const auto width = static_cast<std::size_t>(weather.cols());
  const std::size_t first = top * width + left;
  return {{first, first + 1, first + width, first + width + 1},
          {(1.0 - u) * (1.0 - v), u * (1.0 - v), (1.0 - u) * v, u * v}};
}

struct LaneBooks {
  double precipitation_mm = 0.0;
  double evaporation_mm = 0.0;
  double runoff_mm = 0.0;
  double recharge_mm = 0.0;
  double start_mm = 0.0;
};

/// `column_width` neighbouring cells; lanes past the last cell repeat it and are not written.
struct Batch {
  std::size_t first_cell = 0;
  std::size_t lanes = 0;
  ColumnParameters parameters;
  ColumnState state;
  ColumnForcing forcing;
  ColumnDay day;
  std::array<Bilinear, column_width> place;
  std::array<LandCover, column_width> cover;
  ColumnLane elevation_m;
  std::array<LaneBooks, column_width> books;
  std::unique_ptr<RichardsBatch> richards;  ///< where the truth is the column
};

std::vector<Batch> make_batches(const DemoLand& land, const core::Grid& weather, DemoTruth truth) {
  const auto cells = static_cast<std::size_t>(land.cells());
  std::vector<Batch> batches((cells + column_width - 1) / column_width);
  for (std::size_t b = 0; b < batches.size(); ++b) {
    Batch& batch = batches[b];
    batch.first_cell = b * column_width;
    batch.lanes = std::min<std::size_t>(column_width, cells - batch.first_cell);
    if (truth == DemoTruth::column) batch.richards = std::make_unique<RichardsBatch>();
    for (std::size_t lane = 0; lane < column_width; ++lane) {
      const std::size_t cell = batch.first_cell + std::min(lane, batch.lanes - 1);
      const auto id = static_cast<std::int64_t>(cell);
      const ColumnSoil soil = land.column(id);
      batch.parameters.set(static_cast<int>(lane), soil);
      batch.state.start(static_cast<int>(lane), soil);
      batch.place[lane] = locate(weather, land.grid().x_centre(id % land.grid().cols()),
                                 land.grid().y_centre(id / land.grid().cols()));
      batch.cover[lane] = land.cover()[cell];
      batch.elevation_m[lane] = land.elevation_m()[cell];
      if (batch.richards && lane < batch.lanes && batch.cover[lane] != LandCover::water)
        batch.richards->add(lane, soil, batch.state);
    }
  }
  return batches;
}

void set_forcing(Batch& batch, const WeatherDay& weather, const core::Date& date, double latitude_deg) {
  const int day_of_year = core::day_of_year(date, core::Calendar::proleptic_gregorian);
  // Oudin's formula is linear in T + 5: at 95 °C it gives Ra/(λρ) itself.
  const double radiation_mm = oudin_evapotranspiration_mm(95.0, latitude_deg, day_of_year);
  std::array<double, 6> leaf_area{};
  for (std::size_t cover = 1; cover < leaf_area.size(); ++cover)
    leaf_area[cover] = DemoLand::leaf_area_index(static_cast<LandCover>(cover), day_of_year);
  for (std::size_t k = 0; k < column_width; ++k) {
    const double temperature =
        batch.place[k](weather.sea_level_temperature_c) - lapse_rate_c_per_m * batch.elevation_m[k];
    batch.forcing.temperature_c[k] = temperature;
    batch.forcing.precipitation_mm[k] = batch.place[k](weather.precipitation_mm);
    batch.forcing.potential_evapotranspiration_mm[k] =
        radiation_mm * std::max(0.0, temperature + 5.0) / 100.0;
    batch.forcing.leaf_area_index[k] = leaf_area[static_cast<std::size_t>(batch.cover[k])];
  }
  batch.forcing.rain_hours = weather.rain_hours;
  batch.forcing.rain_quarter = weather.rain_quarter;
}

void keep_books(Batch& batch) {
  for (std::size_t k = 0; k < batch.lanes; ++k) {
    batch.books[k].precipitation_mm += batch.forcing.precipitation_mm[k];
    batch.books[k].evaporation_mm += batch.day.evaporation_mm[k];
    batch.books[k].runoff_mm += batch.day.runoff_mm[k];
    batch.books[k].recharge_mm += batch.day.recharge_mm[k];
  }
}

/// Mean of the day's quarters over layers first … last, m³/m³.
double mean_moisture(const ColumnDay& day, std::size_t lane, std::size_t first, std::size_t last) {
  double water_mm = 0.0;
  for (const ColumnProfile& quarter : day.water_mm)
    for (std::size_t layer = first; layer <= last; ++layer) water_mm += quarter[layer][lane];
  return water_mm / column_quarters / (10.0 * (column_edges_cm[last + 1] - column_edges_cm[first]));
}

void write_day(const Batch& batch, BasinDay& out) {
  constexpr float missing = std::numeric_limits<float>::quiet_NaN();
  for (std::size_t k = 0; k < batch.lanes; ++k) {
    const std::size_t cell = batch.first_cell + k;
    const bool land = batch.cover[k] != LandCover::water;
    out.evaporation_mm[cell] = land ? static_cast<float>(batch.day.evaporation_mm[k]) : missing;
    out.inflow_mm[cell] = land ? static_cast<float>(batch.day.inflow_mm[k]) : missing;
    out.surface_moisture[cell] = land ? static_cast<float>(mean_moisture(batch.day, k, 0, 0)) : missing;
    out.root_zone_moisture[cell] = land ? static_cast<float>(mean_moisture(batch.day, k, 2, 4)) : missing;
    out.frozen[cell] =
        batch.state.snow_mm[k] > snow_hides_ground_mm || batch.forcing.temperature_c[k] < frost_below_c;
  }
}

void write_trace(const Batch& batch, std::size_t lane, CellTrace& trace) {
  trace.precipitation_mm = batch.forcing.precipitation_mm[lane];
  trace.temperature_c = batch.forcing.temperature_c[lane];
  trace.potential_evapotranspiration_mm = batch.forcing.potential_evapotranspiration_mm[lane];
  trace.evaporation_mm = batch.day.evaporation_mm[lane];
  trace.snow_mm = batch.state.snow_mm[lane];
  for (std::size_t quarter = 0; quarter < column_quarters; ++quarter)
    for (std::size_t layer = 0; layer < column_layers; ++layer)
      trace.moisture[quarter][layer] = batch.day.water_mm[quarter][layer][lane] /
                                       (10.0 * (column_edges_cm[layer + 1] - column_edges_cm[layer]));
}

/// Everything of a run, so that its steps need not hand it around.
class Run {
 public:
  Run(const DemoLand& land, DemoWeather& weather, const DemoBasinOptions& options,
      const core::ParallelFor& parallel_for)
      : m_weather(weather),
        m_options(options),
        m_parallel_for(parallel_for),
        m_cells(static_cast<std::size_t>(land.cells())),
        m_batches(make_batches(land, weather.grid(), options.truth)) {}

  void spin_up(std::int64_t first_day) {
    for (std::int64_t done = 0; done < m_options.spin_up_days; done += m_options.chunk_days)
      chunk(first_day - m_options.spin_up_days + done,
            std::min(m_options.chunk_days, m_options.spin_up_days - done), false);
    for (Batch& batch : m_batches)
      for (std::size_t k = 0; k < batch.lanes; ++k) {
        batch.books[k] = {};
        batch.books[k].start_mm = batch.state.total_mm(static_cast<int>(k));
      }
  }

  std::vector<BasinDay> chunk(std::int64_t first_day, std::int64_t days, bool keep) {
    std::vector<BasinDay> out(static_cast<std::size_t>(days));
    std::vector<WeatherDay> weather = m_weather.next(first_day, days, m_parallel_for);
    for (std::size_t d = 0; d < out.size(); ++d) {
      out[d].date =
          core::date_of(first_day + static_cast<std::int64_t>(d), core::Calendar::proleptic_gregorian);
      out[d].weather = std::move(weather[d]);
      if (!keep) continue;
      for (auto* field :
           {&out[d].evaporation_mm, &out[d].inflow_mm, &out[d].surface_moisture, &out[d].root_zone_moisture})
        field->resize(m_cells);
      out[d].frozen.resize(m_cells);
      out[d].traces.resize(m_options.traced_cells.size());
    }
    const auto count = static_cast<std::int64_t>(m_batches.size());
    m_parallel_for((count + batches_per_task - 1) / batches_per_task, [&](std::int64_t task) {
      const std::int64_t end = std::min(count, (task + 1) * batches_per_task);
      for (std::int64_t b = task * batches_per_task; b < end; ++b)
        advance(m_batches[static_cast<std::size_t>(b)], out, keep);
    });
    return out;
  }

  WaterBooks books() const {
    WaterBooks total;
    for (const Batch& batch : m_batches)
      for (std::size_t k = 0; k < batch.lanes; ++k) {
        if (batch.cover[k] == LandCover::water) continue;
        const LaneBooks& cell = batch.books[k];
        const double change = batch.state.total_mm(static_cast<int>(k)) - cell.start_mm;
        total.precipitation_mm += cell.precipitation_mm;
        total.evaporation_mm += cell.evaporation_mm;
        total.runoff_mm += cell.runoff_mm;
        total.recharge_mm += cell.recharge_mm;
        total.storage_change_mm += change;
        const double error =
            cell.precipitation_mm - cell.evaporation_mm - cell.runoff_mm - cell.recharge_mm - change;
        total.worst_cell_error_mm = std::max(total.worst_cell_error_mm, std::abs(error));
      }
    return total;
  }

 private:
  void advance(Batch& batch, std::vector<BasinDay>& out, bool keep) const {
    if (batch.richards) return advance_richards(batch, out, keep);
    for (BasinDay& day : out) {
      set_forcing(batch, day.weather, day.date, m_options.latitude_deg);
      advance_columns(batch.parameters, batch.forcing, batch.state, batch.day);
      if (keep) keep_day(batch, day);
    }
  }

  /// All days of the chunk at the surface, then below it, then into the books.
  void advance_richards(Batch& batch, std::vector<BasinDay>& out, bool keep) const {
    std::vector<ColumnForcing> forcing(out.size());
    std::vector<SurfaceDay> surface(out.size());
    std::vector<ColumnDay> days(out.size());
    std::vector<ColumnLane> snow(out.size());
    for (std::size_t d = 0; d < out.size(); ++d) {
      set_forcing(batch, out[d].weather, out[d].date, m_options.latitude_deg);
      advance_surface(batch.parameters, batch.forcing, batch.state, days[d], surface[d]);
      forcing[d] = batch.forcing;
      snow[d] = batch.state.snow_mm;
    }
    batch.richards->advance(forcing, surface, days, batch.state);
    if (!keep) return;
    for (std::size_t d = 0; d < out.size(); ++d) {
      batch.forcing = forcing[d];
      batch.day = days[d];
      batch.state.snow_mm = snow[d];
      keep_day(batch, out[d]);
    }
  }

  void keep_day(Batch& batch, BasinDay& day) const {
    keep_books(batch);
    write_day(batch, day);
    for (std::size_t t = 0; t < m_options.traced_cells.size(); ++t) {
      const auto cell = static_cast<std::size_t>(m_options.traced_cells[t]);
      if (cell >= batch.first_cell && cell < batch.first_cell + batch.lanes)
        write_trace(batch, cell - batch.first_cell, day.traces[t]);
    }
  }

  DemoWeather& m_weather;
  const DemoBasinOptions& m_options;
  const core::ParallelFor& m_parallel_for;
  std::size_t m_cells;
  std::vector<Batch> m_batches;
};

}  // namespace

double CellTrace::moisture_at(double depth_cm, int quarter) const {
  const auto& profile = moisture[static_cast<std::size_t>(quarter)];
  const auto centre = [](std::size_t layer) {
    return 0.5 * (column_edges_cm[layer] + column_edges_cm[layer + 1]);
  };
  if (depth_cm <= centre(0)) return profile[0];
  for (std::size_t layer = 1; layer < column_layers; ++layer)
    if (depth_cm <= centre(layer)) {
      const double share = (depth_cm - centre(layer - 1)) / (centre(layer) - centre(layer - 1));
      return (1.0 - share) * profile[layer - 1] + share * profile[layer];
    }
  return profile[column_layers - 1];
}

double CellTrace::mean_moisture_at(double depth_cm) const {
  double sum = 0.0;
  for (int quarter = 0; quarter < column_quarters; ++quarter) sum += moisture_at(depth_cm, quarter);
  return sum / column_quarters;
}

WaterBooks simulate_basin(const DemoLand& land, DemoWeather& weather, const core::TimeAxis& axis,
                          const DemoBasinOptions& options, const core::ParallelFor& parallel_for,
                          const BasinVisitor& visitor) {
  if (options.chunk_days < 1 || options.spin_up_days < 0)
    throw core::Error(core::ErrorKind::usage,
                      "the demo basin needs chunk_days ≥ 1 and spin_up_days ≥ 0, found " +
                          std::to_string(options.chunk_days) + " and " +
                          std::to_string(options.spin_up_days));
  for (const std::int64_t cell : options.traced_cells)
    if (cell < 0 || cell >= land.cells())
      throw core::Error(core::ErrorKind::usage, "traced cell " + std::to_string(cell) +
                                                    " lies outside the basin's " +
                                                    std::to_string(land.cells()) + " cells");
  Run run(land, weather, options, parallel_for);
  run.spin_up(axis.day_number_at(0));
  for (std::int64_t step = 0; step < axis.count(); step += options.chunk_days) {
    const std::int64_t days = std::min(options.chunk_days, axis.count() - step);
    visitor(run.chunk(axis.day_number_at(step), days, true));
  }
  return run.books();
}

}  // namespace rootzone::study
