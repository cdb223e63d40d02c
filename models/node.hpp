// The participants of a simulated architecture. A Node is what can be called: one instance, with
// its own processes. A Component is what a scenario declares: it owns its nodes ("web" owns
// "web/0", "web/1").
#pragma once

#include "models/profile.hpp"
#include "models/reader.hpp"
#include "models/request.hpp"
#include "sim/metrics.hpp"
#include "sim/process_group.hpp"
#include "sim/simulation.hpp"
#include "sim/task.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::models {

class Component;
class Directory;
class HistoryRecorder;
class Usage;

/// The most instances that the component of a name has at one moment of a run.
using MostInstances = std::function<std::uint64_t(std::string_view name)>;

/// What a load source has done since the start of a run.
struct LoadCounts {
    std::uint64_t offered = 0;
    std::uint64_t good = 0;  ///< Answered ok.
};

/// A stretch of time with more load than before and after it.
struct LoadPeak {
    sim::Instant from;
    sim::Instant to;
};

/// Why a component cannot run as it is configured, and the parameter that is to blame.
struct Refusal {
    std::string key;
    Problem problem;
};

/// One instance that serves requests. Crashing it destroys its processes; callers whose request
/// was in one of them get `unreachable`.
class Node {
public:
    /// `owner` outlives the node; `name` is its address, such as "web/2".
    Node(Component& owner, std::string name);
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;
    virtual ~Node() = default;

    /// Answers one request, taking simulated time. Many run interleaved.
    virtual sim::Task<Response> serve(Request request) = 0;
    /// Slows down or speeds up whatever does work here; 1 is normal, 0 stands still.
    virtual void set_speed(double) {}
    /// Whether it writes to a disk; then set_disk_speed() acts on it: 1 is normal, 0 stands still.
    [[nodiscard]] virtual bool has_disk() const { return false; }
    virtual void set_disk_speed(double) {}
    /// Whether it orders or times events by a clock of its own; then set_clock_offset() sets that
    /// ahead of the true time (back, if negative).
    [[nodiscard]] virtual bool uses_clock() const { return false; }
    virtual void set_clock_offset(sim::Duration) {}
    /// Requests present per server, as a balancer may be told. O(1).
    [[nodiscard]] virtual double load() const { return 0.0; }

    /// Starts serving `request` as a process of this node; `completion` hears the answer.
    /// Requires is_up().
    void accept(const Request& request, sim::Completion<Response>& completion) {
        processes_.start(serve(request), &completion);
    }
    /// How fast it works while it is not paused, as faults say: 1 is normal.
    void set_pace(double pace);
    /// Stands still until `end` (never() for good), with everything that it has: requests and
    /// answers that reach it wait until then. Ends with resume().
    void pause(sim::Instant end);
    void resume();
    /// Until when it stands still; in the past if it does not.
    [[nodiscard]] sim::Instant paused_until() const { return paused_until_; }
    /// Stops answering and loses every request that is here. Returns how many there were.
    std::size_t crash();
    /// One crash is over; after the last of them it answers again, with empty queues.
    void restart();
    /// Takes the node out for good; it serves what it has but is not picked any more.
    void retire() {
        retired_ = true;
        on_retire();
    }

    [[nodiscard]] bool is_up() const { return crashes_ == 0; }
    [[nodiscard]] bool is_retired() const { return retired_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] Component& owner() const { return owner_; }
    [[nodiscard]] std::uint32_t region() const { return region_; }
    void set_region(std::uint32_t region) { region_ = region; }
    /// Whether it stands beside its callers, in the same process or box: the network between has no
    /// delay, unless the edge sets one.
    [[nodiscard]] bool is_beside_callers() const { return beside_callers_; }
    /// Whether `address` names this node or the component it belongs to.
    [[nodiscard]] bool answers_to(std::string_view address) const;

protected:
    /// Called by crash() after the processes are gone and by restart(), when that changes is_up().
    virtual void on_crash() {}
    virtual void on_restart() {}
    /// Called by retire(), when it counts as retired.
    virtual void on_retire() {}
    void stand_beside_callers() { beside_callers_ = true; }
    [[nodiscard]] sim::ProcessGroup& processes() { return processes_; }

private:
    Component& owner_;
    std::string name_;
    std::uint32_t region_ = 0;
    double pace_ = 1.0;
    sim::Instant paused_until_;
    int crashes_ = 0;  // that are not over
    bool retired_ = false;
    bool beside_callers_ = false;
    sim::ProcessGroup processes_;
};

/// Which member of a component takes a call, where the component decides that itself: a database
/// sends writes to its primary.
class PickingRule {
public:
    PickingRule() = default;
    PickingRule(const PickingRule&) = delete;
    PickingRule& operator=(const PickingRule&) = delete;
    virtual ~PickingRule() = default;
    /// Index of the member for this try; nothing if none can take it: the call is rejected.
    [[nodiscard]] virtual std::optional<std::size_t> pick(const Request& request) = 0;
};

/// What one entry of a scenario's "nodes" becomes. Built first, then connected, then started.
class Component {
public:
    Component(std::string name, std::string_view kind) : name_{std::move(name)}, kind_{kind} {}
    Component(const Component&) = delete;
    Component& operator=(const Component&) = delete;
    virtual ~Component() = default;

