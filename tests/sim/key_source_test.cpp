// Every popularity law against its probabilities, both ways of drawing Zipf's law, and drift.
#include "sim/key_source.hpp"

#include "tests/support/goodness_of_fit.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

using namespace archsim::sim;
using namespace archsim::sim::literals;
using archsim::tests::chi_square;
using archsim::tests::chi_square_critical;
using doctest::Approx;

namespace {

constexpr int draws = 20'000;

/// Chi-square of draws against probabilities, over the critical value: at most 1 is a good fit.
/// Neighbouring keys share a cell until it expects 20 draws or more.
template <class Law>
double misfit(const Law& law, const std::vector<double>& probabilities) {
    std::vector<std::size_t> cell_of;
    std::vector<double> expected = {0.0};
    for (const double p : probabilities) {
        if (expected.back() >= 20.0) expected.push_back(0.0);
        expected.back() += p * draws;
        cell_of.push_back(expected.size() - 1);
    }
    std::vector<std::uint64_t> observed(expected.size());
    Rng rng{31};
    for (int i = 0; i < draws; ++i) ++observed[cell_of.at(law.draw(rng))];
    return chi_square(observed, expected) / chi_square_critical(expected.size() - 1);
}

/// Zipf's law, term by term.
std::vector<double> zipf_shares(std::uint64_t count, double skew) {
    std::vector<double> shares;
    double sum = 0.0;
    for (std::uint64_t i = 1; i <= count; ++i) {
        shares.push_back(1.0 / std::pow(static_cast<double>(i), skew));
        sum += shares.back();
    }
    for (double& share : shares) share /= sum;
    return shares;
}

std::vector<std::uint64_t> take(KeySource source, int count, Instant now = Instant::origin()) {
    Rng rng{17};
    std::vector<std::uint64_t> keys;
    for (int i = 0; i < count; ++i) keys.push_back(source.next(rng, now));
    return keys;
}

Instant after(Duration time) { return Instant::at(time); }

}  // namespace

