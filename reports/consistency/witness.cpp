// Building, completing and drawing witnesses.
#include "reports/consistency/witness.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace archsim::reports {
namespace {

using models::Access;
using models::Operation;

bool is_stand_in(const Operation& operation) { return operation.id == stand_in_id; }

std::string milliseconds(sim::Instant at) {
    return fmt::format("{:.3f} ms", at.since_start().in_seconds() * 1e3);
}

std::string label_of(const Operation& operation) {
    const char* verb = operation.kind == Access::write ? "write" : "read ";
    if (is_stand_in(operation)) {
        return fmt::format("{} v{} in effect by {}", verb, operation.version,
                           milliseconds(operation.completed));
    }
    const std::string end =
        operation.completed_order == models::after_history || operation.ending != models::Ending::ok
            ? std::string{"unanswered"}
            : milliseconds(operation.completed);
    return fmt::format("{} v{} by session {}, operation {}: {} to {}", verb, operation.version,
                       operation.session, operation.id, milliseconds(operation.invoked), end);
}

// Columns come from ranks, not times: what matters is which operation ended before which began,
// and a proportional axis would hide a gap of microseconds in a history of minutes.
std::vector<models::Order> events_of(const std::vector<Operation>& operations) {
    std::vector<models::Order> events;
    for (const Operation& operation : operations) {
        events.push_back(operation.invoked_order);
        events.push_back(operation.completed_order);
    }
    std::sort(events.begin(), events.end());
    events.erase(std::unique(events.begin(), events.end()), events.end());
    return events;
}

}  // namespace

Witness make_witness(std::uint64_t key, Violation violation, std::vector<Operation> operations) {
    const auto place = [](const Operation& operation) {
        return std::tuple{operation.invoked_order, operation.id};
    };
    std::sort(operations.begin(), operations.end(),
              [&](const Operation& a, const Operation& b) { return place(a) < place(b); });
    const auto same = [](const Operation& a, const Operation& b) {
        return a.id == b.id && a.version == b.version && a.kind == b.kind;
    };
    operations.erase(std::unique(operations.begin(), operations.end(), same), operations.end());
    return Witness{key, violation, std::move(operations)};
}

Witness with_details(Witness witness, std::span<const Operation> history) {
    std::vector<Operation> resolved;
    for (const Operation& part : witness.operations) {
        bool answered = false;
        for (const Operation& operation : history) {
            if (operation.id == part.id) resolved.push_back(operation);
            if (!is_stand_in(part) || operation.key != witness.key) continue;
            if (operation.version != part.version) continue;
            const bool first = !answered && operation.ending == models::Ending::ok &&
                               operation.completed_order == part.completed_order;
            if (first || operation.kind == Access::write) resolved.push_back(operation);
            answered = answered || first;
        }
    }
    return make_witness(witness.key, witness.violation, std::move(resolved));
}

std::string draw(const Witness& witness, int width) {
    const std::vector<models::Order> events = events_of(witness.operations);
    const auto column = [&](models::Order order) {
        const auto rank = std::lower_bound(events.begin(), events.end(), order) - events.begin();
        const auto last = std::max<std::ptrdiff_t>(std::ssize(events) - 1, 1);
        return static_cast<std::size_t>(rank * (width - 1) / last);
    };
    std::string text = fmt::format("key {}: {}\n", witness.key, name_of(witness.violation));
    for (const Operation& operation : witness.operations) {
        std::string line(static_cast<std::size_t>(width), ' ');
        const std::size_t begin = column(operation.invoked_order);
        const std::size_t end = column(operation.completed_order);
        for (std::size_t i = begin; i <= end; ++i) line[i] = '-';
        line[begin] = '|';
        line[end] = operation.completed_order == models::after_history ? '>' : '|';
        text += fmt::format("  {}  {}\n", line, label_of(operation));
    }
    return text;
}

}  // namespace archsim::reports
