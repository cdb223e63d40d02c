// Everything measured about the consistency of one history, as plain data for reports.
#pragma once

#include "models/consistency/availability.hpp"
#include "models/consistency/convergence.hpp"
#include "models/consistency/distance.hpp"
#include "models/consistency/linearizability.hpp"
#include "models/consistency/losses.hpp"
#include "models/consistency/sessions.hpp"
#include "models/consistency/staleness.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::models {

/// What the history shows of the choice that a partition forces.
enum class CapClass : std::uint8_t {
    not_exercised,  ///< No partition, or no key used from two sides during one.
    cp,             ///< Linearizable throughout, and somebody went without answers.
    ap,             ///< Everybody was answered, and not linearizable.
    neither,        ///< Answers were missing and not linearizable.
};

/// The class as reports name it: "CP", "AP", "neither", "not exercised".
[[nodiscard]] constexpr std::string_view name_of(CapClass value) {
    constexpr std::string_view names[] = {"not exercised", "CP", "AP", "neither"};
    return names[static_cast<int>(value)];
}

/// The verdict with its reasons.
struct CapVerdict {
    CapClass cap = CapClass::not_exercised;
    std::string pacelc;  ///< Such as "PA/EL"; a branch that was not exercised is "P?" or "E?".
    std::vector<std::string> sentences;  ///< What it rests on, one sentence each.
};

/// How keys were used while a partition lasted.
struct Exposure {
    std::int64_t keys = 0;         ///< Used during a partition.
    std::int64_t shared_keys = 0;  ///< Of those, by two sides, at least one of them writing.
    /// Reads answered within one complete partition that returned what the other side wrote in it.
    std::int64_t crossings = 0;
};

/// How soon a client knew what a client elsewhere had written.
struct News {
    std::uint8_t from = 0;  ///< Operation::place of the writer.
    std::uint8_t to = 0;    ///< That of the reader, another one.
    /// The shortest time between the beginning of a write and an answer that returned it.
    sim::Duration soonest;
};

/// The result of a ConsistencyMonitor.
struct ConsistencyResult {
    LinearizabilityVerdict linearizability;
    /// Whether any key had been found not linearizable when the first partition began (or at all,
    /// in a history without partition), and how many reads had been answered until then.
    bool linearizable_before_partition = true;
    std::int64_t reads_before_partition = 0;
    bool has_positions = false;  ///< Versions were ordered by the store; else by real time alone,
                                 ///< and stale reads and session violations are lower bounds.
    DistanceResult distance;
    StalenessResult staleness;
    /// Stale reads by window.
    std::array<Share, window_count> stale_by_window{};
    /// Keys that are not linearizable although none of their reads was stale: the register was
    /// regular but not atomic there.
    std::int64_t inverted_keys = 0;
    std::int64_t writes_acknowledged = 0;
    std::int64_t operations_open = 0;  ///< Invoked and not ended, counted one by one.
    SessionResult sessions;
    LossResult losses;
    std::vector<HealResult> heals;
    std::vector<AvailabilityCell> availability;
    std::vector<Recovery> recoveries;
    Exposure exposure;
    std::vector<News> news;  ///< One for each pair of places between which there was any.
    CapVerdict verdict;
    /// Contradictions that only a defect of the program can produce; each is a sentence.
    std::vector<std::string> impossible;

    /// Inversions without staleness per acknowledged write.
    [[nodiscard]] Share inversions_per_write() const {
        return Share{inverted_keys, writes_acknowledged};
    }
};

}  // namespace archsim::models
