// The declaration of a database with several primaries.
#include "models/database/site_config.hpp"

#include <string>
#include <utility>

namespace archsim::models {

const Spec<LastWriteWins>& LastWriteWins::spec() {
    static const auto declared =
        Spec<LastWriteWins>{"last_write_wins",
                            "Of values written without knowing each other the one with the latest "
                            "time stays; the others are discarded, though acknowledged."}
            .assume(
                "The time is that of the clock of the site which took the write, which may be "
                "wrong, but later than that of any value it replaces there (a hybrid logical "
                "clock); among equal times the site with the higher number wins.");
    return declared;
}

const Spec<KeepSiblings>& KeepSiblings::spec() {
    static const auto declared =
        Spec<KeepSiblings>{"siblings",
                           "Values written without knowing each other stay side by side until a "
                           "write that knows them replaces them."}
            .optional("merge", &KeepSiblings::merge,
                      "Whether a read that finds several values writes them together, or only the "
                      "next write does.")
            .assume(
                "A read returns all of them; the version that a history records is the latest of "
                "them. A write knows what its site held when it took it.");
    return declared;
}

const Spec<GrowOnlyCounter>& GrowOnlyCounter::spec() {
    static const auto declared =
        Spec<GrowOnlyCounter>{"counter",
                              "Every key is a counter of which each site keeps its own part; a "
                              "write counts one up, and a read adds the parts up."}
            .assume(
                "A grow-only counter (Shapiro et al., \"Conflict-Free Replicated Data Types\", "
                "2011). A write that is tried again at another site counts twice.");
    return declared;
}

const Spec<GrowOnlySet>& GrowOnlySet::spec() {
    static const auto declared =
        Spec<GrowOnlySet>{"set", "Every key is a set; a write adds an element, and none leaves."}
            .optional("element_size", &GrowOnlySet::element_size,
                      "What each element adds to the size of the answer to a read.")
            .assume("A grow-only set (Shapiro et al., 2011).");
    return declared;
}

const Spec<AsyncSites>& AsyncSites::spec() {
    static const auto declared =
        Spec<AsyncSites>{"async",
                         "A write is acknowledged once its site has it, and told to the other "
                         "sites afterwards."}
            .optional("conflicts", &AsyncSites::conflicts,
                      "What becomes of writes to one key that did not know each other.");
    return declared;
}

const Spec<SyncSites>& SyncSites::spec() {
    static const auto declared =
        Spec<SyncSites>{"sync",
                        "A write is acknowledged once all sites have agreed to it; of two at the "
                        "same time one is refused."}
            .optional("timeout", &SyncSites::timeout,
                      "How long a request waits for the sites, and before that for writes to its "
                      "key that are being decided.")
            .more_than(sim::Duration{})
            .assume(
                "Each site votes on each write and tells all others. It refuses a write that did "
                "not know what the site holds, or which a concurrent one with an earlier time "
                "stands against. With all votes in favour the write is done, at each site as soon "
                "as it has heard them.")
            .assume(
                "While a write to a key is being decided at a site, reads and writes of the key "
                "wait there. A site that is down or cut off stops all writes, and keys whose "
                "writes it has left undecided stay closed until it is back.")
            .assume(
                "A refused write is rejected and has had no effect; one that waited too long for "
                "the votes has timed out and is done when they come, and so may the first try of "
                "one whose second is refused.");
    return declared;
}

namespace {

void check_site_regions(const MultiPrimaryConfig& config, const Place& place) {
    if (static_cast<std::int64_t>(config.site_regions.size()) <= config.sites) return;
    place.fail("site_regions",
               {.code = Code::bad_value,
                .message = std::to_string(config.site_regions.size()) + " regions for " +
                           std::to_string(config.sites) + " sites",
                .hint = "give each site at most one region"});
}

template <class Config>
auto with_site_notes(Spec<Config>&& spec) {
    return std::move(spec)
        .metric("conflicts", "count",
                "Writes that met a concurrent write of another site to the same key: by version "
                "vector, where each of the two counts; with synchronous sites those refused.")
        .metric("discarded_writes", "count",
                "Acknowledged writes that no value of their key has grown from, since the "
                "resolution of a conflict chose another; over the whole run.")
        .metric("lost_writes", "count",
                "Acknowledged writes that only sites which are down at the end have; over the "
                "whole run.")
        .metric("replication_lag", "s",
                "From a write at its site to its visibility at another one.")
        .metric("convergence_time", "s",
                "From the first write to a key that another site lacks until all sites hold the "
                "same of it.")
        .metric("sibling_reads", "ratio", "Share of the reads that found several values.")
        .metric("merges", "count", "Times that a read wrote several values together.")
        .metric("arrivals", "1/s", "Work that came to a site, applying included.")
        .metric("utilisation", "ratio", "Share of server time in use.")
        .metric("waiting_time", "s", "Time from arrival at a site to the start of work.")
        .metric("service_time", "s", "Time at a server.")
        .metric("sojourn_time", "s", "Waiting and service together.")
        .metric("queue_length", "count", "Work that waits, all sites together.")
        .metric("rejected", "ratio", "Share of arrivals turned away by a full queue.")
        .metric("lost_in_crash", "count", "Work that a crash took from a queue or a server.")
        .assume(
            "Callers turn to the nearest site that is up, or to each in turn where all are equally "
            "near; a read sees what its site holds.")
        .assume(
            "A site tells the others its writes in their order; what got lost is sent again after "
            "twice the last round trip, at least 200 ms, and 1 s before there was one (RFC 6298).")
        .assume(
            "Two writes to a key are concurrent if neither site knew of the other's (version "
            "vectors).")
        .assume("What a site has taken survives its crash; it tells the others once it is back.")
        .assume("A write that is tried again at the site that has done it is not done twice.")
        .assume("What sites send one another takes the delay of the network and no bandwidth.")
        .assume("With a full queue a site tries to apply an entry again after 1 ms.");
}

}  // namespace

const Spec<MultiPrimaryConfig>& MultiPrimaryConfig::spec() {
    static const auto declared = with_site_notes(
        Spec<MultiPrimaryConfig>{
            "multi_primary", "A database whose sites all take writes and copy those of the others."}
            .alias("master_master")
            .guide("Principais Componentes, 4. Database")
            .optional("sites", &MultiPrimaryConfig::sites, "Copies, each of which takes writes.")
            .at_least(2)
            .at_most(static_cast<std::int64_t>(sites_most))
            .otherwise_called({"masters", "primaries", "replicas"})
            .optional("site_regions", &MultiPrimaryConfig::site_regions,
                      "Regions of the sites in order; the others are where the database is.")
            .optional("mode", &MultiPrimaryConfig::mode,
                      "Whom a write waits for before it is acknowledged.")
            .optional("lag", &MultiPrimaryConfig::lag,
                      "Time that a write waits at its site before it is sent.")
            .optional("read_time", &MultiPrimaryConfig::read_time, "Work for a read.")
            .optional("write_time", &MultiPrimaryConfig::write_time,
                      "Work for a write at the site that takes it.")
            .optional("apply_time", &MultiPrimaryConfig::apply_time,
                      "Work for a write of another site, by the servers that also serve clients.")
            .optional("servers", &MultiPrimaryConfig::servers,
                      "Requests that a site works on at the same time.")
            .at_least(1)
            .at_most(1'000'000)
            .optional("queue", &MultiPrimaryConfig::queue,
                      "Places to wait at a site, those in service not counted.")
            .optional("value_size", &MultiPrimaryConfig::value_size,
                      "Size of one value in the answer to a read.")
            .check(check_site_regions));
    return declared;
}

Resolution MultiPrimaryConfig::resolution() const {
    const auto* const async = std::get_if<AsyncSites>(&mode);
    if (async == nullptr) return Resolution::last_write_wins;
    if (std::holds_alternative<KeepSiblings>(async->conflicts)) return Resolution::siblings;
    if (std::holds_alternative<GrowOnlyCounter>(async->conflicts)) return Resolution::counter;
    if (std::holds_alternative<GrowOnlySet>(async->conflicts)) return Resolution::grow_only_set;
    return Resolution::last_write_wins;
}

bool MultiPrimaryConfig::merges_at_read() const {
    const auto* const async = std::get_if<AsyncSites>(&mode);
    if (async == nullptr) return false;
    const auto* const siblings = std::get_if<KeepSiblings>(&async->conflicts);
    return siblings != nullptr && siblings->merge == SiblingMerge::at_read;
}

sim::Bytes MultiPrimaryConfig::answer_size(std::size_t values) const {
    const auto count = static_cast<std::int64_t>(values);
    const auto* const async = std::get_if<AsyncSites>(&mode);
    if (async == nullptr) return value_size;
    if (const auto* const set = std::get_if<GrowOnlySet>(&async->conflicts)) {
        return value_size + sim::Bytes{set->element_size.count() * count};
    }
    const bool returns_all = std::holds_alternative<KeepSiblings>(async->conflicts) && count > 1;
    return returns_all ? sim::Bytes{value_size.count() * count} : value_size;
}

}  // namespace archsim::models
