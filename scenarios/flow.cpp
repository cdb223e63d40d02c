// Streams from load sources to the last callee, and their rates.
#include "scenarios/flow.hpp"

#include "models/replicated.hpp"
#include "models/theory/networks.hpp"

#include <algorithm>
#include <compare>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace archsim::scenarios {

namespace {

using models::CallProfile;
using models::StationProfile;

/// Follows calls from the load sources and notes every stream on the way.
class Tracer {
public:
    Tracer(const Scenario& scenario, const World& world) : scenario_{scenario} {
        // In the order of the scenario, so that findings come in the order of the file.
        for (const NodeEntry& node : scenario.nodes.entries) {
            numbers_.emplace(node.name, flow_.components.size());
            flow_.components.push_back({.component = world.component(node.name)});
        }
    }

    Flow trace() {
        for (std::size_t i = 0; i < flow_.components.size(); ++i) {
            for (const models::Traffic& traffic : flow_.components[i].component->traffic()) {
                const std::size_t number =
                    stream({i, traffic.operation, traffic.priority, traffic.writes});
                flow_.components[i].is_source = true;
                flow_.streams[number].issued += traffic.per_second;
                flow_.streams[number].issued_poisson = traffic.poisson;
                flow_.streams[number].keys = traffic.keys;
            }
        }
        for (std::size_t i = 0; i < flow_.streams.size(); ++i) follow(i);
        return std::move(flow_);
    }

private:
    /// What tells a stream from others.
    struct Key {
        std::size_t component;
        std::uint32_t operation;
        std::uint8_t priority;
        bool writes;
        auto operator<=>(const Key&) const = default;
    };

    std::size_t stream(const Key& key) {
        const auto [place, is_new] = streams_.try_emplace(key, flow_.streams.size());
        if (is_new) {
            ComponentFlow& component = flow_.components[key.component];
            models::Profile profile = component.component->profile(key.operation);
            if (key.writes && profile.station_of_writes)
                profile.station = std::move(profile.station_of_writes);
            flow_.streams.push_back({.component = key.component,
                                     .operation = key.operation,
                                     .priority = key.priority,
                                     .profile = std::move(profile),
                                     .writes = key.writes});
            component.streams.push_back(place->second);
        }
        return place->second;
    }

    void follow(std::size_t number) {
        std::vector<CallProfile> calls = flow_.streams[number].profile.calls;
        for (CallProfile& call : calls) {
            const Stream& caller = flow_.streams[number];
            const std::size_t from = caller.component;
            const std::size_t to = numbers_.find(call.to)->second;
            const bool writes = call.access ? *call.access == models::Access::write : caller.writes;
            const std::size_t callee = stream({to, call.operation, caller.priority, writes});
            flow_.streams[number].callees.push_back(callee);
            flow_.streams[number].delays.push_back(call.delay ? call.delay : delay(from, to));
            flow_.forks = flow_.forks || call.beside || !call.awaited;
            call.limited = call.limited || scenario_.network.limits(region(from), region(to));
        }
        flow_.streams[number].profile.calls = std::move(calls);
    }

    /// The network's own delay between two components.
    [[nodiscard]] std::optional<sim::Distribution> delay(std::size_t from, std::size_t to) const {
        const std::string a = region(from);
        const std::string b = region(to);
        return a == b ? scenario_.network.within : scenario_.network.delay(a, b);
    }
    [[nodiscard]] std::string region(std::size_t component) const {
        const std::optional<std::string>& named = scenario_.nodes.entries[component].region;
        if (named) return *named;
        return scenario_.regions.empty() ? std::string{} : scenario_.regions.front();
    }

