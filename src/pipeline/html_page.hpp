#pragma once
#include <string>
#include <vector>

namespace rootzone::pipeline {

/// A section of a page; body is HTML.
struct PageSection {
  std::string title;
  std::string body;
};

/// A self-contained page in the look of the reports, for results that have no map.
std::string render_page(const std::string& title, const std::string& subtitle,
                        const std::vector<PageSection>& sections);

/// `<ul><li>…</li></ul>`, escaped; nothing for no items.
std::string bullet_list(const std::vector<std::string>& items, const std::string& css_class = "");

}  // namespace rootzone::pipeline
