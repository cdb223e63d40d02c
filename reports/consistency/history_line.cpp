// Parsing and typed access for one line.
#include "reports/consistency/history_line.hpp"

#include "models/suggest.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace archsim::reports {

using models::Code;
using nlohmann::json;

namespace {

// Times up to a hundred years after the origin, as everywhere.
constexpr std::int64_t latest = 3'153'600'000'000'000'000;

}  // namespace

HistoryLine::HistoryLine(std::string_view text, std::uint32_t source, std::size_t offset,
                         models::Diagnostics& diagnostics)
    : text_{text},
      source_{source},
      offset_{offset},
      diagnostics_{&diagnostics},
      json_{std::make_unique<json>(json::object())} {
    std::set<std::string> seen;
    std::string twice;
    const auto watch = [&](int depth, json::parse_event_t event, json& parsed) {
        if (event == json::parse_event_t::key && depth == 1 &&
            !seen.insert(parsed.get<std::string>()).second) {
            twice = parsed.get<std::string>();
        }
        return true;
    };
    try {
        json parsed = json::parse(text.begin(), text.end(), watch);
        if (parsed.is_object()) {
            *json_ = std::move(parsed);
        } else {
            object(Code::wrong_type, "a line is one JSON object", "");
        }
    } catch (const json::parse_error& error) {
        offset_ += std::min(error.byte == 0 ? std::size_t{0} : error.byte - 1, text.size());
        object(Code::syntax, "this is not JSON", "");
    }
    if (!twice.empty()) {
        object(Code::duplicate_key, fmt::format("{} is given twice", models::quoted(twice)), twice);
    }
}

HistoryLine::~HistoryLine() = default;

void HistoryLine::object(Code code, std::string message, std::string_view field) {
    is_good_ = false;
    const std::size_t place =
        field.empty() ? std::string_view::npos : text_.find(fmt::format("\"{}\"", field));
    models::Diagnostic diagnostic;
    diagnostic.code = code;
    diagnostic.message = std::move(message);
    diagnostic.hint = hint_for(code, field);
    diagnostic.spot.source = source_;
    diagnostic.spot.offset =
        static_cast<std::uint32_t>(offset_ + (place == std::string_view::npos ? 0 : place));
    diagnostics_->add(std::move(diagnostic));
}

std::string HistoryLine::hint_for(Code code, std::string_view field) const {
    switch (code) {
        case Code::syntax:
        case Code::missing_key:
            return R"(a line is an object such as {"op": "read", "key": "x", "value": "a", )"
                   R"("start": 1, "end": 2})";
        case Code::unknown_key:
            return models::did_you_mean(field, known_);
        case Code::duplicate_key:
            return "take one of the two out";
        default:
            return {};  // the message says what is wanted
    }
}

const json* HistoryLine::find(std::string_view field) {
    known_.emplace_back(field);
    const auto place = json_->find(std::string{field});
    return place == json_->end() ? nullptr : &*place;
}

const json* HistoryLine::need(std::string_view field) {
    const json* value = find(field);
    if (value == nullptr && is_good_) {
        object(Code::missing_key, fmt::format("\"{}\" is missing", field), "");
    }
    return value;
}

bool HistoryLine::has(std::string_view field) { return find(field) != nullptr; }

std::string HistoryLine::identity(std::string_view field) {
    const json* value = need(field);
    return value == nullptr ? std::string{"null"} : value->dump();
}

std::string HistoryLine::word(std::string_view field) {
    const json* value = need(field);
    if (value == nullptr) return {};
    if (value->is_string()) return value->get<std::string>();
    object(Code::wrong_type, fmt::format("\"{}\" must be a string", field), field);
    return {};
}

std::uint64_t HistoryLine::count(std::string_view field, std::uint64_t fallback,
                                 std::uint64_t limit) {
    const json* value = find(field);
    if (value == nullptr) return fallback;
    if (value->is_number_unsigned() && value->get<std::uint64_t>() <= limit) {
        return value->get<std::uint64_t>();
    }
    object(Code::out_of_range, fmt::format("\"{}\" must be an integer of 0 to {}", field, limit),
           field);
    return fallback;
}

bool HistoryLine::flag(std::string_view field, bool fallback) {
    const json* value = find(field);
    if (value == nullptr) return fallback;
    if (value->is_boolean()) return value->get<bool>();
    object(Code::wrong_type, fmt::format("\"{}\" must be true or false", field), field);
    return fallback;
}

std::int64_t HistoryLine::time(std::string_view field, TimeUnit unit) {
    const json* value = need(field);
    if (value == nullptr) return 0;
    if (value->is_number_unsigned() &&
        value->get<std::uint64_t>() <= static_cast<std::uint64_t>(latest / unit.nanoseconds)) {
        return value->get<std::int64_t>() * unit.nanoseconds;
    }
    if (value->is_number_float() && !unit.is_sequence) {
        const double scaled = value->get<double>() * static_cast<double>(unit.nanoseconds);
        if (scaled >= 0 && scaled <= static_cast<double>(latest)) return std::llround(scaled);
    }
    object(Code::out_of_range,
           unit.is_sequence ? fmt::format("\"{}\" must be a whole number, 0 or more", field)
                            : fmt::format("\"{}\" must be a time of 0 to 100 years", field),
           field);
    return 0;
}

std::optional<std::vector<std::int64_t>> HistoryLine::pair(std::string_view field) {
    const json* value = find(field);
    if (value == nullptr) return std::nullopt;
    std::vector<std::int64_t> numbers;
    const bool is_list = value->is_array() && !value->empty() && value->size() <= 2;
    for (const json& number : *value) {
        if (number.is_number_unsigned() &&
            number.get<std::uint64_t>() <= static_cast<std::uint64_t>(latest)) {
            numbers.push_back(number.get<std::int64_t>());
        }
    }
    if (is_list && numbers.size() == value->size()) return numbers;
    object(Code::bad_value,
           fmt::format("\"{}\" must be a list of one or two sequence numbers", field), field);
    return std::nullopt;
}

void HistoryLine::finish() {
    if (!is_good_) return;
    for (const auto& [field, value] : json_->items()) {
        if (std::find(known_.begin(), known_.end(), field) != known_.end()) continue;
        object(Code::unknown_key, fmt::format("{} is not known here", models::quoted(field)),
               field);
    }
}

}  // namespace archsim::reports
