// A choice: one of several configurations, written as a name ("round_robin") or as an object with
// its parameters ({"kind": "power_of_choices", "choices": 2}).
#pragma once

#include "models/spec.hpp"

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace archsim::models {

/// One of several configurations; the first is the default.
template <HasSpec... Configs>
using OneOf = std::variant<Configs...>;

/// Which alternative was written, and the object with its parameters, or null for a bare name.
struct Selection {
    std::size_t index = 0;
    const Value* object = nullptr;
};

/// Finds the alternative that a name or an object with "kind" chooses. Reports a missing or unknown
/// kind with the known names.
[[nodiscard]] std::optional<Selection> select(const Value& value, Reader& reader,
                                              std::span<const SpecBase* const> alternatives);
/// An alternative as it is written: its name alone if all parameters have their defaults.
[[nodiscard]] Value write_alternative(const SpecBase& spec, const void* config);
[[nodiscard]] Value schema_of_choice(std::span<const SpecBase* const> alternatives,
                                     SchemaBuilder& builder,
                                     SchemaBuilder::As as = SchemaBuilder::As::alternative);
[[nodiscard]] std::string type_of_choice(std::span<const SpecBase* const> alternatives);

/// The key that names the alternative.
inline constexpr std::string_view kind_key = "kind";

template <HasSpec... Configs>
struct Codec<std::variant<Configs...>> {
    using Choice = std::variant<Configs...>;

    static std::vector<const SpecBase*> alternatives() { return {&Configs::spec()...}; }

    static std::optional<Choice> read(const Value& value, Reader& reader) {
        const std::optional<Selection> selection = select(value, reader, alternatives());
        if (!selection) return std::nullopt;
        using Read = std::optional<Choice> (*)(const Value&, Reader&);
        static constexpr Read readers[] = {&read_alternative<Configs>...};
        const Value no_parameters = Value::object().with_spot(value.spot());
        const bool is_name = selection->object == nullptr;
        return readers[selection->index](is_name ? no_parameters : *selection->object, reader);
    }
    static Value write(const Choice& choice) {
        return std::visit(
            [](const auto& config) {
                return write_alternative(std::decay_t<decltype(config)>::spec(), &config);
            },
            choice);
    }
    static Value schema(SchemaBuilder& builder) {
        return schema_of_choice(alternatives(), builder);
    }
    static std::string type() { return type_of_choice(alternatives()); }

private:
    template <class Config>
    static std::optional<Choice> read_alternative(const Value& object, Reader& reader) {
        std::optional<Config> config = Config::spec().read(object, reader, {&kind_key, 1});
        if (!config) return std::nullopt;
        return Choice{std::move(*config)};
    }
};

}  // namespace archsim::models
