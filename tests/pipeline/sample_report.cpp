#include "pipeline/sample_report.hpp"

#include <array>
#include <cmath>

namespace rootzone::pipeline {
namespace {

const double nan = std::nan("");

std::uint32_t crc32(std::span<const std::uint8_t> bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int k = 0; k < 8; ++k) crc = (crc & 1U) != 0 ? 0xEDB88320U ^ (crc >> 1) : crc >> 1;
  }
  return ~crc;
}

void put32(std::vector<std::uint8_t>& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

void put_chunk(std::vector<std::uint8_t>& out, const char* type, const std::vector<std::uint8_t>& data) {
  put32(out, static_cast<std::uint32_t>(data.size()));
  std::vector<std::uint8_t> body(type, type + 4);
  body.insert(body.end(), data.begin(), data.end());
  out.insert(out.end(), body.begin(), body.end());
  put32(out, crc32(body));
}

std::vector<std::uint8_t> stored_zlib(const std::vector<std::uint8_t>& raw) {
  std::vector<std::uint8_t> out{0x78, 0x01};
  for (std::size_t at = 0; at < raw.size(); at += 65535) {
    const std::size_t length = std::min<std::size_t>(65535, raw.size() - at);
    out.push_back(at + length == raw.size() ? 1 : 0);
    for (const std::size_t word : {length, 65535 - length}) {
      out.push_back(static_cast<std::uint8_t>(word & 255U));
      out.push_back(static_cast<std::uint8_t>(word >> 8));
    }
    out.insert(out.end(), raw.begin() + static_cast<std::ptrdiff_t>(at),
               raw.begin() + static_cast<std::ptrdiff_t>(at + length));
  }
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const std::uint8_t byte : raw) {
    a = (a + byte) % 65521U;
    b = (b + a) % 65521U;
  }
  put32(out, (b << 16) | a);
  return out;
}

constexpr std::int64_t rows = 57;
constexpr std::int64_t cols = 80;

bool in_basin(std::int64_t row, std::int64_t col) {
  const double x = (static_cast<double>(col) - 39.5) / 38.0;
  const double y = (static_cast<double>(row) - 28.0) / 27.0;
  return x * x + y * y + 0.25 * std::sin(6.0 * std::atan2(y, x)) < 0.9;
}

template <class Function>
std::vector<float> field(Function value) {
  std::vector<float> values;
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t col = 0; col < cols; ++col) {
      const double x = static_cast<double>(col) / cols;
      const double y = static_cast<double>(row) / rows;
      values.push_back(static_cast<float>(in_basin(row, col) ? value(x, y) : nan));
    }
  }
  return values;
}

double wave(double x, double y) {
  return std::sin(7.0 * x + 2.0 * y) * std::cos(5.0 * y - 2.0 * x);
}

void add_products(ReportData& data) {
  ReportProduct moisture{
      "root_zone_soil_moisture", "Root-zone soil moisture", "m3 m-3", "First, middle and last day.", {}, {}};
  for (const auto& [label, shift] :
       {std::pair{"2016-01-01", 0.05}, {"2016-04-01", 0.0}, {"2016-07-01", -0.1}}) {
    const double offset = shift;
    moisture.maps.push_back(
        {label, field([&](double x, double y) { return 0.27 + offset + 0.12 * wave(x, y); })});
  }
  data.products.push_back(moisture);
  ReportProduct capacity{"root_zone_storage_capacity", "Root-zone storage capacity", "mm", "", {}, {}};
  for (const int years : {2, 20, 80}) {
    capacity.maps.push_back({std::to_string(years) + " years", field([&](double x, double y) {
                               return 90.0 + 45.0 * std::log(years) + 60.0 * wave(y, x);
                             })});
  }
  data.products.push_back(capacity);
  data.products.push_back(
      {"root_zone_soil_moisture_standard_deviation",
       "Spread of root-zone soil moisture",
       "m3 m-3",
       "",
       {{"mean of the period", field([](double x, double y) { return 0.05 + 0.03 * wave(y, 2.0 * x); })}},
       {}});
  data.products.push_back(
      {"saturated_hydraulic_conductivity",
       "Saturated hydraulic conductivity",
       "cm d-1",
       "",
       {{"static", field([](double x, double y) { return std::pow(10.0, 1.0 + 1.8 * wave(x, y)); })}},
       {}});
  data.products.push_back(
      {"valid_years",
       "Valid years",
       "1",
       "A quantity without a range of its own.",
       {{"record", field([](double x, double y) { return std::round(25.0 + 9.0 * wave(x, y)); })}},
       {}});
}

