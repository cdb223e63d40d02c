// The table of consistency metrics, and which store they are about.
#include "scenarios/history.hpp"

#include "models/consistency/batched_history.hpp"
#include "models/consistency/monitor.hpp"
#include "scenarios/topology_delays.hpp"
#include "sim/check.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace archsim::scenarios {

namespace {

using models::ConsistencyResult;
using Value = std::optional<double>;

Value seconds(const std::optional<sim::Duration>& duration) {
    if (!duration) return std::nullopt;
    return duration->in_seconds();
}

/// Age of what a read returned, below which a share `q` of all reads lies; a fresh read has age 0.
Value staleness(const ConsistencyResult& result, double q) {
    const std::optional<double> stale = result.staleness.stale.value();
    if (!stale) return std::nullopt;
    const double fresh = 1.0 - *stale;
    if (q <= fresh) return 0.0;
    // With q of 1 the quotient may come out a hair above 1.
    return result.staleness.age.quantile(std::min((q - fresh) / *stale, 1.0)).in_seconds();
}

Value mean_staleness(const ConsistencyResult& result) {
    const std::optional<double> stale = result.staleness.stale.value();
    if (!stale) return std::nullopt;
    return *stale * result.staleness.age.mean_seconds();
}

Value mean_versions_missed(const ConsistencyResult& result) {
    const std::int64_t reads = result.staleness.stale.total;
    if (reads == 0) return std::nullopt;
    return static_cast<double>(result.staleness.newer_versions_sum) / static_cast<double>(reads);
}

/// Nothing without known final states: then nobody can tell what is lost.
Value lost_writes(const ConsistencyResult& result) {
    if (result.losses.acknowledged == 0) return std::nullopt;
    return static_cast<double>(result.losses.lost);
}

Value discarded_writes(const ConsistencyResult& result) {
    if (result.losses.acknowledged == 0 || !result.losses.discarded) return std::nullopt;
    return static_cast<double>(*result.losses.discarded);
}

Value violating_keys(const ConsistencyResult& result) {
    const auto& verdict = result.linearizability;
    return models::Share{verdict.violating_keys, verdict.keys}.value();
}

Value linearizable(const ConsistencyResult& result) {
    if (result.linearizability.keys == 0) return std::nullopt;
    return result.linearizability.linearizable() ? 1.0 : 0.0;
}

Value convergence_time(const ConsistencyResult& result) {
    if (result.heals.empty()) return std::nullopt;
    std::optional<sim::Duration> longest = sim::Duration{};
    for (const models::HealResult& heal : result.heals) {
        if (!heal.convergence) return std::nullopt;
        longest = std::max(longest, heal.convergence);
    }
    return seconds(longest);
}

Value recovery_time(const ConsistencyResult& result) {
    std::optional<sim::Duration> longest;
    for (const models::Recovery& recovery : result.recoveries) {
        if (!recovery.time) return std::nullopt;
        longest = std::max(longest, recovery.time);
    }
    return seconds(longest);
}

/// What the metrics of all measures begin with.
constexpr std::string_view prefix = "consistency/";

/// One metric: how it is read off a result, and why it may be absent.
struct Measure {
    std::string_view name;
    std::string_view unit;
    std::string_view doc;
    Value (*value)(const ConsistencyResult&);
    std::string_view why_absent;
};

constexpr std::string_view no_operation = "no operation on the store was recorded";
constexpr std::string_view no_read = "no read of the store was answered";
constexpr std::string_view no_pair = "no session came back to a key that it had used";
constexpr std::string_view no_positions =
    "the store does not order its versions, or no session came back to a key";
constexpr std::string_view not_watched =
    "session guarantees are watched where the scenario asks for it: \"history\": {\"sessions\": "
    "true}";
constexpr std::string_view not_at_rest =
    "not at rest: the store does not say what its keys hold at the end, so nobody can tell what "
    "is lost";

constexpr Measure measures[] = {
    {"consistency/linearizable", "ratio",
     "1 if every key is linearizable, else 0; over replications the share that is.", linearizable,
     no_operation},
    {"consistency/violating_keys", "ratio",
     "Keys that are not linearizable, of those that were used.", violating_keys, no_operation},
    {"consistency/delta", "s",
     "How much earlier every read would have to begin for the history to be linearizable.",
     [](const ConsistencyResult& r) {
         return r.linearizability.keys == 0 ? Value{} : seconds(r.distance.delta);
     },
     "infinite: a value was read before it was written, or never was written (or there was no "
     "operation)"},
    {"consistency/stale_reads", "ratio",
     "Reads that returned a version older than one acknowledged before they began.",
     [](const ConsistencyResult& r) { return r.staleness.stale.value(); }, no_read},
    {"consistency/staleness/mean", "s",
     "Time since a newer version was acknowledged when a read began, over all reads.",
     mean_staleness, no_read},
    {"consistency/staleness/p50", "s", "Median of it.",
     [](const ConsistencyResult& r) { return staleness(r, 0.5); }, no_read},
    {"consistency/staleness/p99", "s", "99th percentile of it.",
     [](const ConsistencyResult& r) { return staleness(r, 0.99); }, no_read},
    {"consistency/staleness/p99.9", "s", "99.9th percentile of it.",
     [](const ConsistencyResult& r) { return staleness(r, 0.999); }, no_read},
    {"consistency/staleness/max", "s", "The most outdated read.",
     [](const ConsistencyResult& r) { return staleness(r, 1.0); }, no_read},
    {"consistency/k_staleness/mean", "count",
     "Newer acknowledged versions that a read missed, on average.", mean_versions_missed, no_read},
    {"consistency/k_staleness/1", "ratio",
     "Reads that missed at most 1 newer acknowledged version.",
     [](const ConsistencyResult& r) { return r.staleness.within(1).value(); }, no_read},
    {"consistency/k_staleness/2", "ratio", "Reads that missed at most 2.",
     [](const ConsistencyResult& r) { return r.staleness.within(2).value(); }, no_read},
    {"consistency/k_staleness/3", "ratio", "Reads that missed at most 3.",
     [](const ConsistencyResult& r) { return r.staleness.within(3).value(); }, no_read},
    {"consistency/t_visibility/p99", "s",
     "Time after a write from which on 99 % of the reads are fresh.",
     [](const ConsistencyResult& r) {
         return seconds(models::time_until_fresh(r.staleness.visibility, 0.99));
     },
     "at no time after a write were so many reads fresh"},
    {"consistency/t_visibility/p99.9", "s",
     "Time after a write from which on 99.9 % of the reads are fresh.",
     [](const ConsistencyResult& r) {
         return seconds(models::time_until_fresh(r.staleness.visibility, 0.999));
     },
     "at no time after a write were so many reads fresh"},
    {"consistency/read_your_writes_violations", "ratio",
     "Reads older than what their session had written, of those that followed a write.",
     [](const ConsistencyResult& r) { return r.sessions.read_your_writes.value(); }, no_pair},
    {"consistency/monotonic_read_violations", "ratio",
     "Reads older than what their session had read, of those that followed a read.",
     [](const ConsistencyResult& r) { return r.sessions.monotonic_reads.value(); }, no_pair},
    {"consistency/monotonic_write_violations", "ratio",
     "Writes ordered before an earlier write of their session.",
     [](const ConsistencyResult& r) {
         return r.sessions.monotonic_writes ? r.sessions.monotonic_writes->value() : Value{};
     },
     no_positions},
    {"consistency/writes_follow_reads_violations", "ratio",
     "Writes ordered before what their session had read.",
     [](const ConsistencyResult& r) {
         return r.sessions.writes_follow_reads ? r.sessions.writes_follow_reads->value() : Value{};
     },
     no_positions},
    {"consistency/lost_writes", "count",
     "Acknowledged writes that the final state neither has nor knowingly overwrote.", lost_writes,
     not_at_rest},
    {"consistency/discarded_writes", "count",
     "Acknowledged writes outside what the final state grew from.", discarded_writes, not_at_rest},
    {"consistency/conflicts", "count", "Versions that replaced an already replaced one.",
     [](const ConsistencyResult& r) -> Value { return static_cast<double>(r.losses.conflicts); },
     ""},
    {"consistency/recovery_point", "s",
     "From the acknowledgement of the oldest lost write to the crash: the RPO.",
     [](const ConsistencyResult& r) { return seconds(r.losses.recovery_point); },
     "no write was lost, or none of the store's nodes crashed"},
    {"consistency/recovery_time", "s",
     "From the last answer before a fault to the first after: the RTO, the worst of all.",
     recovery_time, "nothing failed, or somebody got no answer any more after a fault"},
    {"consistency/convergence_time", "s", "From a heal until all replicas agree.", convergence_time,
     "no partition healed, or the replicas were not at rest: they still differed at the end"},
};

}  // namespace

