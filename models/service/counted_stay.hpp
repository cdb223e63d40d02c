// How long a request is at a service, as a scope of the frame that serves it.
#pragma once

#include "models/service/door.hpp"
#include "sim/time_weighted.hpp"
#include "sim/simulation.hpp"
#include "sim/units.hpp"

#include <optional>

namespace archsim::models {

/// Counts a request as in flight for as long as its frame lives.
class CountedStay {
public:
    CountedStay(sim::Level& level, sim::Simulation& simulation)
        : level_{level}, simulation_{simulation} {
        level_.change(simulation_.now(), 1);
    }
    CountedStay(const CountedStay&) = delete;
    CountedStay& operator=(const CountedStay&) = delete;
    ~CountedStay() { level_.change(simulation_.now(), -1); }

private:
    sim::Level& level_;
    sim::Simulation& simulation_;
};

/// The stay of a request that a door let in; its frame may die before it is answered.
class DoorStay {
public:
    DoorStay(ServiceDoor& door, sim::Simulation& simulation)
        : door_{door}, simulation_{simulation}, since_{simulation.now()} {}
    DoorStay(const DoorStay&) = delete;
    DoorStay& operator=(const DoorStay&) = delete;
    ~DoorStay() { door_.leave(simulation_.now() - since_, good); }
    std::optional<bool> good;  ///< Nothing if it was lost.

private:
    ServiceDoor& door_;
    sim::Simulation& simulation_;
    sim::Instant since_;
};

}  // namespace archsim::models
