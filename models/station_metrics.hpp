// What every station measures, summed over the instances of its component.
#pragma once

#include "models/catalog.hpp"
#include "models/span_log.hpp"
#include "sim/metrics.hpp"
#include "sim/station.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace archsim::models {

/// Instances beyond this number have no metrics of their own, only their component has.
inline constexpr std::size_t instances_with_metrics = 32;

/// Publishes arrivals, utilisation, waiting, service and sojourn time, queue length and rejections
/// of a component, and `<instance>/utilisation` and `/arrivals` of its first instances.
class StationMetrics {
public:
    explicit StationMetrics(const BuildContext& context);
    StationMetrics(const StationMetrics&) = delete;
    StationMetrics& operator=(const StationMetrics&) = delete;

    /// The observer of one instance's station.
    class Probe final : public sim::StationObserver {
    public:
        explicit Probe(StationMetrics& all);
        void arrived() override {
            all_.arrivals_.add();
            own_arrivals_.add();
        }
        void rejected() override { all_.rejected_.add(); }
        void completed(sim::Duration waiting, sim::Duration service) override {
            all_.waiting_.record(waiting);
            all_.service_.record(service);
            all_.sojourn_.record(waiting + service);
            last_waiting_ = waiting;
            last_service_ = service;
        }
        void lost() override { all_.lost_.add(); }
        void dropped() override { all_.dropped_.add(); }

        /// Notes the work that the station of `at` has just done for `request` where spans are
        /// logged. To be called as soon as work() has returned true.
        void trace(const BuildContext& context, const Request& request, const Node& at) const {
            SpanLog* const spans = context.edges.spans();
            if (spans == nullptr) [[likely]]
                return;
            spans->worked(request, at, last_waiting_, last_service_, context.simulation.now());
        }

    private:
        friend class StationMetrics;
        StationMetrics& all_;
        sim::Counter& own_arrivals_;
        sim::Duration last_waiting_;
        sim::Duration last_service_;
    };

    /// Adds an instance's station; `name` is its address, `single` if it is the only one.
    void add(const std::string& name, sim::Station& station, const Probe& probe);
    /// What happened at the stations since the start of the run, all instances together.
    struct Reading {
        __int128_t busy = 0;         ///< Busy servers x nanoseconds.
        __int128_t capacity = 0;     ///< Servers x nanoseconds.
        std::uint64_t arrivals = 0;  ///< Work that came.
        std::uint64_t present = 0;   ///< Waiting or in service at this moment.
    };
    /// O(instances).
    [[nodiscard]] Reading read(sim::Instant now) const;
    /// Publishes `rejected/late`: the share of arrivals that were not begun because nobody waited
    /// for them any more.
    void publish_dropped(const BuildContext& context);
    /// Requests that a crash took from a queue or a server.
    [[nodiscard]] sim::Counter& lost() { return lost_; }

private:
    struct Instance {
        sim::LevelProbe* queue;
        sim::LevelProbe* busy;
        sim::LevelProbe* capacity;
        sim::LevelProbe* present;
        sim::Station* station;
    };
    void publish_totals(const BuildContext& context);

    sim::Metrics& metrics_;
    sim::Counter& arrivals_;
    sim::Counter& rejected_;
    sim::Counter& lost_;
    sim::Counter& dropped_;
    sim::Timing& waiting_;
    sim::Timing& service_;
    sim::Timing& sojourn_;
    std::vector<Instance> instances_;
};

}  // namespace archsim::models
