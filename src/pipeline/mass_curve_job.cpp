#include <algorithm>
#include <cmath>
#include <limits>

#include "effective_precipitation_stage.hpp"
#include "mass_curve_stage.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/io/discharge.hpp"
#include "rootzone/io/outline.hpp"
#include "schema_tables.hpp"
#include "shipped.hpp"

namespace rootzone::pipeline {

const TableSpec& discharge_table() {
  static const TableSpec table{
      "discharge",
      "The gauge that closes the balance.",
      {{"path", KeyType::path, "CSV with date,discharge_m3s, or mHM's text format", "", "", {}, {}, {}, true},
       {"catchment",
        KeyType::text,
        "static input: share of each cell in the gauge's catchment",
        "",
        "",
        {},
        {},
        {},
        true},
       {"area",
        KeyType::number,
        "of the catchment; without it the sum of the cells' shares",
        "km2",
        "",
        {},
        0.0}}};
  return table;
}

const TableSpec& mass_curve_table() {
  static const TableSpec table{
      "mass_curve",
      "Root-zone storage capacity by the mass curve (Gao et al. 2014, 2024).",
      {{"record_start", KeyType::date, "first day of the record, where it is not the run's"},
       {"reference_start", KeyType::date,
        "first day of the days from which the balance is closed and the wettest month found; without it the "
        "first of the record"},
       {"reference_end", KeyType::date,
        "last day of them; without it the last of the record, which `update` cannot know"},
       {"record_end", KeyType::date, "last day of the record, where it is not the run's"},
       {"precipitation", KeyType::text, "daily precipitation", "", R"("precipitation")"},
       {"evaporation_from",
        KeyType::choice,
        "a direct product, or PET scaled to close the long-term balance by Fu's curve or a gauge",
        "",
        R"("input")",
        {"input", "budyko", "discharge"}},
       {"evaporation", KeyType::text, "daily evaporation, for evaporation_from = \"input\"", "",
        R"("evaporation")"},
       {"potential_evapotranspiration", KeyType::text, "daily PET, to be scaled or for interception", "",
        R"("potential_evapotranspiration")"},
       {"budyko_omega", KeyType::number, "ω of Fu (1981)", "1", "2.6", {}, 1.000001},
       {"discharge",
        KeyType::table,
        "the gauge, for evaporation_from = \"discharge\"",
        "",
        "",
        {},
        {},
        {},
        false,
        &discharge_table()},
       {"irrigation", KeyType::text, "daily irrigation, counted as inflow", "", R"("")"},
       {"snow",
        KeyType::choice,
        "snow store: none, degree days, snow water equivalent, or a snow-cover product that stops "
        "evaporation",
        "",
        R"("none")",
        {"none", "degree_day", "water_equivalent", "cover"}},
       {"snow_preset",
        KeyType::choice,
        "orth2013: 1 mm/K/d above 1 °C; degree_day_2: 2 mm/K/d above 0 °C",
        "",
        R"("orth2013")",
        {"orth2013", "degree_day_2"}},
       {"temperature", KeyType::text, "daily air temperature, for snow = \"degree_day\"", "",
        R"("air_temperature")"},
       {"snow_water_equivalent", KeyType::text, "daily SWE, for snow = \"water_equivalent\"", "",
        R"("snow_water_equivalent")"},
       {"snow_cover", KeyType::text, "daily snow cover in per cent, for snow = \"cover\"", "",
        R"("snow_cover")"},
       {"snow_spin_up_days",
        KeyType::integer,
        "first days of the record that fill the snow store beforehand",
        "d",
        "365",
        {},
        0},
       {"interception_capacity",
        KeyType::number,
        "of the canopy; 2.0–2.5 typical, 0 = off",
        "mm",
        "0.0",
        {},
        0.0},
       {"year_start",
        KeyType::value,
        "first month of a year, 1–12, or \"wettest\": the month of the largest mean surplus, pixel by pixel",
        "month",
        "1",
        {},
        1,
        12},
       {"reset",
        KeyType::choice,
        "of the deficit at the start of each year",
        "",
        R"("none")",
        {"none", "yearly"}},
       {"annual_statistic",
        KeyType::choice,
        "maximum of the year, or its rise above the minimum before it",
        "",
        R"("maximum")",
        {"maximum", "rise"}},
       {"fit",
        KeyType::choice,
        "distribution and method of the annual maxima",
        "",
        R"("gumbel_l_moments")",
        {"gumbel_l_moments", "gumbel_moments", "gumbel_moments_population", "gumbel_maximum_likelihood",
         "gev_l_moments", "gev_maximum_likelihood"}},
       {"return_periods", KeyType::numbers, "of the stack", "a", "[2, 5, 10, 20, 40, 80]"},
       {"land_cover", KeyType::text, "static input with the classes of `return_period_table`", "", R"("")"},
       {"return_period_table", KeyType::path, "CSV with class,return_period_years, or shipped:example"},
       {"closure",
        KeyType::choice,
        "where evaporation exceeds precipitation over the record",
        "",
        R"("flag")",
        {"flag", "reset_yearly", "scale_outflow", "mask"}},
       {"closure_limit",
        KeyType::number,
        "ratio of outflow to inflow above which the balance does not close",
        "1",
        "1.0",
        {},
        0.0},
       {"minimum_valid_days", KeyType::integer, "of a year that counts", "d", "330", {}, 1, 366},
       {"minimum_years", KeyType::integer, "fewer valid years give no return levels", "a", "10", {}, 2},
       {"advised_years", KeyType::integer, "fewer valid years are flagged", "a", "10", {}, 2},
       {"max_gap_days",
        KeyType::integer,
        "longer gaps void their year, shorter ones are interpolated",
        "d",
        "10",
        {},
        0,
        180},
       {"standard_errors",
        KeyType::integer,
        "bootstrap draws for the standard errors of the fit, 0 = none; without the key 500 for Gumbel and 0 "
        "for GEV, "
        "whose fits are drawn pixel by pixel",
        "1",
        "",
        {},
        0,
        100000},
       {"seed", KeyType::integer, "of the bootstrap", "1", "1", {}, 0},
       {"field_capacity", KeyType::value, "for the soil-based capacity", "m3 m-3"},
       {"wilting_point", KeyType::value, "for the soil-based capacity", "m3 m-3"},
       {"root_depth", KeyType::value, "for the soil-based capacity", "mm"},
       {"ratio_return_period",
        KeyType::number,
        "level that is compared with the soil-based capacity, where there is no land-cover table",
        "a",
        "20.0",
        {},
        1.001},
       {"output", KeyType::text, "name of the storage capacity", "", R"("root_zone_storage_capacity")"}}};
  return table;
}

namespace {

using core::Error;
using core::ErrorKind;
using nlohmann::json;

std::string word(const json& settings, const char* key) {
  return settings.at(key).get<std::string>();
}

void read_record_settings(const json& settings, MassCurveJob& job) {
  storage::MassCurveSettings& record = job.settings;
  const json& start = settings.at("year_start");
  if (start.is_string()) {
    if (start != "wettest")
      throw Error(ErrorKind::usage,
                  "year_start: expected a month 1 … 12 or \"wettest\", found " + start.dump());
    job.wettest_year_start = true;
  } else {
    record.year_start_month = start.get<int>();
  }
  record.reset = storage::parse_year_reset(word(settings, "reset"));
  record.statistic = storage::parse_annual_statistic(word(settings, "annual_statistic"));
  record.closure_policy = storage::parse_closure_policy(word(settings, "closure"));
  record.closure_limit = settings.at("closure_limit").get<double>();
  record.minimum_valid_days = settings.at("minimum_valid_days").get<int>();
  record.minimum_years = settings.at("advised_years").get<int>();
  record.max_gap_days = settings.at("max_gap_days").get<int>();
  record.validate();
  job.required_years = settings.at("minimum_years").get<int>();
}

void read_fit(const json& settings, MassCurveJob& job) {
  job.fit = storage::parse_fit_method(word(settings, "fit"));
  job.return_periods = settings.at("return_periods").get<std::vector<double>>();
  for (double period : job.return_periods)
    if (!(period > 1.0))
      throw Error(ErrorKind::usage, "return_periods: expected years above 1, found " + json(period).dump());
  const auto& periods = job.return_periods;
  for (auto period = periods.begin(); period != periods.end(); ++period)
    if (std::find(periods.begin(), period, *period) != period)
      throw Error(ErrorKind::usage, "return_periods: expected each period once, found " +
                                        json(*period).dump() + " twice; leave one of them out");
  job.bootstrap = settings.value("standard_errors", storage::is_gev(job.fit) ? 0 : 500);
  job.seed = settings.at("seed").get<std::uint64_t>();
}

// Depth of water a day's discharge stands for over the catchment.
void read_discharge_gauge(const json& settings, StageContext& context, MassCurveJob& job) {
  if (!settings.contains("discharge"))
    throw Error(ErrorKind::usage,
                "evaporation_from = \"discharge\" needs a table [stage.discharge] with path and catchment");
  const json& gauge = settings.at("discharge");
  const LayerPointer share = context.layer(word(gauge, "catchment"), "", "mass_curve discharge");
  job.catchment_km2 = io::cell_areas_km2(context.grid());
  double area = 0.0;
  for (std::size_t i = 0; i < job.catchment_km2.size(); ++i) {
    const float inside = (*share)[i];
    job.catchment_km2[i] *= inside > 0.0F ? static_cast<double>(inside) : 0.0;
    area += job.catchment_km2[i];
  }
  if (gauge.contains("area")) area = gauge.at("area").get<double>();
  if (!(area > 0.0))
    throw Error(ErrorKind::data,
                "the catchment '" + word(gauge, "catchment") + "' has no cell on the model grid");
  const io::DischargeSeries series = io::read_discharge(gauge.at("path").get<std::string>());
  context.note_file("discharge", gauge.at("path").get<std::string>());
  job.discharge_mm.assign(static_cast<std::size_t>(context.record().count()),
                          std::numeric_limits<double>::quiet_NaN());
  std::int64_t days = 0;
  for (std::size_t i = 0; i < series.dates.size(); ++i) {
    const auto step = context.record().index(series.dates[i]);
    if (!step || std::isnan(series.m3_per_s[i]) || !job.reference.contains(*step)) continue;
    job.discharge_mm[static_cast<std::size_t>(*step)] = series.m3_per_s[i] * 86400.0 / (area * 1e6) * 1e3;
    ++days;
  }
  if (days < 365)
    throw Error(ErrorKind::data, gauge.at("path").get<std::string>() + ": only " + std::to_string(days) +
                                     " days of discharge fall on the run; a balance needs at least a year");
}

void read_land_cover(const json& settings, StageContext& context, MassCurveJob& job) {
  const std::string land_cover = word(settings, "land_cover");
  if (land_cover.empty() != !settings.contains("return_period_table"))
    throw Error(ErrorKind::usage, "land_cover and return_period_table go together");
  if (land_cover.empty()) return;
  const auto path = shipped_file(word(settings, "return_period_table"), "return_periods", ".csv");
  const io::CsvTable table = io::CsvTable::read(path);
  context.note_file("return periods", path);
  const std::size_t key = table.column("class");
  const std::size_t value = table.column("return_period_years");
  std::map<double, double> periods;
  for (std::size_t row = 0; row < table.rows(); ++row)
    periods[table.number(row, key)] = table.number(row, value);
  for (const auto& [name, period] : periods)
    if (!(period > 1.0))
      throw Error(ErrorKind::data, path.string() + ": class " + io::shortest_number(name) +
                                       ": expected a return period above 1 year, found " +
                                       io::shortest_number(period));
  const LayerPointer classes = context.layer(land_cover, "", "mass_curve land_cover");
  job.land_cover_period.reserve(classes->size());
  for (float one : *classes) {
    const auto found = periods.find(one);
    job.land_cover_period.push_back(found == periods.end() ? std::numeric_limits<float>::quiet_NaN()
                                                           : static_cast<float>(found->second));
  }
}

void read_soil_capacity(const json& settings, StageContext& context, MassCurveJob& job) {
  const int given = static_cast<int>(settings.contains("field_capacity")) +
                    static_cast<int>(settings.contains("wilting_point")) +
                    static_cast<int>(settings.contains("root_depth"));
  if (given == 0) return;
  if (given != 3)
    throw Error(ErrorKind::usage,
                "the soil-based capacity needs field_capacity, wilting_point and root_depth together");
  const PixelParameter field_capacity =
      context.parameter(settings.at("field_capacity"), "m3 m-3", "mass_curve field_capacity");
  const PixelParameter wilting_point =
      context.parameter(settings.at("wilting_point"), "m3 m-3", "mass_curve wilting_point");
  const PixelParameter depth = context.parameter(settings.at("root_depth"), "mm", "mass_curve root_depth");
  job.ratio_return_period = settings.at("ratio_return_period").get<double>();
  for (std::int64_t cell = 0; cell < context.grid().cells(); ++cell) {
    const double available = field_capacity.at(cell) - wilting_point.at(cell);
    // Not std::max: it takes a missing layer for 0.
    job.soil_capacity_mm.push_back(static_cast<float>((available < 0.0 ? 0.0 : available) * depth.at(cell)));
  }
}

// Snow and canopy stand before the mass curve as a stage of their own.
void add_effective_precipitation(const json& settings, StageContext& context, MassCurveJob& job) {
  EffectivePrecipitationSettings effective;
  effective.precipitation = word(settings, "precipitation");
  const std::string snow = word(settings, "snow");
  std::optional<core::Date> surveyed_until;
  effective.interception_mm = settings.at("interception_capacity").get<double>();
  context.require_daily(effective.precipitation, "mm d-1", "mass_curve precipitation");
  job.precipitation = effective.precipitation;
  job.inflow = effective.precipitation;
  if ((snow == "none" || snow == "cover") && effective.interception_mm == 0.0) return;
  if (snow == "degree_day") {
    effective.snow_method = SnowMethod::degree_day;
    effective.snow = storage::snow_preset(word(settings, "snow_preset"));
    effective.temperature = word(settings, "temperature");
    effective.spin_up_days = settings.at("snow_spin_up_days").get<std::int64_t>();
    if (effective.spin_up_days > 0)
      surveyed_until =
          core::date_of(job.record.day_number_at(effective.spin_up_days - 1), job.record.calendar());
    context.require_daily(effective.temperature, "degC", "mass_curve snow");
  } else if (snow == "water_equivalent") {
    effective.snow_method = SnowMethod::water_equivalent;
    effective.snow_water_equivalent = word(settings, "snow_water_equivalent");
    context.require_daily(effective.snow_water_equivalent, "mm", "mass_curve snow");
  }
  if (effective.interception_mm > 0.0) {
    effective.potential_evapotranspiration = word(settings, "potential_evapotranspiration");
    context.require_daily(effective.potential_evapotranspiration, "mm d-1", "mass_curve interception");
  }
  effective.output = "effective_precipitation";
  VariableInfo info;
  info.variable = effective.output;
  info.long_name = "precipitation that reaches the soil as liquid";
  info.units = "mm d-1";
  job.inflow = effective.output;
  PreparedStage stage;
  stage.variables = {info};
  if (effective.interception_mm > 0.0) {
    effective.interception_output = "interception_evaporation";
    info.variable = effective.interception_output;
    info.long_name = "evaporation of intercepted water";
    stage.variables.push_back(info);
    job.interception = effective.interception_output;
  }
  stage.surveyed_until = surveyed_until;
  stage.stage = make_effective_precipitation_stage(std::move(effective));
  if (!stage.stage->survey_fields().empty())  // the snow it begins with
    stage.resident_bytes = context.grid().cells() * static_cast<std::int64_t>(sizeof(double));
  context.add(std::move(stage));
}

}  // namespace

MassCurveJob read_mass_curve_job(const json& settings, StageContext& context) {
  MassCurveJob job;
  job.time = context.time();
  job.record = context.record();
  job.reference = reference_period(settings, context.record());
  job.output = word(settings, "output");
  read_record_settings(settings, job);
  read_fit(settings, job);
  add_effective_precipitation(settings, context, job);
  const std::string from = word(settings, "evaporation_from");
  job.from = from == "input"    ? EvaporationFrom::input
             : from == "budyko" ? EvaporationFrom::budyko
                                : EvaporationFrom::discharge;
  job.outflow =
      word(settings, job.from == EvaporationFrom::input ? "evaporation" : "potential_evapotranspiration");
  context.require_daily(job.outflow, "mm d-1", "mass_curve evaporation");
  job.budyko_omega = settings.at("budyko_omega").get<double>();
  if (job.from == EvaporationFrom::discharge) read_discharge_gauge(settings, context, job);
  job.irrigation = word(settings, "irrigation");
  if (!job.irrigation.empty()) context.require_daily(job.irrigation, "mm d-1", "mass_curve irrigation");
  if (settings.at("snow") == "cover") {
    job.snow_cover = word(settings, "snow_cover");
    context.require_daily(job.snow_cover, "%", "mass_curve snow_cover");
  }
  read_land_cover(settings, context, job);
  read_soil_capacity(settings, context, job);
  return job;
}

}  // namespace rootzone::pipeline
