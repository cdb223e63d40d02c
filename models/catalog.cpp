// The one table of node kinds.
#include "models/catalog.hpp"

#include <array>

namespace archsim::models {

extern const NodeKind open_loop_kind;
extern const NodeKind closed_loop_kind;
extern const NodeKind replay_kind;
extern const NodeKind load_balancer_kind;
extern const NodeKind service_kind;
extern const NodeKind message_queue_kind;
extern const NodeKind task_queue_kind;
extern const NodeKind pub_sub_kind;
extern const NodeKind object_store_kind;
extern const NodeKind cdn_kind;
extern const NodeKind dns_kind;
extern const NodeKind active_passive_kind;
extern const NodeKind active_active_kind;
extern const NodeKind cache_kind;
extern const NodeKind ring_kind;
extern const NodeKind consensus_kind;
extern const NodeKind quorum_kind;
extern const NodeKind sharded_kind;
extern const NodeKind api_kind;
extern const NodeKind store_kind;
extern const NodeKind primary_replica_kind;
extern const NodeKind multi_primary_kind;
extern const NodeKind relational_kind;
extern const NodeKind nosql_kind;

std::span<const NodeKind* const> node_kinds() {
    static constexpr std::array all = {
        // clang-format off
        &open_loop_kind,
        &closed_loop_kind,
        &replay_kind,
        &load_balancer_kind,
        &service_kind,
        &message_queue_kind,
        &task_queue_kind,
        &pub_sub_kind,
        &object_store_kind,
        &cdn_kind,
        &dns_kind,
        &active_passive_kind,
        &active_active_kind,
        &cache_kind,
        &ring_kind,
        &consensus_kind,
        &quorum_kind,
        &sharded_kind,
        &api_kind,
        &store_kind,
        &primary_replica_kind,
        &multi_primary_kind,
        &relational_kind,
        &nosql_kind,
        // clang-format on
    };
    return all;
}

}  // namespace archsim::models
