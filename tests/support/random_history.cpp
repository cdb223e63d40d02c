// Draws random histories and judges them by search, by the batch check and by the streaming check.
#include "tests/support/random_history.hpp"

#include "models/consistency/check_history.hpp"
#include "models/consistency/witness.hpp"
#include "models/consistency/zones.hpp"
#include "tests/support/history_oracle.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

namespace archsim::tests {
namespace {

using models::Access;
using models::Ending;
using models::Operation;
using models::Version;

std::uint64_t below(std::mt19937_64& random, std::uint64_t n) { return random() % n; }

sim::Instant at(models::Order order) { return sim::Instant::at(sim::Duration::nanoseconds(order)); }

std::vector<Operation> random_intervals(std::mt19937_64& random, bool tied, int count) {
    std::vector<models::Order> axis(static_cast<std::size_t>(count) * 2);
    for (std::size_t i = 0; i < axis.size(); ++i) axis[i] = static_cast<models::Order>(i);
    if (tied) {
        for (auto& order : axis) order = static_cast<models::Order>(below(random, axis.size()));
    } else {
        // A short reach keeps intervals local, as in a long history; a long one overlaps all.
        const std::size_t reach = 1 + below(random, axis.size());
        for (std::size_t i = 0; i + 1 < axis.size(); ++i) {
            std::swap(axis[i], axis[std::min(axis.size() - 1, i + below(random, reach))]);
        }
    }
    std::vector<Operation> operations(static_cast<std::size_t>(count));
    Version versions = 0;
    for (std::size_t i = 0; i < operations.size(); ++i) {
        Operation& operation = operations[i];
        std::tie(operation.invoked_order, operation.completed_order) =
            std::minmax(axis[2 * i], axis[2 * i + 1]);
        operation.id = i;
        operation.kind = below(random, 2) == 0 ? Access::write : Access::read;
        if (operation.kind == Access::write) operation.version = ++versions;
        operation.ending = Ending::ok;
        if (below(random, 8) == 0) {
            constexpr Ending endings[] = {Ending::in_flight, Ending::indeterminate, Ending::failed};
            operation.ending = endings[below(random, 3)];
            if (operation.ending == Ending::in_flight) {
                operation.completed_order = models::after_history;
            }
        }
        // Times as orders say: what the checks do may depend on how long a read took.
        operation.invoked = at(operation.invoked_order);
        if (operation.ending != Ending::in_flight)
            operation.completed = at(operation.completed_order);
    }
    return operations;
}

Version any_version(std::mt19937_64& random, std::size_t operations) {
    return below(random, operations / 2 + 2);
}

// Lets operations take effect one after another, each at an instant within its interval.
void execute(std::mt19937_64& random, std::vector<Operation>& operations) {
    std::vector<std::pair<models::Order, std::size_t>> points;
    for (std::size_t i = 0; i < operations.size(); ++i) {
        const Operation& operation = operations[i];
        if (operation.ending == Ending::failed) continue;
        const bool open = operation.ending != Ending::ok;
        if (open && below(random, 2) == 0) continue;  // it never takes effect
        const auto limit = static_cast<models::Order>(operations.size() * 2);
        const models::Order end = open ? limit : operation.completed_order;
        const auto length = static_cast<std::uint64_t>(end - operation.invoked_order) + 1;
        points.emplace_back(
            operation.invoked_order + static_cast<models::Order>(below(random, length)), i);
    }
    std::sort(points.begin(), points.end());
    Version current = models::initial_version;
    for (const auto& [at, index] : points) {
        Operation& operation = operations[index];
        if (operation.kind == Access::write) {
            current = operation.version;
        } else {
            operation.version = current;
        }
    }
}

// The batch form: clusters as the definition has them, without any streaming.
bool linearizable_by_zones(const std::vector<Operation>& history) {
    std::map<Version, models::Zone> zones;
    zones[models::initial_version].first_end = models::before_history;
    for (const Operation& operation : history) {
        if (operation.kind != Access::write || operation.ending == Ending::failed) continue;
        models::Zone& zone = zones[operation.version];
        zone.write_start = operation.invoked_order;
        if (operation.ending == Ending::ok) zone.first_end = operation.completed_order;
    }
    for (const Operation& operation : history) {
        if (operation.kind != Access::read || operation.ending != Ending::ok) continue;
        const auto place = zones.find(operation.version);
        if (place == zones.end()) return false;
        models::Zone& zone = place->second;
        zone.first_end = std::min(zone.first_end, operation.completed_order);
        zone.last_read = std::max(zone.last_read, operation.invoked_order);
    }
    std::vector<models::Zone> list;
    for (const auto& [version, zone] : zones) list.push_back(zone);
    return models::check_zones(std::move(list)) == models::Violation::none;
}

void compare(const std::vector<Operation>& history, Comparison& result) {
    const bool truth = linearizable_by_search(history);
    const auto verdict = models::check_history(history);
    ++result.histories;
    if (truth) ++result.linearizable;
    if (verdict.linearizable() != truth) ++result.disagreements;
    if (linearizable_by_zones(history) != truth) ++result.batch_disagreements;
    for (const models::Witness& witness : verdict.witnesses) {
        ++result.violations[static_cast<int>(witness.violation)];
        const auto full = models::with_details(witness, history);
        const bool proves =
            !linearizable_by_search(witness.operations) && !linearizable_by_search(full.operations);
        if (!proves || witness.operations.size() > 6 || full.operations.size() > 6) {
            ++result.bad_witnesses;
        }
    }
}

}  // namespace

std::vector<Operation> random_history(std::mt19937_64& random, HistoryShape shape,
                                      int operations_max) {
    const int count = 1 + static_cast<int>(below(random, static_cast<unsigned>(operations_max)));
    auto operations = random_intervals(random, shape == HistoryShape::tied, count);
    if (shape == HistoryShape::uniform) {
        for (Operation& operation : operations) {
            if (operation.kind == Access::write) continue;
            operation.version = any_version(random, operations.size());
        }
        return operations;
    }
    execute(random, operations);
    if (below(random, 3) == 0) {
        Operation& spoiled = operations[below(random, operations.size())];
        if (spoiled.kind == Access::read) spoiled.version = any_version(random, operations.size());
    }
    return operations;
}

Comparison compare_with_search(std::uint64_t seed, std::int64_t count, int operations_max) {
    std::mt19937_64 random{seed};
    Comparison result;
    for (const auto shape : {HistoryShape::uniform, HistoryShape::near_valid, HistoryShape::tied}) {
        for (std::int64_t i = 0; i < count; ++i) {
            compare(random_history(random, shape, operations_max), result);
        }
    }
    return result;
}

}  // namespace archsim::tests
