// Quantities with a dimension: strings that carry their unit. A bare number is refused with an
// example, because whether 5 means milliseconds or seconds cannot be known.
#include "models/codec.hpp"
#include "sim/price.hpp"
#include "sim/units_text.hpp"

#include <fmt/format.h>

#include <utility>

namespace archsim::models {

namespace {

Code code_of(sim::TextFault fault) {
    switch (fault) {
        case sim::TextFault::unit_missing:
            return Code::unit_missing;
        case sim::TextFault::unit_wrong:
            return Code::unit_wrong;
        case sim::TextFault::out_of_range:
            return Code::out_of_range;
        case sim::TextFault::malformed:
            break;
    }
    return Code::bad_value;
}

/// "a duration with a unit, such as "5ms""
std::string expectation(const sim::QuantityForm& form) {
    const bool has_vowel = std::string_view{"aeiou"}.find(form.name.front()) != std::string::npos;
    return fmt::format("{} {} with a unit, such as \"{}\"", has_vowel ? "an" : "a", form.name,
                       form.example);
}

template <class Quantity>
std::optional<Quantity> read_quantity(const Value& value, Reader& reader) {
    const sim::QuantityForm& form = sim::quantity_form<Quantity>();
    if (value.is_number()) {
        reader.fail(value.spot(), {.code = Code::unit_missing,
                                   .message = fmt::format("expected {}, found {}",
                                                          expectation(form), describe(value)),
                                   .hint = fmt::format("units: {}", form.units)});
        return std::nullopt;
    }
    if (!value.is_string()) {
        reader.fail_type(value, expectation(form));
        return std::nullopt;
    }
    const sim::Parsed<Quantity> parsed = sim::parse_quantity<Quantity>(value.text());
    if (parsed) return *parsed;
    const sim::TextError& error = parsed.error();
    reader.fail(value.spot(), {.code = code_of(error.fault),
                               .message = escaped(error.message),
                               .hint = escaped(error.hint)});
    return std::nullopt;
}

template <class Quantity>
Value write_quantity(const Quantity& quantity) {
    return Value::string(sim::to_text(quantity));
}

template <class Quantity>
Value quantity_schema() {
    const sim::QuantityForm& form = sim::quantity_form<Quantity>();
    return Value::object({{"type", Value::string("string")},
                          {"pattern", Value::string(std::string(form.pattern))},
                          {"examples", Value::array({Value::string(std::string(form.example))})}});
}

template <class Quantity>
std::string quantity_type() {
    return std::string(sim::quantity_form<Quantity>().name);
}

}  // namespace

std::optional<sim::Duration> Codec<sim::Duration>::read(const Value& value, Reader& reader) {
    return read_quantity<sim::Duration>(value, reader);
}
Value Codec<sim::Duration>::write(const sim::Duration& value) { return write_quantity(value); }
Value Codec<sim::Duration>::schema(SchemaBuilder&) { return quantity_schema<sim::Duration>(); }
std::string Codec<sim::Duration>::type() { return quantity_type<sim::Duration>(); }

std::optional<sim::Bytes> Codec<sim::Bytes>::read(const Value& value, Reader& reader) {
    return read_quantity<sim::Bytes>(value, reader);
}
Value Codec<sim::Bytes>::write(const sim::Bytes& value) { return write_quantity(value); }
Value Codec<sim::Bytes>::schema(SchemaBuilder&) { return quantity_schema<sim::Bytes>(); }
std::string Codec<sim::Bytes>::type() { return quantity_type<sim::Bytes>(); }

std::optional<sim::Rate> Codec<sim::Rate>::read(const Value& value, Reader& reader) {
    return read_quantity<sim::Rate>(value, reader);
}
Value Codec<sim::Rate>::write(const sim::Rate& value) { return write_quantity(value); }
Value Codec<sim::Rate>::schema(SchemaBuilder&) { return quantity_schema<sim::Rate>(); }
std::string Codec<sim::Rate>::type() { return quantity_type<sim::Rate>(); }

std::optional<sim::Bandwidth> Codec<sim::Bandwidth>::read(const Value& value, Reader& reader) {
    return read_quantity<sim::Bandwidth>(value, reader);
}
Value Codec<sim::Bandwidth>::write(const sim::Bandwidth& value) { return write_quantity(value); }
Value Codec<sim::Bandwidth>::schema(SchemaBuilder&) { return quantity_schema<sim::Bandwidth>(); }
std::string Codec<sim::Bandwidth>::type() { return quantity_type<sim::Bandwidth>(); }

std::optional<sim::Money> Codec<sim::Money>::read(const Value& value, Reader& reader) {
    return read_quantity<sim::Money>(value, reader);
}
Value Codec<sim::Money>::write(const sim::Money& value) { return write_quantity(value); }
Value Codec<sim::Money>::schema(SchemaBuilder&) { return quantity_schema<sim::Money>(); }
std::string Codec<sim::Money>::type() { return quantity_type<sim::Money>(); }

std::optional<sim::Probability> Codec<sim::Probability>::read(const Value& value, Reader& reader) {
    return read_quantity<sim::Probability>(value, reader);
}
Value Codec<sim::Probability>::write(const sim::Probability& value) {
    return write_quantity(value);
}
Value Codec<sim::Probability>::schema(SchemaBuilder&) {
    return quantity_schema<sim::Probability>();
}
std::string Codec<sim::Probability>::type() { return quantity_type<sim::Probability>(); }

std::optional<sim::PriceOfTime> Codec<sim::PriceOfTime>::read(const Value& value, Reader& reader) {
    return read_quantity<sim::PriceOfTime>(value, reader);
}
Value Codec<sim::PriceOfTime>::write(const sim::PriceOfTime& value) {
    return write_quantity(value);
}
Value Codec<sim::PriceOfTime>::schema(SchemaBuilder&) {
    return quantity_schema<sim::PriceOfTime>();
}
std::string Codec<sim::PriceOfTime>::type() { return quantity_type<sim::PriceOfTime>(); }

std::optional<sim::PriceOfData> Codec<sim::PriceOfData>::read(const Value& value, Reader& reader) {
    return read_quantity<sim::PriceOfData>(value, reader);
}
Value Codec<sim::PriceOfData>::write(const sim::PriceOfData& value) {
    return write_quantity(value);
}
Value Codec<sim::PriceOfData>::schema(SchemaBuilder&) {
    return quantity_schema<sim::PriceOfData>();
}
std::string Codec<sim::PriceOfData>::type() { return quantity_type<sim::PriceOfData>(); }

std::optional<sim::PriceOfRequests> Codec<sim::PriceOfRequests>::read(const Value& value,
                                                                      Reader& reader) {
    return read_quantity<sim::PriceOfRequests>(value, reader);
}
Value Codec<sim::PriceOfRequests>::write(const sim::PriceOfRequests& value) {
    return write_quantity(value);
}
Value Codec<sim::PriceOfRequests>::schema(SchemaBuilder&) {
    return quantity_schema<sim::PriceOfRequests>();
}
std::string Codec<sim::PriceOfRequests>::type() { return quantity_type<sim::PriceOfRequests>(); }

}  // namespace archsim::models
