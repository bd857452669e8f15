#pragma once
#include <string>
#include <string_view>

namespace rootzone::pipeline {

/// Says what keeps a text from being well-formed XML (an HTML5 doctype passes too), or nothing: tags balance,
/// attributes are quoted and not repeated, entities are the five of XML or numeric, one root element.
/// Contents of <style> must hold no "<". Knows no DTD, CDATA or processing instructions beyond the <?xml …?>
/// line.
std::string xml_problem(std::string_view text);

/// The text without base64 data URIs, whose letters mean nothing.
std::string without_data_uris(std::string_view text);

/// Every text a reader would meet is free of what printing a NaN or an infinity gives. Words like
/// "inflow" pass.
bool has_printed_nan(std::string_view text);

/// Addresses a browser would fetch: anything like scheme:// but for xmlns declarations, and url( ).
bool has_external_reference(std::string_view text);

}  // namespace rootzone::pipeline
