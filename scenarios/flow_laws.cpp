// By which law requests come to each component: starts from the best that could hold everywhere
// and takes back what does not follow, until nothing changes.
#include "scenarios/flow.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace archsim::scenarios {

namespace {

using models::CallProfile;
using models::StationProfile;

constexpr ArrivalLaw poisson{ArrivalLaw::Kind::poisson, 1};
constexpr ArrivalLaw unknown{ArrivalLaw::Kind::unknown, 1};

/// A call of a stream.
struct CallSite {
    std::size_t stream;
    std::size_t call;
};

/// The calls that one component makes over one of its edges.
struct Feed {
    std::size_t caller;
    std::vector<CallSite> calls;
    std::size_t choices = 0;  ///< Backends among which they are spread, of all targets.
};

/// Whether the station of a stream works in the order of arrival or shares itself out.
bool shares(const StationProfile& station) {
    return station.discipline == sim::Discipline::processor_sharing;
}

class Laws {
public:
    explicit Laws(Flow& flow) : flow_{flow} {
        find_feeds();
        revisited_.resize(flow.components.size());
        for (std::size_t c = 0; c < revisited_.size(); ++c) revisited_[c] = may_come_twice(flow, c);
    }

    void solve() {
        for (ComponentFlow& component : flow_.components) {
            component.arrivals = poisson;
            component.law = poisson;
        }
        keeps_.assign(flow_.components.size(), true);
        answers_.assign(flow_.streams.size(), true);
        // Every round takes back at least one law of a component or ends.
        while (take_back()) {
        }
    }

private:
    void find_feeds() {
        feeds_.resize(flow_.components.size());
        std::map<std::pair<std::size_t, std::size_t>, std::set<std::size_t>> targets;
        std::map<std::pair<std::size_t, std::size_t>, std::vector<CallSite>> sites;
        for (std::size_t s = 0; s < flow_.streams.size(); ++s) {
            const Stream& stream = flow_.streams[s];
            for (std::size_t c = 0; c < stream.callees.size(); ++c) {
                const std::pair edge{stream.component, stream.profile.calls[c].edge};
                targets[edge].insert(flow_.streams[stream.callees[c]].component);
                sites[edge].push_back({s, c});
            }
        }
        for (const auto& [edge, callees] : targets) {
            std::size_t choices = 0;
            for (const std::size_t callee : callees) {
                choices += flow_.components[callee].instances();
            }
            for (const std::size_t callee : callees) {
                Feed feed{edge.first, {}, choices};
                for (const CallSite& site : sites[edge]) {
                    const std::size_t joined = flow_.streams[site.stream].callees[site.call];
                    if (flow_.streams[joined].component == callee) feed.calls.push_back(site);
                }
                feeds_[callee].push_back(std::move(feed));
            }
        }
    }

    /// One round; true if it changed something.
    bool take_back() {
        for (auto number = flow_.order.rbegin(); number != flow_.order.rend(); ++number) {
            keeps_[*number] = keeps_poisson(flow_.components[*number]);
            for (const std::size_t s : flow_.components[*number].streams) {
                const Stream& stream = flow_.streams[s];
                answers_[s] = (!stream.visits() || keeps_[*number]) &&
                              answered(stream, stream.callees.size());
            }
        }
        bool changed = false;
        for (const std::size_t number : flow_.order) {
            ComponentFlow& component = flow_.components[number];
            const ArrivalLaw arrivals =
                component.is_source ? issued_law(component) : arrival_law(number);
            const ArrivalLaw law = visit_law(component, arrivals);
            changed = changed || arrivals != component.arrivals || law != component.law;
            component.arrivals = arrivals;
            component.law = law;
        }
        return changed;
    }

    [[nodiscard]] ArrivalLaw issued_law(const ComponentFlow& source) const {
        const bool all = std::ranges::all_of(
            source.streams, [this](std::size_t s) { return flow_.streams[s].issued_poisson; });
        return all ? poisson : unknown;
    }

    [[nodiscard]] ArrivalLaw arrival_law(std::size_t number) const {
        const std::vector<Feed>& feeds = feeds_[number];
        if (feeds.empty() || revisited_[number]) return unknown;
        // After a fork two streams of one request may run side by side and meet again.
        if (flow_.forks && !is_one_stream(feeds)) return unknown;
        if (feeds.size() == 1) return feed_law(feeds.front());
        const bool all = std::ranges::all_of(
            feeds, [this](const Feed& feed) { return feed_law(feed).is_poisson(); });
        return all ? poisson : unknown;
    }

    [[nodiscard]] bool is_one_stream(const std::vector<Feed>& feeds) const {
        if (feeds.size() != 1) return false;
        return feeds.front().calls.size() == 1 ||
               std::ranges::all_of(feeds.front().calls, [this](const CallSite& site) {
                   return flow_.streams[site.stream].profile.calls[site.call].after == 0;
               });
    }

