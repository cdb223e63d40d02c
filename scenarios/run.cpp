// Replications: each is a world of its own, so threads share nothing but the scenario.
#include "scenarios/run.hpp"

#include "scenarios/system_metrics.hpp"
#include "scenarios/world.hpp"
#include "sim/check.hpp"
#include "sim/mser.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace archsim::scenarios {

namespace {

sim::Limits limits_of(const RunOptions& options) { return {.events = options.max_events}; }

/// Adds what came since the last call to what the watcher sees.
class Watched {
public:
    Watched(World& world, RunProgress* progress) : world_{world}, progress_{progress} {}
    void tell() {
        if (progress_ == nullptr) return;
        const std::int64_t now = world_.simulation().now().since_start().count();
        const std::uint64_t events = world_.simulation().events();
        progress_->simulated_ns += now - std::exchange(told_ns_, now);
        progress_->events += events - std::exchange(told_events_, events);
    }

private:
    World& world_;
    RunProgress* progress_;
    std::int64_t told_ns_ = 0;
    std::uint64_t told_events_ = 0;
};

/// Runs to `until` and tells whether to go on.
bool advance(World& world, sim::Instant until, Replication& result) {
    RecoveryWatch* const watch = world.recovery_watch();
    while (watch != nullptr && watch->next() <= until) {
        result.end = world.simulation().run_until(watch->next());
        if (result.end != sim::RunEnd::deadline) return false;
        watch->sample(world.load_counts());
    }
    result.end = world.simulation().run_until(until);
    return result.end == sim::RunEnd::deadline;
}

/// What all random faults did, in the order of time.
std::vector<models::FaultEvent> campaign_of(const World& world) {
    std::vector<models::FaultEvent> events;
    for (const auto& fault : world.faults()) {
        const std::vector<models::FaultEvent> log = fault->log();
        events.insert(events.end(), log.begin(), log.end());
    }
    std::ranges::stable_sort(events, {}, &models::FaultEvent::at);
    return events;
}

}  // namespace

sim::Duration warm_up_of(const Scenario& scenario, const RunOptions& options,
                         std::vector<std::string>& warnings) {
    if (!scenario.warm_up.automatic) return scenario.warm_up.length;
    sim::MserCollector collector;
    World pilot{scenario, 0, limits_of(options), options.interrupt, &collector};
    const sim::CheckScope scope{pilot.simulation(), options.replay};
    pilot.start();
    pilot.simulation().run_until(sim::Instant::at(scenario.duration));
    if (const auto cut = collector.truncation(); cut) return cut->start.since_start();
    warnings.push_back(
        "warm_up \"auto\": the run is too short to see where its start-up ends; half of it is cut");
    return scenario.duration / 2;
}

bool has_metric(const Scenario& scenario, std::string_view name) {
    World world{scenario, 0};
    if (name == "system/bottleneck") {
        return std::ranges::any_of(world.metric_units(), [](const auto& metric) {
            return !station_of(metric.first).empty();
        });
    }
    if (std::ranges::find(system_metrics, name, &SystemMetric::name) != system_metrics.end()) {
        return true;
    }
    return world.metrics().has(name);
}

bool is_of_instance(std::string_view metric) {
    const std::size_t slash = metric.find('/');
    return slash != std::string_view::npos && slash + 1 < metric.size() &&
           metric[slash + 1] >= '0' && metric[slash + 1] <= '9';
}

bool watches_store(const Scenario& scenario) {
    const World world{scenario, 0};
    return world.watches_store();
}

Replication run_replication(const Scenario& scenario, std::int64_t index, sim::Duration warm_up,
                            const RunOptions& options) {
    Replication result;
    World world{scenario, index, limits_of(options), options.interrupt};
    const sim::CheckScope scope{world.simulation(), options.replay};
    StoreHistory* const history = world.store_history();
    if (history != nullptr && options.history != nullptr && index == 0) {
        world.history().add(*options.history);
    }
    world.start();
    Watched watched{world, options.progress};
    bool going = true;
    if (warm_up > sim::Duration{}) {  // else what happens at the very start counts
        going = advance(world, sim::Instant::at(warm_up), result);
        world.metrics().forget(world.simulation().now());
        watched.tell();
    }
    const sim::Duration measured = scenario.duration - warm_up;
    for (int window = 1; going && window <= windows_per_run; ++window) {
        // Multiply first: the last window then ends at the very end.
        const auto share = static_cast<__int128_t>(measured.count()) * window / windows_per_run;
        const auto end = warm_up + sim::Duration::nanoseconds(static_cast<std::int64_t>(share));
        going = advance(world, sim::Instant::at(end), result);
        world.metrics().close_window(world.simulation().now());
        watched.tell();
    }
    world.check_end();
    if (history != nullptr) history->finish(&world.network());
    RecoveryWatch* const watch = world.recovery_watch();
    if (watch != nullptr) watch->finish(sim::Instant::at(warm_up));
    result.metrics = world.metrics().collect();
    add_system_availability(result.metrics);
    add_system_bottleneck(result.metrics);
    if (watch != nullptr) {
        watch->explain(result.metrics);
        result.aftermaths = watch->aftermaths();
    }
    if (history != nullptr) {
        history->explain(result.metrics);
        result.cap = observed(history->store(), history->result());
    }
    if (index == 0) result.campaign = campaign_of(world);
    result.events = world.simulation().events();
    result.fingerprint = world.simulation().fingerprint();
    result.simulated = world.simulation().now().since_start();
    return result;
}

std::vector<Replication> run_replications(const Scenario& scenario, std::int64_t first,
                                          std::int64_t count, sim::Duration warm_up,
                                          const RunOptions& options) {
    std::vector<Replication> results(static_cast<std::size_t>(count));
    std::atomic<std::int64_t> next{0};
    const auto work = [&] {
        for (std::int64_t i = next++; i < count; i = next++) {
            results[static_cast<std::size_t>(i)] =
                run_replication(scenario, first + i, warm_up, options);
        }
    };
    const auto jobs = std::clamp<std::int64_t>(options.jobs, 1, std::max<std::int64_t>(count, 1));
    std::vector<std::jthread> threads;
    for (std::int64_t i = 1; i < jobs; ++i) threads.emplace_back(work);
    work();
    threads.clear();  // joins
    return results;
}

}  // namespace archsim::scenarios
