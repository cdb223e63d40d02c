// The WARS model against recomputed values of the published production delays: 2 x 10^7 trials of
// an independent program; the published t-visibility itself is biased low and no oracle.
#include "models/theory/pbs.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <vector>

namespace archsim::models::theory {
namespace {

using sim::Distribution;
using sim::Duration;

Duration ms(double value) { return Duration::from_seconds(value * 1e-3); }

// Fits of Bailis et al., 2012: a Pareto body and an exponential tail.
Distribution fitted(double share, double minimum, double alpha, double tail_rate) {
    std::vector<Distribution> parts{Distribution{sim::Pareto{ms(minimum), alpha}},
                                    Distribution::exponential(ms(1.0 / tail_rate))};
    return Distribution{sim::Mixture{parts, {share, 1.0 - share}}};
}

Distribution ssd() { return fitted(0.9122, 0.235, 10.0, 1.66); }
Distribution disk_write() { return fitted(0.38, 1.05, 1.51, 0.183); }

WarsDelays linkedin_ssd() { return {ssd(), ssd(), ssd(), ssd(), {}}; }
WarsDelays linkedin_disk() { return {disk_write(), ssd(), ssd(), ssd(), {}}; }
WarsDelays yammer() {
    const Distribution other = fitted(0.982, 1.5, 3.8, 0.0217);
    return {fitted(0.939, 3.0, 3.5, 0.0028), other, other, other, {}};
}
WarsDelays wide_area() {
    WarsDelays delays = linkedin_disk();
    delays.remote = ms(75.0);
    return delays;
}
WarsDelays exponential(double write_rate) {
    const Distribution unit = Distribution::exponential(ms(1.0));
    return {Distribution::exponential(ms(1.0 / write_rate)), unit, unit, unit, {}};
}

// ARCHSIM_PBS_TRIALS sets a larger number for a run on request.
std::size_t trials() {
    const char* wanted = std::getenv("ARCHSIM_PBS_TRIALS");
    return wanted == nullptr ? 8'000 : static_cast<std::size_t>(std::atoll(wanted));
}

constexpr double z = 4.0;

// The oracles are given in hundredths of a percent and were sampled too.
void check_fresh(const PbsCurve& curve, double after_ms, double expected) {
    const double error =
        std::sqrt(expected * (1.0 - expected) / static_cast<double>(curve.trials()));
    INFO("expected " << expected);
    CHECK(std::abs(curve.fresh(ms(after_ms)) - expected) < z * error + 1e-4);
}

// `digits` is half a unit of the oracle's last digit, in ms.
void check_in(const sim::Interval& seconds, double expected_ms, double digits) {
    INFO("expected " << expected_ms << " ms in " << seconds.low * 1e3 << ".."
                     << seconds.high * 1e3);
    CHECK(seconds.low * 1e3 <= expected_ms + digits);
    CHECK(seconds.high * 1e3 >= expected_ms - digits);
}

TEST_SUITE("probabilistically bounded staleness") {
    TEST_CASE("reads right after the acknowledgement are as fresh as recomputed") {
        check_fresh(pbs({3, 1, 1}, linkedin_ssd(), trials(), 1), 0.0, 0.9736);
        const PbsCurve disk = pbs({3, 1, 1}, linkedin_disk(), trials(), 2);
        check_fresh(disk, 0.0, 0.4367);
        check_fresh(disk, 10.0, 0.9262);
        check_fresh(pbs({2, 1, 1}, linkedin_disk(), trials(), 3), 0.0, 0.5759);
        check_fresh(pbs({10, 1, 1}, linkedin_disk(), trials(), 4), 0.0, 0.2105);
    }

    TEST_CASE("faster writes are visible sooner, at the recomputed rate") {
        struct Case {
            double rate;
            double fresh;
            double until_ms;
            double digits;
        };
        for (const Case& c : {Case{4.0, 0.9429, 1.009, 5e-4}, Case{2.0, 0.8665, 2.443, 5e-4},
                              Case{1.0, 0.7517, 5.508, 5e-4}, Case{0.5, 0.6247, 11.84, 5e-3},
                              Case{0.2, 0.4869, 31.16, 5e-3}, Case{0.1, 0.4195, 63.5, 5e-2}}) {
            const PbsCurve curve = pbs({3, 1, 1}, exponential(c.rate), trials(), 5);
            check_fresh(curve, 0.0, c.fresh);
            check_in(curve.seconds_until_fresh_interval(0.999, z), c.until_ms, c.digits);
        }
    }

    TEST_CASE("the time until 99.9 % are fresh is the recomputed one") {
        struct Case {
            Quorum quorum;
            WarsDelays delays;
            double until_ms;
            double digits;
        };
        for (const Case& c : {Case{{3, 1, 1}, linkedin_ssd(), 1.97, 5e-3},
                              Case{{3, 1, 2}, linkedin_ssd(), 1.86, 5e-3},
                              Case{{3, 1, 1}, linkedin_disk(), 51.7, 5e-2},
                              Case{{3, 1, 2}, linkedin_disk(), 47.7, 5e-2},
                              Case{{3, 2, 1}, linkedin_disk(), 14.1, 5e-2}}) {
            const PbsCurve curve = pbs(c.quorum, c.delays, trials(), 6);
            check_in(curve.seconds_until_fresh_interval(0.999, z), c.until_ms, c.digits);
        }
    }

    TEST_CASE("latencies at the 99.9th percentile are the recomputed ones") {
        const PbsCurve fast = pbs({3, 2, 1}, linkedin_ssd(), trials(), 7);
        check_in(fast.write_latency_interval(0.999, z), 0.655, 5e-4);
        check_in(fast.read_latency_interval(0.999, z), 1.633, 5e-4);
        const double disk_writes[] = {10.94, 20.92, 112.0};
        const double yammer_writes[] = {10.76, 433.3, 1863.0};
        const double wide_reads[] = {3.43, 151.3, 153.8};
        const double wide_writes[] = {54.8, 167.6, 242.6};
        for (int i = 0; i < 3; ++i) {
            const Quorum quorum{3, i + 1, i + 1};
            const PbsCurve disk = pbs(quorum, linkedin_disk(), trials(), 8);
            check_in(disk.write_latency_interval(0.999, z), disk_writes[i], 5e-2);
            const PbsCurve slow = pbs(quorum, yammer(), trials(), 9);
            check_in(slow.write_latency_interval(0.999, z), yammer_writes[i], 0.5);
            const PbsCurve wide = pbs(quorum, wide_area(), trials(), 10);
            check_in(wide.read_latency_interval(0.999, z), wide_reads[i], 5e-2);
            check_in(wide.write_latency_interval(0.999, z), wide_writes[i], 5e-2);
        }
    }

    TEST_CASE("overlapping quorums are fresh at once") {
        for (const Quorum quorum : {Quorum{3, 2, 2}, Quorum{3, 3, 1}, Quorum{5, 3, 3}}) {
            const PbsCurve curve = pbs(quorum, linkedin_disk(), 2000, 11);
            CHECK(curve.fresh(Duration{}) == 1.0);
            CHECK(curve.seconds_until_fresh(0.999) == 0.0);
        }
        CHECK(pbs({3, 2, 1}, linkedin_disk(), 2000, 11).fresh(Duration{}) < 1.0);
    }

    TEST_CASE("constant delays make a curve with one step that can be worked out") {
        // Acknowledged at 1 + 1 ms by one of two replicas; the other applies at 1 + 30 ms and is
        // read at 2 ms after sending, so a read from it is fresh from 31 - 2 - 2 = 27 ms on.
        const WarsDelays delays{Distribution::constant(ms(1.0)), Distribution::constant(ms(1.0)),
                                Distribution::constant(ms(2.0)), Distribution::constant(ms(1.0)),
                                Duration{}};
        const PbsCurve same = pbs({2, 1, 1}, delays, 10, 12);
        CHECK(same.fresh(Duration{}) == 1.0);
        CHECK(std::abs(same.read_latency(0.5) - 3e-3) < 1e-12);
        CHECK(std::abs(same.write_latency(0.5) - 2e-3) < 1e-12);
        WarsDelays far = delays;
        far.remote = ms(30.0);
        // The read goes to the replica that was far from the writer in half of the trials.
        const PbsCurve curve = pbs({2, 1, 1}, far, 4000, 13);
        CHECK(std::abs(curve.fresh(ms(26.99)) - 0.5) < 4.0 * 0.5 / std::sqrt(4000.0));
        CHECK(curve.fresh(ms(27.01)) == 1.0);
    }

    TEST_CASE("versions behind follow the chance that a read quorum misses a write quorum") {
        CHECK(std::abs(fresh_within_versions({3, 1, 1}, 1) - 1.0 / 3.0) < 1e-12);
        CHECK(std::abs(fresh_within_versions({3, 1, 1}, 3) - 0.7037) < 5e-5);
        CHECK(std::abs(fresh_within_versions({3, 1, 1}, 10) - 0.9827) < 5e-5);
        CHECK(std::abs(fresh_within_versions({3, 2, 1}, 5) - 0.9959) < 5e-5);
        CHECK(std::abs(fresh_within_versions({3, 1, 2}, 2) - 0.8889) < 5e-5);
        CHECK(fresh_within_versions({3, 2, 2}, 1) == 1.0);
    }
}

}  // namespace
}  // namespace archsim::models::theory
