// Single points of failure: which requests fail without a component, and what only it leads to.
#include "scenarios/topology.hpp"

#include "models/replicated.hpp"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/biconnected_components.hpp>
#include <boost/graph/dominator_tree.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace archsim::scenarios {

namespace {

using models::CallProfile;

/// Instances of reached components and who calls whom. Vertex 0 stands for all users. Of a
/// component with several instances two are enough to show that there is another way.
class InstanceGraph {
public:
    explicit InstanceGraph(const Flow& flow) : flow_{flow}, owners_{nobody} {
        for (std::size_t i = 0; i < flow.components.size(); ++i) {
            const ComponentFlow& component = flow.components[i];
            first_.push_back(owners_.size());
            if (component.streams.empty()) continue;
            owners_.push_back(i);
            if (component.instances() > 1) owners_.push_back(i);
        }
        first_.push_back(owners_.size());
        add_edges();
        find_dominators();
        number_tree();
        std::vector<Vertex> points;
        boost::articulation_points(undirected(), std::back_inserter(points));
        articulation_.insert(points.begin(), points.end());
    }

    /// Components other than this one that users reach through it alone.
    [[nodiscard]] std::vector<std::size_t> behind(std::size_t component) const {
        std::vector<std::size_t> found;
        for (std::size_t other = 0; other < flow_.components.size(); ++other) {
            if (other == component || first_[other] == first_[other + 1]) continue;
            bool all = true;
            for (std::size_t v = first_[other]; v < first_[other + 1]; ++v) {
                all = all && dominates(first_[component], v);
            }
            if (all) found.push_back(other);
        }
        return found;
    }
    /// Whether the graph falls apart without the component. Requires: it has one instance.
    [[nodiscard]] bool holds_together(std::size_t component) const {
        return articulation_.contains(first_[component]);
    }

private:
    using Directed = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;
    using Undirected = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;
    using Vertex = std::size_t;
    static constexpr std::size_t nobody = static_cast<std::size_t>(-1);

    void add_edges() {
        std::set<std::pair<std::size_t, std::size_t>> calls;
        for (const Stream& stream : flow_.streams) {
            for (const std::size_t callee : stream.callees) {
                calls.emplace(stream.component, flow_.streams[callee].component);
            }
        }
        for (std::size_t i = 0; i < flow_.components.size(); ++i) {
            if (flow_.components[i].is_source) edges_.emplace_back(0, first_[i]);
        }
        for (const auto& [caller, callee] : calls) {
            for (Vertex from = first_[caller]; from < first_[caller + 1]; ++from) {
                for (Vertex to = first_[callee]; to < first_[callee + 1]; ++to) {
                    edges_.emplace_back(from, to);
                }
            }
        }
    }

    void find_dominators() {
        const Directed graph{edges_.begin(), edges_.end(), owners_.size()};
        dominator_.assign(owners_.size(), nobody);
        boost::lengauer_tarjan_dominator_tree(
            graph, Vertex{0},
            boost::make_iterator_property_map(dominator_.begin(),
                                              boost::get(boost::vertex_index, graph)));
    }

    [[nodiscard]] Undirected undirected() const {
        return {edges_.begin(), edges_.end(), owners_.size()};
    }

    /// Numbers the dominator tree so that what is below a vertex has the numbers from enter_ to
    /// leave_ of it.
    void number_tree() {
        std::vector<std::vector<Vertex>> below(owners_.size());
        for (Vertex v = 1; v < owners_.size(); ++v) {
            if (dominator_[v] != nobody) below[dominator_[v]].push_back(v);
        }
        enter_.assign(owners_.size(), 0);
        leave_.assign(owners_.size(), 0);
        std::size_t next = 0;
        std::vector<std::pair<Vertex, std::size_t>> open = {{0, 0}};  // with children done
        enter_[0] = next++;
        while (!open.empty()) {
            auto& [vertex, done] = open.back();
            if (done == below[vertex].size()) {
                leave_[vertex] = next;
                open.pop_back();
                continue;
            }
            const Vertex child = below[vertex][done++];
            enter_[child] = next++;
            open.emplace_back(child, 0);
        }
    }

