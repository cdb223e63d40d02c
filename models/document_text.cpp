// The text forms of a document: JSON out, words for messages, JSON Pointers (RFC 6901).
#include "models/document.hpp"
#include "models/utf8.hpp"

#include <fmt/format.h>

#include <charconv>

namespace archsim::models {

namespace {

/// A JSON string literal. Bytes that are not UTF-8 become U+FFFD, so that the result is always
/// JSON.
std::string json_string(std::string_view text) {
    std::string result = "\"";
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode(text, at);
        if (text[at] == '"' || text[at] == '\\') {
            result += '\\';
            result += text[at];
        } else if (text[at] == '\n') {
            result += "\\n";
        } else if (text[at] == '\t') {
            result += "\\t";
        } else if (!point.valid) {
            result += "\\ufffd";
        } else if (point.value < 0x20 || point.value == 0x7F) {
            result += fmt::format("\\u{:04x}", static_cast<unsigned>(point.value));
        } else {
            result += text.substr(at, point.length);
        }
        at += point.length;
    }
    return result + '"';
}

/// Writes a value; `indent` counts levels, or is negative for text on one line.
void write(std::string& out, const Value& value, int indent) {
    const bool pretty = indent >= 0;
    const int inner = pretty ? indent + 1 : indent;
    const auto new_line = [&out, pretty](int levels) {
        if (!pretty) return;
        out += '\n';
        out.append(static_cast<std::size_t>(levels) * 2, ' ');
    };
    switch (value.kind()) {
        case Value::Kind::null:
            out += "null";
            return;
        case Value::Kind::boolean:
            out += value.as_boolean() ? "true" : "false";
            return;
        case Value::Kind::integer:
        case Value::Kind::real:
            out += value.text();
            return;
        case Value::Kind::string:
            out += json_string(value.text());
            return;
        case Value::Kind::array: {
            out += '[';
            for (std::size_t i = 0; i < value.items().size(); ++i) {
                if (i > 0) out += pretty ? "," : ", ";
                new_line(inner);
                write(out, value.items()[i], inner);
            }
            if (!value.items().empty()) new_line(indent);
            out += ']';
            return;
        }
        case Value::Kind::object: {
            out += '{';
            bool first = true;
            for (const Member& member : value.members()) {
                if (!first) out += pretty ? "," : ", ";
                first = false;
                new_line(inner);
                out += json_string(member.key) + ": ";
                write(out, member.value, inner);
            }
            if (!first) new_line(indent);
            out += '}';
            return;
        }
    }
}

}  // namespace

std::string Value::to_json() const {
    std::string out;
    write(out, *this, -1);
    return out;
}

std::string Value::to_pretty_json() const {
    std::string out;
    write(out, *this, 0);
    return out + '\n';
}

std::string_view name_of(Value::Kind kind) {
    switch (kind) {
        case Value::Kind::null:
            return "null";
        case Value::Kind::boolean:
            return "a boolean";
        case Value::Kind::integer:
        case Value::Kind::real:
            return "a number";
        case Value::Kind::string:
            return "a string";
        case Value::Kind::array:
            return "an array";
        case Value::Kind::object:
            return "an object";
    }
    return "a value";
}

std::string describe(const Value& value) {
    switch (value.kind()) {
        case Value::Kind::boolean:
            return value.as_boolean() ? "true" : "false";
        case Value::Kind::integer:
        case Value::Kind::real:
            return "the number " +
                   (value.text().size() > 40 ? value.text().substr(0, 40) + "..." : value.text());
        case Value::Kind::string:
            return "the string " + quoted(value.text());
        default:
            return std::string(name_of(value.kind()));
    }
}

std::string pointer_step(std::string_view key) {
    std::string step;
    for (const char c : key) {
        if (c == '~')
            step += "~0";
        else if (c == '/')
            step += "~1";
        else
            step += c;
    }
    return step;
}

std::optional<std::vector<std::string>> pointer_steps(std::string_view pointer) {
    std::vector<std::string> steps;
    if (pointer.empty()) return steps;
    if (pointer.front() != '/') return std::nullopt;
    for (std::size_t at = 0; at < pointer.size(); ++at) {
        if (pointer[at] == '/') {
            steps.emplace_back();
        } else if (pointer[at] == '~') {
            const char code = at + 1 < pointer.size() ? pointer[at + 1] : '?';
            if (code != '0' && code != '1') return std::nullopt;
            steps.back() += code == '0' ? '~' : '/';
            ++at;
        } else {
            steps.back() += pointer[at];
        }
    }
    return steps;
}

std::optional<std::size_t> array_index(std::string_view step) {
    if (step.empty() || (step.size() > 1 && step.front() == '0')) return std::nullopt;
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
    if (error != std::errc{} || end != step.data() + step.size()) return std::nullopt;
    return index;
}

}  // namespace archsim::models
