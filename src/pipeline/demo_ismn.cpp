#include "demo_ismn.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>

#include "rootzone/study/random_field.hpp"

namespace rootzone::pipeline {
namespace {

constexpr double bias_deviation = 0.012;
constexpr double noise_deviation = 0.004;
constexpr std::uint64_t outage_block_days = 10;
constexpr double outage_share = 0.03;
constexpr double lost_hour_share = 0.004;
constexpr double spike_share = 0.0015;
constexpr double spike = 0.18;
constexpr double freezing_air_c = -1.0;
constexpr double insulating_snow_mm = 10.0;
constexpr double deepest_frost_cm = 10.0;

struct Reading {
  bool present = false;
  double value = 0.0;
  const char* flag = "G";
};

template <typename... Numbers>
std::string print(const char* format, Numbers... numbers) {
  std::array<char, 160> text{};
  const int length = std::snprintf(text.data(), text.size(), format, numbers...);
  return std::string(text.data(), static_cast<std::size_t>(std::max(0, length)));
}

/// A number of four decimals, right-aligned in nine columns: what 130 000 lines a station are made of.
void append_value(std::string& out, double value) {
  const auto ten_thousandths = static_cast<long>(std::lround(value * 1e4));
  const unsigned long magnitude = static_cast<unsigned long>(std::labs(ten_thousandths));
  out += ten_thousandths < 0 ? "  -" : "   ";
  out += std::to_string(magnitude / 10000);
  out += '.';
  for (unsigned long divisor = 1000; divisor > 0; divisor /= 10)
    out += static_cast<char>('0' + magnitude / divisor % 10);
}

/// One sensor with its faults.
class Sensor {
 public:
  Sensor(const DemoContext& context, const DemoStation& station, const SensorPlace& place)
      : m_seed(context.options.seed),
        m_number(place.station * demo_sensor_depths_cm.size() + place.depth),
        m_depth_cm(demo_sensor_depths_cm[place.depth]),
        m_bias(bias_deviation * study::normal_deviate({m_seed, sensor_bias}, m_number)),
        m_saturation(context.land.soil(station.cell, m_depth_cm, m_depth_cm).hydraulics.porosity),
        m_unchecked(ismn_form(place.station) == IsmnForm::header_values_unchecked) {}

  /// truth: at the hour; the day's trace tells of frost.
  Reading read(double truth, const study::CellTrace& day, std::uint64_t day_number,
               std::uint64_t hour) const {
    const std::uint64_t index = day_number * 24 + hour;
    const double event = study::uniform_deviate({m_seed, sensor_event + m_number}, index);
    const bool outage = study::uniform_deviate({m_seed, sensor_outage + m_number},
                                               day_number / outage_block_days) < outage_share;
    if (outage || event < lost_hour_share) return {};
    Reading reading{true, truth + m_bias, m_unchecked ? "U" : "G"};
    reading.value += noise_deviation * study::normal_deviate({m_seed, sensor_noise + m_number}, index);
    const bool frozen = day.temperature_c < freezing_air_c && day.snow_mm < insulating_snow_mm &&
                        m_depth_cm <= deepest_frost_cm;
    const bool spiked = !frozen && event > 1.0 - spike_share;
    if (frozen) reading.value *= 0.45;  // ice does not answer the sensor
    if (spiked) reading.value += spike;
    reading.value = std::max(0.0, reading.value);
    if (frozen)
      reading.flag = "D01,D02";
    else if (reading.value > 0.60)
      reading.flag = "C02,C03";
    else if (reading.value > m_saturation)
      reading.flag = spiked ? "D06,C03" : "C03";
    else if (spiked)
      reading.flag = "D06";
    return reading;
  }