    const Scenario& scenario_;
    Flow flow_;
    std::map<std::string, std::size_t, std::less<>> numbers_;
    std::map<Key, std::size_t> streams_;
};

/// Callers before callees (Kahn 1962). Components in a circle of calls, which the loader refuses,
/// would come last.
std::vector<std::size_t> callers_first(const Flow& flow) {
    std::set<std::pair<std::size_t, std::size_t>> edges;
    for (const Stream& stream : flow.streams) {
        for (const std::size_t callee : stream.callees) {
            edges.emplace(stream.component, flow.streams[callee].component);
        }
    }
    std::vector<std::size_t> open(flow.components.size(), 0);
    for (const auto& [from, to] : edges) ++open[to];
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < open.size(); ++i) {
        if (open[i] == 0) order.push_back(i);
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
        for (auto edge = edges.lower_bound({order[i], 0});
             edge != edges.end() && edge->first == order[i]; ++edge) {
            if (--open[edge->second] == 0) order.push_back(edge->second);
        }
    }
    for (std::size_t i = 0; i < open.size(); ++i) {
        if (open[i] > 0) order.push_back(i);
    }
    return order;
}

/// Backends among which a call over this edge chooses.
std::size_t choices(const Flow& flow, const Stream& stream, std::size_t edge) {
    std::set<std::size_t> targets;
    for (std::size_t i = 0; i < stream.callees.size(); ++i) {
        if (stream.profile.calls[i].edge != edge) continue;
        targets.insert(flow.streams[stream.callees[i]].component);
    }
    std::size_t sum = 0;
    for (const std::size_t target : targets) sum += flow.components[target].instances();
    return sum;
}

/// Whether each backend of a call gets its known share.
bool is_even(const Flow& flow, const Stream& stream, std::size_t number) {
    const CallProfile& call = stream.profile.calls[number];
    return call.spread != models::Spread::by_state || choices(flow, stream, call.edge) == 1;
}

/// Whether what a call sends on has keys that are drawn as those of its stream, independently.
bool keeps_keys(const Flow& flow, const Stream& stream, std::size_t number) {
    const CallProfile& call = stream.profile.calls[number];
    return !stream.profile.cache && call.at_most_once && is_even(flow, stream, number);
}

/// Adds what a call sends to the stream that it joins; `first` if nothing has joined it before.
void join(Flow& flow, const Stream& stream, std::size_t number, double per_second, bool at_most,
          bool first) {
    constexpr double most_per_second = 1e300;  // long chains of repeated calls stay finite
    Stream& callee = flow.streams[stream.callees[number]];
    callee.per_second += std::min(per_second, most_per_second);
    callee.at_most = callee.at_most || at_most;
    const sim::KeySource* const keys = keeps_keys(flow, stream, number) ? stream.keys : nullptr;
    const bool alike =
        first || (keys != nullptr && callee.keys != nullptr && *keys == *callee.keys);
    callee.keys = alike ? keys : nullptr;
}

/// Servers at full speed that the instances are worth when all are busy.
double capacity_of(const ComponentFlow& component, const StationProfile& station) {
    const std::size_t instances =
        std::max<std::size_t>(component.instances(), station.most_instances);
    return static_cast<double>(instances) *
           models::theory::relative_capacity({station.contention, station.coherency},
                                             static_cast<double>(station.servers));
}

void add_rates(Flow& flow) {
    std::vector<bool> is_joined(flow.streams.size(), false);
    for (const std::size_t number : flow.order) {
        ComponentFlow& component = flow.components[number];
        for (const std::size_t i : component.streams) {
            Stream& stream = flow.streams[i];
            stream.per_second += stream.issued;
            if (!stream.profile.station) continue;
            const StationProfile& station = *stream.profile.station;
            // No request at all is no work, even if the mean work is infinite.
            if (stream.per_second > 0.0) component.load += stream.per_second * station.mean_work;
            component.capacity = capacity_of(component, station);
        }
        const double passed =
            component.is_stable() ? 1.0 : std::min(1.0, component.capacity / component.load);
        component.cache = cache_theory(flow, component);
        const double missed = component.cache ? 1.0 - component.cache->hit_ratio : 1.0;
        for (const std::size_t i : component.streams) {
            const Stream& stream = flow.streams[i];
            for (std::size_t c = 0; c < stream.callees.size(); ++c) {
                const CallProfile& call = stream.profile.calls[c];
                const bool at_most = stream.at_most || (call.at_most && !component.cache);
                const bool first = !is_joined[stream.callees[c]];
                is_joined[stream.callees[c]] = true;
                join(flow, stream, c, stream.per_second * passed * missed * call.mean_calls,
                     at_most, first);
            }
        }
    }
}

