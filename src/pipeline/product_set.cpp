#include "product_set.hpp"

#include <algorithm>
#include <limits>

#include "publication.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/io/cog.hpp"
#include "rootzone/io/sha256.hpp"
#include "rootzone/pipeline/commands.hpp"
#include "rootzone/pipeline/qml_style.hpp"

namespace rootzone::pipeline {
namespace {

bool stage_has_flags(const Segment& segment, const std::string& variable) {
  for (const auto& stage : segment.chain.stages) {
    for (const auto& output : stage->outputs())
      if (output.variable == variable) return output.with_flags;
    for (const auto& layer : stage->layers())
      if (layer.variable == variable) return layer.with_flags;
  }
  return true;  // an input: its flag says where it was missing
}

io::ProductSpec spec_of(const Preparation& job, const Segment& segment, const VariableInfo& info,
                        const OutputRequest& request) {
  io::ProductSpec spec;
  spec.variable = info.variable;
  spec.long_name = info.long_name;
  spec.standard_name = info.standard_name;
  spec.units = info.units;
  spec.cell_methods = info.cell_methods;
  spec.grid = job.grid;
  if (info.axis) {
    spec.axis = *info.axis;
  } else {
    spec.axis.kind = io::StepAxis::Kind::days;
    spec.axis.time = segment.chain.time;
  }
  spec.with_flags = request.flags && stage_has_flags(segment, info.variable);
  spec.packing = request.packing.value_or(info.packing_scale ? io::Packing::int16 : io::Packing::float32);
  if (spec.packing == io::Packing::int16 && !info.packing_scale)
    throw core::Error(core::ErrorKind::usage, "[[output]] " + info.variable +
                                                  ": packing = \"int16\" would lose this quantity's "
                                                  "precision or range; leave it out or ask for float32");
  spec.scale = info.packing_scale.value_or(1.0);
  spec.offset = info.packing_offset;
  spec.split = request.split.value_or(job.options.default_split);
  spec.attributes = product_attributes(job.configuration);
  return spec;
}

struct ValueRange {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  void add(std::span<const float> values) {
    for (float value : values) {
      low = value < low ? value : low;  // false for NaN
      high = value > high ? value : high;
    }
  }
};

bool wanted(const Product& product, std::int64_t step) {
  if (product.spec.axis.kind != io::StepAxis::Kind::days || product.request.cog_dates == CogDates::all)
    return true;
  const bool end = step == 0 || step == product.spec.axis.count() - 1;
  return product.request.cog_dates == CogDates::first_last ? end
                                                           : product.spec.axis.time->date(step).day == 1;
}

std::filesystem::path write_map(const Product& product, const std::vector<float>& values, std::int64_t step,
                                const std::filesystem::path& folder, int threads) {
  io::CogMetadata metadata;
  metadata.description = product.spec.axis.description(step);
  metadata.units = product.spec.units;
  metadata.threads = threads;
  metadata.tags = {{"rootzone_variable", product.spec.variable},
                   {"rootzone_pipeline", product.spec.attributes.at("rootzone_pipeline")}};
  const std::filesystem::path path =
      folder / (product.spec.variable + "_" + product.spec.axis.file_label(step) + ".tif" + waiting_ending);
  io::write_cog(path, product.spec.grid, values, metadata);
  return path;
}

// QGIS' temporal controller knows the standard calendar only.
std::optional<DateRange> dates_of(const io::StepAxis& axis, std::int64_t step) {
  if (!axis.time || axis.time->calendar() != core::Calendar::standard) return std::nullopt;
  if (axis.kind == io::StepAxis::Kind::days) return DateRange{axis.time->date(step), axis.time->date(step)};
  if (axis.kind != io::StepAxis::Kind::periods) return std::nullopt;
  const core::Period& period = axis.periods[static_cast<std::size_t>(step)];
  return DateRange{axis.time->date(period.first_step), axis.time->date(period.first_step + period.steps - 1)};
}

}  // namespace

std::map<std::string, std::string> product_attributes(const Configuration& configuration) {
  std::map<std::string, std::string> attributes{
      {"title", configuration.title.empty() ? configuration.name : configuration.title},
      {"source", "rootzone " + program_version()},
      {"rootzone_pipeline", configuration.name},
      {"rootzone_parameters_sha256", parameters_hash(configuration)}};
  if (!configuration.institution.empty()) attributes["institution"] = configuration.institution;
  if (!configuration.license.empty()) attributes["license"] = configuration.license;
  if (!configuration.comment.empty()) attributes["comment"] = configuration.comment;
  return attributes;
}

std::string parameters_hash(const Configuration& configuration) {
  return io::sha256_of_text(
      shaping_settings(configuration).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

nlohmann::json shaping_settings(const Configuration& configuration) {
  nlohmann::json shaping = configuration.resolved;
  for (const char* key : {"pipeline", "output", "validation", "calibration", "update"}) shaping.erase(key);
  shaping["time"].erase("end");  // a day's value does not depend on the days after it
  // Where files lie does not shape the numbers; their names do.
  const auto shorten = [](nlohmann::json& value) {
    if (value.is_string()) value = std::filesystem::path(value.get<std::string>()).filename().string();
  };
  for (auto& [name, input] : shaping["inputs"].items()) {
    if (input.contains("path"))
      for (auto& path : input["path"]) shorten(path);
    if (input.contains("lookup")) shorten(input["lookup"]);
    for (auto& layer : input["layers"]) shorten(layer["path"]);
    for (auto& mask : input["mask"])
      if (mask.contains("path")) shorten(mask["path"]);
  }
  for (auto& stage : shaping["stage"]) {
    for (const char* key : {"parameters", "return_period_table", "weights"})
      if (stage.contains(key)) shorten(stage[key]);
    if (stage.contains("discharge")) shorten(stage["discharge"]["path"]);
  }
  if (shaping.contains("area"))
    for (const char* key : {"outline", "zones"})
      if (shaping["area"].contains(key)) shorten(shaping["area"][key]);
  if (shaping["grid"].contains("like")) shorten(shaping["grid"]["like"]);
  for (const SettingFile& file : configuration.setting_files)
    shaping["files"][file.role + " " + file.path.filename().string()] = file.sha256;
  return shaping;
}

std::vector<Product> plan_products(const Preparation& job, const std::filesystem::path& out,
                                   const std::filesystem::path& scratch) {
  std::vector<Product> products;
  for (const OutputRequest& request : job.configuration.outputs) {
    Segment& segment = *job.segment_of(request.variable);
    const auto info = std::find_if(segment.variables.begin(), segment.variables.end(),
                                   [&](const VariableInfo& one) { return one.variable == request.variable; });
    products.push_back({spec_of(job, segment, *info, request), *info, request, &segment,
                        request.netcdf ? out : scratch, request.netcdf});
  }
  if (!job.stations) return products;
  for (const auto& segment : job.segments)
    for (const VariableInfo& info : segment->variables) {
      const bool asked = std::any_of(products.begin(), products.end(),
                                     [&](const Product& p) { return p.spec.variable == info.variable; });
      if (asked || info.validates_as.empty()) continue;
      OutputRequest request;
      request.variable = info.variable;
      products.push_back(
          {spec_of(job, *segment, info, request), info, request, segment.get(), scratch, false});
    }
  return products;
}

std::vector<std::filesystem::path> write_maps(const Product& product, const std::filesystem::path& out,
                                              int threads, const std::function<void()>& go_on) {
  const std::filesystem::path folder = out / product.spec.variable;
  io::make_folder(folder);
  const auto reader = io::open_product(product.spec, product.folder);
  std::vector<std::filesystem::path> files;
  std::vector<std::int64_t> steps;
  // Maps of one NetCDF file share a range; those of other files may not change it.
  std::vector<ValueRange> ranges(static_cast<std::size_t>(product.spec.axis.count()));
  const std::vector<std::int64_t> file_of_step = io::netcdf_file_of_step(product.spec);
  for (std::int64_t step = 0; step < product.spec.axis.count(); ++step) {
    if (!wanted(product, step)) continue;
    go_on();
    const std::vector<float> values = reader->read_step(step);
    ranges[static_cast<std::size_t>(file_of_step[static_cast<std::size_t>(step)])].add(values);
    files.push_back(write_map(product, values, step, folder, threads));
    steps.push_back(step);
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {  // after the range of all is known
    std::filesystem::path style = files[i];
    style.replace_extension().replace_extension(".qml");
    const ValueRange& range =
        ranges[static_cast<std::size_t>(file_of_step[static_cast<std::size_t>(steps[i])])];
    io::write_file_atomically(style, qml_for_product(product.spec.variable, product.spec.units, range.low,
                                                     range.high, dates_of(product.spec.axis, steps[i])));
    files.push_back(style);
  }
  return files;
}

}  // namespace rootzone::pipeline
