// Writes the parts of a result one after another.
#include "tests/support/consistency_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>

namespace archsim::tests {

namespace {

using models::Share;

std::string text(const Share& share) { return fmt::format("{}/{}", share.count, share.total); }
std::string text(const std::optional<Share>& share) { return share ? text(*share) : "-"; }
std::string text(const std::optional<sim::Duration>& time) {
    return time ? fmt::format("{}", time->count()) : "-";
}
std::string text(const std::optional<std::int64_t>& count) {
    return count ? fmt::format("{}", *count) : "-";
}
std::string text(const sim::Histogram& histogram) {
    std::string all =
        fmt::format("{} in {}..{}, mean {}:", histogram.count(), histogram.min().count(),
                    histogram.max().count(), histogram.mean_seconds());
    for (const auto& bucket : histogram.buckets()) {
        all += fmt::format(" {}x{}", bucket.low.count(), bucket.count);
    }
    return all;
}

std::string text(const models::Operation& o) {
    return fmt::format("{} {} key {} v{} {}..{} {}..{} s{} side {} place {} {}", o.id,
                       static_cast<int>(o.kind), o.key, o.version, o.invoked.count(),
                       o.completed.count(), o.invoked_order, o.completed_order, o.session, o.side,
                       o.place, name_of(o.ending));
}

std::string linearizability(const models::LinearizabilityVerdict& verdict) {
    std::string all = fmt::format("keys {} violating {} reads {} writes {} by violation {}\n",
                                  verdict.keys, verdict.violating_keys, verdict.reads,
                                  verdict.writes, fmt::join(verdict.keys_by_violation, " "));
    for (const models::Witness& witness : verdict.witnesses) {
        all += fmt::format("witness of key {}: {}\n", witness.key, name_of(witness.violation));
        for (const auto& operation : witness.operations) all += "  " + text(operation) + "\n";
    }
    return all;
}

std::string staleness(const models::StalenessResult& stale) {
    std::string all = fmt::format(
        "stale {} certain {} up to {} missed {} by number {}\nage {}\nfresh by time",
        text(stale.stale), stale.certain, stale.certain_age.count(), stale.newer_versions_sum,
        fmt::join(stale.newer_versions, " "), text(stale.age));
    for (const auto& step : stale.visibility) {
        all += fmt::format(" {}:{}", step.from.count(), text(step.fresh));
    }
    return all + "\n";
}

std::string losses(const models::LossResult& loss) {
    return fmt::format(
        "acknowledged {} lost {} discarded {} point {} conflicts {} in {} siblings {}\n",
        loss.acknowledged, loss.lost, text(loss.discarded), text(loss.recovery_point),
        loss.conflicts, loss.conflicting_keys, loss.final_siblings);
}

std::string availability(const models::ConsistencyResult& result) {
    std::string all;
    for (const auto& cell : result.availability) {
        all += fmt::format("cell {} {} {}: {} ended {} in time {} latency {}\n", cell.side,
                           static_cast<int>(cell.kind), name_of(cell.window), cell.invoked,
                           fmt::join(cell.endings, " "), cell.in_time, text(cell.latency));
    }
    for (const auto& back : result.recoveries) {
        all += fmt::format("recovery {} {} {}: {}\n", back.fault, back.side,
                           static_cast<int>(back.kind), text(back.time));
    }
    for (const auto& heal : result.heals) {
        all += fmt::format("heal {}: {} keys {} diverged {} open {}\n", heal.healed.count(),
                           heal.keys, heal.diverged, heal.open, text(heal.convergence));
    }
    return all;
}

}  // namespace

std::string text_of(const models::ConsistencyResult& result) {
    std::string all = linearizability(result.linearizability) + staleness(result.staleness) +
                      losses(result.losses) + availability(result);
    all +=
        fmt::format("before partition: {} {}\npositions {} delta {} gamma {}\n",
                    result.linearizable_before_partition, result.reads_before_partition,
                    result.has_positions, text(result.distance.delta), text(result.distance.gamma));
    for (const Share& share : result.stale_by_window) all += text(share) + " ";
    all += fmt::format("\ninverted {} acknowledged {} open {}\n", result.inverted_keys,
                       result.writes_acknowledged, result.operations_open);
    const auto& sessions = result.sessions;
    all += fmt::format("sessions {} {} {} {}\n", text(sessions.read_your_writes),
                       text(sessions.monotonic_reads), text(sessions.monotonic_writes),
                       text(sessions.writes_follow_reads));
    for (const models::News& news : result.news) {
        all += fmt::format("news from {} to {} in {}\n", news.from, news.to, news.soonest.count());
    }
    all += fmt::format("exposure {} {} {}\n", result.exposure.keys, result.exposure.shared_keys,
                       result.exposure.crossings);
    all += fmt::format("{} {} {}\nimpossible {}\n", name_of(result.verdict.cap),
                       result.verdict.pacelc, fmt::join(result.verdict.sentences, " | "),
                       fmt::join(result.impossible, " | "));
    return all;
}

}  // namespace archsim::tests
