// The backends behind one balancer, and the view of them that policies get.
// Keeps the promises that policies rely on: indices never shift, and the version changes with
// membership, health and weight, but not with load.
#pragma once

#include "models/load_balancer/policy.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace archsim::models {

/// An append-only list of backends.
class Fleet {
public:
    /// Appends a backend, usable at once, and gives its index. Requires: weight above 0.
    std::uint32_t add(std::string name, double weight = 1.0) {
        all_.push_back({});
        all_.back().name = std::move(name);
        all_.back().weight = weight;
        changed();
        return static_cast<std::uint32_t>(all_.size() - 1);
    }

    /// Takes a backend in or out. O(n) when that is a change.
    void set_usable(std::uint32_t index, bool usable) {
        if (all_[index].usable == usable) return;
        all_[index].usable = usable;
        changed();
    }

    /// Requires: weight above 0. O(n) when that is a change.
    void set_weight(std::uint32_t index, double weight) {
        if (all_[index].weight == weight) return;
        all_[index].weight = weight;
        changed();
    }

    // What changes with every request leaves the version as it is.
    void set_in_flight(std::uint32_t index, std::uint32_t n) { all_[index].in_flight = n; }
    void set_load(std::uint32_t index, double load) { all_[index].load = load; }
    void set_response_time(std::uint32_t index, sim::Duration mean) {
        all_[index].response_time = mean;
    }

    [[nodiscard]] const Backend& at(std::uint32_t index) const { return all_[index]; }
    [[nodiscard]] std::size_t size() const { return all_.size(); }

    /// What a policy sees now. Valid until the fleet changes.
    [[nodiscard]] Candidates candidates(sim::Instant now) const {
        return {all_, usable_, version_, now};
    }

private:
    void changed() {
        ++version_;
        usable_.clear();
        for (std::uint32_t i = 0; i < all_.size(); ++i) {
            if (all_[i].usable) usable_.push_back(i);
        }
    }

    std::vector<Backend> all_;
    std::vector<std::uint32_t> usable_;
    std::uint64_t version_ = 0;
};

}  // namespace archsim::models
