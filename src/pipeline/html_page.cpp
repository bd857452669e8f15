#include "html_page.hpp"

#include "report_parts.hpp"
#include "rootzone/pipeline/markup.hpp"

namespace rootzone::pipeline {

std::string render_page(const std::string& title, const std::string& subtitle,
                        const std::vector<PageSection>& sections) {
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/><title>" +
      escape_markup(title) + "</title>\n<style>" + report_css() + "</style></head>\n<body><header><h1>" +
      escape_markup(title) + "</h1>" + paragraph(subtitle) + "</header>\n<main>";
  for (std::size_t i = 0; i < sections.size(); ++i)
    html += section("part-" + std::to_string(i + 1), sections[i].title, sections[i].body);
  return html + "</main></body></html>\n";
}

std::string bullet_list(const std::vector<std::string>& items, const std::string& css_class) {
  if (items.empty()) return "";
  std::string html = css_class.empty() ? "<ul>" : "<ul class=\"" + css_class + "\">";
  for (const std::string& item : items) html += "<li>" + escape_markup(item) + "</li>";
  return html + "</ul>\n";
}

}  // namespace rootzone::pipeline
