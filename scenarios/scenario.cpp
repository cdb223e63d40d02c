// How a whole scenario is written.
#include "scenarios/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace archsim::scenarios {

const models::Spec<BandwidthConfig>& BandwidthConfig::spec() {
    static const auto declared =
        models::Spec<BandwidthConfig>{"bandwidth",
                                      "Rates of messages between nodes: size / bandwidth adds to "
                                      "the delay of requests and answers."}
            .optional("within", &BandwidthConfig::within,
                      "Of each message between nodes of one region.")
            .more_than(sim::Bandwidth{})
            .optional("between", &BandwidthConfig::between,
                      R"(Between two regions, such as ["sao_paulo", "beijing", "1Gbps"].)")
            .optional("shared", &BandwidthConfig::shared,
                      "Whether the messages between two regions share the bandwidth of each "
                      "direction, one after the other in the order of sending, instead of having "
                      "it each for itself.")
            .assume(
                "bandwidth: A message arrives as a whole, its transfer time and then its delay "
                "after it was sent; one that gets lost uses a shared line as well, one that meets "
                "a partition does not.");
    return declared;
}

namespace {

void check_rates(const NetworkConfig& network, const models::Place& place) {
    if (!network.bandwidth) return;
    for (const auto& [a, b, rate] : network.bandwidth->between) {
        if (rate > sim::Bandwidth{}) continue;
        place.fail("bandwidth", {.code = models::Code::out_of_range,
                                 .message = "nothing can be sent between " + a + " and " + b +
                                            " at a bandwidth of zero",
                                 .hint = "let a \"partition\" fault cut them off"});
    }
}

}  // namespace

std::optional<sim::Distribution> NetworkConfig::delay(const std::string& a,
                                                      const std::string& b) const {
    for (const auto& [one, other, delay] : between) {
        if ((one == a && other == b) || (one == b && other == a)) return delay;
    }
    if (!table) return std::nullopt;
    const std::optional<sim::Duration> round_trip = models::round_trip(a, b);
    if (!round_trip) return std::nullopt;
    return sim::Distribution::constant(*round_trip / 2);
}

bool NetworkConfig::limits(const std::string& a, const std::string& b) const {
    if (!bandwidth) return false;
    if (a == b) return bandwidth->within.has_value();
    return std::ranges::any_of(bandwidth->between, [&a, &b](const auto& entry) {
        const auto& [one, other, rate] = entry;
        return (one == a && other == b) || (one == b && other == a);
    });
}

const models::Spec<NetworkConfig>& NetworkConfig::spec() {
    static const auto declared =
        models::Spec<NetworkConfig>{"network", "Delays between nodes, one way."}
            .optional("within", &NetworkConfig::within, "Between nodes of one region.")
            .optional("between", &NetworkConfig::between,
                      R"(Between two regions, such as ["sao_paulo", "beijing", "150ms"].)")
            .optional("table", &NetworkConfig::table,
                      "Measured round trips for the pairs that `between` does not list; half of a "
                      "round trip is the delay one way.")
            .optional("bandwidth", &NetworkConfig::bandwidth,
                      "Rates of messages; without it their size does not matter.")
            .check(check_rates)
            .assume("Without a network section messages take no time and are never lost.");
    return declared;
}

namespace {

using models::Code;
using models::Place;

void check_regions(const Scenario& scenario, const Place& place) {
    const auto known = [&scenario](const std::string& region) {
        return std::find(scenario.regions.begin(), scenario.regions.end(), region) !=
               scenario.regions.end();
    };
    const auto check = [&](const std::string& region) {
        if (known(region)) return;
        place.fail("network", {.code = Code::unknown_name,
                               .message = "there is no region " + models::quoted(region),
                               .hint = "list it under \"regions\""});
    };
    for (const auto& [a, b, delay] : scenario.network.between) {
        check(a);
        check(b);
    }
    if (scenario.network.bandwidth) {
        for (const auto& [a, b, rate] : scenario.network.bandwidth->between) {
            check(a);
            check(b);
        }
    }
    for (const NodeEntry& node : scenario.nodes.entries) {
        if (!node.region || known(*node.region)) continue;
        place.fail("nodes", {.code = Code::unknown_name,
                             .message = "node " + node.name + " is in region " +
                                        models::quoted(*node.region) + ", which does not exist",
                             .hint = "list it under \"regions\""});
    }
}

void check_times(const Scenario& scenario, const Place& place) {
    if (!scenario.warm_up.automatic && scenario.warm_up.length >= scenario.duration) {
        place.fail("warm_up", {.code = Code::time_window,
                               .message = "the warm-up leaves nothing of the run to measure",
                               .hint = "make it shorter than the duration"});
    }
}

}  // namespace

