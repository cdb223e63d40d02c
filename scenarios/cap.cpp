// Counts of replications into facts and tables.
#include "scenarios/cap.hpp"

#include "scenarios/witness.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace archsim::scenarios {

namespace {

using models::Access;
using models::CapClass;
using models::Share;
using models::Window;
using Observations = std::span<const CapObservation* const>;

constexpr std::array visible_shares = {0.5, 0.9, 0.99, 0.999};

Cell seconds_of(const std::optional<sim::Duration>& value) {
    return value ? Cell{value->in_seconds()} : Cell{};
}

Cell number(std::int64_t value) { return static_cast<double>(value); }

std::string word_of(Access kind) { return kind == Access::read ? "read" : "write"; }

std::string side_word(std::uint8_t side) {
    return side == 0 ? "not cut off" : fmt::format("side {}", side);
}

/// A share with Wilson's interval, as three cells.
void append(std::vector<Cell>& row, const Share& share) {
    row.push_back(cell_of(share.value()));
    const auto interval = share.interval();
    row.push_back(interval ? Cell{interval->low} : Cell{});
    row.push_back(interval ? Cell{interval->high} : Cell{});
}

/// "CP", or with different replications "CP (7 of 10), neither (3 of 10)", the most frequent first.
template <class Name>
std::string most_frequent(Observations all, Name name) {
    std::map<std::string, int> counts;
    for (const CapObservation* const one : all) ++counts[name(*one)];
    std::vector<std::pair<std::string, int>> sorted{counts.begin(), counts.end()};
    std::ranges::stable_sort(sorted, std::ranges::greater{}, &std::pair<std::string, int>::second);
    if (sorted.size() == 1) return sorted.front().first;
    std::string text;
    for (const auto& [value, count] : sorted) {
        if (!text.empty()) text += ", ";
        text += fmt::format("{} ({} of {})", value, count, all.size());
    }
    return text;
}

/// A sum over replications that some of them may not know.
template <class Read>
std::int64_t sum(Observations all, Read read) {
    std::int64_t total = 0;
    for (const CapObservation* const one : all) total += read(*one);
    return total;
}

/// The largest value; nothing if no replication has one.
template <class Read>
auto largest(Observations all, Read read) {
    decltype(read(*all.front())) result;
    for (const CapObservation* const one : all) result = std::max(result, read(*one));
    return result;
}

std::string text_of(CapClass cap) { return std::string{name_of(cap)}; }

Table reasons(Observations all) {
    Table table{"reasons", "Why (first replication)", {{"reason"}}};
    for (const std::string& sentence : all.front()->verdict.sentences) {
        table.rows.push_back({sentence});
    }
    return table;
}

/// The guide's words and those of Gilbert and Lynch, "Brewer's Conjecture and the Feasibility of
/// Consistent, Available, Partition-Tolerant Web Services", 2002.
Table definitions() {
    Table table{"definitions",
                "What the words mean: the guide, and Gilbert and Lynch, whom the class follows",
                {{"word"}, {"guide"}, {"gilbert_lynch"}}};
    table.rows.push_back({"consistency", "the most recent answer (see stale_reads)",
                          "linearizable: one order of all operations that real time allows"});
    table.rows.push_back({"availability", "a response, success or failure (see any_response)",
                          "an answer that is no error (see answered)"});
    return table;
}

using CellKey = std::tuple<std::uint8_t, Access, Window>;

std::map<CellKey, CapCell> summed_cells(Observations all) {
    std::map<CellKey, CapCell> cells;
    for (const CapObservation* const one : all) {
        for (const CapCell& cell : one->cells) {
            CapCell& total = cells[{cell.side, cell.kind, cell.window}];
            total.ended += cell.ended;
            total.ok += cell.ok;
            total.in_time += cell.in_time;
            total.responded += cell.responded;
        }
    }
    return cells;
}

Table availability(Observations all) {
    Table table{"availability",
                "Answers by side, operation and window; 95 % intervals after Wilson",
                {{"side"},
                 {"operation"},
                 {"window"},
                 {"ended"},
                 {"answered", "ratio"},
                 {"answered_low", "ratio"},
                 {"answered_high", "ratio"},
                 {"in_time", "ratio"},
                 {"any_response", "ratio"}}};
    for (const auto& [key, cell] : summed_cells(all)) {
        const auto& [side, kind, window] = key;
        std::vector<Cell> row = {side_word(side), word_of(kind), std::string{name_of(window)},
                                 number(cell.ended)};
        append(row, Share{cell.ok, cell.ended});
        row.push_back(cell_of(Share{cell.in_time, cell.ended}.value()));
        row.push_back(cell_of(Share{cell.responded, cell.ended}.value()));
        table.rows.push_back(std::move(row));
    }
    return table;
}

/// Latency by side and window: what consistency costs while there is no partition.
Table latency(Observations all) {
    Table table{"latency",
                "Latency of answered operations, mean over replications",
                {{"side"}, {"operation"}, {"window"}, {"p50", "s"}, {"p99", "s"}}};
    struct Sum {
        double p50 = 0.0;
        double p99 = 0.0;
        int n = 0;
    };
    std::map<CellKey, Sum> sums;
    for (const CapObservation* const one : all) {
        for (const CapCell& cell : one->cells) {
            if (!cell.p50 || !cell.p99) continue;
            Sum& total = sums[{cell.side, cell.kind, cell.window}];
            total.p50 += *cell.p50;
            total.p99 += *cell.p99;
            ++total.n;
        }
    }
    for (const auto& [key, total] : sums) {
        const auto& [side, kind, window] = key;
        table.rows.push_back({side_word(side), word_of(kind), std::string{name_of(window)},
                              total.p50 / total.n, total.p99 / total.n});
    }
    return table;
}

Table staleness(Observations all) {
    Table table{"stale_reads",
                "Stale reads by window",
                {{"window"},
                 {"reads"},
                 {"stale", "ratio"},
                 {"stale_low", "ratio"},
                 {"stale_high", "ratio"}}};
    for (int i = 0; i < models::window_count; ++i) {
        Share share;
        for (const CapObservation* const one : all) {
            share.count += one->stale[static_cast<std::size_t>(i)].count;
            share.total += one->stale[static_cast<std::size_t>(i)].total;
        }
        if (share.total == 0) continue;
        std::vector<Cell> row = {std::string{name_of(static_cast<Window>(i))}, number(share.total)};
        append(row, share);
        table.rows.push_back(std::move(row));
    }
    return table;
}

Table visibility(Observations all) {
    Table table{"t_visibility",
                "How long after a write its readers see it (worst replication)",
                {{"fresh", "ratio"}, {"after", "s"}}};
    for (std::size_t i = 0; i < visible_shares.size(); ++i) {
        std::optional<sim::Duration> worst = sim::Duration{};
        for (const CapObservation* const one : all) {
            const auto& time = one->visibility[i];
            worst = time && worst ? std::max(worst, time) : std::nullopt;
        }
        table.rows.push_back({visible_shares[i], seconds_of(worst)});
    }
    return table;
}

Table recovery(Observations all) {
    Table table{"recovery",
                "From the last answer before a fault to the first after it began",
                {{"side"}, {"operation"}, {"longest", "s"}, {"never"}}};
    struct Worst {
        std::optional<sim::Duration> time;
        std::int64_t never = 0;
    };
    std::map<std::pair<std::uint8_t, Access>, Worst> lanes;
    for (const CapObservation* const one : all) {
        for (const models::Recovery& recovery : one->recoveries) {
            Worst& worst = lanes[{recovery.side, recovery.kind}];
            worst.time = std::max(worst.time, recovery.time);
            if (!recovery.time) ++worst.never;
        }
    }
    for (const auto& [lane, worst] : lanes) {
        table.rows.push_back({side_word(lane.first), word_of(lane.second), seconds_of(worst.time),
                              number(worst.never)});
    }
    return table;
}

/// How long replicas took to agree after heals, or why nobody can say.
Cell convergence(Observations all) {
    std::optional<sim::Duration> longest;
    for (const CapObservation* const one : all) {
        for (const models::HealResult& heal : one->heals) {
            if (!heal.convergence) return "not at rest: replicas still differed at the end";
            longest = std::max(longest, heal.convergence);
        }
    }
    return seconds_of(longest);
}

void add_losses(Observations all, Section& section) {
    const bool known = std::ranges::all_of(
        all, [](const CapObservation* one) { return one->losses.acknowledged > 0; });
    if (known) {
        section.facts.push_back({"acknowledged_writes", number(sum(all, [](const auto& one) {
                                     return one.losses.acknowledged;
                                 }))});
        section.facts.push_back(
            {"lost_writes", number(sum(all, [](const auto& one) { return one.losses.lost; }))});
        section.facts.push_back({"discarded_writes", number(sum(all, [](const auto& one) {
                                     return one.losses.discarded.value_or(0);
                                 }))});
    } else {
        section.facts.push_back({"lost_writes", "not known: the store was not at rest at the end"});
    }
    section.facts.push_back(
        {"conflicts", number(sum(all, [](const auto& one) { return one.losses.conflicts; }))});
    section.facts.push_back(
        {"recovery_point",
         seconds_of(largest(all, [](const auto& one) { return one.losses.recovery_point; })), "s"});
}

}  // namespace

