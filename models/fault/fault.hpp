// Faults and changes at set times. A fault is a component of the scenario like any other, except
// that it acts on nodes and network instead of serving requests. The one table is in faults.cpp.
#pragma once

#include "models/kind.hpp"
#include "models/network/network.hpp"
#include "models/node.hpp"
#include "models/spec.hpp"
#include "sim/simulation.hpp"
#include "sim/units.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::models {

/// All that a fault may reach.
struct FaultContext {
    sim::Simulation& simulation;
    Network& network;
    const Directory& directory;
};

/// The parameters of every fault.
struct FaultConfig {
    sim::Duration at;
    std::optional<sim::Duration> length = std::nullopt;
};

/// Instances that come (or, below 0, go) at one node.
struct MembershipChange {
    std::string_view node;
    std::int64_t instances = 0;
};

/// Something that begins at a set time and may end after a while.
class Fault {
public:
    Fault(const FaultConfig& config, const FaultContext& context);
    Fault(const Fault&) = delete;
    Fault& operator=(const Fault&) = delete;
    virtual ~Fault() = default;

    /// Schedules begin and end. Called once, after all components are connected.
    void start();
    [[nodiscard]] sim::Instant begins() const { return sim::Instant::at(at_); }
    /// Nothing if it lasts to the end of the run.
    [[nodiscard]] std::optional<sim::Instant> ends() const;

    /// What becomes of messages while it lasts; nothing if it leaves the network alone.
    [[nodiscard]] virtual std::optional<Impairment> impairment() const { return std::nullopt; }
    /// Which instances it adds or takes away; nothing if it leaves them alone.
    [[nodiscard]] virtual std::optional<MembershipChange> membership_change() const {
        return std::nullopt;
    }

protected:
    virtual void begin() = 0;
    virtual void end() {}
    [[nodiscard]] const FaultContext& context() const { return context_; }

private:
    struct Timer : sim::Event {
        Timer(Fault& f, Action action) : Event{action, 0xfa}, fault{f} {}
        Fault& fault;
    };
    FaultContext context_;
    sim::Duration at_;
    std::optional<sim::Duration> length_;
    Timer begin_;
    Timer end_;
};

/// A kind of fault.
using FaultKind = Kind<Fault, const FaultContext&>;

/// Every kind of fault.
[[nodiscard]] std::span<const FaultKind* const> fault_kinds();

/// Declares `at` and, for what can end, `for` on the Spec of a fault's own configuration.
template <class Config>
[[nodiscard]] auto with_begin(Spec<Config>&& spec) {
    return std::move(spec).required("at", &Config::at,
                                    "When it begins, from the start of the run.");
}
template <class Config>
[[nodiscard]] auto with_begin_and_end(Spec<Config>&& spec) {
    return with_begin(std::move(spec))
        .optional("for", &Config::length, "How long it lasts; without it, to the end of the run.")
        .more_than(sim::Duration{});
}

}  // namespace archsim::models
