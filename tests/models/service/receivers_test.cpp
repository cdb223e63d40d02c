// How many receivers a key has, held to the definition of the law and to its published fit.
#include "models/service/receivers.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

using doctest::Approx;

namespace {

using namespace archsim;
using models::PowerLawReceivers;
using models::Receivers;
using models::ReceiversConfig;

/// P(N = n) by definition: the share of the integral of x^-exponent that lies in [n, n + 1).
double probability(const PowerLawReceivers& law, std::int64_t n) {
    const auto part = [&law](double from, double to) {
        return std::pow(from, 1.0 - law.exponent) - std::pow(to, 1.0 - law.exponent);
    };
    const auto from = static_cast<double>(n);
    return part(from, from + 1.0) /
           part(static_cast<double>(law.at_least), static_cast<double>(law.at_most) + 1.0);
}

/// The mean where numbers above `bound` count as none, added up from the smallest term.
double summed_mean(const PowerLawReceivers& law, std::int64_t bound) {
    double sum = 0.0;
    for (std::int64_t n = std::min(bound, law.at_most); n >= law.at_least; --n) {
        sum += static_cast<double>(n) * probability(law, n);
    }
    return sum;
}

}  // namespace

TEST_SUITE("receivers") {
    TEST_CASE("means and tails are those of the law, however far it reaches") {
        // Exponents on both sides of 2, where the mean stops to exist, and 2 itself.
        for (const double exponent : {1.4, 2.0, 2.276, 5.0}) {
            const PowerLawReceivers law{.exponent = exponent, .at_least = 3, .at_most = 200'000};
            const ReceiversConfig config{law};
            for (const std::int64_t bound : {2, 3, 50, 10'002, 10'003, 10'004, 150'000, 300'000}) {
                CAPTURE(exponent);
                CAPTURE(bound);
                const auto limit = static_cast<std::uint64_t>(bound);
                CHECK(Receivers::mean_up_to(config, limit) ==
                      Approx(summed_mean(law, bound)).epsilon(1e-8));
                double above = 0.0;
                for (std::int64_t n = law.at_most; n > bound && n >= law.at_least; --n) {
                    above += probability(law, n);
                }
                CHECK(Receivers::share_above(config, limit) == Approx(above).epsilon(1e-8));
            }
        }
    }

    TEST_CASE("keys have as many receivers as the law says, up to and including its ends") {
        const PowerLawReceivers law{.exponent = 2.276, .at_least = 1, .at_most = 40};
        const Receivers receivers{{law}, 7};
        constexpr std::uint64_t keys = 200'000;
        std::vector<double> found(42);
        for (std::uint64_t key = 0; key < keys; ++key) found[receivers.of(key)] += 1.0;
        CHECK(found[0] == 0.0);
        CHECK(found[41] == 0.0);
        CHECK(found[40] > 0.0);
        double chi_square = 0.0;
        for (std::int64_t n = 1; n <= 40; ++n) {
            const double due = static_cast<double>(keys) * probability(law, n);
            chi_square += std::pow(found[static_cast<std::size_t>(n)] - due, 2) / due;
        }
        CHECK(chi_square < 72.1);  // the 99.9 % quantile with 39 degrees of freedom
    }

    TEST_CASE("the exponent that a fit of many followers finds is the one that was asked for") {
        const Receivers receivers{{PowerLawReceivers{2.276, 17, 31'000'000}}, 11};
        double logs = 0.0;
        double counted = 0.0;
        for (std::uint64_t key = 0; key < 100'000; ++key) {
            logs += std::log(static_cast<double>(receivers.of(key)) / 17.0 + 0.5 / 17.0);
            counted += 1.0;
        }
        // Maximum likelihood: 1 + n / sum of ln(x / x_min), standard error (exponent - 1) /
        // sqrt(n); numbers are rounded down, so each stands for half a receiver more (Clauset et
        // al. 2009).
        const double fitted = 1.0 + counted / logs;
        CHECK(std::abs(fitted - 2.276) < 4.0 * 1.276 / std::sqrt(counted));
    }

    TEST_CASE("a key has the same receivers every time, and others in another replication") {
        const ReceiversConfig config{PowerLawReceivers{2.276, 1, 1'000'000}};
        const Receivers one{config, 1};
        const Receivers again{config, 1};
        const Receivers other{config, 2};
        int different = 0;
        for (std::uint64_t key = 0; key < 1000; ++key) {
            CHECK(one.of(key) == again.of(key));
            different += one.of(key) != other.of(key) ? 1 : 0;
        }
        // Two keys agree with probability sum P(n)^2, about 0.4.
        CHECK(different > 400);
    }
}
