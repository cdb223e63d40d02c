// The kinds of key source that a scenario may name, each with its parameters. `make` turns the
// parameters into a source; the constructor from a source's law is its inverse, for writing.
#pragma once

#include "models/choice.hpp"
#include "models/spec.hpp"
#include "sim/key_source.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace archsim::models {

/// Which keys are popular may change in time.
struct DriftParameters {
    sim::Rate drift;
    std::optional<sim::Duration> shuffle_every;
    DriftParameters() = default;
    explicit DriftParameters(const sim::Drift& made)
        : drift{made.keys()}, shuffle_every{made.shuffle_every()} {}
    [[nodiscard]] sim::Drift make_drift() const { return sim::Drift{drift, shuffle_every}; }
};

struct UniformKeysKind : DriftParameters {
    std::int64_t count = 1;
    UniformKeysKind() = default;
    UniformKeysKind(const sim::UniformKeys& law, const sim::Drift& made);
    [[nodiscard]] sim::KeySource make() const;
    static const Spec<UniformKeysKind>& spec();
};

struct ZipfKeysKind : DriftParameters {
    std::int64_t count = 1;
    double skew = 0.99;
    ZipfKeysKind() = default;
    ZipfKeysKind(const sim::ZipfKeys& law, const sim::Drift& made);
    [[nodiscard]] sim::KeySource make() const;
    static const Spec<ZipfKeysKind>& spec();
};

struct HotspotKeysKind : DriftParameters {
    std::int64_t count = 1;
    sim::Probability hot{0.2};
    sim::Probability share{0.8};
    HotspotKeysKind() = default;
    HotspotKeysKind(const sim::HotspotKeys& law, const sim::Drift& made);
    [[nodiscard]] sim::KeySource make() const;
    static const Spec<HotspotKeysKind>& spec();
};

struct LatestKeysKind {
    std::int64_t count = 1;
    double skew = 0.99;
    sim::Rate growth;
    LatestKeysKind() = default;
    LatestKeysKind(const sim::LatestKeys& law, const sim::Drift& made);
    [[nodiscard]] sim::KeySource make() const;
    static const Spec<LatestKeysKind>& spec();
};

struct SequentialKeysKind {
    std::int64_t count = 1;
    SequentialKeysKind() = default;
    SequentialKeysKind(const sim::SequentialKeys& law, const sim::Drift& made);
    [[nodiscard]] sim::KeySource make() const;
    static const Spec<SequentialKeysKind>& spec();
};

struct TraceKeysKind {
    std::vector<std::int64_t> keys;
    TraceKeysKind() = default;
    TraceKeysKind(const sim::TraceKeys& law, const sim::Drift& made);
    [[nodiscard]] sim::KeySource make() const;
    static const Spec<TraceKeysKind>& spec();
};

/// The kinds in the order of sim::KeySource::Law.
using KeySourceKind = OneOf<UniformKeysKind, ZipfKeysKind, HotspotKeysKind, LatestKeysKind,
                            SequentialKeysKind, TraceKeysKind>;

}  // namespace archsim::models
