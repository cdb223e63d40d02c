// The operations in flight of a history, and which of them began first.
#pragma once

#include "models/history.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace archsim::models {

/// All operations that have begun and not ended. O(1) amortised per operation, and O(log of them)
/// for one that outlives dozens of others; 64 bytes for each of four times the most that ever
/// were in flight together, or for 64.
class OpenOperations {
public:
    /// Adds an operation like `draft`, which has not ended, after all others, with number and
    /// beginning filled in. The next call may move it.
    Operation& add(const Operation& draft, sim::Instant now, Order order) {
        if (next_id_ - first_id_ == window_.size()) [[unlikely]]
            make_room();
        if (first_id_ == next_id_) first_order_ = order;
        const std::uint64_t id = next_id_++;
        Operation& added = place(id);
        added = draft;
        added.id = id;
        added.invoked = now;
        added.invoked_order = order;
        word(id) |= bit(id);
        ++in_window_;
        return added;
    }
    /// Removes one, which stays readable until the next call. Requires: it is in flight.
    Operation& remove(std::uint64_t id) {
        if (id < first_id_) [[unlikely]]
            return remove_straggler(id);
        word(id) &= ~bit(id);
        --in_window_;
        if (id == first_id_) skip_ended();
        return place(id);
    }
    /// When the one that began first began; `otherwise` if there is none.
    [[nodiscard]] Order oldest(Order otherwise) const {
        if (!stragglers_.empty()) [[unlikely]]
            return stragglers_.begin()->second.invoked_order;
        return first_id_ == next_id_ ? otherwise : first_order_;
    }
    /// How many were ever added.
    [[nodiscard]] std::uint64_t begun() const { return next_id_; }
    /// Calls `visit` with each, in the order of invocation. O(of them and those since the first).
    template <class Visit>
    void each(const Visit& visit) const {
        for (const auto& [id, operation] : stragglers_) visit(operation);
        for (std::uint64_t id = first_id_; id < next_id_; ++id) {
            if ((open_[index(id) / 64] & bit(id)) != 0) visit(window_[index(id)].operation);
        }
    }

private:
    // A line of the processor's cache.
    struct alignas(64) Place {
        Operation operation;
    };

    [[nodiscard]] std::size_t index(std::uint64_t id) const {
        return static_cast<std::size_t>(id) & (window_.size() - 1);
    }
    [[nodiscard]] Operation& place(std::uint64_t id) { return window_[index(id)].operation; }
    [[nodiscard]] std::uint64_t& word(std::uint64_t id) { return open_[index(id) / 64]; }
    [[nodiscard]] static std::uint64_t bit(std::uint64_t id) {
        return std::uint64_t{1} << (id & 63);
    }
    // The window begins with an operation that is in flight, or is empty.
    void skip_ended() {
        while (first_id_ != next_id_) {
            const std::uint64_t rest = word(first_id_) >> (first_id_ & 63);
            if (rest != 0) {
                first_id_ += static_cast<std::uint64_t>(std::countr_zero(rest));
                first_order_ = place(first_id_).invoked_order;
                return;
            }
            first_id_ = (first_id_ | 63) < next_id_ ? (first_id_ | 63) + 1 : next_id_;
        }
    }
    void make_room();
    Operation& remove_straggler(std::uint64_t id);

    static constexpr std::size_t least = 64;
    // A power of two; by id, from first_id_ to next_id_.
    std::vector<Place> window_ = std::vector<Place>(least);
    // A bit for each place of the window.
    std::vector<std::uint64_t> open_ = std::vector<std::uint64_t>(least / 64);
    std::size_t in_window_ = 0;  // in flight
    std::uint64_t first_id_ = 0;
    std::uint64_t next_id_ = 0;
    Order first_order_ = 0;                          // of the first in the window
    std::map<std::uint64_t, Operation> stragglers_;  // that began before first_id_, by id
    Operation ended_straggler_;
};

}  // namespace archsim::models
