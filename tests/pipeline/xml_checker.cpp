#include "pipeline/xml_checker.hpp"

#include <algorithm>
#include <cctype>
#include <regex>
#include <set>
#include <vector>

namespace rootzone::pipeline {
namespace {

bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == ':' || c == '.';
}

std::string entity_problem(std::string_view text) {
  for (std::size_t at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
    const std::size_t end = text.find(';', at);
    if (end == std::string_view::npos) return "'&' without ';'";
    const std::string_view name = text.substr(at + 1, end - at - 1);
    static const std::set<std::string_view> known{"amp", "lt", "gt", "quot", "apos"};
    if (!known.contains(name) && !name.starts_with('#')) return "unknown entity &" + std::string(name) + ";";
  }
  return "";
}

// Reads attributes from `at` up to the end of the tag; leaves `at` on '>' or '/'.
std::string attributes_problem(std::string_view text, std::size_t& at, const std::string& tag) {
  std::set<std::string> seen;
  while (true) {
    while (at < text.size() && std::isspace(static_cast<unsigned char>(text[at])) != 0) ++at;
    if (at >= text.size()) return "tag " + tag + " does not end";
    if (text[at] == '>' || text[at] == '/') return "";
    const std::size_t start = at;
    while (at < text.size() && is_name(text[at])) ++at;
    const std::string name(text.substr(start, at - start));
    if (name.empty()) return "odd character in tag " + tag;
    if (!seen.insert(name).second) return "attribute " + name + " twice in " + tag;
    if (at + 1 >= text.size() || text[at] != '=' || text[at + 1] != '"')
      return "unquoted " + name + " in " + tag;
    const std::size_t end = text.find('"', at + 2);
    if (end == std::string_view::npos) return "attribute " + name + " does not end";
    const std::string_view value = text.substr(at + 2, end - at - 2);
    if (value.find('<') != std::string_view::npos) return "'<' in attribute " + name;
    if (const std::string problem = entity_problem(value); !problem.empty()) return problem;
    at = end + 1;
  }
}

}  // namespace

std::string xml_problem(std::string_view text) {
  std::vector<std::string> open;
  int roots = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t next = std::min(text.find('<', at), text.size());
    const std::string_view content = text.substr(at, next - at);
    if (const std::string problem = entity_problem(content); !problem.empty()) return problem;
    if (open.empty() && content.find_first_not_of(" \n\t") != std::string_view::npos)
      return "text outside the root";
    if (next == text.size()) break;
    at = next + 1;
    if (text.substr(at, 1) == "!" || text.substr(at, 1) == "?") {
      at = text.find('>', at) + 1;
      continue;
    }
    const bool closing = text.substr(at, 1) == "/";
    if (closing) ++at;
    const std::size_t start = at;
    while (at < text.size() && is_name(text[at])) ++at;
    const std::string tag(text.substr(start, at - start));
    if (tag.empty()) return "'<' without a tag near: " + std::string(text.substr(start, 40));
    if (closing) {
      if (open.empty() || open.back() != tag)
        return "</" + tag + "> closes " + (open.empty() ? "nothing" : open.back());
      open.pop_back();
      at = text.find('>', at) + 1;
      continue;
    }
    if (const std::string problem = attributes_problem(text, at, tag); !problem.empty()) return problem;
    if (open.empty() && ++roots > 1) return "two roots";
    if (text[at] == '/') {
      ++at;
    } else {
      open.push_back(tag);
    }
    ++at;
  }
  if (roots != 1) return "no root element";
  return open.empty() ? "" : "<" + open.back() + "> stays open";
}

std::string without_data_uris(std::string_view text) {
  std::string rest;
  while (true) {
    const std::size_t at = text.find(";base64,");
    rest += text.substr(0, at);
    if (at == std::string_view::npos) return rest;
    text.remove_prefix(std::min(text.find('"', at), text.size()));
  }
}

bool has_printed_nan(std::string_view text) {
  static const std::regex printed("(^|[^A-Za-z])[-+]?(nan|inf)([^A-Za-z]|$)", std::regex::icase);
  const std::string plain = without_data_uris(text);
  return std::regex_search(plain, printed);
}

bool has_external_reference(std::string_view text) {
  std::string plain = without_data_uris(text);
  for (const std::string_view name :
       {"xmlns=\"http://www.w3.org/2000/svg\"", "xmlns=\"http://www.w3.org/1999/xhtml\""}) {
    for (std::size_t at = plain.find(name); at != std::string::npos; at = plain.find(name))
      plain.erase(at, name.size());
  }
  return plain.find("://") != std::string::npos || plain.find("=\"//") != std::string::npos ||
         plain.find("@import") != std::string::npos;
}

}  // namespace rootzone::pipeline