    [[nodiscard]] bool dominates(Vertex above, Vertex vertex) const {
        return enter_[above] <= enter_[vertex] && enter_[vertex] < leave_[above];
    }

    const Flow& flow_;
    std::vector<std::size_t> owners_;  // component of each vertex
    std::vector<Vertex> first_;        // of each component; its last is before the next one's first
    std::vector<std::pair<Vertex, Vertex>> edges_;
    std::vector<Vertex> dominator_;
    std::vector<std::size_t> enter_;
    std::vector<std::size_t> leave_;
    std::set<Vertex> articulation_;
};

/// Which share of the requests of each stream fails while one instance of a component is down that
/// they cannot do without. Streams of callees come before those of callers, so one pass is enough.
class Outage {
public:
    /// `with_published` counts what is published and lost like a call that fails.
    Outage(const Flow& flow, std::size_t down, bool with_published)
        : flow_{flow}, failing_(flow.streams.size(), 0.0) {
        for (auto number = flow.order.rbegin(); number != flow.order.rend(); ++number) {
            for (const std::size_t s : flow.components[*number].streams) {
                const Stream& stream = flow.streams[s];
                const bool is_hit = *number == down && fatal_failures(flow, stream) == 1;
                failing_[s] = is_hit ? 1.0 : share(stream, with_published);
            }
        }
    }

    /// The share of a source's requests; nothing if it depends on rates that are not known.
    [[nodiscard]] std::optional<double> of_source(const ComponentFlow& source) const {
        double rate = 0.0;
        double failing = 0.0;
        bool all = true;
        bool none = true;
        for (const std::size_t s : source.streams) {
            rate += flow_.streams[s].per_second;
            failing += flow_.streams[s].per_second * failing_[s];
            all = all && failing_[s] >= 1.0;
            none = none && failing_[s] <= 0.0;
        }
        if (all) return 1.0;
        if (none) return 0.0;
        if (rate <= 0.0) return std::nullopt;
        return failing / rate;
    }

private:
    [[nodiscard]] double share(const Stream& stream, bool with_published) const {
        double good = 1.0;
        std::optional<double> best;  // of those backends of which one is enough
        for (std::size_t c = 0; c < stream.callees.size(); ++c) {
            const CallProfile& call = stream.profile.calls[c];
            const double failing = failing_[stream.callees[c]];
            if (!call.awaited && !with_published) continue;
            if (call.stood_in_for) continue;
            if (call.one_of) {
                best = std::min(best.value_or(1.0), failing);
            } else {
                good *= 1.0 - std::min(1.0, call.mean_calls) * failing;
            }
        }
        return 1.0 - good * (1.0 - best.value_or(0.0));
    }

