// The engine's parts alone: the pending-event set under the hold model (each event that fires is
// scheduled anew, so the size stays), random draws, and histogram records.
#include "sim/distribution.hpp"
#include "sim/event_queue.hpp"
#include "sim/histogram.hpp"
#include "sim/rng.hpp"
#include "tests/bench/measure.hpp"
#include "tests/bench/speed_bench.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <queue>
#include <string_view>
#include <utility>
#include <vector>

namespace archsim::bench {

namespace {

/// Exponential delays, drawn beforehand so that drawing is not measured.
class Delays {
public:
    explicit Delays(std::uint64_t seed) {
        sim::Rng rng{seed};
        const sim::Exponential law{sim::Duration::from_seconds(1e-3)};
        for (sim::Duration& delay : delays_) {
            delay = sim::Duration::nanoseconds(1) +
                    sim::Duration::from_seconds(law.sample_seconds(rng));
        }
    }
    sim::Duration next() { return delays_[at_++ % delays_.size()]; }

private:
    std::array<sim::Duration, 16'384> delays_{};
    std::size_t at_ = 0;
};

/// Seconds of a stretch of holds and the instant reached.
struct Holds {
    double seconds = 0.0;
    std::int64_t reached = 0;
    bool in_order = true;
};

/// An event that schedules itself again when it fires.
struct Again : sim::Event {
    Again(sim::EventQueue& q, Delays& d) : sim::Event{&again}, queue{q}, delays{d} {}
    static void again(sim::Event& event) {
        auto& self = static_cast<Again&>(event);
        self.queue.schedule(self, self.queue.now() + self.delays.next());
    }
    sim::EventQueue& queue;
    Delays& delays;
};

Holds hold_engine(std::size_t size, std::uint64_t holds) {
    Delays delays{7};
    sim::EventQueue queue;
    std::deque<Again> events;
    for (std::size_t i = 0; i < size; ++i) {
        queue.schedule(events.emplace_back(queue, delays), queue.now() + delays.next());
    }
    const auto deadline = sim::Instant::at(sim::Duration::from_seconds(1e9));
    Holds result;
    sim::Instant last;
    const auto observe = [&](sim::Instant now, const sim::Event&) {
        result.in_order = result.in_order && now >= last;
        last = now;
    };
    const auto run = [&](std::uint64_t count) {
        for (std::uint64_t i = 0; i < count; ++i) queue.fire_next(deadline, observe);
    };
    run(size);  // past the start, where all events are new
    const double start = user_seconds();
    run(holds);
    result.seconds = user_seconds() - start;
    result.reached = last.count();
    return result;
}

Holds hold_bare(std::size_t size, std::uint64_t holds) {
    using Entry = std::pair<std::int64_t, std::uint64_t>;  // time, order
    Delays delays{7};
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
    std::uint64_t order = 0;
    for (std::size_t i = 0; i < size; ++i) queue.emplace(delays.next().count(), order++);
    Holds result;
    const auto run = [&](std::uint64_t count) {
        for (std::uint64_t i = 0; i < count; ++i) {
            const std::int64_t now = queue.top().first;
            queue.pop();
            result.in_order = result.in_order && now >= result.reached;
            result.reached = now;
            queue.emplace(now + delays.next().count(), order++);
        }
    };
    run(size);
    const double start = user_seconds();
    run(holds);
    result.seconds = user_seconds() - start;
    return result;
}

/// Times `count` draws and compares their mean with the law's.
bool measure_law(std::string_view name, const sim::Distribution& law, std::uint64_t count) {
    sim::Rng rng = sim::Rng::named(1, "bench", name);
    double sum = 0.0;
    const double start = user_seconds();
    for (std::uint64_t i = 0; i < count; ++i) sum += law.sample(rng).in_seconds();
    const double seconds = user_seconds() - start;
    const double mean = sum / static_cast<double>(count);
    const double error =
        law.mean_seconds() * std::sqrt(law.scv() / static_cast<double>(count)) + 1e-9;
    const bool agrees = std::abs(mean - law.mean_seconds()) < 4.0 * error;
    fmt::print("  {:<18} {:>6.1f} ns a draw, mean {:.4f} ms {}\n", name,
               seconds / static_cast<double>(count) * 1e9, mean * 1e3, agrees ? "" : "WRONG");
    return agrees;
}

void measure_engine(std::uint64_t count) {
    sim::Rng rng{1};
    std::uint64_t mixed = 0;
    const double start = user_seconds();
    for (std::uint64_t i = 0; i < count; ++i) mixed ^= rng();
    const double seconds = user_seconds() - start;
    fmt::print("  {:<18} {:>6.1f} ns a draw, checksum {:016x}\n", "64 random bits",
               seconds / static_cast<double>(count) * 1e9, mixed);
}

bool measure_records(std::uint64_t count) {
    const sim::Distribution law = sim::Distribution::exponential(sim::Duration::from_seconds(0.01));
    sim::Rng rng{3};
    std::vector<sim::Duration> values;
    for (int i = 0; i < 65'536; ++i) values.push_back(law.sample(rng));
    sim::Histogram histogram;
    std::int64_t sum = 0;
    const double start = user_seconds();
    for (std::uint64_t i = 0; i < count; ++i) histogram.record(values[i % values.size()]);
    const double between = user_seconds();
    for (std::uint64_t i = 0; i < count; ++i) sum += values[i % values.size()].count();
    const double mean = static_cast<double>(sum) / static_cast<double>(count) * 1e-9;
    const bool agrees =
        histogram.count() == count && std::abs(histogram.mean_seconds() / mean - 1.0) < 1e-9;
    fmt::print("  {:<18} {:>6.1f} ns a record, mean {:.4f} ms {}\n", "histogram",
               (between - start) / static_cast<double>(count) * 1e9, histogram.mean_seconds() * 1e3,
               agrees ? "" : "WRONG");
    return agrees;
}

}  // namespace

bool run_pending_bench(bool smoke) {
    fmt::print("pending: hold model, ns per hold (pop and push), std::priority_queue beside it\n");
    bool agrees = true;
    for (std::size_t size = 10; size <= (smoke ? 1'000u : 1'000'000u); size *= 10) {
        const std::uint64_t holds = smoke ? 20'000 : 3'000'000;
        const Holds bare = hold_bare(size, holds);
        const Holds engine = hold_engine(size, holds);
        // The same delays in the same order of events: both reach the same instant.
        const bool same = engine.in_order && bare.in_order && engine.reached == bare.reached;
        const double scale = 1e9 / static_cast<double>(holds);
        fmt::print(
            "  {:>8} entries: {:>6.1f} ns, std::priority_queue {:>6.1f} ns, ratio {:.2f}, "
            "checksum {} {}\n",
            size, engine.seconds * scale, bare.seconds * scale,
            engine.seconds / std::max(bare.seconds, 1e-9), engine.reached, same ? "" : "WRONG");
        agrees = agrees && same;
    }
    return agrees;
}

bool run_draws_bench(bool smoke) {
    const std::uint64_t count = smoke ? 20'000 : 20'000'000;
    const auto mean = sim::Duration::from_seconds(0.01);
    fmt::print("draws: {} of each, as a rounded time\n", count);
    measure_engine(count);
    bool agrees = measure_law("constant", sim::Distribution::constant(mean), count);
    agrees =
        measure_law("uniform", sim::Distribution{sim::Uniform{sim::Duration{}, mean}}, count) &&
        agrees;
    agrees = measure_law("exponential", sim::Distribution::exponential(mean), count) && agrees;
    agrees = measure_law("weibull", sim::Distribution{sim::Weibull{mean, 2.0}}, count) && agrees;
    agrees = measure_law("lognormal",
                         sim::Distribution{sim::Lognormal{sim::Lognormal::MeanAndCv{mean, 1.0}}},
                         count) &&
             agrees;
    return measure_records(count) && agrees;
}

}  // namespace archsim::bench
