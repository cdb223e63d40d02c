// The declaration of a quorum database.
#include "models/database/quorum_config.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace archsim::models {

namespace {

void check_regions(std::size_t regions, std::int64_t members, std::string_view key,
                   std::string_view what, const Place& place) {
    if (static_cast<std::int64_t>(regions) <= members) return;
    place.fail(key, {.code = Code::bad_value,
                     .message = std::to_string(regions) + " regions for " +
                                std::to_string(members) + " " + std::string{what},
                     .hint = "give each of them at most one region"});
}

void check_quorums(const QuorumConfig& config, const Place& place) {
    const auto check = [&](std::string_view key, std::int64_t quorum) {
        if (quorum <= config.replicas) return;
        place.fail(key, {.code = Code::bad_value,
                         .message = "a quorum of " + std::to_string(quorum) + " among " +
                                    std::to_string(config.replicas) + " replicas",
                         .hint = "lower it, or add replicas"});
    };
    check("read_quorum", config.read_quorum);
    check("write_quorum", config.write_quorum);
    check_regions(config.replica_regions.size(), config.replicas, "replica_regions", "replicas",
                  place);
    if (config.stand_ins) {
        check_regions(config.stand_ins->regions.size(), config.stand_ins->count, "stand_ins",
                      "stand-ins", place);
    }
    check_regions(config.coordinator_regions.size(), config.coordinators, "coordinator_regions",
                  "coordinators", place);
}

template <class Config>
auto with_notes(Spec<Config>&& spec) {
    return std::move(spec)
        .metric("no_quorum", "ratio", "Share of the requests that found no quorum.")
        .metric("write_backs", "ratio",
                "Share of the requests that wrote a version back before they answered.")
        .metric("read_repairs", "count", "Old versions that reads found and had replaced.")
        .metric("hints", "count", "Writes that a replica had missed and got by a hint.")
        .metric("stand_in_writes", "count", "Writes that a stand-in took for a replica.")
        .metric("comparisons", "count", "Times that two replicas compared what they hold.")
        .metric("repaired_rows", "count", "Versions that such a comparison brought to a replica.")
        .metric("compared_bytes", "bytes/s", "Hashes and rows that comparisons sent.")
        .metric("arrivals", "1/s", "Messages that came to a replica.")
        .metric("utilisation", "ratio", "Share of server time in use.")
        .metric("waiting_time", "s", "Time from arrival at a replica to the start of work.")
        .metric("service_time", "s", "Time at a server.")
        .metric("sojourn_time", "s", "Waiting and service together.")
        .metric("queue_length", "count", "Messages that wait, all replicas together.")
        .metric("rejected", "ratio", "Share of messages turned away by a full queue.")
        .metric("lost_in_crash", "count", "Work that a crash took from a queue or a server.")
        .assume(
            "The coordinator asks all replicas, itself included and without delay. It answers a "
            "write at the W-th acknowledgement and a read at the R-th answer, with the newest "
            "version among those R. Replicas not waited for get the write as well.")
        .assume(
            "The newest version is the one with the latest time at the clock of the coordinator "
            "that took the write, then with the higher coordinator: last write wins. A write that "
            "is tried again keeps its first time.")
        .assume(
            "A request without a quorum is rejected if it certainly had no effect; a write that "
            "some replica keeps or may still get has timed out, and may show at any later time.")
        .assume(
            "A replica that is down refuses at once; one that is cut off is waited for until the "
            "timeout. What a replica has written survives its crash.")
        .assume(
            "Nothing but read repair, write-back, hints, stand-ins and anti-entropy brings a "
            "replica what it has missed, each only where it is configured.");
}

}  // namespace

const Spec<HintConfig>& HintConfig::spec() {
    static const auto declared =
        Spec<HintConfig>{"hints", "Writes kept for replicas that have missed them."}
            .optional("interval", &HintConfig::interval, "Pause between two tries.")
            .more_than(sim::Duration{})
            .optional("window", &HintConfig::window, "How long a hint is kept at most.")
            .more_than(sim::Duration{})
            .assume("The default window of 3 h is that of Cassandra (max_hint_window).")
            .assume(
                "Only acknowledged writes leave hints, at their coordinator, whose crash loses "
                "them.");
    return declared;
}

const Spec<StandInConfig>& StandInConfig::spec() {
    static const auto declared =
        Spec<StandInConfig>{"stand_ins",
                            "A sloppy quorum: further members answer for replicas that cannot be "
                            "reached, and hand over what they got for them."}
            .optional("count", &StandInConfig::count, "How many there are.")
            .at_least(1)
            .at_most(quorum_replicas_most)
            .optional("regions", &StandInConfig::regions,
                      "Their regions in order; the others are where the database is.")
            .optional("after", &StandInConfig::after,
                      "Silence of a replica after which a stand-in is asked as well; for one that "
                      "is down it is asked at once.")
            .more_than(sim::Duration{})
            .optional("interval", &StandInConfig::interval,
                      "Pause between two tries of a stand-in to hand over.")
            .more_than(sim::Duration{})
            .assume(
                "Stand-in i mod count stands in for replica i, for reads as well: it knows only "
                "what it has been given for that replica, and its answer counts, so that R + W > N "
                "promises nothing any more (DeCandia et al., \"Dynamo\", 2007).");
    return declared;
}

