// A distribution of times as one value, whatever its law: service times, delays, time to failure.
// The laws are in sim/distributions/, one header each.
#pragma once

#include "sim/distributions/constant.hpp"
#include "sim/distributions/empirical.hpp"
#include "sim/distributions/erlang.hpp"
#include "sim/distributions/exponential.hpp"
#include "sim/distributions/gamma.hpp"
#include "sim/distributions/hyperexponential.hpp"
#include "sim/distributions/lognormal.hpp"
#include "sim/distributions/mixture.hpp"
#include "sim/distributions/pareto.hpp"
#include "sim/distributions/truncated_normal.hpp"
#include "sim/distributions/uniform.hpp"
#include "sim/distributions/weibull.hpp"
#include "sim/rng.hpp"
#include "sim/units.hpp"

#include <type_traits>
#include <utility>
#include <variant>

namespace archsim::sim {

/// A copyable distribution of non-negative times. Default: constantly zero.
class Distribution {
public:
    using Law = std::variant<Constant, Exponential, Uniform, Erlang, Gamma, Hyperexponential,
                             Lognormal, TruncatedNormal, Pareto, Weibull, Empirical, Mixture>;

    Distribution() = default;
    /// Of one of the laws, such as Distribution{Weibull{5_s, 2.0}}.
    template <class One>
    requires(!std::is_same_v<std::remove_cvref_t<One>, Distribution> &&
             std::is_constructible_v<Law, One>) explicit Distribution(One&& law)
        : law_{std::forward<One>(law)} {}
    /// Always `value`. Requires: value >= 0.
    [[nodiscard]] static Distribution constant(Duration value) {
        return Distribution{Constant{value}};
    }
    /// Exponential with this mean; constantly zero where the mean is zero. Requires: mean >= 0.
    [[nodiscard]] static Distribution exponential(Duration mean) {
        return mean > Duration{} ? Distribution{Exponential{mean}} : Distribution{};
    }

    /// The next time, rounded to the nearest nanosecond and at most 100 years. O(1) on average.
    [[nodiscard]] Duration sample(Rng& rng) const {
        if (const auto* same = std::get_if<Constant>(&law_)) return same->value();
        return Duration::from_seconds(sample_seconds(rng));
    }
    /// The next time as a real number of seconds, before it is rounded.
    [[nodiscard]] double sample_seconds(Rng& rng) const {
        if (const auto* memoryless = std::get_if<Exponential>(&law_))
            return memoryless->sample_seconds(rng);
        return visited_sample(rng);
    }
    /// May be infinite (Pareto).
    [[nodiscard]] double mean_seconds() const;
    /// Variance over squared mean: 0 if constant, 1 if exponential; may be infinite (Pareto).
    [[nodiscard]] double scv() const;
    /// P(time <= seconds).
    [[nodiscard]] double cdf(double seconds) const;

    /// The longest time that no draw falls below, as far as cdf() can tell: the probability of a
    /// shorter one is 0 or too small for a double. O(log of the time in nanoseconds).
    [[nodiscard]] Duration least() const;

    [[nodiscard]] bool is_constant() const { return std::holds_alternative<Constant>(law_); }
    [[nodiscard]] bool is_exponential() const { return std::holds_alternative<Exponential>(law_); }
    [[nodiscard]] const Law& law() const { return law_; }

    /// Same law and parameters.
    bool operator==(const Distribution& other) const;

private:
    [[nodiscard]] double visited_sample(Rng& rng) const;

    Law law_;
};

}  // namespace archsim::sim
