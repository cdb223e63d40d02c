// The declaration of a consensus database.
#include "models/database/consensus_config.hpp"

#include <string>
#include <utility>

namespace archsim::models {

const Spec<ReadByIndex>& ReadByIndex::spec() {
    static const auto declared =
        Spec<ReadByIndex>{"read_index",
                          "The leader asks a majority before a read whether it still leads."}
            .assume(
                "One round of messages confirms all reads that came before it began, and the next "
                "begins when it is over (Ongaro, \"Consensus: Bridging Theory and Practice\", "
                "2014, section 6.4).");
    return declared;
}
const Spec<ReadByLease>& ReadByLease::spec() {
    static const auto declared =
        Spec<ReadByLease>{"lease",
                          "The leader reads by itself while, by its clock, nobody else can lead."}
            .optional("clock_error", &ReadByLease::clock_error,
                      "By how much clocks are assumed to differ at most; shortens the lease.")
            .at_least(sim::Duration{})
            .assume(
                "The lease lasts an election timeout less the clock error from when the last "
                "message that a majority has answered was sent. A leader without one asks a "
                "majority.")
            .assume(
                "A clock that is wrong by more than the clock error can make reads stale: that is "
                "the price of a lease.");
    return declared;
}
const Spec<ReadStale>& ReadStale::spec() {
    static const auto declared =
        Spec<ReadStale>{"stale", "Every member answers reads from what it has."};
    return declared;
}

const Spec<ForwardClients>& ForwardClients::spec() {
    static const auto declared =
        Spec<ForwardClients>{"forward",
                             "Clients call the nearest member, or all in turn where all are "
                             "equally near; it passes on to the leader what it may not answer."}
            .optional("timeout", &ForwardClients::timeout,
                      "How long a member waits for the leader's answer.")
            .more_than(sim::Duration{})
            .assume("A member that knows no leader turns the request away.");
    return declared;
}
const Spec<RedirectClients>& RedirectClients::spec() {
    static const auto declared =
        Spec<RedirectClients>{"redirect",
                              "Clients call the leader that they have heard of; any other member "
                              "turns them away."}
            .assume(
                "A new leader tells all clients by a message over the network, sent again after "
                "each heartbeat until it arrives, as drivers that watch the members learn it. A "
                "retry goes to the leader known by then.")
            .assume("Stale reads go to the nearest member, a retry to the next.");
    return declared;
}

namespace {

void check_members(const ConsensusConfig& config, const Place& place) {
    if (config.replicas % 2 == 0) {
        place.fail("replicas", {.code = Code::bad_value,
                                .message = std::to_string(config.replicas) +
                                           " replicas survive no more failures than " +
                                           std::to_string(config.replicas - 1),
                                .hint = "take an odd number"});
    }
    if (static_cast<std::int64_t>(config.replica_regions.size()) > config.replicas) {
        place.fail("replica_regions",
                   {.code = Code::bad_value,
                    .message = std::to_string(config.replica_regions.size()) + " regions for " +
                               std::to_string(config.replicas) + " replicas",
                    .hint = "give each replica at most one region"});
    }
}

void check_times(const ConsensusConfig& config, const Place& place) {
    if (config.heartbeat >= config.election_timeout) {
        place.fail("heartbeat", {.code = Code::bad_value,
                                 .message = "members would stand for election between two "
                                            "heartbeats of a healthy leader",
                                 .hint = "let it be a fraction of \"election_timeout\""});
    }
    const auto* const lease = std::get_if<ReadByLease>(&config.reads);
    if (lease != nullptr && lease->clock_error >= config.election_timeout) {
        place.fail("reads", {.code = Code::bad_value,
                             .message = "a clock error as long as the election timeout leaves no "
                                        "lease",
                             .hint = "lower it, or raise \"election_timeout\""});
    }
}

template <class Config>
auto with_metrics(Spec<Config>&& spec) {
    return std::move(spec)
        .metric("replication_lag", "s",
                "From the arrival of a write at the leader to its visibility at another member.")
        .metric("failovers", "count", "Changes of the leader.")
        .metric("terms", "count", "Terms begun: elections, won or not.")
        .metric("election_time", "s",
                "From the crash of a leader, or the last message that a majority answered, to the "
                "election of the next.")
        .metric("recovery_time", "s", "From the same moment to the next acknowledged write.")
        .metric("lost_writes", "count",
                "Acknowledged writes that a later leader does not know: none, or the program errs.")
        .metric("refused", "count",
                "Requests turned away by members that do not lead or cannot confirm that they do.")
        .metric("forwarded", "ratio", "Share of the requests that were passed on to the leader.")
        .metric("arrivals", "1/s", "Work that came to a member.")
        .metric("utilisation", "ratio", "Share of server time in use.")
        .metric("waiting_time", "s", "Time from arrival at a member to the start of work.")
        .metric("service_time", "s", "Time at a server.")
        .metric("sojourn_time", "s", "Waiting and service together.")
        .metric("queue_length", "count", "Work that waits, all members together.")
        .metric("rejected", "ratio", "Share of arrivals turned away by a full queue.")
        .metric("lost_in_crash", "count", "Work that a crash took from a queue or a server.");
}

template <class Config>
auto with_assumptions(Spec<Config>&& spec) {
    return std::move(spec)
        .assume(
            "Raft (Ongaro and Ousterhout, \"In Search of an Understandable Consensus Algorithm\", "
            "2014): terms, votes, one leader a term, entries committed by a majority in the "
            "leader's term. Members are addressed \"db/0\", \"db/1\" and so on.")
        .assume("At time zero the first member leads term 1.")
        .assume(
            "A member that hears nothing for the election timeout and a random part of the "
            "spread stands for election. One that has heard from a leader within the timeout, or "
            "has just restarted, votes for nobody.")
        .assume(
            "A leader that a majority has not answered for an election timeout steps down; writes "
            "in progress have then timed out. It measures that and its lease by its clock, as "
            "others their promise not to vote; timers run true.")
        .assume(
            "Each member forces its log, term and vote to disk before it answers; one write to "
            "disk takes all that has come together. A crash takes what was not on disk.")
        .assume(
            "The leader sends each write at once. Others learn what is committed with the next "
            "message of the leader. A lost message shows when the next arrives.")
        .assume(
            "A write tried again takes effect once: the log holds each version at most once. A "
            "member that comes back gets every entry that it has missed, never a snapshot.")
        .assume("What members send one another takes the delay of the network and no bandwidth.");
}

}  // namespace

const Spec<ConsensusConfig>& ConsensusConfig::spec() {
    static const auto declared = with_assumptions(with_metrics(
        Spec<ConsensusConfig>{
            "consensus",
            "A database whose members elect a leader and agree on one log by majority (Raft)."}
            .guide("Principais Dilemas, 2.1 CAP")
            .optional("replicas", &ConsensusConfig::replicas, "Members, an odd number.")
            .at_least(1)
            .at_most(consensus_members_most)
            .optional("replica_regions", &ConsensusConfig::replica_regions,
                      "Regions of the members in order; the others are where the database is.")
            .optional("election_timeout", &ConsensusConfig::election_timeout,
                      "Silence after which a member stands for election at the earliest.")
            .more_than(sim::Duration{})
            .optional("election_spread", &ConsensusConfig::election_spread,
                      "Random time that it waits beyond, uniform from nothing to this; without it, "
                      "as long as the timeout.")
            .at_least(sim::Duration{})
            .optional("heartbeat", &ConsensusConfig::heartbeat,
                      "Pause between two messages of an idle leader.")
            .more_than(sim::Duration{})
            .optional("pre_vote", &ConsensusConfig::pre_vote,
                      "Whether a member asks if it would be elected before it begins a term, so "
                      "that one that was cut off does not depose the leader when it comes back.")
            .optional("reads", &ConsensusConfig::reads, "Who answers reads, and how sure it is.")
            .optional("clients", &ConsensusConfig::clients, "How requests find the leader.")
            .optional("read_time", &ConsensusConfig::read_time, "Work for a read.")
            .optional("write_time", &ConsensusConfig::write_time,
                      "Work for a write at the leader, before it is in the log.")
            .optional("fsync_time", &ConsensusConfig::fsync_time,
                      "Forcing the log to disk, at each member.")
            .optional("servers", &ConsensusConfig::servers,
                      "Requests that a member works on at the same time.")
            .at_least(1)
            .at_most(1'000'000)
            .optional("queue", &ConsensusConfig::queue,
                      "Places to wait at a member, those in service not counted.")
            .optional("value_size", &ConsensusConfig::value_size, "Size of the answer to a read.")
            .check(check_members)
            .check(check_times)));
    return declared;
}

}  // namespace archsim::models
