// From parts to calls.
#include "models/api/page.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace archsim::models {

const Spec<PagePart>& PagePart::spec() {
    static const auto declared =
        Spec<PagePart>{"page_part", "Things of a kind that a page shows."}
            .required("name", &PagePart::name, "Of the part; the operation of calls for it.")
            .optional("count", &PagePart::count, "Things.")
            .at_least(1)
            .at_most(10'000)
            .required("needed", &PagePart::needed, "What the page shows of each, as JSON.")
            .at_least(sim::Bytes{})
            .required("whole", &PagePart::whole, "All that there is of each, as JSON.")
            .at_least(sim::Bytes{})
            .optional("listed", &PagePart::listed,
                      "REST: whether one address gives all of them; else one call for each.")
            .optional("after", &PagePart::after,
                      "The part that must be there first: its answer names these things.")
            .optional("call", &PagePart::call, "The node from which the server gets them.");
    return declared;
}

std::size_t stage_of(const std::vector<PagePart>& parts, std::size_t part) {
    std::size_t stage = 0;
    while (parts[part].after) {
        const auto before = std::ranges::find(parts, *parts[part].after, &PagePart::name);
        part = static_cast<std::size_t>(before - parts.begin());
        ++stage;
    }
    return stage;
}

namespace {

/// Adds so many things of a part to what a call asks for.
void ask_for(ApiCall& call, const PagePart& part, std::int64_t count, const StyleRules& rules) {
    const sim::Bytes each = rules.selects ? part.needed : part.whole;
    call.data += sim::Bytes{each.count() * count};
    call.needed += sim::Bytes{part.needed.count() * count};
}

/// What the call weighs, now that it is known what it asks for.
ApiCall weighed(ApiCall call, const StyleRules& rules) {
    const StyleProfile& numbers = rules.numbers;
    call.request = numbers.request_head + rules.body;
    const double encoded = static_cast<double>(call.data.count()) * numbers.size_ratio;
    call.response =
        numbers.response_head + sim::Bytes{static_cast<std::int64_t>(std::ceil(encoded - 1e-9))};
    call.work = numbers.call_time + numbers.encode_rate.time_to_send(call.data);
    return call;
}

ApiPlan plan_of_query(const std::vector<PagePart>& parts, const StyleRules& rules,
                      std::size_t stages) {
    ApiCall query;
    query.operation = "page";
    query.parts.resize(stages);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        query.parts[stage_of(parts, i)].push_back(i);
        ask_for(query, parts[i], parts[i].count, rules);
    }
    return {{weighed(std::move(query), rules)}, {{0}}};
}

}  // namespace

ApiPlan plan_of(const std::vector<PagePart>& parts, const StyleRules& rules) {
    std::size_t stages = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        stages = std::max(stages, stage_of(parts, i) + 1);
    }
    if (rules.one_for_all) return plan_of_query(parts, rules, stages);
    ApiPlan plan;
    plan.stages.resize(stages);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const PagePart& part = parts[i];
        const bool at_once = rules.in_batches || part.listed;
        ApiCall call;
        call.operation = part.name;
        call.parts = {{i}};
        ask_for(call, part, at_once ? part.count : 1, rules);
        std::vector<std::size_t>& stage = plan.stages[stage_of(parts, i)];
        stage.insert(stage.end(), static_cast<std::size_t>(at_once ? 1 : part.count),
                     plan.calls.size());
        plan.calls.push_back(weighed(std::move(call), rules));
    }
    return plan;
}

}  // namespace archsim::models
