// What the members of one quorum database share: parameters, the order of versions, the messages
// between members, and what is measured over all of them.
#pragma once

#include "models/catalog.hpp"
#include "models/database/poll.hpp"
#include "models/database/quorum_config.hpp"
#include "models/database/write_order.hpp"
#include "models/station_metrics.hpp"
#include "sim/metrics.hpp"
#include "sim/rng.hpp"

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace archsim::models {

class QuorumMember;

/// What a coordinator asks a replica.
struct ReplicaOrder {
    std::uint64_t key = 0;
    Version version = initial_version;  ///< Of a write.
    sim::Bytes size;                    ///< Payload of the message.
    Access access = Access::read;
    std::uint8_t priority = 0;
    std::uint8_t owner = 0;      ///< Which replica it is for, whoever stands in for it.
    bool is_comparison = false;  ///< Neither: say that the hash tree may be compared.
};

/// The shared part of a quorum database. Not movable.
class QuorumGroup {
public:
    QuorumGroup(QuorumConfig config, const BuildContext& context);
    QuorumGroup(const QuorumGroup&) = delete;
    QuorumGroup& operator=(const QuorumGroup&) = delete;
    ~QuorumGroup();

    /// Connects a member, which outlives the group's messages, with all before it. Replicas come
    /// first. Returns its number.
    std::size_t add(QuorumMember& member);

    /// Number of the replica nearest to a region; the first of several.
    [[nodiscard]] std::size_t nearest_replica(std::uint32_t region) const;

    /// Sends an order; what the replica says goes to the poll of `ticket`, if it is still open.
    /// May call back before it returns. O(1).
    void send(std::size_t coordinator, std::size_t replica, const ReplicaOrder& order,
              Polls::Ticket ticket);
    /// Sends an order to every replica, or to its stand-in if it refuses. O(replicas).
    void send_all(std::size_t coordinator, const ReplicaOrder& order, Polls::Ticket ticket);
    /// Sends an order for `replica` to its stand-in, whose refusal says nothing.
    void send_instead(std::size_t coordinator, std::size_t replica, const ReplicaOrder& order,
                      Polls::Ticket ticket);

    /// The version of a write that a coordinator takes; gives it its place in the order.
    [[nodiscard]] Version take(const Request& request, const QuorumMember& coordinator);
    /// A replica holds this version now.
    void held(std::uint64_t key, Version version, std::size_t replica);
    /// A stand-in holds it for a replica.
    void stands_in(std::uint64_t key, Version version);
    /// Two replicas have each other's hash trees: both send what the other lacks. O(keys).
    void even_out(std::size_t a, std::size_t b);
    /// A client will hear that this version is written.
    void committed(std::uint64_t key, Version version);
    /// Tells what each key holds; false if something is still on its way.
    [[nodiscard]] bool report_settled(HistoryRecorder& history) const;

    [[nodiscard]] const QuorumConfig& config() const { return config_; }
    [[nodiscard]] const BuildContext& context() const { return context_; }
    [[nodiscard]] std::size_t replicas() const {
        return static_cast<std::size_t>(config_.replicas);
    }
    /// Replicas and stand-ins, which follow them.
    [[nodiscard]] std::size_t holders() const {
        return replicas() +
               (config_.stand_ins ? static_cast<std::size_t>(config_.stand_ins->count) : 0);
    }
    [[nodiscard]] const WriteOrder& order() const { return order_; }
    [[nodiscard]] Polls& polls() { return polls_; }
    [[nodiscard]] StationMetrics& stations() { return stations_; }

    sim::Counter& requests;
    sim::Counter& no_quorum;
    sim::Counter& write_backs;
    sim::Counter& read_repairs;
    sim::Counter& hints;

private:
    class Errand;
    [[nodiscard]] std::size_t stand_in_of(std::size_t replica) const {
        return replicas() + replica % (holders() - replicas());
    }
    void publish();
    void send_row(std::size_t from, std::size_t to, std::uint64_t key);
    void forward(Errand& errand);
    void arrive(Errand& errand);
    void back(Errand& errand, const ReplicaReply& reply);
    void finish(Errand& errand);
    /// Lets an errand wait, or go, while a node that it has reached stands still; whether it does.
    [[nodiscard]] bool waits_for(const QuorumMember& node, Errand& errand);

    QuorumConfig config_;
    BuildContext context_;
    StationMetrics stations_;
    WriteOrder order_;
    Polls polls_;
    LinkConfig plain_;  // of every link: what the network says
    sim::Rng rng_;
    sim::Rng answer_rng_;
    sim::Counter& stand_in_writes_;
    sim::Counter& comparisons_;
    sim::Counter& repaired_rows_;
    sim::Counter& compared_bytes_;
    std::vector<QuorumMember*> members_;
    std::vector<std::vector<Link*>> links_;  // from, to a replica; none to itself
    struct Newest {
        Version held = initial_version;       // by some replica
        Version committed = initial_version;  // as a client has been told
    };
    std::unordered_map<std::uint64_t, Newest> newest_;  // by key; looked up, never gone through
    std::vector<std::uint64_t> keys_;                   // of newest_, as they came
    Errand* errands_ = nullptr;                         // all that are on their way
};

}  // namespace archsim::models
