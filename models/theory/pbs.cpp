// Trials of the WARS model and quantiles of what they give.
#include "models/theory/pbs.hpp"

#include "sim/rng.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace archsim::models::theory {
namespace {

// One trial at a time, so that the vectors of the replicas are kept.
class Trial {
public:
    Trial(const Quorum& quorum, const WarsDelays& delays)
        : quorum_{quorum},
          delays_{delays},
          remote_{delays.remote.in_seconds()},
          applied_(static_cast<std::size_t>(quorum.replicas)),
          acknowledged_(applied_.size()),
          answers_(applied_.size()) {}

    void run(sim::Rng& rng) {
        draw(rng);
        std::nth_element(acknowledged_.begin(), acknowledged_.begin() + (quorum_.writes - 1),
                         acknowledged_.end());
        write_latency = acknowledged_[static_cast<std::size_t>(quorum_.writes) - 1];
        std::sort(answers_.begin(), answers_.end(),
                  [](const Answer& a, const Answer& b) { return a.arrives < b.arrives; });
        const auto counted = static_cast<std::size_t>(quorum_.reads);
        read_latency = answers_[counted - 1].arrives;
        fresh_after = std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i < counted; ++i) {
            const double missing = answers_[i].applied - write_latency - answers_[i].served;
            fresh_after = std::min(fresh_after, std::max(0.0, missing));
        }
    }

    double fresh_after = 0.0;
    double read_latency = 0.0;
    double write_latency = 0.0;

private:
    struct Answer {
        double arrives = 0.0;  // R + S
        double served = 0.0;   // R
        double applied = 0.0;  // W of the same replica
    };

    void draw(sim::Rng& rng) {
        const bool spread = remote_ > 0.0;
        const std::size_t near_write = spread ? rng.below(applied_.size()) : 0;
        const std::size_t near_read = spread ? rng.below(applied_.size()) : 0;
        for (std::size_t i = 0; i < applied_.size(); ++i) {
            const double write_hop = i == near_write ? 0.0 : remote_;
            const double read_hop = i == near_read ? 0.0 : remote_;
            applied_[i] = delays_.write.sample_seconds(rng) + write_hop;
            acknowledged_[i] = applied_[i] + delays_.ack.sample_seconds(rng) + write_hop;
            const double served = delays_.read.sample_seconds(rng) + read_hop;
            const double back = delays_.response.sample_seconds(rng) + read_hop;
            answers_[i] = Answer{served + back, served, applied_[i]};
        }
    }

    Quorum quorum_;
    const WarsDelays& delays_;
    double remote_;
    std::vector<double> applied_;
    std::vector<double> acknowledged_;
    std::vector<Answer> answers_;
};

// The value below or at which a share of the sorted values lies.
double quantile(const std::vector<double>& sorted, double share) {
    const double count = static_cast<double>(sorted.size());
    const double rank = std::clamp(std::ceil(share * count), 1.0, count);
    return sorted[static_cast<std::size_t>(rank) - 1];
}

// The number of values below a quantile is binomial, so the ranks that many standard errors away
// bound it whatever the distribution.
sim::Interval quantile_interval(const std::vector<double>& sorted, double share, double z) {
    const double count = static_cast<double>(sorted.size());
    const double margin = z * std::sqrt(share * (1.0 - share) / count) + 1.0 / count;
    return sim::Interval{quantile(sorted, std::max(share - margin, 0.0)),
                         quantile(sorted, std::min(share + margin, 1.0))};
}

}  // namespace

PbsCurve::PbsCurve(std::vector<double> fresh_after, std::vector<double> read_latencies,
                   std::vector<double> write_latencies)
    : fresh_after_{std::move(fresh_after)},
      read_latencies_{std::move(read_latencies)},
      write_latencies_{std::move(write_latencies)} {
    std::sort(fresh_after_.begin(), fresh_after_.end());
    std::sort(read_latencies_.begin(), read_latencies_.end());
    std::sort(write_latencies_.begin(), write_latencies_.end());
}

double PbsCurve::fresh(sim::Duration after) const {
    const auto later =
        std::upper_bound(fresh_after_.begin(), fresh_after_.end(), after.in_seconds());
    return static_cast<double>(later - fresh_after_.begin()) / static_cast<double>(trials());
}

double PbsCurve::seconds_until_fresh(double share) const { return quantile(fresh_after_, share); }

sim::Interval PbsCurve::seconds_until_fresh_interval(double share, double z) const {
    return quantile_interval(fresh_after_, share, z);
}

double PbsCurve::read_latency(double share) const { return quantile(read_latencies_, share); }

sim::Interval PbsCurve::read_latency_interval(double share, double z) const {
    return quantile_interval(read_latencies_, share, z);
}

double PbsCurve::write_latency(double share) const { return quantile(write_latencies_, share); }

sim::Interval PbsCurve::write_latency_interval(double share, double z) const {
    return quantile_interval(write_latencies_, share, z);
}

PbsCurve pbs(const Quorum& quorum, const WarsDelays& delays, std::size_t trials,
             std::uint64_t seed) {
    sim::Rng rng{seed};
    Trial trial{quorum, delays};
    std::vector<double> fresh_after(trials);
    std::vector<double> reads(trials);
    std::vector<double> writes(trials);
    for (std::size_t i = 0; i < trials; ++i) {
        trial.run(rng);
        fresh_after[i] = trial.fresh_after;
        reads[i] = trial.read_latency;
        writes[i] = trial.write_latency;
    }
    return PbsCurve{std::move(fresh_after), std::move(reads), std::move(writes)};
}

double fresh_within_versions(const Quorum& quorum, int k) {
    double missed = 1.0;  // C(N - W, R) / C(N, R), factor by factor
    for (int i = 0; i < quorum.reads; ++i) {
        missed *= static_cast<double>(std::max(0, quorum.replicas - quorum.writes - i)) /
                  static_cast<double>(quorum.replicas - i);
    }
    return 1.0 - std::pow(missed, k);
}

}  // namespace archsim::models::theory
