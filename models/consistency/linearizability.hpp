// The always-on linearizability check: judges every key of a history while it is produced, keeping
// a few numbers per version instead of the operations.
#pragma once

#include "models/consistency/block_vector.hpp"
#include "models/consistency/clusters.hpp"
#include "models/consistency/in_flight.hpp"
#include "models/consistency/key_indices.hpp"
#include "models/consistency/witness.hpp"
#include "models/consistency/zones.hpp"
#include "models/history.hpp"

#include <boost/container/small_vector.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace archsim::models {

/// What the check found.
struct LinearizabilityVerdict {
    std::int64_t keys = 0;            ///< Keys with at least one operation.
    std::int64_t violating_keys = 0;  ///< Of those, not linearizable.
    std::int64_t reads = 0;           ///< Reads that returned a value.
    std::int64_t writes = 0;          ///< Writes, answered or not.
    std::array<std::int64_t, violation_count> keys_by_violation{};  ///< By first violation found.
    std::vector<Witness> witnesses;  ///< One per violating key, in the order of discovery.

    /// Whether every key, and so the whole history, is linearizable (Herlihy and Wing, 1990).
    [[nodiscard]] bool linearizable() const { return violating_keys == 0; }
};

/// Streaming form of check_zones. Two versions a and b contradict each other iff a had an answer
/// before some operation on b began, and the other way round: f_a < s_b and f_b < s_a. So it keeps
/// f and s of the live versions of a key and looks for a partner whenever one of them changes.
/// A version is retired once another one has replaced it for good (see retire() in the source);
/// reading it later is certainly a violation, for which 24 bytes per version suffice.
/// Cost: O(1 + overlapping operations on the key) per event. A key is no longer watched after its
/// first violation.
class LinearizabilityChecker {
public:
    /// Stores at most this many witnesses; the counts stay complete.
    explicit LinearizabilityChecker(std::size_t witnesses_kept = 100)
        : witnesses_kept_{witnesses_kept} {}

    /// Requires: ids 0, 1, 2, ..., orders that never decrease over all calls (at equal orders
    /// invocations first), write versions dense (each at most the number of writes so far + 2^20).
    void invoked(const Operation& operation) {
        in_flight_.invoked(operation);
        begun(operation, key_index(operation.key));
    }
    /// Requires: invoked before, completed at most once.
    void completed(const Operation& operation) {
        in_flight_.completed(operation);
        ended(operation, key_index(operation.key), in_flight_.horizon());
    }

    /// As invoked(), for callers that know the horizon themselves: the beginning of a read may come
    /// late, but before its end.
    void begun(const Operation& operation, std::uint32_t key_index);
    /// As completed(); no later event belongs to an operation invoked before `horizon`.
    void ended(const Operation& operation, std::uint32_t key_index, Order horizon);
    /// The leading version of a key, if there is one and the key is watched: the last to be
    /// answered first, with no operation on another that began after that. Until something else
    /// happens to the key, a read of it changes nothing but which read of it began last.
    [[nodiscard]] std::optional<Version> leading_version(std::uint32_t key_index) const {
        const KeyState& state = keys_[key_index];
        if (state.violated || state.leading_slot == unwritten) return std::nullopt;
        return state.leading_version;
    }
    /// So many of such reads ended, ...
    void count_reads(std::int64_t count) { verdict_.reads += count; }
    /// ... and of those since the last call for this key, this one began last.
    void leading_version_read(const PackedRead& read, std::uint32_t key_index);

    /// The verdict so far; values that were read but never written count as phantoms only here.
    [[nodiscard]] LinearizabilityVerdict verdict() const;

