// From a witness to the rows of a table.
#include "scenarios/witness.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace archsim::scenarios {

namespace {

using Observations = std::span<const CapObservation* const>;

/// The first replication with a witness stands for all.
const models::Witness* first_witness(Observations all) {
    const auto found = std::ranges::find_if(
        all, [](const CapObservation* one) { return !one->witness.operations.empty(); });
    return found != all.end() ? &(*found)->witness : nullptr;
}

bool is_stand_in(const models::Operation& operation) { return operation.id == models::stand_in_id; }

/// Whether it is known when the operation took effect or was answered.
bool has_ended(const models::Operation& operation) {
    return operation.completed_order != models::after_history &&
           (is_stand_in(operation) || operation.ending == models::Ending::ok);
}

/// When an operation began and ended. A stand-in only tells by when its version was in effect.
std::vector<Cell> operation_row(const models::Operation& operation,
                                const std::vector<models::Order>& events) {
    const auto place = [&events](models::Order order) {
        return static_cast<double>(std::ranges::lower_bound(events, order) - events.begin());
    };
    std::vector<Cell> row(8);
    row[0] = std::string{operation.kind == models::Access::write ? "write" : "read"};
    row[1] = fmt::format("v{}", operation.version);
    if (!is_stand_in(operation)) {
        row[2] = static_cast<double>(operation.session);
        row[3] = static_cast<double>(operation.id);
        row[4] = operation.invoked.since_start().in_seconds();
        row[6] = place(operation.invoked_order);
    }
    if (has_ended(operation)) {
        row[5] = operation.completed.since_start().in_seconds();
        row[7] = place(operation.completed_order);
    }
    return row;
}

}  // namespace

Table witness_table(Observations all) {
    Table table{"witness", "Proof: these operations alone fit no order", {{"timeline"}}};
    const models::Witness* const found = first_witness(all);
    if (found == nullptr) return table;
    const std::string picture = models::draw(*found);
    std::string_view rest = picture;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        if (end > 0) table.rows.push_back({std::string{rest.substr(0, end)}});
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return table;
}

std::optional<Section> witness_section(Observations all) {
    const models::Witness* const found = first_witness(all);
    if (found == nullptr) return std::nullopt;
    std::vector<models::Order> events;
    for (const models::Operation& operation : found->operations) {
        if (!is_stand_in(operation)) events.push_back(operation.invoked_order);
        if (has_ended(operation)) events.push_back(operation.completed_order);
    }
    std::ranges::sort(events);
    events.erase(std::unique(events.begin(), events.end()), events.end());
    Section section{.name = "witness", .title = "Operations that contradict each other"};
    section.is_for_drawing = true;
    section.facts = {{"key", static_cast<double>(found->key)},
                     {"violation", std::string{name_of(found->violation)}}};
    Table table{"operations",
                "When each began and ended",
                {{"access"},
                 {"version"},
                 {"session"},
                 {"operation"},
                 {"begin", "s"},
                 {"end", "s"},
                 {"begin_place"},
                 {"end_place"}}};
    for (const models::Operation& operation : found->operations) {
        table.rows.push_back(operation_row(operation, events));
    }
    section.tables.push_back(std::move(table));
    return section;
}

}  // namespace archsim::scenarios
