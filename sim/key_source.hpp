// Which piece of data a request is about, as a value: one of the laws in sim/popularity, chosen
// when a scenario is read.
#pragma once

#include "sim/popularity/drift.hpp"
#include "sim/popularity/hotspot_keys.hpp"
#include "sim/popularity/latest_keys.hpp"
#include "sim/popularity/sequential_keys.hpp"
#include "sim/popularity/trace_keys.hpp"
#include "sim/popularity/uniform_keys.hpp"
#include "sim/popularity/zipf_keys.hpp"
#include "sim/rng.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace archsim::sim {

/// A source of keys. Copies go on independently from the same point.
class KeySource {
public:
    using Law =
        std::variant<UniformKeys, ZipfKeys, HotspotKeys, LatestKeys, SequentialKeys, TraceKeys>;

    /// One of the laws, such as KeySource{ZipfKeys{10'000, 0.99}}.
    template <class One>
    requires(!std::is_same_v<std::remove_cvref_t<One>, KeySource> &&
             std::is_constructible_v<Law, One>) explicit KeySource(One&& law, Drift drift = Drift{})
        : law_{std::forward<One>(law)}, drift_{drift} {
        check_drift();
    }

    /// The key of a request that is made at `now`. O(1) on average. Requires: now not before the
    /// start.
    [[nodiscard]] std::uint64_t next(Rng& rng, Instant now);
    /// The number of different keys that are in use at a time.
    [[nodiscard]] std::uint64_t count() const;
    /// The share of requests for the key of this rank, 0 the most popular (or the newest); nothing
    /// where keys come in a fixed order. Requires: rank < count().
    [[nodiscard]] std::optional<double> probability(std::uint64_t rank) const;

    [[nodiscard]] const Law& law() const { return law_; }
    [[nodiscard]] const Drift& drift() const { return drift_; }

    /// True where ranks are drawn, so that a Drift may move them over the keys: uniform, zipf and
    /// hotspot. Any other law with a drift is a programmer's error.
    [[nodiscard]] bool may_drift() const;

    /// Same law, parameters and drift.
    bool operator==(const KeySource&) const = default;

private:
    void check_drift() const;

    Law law_;
    Drift drift_;
};

}  // namespace archsim::sim
