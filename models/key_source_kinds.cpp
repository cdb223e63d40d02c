// The parameters of every kind of key source: names, ranges and relations between them.
#include "models/key_source_kinds.hpp"

namespace archsim::models {

namespace {

constexpr std::int64_t most_keys = 1'000'000'000'000;
constexpr sim::Rate fastest_change = sim::Rate::per_second(1e6);

std::uint64_t natural(std::int64_t count) { return static_cast<std::uint64_t>(count); }
std::int64_t whole(std::uint64_t count) { return static_cast<std::int64_t>(count); }

/// The field that every kind but a trace has.
template <class Kind>
auto with_count(Spec<Kind>&& spec) {
    return std::move(spec)
        .required("count", &Kind::count, "Number of different keys.")
        .at_least(1)
        .at_most(most_keys)
        .otherwise_called({"keys", "size", "items"});
}

/// The fields by which popularity may move over the keys.
template <class Kind>
auto with_drift(Spec<Kind>&& spec) {
    return std::move(spec)
        .optional("drift", &Kind::drift,
                  "How many ranks all keys move on: the second most popular becomes the first.")
        .at_most(fastest_change)
        .optional("shuffle_every", &Kind::shuffle_every,
                  "All ranks are dealt anew whenever this time has passed.")
        .more_than(sim::Duration{});
}

template <class Kind>
auto with_skew(Spec<Kind>&& spec) {
    return std::move(spec)
        .optional("skew", &Kind::skew, "Exponent of the popularity; 0 is uniform.")
        .at_least(0.0)
        .at_most(100.0)
        .otherwise_called({"exponent", "alpha", "theta", "s"});
}

}  // namespace

const Spec<UniformKeysKind>& UniformKeysKind::spec() {
    static const auto s =
        with_drift(with_count(Spec<UniformKeysKind>{"uniform", "Every key is as likely."}));
    return s;
}

const Spec<ZipfKeysKind>& ZipfKeysKind::spec() {
    static const auto s = with_drift(with_skew(with_count(
        Spec<ZipfKeysKind>{"zipf", "The key of rank r is drawn in proportion to 1 / r^skew."})));
    return s;
}

const Spec<HotspotKeysKind>& HotspotKeysKind::spec() {
    static const auto s = with_drift(
        with_count(Spec<HotspotKeysKind>{"hotspot", "A few hot keys get most of the draws."})
            .optional("hot", &HotspotKeysKind::hot, "Share of the keys that are hot.")
            .optional("share", &HotspotKeysKind::share, "Share of the draws that hot keys get."));
    return s;
}

const Spec<LatestKeysKind>& LatestKeysKind::spec() {
    static const auto s =
        with_skew(with_count(Spec<LatestKeysKind>{
                      "latest", "The newest keys are the most popular, by Zipf's law of age."}))
            .optional("growth", &LatestKeysKind::growth, "How many keys are added.")
            .at_most(fastest_change);
    return s;
}

const Spec<SequentialKeysKind>& SequentialKeysKind::spec() {
    static const auto s = with_count(
        Spec<SequentialKeysKind>{"sequential", "0, 1, 2, ... and from the start again."});
    return s;
}

const Spec<TraceKeysKind>& TraceKeysKind::spec() {
    static const auto s =
        Spec<TraceKeysKind>{"trace", "A list of keys in their order, and from the start again."}
            .assume("The load source 'replay' takes its keys from its file instead.")
            .required("keys", &TraceKeysKind::keys, "The keys, in order.")
            .at_least(0)
            .check([](const TraceKeysKind& kind, const Place& place) {
                if (kind.keys.empty())
                    place.fail("keys",
                               {.code = Code::out_of_range, .message = "'keys' must not be empty"});
            });
    return s;
}

UniformKeysKind::UniformKeysKind(const sim::UniformKeys& law, const sim::Drift& made)
    : DriftParameters{made}, count{whole(law.count())} {}
ZipfKeysKind::ZipfKeysKind(const sim::ZipfKeys& law, const sim::Drift& made)
    : DriftParameters{made}, count{whole(law.count())}, skew{law.skew()} {}
HotspotKeysKind::HotspotKeysKind(const sim::HotspotKeys& law, const sim::Drift& made)
    : DriftParameters{made}, count{whole(law.count())}, hot{law.hot()}, share{law.share()} {}
LatestKeysKind::LatestKeysKind(const sim::LatestKeys& law, const sim::Drift&)
    : count{whole(law.count())}, skew{law.skew()}, growth{law.growth()} {}
SequentialKeysKind::SequentialKeysKind(const sim::SequentialKeys& law, const sim::Drift&)
    : count{whole(law.count())} {}
TraceKeysKind::TraceKeysKind(const sim::TraceKeys& law, const sim::Drift&) {
    for (const std::uint64_t key : law.keys()) keys.push_back(whole(key));
}

sim::KeySource UniformKeysKind::make() const {
    return sim::KeySource{sim::UniformKeys{natural(count)}, make_drift()};
}
sim::KeySource ZipfKeysKind::make() const {
    return sim::KeySource{sim::ZipfKeys{natural(count), skew}, make_drift()};
}
sim::KeySource HotspotKeysKind::make() const {
    return sim::KeySource{sim::HotspotKeys{natural(count), hot, share}, make_drift()};
}
sim::KeySource LatestKeysKind::make() const {
    return sim::KeySource{sim::LatestKeys{natural(count), skew, growth}};
}
sim::KeySource SequentialKeysKind::make() const {
    return sim::KeySource{sim::SequentialKeys{natural(count)}};
}
sim::KeySource TraceKeysKind::make() const {
    return sim::KeySource{sim::TraceKeys{std::vector<std::uint64_t>(keys.begin(), keys.end())}};
}

}  // namespace archsim::models
