// Who goes out first: the question that every order of a queue answers.
#pragma once

#include "models/choice.hpp"
#include "sim/units.hpp"

#include <concepts>
#include <string_view>

namespace archsim::models {

/// An order of delivery: a name, one sentence, parameters, whether urgent messages go first, and
/// whether at present the newest goes out, given how long the oldest has been waiting.
template <class P>
concept DispatchOrder = HasSpec<typename P::Config> &&
    std::constructible_from<P, const typename P::Config&> &&
    requires(const P order, sim::Duration oldest) {
    { P::name } -> std::convertible_to<std::string_view>;
    { P::summary } -> std::convertible_to<std::string_view>;
    { P::by_urgency } -> std::convertible_to<bool>;
    { order.is_newest_first(oldest) } -> std::same_as<bool>;
};

}  // namespace archsim::models
