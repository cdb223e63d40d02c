// Real load sources and real faults around a small store whose replica lags by a set time, watched
// as a run would watch it: for what history, sides and the CAP verdict come to from end to end.
#pragma once

#include "models/catalog.hpp"
#include "models/fault/fault.hpp"
#include "scenarios/history.hpp"
#include "sim/metrics.hpp"
#include "sim/simulation.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace archsim::tests {

/// Takes writes at once and shows them to its readers `lag` later; its only node never works.
class LaggingStore final : public models::Component {
public:
    LaggingStore(const models::BuildContext& context, sim::Duration lag);
    ~LaggingStore() override;
    [[nodiscard]] bool holds_data() const override { return true; }
    [[nodiscard]] bool report_settled(models::HistoryRecorder& history) override;

private:
    class Front;
    /// A write and when it was taken.
    struct Entry {
        models::Version version = 0;
        sim::Instant at;
    };
    void write(std::uint64_t key, models::Version version);
    [[nodiscard]] models::Version read(std::uint64_t key) const;

    models::BuildContext context_;
    sim::Duration lag_;
    std::map<std::uint64_t, std::vector<Entry>> logs_;
    std::unique_ptr<Front> front_;
};

/// Sources that call the store "db", and faults, as JSON objects without "calls".
class StoreRig final : public models::Directory {
public:
    StoreRig(std::uint64_t seed, sim::Duration lag);
    ~StoreRig() override;

    /// Adds an `open_loop` source; `edge` are further members of the edge to the store.
    void add_source(const std::string& name, const std::string& members,
                    const std::string& edge = "");
    void add_fault(const std::string& object);
    /// Runs and judges. Called once.
    void run(sim::Duration length);

    [[nodiscard]] const models::ConsistencyResult& result() const { return history_->result(); }
    /// A metric of the run that has a value.
    [[nodiscard]] double operator[](std::string_view metric) const;
    [[nodiscard]] models::HistoryRecorder& recorder() { return recorder_; }
    [[nodiscard]] models::Component* component(std::string_view name) const override;

private:
    [[nodiscard]] models::BuildContext context(const std::string& name);

    std::uint64_t seed_;
    sim::Simulation simulation_;
    sim::Metrics metrics_;
    models::Network network_;
    models::EdgeTable edges_{metrics_};
    models::OperationNames operations_;
    models::HistoryRecorder recorder_;
    models::Freshness freshness_;
    std::vector<std::string> regions_;
    models::TraceFiles traces_;
    std::uint32_t count_ = 0;
    std::vector<std::unique_ptr<models::Component>> components_;
    std::vector<std::unique_ptr<models::Fault>> faults_;
    std::unique_ptr<scenarios::StoreHistory> history_;
    std::map<std::string, double, std::less<>> measured_;
};

}  // namespace archsim::tests
