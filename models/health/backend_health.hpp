// Health of backends as a balancer knows it: active probes, passive ejection, slow start. Each is
// off unless the scenario asks for it.
#pragma once

#include "models/network/network.hpp"
#include "models/spec.hpp"
#include "sim/rng.hpp"
#include "sim/simulation.hpp"
#include "sim/units.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>

namespace archsim::models {

/// Active probes, as HAProxy's `inter`, `fall` and `rise` (HAProxy 2.6 Configuration Manual).
struct HealthCheckConfig {
    sim::Duration interval = sim::Duration::seconds(2);
    sim::Duration timeout = sim::Duration::seconds(1);
    std::int64_t fall = 3;
    std::int64_t rise = 2;
    static const Spec<HealthCheckConfig>& spec();
};

/// Passive ejection after failures in a row, as Envoy's outlier detection (Envoy documentation,
/// "Outlier detection").
struct EjectionConfig {
    std::int64_t failures = 5;
    sim::Duration length = sim::Duration::seconds(30);
    sim::Duration max_length = sim::Duration::seconds(300);
    sim::Probability max_ejected{1.0};
    static const Spec<EjectionConfig>& spec();
};

/// A backend that comes back or is new gets little at first (Envoy documentation, "Slow start").
struct SlowStartConfig {
    sim::Duration window = sim::Duration::seconds(30);
    double aggression = 1.0;
    sim::Probability min_weight{0.1};
    static const Spec<SlowStartConfig>& spec();
};

/// What a balancer believes of one backend.
class BackendHealth {
public:
    /// All that backends of one balancer share. Outlives them.
    struct Shared {
        sim::Simulation& simulation;
        std::optional<HealthCheckConfig> check;
        std::optional<EjectionConfig> ejection;
        std::optional<SlowStartConfig> slow_start;
        sim::Rng rng;  ///< For the delays of probes.
        std::uint32_t tag = 0;
        std::function<void()> changed;  ///< Health or weight of some backend changed.
        std::size_t backends = 0;
        std::size_t ejected = 0;
        std::uint64_t ejections = 0;
        std::uint64_t turns = 0;  ///< How often a probe turned a backend up or down.
    };

    /// `fresh`: added while running, so that slow start applies.
    BackendHealth(Shared& shared, const Link& link, bool fresh);
    BackendHealth(const BackendHealth&) = delete;
    BackendHealth& operator=(const BackendHealth&) = delete;

    /// Begins probing, if probes are asked for. `phase` spreads the probes of several backends.
    void start(sim::Duration phase);
    /// A try has ended so.
    void observe(bool good);

    /// Healthy as far as the balancer knows.
    [[nodiscard]] bool healthy() const { return probed_up_ && !ejected_; }
    /// Factor of slow start, min_weight to 1.
    [[nodiscard]] double factor() const;

private:
    struct Timer : sim::Event {
        Timer(BackendHealth& h, Action action) : Event{action}, health{h} {}
        BackendHealth& health;
    };
    void probe();
    void probed();
    void eject();
    void readmit();
    void begin_slow_start();
    void slow_start_tick();

    Shared& shared_;
    const Link& link_;
    bool probed_up_ = true;
    bool ejected_ = false;
    bool probe_good_ = false;
    std::int64_t contrary_ = 0;  // probes in a row against the present belief
    std::int64_t failures_ = 0;  // tries in a row that failed
    std::int64_t ejections_ = 0;
    std::optional<sim::Instant> warming_since_;
    Timer next_probe_;
    Timer probe_result_;
    Timer readmission_;
    Timer warming_;
};

}  // namespace archsim::models
