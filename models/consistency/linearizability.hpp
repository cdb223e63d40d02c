// The always-on linearizability check: judges every key of a history while it is produced, keeping
// a few numbers per version instead of the operations.
#pragma once

#include "models/consistency/in_flight.hpp"
#include "models/consistency/key_indices.hpp"
#include "models/consistency/packed_read.hpp"
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
    /// The only version of a key that may still be read legally, if there is just one and the key
    /// is watched: a read of it changes nothing but which read of it began last.
    [[nodiscard]] std::optional<Version> only_version(std::uint32_t key_index) const {
        const KeyState& state = keys_[key_index];
        if (state.violated || state.only_slot == unwritten) return std::nullopt;
        return state.only_version;
    }
    /// So many of such reads ended, ...
    void count_reads(std::int64_t count) { verdict_.reads += count; }
    /// ... and of those since the last call for this key, this one began last.
    void only_version_read(const Operation& operation, std::uint32_t key_index);

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
    /// here, what it will most likely touch next, or nullptr.
    [[nodiscard]] const void* address_of_key(std::uint32_t key_index) const {
        return &keys_[key_index];
    }
    [[nodiscard]] const void* likely_cluster(std::uint32_t key_index) const {
        const std::uint32_t slot = keys_[key_index].only_slot;
        return slot == unwritten ? nullptr : &clusters_[slot];
    }
    /// Whether `key` has been found not linearizable (phantoms are found by verdict() alone).
    [[nodiscard]] bool violates(std::uint64_t key) const;
    /// Bytes held for the versions, keys and live operations.
    [[nodiscard]] std::size_t memory() const;

private:
    // What is kept for good of every version.
    struct VersionEntry {
        Order first_end = after_history;
        sim::Instant first_end_time = sim::Instant::never();
        std::uint32_t key = 0;
        std::uint32_t slot = 0;  // of its live cluster, or one of the marks below
    };
    static_assert(sizeof(VersionEntry) == 24);
    static constexpr std::uint32_t unwritten = 0xffffffff;
    static constexpr std::uint32_t retired = 0xfffffffe;
    static constexpr std::uint32_t aborted = 0xfffffffd;

    // A version that may still be read legally, with the operations that attain f and s. Mostly
    // those are its write and a read that takes little space: then only the first of the four lines
    // of the processor's cache is looked at again.
    struct alignas(64) Cluster : private PackedRead {
        enum class Last : std::uint8_t { write, packed_read, read };

        bool first_is_write = false;
        Last last_is = Last::write;
        Version version = 0;
        Order first_end = after_history;  // f
        Order prefix = before_history;    // bound of s over the list up to here
        alignas(64) Operation write;
        Operation first_read;  // means something unless first_is_write
        Operation last_read;   // means something if last_is says so

        [[nodiscard]] Order last_start() const { return invoked_order(); }  // s
        [[nodiscard]] const Operation& first() const { return first_is_write ? write : first_read; }
        [[nodiscard]] Operation last(std::uint64_t key) const;
        void open(Version opened);
        void set_first(const Operation& operation);
        void set_last(const Operation& operation);
    };
    static_assert(sizeof(Cluster) == 256);

    struct alignas(64) KeyState {
        std::uint64_t key = 0;
        // Slots of clusters with an answer, by rising f.
        boost::container::small_vector<std::uint32_t, 2> live;
        std::uint32_t initial_slot = unwritten;
        std::uint32_t only_slot = unwritten;     // the one in `live`, if it is alone there
        Version only_version = initial_version;  // its version
        bool is_used = false;                    // by an operation
        bool violated = false;
    };

    static_assert(sizeof(KeyState) == 64);

    void add_key(std::uint64_t key);
    VersionEntry* entry(Version version);
    std::uint32_t open_cluster(Version version);
    void close_cluster(std::uint32_t slot);
    bool confirms_only(const Operation& operation, const KeyState& state);
    void write_completed(const Operation& operation, std::uint32_t key);
    void read_completed(const Operation& operation, std::uint32_t key);
    std::uint32_t cluster_to_read(const Operation& operation, std::uint32_t key);
    std::uint32_t initial_cluster(std::uint32_t key);
    std::uint32_t reopened_cluster(Version version, std::uint32_t key);
    void add_answer(std::uint32_t slot, const Operation& operation, std::uint32_t key);
    void raise_prefix(KeyState& state, std::size_t from);
    std::optional<std::uint32_t> contradiction(const KeyState& state, std::uint32_t slot) const;
    void retire(KeyState& state);
    bool replaced(const KeyState& state, std::size_t index) const;
    void contradict(std::uint32_t key, std::uint32_t slot, std::uint32_t other);
    void abandon(Version version);
    void violate(std::uint32_t key, Violation violation, std::vector<Operation> operations);

    std::size_t witnesses_kept_;
    InFlight in_flight_;
    Order horizon_ = before_history;                 // at the latest end
    std::vector<std::vector<VersionEntry>> chunks_;  // version v is entry v
    std::size_t versions_ = 0;
    std::vector<Cluster> clusters_;
    std::vector<std::uint32_t> free_slots_;
    KeyIndices key_indices_;
    std::vector<KeyState> keys_;
    // First read of each version not (yet) written, by version and key.
    std::map<std::pair<Version, std::uint64_t>, Operation> read_early_;
    LinearizabilityVerdict verdict_;
};

}  // namespace archsim::models
