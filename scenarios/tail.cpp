// Sums of critical paths, and the heap of the slowest requests.
#include "scenarios/tail.hpp"

#include "models/node.hpp"

#include <algorithm>
#include <optional>

namespace archsim::scenarios {

namespace {

using models::Journey;
using models::PathPart;

/// Parts of the tail with a smaller share are summed up in one row.
constexpr double least_share = 0.01;

/// Slower ones first; among equals the earlier id, so that the heap does not depend on chance.
bool is_slower(const std::pair<std::string, Journey>& a, const std::pair<std::string, Journey>& b) {
    if (a.second.latency() != b.second.latency()) return a.second.latency() > b.second.latency();
    return a.second.request.id < b.second.request.id;
}

std::string place_of(const PathPart& part, const std::string& source) {
    if (part.from != nullptr) return part.from->owner().name() + "->" + part.at->owner().name();
    return part.at == nullptr ? source : part.at->owner().name();
}

Cell seconds(const std::optional<sim::Instant>& at) {
    return at ? Cell{at->since_start().in_seconds()} : Cell{};
}

}  // namespace

void TailObserver::ended(const Journey& journey) {
    if (journey.tries.empty() || journey.request.issued < from_) return;
    const std::string& source = journey.tries.front().from->owner().name();
    keep(journey, source);
    const auto threshold = thresholds_.find(source);
    if (threshold == thresholds_.end() || journey.latency() < threshold->second) return;
    Sum& sum = sums_[source];
    ++sum.requests;
    sum.time += journey.latency();
    for (const PathPart& part : models::critical_path(journey)) {
        sum.parts[{place_of(part, source), part.spent}] += part.time;
    }
}

void TailObserver::keep(const Journey& journey, const std::string& source) {
    std::pair<std::string, Journey> entry{source, journey};
    if (slowest_.size() == slowest_kept) {
        if (!is_slower(entry, slowest_.front())) return;
        std::ranges::pop_heap(slowest_, is_slower);
        slowest_.pop_back();
    }
    slowest_.push_back(std::move(entry));
    std::ranges::push_heap(slowest_, is_slower);
}

Section TailObserver::breakdown() const {
    Section section{.name = "tail", .title = "Where the slowest requests spend their time"};
    Table table{"parts",
                "Critical path of the requests that took at least the 99th percentile",
                {{"source"}, {"where"}, {"what"}, {"mean", "s"}, {"share", "ratio"}},
                {}};
    for (const auto& entry : sums_) {  // no bindings: clang 14 does not let lambdas capture them
        const std::string& source = entry.first;
        const Sum& sum = entry.second;
        std::vector<std::pair<sim::Duration, std::pair<std::string, models::Spent>>> parts;
        for (const auto& [key, time] : sum.parts) parts.emplace_back(time, key);
        std::ranges::stable_sort(parts,
                                 [](const auto& a, const auto& b) { return a.first > b.first; });
        const double count = static_cast<double>(sum.requests);
        sim::Duration others;
        const auto row = [&](const std::string& place, std::string what, sim::Duration time) {
            table.rows.push_back({source, place, std::move(what), time.in_seconds() / count,
                                  time.in_seconds() / sum.time.in_seconds()});
        };
        for (const auto& [time, key] : parts) {
            if (time.in_seconds() < least_share * sum.time.in_seconds()) {
                others += time;
            } else {
                row(key.first, std::string(name_of(key.second)), time);
            }
        }
        if (others > sim::Duration{}) row("elsewhere", "others", others);
        section.facts.push_back({source + "_requests", static_cast<double>(sum.requests), "count"});
    }
    section.tables.push_back(std::move(table));
    return section;
}

Section TailObserver::slowest(const models::OperationNames& operations) const {
    Section section{.name = "slowest", .title = "The slowest requests"};
    section.is_for_drawing = true;
    Table requests{"requests",
                   "Requests, the slowest first",
                   {{"request", "count"},
                    {"source"},
                    {"operation"},
                    {"issued", "s"},
                    {"ended", "s"},
                    {"outcome"}},
                   {}};
    Table spans{"spans",
                "What happened for them",
                {{"request", "count"},
                 {"what"},
                 {"from"},
                 {"at"},
                 {"begin", "s"},
                 {"end", "s"},
                 {"delivered", "s"},
                 {"replied", "s"},
                 {"outcome"}},
                {}};
    std::vector<std::pair<std::string, Journey>> sorted = slowest_;
    std::ranges::sort(sorted, is_slower);
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        const auto& [source, journey] = sorted[i];
        const auto number = static_cast<double>(i);
        requests.rows.push_back({number, source, operations.name(journey.request.operation),
                                 seconds(journey.request.issued), seconds(journey.ended),
                                 std::string(name_of(journey.outcome))});
        for (const models::TrySpan& span : journey.tries) {
            const bool is_over = span.ended.has_value();
            spans.rows.push_back({number, std::string("try ") + std::to_string(span.attempt),
                                  span.from->name(), span.to->name(), seconds(span.sent),
                                  seconds(is_over ? span.ended : journey.ended),
                                  seconds(span.delivered), seconds(span.replied),
                                  span.outcome ? Cell{std::string(name_of(*span.outcome))}
                                               : Cell{std::string(is_over ? "given_up" : "open")}});
        }
        for (const models::WorkSpan& span : journey.work) {
            if (span.begun > span.queued) {
                spans.rows.push_back({number, std::string("queue"), std::string(), span.at->name(),
                                      seconds(span.queued), seconds(span.begun), Cell{}, Cell{},
                                      std::string("ok")});
            }
            spans.rows.push_back({number, std::string("service"), std::string(), span.at->name(),
                                  seconds(span.begun), seconds(span.done), Cell{}, Cell{},
                                  std::string("ok")});
        }
    }
    section.tables = {std::move(requests), std::move(spans)};
    return section;
}

}  // namespace archsim::scenarios
