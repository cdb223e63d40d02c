// What is known of a component without running it: its work, whom it calls and how often. Static
// analysis and the theory column are made of it.
#pragma once

#include "models/request.hpp"
#include "sim/distribution.hpp"
#include "sim/key_source.hpp"
#include "sim/station.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace archsim::models {

/// Requests that a component issues by itself.
struct Traffic {
    std::uint32_t operation = 0;
    double per_second = 0.0;  ///< Mean rate; 0 if it depends on the answers (closed loop).
    bool poisson = false;     ///< Whether they form a stationary Poisson process.
    std::uint8_t priority = 0;
    bool writes = false;                   ///< Whether they write data.
    const sim::KeySource* keys = nullptr;  ///< Which data they are about; nullptr if not by a law.
};

/// How calls are spread over the instances of the callee.
enum class Spread : std::uint8_t {
    in_turn,    ///< One after the other.
    at_random,  ///< Independently, each with its share.
    by_state,   ///< By load, session or key: no simple law.
};

/// Calls made for one request. Those of a profile stand in the order of the steps that make them.
struct CallProfile {
    std::string to;
    std::uint32_t operation = 0;
    std::optional<Access> access = std::nullopt;  ///< Instead of that of the request itself.
    std::size_t edge = 0;  ///< Number of the caller's edge: the calls over one share a rotation.
    double mean_calls = 1.0;
    bool at_most = false;       ///< mean_calls is an upper bound: how many depends on the run.
    bool at_most_once = true;   ///< Never more than one for a request: a sure call or a chance.
    bool one_of = false;        ///< Of the calls marked so, each request makes exactly one.
    bool plain = true;          ///< No policy of the caller, no loss and no failing probes.
    bool stood_in_for = false;  ///< When it fails, something else answers.
    bool awaited = true;        ///< Whether the caller waits for the answer: it does not publish.
    bool beside = false;        ///< Made in a parallel step, beside others.
    /// It starts once the awaited ones among this many first calls have been answered.
    std::size_t after = 0;
    Spread spread = Spread::in_turn;
    std::optional<sim::Distribution> delay = std::nullopt;  ///< One way; else the network's.
    bool limited = false;  ///< The edge has a bandwidth, so its messages take time by their size.
};

/// The station of a component and the work of one request there.
struct StationProfile {
    std::uint32_t instances = 1;
    std::uint32_t servers = 1;  ///< Of one instance.
    std::optional<std::uint64_t> queue = std::nullopt;
    sim::Discipline discipline = sim::Discipline::fifo;
    double visits = 0.0;     ///< Mean number for one request.
    double mean_work = 0.0;  ///< Seconds for one request, all its visits together, at its speed.
    /// The one visit of a request, at speed 1; nothing if it makes none or several.
    std::optional<sim::Distribution> work = std::nullopt;
    std::size_t after = 0;  ///< Calls of the profile that come before that visit.
    double speed = 1.0;
    double contention = 0.0;  ///< How busy servers slow each other down; see sim::Station.
    double coherency = 0.0;
    std::uint32_t most_instances = 0;  ///< Up to which an autoscaler goes; 0: none is there.
    bool sheds = false;  ///< It may turn away requests for other reasons than a full queue.
};

/// What decides how many reads a cache answers by itself.
struct CacheProfile {
    /// By which law copies leave for want of room, as far as a closed form goes.
    enum class Law : std::uint8_t { lru, fifo, other };
    Law eviction = Law::other;
    std::uint64_t entries = 0;                 ///< Room; 0 where it is counted in bytes.
    std::optional<double> ttl = std::nullopt;  ///< Seconds, fixed from when a copy is kept.
    bool is_simple = false;  ///< One instance, and a copy past its time is fetched anew by a read.
};

/// How many of a component's members a request needs.
struct MemberQuorum {
    std::uint32_t needed = 1;
    std::uint32_t of = 1;  ///< The members that count are the first.
};

/// What a component does for one request.
struct Profile {
    std::optional<StationProfile> station = std::nullopt;
    std::vector<CallProfile> calls = {};
    /// The station as it is for a request that writes, where its work is another; else the same.
    std::optional<StationProfile> station_of_writes = std::nullopt;
    /// Whether a request takes the time of its work and of its awaited calls, and no other time.
    bool is_timed = true;
    /// Whether no work but that at its station keeps it busy, so that it keeps up if that does.
    bool is_all_work = true;
    std::optional<CacheProfile> cache = std::nullopt;  ///< What its calls depend on.
    /// Its calls marked one_of go to instances that are up, as soon as it has found out which are.
    bool avoids_down = false;
    std::optional<MemberQuorum> quorum =
        std::nullopt;  ///< Else the member that is asked is enough.
};

}  // namespace archsim::models