TEST_SUITE("key sources") {
    TEST_CASE("uniform keys are all alike") {
        CHECK(misfit(UniformKeys{100}, std::vector<double>(100, 0.01)) < 1.0);
        CHECK(UniformKeys{100}.probability(99) == Approx(0.01));
    }

    TEST_CASE("a few keys follow Zipf's law from a table") {
        for (const double skew : {0.0, 0.5, 0.99, 1.0, 2.0}) {
            CAPTURE(skew);
            const std::vector<double> shares = zipf_shares(1'000, skew);
            CHECK(misfit(ZipfKeys{1'000, skew}, shares) < 1.0);
        }
    }

    TEST_CASE("many keys follow Zipf's law by rejection") {
        for (const double skew : {0.0, 0.5, 0.99, 1.0, 1.01, 3.0}) {
            CAPTURE(skew);
            const std::vector<double> shares = zipf_shares(50'001, skew);
            CHECK(misfit(ZipfKeys{50'001, skew}, shares) < 1.0);
        }
    }

    TEST_CASE("the fit notices a skew that is a little off") {
        CHECK(misfit(ZipfKeys{1'000, 1.05}, zipf_shares(1'000, 1.0)) > 1.0);
        CHECK(misfit(ZipfKeys{50'001, 1.05}, zipf_shares(50'001, 1.0)) > 1.0);
    }

    TEST_CASE("the shares of Zipf's law are exact however many keys there are") {
        // 1 + 1/2 + 1/3 + 1/4 = 25/12.
        CHECK(ZipfKeys{4, 1.0}.probability(0) == Approx(12.0 / 25.0).epsilon(1e-14));
        CHECK(ZipfKeys{4, 1.0}.probability(3) == Approx(3.0 / 25.0).epsilon(1e-14));
        // Beyond the table sums are closed: the same as term by term.
        for (const double skew : {0.0, 0.7, 1.0, 1.3}) {
            CAPTURE(skew);
            const double first = zipf_shares(120'000, skew).front();
            CHECK(ZipfKeys{120'000, skew}.probability(0) == Approx(first).epsilon(1e-12));
        }
        // ln n + Euler's constant + 1 / 2n, and zeta(2) less the tail 1 / n.
        const double n = 1e12;
        const double harmonic = std::log(n) + 0.57721566490153286 + 0.5 / n;
        CHECK(ZipfKeys{1'000'000'000'000, 1.0}.probability(0) ==
              Approx(1.0 / harmonic).epsilon(1e-12));
        CHECK(ZipfKeys{1'000'000'000'000, 2.0}.probability(0) ==
              Approx(1.0 / (1.6449340668482264 - 1.0 / n)).epsilon(1e-12));
    }

    TEST_CASE("a trillion keys stay in range") {
        const ZipfKeys keys{1'000'000'000'000, 0.2};
        Rng rng{23};
        std::uint64_t greatest = 0;
        for (int i = 0; i < 1'000; ++i) greatest = std::max(greatest, keys.draw(rng));
        // A thousand draws of a law that is nearly flat come near the end, not beyond.
        CHECK(greatest > 980'000'000'000);
        CHECK(greatest < 1'000'000'000'000);
    }

    TEST_CASE("hot keys get their share") {
        const HotspotKeys keys{100, Probability{0.2}, Probability{0.8}};
        CHECK(keys.hot_count() == 20);
        std::vector<double> shares(100, 0.2 / 80.0);
        std::fill_n(shares.begin(), 20, 0.8 / 20.0);
        CHECK(misfit(keys, shares) < 1.0);
        for (const std::uint64_t rank : {0U, 19U, 20U, 99U})
            CHECK(keys.probability(rank) == Approx(shares[rank]));
    }

    TEST_CASE("a hot share without a whole key has one key and all keys may be hot") {
        const HotspotKeys one{10, Probability{0.001}, Probability{1.0}};
        CHECK(one.hot_count() == 1);
        const HotspotKeys all{10, Probability{1.0}, Probability{0.3}};
        CHECK(all.probability(9) == Approx(0.1));
        Rng rng{2};
        for (int i = 0; i < 100; ++i) {
            CHECK(one.draw(rng) == 0);
            CHECK(all.draw(rng) < 10);
        }
    }

    TEST_CASE("the latest keys are read most and move on with time") {
        const LatestKeys keys{1'000, 1.0, Rate::per_second(2.0)};
        CHECK(keys.newest(Instant::origin()) == 999);
        CHECK(keys.newest(after(1400_ms)) == 1'001);
        Rng rng{41};
        std::uint64_t newest = 0;
        for (int i = 0; i < draws; ++i) {
            const std::uint64_t key = keys.draw(rng, after(10_s));
            CHECK_UNARY(key >= 20);
            CHECK_UNARY(key <= 1'019);
            if (key == 1'019) ++newest;
        }
        // 1 / H(1000) = 0.1336, four standard errors of 48.
        CHECK(keys.probability(0) == Approx(0.13359));
        CHECK(std::abs(static_cast<double>(newest) - 0.13359 * draws) < 4.0 * 48.2);
    }

    TEST_CASE("sequential and recorded keys come in their order again and again") {
        CHECK(take(KeySource{SequentialKeys{3}}, 7) ==
              std::vector<std::uint64_t>{0, 1, 2, 0, 1, 2, 0});
        const KeySource trace{TraceKeys{{7, 7, 4}}};
        CHECK(take(trace, 5) == std::vector<std::uint64_t>{7, 7, 4, 7, 7});
        CHECK(trace.count() == 2);
        CHECK_FALSE(trace.probability(0).has_value());
    }

    TEST_CASE("copies of a source go on from the same point") {
        KeySource source{SequentialKeys{10}};
        Rng rng{1};
        CHECK(source.next(rng, Instant::origin()) == 0);
        KeySource copy = source;
        CHECK(source.next(rng, Instant::origin()) == 1);
        CHECK(copy.next(rng, Instant::origin()) == 1);
    }

    TEST_CASE("a permutation uses every place once") {
        for (const std::uint64_t count : {1U, 2U, 3U, 5U, 16U, 17U, 1000U}) {
            CAPTURE(count);
            std::set<std::uint64_t> places;
            for (std::uint64_t i = 0; i < count; ++i) places.insert(permuted(i, count, 99));
            CHECK(places.size() == count);
            CHECK(*places.rbegin() == count - 1);
        }
    }

    TEST_CASE("permutations put an index anywhere alike") {
        std::vector<std::uint64_t> observed(50);
        for (std::uint64_t key = 0; key < 5'000; ++key) ++observed[permuted(7, 50, key)];
        const std::vector<double> expected(50, 100.0);
        CHECK(chi_square(observed, expected) < chi_square_critical(49));
    }

    TEST_CASE("ranks rotate over the keys by the hour") {
        const Drift drift{Rate::per_second(100.0 / 3600.0)};
        CHECK(drift.key_of(0, 1'000, Instant::origin()) == 0);
        CHECK(drift.key_of(0, 1'000, after(Duration::minutes(30))) == 50);
        CHECK(drift.key_of(5, 1'000, after(Duration::hours(1))) == 105);
        CHECK(drift.key_of(999, 1'000, after(Duration::hours(1))) == 99);
        // Eleven hours are once round and a hundred.
        CHECK(drift.key_of(0, 1'000, after(Duration::hours(11))) == 100);
    }

    TEST_CASE("a drift moves the keys and keeps the law") {
        const KeySource still{ZipfKeys{100, 1.0}};
        const KeySource rotating{ZipfKeys{100, 1.0}, Drift{Rate::per_second(1.0)}};
        const KeySource dealt{ZipfKeys{100, 1.0}, Drift{Rate{}, 1_s}};
        const auto ranks = take(still, 200);
        CHECK(take(rotating, 200) == ranks);
        CHECK(take(dealt, 200) == ranks);
        const auto rotated = take(rotating, 200, after(30_s));
        const auto shuffled = take(dealt, 200, after(30_s));
        for (std::size_t i = 0; i < ranks.size(); ++i) {
            CHECK_UNARY(rotated[i] == (ranks[i] + 30) % 100);
            CHECK_UNARY(shuffled[i] == permuted(ranks[i], 100, 30));
        }
        CHECK(shuffled != ranks);
        CHECK(dealt.probability(0).value() == still.probability(0).value());
    }

    TEST_CASE("sources are equal when their parameters are") {
        CHECK(KeySource{ZipfKeys{10, 1.0}} == KeySource{ZipfKeys{10, 1.0}});
        CHECK(KeySource{ZipfKeys{10, 1.0}} != KeySource{ZipfKeys{10, 0.9}});
        CHECK(KeySource{ZipfKeys{10, 0.0}} != KeySource{UniformKeys{10}});
        CHECK(KeySource{UniformKeys{10}, Drift{Rate::per_second(1.0)}} !=
              KeySource{UniformKeys{10}});
        CHECK(KeySource{UniformKeys{10}}.may_drift());
        CHECK_FALSE(KeySource{SequentialKeys{10}}.may_drift());
        CHECK_FALSE(KeySource{LatestKeys{10, 1.0, Rate{}}}.may_drift());
    }
}
