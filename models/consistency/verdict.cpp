// Verdict wording and the cross-checks between independent measurements.
#include "models/consistency/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>

namespace archsim::models {
namespace {

std::string percent(double value) { return fmt::format("{:.4g} %", value * 100.0); }

// Answers during partitions, over all sides and kinds.
Share answered_during(const ConsistencyResult& result) {
    Share sum;
    for (const AvailabilityCell& cell : result.availability) {
        if (cell.window != Window::during) continue;
        sum.count += cell.answered().count;
        sum.total += cell.answered().total;
    }
    return sum;
}

CapClass class_of(const ConsistencyResult& result) {
    const Share answered = answered_during(result);
    if (result.exposure.shared_keys == 0 || answered.total == 0) return CapClass::not_exercised;
    const bool available = answered.count == answered.total;
    if (result.linearizability.linearizable()) {
        return available ? CapClass::not_exercised : CapClass::cp;
    }
    return available ? CapClass::ap : CapClass::neither;
}

std::string pair_of(const ConsistencyResult& result, CapClass cap) {
    std::string pair = "P?";
    if (cap == CapClass::cp) pair = "PC";
    if (cap == CapClass::ap) pair = "PA";
    if (cap == CapClass::neither) pair = "P-";
    if (result.reads_before_partition == 0 || result.linearizability.writes == 0) {
        return pair + "/E?";
    }
    return pair + (result.linearizable_before_partition ? "/EC" : "/EL");
}

void tell_consistency(const ConsistencyResult& result, std::vector<std::string>& sentences) {
    const LinearizabilityVerdict& verdict = result.linearizability;
    if (verdict.linearizable()) {
        sentences.push_back(fmt::format(
            "No violation in {} keys and {} reads: at 95 % at most {} of the reads violate.",
            verdict.keys, verdict.reads,
            verdict.reads == 0 ? std::string{"all"}
                               : percent(std::min(1.0, 3.0 / static_cast<double>(verdict.reads)))));
        return;
    }
    sentences.push_back(
        fmt::format("{} of {} keys are not linearizable.", verdict.violating_keys, verdict.keys));
    if (result.distance.delta) {
        sentences.push_back(
            fmt::format("Reads would have to begin up to {:.6g} ms earlier to be linearizable.",
                        result.distance.delta->in_seconds() * 1e3));
    } else {
        sentences.push_back("No shift of the reads makes the history linearizable.");
    }
    if (const auto stale = result.staleness.stale.value()) {
        sentences.push_back(fmt::format("{} of the reads are stale.", percent(*stale)));
    }
    if (result.losses.lost > 0) {
        sentences.push_back(fmt::format("{} of {} acknowledged writes are lost.",
                                        result.losses.lost, result.losses.acknowledged));
    }
    if (result.losses.conflicts > 0) {
        sentences.push_back(fmt::format("{} writes conflict, on {} keys.", result.losses.conflicts,
                                        result.losses.conflicting_keys));
    }
}

void tell_availability(const ConsistencyResult& result, std::vector<std::string>& sentences) {
    for (const AvailabilityCell& cell : result.availability) {
        if (cell.window != Window::during) continue;
        const Share missing = cell.answered().complement();
        if (missing.count == 0) continue;
        sentences.push_back(fmt::format(
            "Side {}: {} of its {}s during the partition had no successful answer "
            "(an error is not availability).",
            cell.side, percent(*missing.value()), cell.kind == Access::read ? "read" : "write"));
    }
}

}  // namespace

CapVerdict judge(const ConsistencyResult& result) {
    CapVerdict verdict;
    verdict.cap = class_of(result);
    verdict.pacelc = pair_of(result, verdict.cap);
    if (verdict.cap == CapClass::not_exercised) {
        verdict.sentences.emplace_back(
            result.exposure.shared_keys == 0
                ? "No key was used from two sides during a partition, so it forced no choice."
                : "All operations during the partition were answered and linearizable, so it "
                  "forced no choice.");
    }
    tell_consistency(result, verdict.sentences);
    tell_availability(result, verdict.sentences);
    return verdict;
}

std::vector<std::string> impossible_results(const ConsistencyResult& result,
                                            const Promises& promises) {
    std::vector<std::string> found;
    const bool linearizable = result.linearizability.linearizable();
    const StalenessResult& staleness = result.staleness;
    if (staleness.certain > 0 && linearizable) {
        found.emplace_back("Reads are certainly stale, yet the history counts as linearizable.");
    }
    const auto& delta = result.distance.delta;
    if (delta && staleness.certain_age > *delta) {
        found.push_back(fmt::format("The age {} ns of a stale read exceeds the distance {} ns.",
                                    staleness.certain_age.count(), delta->count()));
    }
    if (linearizable && (!delta || *delta > sim::Duration{})) {
        found.emplace_back("The history is linearizable at a distance from linearizable.");
    }
    if (result.exposure.crossings > 0) {
        found.push_back(fmt::format(
            "{} reads returned what the other side wrote in the same complete partition.",
            result.exposure.crossings));
    }
    if (promises.no_loss && result.losses.lost_by_store > 0) {
        found.push_back(fmt::format("{} acknowledged writes are lost although none may be.",
                                    result.losses.lost_by_store));
    }
    std::int64_t in_flight = 0;
    for (const AvailabilityCell& cell : result.availability) {
        in_flight += cell.in_flight();
        if (cell.in_flight() >= 0) continue;
        found.push_back(
            fmt::format("Side {}: more operations ended than were invoked.", cell.side));
    }
    if (in_flight != result.operations_open) {
        found.push_back(fmt::format(
            "{} operations are open by their endings, and {} by counting them one by one.",
            in_flight, result.operations_open));
    }
    return found;
}

std::vector<std::string> impossible_news(
    const std::vector<News>& news,
    const std::vector<std::vector<std::optional<sim::Duration>>>& least_delays,
    const std::vector<std::string>& names) {
    std::vector<std::string> found;
    for (const News& item : news) {
        const std::size_t from = item.from - std::size_t{1};
        const std::size_t to = item.to - std::size_t{1};
        const std::optional<sim::Duration>& least = least_delays[from][to];
        if (!least) {
            found.push_back(
                fmt::format("'{}' knew what '{}' had written, and no message leads there.",
                            names[to], names[from]));
        } else if (item.soonest < *least) {
            found.push_back(fmt::format(
                "'{}' knew what '{}' had written after {} ns, sooner than the network allows: {} "
                "ns.",
                names[to], names[from], item.soonest.count(), least->count()));
        }
    }
    return found;
}

}  // namespace archsim::models
