// What a history shows, the answer first.
#include "reports/consistency/history_text.hpp"

#include "models/consistency/monitor.hpp"
#include "models/consistency/recorded_history.hpp"
#include "reports/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace archsim::reports {

namespace {

using models::ConsistencyResult;
using models::Share;

models::WitnessNames names_of(const HistoryFile& file) {
    return {file.names.keys, file.names.values, file.names.sessions, file.names.lines,
            file.has_times};
}

std::string heading(std::string_view text, const Style& style) {
    return "\n" + painted(text, Colour::bold, style) + "\n";
}

std::string first_lines(const ConsistencyResult& result, const Style& style) {
    const models::LinearizabilityVerdict& verdict = result.linearizability;
    const Signs& signs = signs_of(style);
    if (verdict.linearizable()) {
        const std::string bound =
            verdict.reads == 0
                ? ""
                : fmt::format(
                      " At 95 %, at most {} of such reads violate.",
                      humanised(std::min(1.0, 3.0 / static_cast<double>(verdict.reads)), "ratio"));
        return fmt::format("{} linearizable: {} keys, {} reads, {} writes.{}\n",
                           painted(signs.pass, Colour::green, style), verdict.keys, verdict.reads,
                           verdict.writes, bound);
    }
    return fmt::format("{} not linearizable: {} of {} keys ({} reads, {} writes)\n",
                       painted(signs.fail, Colour::red, style), verdict.violating_keys,
                       verdict.keys, verdict.reads, verdict.writes);
}

std::string key_table(const HistoryFile& file, const ConsistencyResult& result, bool every_key,
                      const Style& style) {
    std::vector<models::Violation> by_key(file.names.keys.size(), models::Violation::none);
    std::set<std::uint64_t> shown;
    for (const models::Witness& witness : result.linearizability.witnesses) {
        by_key[static_cast<std::size_t>(witness.key)] = witness.violation;
        shown.insert(witness.key);
    }
    if (every_key) {
        for (const auto& operation : file.history.operations) shown.insert(operation.key);
    }
    TextTable table{{Align::left, Align::left}};
    for (const std::uint64_t key : shown) {
        const models::Violation violation = by_key[static_cast<std::size_t>(key)];
        const bool holds = violation == models::Violation::none;
        table.add({printable(file.names.keys[static_cast<std::size_t>(key)]),
                   {holds ? "linearizable" : std::string{name_of(violation)},
                    holds ? Colour::none : Colour::red}});
    }
    return heading("Keys", style) + table.text(style);
}

std::string witnesses(const HistoryFile& file, const ConsistencyResult& result,
                      const Style& style) {
    if (result.linearizability.witnesses.empty()) return "";
    std::string text = heading("Proof: these operations alone fit no order", style);
    for (const models::Witness& witness : result.linearizability.witnesses) {
        const models::Witness whole = models::with_details(witness, file.history.operations);
        const std::string drawn = models::draw(whole, 40, names_of(file));
        for (std::string_view rest = drawn; !rest.empty();) {
            const std::size_t end = std::min(rest.find('\n'), rest.size());
            text += "  " + printable(rest.substr(0, end)) + "\n";
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    return text;
}

std::string sessions(const ConsistencyResult& result, const Style& style) {
    TextTable table{{Align::left, Align::right, Align::right}};
    table.add({"", "violations", "of"});
    const auto add = [&](const char* name, const std::optional<Share>& share) {
        if (!share) {
            table.add({name, "-", "not shown: the file has no positions"});
            return;
        }
        table.add({name,
                   {fmt::format("{}", share->count), share->count > 0 ? Colour::red : Colour::none},
                   fmt::format("{}", share->total)});
    };
    add("read your writes", result.sessions.read_your_writes);
    add("monotonic reads", result.sessions.monotonic_reads);
    add("monotonic writes", result.sessions.monotonic_writes);
    add("writes follow reads", result.sessions.writes_follow_reads);
    return heading("Session guarantees", style) + table.text(style);
}

std::string distances(const HistoryFile& file, const ConsistencyResult& result,
                      const Style& style) {
    TextTable table{{Align::left, Align::left}};
    const Share& stale = result.staleness.stale;
    table.add({"stale reads", fmt::format("{} of {}{}", stale.count, stale.total,
                                          result.has_positions ? "" : " (a lower bound)")});
    const auto time = [](const std::optional<sim::Duration>& duration, const char* otherwise) {
        return duration ? humanised(duration->in_seconds(), "s") : std::string{otherwise};
    };
    if (file.has_times) {
        if (stale.count > 0) {
            table.add({"oldest read", humanised(result.staleness.age.max().in_seconds(), "s")});
        }
        table.add({"distance (Delta)", time(result.distance.delta, "infinite")});
    }
    if (result.losses.acknowledged > 0) {
        table.add({"lost writes", fmt::format("{} of {} acknowledged", result.losses.lost,
                                              result.losses.acknowledged)});
    }
    if (result.losses.conflicts > 0) {
        table.add({"conflicts", fmt::format("{}", result.losses.conflicts)});
    }
    for (const models::HealResult& heal : result.heals) {
        table.add({"convergence after a heal", time(heal.convergence, "not reached")});
    }
    return heading("Distance", style) + table.text(style);
}

std::string verdict(const HistoryFile& file, const ConsistencyResult& result, const Style& style) {
    if (file.history.faults.empty()) return "";
    std::string text = heading("Consistency and availability", style);
    text += fmt::format("  {}, {}\n", name_of(result.verdict.cap), result.verdict.pacelc);
    for (const std::string& sentence : result.verdict.sentences) text += "  " + sentence + "\n";
    return text;
}

}  // namespace

ConsistencyResult judge_history(const HistoryFile& file) {
    models::MonitorOptions options;
    options.witnesses = file.names.keys.size();
    models::ConsistencyMonitor monitor{options};
    models::replay(file.history, monitor);
    return monitor.finish();
}

std::string write_history_judgement(const HistoryFile& file, const ConsistencyResult& result,
                                    bool every_key, const Style& style) {
    std::string text = first_lines(result, style);
    if (every_key || !result.linearizability.linearizable()) {
        text += key_table(file, result, every_key, style);
    }
    text += witnesses(file, result, style) + sessions(result, style) +
            distances(file, result, style) + verdict(file, result, style);
    for (const std::string& contradiction : result.impossible) {
        text += painted("  ! " + contradiction + " Something in the record is wrong.",
                        Colour::yellow, style) +
                "\n";
    }
    return text;
}

}  // namespace archsim::reports
