// The history of a run: which store is watched, and what is found of its consistency, as metrics
// "consistency/..." and as the chapter "cap" of the result.
#pragma once

#include "models/catalog.hpp"
#include "models/consistency/result.hpp"
#include "models/history_recorder.hpp"
#include "models/network/network.hpp"
#include "models/spec.hpp"
#include "sim/metrics.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace archsim::scenarios {

/// How the history of a run is judged.
struct HistoryConfig {
    std::optional<models::Reference> store = std::nullopt;
    std::optional<sim::Duration> deadline = std::nullopt;
    bool sessions = false;
    static const models::Spec<HistoryConfig>& spec();
};

/// The entry "history" of a scenario: false, or a configuration, or absent.
struct HistoryChoice {
    bool is_off = false;
    std::optional<HistoryConfig> config = std::nullopt;
    models::Spot spot{};
};

/// Watches one store during one run.
class StoreHistory {
public:
    /// Publishes the metrics and listens to `recorder` from now on. All arguments outlive it.
    StoreHistory(const HistoryConfig& config, models::Component& store,
                 models::HistoryRecorder& recorder, sim::Metrics& metrics);
    StoreHistory(const StoreHistory&) = delete;
    StoreHistory& operator=(const StoreHistory&) = delete;
    ~StoreHistory();

    /// Judges what was seen, and stops the process if it is impossible. Called once, at the end of
    /// the run and before the metrics are collected. `network` is what the messages of the run went
    /// over; without one nothing is too soon.
    void finish(const models::Network* network = nullptr);
    /// Says of each metric of its own that has no value why that is so. Requires: finished.
    void explain(std::vector<sim::MetricValue>& metrics) const;

    [[nodiscard]] const std::string& store() const { return store_.name(); }
    /// Requires: finished.
    [[nodiscard]] const models::ConsistencyResult& result() const { return *result_; }

private:
    struct Judge;
    models::Component& store_;
    models::HistoryRecorder& recorder_;
    bool watches_sessions_;
    std::unique_ptr<Judge> judge_;
    std::optional<models::ConsistencyResult> result_;
};

/// The store that a scenario wants watched: the one that it names; else the only one that a source
/// with keys reaches. Nullptr if there is none or more than one, or if the scenario wants none.
[[nodiscard]] models::Component* watched_store(
    const HistoryChoice& choice, const std::vector<models::Component*>& components,
    const std::vector<std::pair<std::string, std::string>>& edges);

}  // namespace archsim::scenarios

namespace archsim::models {

template <>
struct Codec<scenarios::HistoryChoice> {
    static std::optional<scenarios::HistoryChoice> read(const Value&, Reader&);
    static Value write(const scenarios::HistoryChoice&);
    static Value schema(SchemaBuilder&);
    static std::string type();
};

}  // namespace archsim::models
