// Faults and changes at set times. A fault is a component of the scenario like any other, except
// that it acts on nodes and network instead of serving requests. The one table is in faults.cpp.
#pragma once

#include "models/history_recorder.hpp"
#include "models/kind.hpp"
#include "models/network/network.hpp"
#include "models/node.hpp"
#include "models/spec.hpp"
#include "sim/rng.hpp"
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
    HistoryRecorder& history;                ///< Told of faults.
    std::uint64_t seed;                      ///< Of the replication.
    std::uint32_t number;                    ///< Of the fault in the scenario, from 0.
    std::span<const std::string> regions{};  ///< Names, by the number that nodes have.

    /// The random stream of this fault for one purpose.
    [[nodiscard]] sim::Rng rng(std::string_view purpose) const {
        return sim::Rng::named(seed, "fault/" + std::to_string(number), purpose);
    }
};

/// The parameters of every fault.
struct FaultConfig {
    sim::Duration at;
    std::optional<sim::Duration> length = std::nullopt;
    std::optional<sim::Duration> every = std::nullopt;
    std::optional<std::int64_t> times = std::nullopt;
};

/// Instances that come (or, below 0, go) at one node.
struct MembershipChange {
    std::string_view node;
    std::int64_t instances = 0;
};

/// The share of time for which a node is up in the long run.
struct Uptime {
    const Node* node = nullptr;
    double share = 1.0;
};

/// Something that a random fault did.
struct FaultEvent {
    sim::Instant at;
    std::string what;  ///< Such as "crash".
    std::string node;  ///< Address of what it struck.
    sim::Duration length;
};

/// Something that begins at a set time and may end after a while, once or again and again.
class Fault {
public:
    Fault(const FaultConfig& config, const FaultContext& context);
    Fault(const Fault&) = delete;
    Fault& operator=(const Fault&) = delete;
    virtual ~Fault() = default;

    /// Schedules begin and end. Called once, after all components are connected.
    virtual void start();
    [[nodiscard]] sim::Instant begins() const { return sim::Instant::at(timing_.at); }
    /// When it is in force, as far as that is set beforehand: begins and, where there is one, end;
    /// at most `most` of its repetitions before `until`.
    struct Window {
        sim::Instant from;
        std::optional<sim::Instant> to;
    };
    [[nodiscard]] std::vector<Window> windows(sim::Instant until, std::size_t most) const;
    /// What it did beyond what its parameters say, one line each; empty for most kinds.
    [[nodiscard]] virtual std::vector<FaultEvent> log() const { return {}; }
    /// Why it cannot strike what it names, as a sentence; empty if it can.
    [[nodiscard]] virtual std::string problem() const { return {}; }

    /// What becomes of messages while it lasts; nothing if it leaves the network alone.
    [[nodiscard]] virtual std::vector<Impairment> impairments() const { return {}; }
    /// Which instances it adds or takes away; nothing if it leaves them alone.
    [[nodiscard]] virtual std::optional<MembershipChange> membership_change() const {
        return std::nullopt;
    }

    /// What it leaves of the time of each node that it strikes, the nodes being independent of one
    /// another, if that is all it does, from the start to the end of the run; else nothing.
    [[nodiscard]] virtual std::optional<std::vector<Uptime>> uptimes() const {
        return std::nullopt;
    }

    /// What is wrong with a fault in the scenario that it is part of.
    struct Misfit {
        std::string_view key;  ///< The parameter at fault.
        std::string message;
        std::string hint;
    };
    /// Asked once all components are connected; nothing if the fault can do what it says.
    [[nodiscard]] virtual std::optional<Misfit> misfit() const { return std::nullopt; }

protected:
    virtual void begin() = 0;
    virtual void end() {}
    /// What a history should say of it: a record for each component that it strikes, with kind and
    /// node; the rest is filled in.
    [[nodiscard]] virtual std::vector<FaultRecord> records() const { return {}; }
    [[nodiscard]] const FaultContext& context() const { return context_; }
    /// Tells the history of the begin of something, and returns what tell_end() wants.
    [[nodiscard]] FaultRecord tell_begin(FaultRecord record) const;
    void tell_end(FaultRecord record) const;

private:
    struct Timer : sim::Event {
        Timer(Fault& f, Action action) : Event{action, 0xfa}, fault{f} {}
        Fault& fault;
    };
    void begin_now();
    void end_now();
    FaultContext context_;
    FaultConfig timing_;
    std::int64_t begun_ = 0;
    std::vector<FaultRecord> open_;  // told of their begin, not yet of their end
    Timer begin_;
    Timer end_;
};

/// A kind of fault.
using FaultKind = Kind<Fault, const FaultContext&>;

/// Every kind of fault.
[[nodiscard]] std::span<const FaultKind* const> fault_kinds();

/// Complains about times of a repeated fault that do not fit together.
void check_repeat(const FaultConfig& config, const Place& place);
/// Complains about a fault that begins again and never ends.
void check_ending(const FaultConfig& config, const Place& place);

/// Declares `at`, `every` and `times` and, for what can end, `for` on the Spec of a fault's own
/// configuration.
template <class Config>
[[nodiscard]] auto with_begin(Spec<Config>&& spec) {
    return std::move(spec)
        .required("at", &Config::at, "When it begins, from the start of the run.")
        .optional("every", &Config::every, "Begins again after this time, again and again.")
        .more_than(sim::Duration{})
        .optional("times", &Config::times,
                  "How often it begins in all; without it, to the end of the run.")
        .at_least(1)
        .check([](const Config& config, const Place& place) { check_repeat(config, place); });
}
template <class Config>
[[nodiscard]] auto with_begin_and_end(Spec<Config>&& spec) {
    return with_begin(std::move(spec))
        .optional("for", &Config::length, "How long it lasts; without it, to the end of the run.")
        .more_than(sim::Duration{})
        .check([](const Config& config, const Place& place) { check_ending(config, place); });
}

/// One record of this kind for each component that has one of `nodes`.
[[nodiscard]] std::vector<FaultRecord> records_of(FaultType kind, const std::vector<Node*>& nodes);

/// The names that references give, in their order.
[[nodiscard]] std::vector<std::string> names_of(const std::vector<Reference>& references);

}  // namespace archsim::models