const Spec<AntiEntropyConfig>& AntiEntropyConfig::spec() {
    static const auto declared =
        Spec<AntiEntropyConfig>{"anti_entropy",
                                "Replicas compare what they hold, two by two, and send each other "
                                "what is newer."}
            .optional("interval", &AntiEntropyConfig::interval,
                      "Pause between two comparisons of a replica, which takes the others in turn.")
            .more_than(sim::Duration{})
            .optional("leaves", &AntiEntropyConfig::leaves,
                      "Leaves of the hash tree over the keys, a power of two.")
            .at_least(1)
            .at_most(1 << 20)
            .optional("hash_size", &AntiEntropyConfig::hash_size, "Size of one hash.")
            .check([](const AntiEntropyConfig& config, const Place& place) {
                if ((config.leaves & (config.leaves - 1)) == 0) return;
                place.fail("leaves", {.code = Code::bad_value,
                                      .message = std::to_string(config.leaves) +
                                                 " leaves make no complete tree",
                                      .hint = "use a power of two, such as 1024"});
            })
            .assume(
                "Trees are up to date at no cost. Two replicas exchange the hashes below each "
                "difference (Merkle, 1987), and then all rows of the leaves that differ; those "
                "that are newer are written there like any other write.");
    return declared;
}

const Spec<QuorumConfig>& QuorumConfig::spec() {
    static const auto declared = with_notes(
        Spec<QuorumConfig>{"quorum",
                           "A database without a primary: reads and writes wait for some of its "
                           "replicas."}
            .guide("Principais Componentes, 4. Database")
            .optional("replicas", &QuorumConfig::replicas, "Copies of every key (N).")
            .at_least(1)
            .at_most(quorum_replicas_most)
            .optional("replica_regions", &QuorumConfig::replica_regions,
                      "Regions of the replicas in order; the others are where the database is.")
            .optional("read_quorum", &QuorumConfig::read_quorum,
                      "Answers that a read waits for (R).")
            .at_least(1)
            .optional("write_quorum", &QuorumConfig::write_quorum,
                      "Acknowledgements that a write waits for (W).")
            .at_least(1)
            .optional("coordinators", &QuorumConfig::coordinators,
                      "Members without data that take the requests; with none, the replica "
                      "nearest to the caller coordinates, or each in turn where all are equally "
                      "near.")
            .at_least(0)
            .at_most(64)
            .optional("coordinator_regions", &QuorumConfig::coordinator_regions,
                      "Their regions in order; the others are where the database is.")
            .optional("read_repair", &QuorumConfig::read_repair,
                      "What becomes of replicas that answered a read with an old version.")
            .optional("write_back", &QuorumConfig::write_back,
                      "Whether a read writes what it found back, before it answers, until a "
                      "majority and at least N - R + 1 replicas hold it (Attiya, Bar-Noy, Dolev).")
            .optional("hints", &QuorumConfig::hints,
                      "Hinted hand-off: what a replica has missed is sent to it again.")
            .optional("stand_ins", &QuorumConfig::stand_ins,
                      "A sloppy quorum: members that answer for replicas out of reach.")
            .optional("anti_entropy", &QuorumConfig::anti_entropy,
                      "Regular comparisons of the replicas with each other.")
            .optional("timeout", &QuorumConfig::timeout,
                      "How long a coordinator waits for a quorum, and once more to write back.")
            .more_than(sim::Duration{})
            .optional("read_time", &QuorumConfig::read_time, "Work for a read at a replica.")
            .optional("write_time", &QuorumConfig::write_time, "Work for a write at a replica.")
            .optional("answer_time", &QuorumConfig::answer_time,
                      "Time that a replica's answer waits after the work, which keeps no server "
                      "busy.")
            .optional("servers", &QuorumConfig::servers,
                      "Messages that a replica works on at the same time.")
            .at_least(1)
            .at_most(1'000'000)
            .optional("queue", &QuorumConfig::queue,
                      "Places to wait at a replica, those in service not counted.")
            .optional("value_size", &QuorumConfig::value_size, "Size of the answer to a read.")
            .check(check_quorums));
    return declared;
}

std::size_t QuorumConfig::write_back_quorum() const {
    return static_cast<std::size_t>(std::max(replicas / 2 + 1, replicas - read_quorum + 1));
}

std::size_t QuorumConfig::needed_for(Access access) const {
    if (access == Access::write) return static_cast<std::size_t>(write_quorum);
    const auto reading = static_cast<std::size_t>(read_quorum);
    return write_back ? std::max(reading, write_back_quorum()) : reading;
}

std::size_t QuorumConfig::fatal_failures(Access access) const {
    const auto all = static_cast<std::size_t>(replicas);
    const std::size_t fatal = all - needed_for(access) + 1;
    std::size_t failures = fatal;
    if (stand_ins) {
        // One stand-in is for all replicas that its number divides; the fewest that cover so many.
        const auto count = std::min(static_cast<std::size_t>(stand_ins->count), all);
        std::size_t covered = 0;
        for (std::size_t i = 0; i < count && covered < fatal; ++i) {
            covered += all / count + (i < all % count ? 1 : 0);
            ++failures;
        }
    }
    return std::min(failures, coordinators > 0 ? static_cast<std::size_t>(coordinators) : all);
}

}  // namespace archsim::models
