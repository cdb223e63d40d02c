// Escapes, coordinates and hashes as a content security policy writes them.
#include "reports/html/markup.hpp"

#include "reports/text.hpp"

#include <boost/archive/iterators/base64_from_binary.hpp>
#include <boost/archive/iterators/transform_width.hpp>
#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <vector>

namespace archsim::reports {

namespace {

std::string base64(const std::vector<std::uint8_t>& bytes) {
    using namespace boost::archive::iterators;
    using Encode = base64_from_binary<transform_width<const std::uint8_t*, 6, 8>>;
    std::string text(Encode(bytes.data()), Encode(bytes.data() + bytes.size()));
    text.append((3 - bytes.size() % 3) % 3, '=');
    return text;
}

/// `text` with all characters that mean something in markup escaped but `kept`.
std::string escaped_but(std::string_view text, char kept) {
    std::string safe;
    for (const char c : printable(text)) {
        if (c == kept) {
            safe += c;
            continue;
        }
        switch (c) {
            case '&':
                safe += "&amp;";
                break;
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '"':
                safe += "&quot;";
                break;
            case '\'':
                safe += "&#39;";
                break;
            default:
                safe += c;
        }
    }
    return safe;
}

}  // namespace

std::string escaped(std::string_view text) { return escaped_but(text, '\0'); }
std::string single_quoted(std::string_view text) { return "'" + escaped_but(text, '"') + "'"; }

std::string script_safe(std::string_view json) {
    std::string safe;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const std::string_view rest = json.substr(i);
        if (json[i] == '<') {
            safe += "\\u003c";
        } else if (json[i] == '>') {
            safe += "\\u003e";
        } else if (json[i] == '&') {
            safe += "\\u0026";
        } else if (rest.starts_with("\xe2\x80\xa8") || rest.starts_with("\xe2\x80\xa9")) {
            safe += rest[2] == '\xa8' ? "\\u2028" : "\\u2029";
            i += 2;
        } else {
            safe += json[i];
        }
    }
    return safe;
}

std::string coordinate(double value) {
    std::string text = fmt::format("{:.2f}", value);
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text == "-0" ? "0" : text;
}

std::string element(std::string_view tag, std::string_view attributes, std::string_view text) {
    return fmt::format("<{}{}{}>{}</{}>", tag, attributes.empty() ? "" : " ", attributes,
                       escaped(text), tag);
}

std::string csp_hash(std::string_view sha256_hex) {
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i + 1 < sha256_hex.size(); i += 2) {
        std::uint8_t byte = 0;
        std::from_chars(&sha256_hex[i], &sha256_hex[i] + 2, byte, 16);
        bytes.push_back(byte);
    }
    return "'sha256-" + base64(bytes) + "'";
}

}  // namespace archsim::reports
