// The order of versions in a last-write-wins database: by the time at which a coordinator took the
// write, as its own clock shows it, and among equal times by coordinator.
#pragma once

#include "models/history.hpp"
#include "sim/units.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace archsim::models {

/// The stamp of every version of one database. A real message carries the stamp with the version;
/// here it is looked up by the version.
class WriteOrder {
public:
    /// The most coordinators.
    static constexpr std::uint64_t coordinators_most = 128;

    /// Stamps a version, unless it has a stamp; whether it had none. With `after`, the place of
    /// what the write replaces, it comes after that whatever the clock shows, as with hybrid
    /// logical clocks (Kulkarni et al., 2014). O(1) amortised. Requires: coordinator <
    /// coordinators_most.
    bool stamp(Version version, sim::Instant clock, std::size_t coordinator,
               std::uint64_t after = 0) {
        if (stamps_.size() <= version) stamps_.resize(version + 1);
        if (stamps_[version] != 0) return false;
        if (last_.size() <= coordinator) last_.resize(coordinator + 1);
        // A clock set back does not let a coordinator stamp two of its own writes alike.
        std::uint64_t& last = last_[coordinator];
        const std::int64_t shown = std::clamp<std::int64_t>(clock.count(), 0, time_most);
        last = std::max(last + 1, static_cast<std::uint64_t>(shown) + 1);
        const std::uint64_t time = std::max(last, after / coordinators_most + 1);
        stamps_[version] = time * coordinators_most + coordinator;
        return true;
    }
    /// Takes the stamp of a version back. Requires: it has one.
    void forget(Version version) { stamps_[version] = 0; }
    /// Place of a version among all, from 1; 0 is the initial one. O(1).
    [[nodiscard]] std::uint64_t place(Version version) const {
        return version < stamps_.size() ? stamps_[version] : 0;
    }
    [[nodiscard]] bool is_newer(Version version, Version than) const {
        return place(version) > place(than);
    }

private:
    static constexpr std::int64_t time_most = INT64_MAX / 256;  // 417 days of distinct times
    std::vector<std::uint64_t> stamps_;                         // by version
    std::vector<std::uint64_t> last_;                           // time by coordinator
};

}  // namespace archsim::models
