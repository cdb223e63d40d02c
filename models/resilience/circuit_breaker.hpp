// A circuit breaker: after too many failures nothing is sent for a while, then a few probes decide.
#pragma once

#include "models/spec.hpp"
#include "sim/units.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace archsim::models {

/// When a breaker opens and how it closes again.
struct BreakerConfig {
    std::optional<std::int64_t> failures = std::nullopt;          ///< In a row.
    std::optional<sim::Probability> failure_rate = std::nullopt;  ///< Within `window`.
    sim::Duration window = sim::Duration::seconds(10);
    std::int64_t least_calls = 20;  ///< Fewer in the window say nothing.
    sim::Duration open_time;
    std::int64_t probes = 1;
    static const Spec<BreakerConfig>& spec();
};

/// Closed, it counts failures; open, it refuses; half open, after `open_time`, it lets `probes`
/// calls through: if all are good it closes, the first bad one opens it again. What calls come to
/// that were let through in an earlier state is not counted. (M. Nygard, "Release It!", 2007.)
/// The failure rate is taken over the present tenth of the window and the nine before it.
class CircuitBreaker {
public:
    enum class State : std::uint8_t { closed, open, half_open };
    /// Which spell of a state a call belongs to.
    using Spell = std::uint32_t;

    explicit CircuitBreaker(const BreakerConfig& config);

    /// Lets a call through, or returns nothing. Requires: now does not go back. O(1).
    [[nodiscard]] std::optional<Spell> ask(sim::Instant now);
    /// A call that ask() let through has ended, well or not, or nobody will know (nothing). Returns
    /// whether the breaker has opened because of it. O(1).
    bool ended(Spell spell, sim::Instant now, std::optional<bool> good);
    /// The state for a call at this instant.
    [[nodiscard]] State state(sim::Instant now) const;

private:
    struct Slice {
        std::int64_t number = -1;  // of the tenth of a window, from the start of the run
        std::int64_t calls = 0;
        std::int64_t failures = 0;
    };
    void open(sim::Instant now);
    void enter(State state);
    void count(sim::Instant now, bool good);
    [[nodiscard]] bool has_tripped(sim::Instant now) const;
    [[nodiscard]] std::int64_t slice_at(sim::Instant now) const;

    static constexpr std::int64_t slices = 10;
    BreakerConfig config_;
    State state_ = State::closed;
    Spell spell_ = 0;
    sim::Instant opens_up_;  // when an open breaker becomes half open
    std::int64_t in_a_row_ = 0;
    std::int64_t probing_ = 0;  // probes out
    std::int64_t good_ = 0;     // probes that went well
    std::array<Slice, slices> window_{};
};

}  // namespace archsim::models
