// The tree itself: building, looking up, comparing. Text forms are in document_text.cpp.
#include "models/document.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <unordered_map>

namespace archsim::models {

namespace {

/// A number in JSON's notation as digits times a power of ten.
struct Decimal {
    bool negative = false;
    std::string digits;  // without leading and trailing zeros; empty for zero
    std::int64_t exponent = 0;
};

Decimal decimal_of(std::string_view text) {
    constexpr std::int64_t far = 1'000'000'000;  // beyond any exponent that can matter
    Decimal result;
    std::size_t at = 0;
    if (at < text.size() && text[at] == '-') {
        result.negative = true;
        ++at;
    }
    std::int64_t behind_point = 0;
    bool after_point = false;
    for (; at < text.size() && text[at] != 'e' && text[at] != 'E'; ++at) {
        if (text[at] == '.') {
            after_point = true;
        } else {
            result.digits += text[at];
            behind_point += after_point ? 1 : 0;
        }
    }
    if (at < text.size()) {
        ++at;
        if (at < text.size() && text[at] == '+') ++at;
        const auto [end, error] =
            std::from_chars(text.data() + at, text.data() + text.size(), result.exponent);
        if (error != std::errc{}) result.exponent = text[at] == '-' ? -far : far;
        result.exponent = std::clamp(result.exponent, -far, far);
    }
    result.exponent -= behind_point;
    while (!result.digits.empty() && result.digits.back() == '0') {
        result.digits.pop_back();
        ++result.exponent;
    }
    result.digits.erase(0, std::min(result.digits.find_first_not_of('0'), result.digits.size()));
    return result;
}

}  // namespace

Value Value::boolean(bool value) {
    Value result;
    result.content_ = value;
    return result;
}

Value Value::integer(std::int64_t value) { return number(std::to_string(value)); }

Value Value::real(double value) {
    char buffer[40];
    const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
    return number(std::string(buffer, error == std::errc{} ? end : buffer));
}

Value Value::number(std::string text) {
    Value result;
    if (text.find_first_of(".eE") == std::string::npos)
        result.content_ = Integer{std::move(text)};
    else
        result.content_ = Real{std::move(text)};
    return result;
}

Value Value::string(std::string text) {
    Value result;
    result.content_ = std::move(text);
    return result;
}

Value Value::array(std::vector<Value> items) {
    Value result;
    result.content_ = std::move(items);
    return result;
}

Value Value::object() {
    Value result;
    result.content_ = std::vector<Member>{};
    return result;
}

Value Value::object(std::initializer_list<std::pair<std::string_view, Value>> members) {
    Value result = object();
    for (const auto& [key, value] : members) result.append(std::string(key), value);
    return result;
}

const std::string& Value::text() const {
    if (const auto* integer = std::get_if<Integer>(&content_)) return integer->text;
    if (const auto* real = std::get_if<Real>(&content_)) return real->text;
    return std::get<std::string>(content_);
}

std::optional<std::int64_t> Value::as_integer() const {
    const Decimal decimal = decimal_of(text());
    if (decimal.digits.empty()) return 0;
    constexpr std::int64_t most_digits = std::numeric_limits<std::int64_t>::digits10 + 1;
    const auto length = static_cast<std::int64_t>(decimal.digits.size());
    if (decimal.exponent < 0 || length + decimal.exponent > most_digits) return std::nullopt;
    std::string whole = decimal.negative ? "-" : "";
    whole += decimal.digits;
    whole.append(static_cast<std::size_t>(decimal.exponent), '0');
    std::int64_t result = 0;
    const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), result);
    if (error != std::errc{}) return std::nullopt;
    return result;
}

std::optional<double> Value::as_real() const {
    const std::string& digits = text();
    double result = 0.0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), result);
    if (error != std::errc{}) return std::nullopt;
    return result;
}

std::span<const Value> Value::items() const {
    if (const auto* items = std::get_if<std::vector<Value>>(&content_)) return *items;
    return {};
}

std::span<Value> Value::items() {
    if (auto* items = std::get_if<std::vector<Value>>(&content_)) return *items;
    return {};
}

std::span<const Member> Value::members() const {
    if (const auto* members = std::get_if<std::vector<Member>>(&content_)) return *members;
    return {};
}

std::span<Member> Value::members() {
    if (auto* members = std::get_if<std::vector<Member>>(&content_)) return *members;
    return {};
}

const Value* Value::find(std::string_view key) const {
    for (const Member& member : members())
        if (member.key == key) return &member.value;
    return nullptr;
}

Value* Value::find(std::string_view key) {
    return const_cast<Value*>(std::as_const(*this).find(key));
}

const Value* Value::at(std::string_view pointer) const {
    const auto steps = pointer_steps(pointer);
    if (!steps) return nullptr;
    const Value* value = this;
    for (const std::string& step : *steps) {
        if (value->is_array()) {
            const auto index = array_index(step);
            value = index && *index < value->items().size() ? &value->items()[*index] : nullptr;
        } else {
            value = value->find(step);
        }
        if (value == nullptr) return nullptr;
    }
    return value;
}

Value& Value::push(Value item) {
    auto& items = std::get<std::vector<Value>>(content_);
    return items.emplace_back(std::move(item));
}

Value& Value::set(std::string_view key, Value value, Spot key_spot) {
    for (Member& member : members()) {
        if (member.key != key) continue;
        member.key_spot = key_spot;
        member.value = std::move(value);
        return member.value;
    }
    return append(std::string(key), std::move(value), key_spot);
}

Value& Value::append(std::string key, Value value, Spot key_spot) {
    auto& members = std::get<std::vector<Member>>(content_);
    members.push_back({std::move(key), key_spot, std::move(value)});
    return members.back().value;
}

bool Value::erase(std::string_view key) {
    auto& members = std::get<std::vector<Member>>(content_);
    const auto found = std::find_if(members.begin(), members.end(),
                                    [key](const Member& member) { return member.key == key; });
    if (found == members.end()) return false;
    members.erase(found);
    return true;
}

Value Value::with_spot(Spot spot) && {
    spot_ = spot;
    return std::move(*this);
}

bool Value::operator==(const Value& other) const {
    if (kind() != other.kind()) return false;
    switch (kind()) {
        case Kind::null:
            return true;
        case Kind::boolean:
            return as_boolean() == other.as_boolean();
        case Kind::integer:
        case Kind::real:
        case Kind::string:
            return text() == other.text();
        case Kind::array:
            return std::equal(items().begin(), items().end(), other.items().begin(),
                              other.items().end());
        case Kind::object:
            break;
    }
    if (members().size() != other.members().size()) return false;
    std::unordered_map<std::string_view, const Value*> theirs;
    for (const Member& member : other.members()) theirs.emplace(member.key, &member.value);
    return std::all_of(members().begin(), members().end(), [&theirs](const Member& member) {
        const auto found = theirs.find(member.key);
        return found != theirs.end() && member.value == *found->second;
    });
}

}  // namespace archsim::models
