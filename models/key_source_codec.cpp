// Reading and writing key sources: an object that names its kind.
#include "models/key_source_codec.hpp"

#include "models/key_source_kinds.hpp"

#include <cstddef>
#include <variant>

namespace archsim::models {

namespace {

using KindCodec = Codec<KeySourceKind>;

/// Kind and law have the same index, so the kind that writes a law is found by position.
template <std::size_t index = 0>
KeySourceKind kind_of(const sim::KeySource& source) {
    using Law = sim::KeySource::Law;
    static_assert(std::variant_size_v<KeySourceKind> == std::variant_size_v<Law>);
    if constexpr (index + 1 < std::variant_size_v<Law>)
        if (source.law().index() != index) return kind_of<index + 1>(source);
    return KeySourceKind{std::in_place_index<index>, std::get<index>(source.law()), source.drift()};
}

}  // namespace

std::optional<sim::KeySource> Codec<sim::KeySource>::read(const Value& value, Reader& reader) {
    const std::optional<KeySourceKind> kind = KindCodec::read(value, reader);
    if (!kind) return std::nullopt;
    return std::visit([](const auto& parameters) { return parameters.make(); }, *kind);
}

Value Codec<sim::KeySource>::write(const sim::KeySource& value) {
    return KindCodec::write(kind_of(value));
}

Value Codec<sim::KeySource>::schema(SchemaBuilder& builder) { return KindCodec::schema(builder); }

std::string Codec<sim::KeySource>::type() { return "a source of keys"; }

}  // namespace archsim::models
