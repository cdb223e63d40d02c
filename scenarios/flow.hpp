// Traffic through an architecture as far as it is known without running it: how many requests of
// which operation come to each component, and by which law they come to its stations.
#pragma once

#include "models/profile.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/world.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace archsim::scenarios {

/// By which law requests come to one instance.
struct ArrivalLaw {
    enum class Kind : std::uint8_t {
        poisson,  ///< A Poisson process.
        in_turn,  ///< Every k-th of a Poisson process: gaps are Erlang with k stages.
        unknown,
    };
    Kind kind = Kind::unknown;
    std::uint32_t stages = 1;  ///< k of `in_turn`.

    [[nodiscard]] bool is_poisson() const { return kind == Kind::poisson; }
    bool operator==(const ArrivalLaw&) const = default;
};

/// The requests of one operation and priority at one component that read, or those that write.
struct Stream {
    std::size_t component = 0;  ///< Index into Flow::components.
    std::uint32_t operation = 0;
    std::uint8_t priority = 0;
    models::Profile profile{};           ///< What the component does for each of them.
    std::vector<std::size_t> callees{};  ///< The stream that each call of the profile joins.
    std::vector<std::optional<sim::Distribution>> delays{};  ///< One way, of each call.
    double issued = 0.0;          ///< A second, by the component itself: it is a load source.
    bool issued_poisson = false;  ///< Whether those form a Poisson process.
    double per_second = 0.0;      ///< In all; no more than what overloaded stations let through.
    bool exact = false;    ///< Whether per_second is the true long-run rate, nothing lost before.
    bool sure = false;     ///< Whether each of them gets its answer: nothing loses or delays it.
    bool at_most = false;  ///< Whether per_second is only an upper bound.
    bool writes = false;   ///< Whether they write data.
    /// By which law their keys are drawn, independently of one another; nullptr if by none.
    const sim::KeySource* keys = nullptr;

    /// Whether a request works at the component's station.
    [[nodiscard]] bool visits() const { return profile.station && profile.station->visits > 0.0; }
};

/// How many reads a cache answers by itself, and why.
struct CacheTheory {
    double hit_ratio = 0.0;
    std::string formula{};
    bool at_once = false;  ///< Whether it holds only where fetches take no time.
};

/// A component and all that comes to it.
struct ComponentFlow {
    const models::Component* component = nullptr;
    bool is_source = false;
    std::vector<std::size_t> streams{};  ///< Indices into Flow::streams; none: nothing leads here.
    double load = 0.0;                   ///< Servers that the requests would keep busy on average.
    double capacity = 0.0;  ///< Servers of all instances together; 0 without a station.
    bool balanced = true;   ///< Whether all instances get the same share.
    ArrivalLaw arrivals{};  ///< Of requests at an instance.
    ArrivalLaw law{};       ///< Of work at the station of an instance; all arrivals together.
    std::optional<CacheTheory> cache{};  ///< Where it is a cache and a closed form holds.

    [[nodiscard]] bool has_station() const { return capacity > 0.0; }
    /// Whether the servers can do all the work; a load that equals them is too much.
    [[nodiscard]] bool is_stable() const {
        constexpr double margin = 1e-9;  // rates and times that cancel out may miss by rounding
        return !has_station() || load < capacity * (1.0 - margin);
    }
    [[nodiscard]] std::size_t instances() const { return component->members().size(); }
};

/// The traffic of a scenario.
struct Flow {
    std::vector<ComponentFlow> components{};  ///< In the order of the scenario.
    std::vector<Stream> streams{};
    std::vector<std::size_t> order{};  ///< Of components, callers before those they call.
    bool forks = false;  ///< Whether some request is in two places at once: parallel or published.

    /// Requests a second at a component, all operations together.
    [[nodiscard]] double rate_at(const ComponentFlow& component) const;
    /// Visits a second at its stations.
    [[nodiscard]] double visit_rate_at(const ComponentFlow& component) const;
};

/// What its requests do to data.
[[nodiscard]] models::Access access_of(const Stream& stream);
/// The fewest instances of its component, helpers included, whose failure leaves the requests of a
/// stream without an answer, if it hits the wrong ones: all, unless they are members of a database
/// that knows better.
[[nodiscard]] std::size_t fatal_failures(const Flow& flow, const Stream& stream);
/// The same of a component: that of the stream that bears least.
[[nodiscard]] std::size_t fatal_failures(const Flow& flow, const ComponentFlow& component);

/// Whether one request of some source can come to the component `target` more than once.
/// O(streams x calls). Requires: order and callees are known.
[[nodiscard]] bool may_come_twice(const Flow& flow, std::size_t target);

/// Whether the load of a component is only an upper bound, because a cache before it may take some.
[[nodiscard]] bool is_upper_bound(const Flow& flow, const ComponentFlow& component);

/// The closed form for the reads of a cache, once the rates and keys of all its streams are known;
/// nothing where none holds. In all cases one independent law of keys without drift, of at most
/// 50,000 keys, and reads only. Fetches are taken to need no time.
/// - LRU, FIFO and RANDOM without a time to live: Che's approximation (Che, Tung and Wang 2002;
///   Martina, Garetto and Leonardi 2014);
/// - a time to live and room for all keys: the renewal form of Jung, Berger and Balakrishnan 2003,
///   for Poisson arrivals. Reads during a fetch miss too: the theory column shows this one only
///   where fetches take no time.
[[nodiscard]] std::optional<CacheTheory> cache_theory(const Flow& flow,
                                                      const ComponentFlow& component);

/// The traffic of a world's scenario as it is at the start, without faults.
///
/// Rates: what sources issue, times the mean number of calls; a station that has more work than it
/// can do passes on what it can. Laws, in the long run:
/// - merging independent Poisson streams, and splitting one by independent draws, gives Poisson
///   streams; so do delays that are drawn independently (Kingman, "Poisson Processes", 1993);
/// - what leaves a stable station is Poisson if Poisson came in and it is M/M/c (Burke 1956, "The
///   Output of a Queuing System") or shares its processor (Kelly 1979, "Reversibility and
///   Stochastic Networks", section 3.3, for any law of work); operations may differ in work only
///   under processor sharing;
/// - each of k instances that one caller serves in turn gets Erlang-k gaps of a Poisson stream;
/// - finite queues, retries, timeouts, loss, closed loops, repeated calls, work of other laws, and
///   streams that meet again after one request has split up or come twice leave it unknown.
/// O(components x calls).
[[nodiscard]] Flow trace_flow(const Scenario& scenario, const World& world);

/// Works out `arrivals` and `law` of every component. Requires: streams, rates and order are there.
void find_laws(Flow& flow);

}  // namespace archsim::scenarios