    [[nodiscard]] ArrivalLaw feed_law(const Feed& feed) const {
        bool constant_delay = true;
        for (const CallSite& site : feed.calls) {
            // Waiting for a line, and sizes of several operations, bend the law.
            if (!starts_poisson(site) ||
                flow_.streams[site.stream].profile.calls[site.call].limited)
                return unknown;
            const auto& delay = flow_.streams[site.stream].delays[site.call];
            constant_delay = constant_delay && (!delay || delay->is_constant());
        }
        const CallSite& first = feed.calls.front();
        const models::Spread spread = flow_.streams[first.stream].profile.calls[first.call].spread;
        if (feed.choices == 1 || spread == models::Spread::at_random) return poisson;
        // Each instance of the caller has a rotation of its own.
        const bool one_rotation = flow_.components[feed.caller].instances() <= 1;
        if (spread == models::Spread::by_state || !one_rotation || !constant_delay) return unknown;
        return {ArrivalLaw::Kind::in_turn, static_cast<std::uint32_t>(feed.choices)};
    }

    /// Whether the instants at which this call is made form a Poisson process.
    [[nodiscard]] bool starts_poisson(const CallSite& site) const {
        const Stream& stream = flow_.streams[site.stream];
        const CallProfile& call = stream.profile.calls[site.call];
        if (!flow_.components[stream.component].arrivals.is_poisson()) return false;
        if (!call.plain || !call.at_most_once || !answered(stream, call.after)) return false;
        if (!stream.visits()) return true;
        const StationProfile& station = *stream.profile.station;
        const bool work_comes_later = station.work && site.call < station.after;
        return work_comes_later || keeps_[stream.component];
    }

    /// Whether the answers to the awaited ones of the first `count` calls still come as a Poisson
    /// process if the calls did.
    [[nodiscard]] bool answered(const Stream& stream, std::size_t count) const {
        for (std::size_t c = 0; c < count; ++c) {
            const CallProfile& call = stream.profile.calls[c];
            if (!call.awaited) continue;
            if (call.beside || !call.plain || !call.at_most_once) return false;
            if (!answers_[stream.callees[c]]) return false;
        }
        return true;
    }

    [[nodiscard]] ArrivalLaw visit_law(const ComponentFlow& component,
                                       const ArrivalLaw& arrivals) const {
        bool all_visit = true;
        bool at_once = true;
        for (const std::size_t s : component.streams) {
            const Stream& stream = flow_.streams[s];
            all_visit = all_visit && stream.visits();
            if (!stream.visits()) continue;
            const StationProfile& station = *stream.profile.station;
            if (!station.work || !answered(stream, station.after)) return unknown;
            at_once = at_once && station.after == 0;
        }
        // Of every k-th arrival only some are left, or they come later than the others.
        if (arrivals.kind == ArrivalLaw::Kind::in_turn && !(all_visit && at_once)) return unknown;
        return arrivals;
    }

    /// Whether what leaves the stations is Poisson.
    [[nodiscard]] bool keeps_poisson(const ComponentFlow& component) const {
        if (component.load == 0.0 && is_idle(component)) return true;
        if (!component.law.is_poisson() || !component.is_stable()) return false;
        std::optional<double> work;
        std::optional<std::uint8_t> priority;
        for (const std::size_t s : component.streams) {
            const Stream& stream = flow_.streams[s];
            if (!stream.visits()) continue;
            const StationProfile& station = *stream.profile.station;
            if (station.queue || station.sheds || !station.work) return false;
            if (shares(station)) continue;
            const double mean = station.mean_work;
            if (!station.work->is_exponential() || work.value_or(mean) != mean) return false;
            work = mean;
            if (station.discipline == sim::Discipline::priority &&
                priority.value_or(stream.priority) != stream.priority) {
                return false;
            }
            priority = stream.priority;
        }
        return true;
    }

    /// Whether no request needs any time at the stations.
    [[nodiscard]] bool is_idle(const ComponentFlow& component) const {
        return std::ranges::all_of(component.streams, [this](std::size_t s) {
            const auto& station = flow_.streams[s].profile.station;
            return !station || station->mean_work == 0.0;
        });
    }

    Flow& flow_;
    std::vector<std::vector<Feed>> feeds_;  // of each component
    std::vector<bool> revisited_;           // of each component
    std::vector<bool> keeps_;               // of each component
    std::vector<bool> answers_;             // of each stream
};

}  // namespace

bool may_come_twice(const Flow& flow, std::size_t target) {
    std::vector<int> most(flow.streams.size(), 0);
    bool twice = false;
    for (auto number = flow.order.rbegin(); number != flow.order.rend(); ++number) {
        for (const std::size_t s : flow.components[*number].streams) {
            const Stream& stream = flow.streams[s];
            int sum = *number == target ? 1 : 0;
            int best = 0;
            for (std::size_t c = 0; c < stream.callees.size(); ++c) {
                const CallProfile& call = stream.profile.calls[c];
                const int times = call.at_most_once ? 1 : 2;
                const int visits = times * most[stream.callees[c]];
                if (call.one_of) {
                    best = std::max(best, visits);
                } else {
                    sum += visits;
                }
            }
            most[s] = std::min(sum + best, 2);
            twice = twice || (flow.components[*number].is_source && most[s] > 1);
        }
    }
    return twice;
}

void find_laws(Flow& flow) { Laws{flow}.solve(); }

}  // namespace archsim::scenarios