CapObservation observed(const std::string& store, const models::ConsistencyResult& result) {
    CapObservation made;
    made.store = store;
    made.verdict = result.verdict;
    made.keys = result.linearizability.keys;
    made.violating_keys = result.linearizability.violating_keys;
    made.reads = result.linearizability.reads;
    made.keys_by_violation = result.linearizability.keys_by_violation;
    made.delta = result.distance.delta;
    for (const models::AvailabilityCell& cell : result.availability) {
        using models::Ending;
        CapCell kept{cell.side, cell.kind, cell.window};
        kept.ended = cell.ended();
        kept.ok = cell.answered().count;
        kept.in_time = cell.in_time;
        kept.responded = kept.ended - cell.endings[static_cast<std::size_t>(Ending::indeterminate)];
        if (cell.latency.count() > 0) {
            kept.p50 = cell.latency.quantile(0.5).in_seconds();
            kept.p99 = cell.latency.quantile(0.99).in_seconds();
        }
        made.cells.push_back(kept);
    }
    made.stale = result.stale_by_window;
    if (const sim::Histogram& age = result.staleness.age; age.count() > 0) {
        made.age_p50 = age.quantile(0.5).in_seconds();
        made.age_p99 = age.quantile(0.99).in_seconds();
        made.age_max = age.max().in_seconds();
    }
    for (std::size_t i = 0; i < visible_shares.size(); ++i) {
        made.visibility[i] =
            models::time_until_fresh(result.staleness.visibility, visible_shares[i]);
    }
    made.heals = result.heals;
    made.losses = result.losses;
    made.recoveries = result.recoveries;
    made.exposure = result.exposure;
    if (!result.linearizability.witnesses.empty()) {
        made.witness = result.linearizability.witnesses.front();
    }
    return made;
}

