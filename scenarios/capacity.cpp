// The search for a capacity.
#include "scenarios/capacity.hpp"

#include "sim/units_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace archsim::scenarios {

namespace {

using models::Value;

/// Scales every text below `value` that is a rate.
std::int64_t scale_rates(Value& value, double factor) {
    std::int64_t changed = 0;
    if (value.is_string()) {
        const auto rate = sim::parse_quantity<sim::Rate>(value.text());
        if (!rate) return 0;
        const models::Spot spot = value.spot();
        value = Value::string(sim::to_text(sim::Rate::per_second((*rate).per_second() * factor)))
                    .with_spot(spot);
        return 1;
    }
    for (Value& item : value.items()) changed += scale_rates(item, factor);
    for (models::Member& member : value.members()) changed += scale_rates(member.value, factor);
    return changed;
}

std::int64_t scale_users(Value& node, double factor) {
    Value* const users = node.find("users");
    if (users == nullptr || !users->is_number()) return 0;
    const auto count = users->as_integer();
    if (!count) return 0;
    const double scaled = std::clamp(std::round(static_cast<double>(*count) * factor), 1.0, 1e15);
    const models::Spot spot = users->spot();
    *users = Value::integer(static_cast<std::int64_t>(scaled)).with_spot(spot);
    return 1;
}

/// A search over one number, remembering what was tried.
class Search {
public:
    explicit Search(const CapacityQuestion& question) : question_{question} {}

    CapacityAnswer run() {
        if (question_.whole) {
            search_whole();
        } else {
            search_load();
        }
        std::ranges::sort(answer_.points, {}, &CapacityPoint::value);
        return std::move(answer_);
    }

private:
    /// Whether the goal holds at a value; nothing ends the search.
    std::optional<bool> holds_at(double value) {
        const std::optional<TrialResult> trial = question_.trial(value);
        if (!trial) {
            answer_.reason = fmt::format("there is no valid design at {}", value);
            return std::nullopt;
        }
        if (trial->status != Status::complete) {
            // A run that was cut short says nothing of the goal, so it is no point.
            answer_.status = trial->status;
            answer_.reason =
                trial->status == Status::interrupted
                    ? "interrupted"
                    : fmt::format("a run at {} reached a limit on events before its end", value);
            return std::nullopt;
        }
        CapacityPoint point{value, trial->verdict, trial->decided, trial->result.replications};
        for (const Expectation& goal : question_.goals) {
            const MetricResult* const metric = find_metric(trial->result, goal.metric);
            point.observed.push_back(metric != nullptr ? metric->value : std::nullopt);
        }
        answer_.points.push_back(std::move(point));
        return trial->verdict == Verdict::pass;
    }

    void search_load() {
        double holds = question_.low;
        const auto first = holds_at(holds);
        if (!first) return;
        double fails = holds;
        constexpr int doublings = 40;
        for (int i = 0; i < doublings; ++i) {
            const double next = *first ? holds * 2.0 : fails / 2.0;
            const auto here = holds_at(next);
            if (!here) return;
            (*here ? holds : fails) = next;
            if (*here != *first) break;
        }
        if (fails <= holds) {
            answer_.reason = *first ? "the goal holds at every load that was tried"
                                    : "the goal does not hold at any load that was tried";
            return;
        }
        while (fails - holds > question_.precision * holds) {
            const double middle = 0.5 * (holds + fails);
            const auto here = holds_at(middle);
            if (!here) return;
            (*here ? holds : fails) = middle;
        }
        finish(holds, false);
    }

    void search_whole() {
        double low = question_.low;
        double high = question_.high;
        const auto at_low = holds_at(low);
        const auto at_high = at_low && high > low ? holds_at(high) : at_low;
        if (!at_low || !at_high) return;
        if (*at_low == *at_high) {
            if (!*at_low) {
                answer_.reason = "the goal does not hold at either end of the range";
                return;
            }
            // All of the range will do: the least of it is the answer.
            finish(low, true);
            return;
        }
        const bool more_is_better = *at_high;
        while (high - low > 1.0) {
            const double middle = std::floor(0.5 * (low + high));
            const auto here = holds_at(middle);
            if (!here) return;
            (*here == more_is_better ? high : low) = middle;
        }
        finish(more_is_better ? high : low, more_is_better);
    }

    void finish(double value, bool more_is_better) {
        answer_.found = true;
        answer_.value = value;
        answer_.more_is_better = more_is_better;
        for (const CapacityPoint& point : answer_.points) {
            if (!point.decided) continue;
            auto& nearest = point.verdict == Verdict::pass ? answer_.holds_at : answer_.fails_at;
            if (!nearest || std::abs(point.value - value) < std::abs(*nearest - value))
                nearest = point.value;
        }
    }

    const CapacityQuestion& question_;
    CapacityAnswer answer_;
};

}  // namespace

std::int64_t scale_load(Value& document, double factor) {
    std::int64_t changed = 0;
    Value* const nodes = document.find("nodes");
    if (nodes == nullptr) return 0;
    for (models::Member& node : nodes->members()) {
        const Value* const kind = node.value.find("kind");
        if (kind == nullptr || !kind->is_string()) continue;
        if (kind->text() == "closed_loop") changed += scale_users(node.value, factor);
        if (kind->text() != "open_loop") continue;
        if (Value* const arrivals = node.value.find("arrivals"))
            changed += scale_rates(*arrivals, factor);
    }
    return changed;
}

CapacityAnswer find_capacity(const CapacityQuestion& question) { return Search{question}.run(); }

}  // namespace archsim::scenarios