const models::Spec<Scenario>& Scenario::spec() {
    static const auto declared =
        models::Spec<Scenario>{"scenario", "An architecture, its load, and what is expected."}
            .required("scenario", &Scenario::name, "A short name.")
            .optional("question", &Scenario::question, "The question that it answers.")
            .optional("guide", &Scenario::guide, "The section of the guide that it comes from.")
            .optional(
                "look_at", &Scenario::look_at,
                "What to look at in the result. \"{users/latency/p99}\" in a text becomes the "
                "value of that metric in the run.")
            .optional("pt", &Scenario::pt, "description, question and look_at in Portuguese.")
            .required("duration", &Scenario::duration, "Simulated time of a run.")
            .more_than(sim::Duration{})
            .optional("warm_up", &Scenario::warm_up,
                      "First part of the run that is not measured, or \"auto\" (MSER-5).")
            .optional("seed", &Scenario::seed, "Of all random numbers.")
            .at_least(0)
            .optional("replications", &Scenario::replications,
                      "Runs with different random numbers, for confidence intervals.")
            .at_least(1)
            .at_most(100'000)
            .optional("regions", &Scenario::regions, "Places far from each other.")
            .optional("network", &Scenario::network, "Delays between nodes.")
            .optional("prices", &Scenario::prices,
                      "A table of prices; a node names its entry as its \"price\".")
            .required(
                "nodes", &Scenario::nodes,
                "The components, by name. Beside its parameters each has a kind, and may have "
                "a region and a price. Metrics of the whole keep the names system, cost, "
                "consistency, per_month and per_million_requests for themselves.")
            .optional("faults", &Scenario::faults, "What goes wrong or changes, and when.")
            .optional("history", &Scenario::history,
                      "How consistency is judged; false switches the record of operations off.")
            .optional("metastability", &Scenario::metastability,
                      "When a failure counts as one that goes on after its trigger is over.")
            .optional("expect", &Scenario::expect,
                      "What must hold, such as \"users/latency/p99 <= 40ms\".")
            .check(check_regions)
            .check(check_times);
    return declared;
}

}  // namespace archsim::scenarios