const models::Spec<HistoryConfig>& HistoryConfig::spec() {
    static const auto declared = [] {
        models::Spec<HistoryConfig> made =
            models::Spec<HistoryConfig>{"consistency",
                                        "How the operations on a store are recorded and judged."}
                .alias("history")
                .optional("store", &HistoryConfig::store,
                          "The node whose data is watched; without it, the only one that holds "
                          "data and that a load source with keys reaches.")
                .optional("deadline", &HistoryConfig::deadline,
                          "Later answers count as not in time in the availability table.")
                .more_than(sim::Duration{})
                .optional(
                    "sessions", &HistoryConfig::sessions,
                    "Watch session guarantees as well, which takes time and 53 to 107 bytes for "
                    "each pair of session and key.")
                .assume(
                    "Consistency is judged over the whole run, warm-up included: a history that is "
                    "cut has no verdict.")
                .assume(
                    "Staleness counts over all reads that returned a value; a fresh one has age "
                    "0.");
        for (const Measure& measure : measures) {
            static_cast<void>(std::move(made).metric(measure.name.substr(prefix.size()),
                                                     measure.unit, measure.doc));
        }
        return made;
    }();
    return declared;
}

/// Here and not in the header, which half the program includes.
struct StoreHistory::Judge {
    models::ConsistencyMonitor monitor;
    models::BatchedHistory events;

