// The state of a resharding: which keys are to move where, which one is moving now, and who uses a
// key at present. The sharded database does the copying.
#pragma once

#include "models/database/shard_layout.hpp"
#include "sim/signal.hpp"
#include "sim/simulation.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace archsim::models {

/// Moves keys from where a table has them to where a second table wants them, one at a time.
class Migration {
public:
    explicit Migration(sim::Simulation& simulation)
        : simulation_{simulation}, moved_{simulation}, drained_{simulation} {}

    /// A request on its way to the shard of its key. Lives in the frame that waits for the answer.
    class Passage {
    public:
        Passage(Migration& migration, std::uint64_t key) : migration_{migration}, key_{key} {
            next_ = migration.passages_;
            if (next_ != nullptr) next_->previous_ = this;
            migration.passages_ = this;
        }
        Passage(const Passage&) = delete;
        Passage& operator=(const Passage&) = delete;
        ~Passage() {
            (previous_ != nullptr ? previous_->next_ : migration_.passages_) = next_;
            if (next_ != nullptr) next_->previous_ = previous_;
            if (migration_.moving_ == key_) migration_.drained_.notify_all();
        }

    private:
        friend class Migration;
        Migration& migration_;
        std::uint64_t key_;
        Passage* next_ = nullptr;
        Passage* previous_ = nullptr;
    };

    /// What a finished resharding came to.
    struct Summary {
        std::uint64_t moved = 0;  ///< Keys.
        sim::Duration length;
    };

    /// Sets where every key shall be. Begins a resharding, or changes the goal of one under way.
    void plan(const ShardTable& table, ShardTable target);
    /// Where every key shall be: `table`, if no resharding is under way.
    [[nodiscard]] const ShardTable& target(const ShardTable& table) const {
        return is_under_way() ? target_ : table;
    }
    [[nodiscard]] bool is_under_way() const { return began_.has_value(); }
    [[nodiscard]] const std::optional<Summary>& last() const { return last_; }

    /// Whether a key is not yet where it shall be; if not, the resharding ends now. Keys come in
    /// ascending order, those that failed again after the others. O(keys) in all.
    [[nodiscard]] bool has_next(const ShardTable& table);
    /// The key that has_next() found.
    [[nodiscard]] std::uint64_t next() const { return at_; }
    [[nodiscard]] std::uint32_t goal_of(std::uint64_t key) const { return target_[key]; }

    /// Stops new requests for a key.
    void hold(std::uint64_t key) { moving_ = key; }
    /// Lets them go on; `done` tells whether the key has moved.
    void release(bool done);
    /// The process that moved keys is gone; whoever waited for a key is gone as well.
    void interrupt() { moving_.reset(); }

    [[nodiscard]] bool is_moving(std::uint64_t key) const { return moving_ == key; }
    /// Whether requests for a key are on their way. O(requests on their way).
    [[nodiscard]] bool is_used(std::uint64_t key) const;
    /// Notified when a key has stopped moving.
    [[nodiscard]] sim::Signal& moved() { return moved_; }
    /// Notified when a request for the key that moves has ended.
    [[nodiscard]] sim::Signal& drained() { return drained_; }

private:
    sim::Simulation& simulation_;
    sim::Signal moved_;
    sim::Signal drained_;
    Passage* passages_ = nullptr;
    std::optional<std::uint64_t> moving_;
    ShardTable target_;
    std::uint64_t at_ = 0;
    std::uint64_t moved_keys_ = 0;
    std::optional<sim::Instant> began_;
    std::optional<Summary> last_;
};

}  // namespace archsim::models
