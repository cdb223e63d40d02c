// How a list of policies becomes the type of one value and the type of its parameters.
#pragma once

#include "models/choice.hpp"

#include <cstddef>
#include <utility>
#include <variant>

namespace archsim::models {

/// A closed set of policies of any sort: the type that holds one and the type of its parameters.
template <class... Policies>
struct QueuePolicies {
    using Any = std::variant<Policies...>;
    using Config = OneOf<typename Policies::Config...>;

    /// The policy that a configuration describes.
    [[nodiscard]] static Any make(const Config& config) {
        return make_from(config, std::index_sequence_for<Policies...>{});
    }

private:
    template <std::size_t... Is>
    static Any make_from(const Config& config, std::index_sequence<Is...>) {
        using Maker = Any (*)(const Config&);
        constexpr Maker makers[] = {+[](const Config& c) {
            return Any{std::in_place_index<Is>, std::get<Is>(c)};
        }...};
        return makers[config.index()](config);
    }
};

}  // namespace archsim::models
