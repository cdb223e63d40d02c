// Findings as warnings and diagnostics, the assumptions of a scenario, and its bottleneck.
#include "scenarios/specs_used.hpp"
#include "scenarios/system_metrics.hpp"
#include "scenarios/topology.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace archsim::scenarios {

namespace {

using models::Code;
using models::Severity;

/// Something to warn of.
struct Finding {
    Code code;
    std::optional<std::size_t> node;  ///< Index into the scenario's nodes; the whole if none.
    std::string message;
    std::string hint;
};

std::optional<Finding> unreachable(const ComponentFlow& component, std::size_t number) {
    if (component.is_source || !component.streams.empty()) return std::nullopt;
    return Finding{Code::unreachable_node, number,
                   fmt::format("no load source leads to {}", component.component->name()),
                   "let a node that gets requests call it, or take it out"};
}

std::optional<Finding> overload(const Flow& flow, const ComponentFlow& component,
                                std::size_t number) {
    if (component.is_stable()) return std::nullopt;
    const std::string& name = component.component->name();
    if (is_upper_bound(flow, component)) return std::nullopt;
    if (!std::isfinite(component.load)) {
        return Finding{Code::overload, number,
                       fmt::format("the mean work of {} is infinite: its queue grows without bound "
                                   "whatever the load",
                                   name),
                       "choose work with a finite mean, such as a Pareto law with shape above 1"};
    }
    double rate = 0.0;
    bool finite = true;
    for (const std::size_t s : component.streams) {
        const Stream& stream = flow.streams[s];
        if (!stream.visits()) continue;
        rate += stream.per_second;
        const models::StationProfile& station = *stream.profile.station;
        finite = finite && (station.queue.has_value() || station.sheds);
    }
    const double per_instance = component.capacity / static_cast<double>(component.instances());
    const double enough = std::floor(component.load * (1.0 + 1e-9) / per_instance) + 1.0;
    const std::string then = finite
                                 ? fmt::format("at least {:.3g} % are rejected",
                                               100.0 * (1.0 - component.capacity / component.load))
                                 : "its queue grows without bound";
    return Finding{
        Code::overload, number,
        fmt::format("{} gets {:.6g} requests/s and can serve {:.6g}/s, a utilisation of {:.4g} %: "
                    "{}",
                    name, rate, rate * component.capacity / component.load,
                    100.0 * component.load / component.capacity, then),
        fmt::format("{:.0f} instances would have a utilisation of {:.3g} %", enough,
                    100.0 * component.load / (enough * per_instance))};
}

std::vector<Finding> findings_of(const Flow& flow) {
    std::vector<Finding> found;
    const bool any_load = std::ranges::any_of(flow.components, &ComponentFlow::is_source);
    if (!any_load) {
        found.push_back({Code::no_load, std::nullopt,
                         "the scenario has no load source, so nothing happens",
                         R"(add one, such as {"kind": "open_loop", "arrivals": "100/s", ...})"});
        return found;
    }
    for (std::size_t i = 0; i < flow.components.size(); ++i) {
        const ComponentFlow& component = flow.components[i];
        if (auto finding = unreachable(component, i)) found.push_back(std::move(*finding));
        if (auto finding = overload(flow, component, i)) found.push_back(std::move(*finding));
    }
    return found;
}

std::vector<std::string> assumptions_of(const Scenario& scenario, const Flow& flow) {
    std::vector<std::string> texts;
    std::set<const models::SpecBase*> seen;
    const auto add = [&](const models::SpecBase& spec) {
        if (!seen.insert(&spec).second) return;
        for (const std::string& text : spec.assumptions()) {
            texts.push_back(spec.name() + ": " + text);
        }
    };
    const auto add_all = [&](const models::SpecBase& spec, const models::Value& written) {
        for (const models::SpecBase* const used : specs_used(spec, written)) add(*used);
    };
    for (const NodeEntry& node : scenario.nodes.entries) {
        add_all(node.kind.config.spec(), node.written);
    }
    for (const FaultEntry& fault : scenario.faults.entries) {
        add_all(fault.kind.config.spec(), fault.written);
    }
    const NetworkConfig& network = scenario.network;
    if (!network.within && network.between.empty() && !network.table) add(NetworkConfig::spec());
    if (network.bandwidth) add(BandwidthConfig::spec());
    if (network.table) {
        texts.emplace_back(
            "network: Delays from the table are half of a round trip on a provider's backbone, "
            "95th "
            "percentile of July 2026; Beijing's are pings of 2017 or lead over Hong Kong.");
    }
    const bool several = std::ranges::any_of(
        flow.components, [](const ComponentFlow& component) { return component.instances() > 1; });
    if (several) {
        texts.emplace_back(
            "single points of failure: Instances of one node stand in for one another, members of "
            "a database as far as its replication goes. What is sent to a failed one before its "
            "callers know of it still fails.");
    }
    return texts;
}

}  // namespace

StaticFindings analyse(const Scenario& scenario) {
    const World world{scenario, 0};
    const Flow flow = trace_flow(scenario, world);
    StaticFindings result;
    for (const Finding& finding : findings_of(flow)) {
        result.warnings.push_back(finding.message + "; " + finding.hint);
    }
    result.spof = failure_points(flow);
    result.assumptions = assumptions_of(scenario, flow);
    result.predictions = predict(scenario, world);
    return result;
}

void report_findings(const Scenario& scenario, models::Diagnostics& diagnostics) {
    const World world{scenario, 0};
    const Flow flow = trace_flow(scenario, world);
    std::vector<Finding> findings = findings_of(flow);
    for (SpofResult& point : failure_points(flow)) {
        const auto& nodes = scenario.nodes.entries;
        const auto node = std::ranges::find(nodes, point.node, &NodeEntry::name);
        findings.push_back({Code::single_point_of_failure,
                            static_cast<std::size_t>(node - nodes.begin()),
                            point.node + " is a single point of failure: " + point.reason, ""});
    }
    for (Finding& finding : findings) {
        models::Diagnostic warning{.severity = Severity::warning,
                                   .code = finding.code,
                                   .message = std::move(finding.message),
                                   .pointer = "/nodes",
                                   .hint = std::move(finding.hint)};
        if (finding.node) {
            const NodeEntry& node = scenario.nodes.entries[*finding.node];
            warning.pointer += "/" + node.name;
            warning.spot = node.key_spot;
        } else {
            warning.spot = scenario.nodes.spot;
        }
        diagnostics.add(std::move(warning));
    }
}

void add_bottleneck(Result& result) {
    const auto has = [&result](const std::string& name) {
        return find_metric(result, name) != nullptr;
    };
    const MetricResult* busiest = nullptr;
    for (const MetricResult& metric : result.metrics) {
        const std::string_view station = station_of(metric.name);
        if (station.empty() || !metric.value || is_part_of_station(station, has)) continue;
        if (busiest == nullptr || *metric.value > *busiest->value) busiest = &metric;
    }
    if (busiest == nullptr) return;
    MetricResult bottleneck = *busiest;
    const std::string station{station_of(busiest->name)};
    bottleneck.name = "system/bottleneck";
    const auto place =
        std::ranges::lower_bound(result.metrics, bottleneck.name, {}, &MetricResult::name);
    if (place != result.metrics.end() && place->name == bottleneck.name) {
        *place = std::move(bottleneck);
    } else {
        result.metrics.insert(place, std::move(bottleneck));
    }
    result.sections.push_back({.name = "bottleneck",
                               .title = "Bottleneck",
                               .facts = {{.name = "station", .value = station}}});
}

}  // namespace archsim::scenarios