std::vector<double> days_of_2016(std::int64_t count) {
  std::vector<double> days;
  const auto first = core::day_number({2016, 1, 1}, core::Calendar::standard);
  for (std::int64_t i = 0; i < count; ++i) days.push_back(static_cast<double>(first + i));
  return days;
}

// Pulses that decay: something like rain and drying. A fixed recipe, no random numbers.
std::vector<double> wetting_and_drying(std::size_t days, double phase) {
  std::vector<double> values;
  double level = 0.3;
  for (std::size_t i = 0; i < days; ++i) {
    const double t = static_cast<double>(i) + phase;
    level += std::sin(t * 1.7) * std::sin(t * 0.23) > 0.6 ? 0.05 : 0.0;
    level = 0.12 + (level - 0.12) * 0.965;
    values.push_back(level);
  }
  return values;
}

void add_series(ReportData& data) {
  const auto days = days_of_2016(182);
  BasinSeries basin{"Root-zone soil moisture", "m3 m-3", days, wetting_and_drying(182, 0.0), {}, {},
                    "10–90 % of the cells"};
  for (std::size_t i = 70; i < 78; ++i) basin.mean[i] = nan;
  for (const double value : basin.mean) {
    basin.low.push_back(value - 0.05);
    basin.high.push_back(value + 0.07);
  }
  data.basin_series.push_back(basin);
  for (int k = 0; k < 6; ++k) {
    StationSeries series;
    series.station = k == 5 ? "<b>&\"Po's\" bridge" : "Station " + std::to_string(k + 1);
    series.units = "m3 m-3";
    series.days = days;
    series.observed = wetting_and_drying(182, 3.0 * k);
    auto smar = series.observed;
    auto filter = series.observed;
    for (std::size_t i = 0; i < smar.size(); ++i) {
      const double t = static_cast<double>(i);
      smar[i] += 0.012 * std::sin(0.31 * t + k) + 0.006 * std::sin(2.7 * t);
      filter[i] += 0.022 * std::sin(0.21 * t + 2.0 * k) + 0.01;
      if (i % 17 == 3 || (k == 2 && i > 90 && i < 120)) series.observed[i] = nan;
    }
    series.products = {
        {"smar", smar}, {"exponential_filter", filter}, {"constant_mean", std::vector<double>(182, 0.21)}};
    series.validation_starts = days[121];
    data.station_series.push_back(series);
  }
}

void add_metrics(ReportData& data) {
  for (const StationSeries& series : data.station_series) {
    for (const std::string period : {"calibration", "validation"}) {
      double rmse = 0.018 + 0.001 * static_cast<double>(series.station.size() % 5) +
                    (period == "validation" ? 0.006 : 0.0);
      for (const std::string product : {"smar", "exponential_filter", "constant_mean", "station_mean"}) {
        MetricRow row;
        row.station = series.station;
        row.product = product;
        row.period = period;
        row.n = series.station == "Station 3" && period == "validation" ? 12 : 118;
        if (row.n > 30) {
          row.rmse = {rmse, rmse * 0.8, rmse * 1.3};
          row.bias = {0.004, -0.003, 0.011};
          row.ubrmse = {rmse * 0.95, rmse * 0.75, rmse * 1.2};
          row.nse = {1.0 - 900.0 * rmse * rmse, 0.1, 0.9};
          row.kge = {0.71, 0.5, 0.85};
          row.slope = {0.93, 0.8, 1.06};
          row.intercept = {0.01, -0.02, 0.04};
          if (product == "smar" || product == "exponential_filter") {
            row.pearson_r = {0.93, 0.81, 0.97};
            row.spearman_rho = {0.9, 0.77, 0.95};
            row.r2 = {0.865, 0.66, 0.94};
            row.r2_adjusted = {0.864, 0.66, 0.94};
          }
        }
        data.metrics.push_back(row);
        rmse *= product == "exponential_filter" ? 1.9 : 1.15;
      }
    }
  }
}