    Judge(const models::MonitorOptions& options, const models::HistoryRecorder& recorder)
        : monitor{options}, events{monitor, recorder} {}
};

StoreHistory::~StoreHistory() = default;

StoreHistory::StoreHistory(const HistoryConfig& config, models::Component& store,
                           models::HistoryRecorder& recorder, sim::Metrics& metrics)
    : store_{store},
      recorder_{recorder},
      watches_sessions_{config.sessions},
      judge_{std::make_unique<Judge>(
          models::MonitorOptions{.deadline = config.deadline.value_or(sim::Duration::longest()),
                                 .sessions = config.sessions,
                                 .promises = {.no_loss = store.promises_no_loss()},
                                 .store = store.number()},
          recorder)} {
    recorder_.observe(store_.number());
    recorder_.add(judge_->events);
    for (const Measure& measure : measures) {
        metrics.derive(std::string(measure.name), std::string(measure.unit),
                       [this, &measure](const sim::Stretch& stretch) -> Value {
                           if (!result_ || stretch.span == sim::Span::window) return std::nullopt;
                           return measure.value(*result_);
                       });
    }
}

void StoreHistory::finish(const models::Network* network) {
    // The store speaks through the recorder, so that every listener hears it.
    static_cast<void>(store_.report_settled(recorder_));
    judge_->events.flush();
    result_ = judge_->monitor.finish();
    if (network != nullptr && !result_->news.empty()) {
        const std::vector<const models::Node*>& places = recorder_.places();
        std::vector<std::string> names;
        for (const models::Node* const place : places) names.push_back(place->name());
        std::ranges::copy(
            models::impossible_news(result_->news, least_delays(*network, places), names),
            std::back_inserter(result_->impossible));
    }
    ARCHSIM_CHECK_AT(store_.name(), result_->impossible.empty(), "impossible history: {}",
                     result_->impossible.front());
}

void StoreHistory::explain(std::vector<sim::MetricValue>& metrics) const {
    for (sim::MetricValue& metric : metrics) {
        if (metric.value) continue;
        const auto* const measure = std::ranges::find(measures, metric.name, &Measure::name);
        if (measure == std::end(measures)) continue;
        const bool is_of_sessions =
            measure->why_absent == no_pair || measure->why_absent == no_positions;
        metric.reason = is_of_sessions && !watches_sessions_ ? not_watched : measure->why_absent;
    }
}

models::Component* watched_store(const HistoryChoice& choice,
                                 const std::vector<models::Component*>& components,
                                 const std::vector<std::pair<std::string, std::string>>& edges) {
    if (choice.is_off) return nullptr;
    const bool is_named = choice.config && choice.config->store;
    std::set<std::string> reached;
    std::vector<std::string> open;
    for (const models::Component* const component : components) {
        if (component->names_keys()) open.push_back(component->name());
    }
    while (!open.empty()) {
        const std::string caller = std::move(open.back());
        open.pop_back();
        if (!reached.insert(caller).second) continue;
        for (const auto& [from, to] : edges) {
            if (from == caller) open.push_back(to);
        }
    }
    models::Component* found = nullptr;
    for (models::Component* const component : components) {
        if (!component->holds_data() || !reached.contains(component->name())) continue;
        if (is_named && component->name() != choice.config->store->name) continue;
        if (found != nullptr) return nullptr;
        found = component;
    }
    return found;
}

}  // namespace archsim::scenarios

namespace archsim::models {

using scenarios::HistoryChoice;
using scenarios::HistoryConfig;

std::optional<HistoryChoice> Codec<HistoryChoice>::read(const Value& value, Reader& reader) {
    if (value.is_boolean()) {
        if (!value.as_boolean()) return HistoryChoice{true, std::nullopt, value.spot()};
        reader.fail(value.spot(), {.code = Code::bad_value,
                                   .message = "\"history\" is false or an object",
                                   .hint = "leave it out: the history is judged without asking"});
        return std::nullopt;
    }
    if (!value.is_object()) {
        reader.fail_type(value, type());
        return std::nullopt;
    }
    std::optional<HistoryConfig> config = Codec<HistoryConfig>::read(value, reader);
    if (!config) return std::nullopt;
    return HistoryChoice{false, std::move(config), value.spot()};
}
Value Codec<HistoryChoice>::write(const HistoryChoice& choice) {
    if (choice.is_off) return Value::boolean(false);
    return choice.config ? Codec<HistoryConfig>::write(*choice.config) : Value::object();
}
Value Codec<HistoryChoice>::schema(SchemaBuilder& builder) {
    return Value::object({{"anyOf", Value::array({Value::object({{"const", Value::boolean(false)}}),
                                                  Codec<HistoryConfig>::schema(builder)})}});
}
std::string Codec<HistoryChoice>::type() { return "false or how the history is judged"; }

}  // namespace archsim::models
