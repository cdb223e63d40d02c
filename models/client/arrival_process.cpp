// The processes themselves. A Poisson process of changing rate is made by using up exponential
// amounts of expected arrivals (Cinlar, "Introduction to Stochastic Processes", 1975): the n-th
// arrival is where the integral of the rate reaches the n-th unit-rate arrival.
#include "models/client/arrivals.hpp"
#include "sim/check.hpp"

#include <boost/random/exponential_distribution.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace archsim::models {

namespace {

using sim::Duration;
using sim::Instant;

double unit_exponential(sim::Rng& rng) {
    boost::random::exponential_distribution<double> draw{1.0};
    return draw(rng);
}

Instant later(Instant last, double seconds) {
    if (!(seconds < Duration::longest().in_seconds())) return Instant::never();
    return last + Duration::from_seconds(seconds);
}

class Poisson final : public ArrivalProcess {
public:
    explicit Poisson(const PoissonArrivals& config) : rate_{config.rate.per_second()} {}
    Instant next(Instant last, sim::Rng& rng) override {
        if (rate_ == 0.0) return Instant::never();
        return later(last, unit_exponential(rng) / rate_);
    }

private:
    double rate_;
};

class Constant final : public ArrivalProcess {
public:
    explicit Constant(const ConstantArrivals& config) : rate_{config.rate.per_second()} {}
    Instant next(Instant, sim::Rng&) override {
        if (rate_ == 0.0) return Instant::never();
        // From the start each time, so that rounding never adds up.
        return later(Instant::origin(), static_cast<double>(++count_) / rate_);
    }

private:
    double rate_;
    std::uint64_t count_ = 0;
};

class Mmpp final : public ArrivalProcess {
public:
    explicit Mmpp(const MmppArrivals& config) : states_{config.states} {}
    Instant next(Instant last, sim::Rng& rng) override {
        if (!started_) {
            started_ = true;
            state_ends_ = last + stay(rng);
        }
        double needed = unit_exponential(rng);
        Instant at = last;
        for (;;) {
            const double rate = states_[state_].rate.per_second();
            const double available = rate * (state_ends_ - at).in_seconds();
            if (needed <= available) return later(at, needed / rate);
            needed -= available;
            at = state_ends_;
            state_ = (state_ + 1) % states_.size();
            if (at.since_start() >= Duration::longest()) return Instant::never();
            state_ends_ = at + stay(rng);
        }
    }

private:
    Duration stay(sim::Rng& rng) {
        const Duration drawn = states_[state_].mean_stay.scaled(unit_exponential(rng));
        return std::max(drawn, Duration::nanoseconds(1));
    }
    std::vector<MmppState> states_;
    std::size_t state_ = 0;
    Instant state_ends_;
    bool started_ = false;
};

/// Straight pieces of a rate; the last one is endless unless the profile repeats.
class PiecewiseRate final : public ArrivalProcess {
public:
    explicit PiecewiseRate(const ProfileArrivals& config) : repeat_{config.repeat} {
        const auto& points = config.points;
        for (std::size_t i = 0; i < points.size(); ++i) {
            const auto& [from, rate] = points[i];
            const bool last = i + 1 == points.size();
            if (last && repeat_) break;
            const double begin = rate.per_second();
            const double end =
                last || config.steps ? begin : std::get<1>(points[i + 1]).per_second();
            const double length = last ? Duration::longest().in_seconds()
                                       : (std::get<0>(points[i + 1]) - from).in_seconds();
            pieces_.push_back({length, begin, end});
            length_ += length;
            round_ += pieces_.back().expected(0.0, length);
        }
    }
    Instant next(Instant last, sim::Rng& rng) override {
        double needed = unit_exponential(rng);
        double waited = 0.0;
        for (std::size_t empty = 0;;) {
            if (repeat_ && piece_ == 0 && within_ == 0.0 && needed > round_) {
                // Whole rounds at once: with a low rate there may be any number of them.
                const double rounds = std::floor(needed / round_);
                if (!(rounds * length_ < Duration::longest().in_seconds())) {
                    return Instant::never();
                }
                waited += rounds * length_;
                needed = std::max(0.0, needed - rounds * round_);
            }
            const Piece& piece = pieces_[piece_];
            const double left = piece.expected(within_, piece.length);
            if (needed <= left && left > 0.0) {
                const double step = piece.time_for(within_, needed);
                within_ += step;
                return later(last, waited + step);
            }
            needed -= left;
            waited += piece.length - within_;
            within_ = 0.0;
            empty = left > 0.0 ? 0 : empty + 1;
            if (++piece_ == pieces_.size()) {
                if (!repeat_ || empty > pieces_.size()) {
                    piece_ = pieces_.size() - 1;
                    within_ = pieces_.back().length;
                    return Instant::never();
                }
                piece_ = 0;
            }
        }
    }

private:
    struct Piece {
        double length;
        double begin;
        double end;
        [[nodiscard]] double slope() const { return (end - begin) / length; }
        /// Expected arrivals between two times of the piece.
        [[nodiscard]] double expected(double from, double to) const {
            return (to - from) * (begin + slope() * 0.5 * (from + to));
        }
        /// How long after `from` the expected arrivals reach `needed`: the root of a quadratic,
        /// written so that it is exact for a slope of 0 as well.
        [[nodiscard]] double time_for(double from, double needed) const {
            const double rate = begin + slope() * from;
            const double root = std::sqrt(std::max(0.0, rate * rate + 2.0 * slope() * needed));
            return 2.0 * needed / (rate + root);
        }
    };
    std::vector<Piece> pieces_;
    std::size_t piece_ = 0;
    double within_ = 0.0;
    double length_ = 0.0;  // of one round
    double round_ = 0.0;   // arrivals expected in it
    bool repeat_;
};

class Diurnal final : public ArrivalProcess {
public:
    explicit Diurnal(const DiurnalArrivals& config) : config_{config} {}
    /// Thinning (Lewis and Shedler, 1979): candidates at the peak rate, kept with rate / peak.
    Instant next(Instant last, sim::Rng& rng) override {
        const double peak = config_.peak.per_second();
        if (peak == 0.0) return Instant::never();
        for (Instant at = last;;) {
            at = later(at, unit_exponential(rng) / peak);
            if (at == Instant::never() || rng.chance(rate(at) / peak)) return at;
        }
    }

private:
    [[nodiscard]] double rate(Instant at) const {
        const Duration phase = at - Instant::at(config_.peak_at);
        const double turn = phase.in_seconds() / config_.period.in_seconds();
        const double swing = 0.5 * (1.0 + std::cos(2.0 * std::numbers::pi * turn));
        const double base = config_.base.per_second();
        return base + (config_.peak.per_second() - base) * swing;
    }
    DiurnalArrivals config_;
};

ProfileArrivals as_profile(const SpikeArrivals& spike) {
    ProfileArrivals profile;
    profile.steps = true;
    if (spike.at > Duration{}) profile.points.emplace_back(Duration{}, spike.base);
    profile.points.emplace_back(spike.at, spike.peak);
    profile.points.emplace_back(spike.at + spike.length, spike.base);
    return profile;
}

struct Maker {
    using Made = std::unique_ptr<ArrivalProcess>;
    Made operator()(const PoissonArrivals& c) const { return std::make_unique<Poisson>(c); }
    Made operator()(const ConstantArrivals& c) const { return std::make_unique<Constant>(c); }
    Made operator()(const MmppArrivals& c) const { return std::make_unique<Mmpp>(c); }
    Made operator()(const ProfileArrivals& c) const { return std::make_unique<PiecewiseRate>(c); }
    Made operator()(const DiurnalArrivals& c) const { return std::make_unique<Diurnal>(c); }
    Made operator()(const SpikeArrivals& c) const {
        return std::make_unique<PiecewiseRate>(as_profile(c));
    }
};

struct MeanRate {
    double operator()(const PoissonArrivals& c) const { return c.rate.per_second(); }
    double operator()(const ConstantArrivals& c) const { return c.rate.per_second(); }
    double operator()(const MmppArrivals& c) const {
        double arrivals = 0.0;
        double time = 0.0;
        for (const MmppState& state : c.states) {
            arrivals += state.rate.per_second() * state.mean_stay.in_seconds();
            time += state.mean_stay.in_seconds();
        }
        return arrivals / time;
    }
    double operator()(const ProfileArrivals& c) const {
        if (c.points.size() == 1) return std::get<1>(c.points.front()).per_second();
        double arrivals = 0.0;
        for (std::size_t i = 0; i + 1 < c.points.size(); ++i) {
            const double a = std::get<1>(c.points[i]).per_second();
            const double b = c.steps ? a : std::get<1>(c.points[i + 1]).per_second();
            arrivals += 0.5 * (a + b) *
                        (std::get<0>(c.points[i + 1]) - std::get<0>(c.points[i])).in_seconds();
        }
        return arrivals / std::get<0>(c.points.back()).in_seconds();
    }
    double operator()(const DiurnalArrivals& c) const {
        return 0.5 * (c.base.per_second() + c.peak.per_second());
    }
    double operator()(const SpikeArrivals& c) const { return c.base.per_second(); }
};

}  // namespace

std::unique_ptr<ArrivalProcess> make_arrivals(const Arrivals& arrivals) {
    return std::visit(Maker{}, arrivals.kind);
}

std::optional<LoadPeak> peak_of(const Arrivals& arrivals) {
    ProfileArrivals profile;
    if (const auto* spike = std::get_if<SpikeArrivals>(&arrivals.kind)) {
        profile = as_profile(*spike);
    } else if (const auto* given = std::get_if<ProfileArrivals>(&arrivals.kind)) {
        if (given->repeat) return std::nullopt;
        profile = *given;
    }
    std::optional<Duration> from;
    for (std::size_t i = 0; i < profile.points.size(); ++i) {
        const auto& [at, rate] = profile.points[i];
        const bool higher = rate > std::get<1>(profile.points.front());
        if (!from && higher) {
            from = profile.steps ? at : std::get<0>(profile.points[i - 1]);
        } else if (from && !higher) {
            return LoadPeak{Instant::at(*from), Instant::at(at)};
        }
    }
    return std::nullopt;
}

double mean_rate(const Arrivals& arrivals) { return std::visit(MeanRate{}, arrivals.kind); }

}  // namespace archsim::models
