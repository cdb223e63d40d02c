// Decoding follows table 3-7 of the Unicode Standard: the range of the second byte depends on the
// first, which is what excludes overlong forms and surrogates.
#include "models/utf8.hpp"

#include <cstdint>

namespace archsim::models {

namespace {

std::uint8_t byte_at(std::string_view text, std::size_t at) {
    return at < text.size() ? static_cast<std::uint8_t>(text[at]) : std::uint8_t{0};
}

struct Lead {
    std::size_t length = 0;  // 0: not a lead byte
    char32_t bits = 0;
    std::uint8_t second_min = 0x80;
    std::uint8_t second_max = 0xBF;
};

Lead lead_of(std::uint8_t byte) {
    const auto low = [byte](unsigned mask) { return static_cast<char32_t>(byte & mask); };
    if (byte >= 0xC2 && byte <= 0xDF) return {2, low(0x1F), 0x80, 0xBF};
    if (byte == 0xE0) return {3, low(0x0F), 0xA0, 0xBF};
    if (byte == 0xED) return {3, low(0x0F), 0x80, 0x9F};
    if (byte >= 0xE1 && byte <= 0xEF) return {3, low(0x0F), 0x80, 0xBF};
    if (byte == 0xF0) return {4, low(0x07), 0x90, 0xBF};
    if (byte >= 0xF1 && byte <= 0xF3) return {4, low(0x07), 0x80, 0xBF};
    if (byte == 0xF4) return {4, low(0x07), 0x80, 0x8F};
    return {};
}

}  // namespace

CodePoint decode(std::string_view text, std::size_t at) {
    const std::uint8_t first = byte_at(text, at);
    if (first < 0x80) return {first, 1, true};
    const Lead lead = lead_of(first);
    const std::uint8_t second = byte_at(text, at + 1);
    if (lead.length == 0 || second < lead.second_min || second > lead.second_max)
        return {first, 1, false};
    char32_t value = (lead.bits << 6) | (second & 0x3Fu);
    for (std::size_t i = 2; i < lead.length; ++i) {
        const std::uint8_t next = byte_at(text, at + i);
        if ((next & 0xC0u) != 0x80u) return {first, 1, false};
        value = (value << 6) | (next & 0x3Fu);
    }
    return {value, lead.length, true};
}

std::optional<std::size_t> first_invalid(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const CodePoint point = decode(text, at);
        if (!point.valid) return at;
        at += point.length;
    }
    return std::nullopt;
}

bool is_unprintable(char32_t c) {
    if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return true;
    if (c == 0x061C || c == 0xFEFF) return true;
    return (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F);
}

void append(std::string& text, char32_t c) {
    const auto put = [&text](char32_t byte) { text += static_cast<char>(byte); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | (c >> 6));
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | (c >> 12));
        put(0x80 | ((c >> 6) & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | (c >> 18));
        put(0x80 | ((c >> 12) & 0x3F));
        put(0x80 | ((c >> 6) & 0x3F));
        put(0x80 | (c & 0x3F));
    }
}

}  // namespace archsim::models
