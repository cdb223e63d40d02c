// Building, completing and drawing witnesses.
#include "models/consistency/witness.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace archsim::models {
namespace {

bool is_stand_in(const Operation& operation) { return operation.id == stand_in_id; }

std::string moment(sim::Instant at, Order order, const WitnessNames& names) {
    if (!names.has_times) return fmt::format("event {}", order);
    return fmt::format("{:.3f} ms", at.since_start().in_seconds() * 1e3);
}

/// The name of a number, or `otherwise`.
std::string name_in(std::span<const std::string> names, std::uint64_t number,
                    std::string otherwise) {
    return number < names.size() ? names[static_cast<std::size_t>(number)] : std::move(otherwise);
}

std::string label_of(const Operation& operation, const WitnessNames& names) {
    const char* verb = operation.kind == Access::write ? "write" : "read ";
    const std::string value =
        name_in(names.values, operation.version, fmt::format("v{}", operation.version));
    if (is_stand_in(operation)) {
        return fmt::format("{} {} in effect by {}", verb, value,
                           moment(operation.completed, operation.completed_order, names));
    }
    const std::string end =
        operation.completed_order == after_history || operation.ending != Ending::ok
            ? std::string{"unanswered"}
            : moment(operation.completed, operation.completed_order, names);
    const auto id = static_cast<std::size_t>(operation.id);
    const std::string place = id < names.lines.size() ? fmt::format("line {}", names.lines[id])
                                                      : fmt::format("operation {}", operation.id);
    return fmt::format(
        "{} {} by session {}, {}: {} to {}", verb, value,
        name_in(names.sessions, operation.session, fmt::format("{}", operation.session)), place,
        moment(operation.invoked, operation.invoked_order, names), end);
}

// Columns come from ranks, not times: what matters is which operation ended before which began,
// and a proportional axis would hide a gap of microseconds in a history of minutes.
std::vector<Order> events_of(const std::vector<Operation>& operations) {
    std::vector<Order> events;
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
            const bool first = !answered && operation.ending == Ending::ok &&
                               operation.completed_order == part.completed_order;
            if (first || operation.kind == Access::write) resolved.push_back(operation);
            answered = answered || first;
        }
    }
    return make_witness(witness.key, witness.violation, std::move(resolved));
}

std::string draw(const Witness& witness, int width, const WitnessNames& names) {
    const std::vector<Order> events = events_of(witness.operations);
    const auto column = [&](Order order) {
        const auto rank = std::lower_bound(events.begin(), events.end(), order) - events.begin();
        const auto last = std::max<std::ptrdiff_t>(std::ssize(events) - 1, 1);
        return static_cast<std::size_t>(rank * (width - 1) / last);
    };
    std::string text = fmt::format("key {}: {}\n",
                                   name_in(names.keys, witness.key, fmt::format("{}", witness.key)),
                                   name_of(witness.violation));
    for (const Operation& operation : witness.operations) {
        std::string line(static_cast<std::size_t>(width), ' ');
        const std::size_t begin = column(operation.invoked_order);
        const std::size_t end = column(operation.completed_order);
        for (std::size_t i = begin; i <= end; ++i) line[i] = '-';
        line[begin] = '|';
        line[end] = operation.completed_order == after_history ? '>' : '|';
        text += fmt::format("  {}  {}\n", line, label_of(operation, names));
    }
    return text;
}

}  // namespace archsim::models
