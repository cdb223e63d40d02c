// Reading and writing distributions: a string is a constant, an object names its kind.
#include "models/distribution_codec.hpp"

#include "models/distribution_kinds.hpp"

#include <cstddef>
#include <type_traits>
#include <variant>

namespace archsim::models {

namespace {

using KindCodec = Codec<DistributionKind>;

/// Kind and law have the same index, so the kind that writes a law is found by position.
template <std::size_t index = 0>
DistributionKind kind_of(const sim::Distribution::Law& law) {
    static_assert(std::variant_size_v<DistributionKind> ==
                  std::variant_size_v<sim::Distribution::Law>);
    if constexpr (index + 1 < std::variant_size_v<DistributionKind>)
        if (law.index() != index) return kind_of<index + 1>(law);
    return DistributionKind{std::in_place_index<index>, std::get<index>(law)};
}

bool is_name_of_kind(const std::string& text) {
    for (const SpecBase* spec : KindCodec::alternatives())
        if (spec->is_called(text)) return true;
    return false;
}

}  // namespace

std::optional<sim::Distribution> Codec<sim::Distribution>::read(const Value& value,
                                                                Reader& reader) {
    if (value.is_object()) {
        const std::optional<DistributionKind> kind = KindCodec::read(value, reader);
        if (!kind) return std::nullopt;
        return std::visit(
            [](const auto& parameters) { return sim::Distribution{parameters.make()}; }, *kind);
    }
    // A name alone cannot be a distribution, because all of them need parameters.
    if (value.is_string() && is_name_of_kind(value.text())) {
        reader.fail(value.spot(), {.code = Code::missing_key,
                                   .message = "a distribution needs its parameters",
                                   .hint = "write an object, such as {\"kind\": \"exponential\", "
                                           "\"mean\": \"8ms\"}"});
        return std::nullopt;
    }
    if (!value.is_string() && !value.is_number()) {
        reader.fail_type(value, type(),
                         "such as \"8ms\" or {\"kind\": \"exponential\", \"mean\": \"8ms\"}");
        return std::nullopt;
    }
    const std::optional<sim::Duration> constant = Codec<sim::Duration>::read(value, reader);
    if (!constant) return std::nullopt;
    return sim::Distribution::constant(*constant);
}

Value Codec<sim::Distribution>::write(const sim::Distribution& value) {
    if (const auto* constant = std::get_if<sim::Constant>(&value.law()))
        return Codec<sim::Duration>::write(constant->value());
    return KindCodec::write(kind_of(value.law()));
}

Value Codec<sim::Distribution>::schema(SchemaBuilder& builder) {
    return Value::object({{"anyOf", Value::array({Codec<sim::Duration>::schema(builder),
                                                  KindCodec::schema(builder)})}});
}

std::string Codec<sim::Distribution>::type() { return "a duration or a distribution"; }

}  // namespace archsim::models