/// Which components get even shares: those that no caller spreads by load, session or key.
void find_balanced(Flow& flow) {
    for (const Stream& stream : flow.streams) {
        for (std::size_t c = 0; c < stream.callees.size(); ++c) {
            if (is_even(flow, stream, c)) continue;
            flow.components[flow.streams[stream.callees[c]].component].balanced = false;
        }
    }
}

/// Whether the station of this stream serves whatever comes. With uneven shares, one instance may
/// have too much.
bool serves_all(const ComponentFlow& component, const Stream& stream) {
    if (!stream.profile.is_all_work) return false;
    return !stream.visits() || (component.is_stable() && component.balanced &&
                                !stream.profile.station->queue && !stream.profile.station->sheds);
}

/// Which requests surely get an answer, from the last callees up.
void find_sure(Flow& flow) {
    for (auto number = flow.order.rbegin(); number != flow.order.rend(); ++number) {
        const ComponentFlow& component = flow.components[*number];
        for (const std::size_t i : component.streams) {
            Stream& stream = flow.streams[i];
            stream.sure = serves_all(component, stream);
            for (std::size_t c = 0; c < stream.callees.size(); ++c) {
                const CallProfile& call = stream.profile.calls[c];
                if (!call.awaited) continue;
                stream.sure = stream.sure && call.plain && flow.streams[stream.callees[c]].sure;
            }
        }
    }
}

/// Which rates are exact, from the sources down.
void find_exact(Flow& flow) {
    for (Stream& stream : flow.streams) {
        stream.exact = !flow.components[stream.component].is_source || stream.issued_poisson;
    }
    for (const std::size_t number : flow.order) {
        const ComponentFlow& component = flow.components[number];
        for (const std::size_t i : component.streams) {
            const Stream& stream = flow.streams[i];
            bool so_far = stream.exact && serves_all(component, stream);
            for (std::size_t c = 0; c < stream.callees.size(); ++c) {
                const CallProfile& call = stream.profile.calls[c];
                Stream& callee = flow.streams[stream.callees[c]];
                const bool share_known = !call.one_of || is_even(flow, stream, c);
                callee.exact = callee.exact && so_far && call.plain && share_known;
                // What fails ends the request: the calls after it are made less often.
                if (call.awaited) so_far = so_far && call.plain && callee.sure;
            }
        }
    }
}

}  // namespace

double Flow::rate_at(const ComponentFlow& component) const {
    double sum = 0.0;
    for (const std::size_t i : component.streams) sum += streams[i].per_second;
    return sum;
}

double Flow::visit_rate_at(const ComponentFlow& component) const {
    double sum = 0.0;
    for (const std::size_t i : component.streams) {
        if (streams[i].visits()) sum += streams[i].per_second * streams[i].profile.station->visits;
    }
    return sum;
}

models::Access access_of(const Stream& stream) {
    return stream.writes ? models::Access::write : models::Access::read;
}

std::size_t fatal_failures(const Flow& flow, const Stream& stream) {
    const ComponentFlow& component = flow.components[stream.component];
    const auto* const replicated = dynamic_cast<const models::Replicated*>(component.component);
    if (replicated == nullptr) return component.instances();
    const models::Access access = access_of(stream);
    return replicated->needs_helper(access) ? 1 : replicated->fatal_failures(access);
}

std::size_t fatal_failures(const Flow& flow, const ComponentFlow& component) {
    std::size_t fewest = component.instances();
    for (const std::size_t s : component.streams) {
        fewest = std::min(fewest, fatal_failures(flow, flow.streams[s]));
    }
    return fewest;
}

Flow trace_flow(const Scenario& scenario, const World& world) {
    Flow flow = Tracer{scenario, world}.trace();
    flow.order = callers_first(flow);
    add_rates(flow);
    find_balanced(flow);
    find_sure(flow);
    find_exact(flow);
    find_laws(flow);
    return flow;
}

}  // namespace archsim::scenarios
