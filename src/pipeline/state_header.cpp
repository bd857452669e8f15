#include "state_header.hpp"

#include <optional>

#include "product_set.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/sha256.hpp"

namespace rootzone::pipeline {
namespace {

using nlohmann::json;

constexpr const char* what_to_do =
    "; put that back, give another folder with --out, or begin anew: `rootzone rewind FILE --before` the day "
    "of [time] start, then the same update (all products are made again)";

json describe_grid(const core::Grid& grid) {
  const core::Extent& extent = grid.extent();
  return {{"rows", grid.rows()},
          {"cols", grid.cols()},
          {"extent", {extent.xmin, extent.ymin, extent.xmax, extent.ymax}},
          {"crs_sha256", io::sha256_of_text(grid.crs_wkt())}};
}

json describe_fields(const std::vector<engine::StateField>& fields) {
  json list = json::array();
  for (const engine::StateField& field : fields)
    list.push_back({{"name", field.name}, {"values", field.values_per_pixel}});
  return list;
}

/// Static layers as they are on the model grid: names say nothing of what is in them.
json describe_contents(const Preparation& job) {
  json contents = json::object();
  for (const auto& segment : job.segments)
    for (const auto& [name, sum] : segment->layer_checksums) contents["layer " + name] = sum;
  return contents;
}

/// The first place where two documents differ: its path, what was there and what is.
std::optional<std::string> first_difference(const json& was, const json& is, const std::string& at) {
  if (was == is) return {};
  if (was.is_object() && is.is_object()) {
    for (const auto& [key, value] : was.items()) {
      const std::string below = at.empty() ? key : at + "." + key;
      if (!is.contains(key)) return below + " (was " + value.dump() + ", now absent)";
      if (auto found = first_difference(value, is.at(key), below)) return found;
    }
    for (const auto& [key, value] : is.items())
      if (!was.contains(key))
        return (at.empty() ? key : at + "." + key) + " (was absent, now " + value.dump() + ")";
  }
  if (was.is_array() && is.is_array() && was.size() == is.size())
    for (std::size_t i = 0; i < was.size(); ++i)
      if (auto found = first_difference(was[i], is[i], at + "." + std::to_string(i))) return found;
  return at + " (was " + was.dump() + ", now " + is.dump() + ")";
}

}  // namespace

json job_identity(const Preparation& job) {
  return {{"grid", describe_grid(job.grid)},
          {"settings", shaping_settings(job.configuration)},
          {"output", job.configuration.resolved.at("output")},
          {"contents", describe_contents(job)},
          {"first_date", core::iso_date(job.configuration.time.first())},
          {"last_date", core::iso_date(job.configuration.time.last())}};
}

std::string identity_difference(const json& was, const json& is) {
  return first_difference(was, is, "").value_or("");
}

json state_header(const Preparation& job, const core::Date& last_date) {
  const Segment& segment = *job.segments.front();
  json stages = json::array();
  json surveys = json::array();
  for (std::size_t i = 0; i < segment.chain.stages.size(); ++i) {
    const engine::Stage& stage = *segment.chain.stages[i];
    stages.push_back({{"name", stage.name()}, {"fields", describe_fields(stage.state())}});
    if (!stage.survey_fields().empty())
      surveys.push_back({{"stage", i}, {"fields", describe_fields(stage.survey_fields())}});
  }
  json schemes = json::array();
  for (const json& stage : job.configuration.stages) schemes.push_back(stage.value("scheme", ""));
  json header = job_identity(job);
  header["format"] = 1;
  header["pipeline"] = job.configuration.name;
  header["grid_sha256"] = io::sha256_of_text(header.at("grid").dump());
  header["parameters_sha256"] = parameters_hash(job.configuration);
  header["scheme"] = std::move(schemes);
  header["last_date"] = core::iso_date(last_date);
  header["calendar"] = std::string(core::calendar_name(segment.record.calendar()));
  header["stages"] = std::move(stages);
  header["surveys"] = std::move(surveys);
  return header;
}

json read_state_header(const io::StateFile& file) {
  json header = json::parse(file.header(), nullptr, false);
  if (header.is_discarded() || !header.is_object() || !header.contains("last_date") ||
      !header.contains("format"))
    throw core::Error(core::ErrorKind::state,
                      "the state file " + file.path().string() + " has no readable header");
  return header;
}

core::Date last_date_of(const json& header, const io::StateFile& file) {
  const auto date = header.at("last_date").is_string()
                        ? core::parse_iso_date(header.at("last_date").get<std::string>())
                        : std::nullopt;
  if (!date)
    throw core::Error(core::ErrorKind::state, "the state file " + file.path().string() + " has no last date");
  return *date;
}

void refuse_foreign_state(const io::StateFile& file, const json& found, const json& expected) {
  const auto refuse = [&](const std::string& what) {
    throw core::Error(core::ErrorKind::state,
                      "the state file " + file.path().string() + " " + what + what_to_do);
  };
  const auto differs = [&](const char* part) {
    return first_difference(found.value(part, json()), expected.at(part), "");
  };
  if (const auto difference = differs("grid")) refuse("was left on another grid: " + *difference);
  if (const auto difference = differs("scheme")) refuse("was left by another scheme: stage " + *difference);
  if (const auto difference = differs("settings")) refuse("is older than a setting: " + *difference);
  if (const auto difference = differs("output"))
    refuse("is older than the list of products: output." + *difference);
  if (const auto difference = differs("contents"))
    refuse("is older than what it was computed with: " + *difference + " has other contents now");
  for (const char* part : {"format", "calendar", "first_date"})
    if (const auto difference = differs(part)) refuse(std::string("does not fit: ") + part + *difference);
  // The number of years grows; names and order of the fields do not change.
  const json& was = found.at("stages");
  const json& is = expected.at("stages");
  bool same = was.size() == is.size();
  for (std::size_t i = 0; same && i < is.size(); ++i) {
    const json& before = was[i].at("fields");
    const json& now = is[i].at("fields");
    same = was[i].at("name") == is[i].at("name") && before.size() == now.size();
    for (std::size_t k = 0; same && k < now.size(); ++k)
      same = before[k].at("name") == now[k].at("name") && before[k].at("values") <= now[k].at("values");
  }
  if (!same) refuse("was left by stages that carry other fields (another version of the program)");
}

}  // namespace rootzone::pipeline
