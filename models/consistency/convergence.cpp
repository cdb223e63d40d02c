// Replica values per key, compared at each heal and after each change until they agree.
#include "models/consistency/convergence.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace archsim::models {

// A replica that never told a value still has the initial one.
bool ConvergenceTracker::KeyState::is_equal() const {
    const Version expected = values.size() < replicas ? initial_version : values.front().second;
    return std::all_of(values.begin(), values.end(),
                       [&](const auto& value) { return value.second == expected; });
}

void ConvergenceTracker::applied(const Application& application, std::uint32_t key_index,
                                 Single& single) {
    if (application.replicas == 1 && application.replica == 0 &&
        (key_index >= keys_.size() || keys_[key_index].values.empty())) {
        single.version = application.version;
        return;
    }
    if (key_index >= keys_.size()) keys_.resize(key_index + std::size_t{1});
    const Version before = std::exchange(single.version, Single::none);
    if (before != Single::none) keys_[key_index].values.emplace_back(std::uint16_t{0}, before);
    KeyState& key = keys_[key_index];
    key.replicas = application.replicas;
    const auto place = std::find_if(key.values.begin(), key.values.end(), [&](const auto& value) {
        return value.first == application.replica;
    });
    if (place == key.values.end()) {
        key.values.emplace_back(application.replica, application.version);
    } else {
        place->second = application.version;
    }
    if (!key.is_open || !key.is_equal()) return;
    key.is_open = false;
    HealResult& heal = heals_.back();
    if (--heal.open == 0) heal.convergence = application.at - heal.healed;
}

void ConvergenceTracker::healed(sim::Instant at, std::int64_t singles) {
    HealResult heal;
    heal.healed = at;
    heal.keys = singles;
    for (KeyState& key : keys_) {
        if (key.values.empty()) continue;
        ++heal.keys;
        key.is_open = !key.is_equal();
        if (key.is_open) ++heal.diverged;
    }
    heal.open = heal.diverged;
    if (heal.open == 0) heal.convergence = sim::Duration{};
    heals_.push_back(heal);
}

}  // namespace archsim::models