    /// Finds those it calls. Called once, when every component of the scenario exists.
    virtual void connect(Directory&) {}
    /// Called once, when every component is connected.
    virtual void connected() {}
    /// Begins its own activity at time zero (load sources, health checks).
    virtual void start() {}
    /// Checks what must hold at the end of a run; a violation stops the process.
    virtual void check_end() {}

    /// Its members for a caller in `region`, the first that is up to be called; nothing, as for
    /// most kinds, if all are to be called in turn.
    [[nodiscard]] virtual std::vector<Node*> nearest(std::uint32_t) { return {}; }
    /// Whether it stores data: its answers carry versions and name it as their store.
    [[nodiscard]] virtual bool holds_data() const { return false; }
    /// Whether its requests name pieces of data, so that a history of them can be judged.
    [[nodiscard]] virtual bool names_keys() const { return false; }
    /// Whether it promises that no single failure loses an acknowledged write.
    [[nodiscard]] virtual bool promises_no_loss() const { return false; }
    /// At the end of a run: tells `history` with settled() what each key holds and returns true if
    /// nothing is on its way any more that could still change it; else tells nothing. O(keys).
    [[nodiscard]] virtual bool report_settled(HistoryRecorder&) { return false; }

    /// Requests sent and answered ok since the start of the run; none for what is no load source.
    [[nodiscard]] virtual LoadCounts load_counts() const { return {}; }
    /// Of a load source: the requests answered ok; nullptr for what is none.
    [[nodiscard]] virtual const sim::Counter* answered_ok() const { return nullptr; }
    /// The bytes that it keeps, where it measures them.
    [[nodiscard]] virtual const sim::LevelProbe* stored_bytes() const { return nullptr; }
    /// When it sends more than usual, as far as that is set beforehand.
    [[nodiscard]] virtual std::optional<LoadPeak> load_peak() const { return std::nullopt; }
    /// Requests that it issues by itself.
    [[nodiscard]] virtual std::vector<Traffic> traffic() const { return {}; }
    /// What it does for one request of an operation; that nothing is known, unless a kind says
    /// more.
    [[nodiscard]] virtual Profile profile(std::uint32_t) const {
        Profile unknown;
        unknown.is_timed = unknown.is_all_work = false;
        return unknown;
    }

    /// What it could not do with so many instances of those it calls; nothing if all is well. Asked
    /// before a run, so that no table or queue outgrows its bounds during it.
    [[nodiscard]] virtual std::optional<Refusal> refusal(const MostInstances&) const {
        return std::nullopt;
    }

    /// Adds one instance while running and returns it; nullptr if this kind has none to add.
    virtual Node* add_instance() { return nullptr; }
    /// Retires the instance that was added last and is still there; nullptr if there is no other.
    virtual Node* remove_instance() { return nullptr; }

    /// The rule for calls from `caller` over an edge to this component; nullptr: its members take
    /// them in turn. The rule may be used until either component goes. Called while connecting.
    [[nodiscard]] virtual std::unique_ptr<PickingRule> picking_rule(const Node&) { return nullptr; }

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::string_view kind() const { return kind_; }
    /// BuildContext::number, by which others name it as a store of data; 0 outside a scenario.
    [[nodiscard]] std::uint32_t number() const { return number_; }
    void set_number(std::uint32_t number) { number_ = number; }
    /// Nodes that nobody calls over an edge but that can fail, such as a failure detector.
    [[nodiscard]] const std::vector<Node*>& helpers() const { return helpers_; }
    /// Instances in the order in which they were added, retired ones included: indices never shift.
    [[nodiscard]] const std::vector<Node*>& members() const { return members_; }
    /// Rises whenever a member is added or retired.
    [[nodiscard]] std::uint64_t membership() const { return membership_; }
    /// Retires `node`, one of its members.
    void retire(Node& node);

    /// Tells `usage` from now on what it uses. Called once, when it has its first members; the
    /// meters outlive it.
    void meter(Usage& usage);
    /// Its meters; nullptr if it is not billed.
    [[nodiscard]] Usage* usage() const { return usage_; }

protected:
    /// Makes `node`, owned by the derived class, a member.
    void add_member(Node& node);
    /// Makes `node`, owned by the derived class, a helper.
    void add_helper(Node& node) { helpers_.push_back(&node); }

private:
    std::string name_;
    std::string_view kind_;
    std::uint32_t number_ = 0;
    std::vector<Node*> members_;
    std::vector<Node*> helpers_;
    std::uint64_t membership_ = 0;
    Usage* usage_ = nullptr;
};

/// Finds components and nodes by their address.
class Directory {
public:
    virtual ~Directory() = default;
    /// The component called `name`, or nullptr.
    [[nodiscard]] virtual Component* component(std::string_view name) const = 0;
    /// Every component, in the order of their numbers.
    [[nodiscard]] virtual std::vector<Component*> all_components() const { return {}; }
    /// The nodes that `address` names: all members of a component, or one member or helper.
    [[nodiscard]] std::vector<Node*> nodes(std::string_view address) const;
};

}  // namespace archsim::models
