// What has become of the writes of a replica set, as nobody in it can know: who reigned from which
// position on, and which acknowledged writes a new reign has left behind. For agreeing on a common
// prefix of two logs, and for counting losses.
#pragma once

#include "models/database/versioned_data.hpp"
#include "sim/units.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace archsim::models {

/// The primaries of a replica set, one after another, from epoch 1.
class Reigns {
public:
    struct Reign {
        std::size_t primary = 0;
        LogPosition start = 0;  ///< Up to where its log agreed with that of the reign before.
        sim::Instant began;
    };
    /// The member `primary` reigns from now on. Returns the epoch.
    std::uint64_t begin(std::size_t primary, LogPosition start, sim::Instant now) {
        reigns_.push_back({primary, start, now});
        return reigns_.size();
    }
    [[nodiscard]] std::uint64_t present() const { return reigns_.size(); }
    /// Requires: 1 <= epoch <= present().
    [[nodiscard]] const Reign& at(std::uint64_t epoch) const {
        return reigns_[static_cast<std::size_t>(epoch - 1)];
    }
    /// Up to where a log of epoch `older` agrees with that of the primary of `newer`; real members
    /// find it by comparing the epochs of their entries. O(epochs between).
    [[nodiscard]] LogPosition common(std::uint64_t older, std::uint64_t newer) const {
        LogPosition position = UINT64_MAX;
        for (std::uint64_t epoch = older + 1; epoch <= newer; ++epoch) {
            position = std::min(position, at(epoch).start);
        }
        return position;
    }

private:
    std::vector<Reign> reigns_;
};

/// The log of the present reign, and which of its entries a client has been told of.
class Timeline {
public:
    void appended() { acknowledged_.push_back(false); }
    [[nodiscard]] LogPosition end() const { return base_ + acknowledged_.size(); }
    /// The entry at `position` is acknowledged. Entries that were forgotten count already.
    void acknowledge(LogPosition position) {
        if (position > base_ && position <= end()) acknowledged_[index(position)] = true;
    }
    /// Takes back everything after `position` and returns how many acknowledged entries there were.
    std::size_t cut(LogPosition position) {
        std::size_t lost = 0;
        while (end() > position && !acknowledged_.empty()) {
            lost += acknowledged_.back() ? 1 : 0;
            acknowledged_.pop_back();
        }
        if (end() > position) {
            lost += static_cast<std::size_t>(base_ - position);
            base_ = position;
        }
        return lost;
    }
    /// Forgets the entries up to `position`, which every member has. Entries that nobody was told
    /// of count as acknowledged from here on.
    void trim(LogPosition position) {
        while (base_ < position && !acknowledged_.empty()) {
            acknowledged_.pop_front();
            ++base_;
        }
    }

private:
    [[nodiscard]] std::size_t index(LogPosition position) const {
        return static_cast<std::size_t>(position - base_ - 1);
    }
    std::deque<bool> acknowledged_;
    LogPosition base_ = 0;
};

}  // namespace archsim::models
