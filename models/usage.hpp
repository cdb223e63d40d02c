// What a component has used of the things that are paid for. Nodes and ports tell it while they
// work; a component without a price has none of it.
#pragma once

#include "models/request.hpp"
#include "sim/metrics.hpp"
#include "sim/simulation.hpp"
#include "sim/time_weighted.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace archsim::models {

/// The meters of one component: instances over time, requests received, bytes sent.
class Usage {
public:
    /// Both references outlive it. `regions` is how many the scenario has, or 0.
    Usage(sim::Simulation& simulation, sim::Metrics& metrics, std::size_t regions)
        : simulation_{simulation},
          instances_probe_{metrics.watch(instances_)},
          reads_{metrics.counter()},
          writes_{metrics.counter()} {
        do {
            sent_.push_back(&metrics.counter());
        } while (sent_.size() < regions);
    }
    Usage(const Usage&) = delete;
    Usage& operator=(const Usage&) = delete;

    /// So many instances came, or went if negative.
    void instances_changed(std::int64_t by) { instances_.change(simulation_.now(), by); }
    /// A request came in at an instance that is up.
    void received(Access access) { (access == Access::write ? writes_ : reads_).add(); }
    /// An instance in `region` has put a message with this payload on the network.
    void sent(std::uint32_t region, sim::Bytes size) {
        sent_[region]->add(static_cast<std::uint64_t>(size.count()));
    }

    [[nodiscard]] const sim::LevelProbe& instances() const { return instances_probe_; }
    [[nodiscard]] const sim::Counter& reads() const { return reads_; }
    [[nodiscard]] const sim::Counter& writes() const { return writes_; }
    /// Bytes sent from a region, by its number; 0 where the scenario has none.
    [[nodiscard]] const sim::Counter& sent_from(std::size_t region) const { return *sent_[region]; }
    [[nodiscard]] std::size_t regions() const { return sent_.size(); }

private:
    sim::Simulation& simulation_;
    sim::Level instances_;
    const sim::LevelProbe& instances_probe_;
    sim::Counter& reads_;
    sim::Counter& writes_;
    std::vector<sim::Counter*> sent_;
};

}  // namespace archsim::models