 private:
  std::uint64_t m_seed;
  std::uint64_t m_number;
  double m_depth_cm;
  double m_bias;
  double m_saturation;
  bool m_unchecked;
};

/// Truth at a full hour, linear between the ends of the quarters.
double truth_at(std::span<const study::CellTrace> days, std::size_t day, int hour, double depth_cm) {
  const int quarter = hour / 6;
  const double share = (hour % 6) / 6.0;
  const double after = days[day].moisture_at(depth_cm, quarter);
  double before = after;
  if (quarter > 0)
    before = days[day].moisture_at(depth_cm, quarter - 1);
  else if (day > 0)
    before = days[day - 1].moisture_at(depth_cm, study::column_quarters - 1);
  return (1.0 - share) * before + share * after;
}

const char* sensor_name(std::size_t station) {
  // Names as the archive has them: plain, with blanks and with parentheses.
  constexpr std::array<const char*, 3> names{"5TM", "Hydraprobe-Analog-(2.5-Volt)", "ThetaProbe-ML2X"};
  return names[station % names.size()];
}

std::string place_columns(const DemoContext& context, const DemoStation& station, double depth_m) {
  return print("%-10s %-10s %-15s %9.5f %11.5f %7.2f %7.2f %7.2f", demo_network, demo_network,
               station.name.c_str(), station.latitude_deg, station.longitude_deg,
               context.land.elevation_m()[static_cast<std::size_t>(station.cell)], depth_m, depth_m);
}

}  // namespace

IsmnForm ismn_form(std::size_t station) {
  switch (station % 8) {
    case 1:
      return IsmnForm::ceop;
    case 3:
      return IsmnForm::header_values_crlf;
    case 5:
      return IsmnForm::header_values_unchecked;
    default:
      return IsmnForm::header_values;
  }
}

void write_ismn_sensor(const DemoContext& context, const DemoStation& station, const SensorPlace& place,
                       std::span<const study::CellTrace> days) {
  const IsmnForm form = ismn_form(place.station);
  const std::string line_end = form == IsmnForm::header_values_crlf ? "\r\n" : "\n";
  const double depth_cm = demo_sensor_depths_cm[place.depth];
  const double depth_m = depth_cm / 100.0;
  const std::string columns = place_columns(context, station, depth_m);
  const Sensor sensor(context, station, place);
  std::string text;
  if (form != IsmnForm::ceop) text = columns + " " + sensor_name(place.station) + line_end;
  for (std::size_t day = 0; day < days.size(); ++day) {
    const core::Date date = context.moisture_axis.date(static_cast<std::int64_t>(day));
    const std::string day_text = print("%04d/%02d/%02d ", date.year, date.month, date.day);
    for (int hour = 0; hour < 24; ++hour) {
      const Reading reading =
          sensor.read(truth_at(days, day, hour, depth_cm), days[day], day, static_cast<std::uint64_t>(hour));
      if (!reading.present) continue;
      std::string moment = day_text;
      moment += static_cast<char>('0' + hour / 10);
      moment += static_cast<char>('0' + hour % 10);
      moment += ":00";
      text += moment;
      if (form == IsmnForm::ceop) text += " " + moment + " " + columns;
      append_value(text, reading.value);
      text += ' ';
      text += reading.flag;
      text += " M";
      text += line_end;
    }
  }
  const std::string name = std::string(demo_network) + "_" + demo_network + "_" + station.name + "_sm_" +
                           print("%.6f_%.6f_", depth_m, depth_m) + sensor_name(place.station) + "_" +
                           core::compact_date(context.moisture_axis.first()) + "_" +
                           core::compact_date(context.moisture_axis.last()) + ".stm";
  write_demo_text(context.dir / "stations" / demo_network / station.name / name, text);
}

void write_ismn_static_variables(const DemoContext& context, const DemoStation& station, std::size_t number) {
  if (number % 8 == 7) return;  // some stations of the archive have none
  const std::string source = ";;DEMO;Demo basin;rootzone;v1;30\";;;\r\n";
  std::string text =
      "quantity_name;unit;depth_from[m];depth_to[m];value;description;quantity_source_name;"
      "quantity_source_description;quantity_source_provider;quantity_source_version;quantity_source_"
      "resolution;"
      "quantity_source_timerange;quantity_source_url;\r\n";
  for (const auto& [top_m, bottom_m] : {std::pair{0.0, 0.3}, std::pair{0.3, 1.0}}) {
    const study::SoilSample soil = context.land.soil(station.cell, 100.0 * top_m, 100.0 * bottom_m);
    const auto row = [&](const char* quantity, const char* unit, double value) {
      text += print("%s;%s;%.2f;%.2f;%.2f", quantity, unit, top_m, bottom_m, value) + source;
    };
    row("clay fraction", "% weight", soil.clay_percent);
    row("organic carbon", "% weight", soil.organic_carbon_percent);
    row("sand fraction", "% weight", soil.sand_percent);
    row("saturation", "m^3*m^-3", soil.hydraulics.porosity);
    row("silt fraction", "% weight", soil.silt_percent);
  }
  constexpr std::array<const char*, 6> covers{
      "", "Grassland", "Cropland, rainfed", "Tree cover, broadleaved, deciduous", "Urban areas", "Water"};
  const auto cover = static_cast<std::size_t>(context.land.cover()[static_cast<std::size_t>(station.cell)]);
  text += std::string("land cover classification;-;;;") + covers[cover] + source;
  text += std::string("climate classification;-;;;Cfa") + source;
  write_demo_text(
      context.dir / "stations" / demo_network / station.name /
          (std::string(demo_network) + "_" + demo_network + "_" + station.name + "_static_variables.csv"),
      text);
}

}  // namespace rootzone::pipeline