namespace archsim::models {

using scenarios::ExpectEntry;
using scenarios::ExpectList;
using scenarios::FaultEntry;
using scenarios::FaultList;
using scenarios::NodeEntry;
using scenarios::NodeList;
using scenarios::WarmUp;

std::optional<WarmUp> Codec<WarmUp>::read(const Value& value, Reader& reader) {
    if (value.is_string() && value.text() == "auto") return WarmUp{true, {}};
    const std::optional<sim::Duration> length = Codec<sim::Duration>::read(value, reader);
    if (!length) return std::nullopt;
    return WarmUp{false, *length};
}
Value Codec<WarmUp>::write(const WarmUp& warm_up) {
    return warm_up.automatic ? Value::string("auto") : Codec<sim::Duration>::write(warm_up.length);
}
Value Codec<WarmUp>::schema(SchemaBuilder& builder) {
    return Value::object({{"anyOf", Value::array({Value::object({{"const", Value::string("auto")}}),
                                                  Codec<sim::Duration>::schema(builder)})}});
}
std::string Codec<WarmUp>::type() { return "duration or \"auto\""; }

namespace {

constexpr std::string_view region_key = "region";
constexpr std::string_view price_key = "price";
constexpr std::array common_keys{region_key, price_key};

bool is_name(std::string_view name) {
    if (name.empty() || name.front() < 'a' || name.front() > 'z') return false;
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

/// A name that metrics of the whole need, and one of these: a node of that name would publish the
/// same name or be taken for the whole.
struct TakenName {
    std::string_view name;
    std::string_view metric;
};
constexpr std::array taken_names{
    TakenName{"system", "system/availability"},
    TakenName{"cost", "cost/per_month"},
    TakenName{"consistency", "consistency/staleness/p99"},
    TakenName{"per_month", "cost/per_month"},
    TakenName{"per_million_requests", "cost/per_million_requests"},
};

std::optional<NodeEntry> read_node(const Member& member, Reader& reader) {
    if (!is_name(member.key)) {
        reader.fail(member.key_spot,
                    {.code = Code::bad_value,
                     .message = "a node cannot be called " + quoted(member.key),
                     .hint = "a name has small letters, digits and _ and begins with a letter"});
        return std::nullopt;
    }
    const auto* const taken = std::ranges::find(taken_names, member.key, &TakenName::name);
    if (taken != taken_names.end()) {
        reader.fail(member.key_spot,
                    {.code = Code::bad_value,
                     .message = "a node cannot be called " + quoted(member.key),
                     .hint = fmt::format("metrics of the whole have that name, such as {}; call it "
                                         "\"{}_node\" or the like",
                                         taken->metric, member.key)});
        return std::nullopt;
    }
    std::optional<std::string> region;
    bool good = true;
    if (const Value* const written = member.value.find(region_key); written != nullptr) {
        const auto step = reader.into(region_key);
        region = Codec<std::string>::read(*written, reader);
        good = region.has_value();
    }
    std::optional<PriceChoice> price;
    if (const Value* const written = member.value.find(price_key); written != nullptr) {
        const auto step = reader.into(price_key);
        price = Codec<PriceChoice>::read(*written, reader);
        good = good && price.has_value();
    }
    auto kind = read_kind(member.value, reader, node_kinds(), common_keys);
    if (!kind || !good) return std::nullopt;
    return NodeEntry{member.key,       std::move(region), std::move(price),
                     std::move(*kind), member.key_spot,   member.value};
}

template <class Kinds>
Value schema_of_kinds(const Kinds& kinds, SchemaBuilder& builder, SchemaBuilder::As as) {
    std::vector<const SpecBase*> specs;
    for (const auto* kind : kinds) specs.push_back(&kind->spec());
    return schema_of_choice(specs, builder, as);
}

}  // namespace

std::optional<NodeList> Codec<NodeList>::read(const Value& value, Reader& reader) {
    if (!value.is_object()) {
        reader.fail_type(value, type());
        return std::nullopt;
    }
    NodeList list;
    list.spot = value.spot();
    bool good = true;
    for (const Member& member : value.members()) {
        if (member.key == "description") continue;
        const auto step = reader.into(member.key);
        std::optional<NodeEntry> entry = read_node(member, reader);
        if (entry) list.entries.push_back(std::move(*entry));
        good = good && entry.has_value();
    }
    if (!good) return std::nullopt;
    return list;
}
Value Codec<NodeList>::write(const NodeList& list) {
    Value result = Value::object();
    for (const NodeEntry& entry : list.entries) {
        result.append(entry.name, Value::string(entry.kind.config.spec().name()));
    }
    return result;
}
Value Codec<NodeList>::schema(SchemaBuilder& builder) {
    return Value::object({{"type", Value::string("object")},
                          {"additionalProperties",
                           schema_of_kinds(node_kinds(), builder, SchemaBuilder::As::node)}});
}
std::string Codec<NodeList>::type() { return "object of names and nodes"; }

std::optional<FaultList> Codec<FaultList>::read(const Value& value, Reader& reader) {
    if (!value.is_array()) {
        reader.fail_type(value, type());
        return std::nullopt;
    }
    FaultList list;
    bool good = true;
    for (std::size_t i = 0; i < value.items().size(); ++i) {
        const auto step = reader.into(i);
        auto kind = read_kind(value.items()[i], reader, fault_kinds());
        const Value& written = value.items()[i];
        if (kind) list.entries.push_back({std::move(*kind), written.spot(), written});
        good = good && kind.has_value();
    }
    if (!good) return std::nullopt;
    return list;
}
Value Codec<FaultList>::write(const FaultList& list) {
    Value result = Value::array();
    for (const FaultEntry& entry : list.entries) {
        result.push(Value::string(entry.kind.config.spec().name()));
    }
    return result;
}
Value Codec<FaultList>::schema(SchemaBuilder& builder) {
    return Value::object(
        {{"type", Value::string("array")},
         {"items", schema_of_kinds(fault_kinds(), builder, SchemaBuilder::As::alternative)}});
}
std::string Codec<FaultList>::type() { return "list of faults"; }

std::optional<ExpectList> Codec<ExpectList>::read(const Value& value, Reader& reader) {
    const auto texts = Codec<std::vector<std::string>>::read(value, reader);
    if (!texts) return std::nullopt;
    ExpectList list;
    bool good = true;
    for (std::size_t i = 0; i < texts->size(); ++i) {
        const auto step = reader.into(i);
        auto parsed = scenarios::parse_expectation((*texts)[i]);
        if (auto* problem = std::get_if<scenarios::ExpectProblem>(&parsed)) {
            reader.fail(value.items()[i].spot(), {.code = problem->code,
                                                  .message = std::move(problem->message),
                                                  .hint = std::move(problem->hint)});
            good = false;
        } else {
            list.entries.push_back(
                {std::get<scenarios::Expectation>(std::move(parsed)), value.items()[i].spot()});
        }
    }
    if (!good) return std::nullopt;
    return list;
}
Value Codec<ExpectList>::write(const ExpectList& list) {
    Value result = Value::array();
    for (const ExpectEntry& entry : list.entries) {
        result.push(Value::string(entry.expectation.expr));
    }
    return result;
}
Value Codec<ExpectList>::schema(SchemaBuilder& builder) {
    return Codec<std::vector<std::string>>::schema(builder);
}
std::string Codec<ExpectList>::type() { return "list of expectations"; }

}  // namespace archsim::models
