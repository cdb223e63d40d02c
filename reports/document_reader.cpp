// Every question that a reader asks of a document, with its complaint.
#include "reports/document_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace archsim::reports {

using models::Code;
using models::Value;

void DocumentReader::object(Code code, const std::string& message, const Part& part) {
    is_good_ = false;
    diagnostics_->add({.severity = models::Severity::error,
                       .code = code,
                       .message = message,
                       .pointer = part.pointer,
                       .spot = part.value->spot(),
                       .hint = "archsim schema result describes such files"});
}

std::optional<Part> DocumentReader::find(const Part& of, std::string_view key) const {
    const Value* const value = of.value->find(key);
    if (value == nullptr) return std::nullopt;
    return Part{value, of.pointer + "/" + models::pointer_step(key)};
}

std::optional<Part> DocumentReader::need(const Part& of, std::string_view key) {
    auto part = find(of, key);
    if (!part) {
        object(Code::missing_key,
               "there is no " + models::quoted(key) + " in " + models::describe(*of.value) +
                   " that needs one",
               of);
    }
    return part;
}

std::vector<Part> DocumentReader::members(const Part& of, std::string_view key) {
    std::vector<Part> parts;
    const auto whole = need(of, key);
    if (!whole) return parts;
    if (!whole->value->is_object()) {
        object(Code::wrong_type, "an object was expected, not " + models::describe(*whole->value),
               *whole);
    }
    for (const models::Member& member : whole->value->members()) {
        parts.push_back({&member.value, whole->pointer + "/" + models::pointer_step(member.key)});
    }
    return parts;
}

std::vector<Part> DocumentReader::items(const Part& of, std::string_view key) {
    std::vector<Part> parts;
    const auto whole = need(of, key);
    if (!whole) return parts;
    if (!whole->value->is_array()) {
        object(Code::wrong_type, "a list was expected, not " + models::describe(*whole->value),
               *whole);
    }
    for (const Value& item : whole->value->items()) {
        parts.push_back({&item, whole->pointer + "/" + std::to_string(parts.size())});
    }
    return parts;
}

void DocumentReader::refuse_others(const Part& of, std::initializer_list<std::string_view> known) {
    for (const models::Member& member : of.value->members()) {
        if (std::ranges::find(known, member.key) != known.end()) continue;
        object(Code::unknown_key, "a result has no " + models::quoted(member.key) + " here",
               {&member.value, of.pointer + "/" + models::pointer_step(member.key)});
    }
}

std::string DocumentReader::text(const Part& part) {
    if (part.value->is_string()) return part.value->text();
    object(Code::wrong_type, "a string was expected, not " + models::describe(*part.value), part);
    return "";
}

double DocumentReader::number(const Part& part) {
    if (!part.value->is_number()) {
        object(Code::wrong_type, "a number was expected, not " + models::describe(*part.value),
               part);
        return 0.0;
    }
    constexpr double most = 1e200;  // Sums and shares of such numbers are numbers still.
    const std::optional<double> number = part.value->as_real();
    if (number && std::abs(*number) <= most) return *number;
    object(Code::out_of_range, "nothing that is measured is as large or small as this", part);
    return 0.0;
}

std::uint64_t DocumentReader::count(const Part& part, std::uint64_t most) {
    std::uint64_t count = 0;
    if (part.value->is_integer()) {
        const std::string& digits = part.value->text();
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), count);
        if (error == std::errc{} && end == digits.data() + digits.size() && count <= most) {
            return count;
        }
    }
    object(Code::out_of_range,
           "a whole number of 0 to " + std::to_string(most) + " was expected, not " +
               models::describe(*part.value),
           part);
    return 0;
}

std::string DocumentReader::text(const Part& of, std::string_view key) {
    const auto part = need(of, key);
    return part ? text(*part) : "";
}

double DocumentReader::number(const Part& of, std::string_view key) {
    const auto part = need(of, key);
    return part ? number(*part) : 0.0;
}

std::uint64_t DocumentReader::count(const Part& of, std::string_view key, std::uint64_t most) {
    const auto part = need(of, key);
    return part ? count(*part, most) : 0;
}

std::string DocumentReader::text_if_any(const Part& of, std::string_view key) {
    const auto part = find(of, key);
    return part ? text(*part) : "";
}

std::optional<double> DocumentReader::number_if_any(const Part& of, std::string_view key) {
    const auto part = find(of, key);
    return part ? std::optional{number(*part)} : std::nullopt;
}

std::vector<std::string> DocumentReader::texts(const Part& of, std::string_view key) {
    std::vector<std::string> all;
    for (const Part& part : items(of, key)) all.push_back(text(part));
    return all;
}

std::string DocumentReader::key_of(const Part& part) {
    const auto steps = models::pointer_steps(part.pointer);
    return steps && !steps->empty() ? steps->back() : "";
}

}  // namespace archsim::reports
