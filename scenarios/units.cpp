// Units on threads, and the form of their records.
#include "scenarios/units.hpp"

#include "scenarios/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <mutex>
#include <new>
#include <thread>
#include <utility>

namespace archsim::scenarios {

namespace {

using models::Value;

constexpr std::string_view end_names[] = {"deadline", "event_limit", "stuck", "interrupted"};

Value optional_number(const std::optional<double>& number) {
    return number ? Value::real(*number) : Value::null();
}

Value metric_value(const sim::MetricValue& metric, bool with_windows) {
    Value entry = Value::array(
        {Value::string(metric.name), Value::string(metric.unit), optional_number(metric.value)});
    if (!with_windows) return entry;
    Value windows = Value::array();
    for (const auto& window : metric.windows) windows.push(optional_number(window));
    entry.push(std::move(windows));
    return entry;
}

Value result_value(const UnitRecord& record, bool with_windows) {
    const Replication& replication = record.replication;
    Value metrics = Value::array();
    for (const sim::MetricValue& metric : replication.metrics) {
        metrics.push(metric_value(metric, with_windows));
    }
    return Value::object(
        {{"events", Value::integer(static_cast<std::int64_t>(replication.events))},
         {"fingerprint", Value::string(fmt::format("{:016x}", replication.fingerprint))},
         {"simulated_ns", Value::integer(replication.simulated.count())},
         {"warm_up_ns", Value::integer(record.warm_up.count())},
         {"end", Value::string(std::string{end_names[static_cast<int>(replication.end)]})},
         {"metrics", std::move(metrics)}});
}

std::optional<std::int64_t> whole_member(const Value& value, std::string_view key) {
    const Value* const found = value.find(key);
    if (found == nullptr || !found->is_number()) return std::nullopt;
    return found->as_integer();
}

std::string text_member(const Value& value, std::string_view key) {
    const Value* const found = value.find(key);
    return found != nullptr && found->is_string() ? found->text() : std::string{};
}

std::optional<double> number_of(const Value& value) {
    return value.is_number() ? value.as_real() : std::nullopt;
}

bool read_metrics(const Value& list, Replication& replication) {
    for (const Value& entry : list.items()) {
        const auto parts = entry.items();
        if (parts.size() < 3 || !parts[0].is_string() || !parts[1].is_string()) return false;
        sim::MetricValue metric{parts[0].text(), parts[1].text(), number_of(parts[2]), {}};
        if (parts.size() > 3) {
            for (const Value& window : parts[3].items()) {
                metric.windows.push_back(number_of(window));
            }
        }
        replication.metrics.push_back(std::move(metric));
    }
    return true;
}

bool read_result(const Value& result, UnitRecord& record) {
    const auto events = whole_member(result, "events");
    const auto simulated = whole_member(result, "simulated_ns");
    const auto warm_up = whole_member(result, "warm_up_ns");
    const std::string fingerprint = text_member(result, "fingerprint");
    const Value* const metrics = result.find("metrics");
    if (!events || !simulated || !warm_up || metrics == nullptr) return false;
    Replication& replication = record.replication;
    replication.events = static_cast<std::uint64_t>(*events);
    replication.simulated = sim::Duration::nanoseconds(*simulated);
    record.warm_up = sim::Duration::nanoseconds(*warm_up);
    const char* const last = fingerprint.data() + fingerprint.size();
    if (std::from_chars(fingerprint.data(), last, replication.fingerprint, 16).ptr != last)
        return false;
    const auto* const end = std::ranges::find(end_names, text_member(result, "end"));
    if (end == std::end(end_names)) return false;
    replication.end = static_cast<sim::RunEnd>(end - std::begin(end_names));
    return read_metrics(*metrics, replication);
}

}  // namespace

std::string unit_json(const Plan& plan, const UnitRecord& record) {
    Value json = Value::object({{"plan_hash", Value::string(plan.hash())},
                                {"variant", Value::string(plan.variant_id(record.unit.variant))},
                                {"rep", Value::integer(record.unit.replication)},
                                {"status", Value::string(record.error.empty() ? "ok" : "error")}});
    if (record.error.empty()) {
        json.append("result", result_value(record, plan.replications() == 1));
    } else {
        json.append("error", Value::string(record.error));
    }
    return json.to_json();
}

std::optional<UnitRecord> read_unit(const Plan& plan, std::string_view json) {
    models::Diagnostics diagnostics;
    const std::optional<Value> value = parse(json, 0, diagnostics);
    if (!value || text_member(*value, "plan_hash") != plan.hash()) return std::nullopt;
    const auto variant = plan.find_variant(text_member(*value, "variant"));
    const auto replication = whole_member(*value, "rep");
    if (!variant || !replication || *replication < 0 || *replication >= plan.replications())
        return std::nullopt;
    UnitRecord record{.unit = {*variant, *replication}};
    if (text_member(*value, "status") == "error") {
        record.error = text_member(*value, "error");
        if (record.error.empty()) record.error = "unknown";
        return record;
    }
    const Value* const result = value->find("result");
    if (result == nullptr || !read_result(*result, record)) return std::nullopt;
    return record;
}

void UnitWorker::prepare(std::int64_t variant) {
    prepared_ = variant;
    problem_.clear();
    auto scenario = plan_.scenario(variant);
    if (auto* const problem = std::get_if<std::string>(&scenario)) {
        scenario_.reset();
        problem_ = std::move(*problem);
        return;
    }
    scenario_ = std::get<Scenario>(std::move(scenario));
    std::vector<std::string> warnings;  // Of the scenario, not of a unit: `archsim run` shows them.
    warm_up_ = warm_up_of(*scenario_, options_, warnings);
}

std::optional<std::string> UnitWorker::run(UnitId unit) {
    UnitRecord record{.unit = unit};
    try {
        if (prepared_ != unit.variant) prepare(unit.variant);
        record.error = problem_;
        if (scenario_) {
            record.warm_up = warm_up_;
            record.replication = run_replication(*scenario_, unit.replication, warm_up_, options_);
        }
    } catch (const std::bad_alloc&) {
        prepared_ = -1;
        record = {.unit = unit, .error = "out of memory"};
    }
    // A pilot that was cut short is as good as a unit that was: neither may be kept.
    const bool stopped = options_.interrupt != nullptr && options_.interrupt->load();
    if (stopped || record.replication.end == sim::RunEnd::interrupted) return std::nullopt;
    return unit_json(plan_, record);
}

UnitsEnd run_units(const Plan& plan, std::span<const UnitId> pending, const RunOptions& options,
                   const UnitSink& sink) {
    std::atomic<std::size_t> next{0};
    std::atomic<bool> interrupted{false};
    std::atomic<bool> stopped{false};
    std::mutex one_at_a_time;
    const auto work = [&] {
        UnitWorker worker{plan, options};
        for (std::size_t i = next++; i < pending.size() && !stopped; i = next++) {
            const std::optional<std::string> json = worker.run(pending[i]);
            if (!json) {
                interrupted = true;
                return;
            }
            const std::lock_guard lock{one_at_a_time};
            if (!stopped && !sink(pending[i], *json)) stopped = true;
        }
    };
    const auto jobs =
        std::clamp<std::size_t>(options.jobs, 1, std::max<std::size_t>(pending.size(), 1));
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 1; i < jobs; ++i) threads.emplace_back(work);
        work();
    }
    if (stopped) return UnitsEnd::stopped;
    return interrupted ? UnitsEnd::interrupted : UnitsEnd::complete;
}

}  // namespace archsim::scenarios
