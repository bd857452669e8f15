#include "update_ledger.hpp"

#include <fstream>

#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"

namespace rootzone::pipeline {
namespace {

using nlohmann::json;

json read_manifest(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) return nullptr;
  json manifest = json::parse(file, nullptr, false);
  if (manifest.is_discarded() || !manifest.is_object())
    throw core::Error(core::ErrorKind::state,
                      path.string() +
                          " is damaged; restore it from a backup, or begin anew by removing it and the "
                          "folder state/ beside it");
  return manifest;
}

std::optional<core::Date> date_in(const json& table, const char* key) {
  const auto found = table.find(key);
  if (found == table.end() || !found->is_string()) return {};
  return core::parse_iso_date(found->get<std::string>());
}

json date_or_null(const std::optional<core::Date>& date) {
  return date ? json(core::iso_date(*date)) : json();
}

}  // namespace

nlohmann::json UpdateLedger::to_json() const {
  json table{{"through", date_or_null(through)}, {"state", date_or_null(state)}};
  if (pending) table["pending"] = core::iso_date(*pending);
  return table;
}

std::optional<UpdateLedger> read_update_ledger(const std::filesystem::path& out) {
  const json manifest = read_manifest(out / "manifest.json");
  if (!manifest.is_object() || !manifest.contains("update")) return {};
  const json& table = manifest.at("update");
  UpdateLedger ledger;
  ledger.through = date_in(table, "through");
  ledger.state = date_in(table, "state");
  ledger.pending = date_in(table, "pending");
  for (const json& product : manifest.value("products", json::array()))
    if (product.is_object() && product.contains("path") && product.at("path").is_string())
      ledger.products.push_back(product);
  return ledger;
}

void write_update_ledger(const std::filesystem::path& out, const UpdateLedger& ledger) {
  json manifest = read_manifest(out / "manifest.json");
  if (!manifest.is_object()) manifest = {{"products", json::array()}};
  manifest["update"] = ledger.to_json();
  io::write_file_atomically(out / "manifest.json",
                            manifest.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

}  // namespace rootzone::pipeline
