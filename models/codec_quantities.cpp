// Quantities with a unit: all of them are strings that sim/units_text.hpp reads and writes.
#include "models/codec.hpp"
#include "models/price_codec.hpp"
#include "sim/units_text.hpp"

#include <fmt/format.h>

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

template <class Quantity>
std::optional<Quantity> read_quantity(const Value& value, Reader& reader) {
    const sim::QuantityForm& form = sim::quantity_form<Quantity>();
    const std::string advice =
        fmt::format("valid units: {}; for example \"{}\"", form.units, form.example);
    if (value.is_number()) {
        reader.fail(value.spot(), {.code = Code::unit_missing,
                                   .message = fmt::format("expected a {}, found {} without a unit",
                                                          form.name, describe(value)),
                                   .hint = advice});
        return std::nullopt;
    }
    if (!value.is_string()) {
        reader.fail_type(value, fmt::format("a {}", form.name), advice);
        return std::nullopt;
    }
    const sim::Parsed<Quantity> parsed = sim::parse_quantity<Quantity>(value.text());
    if (parsed) return *parsed;
    const sim::TextError& error = parsed.error();
    reader.fail(value.spot(),
                {.code = code_of(error.fault),
                 .message = fmt::format("expected a {}, but {}", form.name, error.message),
                 .hint = error.hint});
    return std::nullopt;
}

template <class Quantity>
Value quantity_schema() {
    const sim::QuantityForm& form = sim::quantity_form<Quantity>();
    return Value::object({{"type", Value::string("string")},
                          {"pattern", Value::string(std::string{form.pattern})},
                          {"examples", Value::array({Value::string(std::string{form.example})})}});
}

template <class Quantity>
std::string quantity_type() {
    return std::string{sim::quantity_form<Quantity>().name};
}

}  // namespace

#define ARCHSIM_DEFINE_QUANTITY_CODEC(Type)                                                    \
    std::optional<Type> Codec<Type>::read(const Value& value, Reader& reader) {                \
        return read_quantity<Type>(value, reader);                                             \
    }                                                                                          \
    Value Codec<Type>::write(const Type& value) { return Value::string(sim::to_text(value)); } \
    Value Codec<Type>::schema(SchemaBuilder&) { return quantity_schema<Type>(); }              \
    std::string Codec<Type>::type() { return quantity_type<Type>(); }

ARCHSIM_DEFINE_QUANTITY_CODEC(sim::Duration)
ARCHSIM_DEFINE_QUANTITY_CODEC(sim::Bytes)
ARCHSIM_DEFINE_QUANTITY_CODEC(sim::Rate)
ARCHSIM_DEFINE_QUANTITY_CODEC(sim::Bandwidth)
ARCHSIM_DEFINE_QUANTITY_CODEC(sim::Money)
ARCHSIM_DEFINE_QUANTITY_CODEC(sim::Probability)
ARCHSIM_DEFINE_QUANTITY_CODEC(sim::PriceOfTime)
ARCHSIM_DEFINE_QUANTITY_CODEC(sim::PriceOfData)
ARCHSIM_DEFINE_QUANTITY_CODEC(sim::PriceOfRequests)

#undef ARCHSIM_DEFINE_QUANTITY_CODEC

}  // namespace archsim::models
