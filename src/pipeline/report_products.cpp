#include "report_products.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "report_words.hpp"
#include "rootzone/pipeline/numbers.hpp"

namespace rootzone::pipeline {
namespace {

/// A step worth a map, and why.
struct Choice {
  std::int64_t step = 0;
  std::string why;
};

// Stacks up to this are read whole, and shown whole if few of them hold values.
constexpr std::int64_t short_stack = 60;
constexpr std::size_t shown_stack = 12;
// A mean of less than this share of the cells that can have values says little about the basin.
constexpr double enough = 0.9;
// A daily product of so many values is read whole to find its telling days.
constexpr std::int64_t quickly_read = 20'000'000;
// So many days are looked at for one with values.
constexpr std::int64_t searched_days = 40;

double mean_of(const std::vector<float>& map, std::int64_t& valid) {
  double sum = 0.0;
  valid = 0;
  for (float value : map) {
    if (!std::isfinite(value)) continue;
    sum += value;
    ++valid;
  }
  return valid > 0 ? sum / static_cast<double>(valid) : std::numeric_limits<double>::quiet_NaN();
}

void add_choice(std::vector<Choice>& choices, std::int64_t step, const std::string& why) {
  const auto known =
      std::find_if(choices.begin(), choices.end(), [&](const Choice& one) { return one.step == step; });
  if (known == choices.end())
    choices.push_back({step, why});
  else if (!why.empty())
    known->why += (known->why.empty() ? "" : ", ") + why;
}

/// The lowest, the highest and the last of a series of means, in order of time.
std::vector<Choice> extremes(const std::vector<double>& mean, const std::vector<double>& share) {
  const double most = share.empty() ? 0.0 : *std::max_element(share.begin(), share.end());
  std::int64_t low = -1;
  std::int64_t high = -1;
  std::int64_t last = -1;
  for (std::size_t i = 0; i < mean.size(); ++i) {
    if (std::isnan(mean[i])) continue;
    last = static_cast<std::int64_t>(i);
    if (share[i] < enough * most) continue;
    if (low < 0 || mean[i] < mean[static_cast<std::size_t>(low)]) low = last;
    if (high < 0 || mean[i] > mean[static_cast<std::size_t>(high)]) high = last;
  }
  std::vector<Choice> choices;
  if (last < 0) return choices;
  add_choice(choices, low, "lowest mean");
  add_choice(choices, high, "highest mean");
  add_choice(choices, last, "last");
  std::sort(choices.begin(), choices.end(), [](const Choice& a, const Choice& b) { return a.step < b.step; });
  return choices;
}

void add_map(ReportProduct& maps, const Product& product, const Choice& choice, std::vector<float> values) {
  std::string label = step_label(product.spec.axis, choice.step, product.segment->chain.time);
  if (!choice.why.empty()) label += ", " + choice.why;
  maps.maps.push_back({std::move(label), std::move(values)});
}

// A stack of layers: those that hold values, or the telling ones of many.
void add_stack(ReportProduct& maps, const Product& product, io::ProductReader& reader) {
  const io::StepAxis& axis = product.spec.axis;
  std::vector<std::vector<float>> layers;
  std::vector<double> mean;
  std::vector<double> share;
  std::vector<Choice> choices;
  std::string empty;
  for (std::int64_t step = 0; step < axis.count(); ++step) {
    layers.push_back(reader.read_step(step));
    std::int64_t valid = 0;
    mean.push_back(mean_of(layers.back(), valid));
    share.push_back(static_cast<double>(valid));
    if (valid > 0)
      choices.push_back({step, ""});
    else
      empty += (empty.empty() ? "" : ", ") + step_label(axis, step, product.segment->chain.time);
  }
  const std::size_t with_values = choices.size();
  if (with_values > shown_stack) choices = extremes(mean, share);
  for (const Choice& choice : choices)
    add_map(maps, product, choice, std::move(layers[static_cast<std::size_t>(choice.step)]));
  if (choices.size() < with_values)
    maps.note = format_count(static_cast<std::int64_t>(with_values)) +
                " layers; shown are those of the lowest and the highest mean, and the last.";
  if (!empty.empty()) maps.note += (maps.note.empty() ? "" : " ") + ("Without any value: " + empty + ".");
}

// The first step from `step` on, in a direction, that holds a value; else `step` itself.
std::int64_t nearest_with_values(io::ProductReader& reader, std::int64_t step, std::int64_t by,
                                 std::int64_t count) {
  std::int64_t valid = 0;
  for (std::int64_t at = step, tried = 0; at >= 0 && at < count && tried < searched_days; at += by, ++tried) {
    mean_of(reader.read_step(at), valid);
    if (valid > 0) return at;
  }
  return step;
}

// The telling days of a product without a basin, where reading all of it is quick.
std::vector<Choice> extreme_days(const Product& product, io::ProductReader& reader) {
  const std::int64_t count = product.spec.axis.count();
  if (count * product.spec.grid.cells() > quickly_read) return {};
  std::vector<double> mean;
  std::vector<double> share;
  for (std::int64_t step = 0; step < count; ++step) {
    std::int64_t valid = 0;
    mean.push_back(mean_of(reader.read_step(step), valid));
    share.push_back(static_cast<double>(valid));
  }
  return extremes(mean, share);
}

void add_days(ReportProduct& maps, const Product& product, io::ProductReader& reader,
              const AreaSeries* basin) {
  const std::int64_t count = product.spec.axis.count();
  std::vector<Choice> choices =
      basin ? extremes(basin->mean, basin->valid_share) : extreme_days(product, reader);
  if (!choices.empty()) {
    maps.note = "Of " + format_count(count) +
                " days: those of the lowest and the highest mean, and the last with values.";
  } else {
    for (std::int64_t step : steps_to_show(count))
      add_choice(choices, nearest_with_values(reader, step, step == count - 1 ? -1 : 1, count), "");
    maps.note = "Of " + format_count(count) + " days: the first, the middle and the last with values.";
  }
  for (const Choice& choice : choices) add_map(maps, product, choice, reader.read_step(choice.step));
}

std::vector<std::int64_t> bits_outside(const std::vector<core::FlagBits>& flags,
                                       const std::vector<std::uint8_t>& domain) {
  std::vector<std::int64_t> counts(16, 0);
  for (std::size_t cell = 0; cell < flags.size(); ++cell)
    for (std::size_t bit = 0; domain[cell] == 0 && bit < counts.size(); ++bit)
      counts[bit] += (flags[cell] >> bit) & 1;
  return counts;
}

}  // namespace

ReportProduct report_product(const Product& product, const AreaSeries* basin) {
  ReportProduct maps;
  maps.variable = product.spec.variable;
  maps.long_name = sentence_case(product.spec.long_name);
  maps.units = product.spec.units;
  const auto reader = io::open_product(product.spec, product.folder);
  const bool days = product.spec.axis.kind == io::StepAxis::Kind::days;
  if (days || product.spec.axis.count() > short_stack)
    add_days(maps, product, *reader, basin);
  else
    add_stack(maps, product, *reader);
  return maps;
}

std::vector<std::uint8_t> cells_with_values(const std::vector<ReportProduct>& products, std::int64_t cells) {
  std::vector<std::uint8_t> domain(static_cast<std::size_t>(cells), 0);
  bool any = false;
  for (const ReportProduct& product : products)
    for (const ReportMap& map : product.maps)
      for (std::size_t cell = 0; cell < map.values.size(); ++cell)
        if (std::isfinite(map.values[cell])) {
          domain[cell] = 1;
          any = true;
        }
  if (!any || std::all_of(domain.begin(), domain.end(), [](std::uint8_t one) { return one != 0; })) return {};
  return domain;
}

engine::FlagCounts counts_inside(const Product& product, const engine::FlagCounts& counts,
                                 const std::vector<std::uint8_t>& domain) {
  engine::FlagCounts inside = counts;
  if (!product.spec.with_flags) inside.by_flag.clear();
  const auto outside = std::count(domain.begin(), domain.end(), std::uint8_t{0});
  if (outside == 0) return inside;
  const auto reader = io::open_product(product.spec, product.folder);
  const std::int64_t steps = product.spec.axis.count();
  const std::int64_t step = steps / 2;
  const std::vector<float> values = reader->read_step(step);
  std::int64_t missing = 0;
  for (std::size_t cell = 0; cell < values.size(); ++cell)
    missing += domain[cell] == 0 && std::isnan(values[cell]) ? 1 : 0;
  inside.values -= outside * steps;
  inside.missing = std::max<std::int64_t>(0, inside.missing - missing * steps);
  const auto bits = bits_outside(reader->read_flags(step), domain);
  for (const core::FlagMeaning& meaning : core::flag_meanings) {
    const auto found = inside.by_flag.find(std::string(meaning.name));
    if (found == inside.by_flag.end()) continue;
    std::size_t bit = 0;
    while ((core::bits(meaning.flag) >> bit) != 1) ++bit;
    found->second = std::max<std::int64_t>(0, found->second - bits[bit] * steps);
  }
  return inside;
}

}  // namespace rootzone::pipeline
