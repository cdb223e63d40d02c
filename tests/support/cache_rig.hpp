// A cache before a small store of versions, with requests at set instants: for timelines that are
// worked out by hand, down to the version that each request is answered with.
#pragma once

#include "models/catalog.hpp"
#include "sim/metrics.hpp"
#include "sim/simulation.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::tests {

/// Keeps the newest version of each key. A read answers with the version at its begin, a write
/// takes effect at its end; both report what a store has to report.
class VersionStore final : public models::Component {
public:
    explicit VersionStore(const models::BuildContext& context);
    ~VersionStore() override;

    /// Writes at once, past every cache.
    void commit(std::uint64_t key, std::uint64_t version);
    [[nodiscard]] std::uint64_t version_of(std::uint64_t key) const;
    [[nodiscard]] std::uint32_t number() const { return context_.number; }

    sim::Duration read_time;
    sim::Duration write_time;
    bool is_failing = false;  ///< Whether it answers `failed`, at once.
    int reads = 0;
    int writes = 0;

private:
    class Front;
    models::BuildContext context_;
    std::map<std::uint64_t, std::uint64_t> versions_;
    std::unique_ptr<Front> front_;
};

/// A clock, a store called "store", and caches before it.
class CacheRig final : public models::Directory {
public:
    /// One request and what became of it.
    struct Call final : sim::Event, sim::Completion<models::Response> {
        Call(CacheRig& r, models::Node& n) : Event{&Call::send}, rig{r}, node{n} {}
        static void send(sim::Event& event);
        void completed(models::Response answer) override;
        void abandoned() override { is_abandoned = true; }
        CacheRig& rig;
        models::Node& node;
        models::Request request;
        models::Response response;
        double answered_ms = -1.0;
        bool is_abandoned = false;
    };

    CacheRig();
    ~CacheRig() override;

    /// Adds a cache; `members` are those of its object without kind and calls. The cache added last
    /// is the one that requests go to. Throws std::runtime_error with the problems if there are
    /// any.
    void add(const std::string& name, const std::string& members,
             const std::string& calls = "store");

    /// Has a request sent at this many milliseconds.
    Call& read(double at_ms, std::uint64_t key);
    Call& write(double at_ms, std::uint64_t key);
    /// A read of the operation "invalidate".
    Call& invalidate(double at_ms, std::uint64_t key);
    /// Has something done at this many milliseconds.
    void at(double at_ms, std::function<void()> action);
    /// Runs to the end of this millisecond and checks what must add up. Called once.
    void run(double until_ms);

    /// A number of the first instance's component, such as "cache/hit_ratio"; -1 if not measurable.
    [[nodiscard]] double operator[](std::string_view metric) const;
    [[nodiscard]] VersionStore& store() { return *store_; }
    [[nodiscard]] models::Node& cache() { return *caches_.back()->members().front(); }
    [[nodiscard]] models::Component* component(std::string_view name) const override;

private:
    struct Action;
    [[nodiscard]] models::BuildContext context(const std::string& name);
    Call& call(double at_ms, std::uint64_t key, models::Access access, std::string_view operation);

    sim::Simulation simulation_{1};
    sim::Metrics metrics_;
    models::Network network_;
    models::EdgeTable edges_{metrics_};
    models::OperationNames operations_;
    models::HistoryRecorder history_;
    models::Freshness freshness_;
    std::vector<std::string> regions_;
    models::TraceFiles traces_;
    std::uint32_t count_ = 0;
    std::unique_ptr<VersionStore> store_;
    std::vector<std::unique_ptr<models::Component>> caches_;
    std::deque<Call> calls_;
    std::deque<Action> actions_;
    std::map<std::string, double, std::less<>> measured_;
};

}  // namespace archsim::tests