    const Flow& flow_;
    std::vector<double> failing_;
};

std::string listed(const Flow& flow, const std::vector<std::size_t>& components) {
    constexpr std::size_t most = 4;
    std::string text;
    for (std::size_t i = 0; i < std::min(components.size(), most); ++i) {
        if (i > 0) text += i + 1 == components.size() ? " and " : ", ";
        text += flow.components[components[i]].component->name();
    }
    if (components.size() > most) text += fmt::format(" and {} more", components.size() - most);
    return text;
}

/// "every request of users fails", or nothing if none does.
std::string failing_requests(const Flow& flow, std::size_t down) {
    const Outage outage{flow, down, false};
    std::string text;
    for (const ComponentFlow& source : flow.components) {
        if (!source.is_source) continue;
        const std::optional<double> share = outage.of_source(source);
        if (share && *share <= 0.0) continue;
        const std::string& name = source.component->name();
        if (!text.empty()) text += ", ";
        if (!share) {
            text += fmt::format("some requests of {} fail", name);
        } else if (*share >= 1.0) {
            text += fmt::format("every request of {} fails", name);
        } else {
            text += fmt::format("{:.3g} % of the requests of {} fail", 100.0 * *share, name);
        }
    }
    return text;
}

bool loses_published(const Flow& flow, std::size_t down) {
    const Outage outage{flow, down, true};
    return std::ranges::any_of(flow.components, [&outage](const ComponentFlow& source) {
        if (!source.is_source) return false;
        const std::optional<double> share = outage.of_source(source);
        return !share || *share > 0.0;
    });
}

/// Why the only instance of a component is a single point of failure; empty if it is none.
std::string reason_of_single(const Flow& flow, const InstanceGraph& graph, std::size_t number) {
    std::string effect = failing_requests(flow, number);
    if (effect.empty()) {
        if (!loses_published(flow, number)) return {};
        effect = "what is published to it is lost, though no answer fails";
    }
    std::string reason = "it has one instance";
    const std::vector<std::size_t> behind = graph.behind(number);
    if (!behind.empty() && graph.holds_together(number)) {
        reason += " and alone connects " + listed(flow, behind) + " with the load sources";
    } else if (!behind.empty()) {
        reason += " and is the only way to " + listed(flow, behind);
    }
    return reason + ": without it " + effect;
}

/// Why a database cannot do without one of its members or helpers; no reason if it can do without
/// any.
SpofResult point_by_member(const Flow& flow, std::size_t number) {
    const ComponentFlow& component = flow.components[number];
    SpofResult point{component.component->name(), {}};
    const std::string effect = failing_requests(flow, number);
    if (effect.empty()) return point;
    if (const auto* const database = dynamic_cast<const models::Replicated*>(component.component)) {
        point.by_member = false;
        for (const std::size_t s : component.streams) {
            const models::Access access = access_of(flow.streams[s]);
            point.by_member = point.by_member || database->fatal_failures(access) == 1;
            point.by_helper = point.by_helper || database->needs_helper(access);
        }
    }
    std::string which = fmt::format("one of its {} members", component.instances());
    if (point.by_helper) {
        const std::string& helper = component.component->helpers().front()->name();
        which = point.by_member ? which + ", or of " + helper + "," : helper;
    }
    point.reason = fmt::format("the failure of {} can be enough: then {}", which, effect);
    return point;
}

/// Why the loss of one of several instances is too much; empty if the others can carry the load.
std::string reason_of_several(const Flow& flow, const ComponentFlow& component) {
    if (!component.has_station() || !component.is_stable()) return {};
    if (is_upper_bound(flow, component)) return {};
    ComponentFlow rest = component;
    const auto instances = static_cast<double>(component.instances());
    rest.capacity *= (instances - 1.0) / instances;
    if (rest.is_stable()) return {};
    double rate = 0.0;
    for (const std::size_t s : component.streams) {
        if (flow.streams[s].visits()) rate += flow.streams[s].per_second;
    }
    return fmt::format(
        "without one of its {} instances the rest cannot carry the load: {:.6g} requests/s come "
        "and {:.6g}/s can be served",
        component.instances(), rate, rate * rest.capacity / component.load);
}

}  // namespace

std::vector<SpofResult> failure_points(const Flow& flow) {
    const InstanceGraph graph{flow};
    std::vector<SpofResult> found;
    for (std::size_t i = 0; i < flow.components.size(); ++i) {
        const ComponentFlow& component = flow.components[i];
        if (component.streams.empty() || component.instances() == 0) continue;
        SpofResult point = component.instances() == 1 ? SpofResult{component.component->name(),
                                                                   reason_of_single(flow, graph, i)}
                                                      : point_by_member(flow, i);
        if (point.reason.empty()) point.reason = reason_of_several(flow, component);
        if (!point.reason.empty()) found.push_back(std::move(point));
    }
    return found;
}

}  // namespace archsim::scenarios
