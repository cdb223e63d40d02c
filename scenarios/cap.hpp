// The chapter "cap" of a result: which of consistency and availability a store gave up, with the
// numbers that say so, summed over all replications.
#pragma once

#include "models/consistency/result.hpp"
#include "scenarios/result.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace archsim::scenarios {

/// Operations of one side, kind and window of one replication.
struct CapCell {
    std::uint8_t side = 0;
    models::Access kind = models::Access::read;
    models::Window window = models::Window::before;
    std::int64_t ended = 0;
    std::int64_t ok = 0;
    std::int64_t in_time = 0;     ///< Ok within the deadline.
    std::int64_t responded = 0;   ///< Ok or an error, but not silence.
    std::optional<double> p50{};  ///< Latency in seconds of those that were ok.
    std::optional<double> p99{};
};

/// What one replication contributes: counts instead of histograms, so that thousands fit.
struct CapObservation {
    std::string store;
    models::CapVerdict verdict;
    std::int64_t keys = 0;
    std::int64_t violating_keys = 0;
    std::int64_t reads = 0;
    std::array<std::int64_t, models::violation_count> keys_by_violation{};
    std::optional<sim::Duration> delta;
    std::vector<CapCell> cells;
    std::array<models::Share, models::window_count> stale{};
    std::optional<double> age_p50;  ///< Of stale reads, in seconds.
    std::optional<double> age_p99;
    std::optional<double> age_max;
    std::array<std::optional<sim::Duration>, 4> visibility{};  ///< 50, 90, 99 and 99.9 % fresh.
    std::vector<models::HealResult> heals;
    models::LossResult losses;
    std::vector<models::Recovery> recoveries;
    models::Exposure exposure;
    models::Witness
        witness;  ///< Of the first violation found; without operations if there is none.
};

/// The observation of a replication whose history had this result.
[[nodiscard]] CapObservation observed(const std::string& store,
                                      const models::ConsistencyResult& result);

/// The chapter for these replications, in order; the first one's witness stands for all.
/// Requires: one or more.
[[nodiscard]] Section cap_section(std::span<const CapObservation* const> observations);

}  // namespace archsim::scenarios
