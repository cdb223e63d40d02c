// When an open load source sends: arrival processes, written as a rate ("500/s", Poisson) or as an
// object with a kind.
#pragma once

#include "models/node.hpp"
#include "models/spec.hpp"
#include "sim/rng.hpp"
#include "sim/units.hpp"

#include <memory>
#include <optional>
#include <tuple>
#include <variant>
#include <vector>

namespace archsim::models {

/// Independent arrivals: exponential gaps.
struct PoissonArrivals {
    sim::Rate rate;
    static const Spec<PoissonArrivals>& spec();
};
/// Equal gaps.
struct ConstantArrivals {
    sim::Rate rate;
    static const Spec<ConstantArrivals>& spec();
};
/// A state of an MMPP.
struct MmppState {
    sim::Rate rate;
    sim::Duration mean_stay;
    static const Spec<MmppState>& spec();
};
/// Markov-modulated Poisson process: Poisson at the rate of a state; states follow one another in
/// order, each held for an exponential time.
struct MmppArrivals {
    std::vector<MmppState> states;
    static const Spec<MmppArrivals>& spec();
};
/// Poisson at a rate that follows a line through points in time.
struct ProfileArrivals {
    std::vector<std::tuple<sim::Duration, sim::Rate>> points;
    bool steps = false;   ///< Hold each rate until the next point instead of sloping to it.
    bool repeat = false;  ///< Begin anew after the last point.
    static const Spec<ProfileArrivals>& spec();
};
/// Poisson at a rate that swings like a cosine between base and peak once a period.
struct DiurnalArrivals {
    sim::Rate base;
    sim::Rate peak;
    sim::Duration period = sim::Duration::days(1);
    sim::Duration peak_at = sim::Duration::hours(12);
    static const Spec<DiurnalArrivals>& spec();
};
/// Poisson at a base rate, and at another for a while.
struct SpikeArrivals {
    sim::Rate base;
    sim::Rate peak;
    sim::Duration at;
    sim::Duration length;
    static const Spec<SpikeArrivals>& spec();
};

/// Any of them.
struct Arrivals {
    OneOf<PoissonArrivals, ConstantArrivals, MmppArrivals, ProfileArrivals, DiurnalArrivals,
          SpikeArrivals>
        kind;
};

/// A rate alone is a Poisson process.
template <>
struct Codec<Arrivals> {
    static std::optional<Arrivals> read(const Value& value, Reader& reader);
    static Value write(const Arrivals& arrivals);
    static Value schema(SchemaBuilder& builder);
    static std::string type();
};

/// Gives one instant after the other.
class ArrivalProcess {
public:
    virtual ~ArrivalProcess() = default;
    /// The first arrival after `last`, the one given before (the start of the run at first);
    /// Instant::never() if there is none. O(1) amortised.
    [[nodiscard]] virtual sim::Instant next(sim::Instant last, sim::Rng& rng) = 0;
};

/// The process that `arrivals` describes.
[[nodiscard]] std::unique_ptr<ArrivalProcess> make_arrivals(const Arrivals& arrivals);

/// When there are more arrivals than at first and later again no more than that; nothing if the
/// rate does not come and go.
[[nodiscard]] std::optional<LoadPeak> peak_of(const Arrivals& arrivals);

/// The long-run mean rate, or for a profile that does not repeat the mean over its points.
[[nodiscard]] double mean_rate(const Arrivals& arrivals);

}  // namespace archsim::models
