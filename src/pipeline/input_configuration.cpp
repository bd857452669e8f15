#include "input_configuration.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;
using nlohmann::json;

template <typename T>
std::optional<T> optional_of(const json& table, const char* key) {
  const auto found = table.find(key);
  return found == table.end() ? std::nullopt : std::optional<T>(found->get<T>());
}

io::MaskSpec read_mask(const json& table, const std::string& where) {
  io::MaskSpec mask;
  mask.path = table.value("path", "");
  mask.variable = table.at("variable").get<std::string>();
  mask.bits = optional_of<std::uint32_t>(table, "bits");
  mask.keep = table.at("keep").get<std::vector<double>>();
  if (table.contains("keep_range")) mask.keep_range = pair_of(table.at("keep_range"), where + " keep_range");
  if (mask.keep.empty() && !mask.keep_range)
    throw Error(ErrorKind::usage, where + ": expected keep = [values] or keep_range = [low, high]");
  if (mask.path.empty() && mask.variable.empty())
    throw Error(ErrorKind::usage, where + ": expected a variable of the input's own file, or a path");
  return mask;
}

io::DepthLayer read_layer(const json& table, const std::string& where) {
  io::DepthLayer layer;
  layer.path = table.at("path").get<std::string>();
  layer.variable = table.at("variable").get<std::string>();
  const bool horizon = table.contains("top") && table.contains("bottom");
  if (horizon == table.contains("depth"))
    throw Error(ErrorKind::usage,
                where + ": expected either top and bottom of a horizon, or depth of a point value");
  layer.top_cm = table.at(horizon ? "top" : "depth").get<double>();
  layer.bottom_cm = table.at(horizon ? "bottom" : "depth").get<double>();
  if (horizon && !(layer.bottom_cm > layer.top_cm))
    throw Error(ErrorKind::usage, where + ": bottom must lie below top (depths grow downwards)");
  return layer;
}

void read_files(const json& table, InputDefinition& input) {
  io::InputSpec& files = input.files;
  const std::string where = "[inputs." + input.name + "]";
  files.name = input.name;
  if (table.contains("path"))
    for (const json& path : table.at("path")) files.paths.emplace_back(path.get<std::string>());
  files.variable = table.at("variable").get<std::string>();
  files.band = table.at("band").get<int>();
  files.units = table.at("units").get<std::string>();
  files.scale = optional_of<double>(table, "scale");
  files.offset = optional_of<double>(table, "offset");
  files.nodata = optional_of<double>(table, "nodata");
  if (table.contains("valid_range"))
    files.valid_range = pair_of(table.at("valid_range"), where + " valid_range");
  files.crs = table.value("crs", "");
  files.use_latlon = optional_of<bool>(table, "use_latlon");
  files.calendar = table.at("calendar").get<std::string>();
  for (const json& mask : table.at("mask")) files.masks.push_back(read_mask(mask, where + " mask"));
  for (const json& layer : table.at("layers")) files.layers.push_back(read_layer(layer, where + " layers"));
  if (table.contains("depth")) files.depth_cm = pair_of(table.at("depth"), where + " depth");
  files.lookup_table = table.value("lookup", "");
  files.lookup_key = table.at("lookup_key").get<std::string>();
  files.lookup_value = table.at("lookup_value").get<std::string>();
  files.coverage = table.at("coverage").get<bool>();
  files.required = table.at("required").get<bool>();
}

void read_choices(const json& table, io::InputSpec& files) {
  using io::Cadence, io::CoordinateMeaning, io::PeriodValue, io::Resampling, io::TimeLabel;
  files.coordinates =
      one_of<CoordinateMeaning>(table.at("coordinates"), {{"automatic", CoordinateMeaning::automatic},
                                                          {"centre", CoordinateMeaning::centre},
                                                          {"corner", CoordinateMeaning::corner}});
  files.resampling = one_of<Resampling>(table.at("resampling"), {{"automatic", Resampling::automatic},
                                                                 {"nearest", Resampling::nearest},
                                                                 {"bilinear", Resampling::bilinear},
                                                                 {"average", Resampling::average},
                                                                 {"mode", Resampling::mode}});
  files.label = one_of<TimeLabel>(table.at("label"), {{"automatic", TimeLabel::automatic},
                                                      {"start", TimeLabel::start},
                                                      {"centre", TimeLabel::centre},
                                                      {"end", TimeLabel::end}});
  files.cadence = one_of<Cadence>(table.at("cadence"), {{"automatic", Cadence::automatic},
                                                        {"daily", Cadence::daily},
                                                        {"eight_day", Cadence::eight_day},
                                                        {"dekadal", Cadence::dekadal},
                                                        {"monthly", Cadence::monthly},
                                                        {"climatology_monthly", Cadence::climatology_monthly},
                                                        {"climatology_daily", Cadence::climatology_daily}});
  files.period_value = one_of<PeriodValue>(
      table.at("period_value"),
      {{"automatic", PeriodValue::automatic}, {"mean", PeriodValue::mean}, {"total", PeriodValue::total}});
  files.leap_day = one_of<io::LeapDay>(table.at("leap_day"),
                                       {{"repeat", io::LeapDay::repeat}, {"missing", io::LeapDay::missing}});
}

void read_station_keys(const json& table, InputDefinition& input) {
  if (table.contains("station_depth"))
    input.station_depth_cm = pair_of(table.at("station_depth"), "[inputs." + input.name + "] station_depth");
  if (table.contains("station_statistic"))
    input.station_statistic =
        one_of<StationStatistic>(table.at("station_statistic"), {{"minimum", StationStatistic::minimum},
                                                                 {"quantile", StationStatistic::quantile},
                                                                 {"maximum", StationStatistic::maximum}});
  input.station_quantile = table.at("station_quantile").get<double>();
  input.station_factor = table.at("station_factor").get<double>();
}

}  // namespace

InputDefinition read_input(const std::string& name, const json& table) {
  InputDefinition input;
  input.name = name;
  input.role = one_of<InputRole>(
      table.at("role"),
      {{"auto", InputRole::automatic}, {"static", InputRole::static_layer}, {"daily", InputRole::daily}});
  input.to_units = table.at("to_units").get<std::string>();
  read_files(table, input);
  read_choices(table, input.files);
  read_station_keys(table, input);
  if (table.contains("expression")) input.expressions.push_back(table.at("expression").get<std::string>());
  for (const json& fallback : table.at("fallback")) input.expressions.push_back(fallback.get<std::string>());
  input.method = table.value("method", "");
  input.temperature = table.at("temperature").get<std::string>();
  const int ways = static_cast<int>(!input.files.paths.empty()) +
                   static_cast<int>(!input.files.layers.empty()) +
                   static_cast<int>(table.contains("expression")) + static_cast<int>(!input.method.empty()) +
                   static_cast<int>(input.station_depth_cm.has_value());
  if (ways != 1)
    throw Error(ErrorKind::usage,
                "[inputs." + name +
                    "] expected exactly one of path, layers, expression, method or station_depth, found " +
                    std::to_string(ways));
  if (input.files.layers.empty() != !input.files.depth_cm.has_value())
    throw Error(ErrorKind::usage, "[inputs." + name + "] layers and depth = [top, bottom] go together");
  return input;
}

}  // namespace rootzone::pipeline
