// The operations on one version that the check of a key looks at, for all versions that may still
// be read legally.
#pragma once

#include "models/consistency/block_vector.hpp"
#include "models/consistency/packed_read.hpp"
#include "models/history.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

namespace archsim::models {

/// What is kept of the operations on one version: its first answer f and the latest beginning s of
/// an operation, with those that attain them. Mostly they are its write and a read that takes
/// little space; other ones stand in maps of the Clusters. After the write only the first of the
/// two lines of the processor's cache is looked at again.
struct alignas(64) Cluster : PackedRead {
    /// Where the operation that began last is kept.
    enum class Last : std::uint8_t { none, write, packed_read, read };

    bool first_is_write = false;
    Last last_is = Last::none;
    Version version = 0;
    Order first_end = after_history;  ///< f
    Order prefix = before_history;    ///< Bound of s over the list of the key up to here.
    alignas(64) Operation write;

    /// Stands for the version of a cluster that is not open.
    static constexpr Version closed = std::numeric_limits<Version>::max();

    /// s; before_history before the first operation.
    [[nodiscard]] Order last_start() const { return invoked_order(); }
    /// Keeps a read as the operation that began last.
    void set_last(const PackedRead& read) {
        last_is = Last::packed_read;
        static_cast<PackedRead&>(*this) = read;
    }
};
static_assert(sizeof(Cluster) == 128);

/// Clusters by slot; the slots of closed ones are used again. O(1) per call, and O(log clusters)
/// for operations that are not kept in the cluster itself.
class Clusters {
public:
    /// The slot of an empty cluster.
    [[nodiscard]] std::uint32_t open(Version version);
    /// Requires: open.
    void close(std::uint32_t slot);
    /// Whether the cluster of this slot is open and that of this version.
    [[nodiscard]] bool is_of(std::uint32_t slot, Version version) const {
        return slot < places_.size() && places_[slot].version == version;
    }
    [[nodiscard]] Cluster& operator[](std::uint32_t slot) { return places_[slot]; }
    [[nodiscard]] const Cluster& operator[](std::uint32_t slot) const { return places_[slot]; }

    /// Keeps an operation as the one that was answered first, or that began last. A write that was
    /// answered first is kept as Cluster::write by the caller.
    void set_first(std::uint32_t slot, const Operation& operation);
    void set_last(std::uint32_t slot, const Operation& operation);
    /// That operation. Requires: it was set; `key` is its key.
    [[nodiscard]] Operation first(std::uint32_t slot) const;
    [[nodiscard]] Operation last(std::uint32_t slot, std::uint64_t key) const;

    /// Bytes held.
    [[nodiscard]] std::size_t memory() const;

private:
    BlockVector<Cluster> places_;
    std::vector<std::uint32_t> free_;
    // By slot: first answers that are reads, last ones that take more space than a PackedRead.
    std::map<std::uint32_t, Operation> first_reads_;
    std::map<std::uint32_t, Operation> last_reads_;
};

}  // namespace archsim::models
