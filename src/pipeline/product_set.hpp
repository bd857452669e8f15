#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "preparation.hpp"
#include "rootzone/io/product.hpp"

namespace rootzone::pipeline {

/// One product of the run: what it is, what was asked, where its NetCDF lies.
struct Product {
  io::ProductSpec spec;
  VariableInfo info;
  OutputRequest request;
  Segment* segment = nullptr;  ///< whose chain writes it
  std::filesystem::path
      folder;        ///< of the NetCDF: the output folder, or scratch where only maps or scores were asked
  bool kept = true;  ///< the NetCDF is a product itself
};

/// Specifications of all products, and of variables that only the station scores need.
std::vector<Product> plan_products(const Preparation& job, const std::filesystem::path& out,
                                   const std::filesystem::path& scratch);

/// Fixed words every product carries: title, pipeline, version, hash of the parameters. No wall clock.
std::map<std::string, std::string> product_attributes(const Configuration& configuration);

/// The settings that shape the numbers: grid, time but for its end, inputs, stages, area, file names without
/// their folders; and the SHA-256 of the files they name beside the inputs (a regression, a gauge, a table,
/// outlines).
nlohmann::json shaping_settings(const Configuration& configuration);

/// SHA-256 over them.
std::string parameters_hash(const Configuration& configuration);

/// COGs with their styles, for the steps asked for, under their waiting names. go_on is called before each
/// and throws where the run is to stop. Returns the files made.
std::vector<std::filesystem::path> write_maps(const Product& product, const std::filesystem::path& out,
                                              int threads, const std::function<void()>& go_on);

}  // namespace rootzone::pipeline