Section cap_section(Observations all) {
    Section section{.name = "cap", .title = "Consistency and availability (CAP, PACELC)"};
    auto& facts = section.facts;
    facts.push_back({"store", all.front()->store});
    facts.push_back(
        {"class", most_frequent(all, [](const auto& one) { return text_of(one.verdict.cap); })});
    facts.push_back(
        {"pacelc", most_frequent(all, [](const auto& one) { return one.verdict.pacelc; })});
    const std::int64_t violating = sum(all, [](const auto& one) { return one.violating_keys; });
    facts.push_back({"linearizable", violating == 0});
    facts.push_back({"keys", number(sum(all, [](const auto& one) { return one.keys; }))});
    facts.push_back({"violating_keys", number(violating)});
    const bool has_delta =
        std::ranges::all_of(all, [](const CapObservation* one) { return one->delta.has_value(); });
    facts.push_back({"delta",
                     has_delta ? seconds_of(largest(all, [](const auto& one) { return one.delta; }))
                               : Cell{"infinite"},
                     "s"});
    facts.push_back({"stale_age_p99",
                     cell_of(largest(all, [](const auto& one) { return one.age_p99; })), "s"});
    facts.push_back({"stale_age_max",
                     cell_of(largest(all, [](const auto& one) { return one.age_max; })), "s"});
    add_losses(all, section);
    facts.push_back({"convergence_time", convergence(all), "s"});
    facts.push_back({"shared_keys",
                     number(sum(all, [](const auto& one) { return one.exposure.shared_keys; }))});
    for (Table& table :
         std::vector<Table>{reasons(all), availability(all), latency(all), staleness(all),
                            visibility(all), recovery(all), witness_table(all), definitions()}) {
        if (!table.rows.empty()) section.tables.push_back(std::move(table));
    }
    return section;
}

}  // namespace archsim::scenarios
