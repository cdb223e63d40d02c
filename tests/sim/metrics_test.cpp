// What is measured: windows add up to the measured time, the warm-up is forgotten, and a number
// that cannot be measured is absent.
#include "sim/metrics.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace archsim::sim;
using namespace archsim::sim::literals;

namespace {

constexpr Instant at(Duration since_start) { return Instant::at(since_start); }

MetricValue metric(Metrics& metrics, std::string_view name) {
    for (MetricValue& value : metrics.collect())
        if (value.name == name) return value;
    FAIL("no metric " << std::string{name});
    return {};
}

using Windows = std::vector<std::optional<double>>;

}  // namespace

TEST_SUITE("sim/metrics") {
    TEST_CASE("a rate is events over time, for each window and for all of them") {
        Metrics metrics;
        Counter& done = metrics.counter();
        metrics.publish_rate("web/throughput", done);
        done.add(10);
        metrics.close_window(at(2_s));
        done.add();
        metrics.close_window(at(4_s));
        const MetricValue rate = metric(metrics, "web/throughput");
        CHECK(rate.unit == "1/s");
        CHECK(rate.value == 11.0 / 4.0);
        CHECK(rate.windows == Windows{5.0, 0.5});
    }

    TEST_CASE("the end of the warm-up forgets every probe") {
        Metrics metrics;
        Level queue;
        Counter& done = metrics.counter();
        Timing& latency = metrics.timing();
        LevelProbe& length = metrics.watch(queue);
        metrics.publish_count("done", done);
        metrics.publish_rate("rate", done);
        metrics.publish_timing("latency", latency);
        metrics.publish_level("queue", length);
        done.add(1'000);
        latency.record(9_s);
        queue.set(at(0_s), 50);
        metrics.close_window(at(5_s));
        queue.set(at(5_s), 4);
        metrics.forget(at(10_s));

        done.add(6);
        latency.record(2_ms);
        metrics.close_window(at(12_s));
        CHECK(metric(metrics, "done").value == 6.0);
        CHECK(metric(metrics, "done").windows.size() == 1);
        CHECK(metric(metrics, "rate").value == 3.0);
        CHECK(metric(metrics, "latency/max").value == 0.002);
        CHECK(metric(metrics, "queue/mean").value == 4.0);
        CHECK(metric(metrics, "queue/max").value == 4.0);
        CHECK(done.ever() == 1'006);
    }

    TEST_CASE("a ratio is absent while its whole is zero") {
        Metrics metrics;
        Counter& hits = metrics.counter();
        Counter& misses = metrics.counter();
        metrics.publish_ratio("cache/hit_ratio", hits, {&hits, &misses});
        metrics.close_window(at(1_s));
        CHECK_FALSE(metric(metrics, "cache/hit_ratio").value.has_value());
        hits.add(3);
        misses.add(1);
        metrics.close_window(at(2_s));
        misses.add(4);
        metrics.close_window(at(3_s));
        const MetricValue ratio = metric(metrics, "cache/hit_ratio");
        CHECK(ratio.unit == "ratio");
        // Of all requests, not the mean of the windows.
        CHECK(ratio.value == 3.0 / 8.0);
        CHECK(ratio.windows == Windows{std::nullopt, 0.75, 0.0});
    }

    TEST_CASE("a timing without values has no statistics") {
        Metrics metrics;
        Timing& latency = metrics.timing();
        metrics.publish_timing("latency", latency);
        metrics.close_window(at(1_s));
        for (const MetricValue& value : metrics.collect()) {
            CHECK(value.unit == "s");
            CHECK_FALSE(value.value.has_value());
        }
        const std::vector<std::pair<std::string, std::string>> units = metrics.units();
        REQUIRE(units.size() == 7);
        CHECK(units.front() == std::pair<std::string, std::string>{"latency/mean", "s"});
        CHECK(units.back() == std::pair<std::string, std::string>{"latency/max", "s"});
    }

    TEST_CASE("a timing over all windows has the quantiles of all values") {
        Metrics metrics;
        Timing& latency = metrics.timing();
        metrics.publish_timing("latency", latency);
        for (int i = 1; i <= 50; ++i) latency.record(Duration::milliseconds(i));
        metrics.close_window(at(1_s));
        for (int i = 51; i <= 100; ++i) latency.record(Duration::milliseconds(i));
        metrics.close_window(at(2_s));
        const double error = Histogram::worst_relative_error;
        CHECK(metric(metrics, "latency/mean").value == doctest::Approx(0.0505));
        CHECK(*metric(metrics, "latency/p50").value == doctest::Approx(0.050).epsilon(error));
        CHECK(*metric(metrics, "latency/p90").value == doctest::Approx(0.090).epsilon(error));
        CHECK(metric(metrics, "latency/max").windows == Windows{0.05, 0.1});
    }

    TEST_CASE("a level is averaged over time, not over changes") {
        Metrics metrics;
        Level queue;
        LevelProbe& probe = metrics.watch(queue);
        metrics.publish_level("queue", probe);
        queue.set(at(1_s), 8);  // For one second of four.
        queue.set(at(2_s), 0);
        metrics.close_window(at(4_s));
        queue.set(at(4_s), 2);
        metrics.close_window(at(8_s));
        CHECK(metric(metrics, "queue/mean").windows == Windows{2.0, 2.0});
        CHECK(metric(metrics, "queue/mean").value == 2.0);
        CHECK(metric(metrics, "queue/max").windows == Windows{8.0, 2.0});
        CHECK(metric(metrics, "queue/max").value == 8.0);
        CHECK(probe.integral_seconds(Span::measured, at(8_s)) == 16.0);
    }

    TEST_CASE("no time gives no rate and no mean level") {
        Metrics metrics;
        Level queue;
        Counter& done = metrics.counter();
        metrics.publish_rate("rate", done);
        metrics.publish_level("queue", metrics.watch(queue));
        done.add(5);
        metrics.close_window(at(0_s));
        CHECK_FALSE(metric(metrics, "rate").value.has_value());
        CHECK_FALSE(metric(metrics, "queue/mean").value.has_value());
    }

    TEST_CASE("a formula sees the stretch that it is asked for") {
        Metrics metrics;
        std::vector<double> lengths;
        metrics.derive("length", "s", [&lengths](const Stretch& stretch) -> std::optional<double> {
            lengths.push_back(stretch.seconds());
            return stretch.seconds();
        });
        metrics.forget(at(1_s));
        metrics.close_window(at(3_s));
        metrics.close_window(at(8_s));
        CHECK(metric(metrics, "length").value == 7.0);
        CHECK(lengths == std::vector<double>{2.0, 5.0, 7.0});
    }

    TEST_CASE("a number that is not finite is absent") {
        Metrics metrics;
        metrics.derive("nothing", "s", [](const Stretch&) -> std::optional<double> {
            return std::numeric_limits<double>::quiet_NaN();
        });
        metrics.derive("endless", "s", [](const Stretch&) -> std::optional<double> {
            return std::numeric_limits<double>::infinity();
        });
        metrics.close_window(at(1_s));
        CHECK_FALSE(metric(metrics, "nothing").value.has_value());
        CHECK_FALSE(metric(metrics, "endless").value.has_value());
    }

    TEST_CASE("what is published is known by its name") {
        Metrics metrics;
        metrics.publish_count("done", metrics.counter());
        CHECK(metrics.has("done"));
        CHECK_FALSE(metrics.has("do"));
    }
}
