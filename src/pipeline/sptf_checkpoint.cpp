#include "sptf_checkpoint.hpp"

#include <bit>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>

#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/io/sha256.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;
using nlohmann::ordered_json;
using study::SptfLossPoint;
using study::SptfTrainingState;

constexpr int format_version = 1;
constexpr std::size_t digest_size = 64;
static_assert(std::endian::native == std::endian::little, "checkpoints are little-endian");

template <class Number>
void append(std::string& bytes, const std::vector<Number>& values) {
  const std::size_t at = bytes.size();
  bytes.resize(at + values.size() * sizeof(Number));
  std::memcpy(bytes.data() + at, values.data(), values.size() * sizeof(Number));
}

/// Takes arrays off the front of the bytes.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : m_bytes(bytes) {}
  template <class Number>
  bool take(std::vector<Number>& values, std::size_t count) {
    if (m_bytes.size() / sizeof(Number) < count) return false;
    values.resize(count);
    std::memcpy(values.data(), m_bytes.data(), count * sizeof(Number));
    m_bytes.remove_prefix(count * sizeof(Number));
    return true;
  }
  bool empty() const { return m_bytes.empty(); }

 private:
  std::string_view m_bytes;
};

std::vector<double> history_numbers(const std::vector<SptfLossPoint>& history) {
  std::vector<double> numbers;
  for (const SptfLossPoint& point : history) {
    numbers.push_back(point.training);
    numbers.push_back(point.validation);
  }
  return numbers;
}

ordered_json header(const SptfTrainingState& state, const ordered_json& belongs_to) {
  const sptf::LstmShape& shape = state.weights.shape;
  const bool has_best = state.best_iteration >= 0;
  return {{"product", "rootzone sptf checkpoint"},
          {"format_version", format_version},
          {"belongs_to", belongs_to},
          {"iteration", state.iteration},
          {"best_iteration", state.best_iteration},
          {"best_validation", has_best ? ordered_json(state.best_validation) : ordered_json(nullptr)},
          {"adam_steps", state.adam.steps},
          {"learning_rate", state.adam.settings.learning_rate},
          {"daily_inputs", shape.daily_inputs},
          {"constant_inputs", shape.constant_inputs},
          {"hidden", shape.hidden},
          {"outputs", shape.outputs},
          {"history", state.history.size()}};
}

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& why) {
  throw Error(ErrorKind::state,
              path.string() + ": " + why + "; start again with --restart, or give another folder with --out");
}

std::string differences(const ordered_json& found, const ordered_json& expected) {
  std::string text;
  for (const auto& [key, value] : expected.items()) {
    const ordered_json other = found.contains(key) ? found[key] : ordered_json(nullptr);
    if (other != value)
      text += (text.empty() ? "" : ", ") + key + " " + other.dump() + " instead of " + value.dump();
  }
  return text;
}

std::string file_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

bool take_arrays(std::string_view body, const ordered_json& head, SptfTrainingState& state) {
  sptf::LstmShape shape;
  shape.daily_inputs = head.at("daily_inputs");
  shape.constant_inputs = head.at("constant_inputs");
  shape.hidden = head.at("hidden");
  shape.outputs = head.at("outputs");
  shape.validate();
  state.weights.shape = shape;
  state.best_weights.shape = shape;
  Reader reader(body);
  std::vector<double> history;
  const std::size_t points = head.at("history");
  if (!reader.take(state.weights.values, shape.size()) ||
      !reader.take(state.best_weights.values, shape.size()) ||
      !reader.take(state.adam.first_moment, shape.size()) ||
      !reader.take(state.adam.second_moment, shape.size()) || !reader.take(history, 2 * points) ||
      !reader.empty())
    return false;
  for (std::size_t i = 0; i < points; ++i)
    state.history.push_back({static_cast<std::int64_t>(i) + 1, history[2 * i], history[2 * i + 1]});
  return true;
}

}  // namespace

void write_checkpoint(const std::filesystem::path& path, const SptfTrainingState& state,
                      const ordered_json& belongs_to) {
  std::string bytes = header(state, belongs_to).dump() + "\n";
  append(bytes, state.weights.values);
  append(bytes, state.best_weights.values);
  append(bytes, state.adam.first_moment);
  append(bytes, state.adam.second_moment);
  append(bytes, history_numbers(state.history));
  bytes += io::sha256_of_text(bytes);
  io::write_file_atomically(path, bytes);
}

std::optional<SptfTrainingState> read_checkpoint(const std::filesystem::path& path,
                                                 const ordered_json& belongs_to) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  const std::string bytes = file_bytes(path);
  if (bytes.size() < digest_size) refuse(path, "the checkpoint is cut off");
  const std::string_view content = std::string_view(bytes).substr(0, bytes.size() - digest_size);
  if (io::sha256_of_text(content) != std::string_view(bytes).substr(content.size()))
    refuse(path, "the checkpoint is damaged (its checksum does not fit)");
  const std::size_t line = content.find('\n');
  const ordered_json head = ordered_json::parse(content.substr(0, line), nullptr, false);
  if (!head.is_object() || head.value("product", "") != "rootzone sptf checkpoint" ||
      head.value("format_version", 0) != format_version)
    refuse(path, "this is no checkpoint of this version");
  const std::string other = differences(head.at("belongs_to"), belongs_to);
  if (!other.empty()) refuse(path, "the checkpoint belongs to another training: " + other);
  SptfTrainingState state;
  if (!take_arrays(content.substr(line + 1), head, state)) refuse(path, "the checkpoint's arrays do not fit");
  state.iteration = head.at("iteration");
  state.best_iteration = head.at("best_iteration");
  state.best_validation = state.best_iteration >= 0 ? head.at("best_validation").get<double>()
                                                    : std::numeric_limits<double>::infinity();
  state.adam.steps = head.at("adam_steps");
  state.adam.settings.learning_rate = head.at("learning_rate");
  return state;
}

}  // namespace rootzone::pipeline
