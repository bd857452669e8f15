#include "demo_pipeline.hpp"

#include "rootzone/core/calendar.hpp"
#include "rootzone/core/error.hpp"
#include "shipped.hpp"
#include "toml_reader.hpp"

namespace rootzone::pipeline {
namespace {

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  std::size_t at = text.find(from);
  if (at == std::string::npos)
    throw core::Error(core::ErrorKind::internal, "the shipped pipelines/demo.toml has no '" + from + "'");
  for (; at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
}

void set_date(std::string& text, const std::string& key, const core::Date& shipped, const core::Date& own) {
  replace_all(text, "\n" + key + " = " + core::iso_date(shipped) + "\n",
              "\n" + key + " = " + core::iso_date(own) + "\n");
}

}  // namespace

std::string demo_pipeline(const DemoContext& context) {
  std::string text = read_text_file(shipped_file("shipped:demo", "pipelines", ".toml").string());
  replace_all(text, "\"../demo/", "\"");
  set_date(text, "start", {2018, 1, 1}, context.moisture_axis.first());
  set_date(text, "end", {2020, 12, 31}, context.moisture_axis.last());
  set_date(text, "record_start", {2001, 1, 1}, context.storage_axis.first());
  set_date(text, "record_end", {2020, 12, 31}, context.storage_axis.last());
  return text;
}

}  // namespace rootzone::pipeline