void add_books(ReportData& data) {
  engine::FlagCounts counts{
      182 * 3000, 4321, {{"input_missing", 4321}, {"spinning_up", 60000}, {"capped", 17}}};
  data.flags["root_zone_soil_moisture"] = counts;
  data.flags["root_zone_storage_capacity"] = {
      3000, 12, {{"too_few_years", 12}, {"maximum_in_last_year", 301}}};
  data.balances.push_back({"mass_curve", 10234.5, 6011.2, 4290.1, 66.8, 3000, 36});
  ReportInput surface;
  surface.report.name = "surface_soil_moisture";
  surface.report.files = {"ssm_20160101.tif", "ssm_20160102.tif", "ssm_20160701.tif"};
  surface.report.native_grid = "80 × 57 cells of 5000 × 5000";
  surface.report.crs = "EPSG:3035";
  surface.report.units = "m3 m-3";
  surface.report.resampling = "none (aligned)";
  surface.report.first_date = "2016-01-01";
  surface.report.last_date = "2016-06-30";
  surface.report.missing_days = 8;
  surface.report.warnings = {"8 days without a record, from 2016-03-11 to 2016-03-18"};
  surface.statistics = io::InputStatistics{4.4, 0.03, 0.26, 0.55};
  ReportInput clay;
  clay.report.name = "clay_0_10";
  clay.report.files = {"clay.tif"};
  clay.report.native_grid = "1200 × 900 cells of 0.008333 × 0.008333";
  clay.report.crs = "WGS 84 (assumed)";
  clay.report.units = "percent";
  clay.report.resampling = "average";
  clay.report.warnings = {"no coordinate system in the file <clay>: WGS 84 assumed"};
  data.inputs = {surface, clay};
}

}  // namespace

std::vector<std::byte> stored_png(std::span<const std::uint8_t> indices, std::int64_t image_rows,
                                  std::int64_t image_cols, std::span<const std::uint8_t> palette) {
  std::vector<std::uint8_t> png{0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A};
  std::vector<std::uint8_t> header;
  put32(header, static_cast<std::uint32_t>(image_cols));
  put32(header, static_cast<std::uint32_t>(image_rows));
  header.insert(header.end(), {8, 3, 0, 0, 0});
  put_chunk(png, "IHDR", header);
  std::vector<std::uint8_t> colours;
  std::vector<std::uint8_t> opacity;
  for (std::size_t i = 0; i + 3 < palette.size(); i += 4) {
    colours.insert(colours.end(), {palette[i], palette[i + 1], palette[i + 2]});
    opacity.push_back(palette[i + 3]);
  }
  put_chunk(png, "PLTE", colours);
  put_chunk(png, "tRNS", opacity);
  std::vector<std::uint8_t> raw;
  for (std::int64_t row = 0; row < image_rows; ++row) {
    raw.push_back(0);
    const auto line =
        indices.subspan(static_cast<std::size_t>(row * image_cols), static_cast<std::size_t>(image_cols));
    raw.insert(raw.end(), line.begin(), line.end());
  }
  put_chunk(png, "IDAT", stored_zlib(raw));
  put_chunk(png, "IEND", {});
  std::vector<std::byte> bytes;
  for (const std::uint8_t byte : png) bytes.push_back(static_cast<std::byte>(byte));
  return bytes;
}

ReportData sample_report() {
  ReportData data;
  data.title = "Root-zone soil moisture of the Po basin";
  data.pipeline_name = "po";
  data.program_version = "0.1.0";
  data.first_date = "2016-01-01";
  data.last_date = "2016-06-30";
  data.grid =
      core::Grid("PROJCRS[\"ETRS89-extended / LAEA Europe\"]", {4.05e6, 2.33e6, 4.45e6, 2.615e6}, rows, cols);
  data.crs_name = "EPSG:3035";
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t col = 0; col < cols; ++col) data.domain.push_back(in_basin(row, col) ? 1 : 0);
  }
  data.steps = {"smar: parameters shipped:liu2023-shandian-p1, scheme paper",
                "mass_curve: Gumbel by L-moments"};
  data.warnings = {"3 % of the cells had a parameter clipped to its bound"};
  std::vector<std::array<double, 2>> ring;
  for (int k = 0; k <= 120; ++k) {
    const double angle = k * 3.14159265358979 / 60.0;
    const double radius = std::sqrt(std::max(0.0, 0.9 - 0.25 * std::sin(6.0 * angle)));
    ring.push_back({4.05e6 + 5000.0 * (40.0 + 38.0 * radius * std::cos(angle)),
                    2.615e6 - 5000.0 * (28.5 + 27.0 * radius * std::sin(angle))});
  }
  data.overlay.outlines.push_back(ring);
  data.overlay.stations = {{"Station 1", 4.2e6, 2.45e6}, {"Station 2", 4.3e6, 2.5e6}, {"far away", 0.0, 0.0}};
  add_products(data);
  add_series(data);
  add_metrics(data);
  add_books(data);
  data.provenance = {{"Command", "rootzone run po.toml --set \"grid.crs=<EPSG:3035>\" --jobs 2"},
                     {"Revision", "6f2abb2"},
                     {"Parameter hash", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}};
  return data;
}

}  // namespace rootzone::pipeline
