// The pages of docs/ and the READMEs against the program: what they show must resolve, what they link to must
// be there, and a method's page names every setting of its stage.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "rootzone/core/error.hpp"
#include "rootzone/pipeline/configuration.hpp"
#include "rootzone/pipeline/resolve.hpp"
#include "rootzone/pipeline/schema.hpp"

namespace rootzone::pipeline {
namespace {

namespace fs = std::filesystem;

const fs::path source = ROOTZONE_SOURCE_DIR;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Every page, without what builds and runs leave behind.
std::vector<fs::path> pages() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(source))
    if (entry.path().extension() == ".md") found.push_back(entry.path());
  for (const char* folder : {"docs", "src", "tests", "pipelines", "data", "bench"})
    for (const auto& entry : fs::recursive_directory_iterator(source / folder))
      if (entry.path().extension() == ".md") found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> toml_blocks(const std::string& page) {
  std::vector<std::string> blocks;
  for (std::size_t at = page.find("```toml\n"); at != std::string::npos; at = page.find("```toml\n", at)) {
    at += 8;
    const std::size_t end = page.find("```", at);
    blocks.push_back(page.substr(at, end - at));
  }
  return blocks;
}

/// A block shows a part of a pipeline: what is needed around it, so that it resolves.
std::string completed(const std::string& block) {
  const auto has = [&](const std::string& table) { return block.find(table) != std::string::npos; };
  std::string around;
  if (!has("[pipeline]")) around += "[pipeline]\nname = \"example\"\n";
  if (!has("[grid]")) around += "[grid]\nlike = \"land_cover.tif\"\n";
  if (!has("[time]")) around += "[time]\nstart = 2020-01-01\nend = 2020-12-31\n";
  if (!has("[inputs.")) around += "[inputs.surface_soil_moisture]\npath = \"ssm_{date}.tif\"\n";
  return around + block;
}

TEST(Docs, TomlExamplesResolve) {
  int blocks = 0;
  for (const fs::path& page : pages())
    for (const std::string& block : toml_blocks(text_of(page))) {
      ++blocks;
      try {
        read_configuration(
            resolve_pipeline_text(completed(block), source / "demo", page.filename().string(), {}));
      } catch (const core::Error& error) {
        ADD_FAILURE() << page << ": " << error.what() << "\n" << block;
      }
    }
  EXPECT_GE(blocks, 12);
}

TEST(Docs, LinksLeadSomewhere) {
  static const std::regex link(R"(\]\(([^)#\s]+)(#[^)]*)?\))");
  int links = 0;
  for (const fs::path& page : pages()) {
    const std::string text = text_of(page);
    for (std::sregex_iterator one(text.begin(), text.end(), link), end; one != end; ++one) {
      const std::string target = (*one)[1];
      if (target.find("://") != std::string::npos || target.starts_with("docs/images/")) continue;
      EXPECT_TRUE(fs::exists(page.parent_path() / target)) << page << " links to " << target;
      ++links;
    }
  }
  EXPECT_GE(links, 20);
}

TEST(Docs, MethodPagesNameEverySettingOfTheirStage) {
  const std::vector<std::pair<std::string, std::string>> page_of{
      {"smar", "smar.md"},
      {"exponential_filter", "exponential-filter.md"},
      {"mass_curve", "mass-curve.md"},
      {"statistics", "statistics.md"},
      {"pedotransfer", "pedotransfer.md"},
      {"sptf", "sptf-stage.md"}};
  ASSERT_EQ(page_of.size(), stage_kinds().size());
  for (const auto& [kind, page] : page_of) {
    const std::string text = text_of(source / "docs" / page);
    for (const KeySpec& key : stage_schema(kind)->keys) {
      const bool named = text.find("`" + key.name + "`") != std::string::npos ||
                         text.find("`" + key.name + " = ") != std::string::npos;
      EXPECT_TRUE(named) << "docs/" << page << " does not name " << key.name;
    }
  }
}

TEST(Docs, EveryPageOfTheFolderIsInItsIndex) {
  const std::string index = text_of(source / "docs" / "README.md");
  for (const auto& entry : fs::directory_iterator(source / "docs")) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() == ".md" && name != "README.md") {
      EXPECT_NE(index.find(name), std::string::npos) << name;
    }
  }
}

}  // namespace
}  // namespace rootzone::pipeline
