// Writes that a write-behind cache has answered and the origin does not have yet: one for each
// dirty key, the longest dirty first. It knows no time.
#pragma once

#include "models/cache/slab.hpp"
#include "models/request.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace archsim::models::cache {

/// The dirty entries. Each waits or is being sent; a write to one that is being sent waits for the
/// answer, so that the origin never gets two writes to a key at once. All operations O(1) on
/// average.
class WriteBuffer {
public:
    /// Adds a write. False if it replaces one of the same key: the key was dirty already.
    bool put(const Request& write);
    /// The newest write to the key, or nullptr. The pointer ends with the next call that is not
    /// const.
    [[nodiscard]] const Request* find(std::uint64_t key) const;
    [[nodiscard]] bool contains(std::uint64_t key) const { return slot_of(key) != no_slot; }

    /// Takes the write that waits longest for sending; nothing if none waits.
    [[nodiscard]] std::optional<Request> send_oldest();
    /// The same for one key; nothing if it does not wait.
    [[nodiscard]] std::optional<Request> send(std::uint64_t key);
    /// A write that was being sent is answered. True if its key is clean now: the origin took the
    /// write, and no newer one has come. Else the key waits again.
    bool answered(const Request& write, bool taken);

    /// Dirty keys.
    [[nodiscard]] std::size_t count() const { return index_.count(); }
    /// Those of them that wait.
    [[nodiscard]] std::size_t waiting() const { return waiting_count_; }
    /// Forgets everything, as in a crash.
    void clear();

private:
    [[nodiscard]] Slot slot_of(std::uint64_t key) const {
        return index_.find(key, [this](Slot slot) { return slab_[slot].key; });
    }
    [[nodiscard]] Request start(Slot slot);

    Slab slab_;  // the mark of an entry says whether it is being sent
    Index index_;
    List waiting_;
    std::size_t waiting_count_ = 0;
    std::vector<Request> writes_;
};

}  // namespace archsim::models::cache