    /// A small dense number for the key, the same at every call. O(1).
    [[nodiscard]] std::uint32_t key_index(std::uint64_t key) {
        const std::uint32_t index = key_indices_.add(key);
        if (index == keys_.size()) add_key(key);
        return index;
    }
    /// That number, if the key has been met. O(1).
    [[nodiscard]] std::optional<std::uint32_t> known_index(std::uint64_t key) const {
        return key_indices_.find(key);
    }
    /// What an event of this key index will touch first, to be fetched before; and, once that is
    /// here, the clusters that it will most likely touch next, or nullptr.
    [[nodiscard]] const void* address_of_key(std::uint32_t key_index) const {
        return &keys_[key_index];
    }
    [[nodiscard]] const void* leading_cluster(std::uint32_t key_index) const {
        const std::uint32_t slot = keys_[key_index].leading_slot;
        return slot == unwritten ? nullptr : &clusters_[slot];
    }
    [[nodiscard]] const void* oldest_cluster(std::uint32_t key_index) const {
        const KeyState& state = keys_[key_index];
        return state.live.empty() ? nullptr : &clusters_[state.live.front()];
    }
    /// Whether `key` has been found not linearizable (phantoms are found by verdict() alone).
    [[nodiscard]] bool violates(std::uint64_t key) const;
    /// Bytes held for the versions, keys and live operations.
    [[nodiscard]] std::size_t memory() const;

private:
    // What may stand in place of a slot.
    static constexpr std::uint32_t unwritten = 0xffffffff;
    static constexpr std::uint32_t retired = 0xfffffffe;
    static constexpr std::uint32_t aborted = 0xfffffffd;
    // What is kept for good of every version.
    struct VersionEntry {
        Order first_end = after_history;
        sim::Instant first_end_time = sim::Instant::never();
        std::uint32_t key = 0;
        std::uint32_t slot =
            unwritten;  // of its cluster while that is its own, or one of the marks below
    };
    static_assert(sizeof(VersionEntry) == 24);
    // Whether a version has a cluster. One that was retired may have none whatever its slot says,
    // so that nobody has to look the entry up only to write that down.
    [[nodiscard]] bool is_live(const VersionEntry& record, Version version) const {
        return record.slot < aborted && clusters_.is_of(record.slot, version);
    }

    struct alignas(64) KeyState {
        std::uint64_t key = 0;
        // Slots of clusters with an answer, by rising f.
        boost::container::small_vector<std::uint32_t, 2> live;
        std::uint32_t initial_slot = unwritten;
        std::uint32_t leading_slot = unwritten;     // of the leading version, if there is one
        Version leading_version = initial_version;  // that version
        bool is_used = false;                       // by an operation
        bool violated = false;
    };

    static_assert(sizeof(KeyState) == 64);

    void add_key(std::uint64_t key);
    VersionEntry* entry(Version version);
    void write_completed(const Operation& operation, std::uint32_t key);
    void read_completed(const Operation& operation, std::uint32_t key);
    std::uint32_t cluster_to_read(const Operation& operation, std::uint32_t key);
    std::uint32_t initial_cluster(std::uint32_t key);
    std::uint32_t reopened_cluster(Version version, std::uint32_t key);
    void add_answer(std::uint32_t slot, const Operation& operation, std::uint32_t key);
    void raise_prefix(KeyState& state, std::size_t from);
    std::optional<std::uint32_t> contradiction(const KeyState& state, std::uint32_t slot) const;
    void retire(KeyState& state);
    void find_leading(KeyState& state);
    bool replaced(const KeyState& state, std::size_t index) const;
    void contradict(std::uint32_t key, std::uint32_t slot, std::uint32_t other);
    void abandon(Version version);
    void violate(std::uint32_t key, Violation violation, std::vector<Operation> operations);

    std::size_t witnesses_kept_;
    InFlight in_flight_;
    Order horizon_ = before_history;      // at the latest end
    BlockVector<VersionEntry> versions_;  // version v is entry v
    Clusters clusters_;
    KeyIndices key_indices_;
    BlockVector<KeyState> keys_;
    // First read of each version not (yet) written, by version and key.
    std::map<std::pair<Version, std::uint64_t>, Operation> read_early_;
    LinearizabilityVerdict verdict_;
};

}  // namespace archsim::models
