// What the metrics need to know of every version, one row per version, found by its number.
#pragma once

#include "models/consistency/block_vector.hpp"
#include "models/history.hpp"

#include <cstddef>
#include <cstdint>

namespace archsim::models {

/// A place in the history and its time.
struct Stamp {
    Order order = after_history;
    sim::Instant time = sim::Instant::never();

    /// Whether the event has happened.
    [[nodiscard]] bool is_set() const { return order != after_history; }
};

/// The life of one version, but for its acknowledgement: what a read needs is one line of the
/// processor's cache.
struct alignas(64) VersionFacts {
    Stamp write_start;  ///< Invocation of its write.
    Stamp first_end;    ///< Earliest completion of its write or of a read that returned it.
    sim::Instant last_read = sim::Instant::origin();  ///< Latest invocation of a read of it.
    std::uint64_t position = 0;  ///< Place in the store's order, 0 if not told.
    Version parent = 0;
    std::uint32_t key_index = 0;    ///< Index of its key among the keys of the history.
    bool is_read : 1 = false;       ///< Some read returned it.
    bool is_created : 1 = false;    ///< The store told of its creation.
    bool is_in_line : 1 = false;    ///< It replaced the newest version of its key so far.
    bool has_child : 1 = false;     ///< Replaced, while it was not the newest, by another version.
    bool is_reachable : 1 = false;  ///< Set at the end: part of what the final state grew from.

    /// A read that began then returned the version.
    void note_read(sim::Instant began) {
        if (!is_read || last_read < began) last_read = began;
        is_read = true;
    }
};
static_assert(sizeof(VersionFacts) == 64);

/// Rows of versions 1, 2, ..., which never move. O(1) per access.
class VersionTable {
public:
    /// The row of a version, made if need be. Requires: version >= 1, and dense numbering.
    [[nodiscard]] VersionFacts& at(Version version) {
        rows_.grow_to(version);
        return rows_[version - 1];
    }
    /// The row of a version that has one, else nullptr.
    [[nodiscard]] const VersionFacts* find(Version version) const {
        return version == 0 || version > rows_.size() ? nullptr : &rows_[version - 1];
    }
    /// Completion of the write of a version. Requires: it has a row.
    [[nodiscard]] const Stamp& ack(Version version) const {
        static constexpr Stamp never{};
        return version > acks_.size() ? never : acks_[version - 1];
    }
    /// Notes it. Requires: the version has a row.
    void acknowledge(Version version, const Stamp& ack) {
        acks_.grow_to(version);
        acks_[version - 1] = ack;
    }
    /// The largest version that has a row.
    [[nodiscard]] Version size() const { return rows_.size(); }
    /// Bytes held.
    [[nodiscard]] std::size_t memory() const { return rows_.memory() + acks_.memory(); }

    /// Whether the store tells positions; then they order versions, else only real time does.
    [[nodiscard]] bool has_positions() const { return has_positions_; }
    /// Notes a version's position. Requires: told for all versions or none.
    void set_position(Version version, std::uint64_t position) {
        at(version).position = position;
        has_positions_ = has_positions_ || position != 0;
    }

    /// A number that exceeds older_rank(v) iff this version is newer than v. With positions both
    /// ranks are the position. Without them a version is certainly newer only if its write began
    /// after an answer that showed v, so what is counted is a lower bound.
    [[nodiscard]] Order newer_rank(Version version) const {
        const VersionFacts* facts = find(version);
        if (facts == nullptr) return before_history;
        if (!has_positions_) return facts->write_start.order;
        return facts->position == 0 ? before_history : static_cast<Order>(facts->position);
    }
    /// See newer_rank(). A version that nothing is known of is not older than any.
    [[nodiscard]] Order older_rank(Version version) const {
        if (version == initial_version) return before_history;
        const VersionFacts* facts = find(version);
        if (facts == nullptr) return after_history;
        if (!has_positions_) return facts->first_end.order;
        return facts->position == 0 ? after_history : static_cast<Order>(facts->position);
    }

private:
    BlockVector<VersionFacts> rows_;  // by version - 1
    BlockVector<Stamp> acks_;         // likewise
    bool has_positions_ = false;
};

}  // namespace archsim::models
