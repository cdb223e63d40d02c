// The plain types: booleans, counts, factors, text, references and words.
#include "models/codec.hpp"

#include <fmt/format.h>

#include <limits>

namespace archsim::models {

namespace {

Value type_schema(const char* name) { return Value::object({{"type", Value::string(name)}}); }

/// True if the digits say that the number is whole, whether or not it fits in 64 bits.
bool is_written_whole(const Value& number) {
    return number.is_integer() || number.as_integer().has_value();
}

template <class Integer>
std::optional<Integer> read_integer(const Value& value, Reader& reader) {
    constexpr auto lowest = std::numeric_limits<Integer>::min();
    constexpr auto highest = std::numeric_limits<Integer>::max();
    if (!value.is_number()) {
        reader.fail_type(value, "an integer", value.is_string() ? "write it without quotes" : "");
        return std::nullopt;
    }
    if (!is_written_whole(value) && value.as_real() && *value.as_real() < 9e18 &&
        *value.as_real() > -9e18) {
        reader.fail(value.spot(),
                    {.code = Code::not_an_integer,
                     .message = fmt::format("expected an integer, found {}", describe(value))});
        return std::nullopt;
    }
    const std::optional<std::int64_t> number = value.as_integer();
    if (!number || *number < static_cast<std::int64_t>(lowest) ||
        *number > static_cast<std::int64_t>(highest)) {
        reader.fail(value.spot(),
                    {.code = Code::out_of_range,
                     .message = fmt::format("expected an integer from {} to {}, found {}", lowest,
                                            highest, describe(value))});
        return std::nullopt;
    }
    return static_cast<Integer>(*number);
}

}  // namespace

std::optional<bool> Codec<bool>::read(const Value& value, Reader& reader) {
    if (value.is_boolean()) return value.as_boolean();
    reader.fail_type(value, "true or false", value.is_string() ? "write it without quotes" : "");
    return std::nullopt;
}
Value Codec<bool>::write(const bool& value) { return Value::boolean(value); }
Value Codec<bool>::schema(SchemaBuilder&) { return type_schema("boolean"); }
std::string Codec<bool>::type() { return "true or false"; }

std::optional<std::int32_t> Codec<std::int32_t>::read(const Value& value, Reader& reader) {
    return read_integer<std::int32_t>(value, reader);
}
Value Codec<std::int32_t>::write(const std::int32_t& value) { return Value::integer(value); }
Value Codec<std::int32_t>::schema(SchemaBuilder&) { return type_schema("integer"); }
std::string Codec<std::int32_t>::type() { return "integer"; }

std::optional<std::int64_t> Codec<std::int64_t>::read(const Value& value, Reader& reader) {
    return read_integer<std::int64_t>(value, reader);
}
Value Codec<std::int64_t>::write(const std::int64_t& value) { return Value::integer(value); }
Value Codec<std::int64_t>::schema(SchemaBuilder&) { return type_schema("integer"); }
std::string Codec<std::int64_t>::type() { return "integer"; }

std::optional<std::uint32_t> Codec<std::uint32_t>::read(const Value& value, Reader& reader) {
    return read_integer<std::uint32_t>(value, reader);
}
Value Codec<std::uint32_t>::write(const std::uint32_t& value) { return Value::integer(value); }
Value Codec<std::uint32_t>::schema(SchemaBuilder&) {
    return Value::object({{"type", Value::string("integer")}, {"minimum", Value::integer(0)}});
}
std::string Codec<std::uint32_t>::type() { return "integer, 0 or more"; }

std::optional<double> Codec<double>::read(const Value& value, Reader& reader) {
    if (!value.is_number()) {
        reader.fail_type(value, "a number", value.is_string() ? "write it without quotes" : "");
        return std::nullopt;
    }
    const std::optional<double> number = value.as_real();
    if (!number)
        reader.fail(value.spot(),
                    {.code = Code::out_of_range,
                     .message = fmt::format("{} does not fit in a 64-bit real", describe(value))});
    return number;
}
Value Codec<double>::write(const double& value) { return Value::real(value); }
Value Codec<double>::schema(SchemaBuilder&) { return type_schema("number"); }
std::string Codec<double>::type() { return "number"; }

std::optional<std::string> Codec<std::string>::read(const Value& value, Reader& reader) {
    if (value.is_string()) return value.text();
    reader.fail_type(value, "a string", value.is_number() ? "write it in quotes" : "");
    return std::nullopt;
}
Value Codec<std::string>::write(const std::string& value) { return Value::string(value); }
Value Codec<std::string>::schema(SchemaBuilder&) { return type_schema("string"); }
std::string Codec<std::string>::type() { return "text"; }

std::optional<Reference> Codec<Reference>::read(const Value& value, Reader& reader) {
    if (!value.is_string()) {
        reader.fail_type(value, "the name of a node", "");
        return std::nullopt;
    }
    reader.refer(value.text(), value.spot());
    return Reference{value.text()};
}
Value Codec<Reference>::write(const Reference& value) { return Value::string(value.name); }
Value Codec<Reference>::schema(SchemaBuilder&) { return type_schema("string"); }
std::string Codec<Reference>::type() { return "name of a node"; }

std::optional<RegionName> Codec<RegionName>::read(const Value& value, Reader& reader) {
    if (!value.is_string()) {
        reader.fail_type(value, "the name of a region", "");
        return std::nullopt;
    }
    reader.refer(value.text(), value.spot(), FoundReference::To::region);
    return RegionName{value.text()};
}
Value Codec<RegionName>::write(const RegionName& value) { return Value::string(value.name); }
Value Codec<RegionName>::schema(SchemaBuilder&) { return type_schema("string"); }
std::string Codec<RegionName>::type() { return "name of a region"; }

std::optional<std::size_t> read_word(const Value& value, Reader& reader,
                                     const std::vector<std::string>& words) {
    if (!value.is_string()) {
        reader.fail_type(value, type_of_words(words));
        return std::nullopt;
    }
    for (std::size_t i = 0; i < words.size(); ++i)
        if (words[i] == value.text()) return i;
    reader.fail(value.spot(), {.code = Code::unknown_name,
                               .message = fmt::format("expected {}, found {}", type_of_words(words),
                                                      describe(value)),
                               .hint = did_you_mean(value.text(), words)});
    return std::nullopt;
}

Value schema_of_words(const std::vector<std::string>& words) {
    Value list = Value::array();
    for (const std::string& word : words) list.push(Value::string(word));
    return Value::object({{"enum", std::move(list)}});
}

std::string type_of_words(const std::vector<std::string>& words) {
    return fmt::format("one of {}", fmt::join(words, ", "));
}

}  // namespace archsim::models
