// A kind is a component that scenarios can name: its Spec, how its parameters are read, and how it
// is made. A kind is a constant made by the compiler, so a table of kinds needs no registration:
//
//   cache.cpp:    extern const NodeKind cache_kind;
//                 const NodeKind cache_kind = NodeKind::of<Cache>();   // Cache::Config has a
//                 spec()
//   catalog.cpp:  extern const NodeKind cache_kind;
//                 constexpr std::array node_kinds = {&cache_kind, ...};
#pragma once

#include "models/choice.hpp"

#include <any>
#include <concepts>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace archsim::models {

/// The configuration of some kind, as read from a document.
class AnyConfig {
public:
    template <class Config>
    requires HasSpec<Config>
    explicit AnyConfig(Config config) : spec_{&Config::spec()}, config_{std::move(config)} {}

    /// The spec that it was read by.
    [[nodiscard]] const SpecBase& spec() const { return *spec_; }
    /// The configuration, or null if it is of another type.
    template <class Config>
    [[nodiscard]] const Config* as() const {
        return std::any_cast<Config>(&config_);
    }

private:
    const SpecBase* spec_;
    std::any config_;
};

/// A named component that derives from Base and is made from its configuration and a Context.
template <class Base, class Context>
struct Kind {
    const SpecBase& (*spec)() = nullptr;
    std::optional<AnyConfig> (*parse)(const Value&, Reader&, AcceptedKeys) = nullptr;
    /// Requires: the configuration was read by this kind's `parse`.
    std::unique_ptr<Base> (*make)(const AnyConfig&, Context) = nullptr;

    /// The kind of a class that has a nested Config and a constructor from (Config, Context).
    template <class Component>
    requires std::derived_from<Component, Base> && HasSpec<typename Component::Config> &&
        std::constructible_from<Component, typename Component::Config, Context>
    [[nodiscard]] static constexpr Kind of() {
        using Config = typename Component::Config;
        Kind kind;
        kind.spec = []() -> const SpecBase& { return Config::spec(); };
        kind.parse = [](const Value& value, Reader& reader,
                        AcceptedKeys accepted) -> std::optional<AnyConfig> {
            std::optional<Config> config = Config::spec().read(value, reader, accepted);
            if (!config) return std::nullopt;
            return AnyConfig{std::move(*config)};
        };
        kind.make = [](const AnyConfig& config, Context context) -> std::unique_ptr<Base> {
            const auto* own = config.as<Config>();
            if (own == nullptr) return nullptr;
            return std::make_unique<Component>(*own, std::forward<Context>(context));
        };
        return kind;
    }
};

/// A value read through a table of kinds.
template <class Base, class Context>
struct Configured {
    const Kind<Base, Context>* kind = nullptr;
    AnyConfig config;

    [[nodiscard]] std::unique_ptr<Base> make(Context context) const {
        return kind->make(config, std::forward<Context>(context));
    }
};

/// The kind of this name or alias, or null. O(kinds).
template <class Base, class Context>
[[nodiscard]] const Kind<Base, Context>* find_kind(
    std::span<const Kind<Base, Context>* const> table, std::string_view name) {
    for (const auto* kind : table)
        if (kind->spec().is_called(name)) return kind;
    return nullptr;
}

/// Reads a name or an object with "kind" by the kind that it names. `accepted` lists keys besides
/// the parameters, such as "region", that whoever calls reads for itself.
template <class Base, class Context>
[[nodiscard]] std::optional<Configured<Base, Context>> read_kind(
    const Value& value, Reader& reader, std::span<const Kind<Base, Context>* const> table,
    AcceptedKeys accepted = {}) {
    std::vector<const SpecBase*> specs;
    for (const auto* kind : table) specs.push_back(&kind->spec());
    const std::optional<Selection> selection = select(value, reader, specs);
    if (!selection) return std::nullopt;
    std::vector<std::string_view> keys(accepted.begin(), accepted.end());
    keys.push_back(kind_key);
    const Value no_parameters = Value::object().with_spot(value.spot());
    const Value& object = selection->object == nullptr ? no_parameters : *selection->object;
    const auto* kind = table[selection->index];
    std::optional<AnyConfig> config = kind->parse(object, reader, keys);
    if (!config) return std::nullopt;
    return Configured<Base, Context>{kind, std::move(*config)};
}

}  // namespace archsim::models
