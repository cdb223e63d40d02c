// Names of operations and metrics of edges.
#include "models/catalog.hpp"

namespace archsim::models {

std::uint32_t OperationNames::number(std::string_view name) {
    for (std::uint32_t i = 0; i < names_.size(); ++i) {
        if (names_[i] == name) return i;
    }
    names_.emplace_back(name);
    return static_cast<std::uint32_t>(names_.size() - 1);
}

const EdgeMetrics& EdgeTable::between(const std::string& from, const std::string& to) {
    std::unique_ptr<EdgeMetrics>& edge = edges_[{from, to}];
    if (edge == nullptr) {
        edge = std::make_unique<EdgeMetrics>();
        edge->calls = &metrics_.counter();
        edge->retries = &metrics_.counter();
        edge->timeouts = &metrics_.counter();
        edge->hedges = &metrics_.counter();
        edge->latency = &metrics_.timing();
        const std::string path = from + "->" + to;
        metrics_.publish_rate(path + "/calls", *edge->calls);
        metrics_.publish_ratio(path + "/retries", *edge->retries, {edge->calls});
        metrics_.publish_ratio(path + "/timeouts", *edge->timeouts, {edge->calls});
        metrics_.publish_ratio(path + "/hedges", *edge->hedges, {edge->calls});
        metrics_.publish_timing(path + "/latency", *edge->latency);
    }
    return *edge;
}

PolicyMetrics& EdgeTable::policies_between(const std::string& from, const std::string& to) {
    std::unique_ptr<PolicyMetrics>& made = policies_[{from, to}];
    if (made == nullptr) {
        made = std::make_unique<PolicyMetrics>();
        for (sim::Counter** const counter :
             {&made->asked, &made->expired, &made->fallbacks, &made->opened, &made->short_circuited,
              &made->limited, &made->crowded}) {
            *counter = &metrics_.counter();
        }
        made->line_time = &metrics_.timing();
    }
    return *made;
}

sim::Rng EdgeTable::stream(std::uint64_t seed, const std::string& from, const std::string& purpose,
                           const std::string& to) {
    std::size_t& before = streams_[{from, purpose + " to " + to}];
    const std::string which = before == 0 ? "" : " " + std::to_string(before);
    ++before;
    return sim::Rng::named(seed, from, purpose + which + " to " + to);
}

PolicyMetrics* EdgeTable::policies(const std::string& from, const EdgeConfig& config) {
    if (!config.holds_back() && !config.deadline && !config.fallback) return nullptr;
    PolicyMetrics& policies = policies_between(from, config.to.name);
    const std::string path = from + "->" + config.to.name + "/";
    // Several edges may lead from one node to another, each with policies of its own.
    const auto is_new = [&](const char* name) { return !metrics_.has(path + name); };
    const std::vector<const sim::Counter*> tries{between(from, config.to.name).calls,
                                                 policies.short_circuited, policies.limited,
                                                 policies.crowded};
    const auto publish = [&](bool wanted, const char* name, const sim::Counter& part,
                             const std::vector<const sim::Counter*>& whole) {
        if (wanted && is_new(name)) metrics_.publish_ratio(path + name, part, whole);
    };
    if (config.circuit_breaker && is_new("opened")) {
        metrics_.publish_count(path + "opened", *policies.opened);
    }
    publish(config.circuit_breaker.has_value(), "short_circuited", *policies.short_circuited,
            tries);
    publish(config.rate_limit.has_value(), "limited", *policies.limited, tries);
    publish(config.bulkhead || config.concurrency_limit, "crowded", *policies.crowded, tries);
    publish(config.deadline.has_value(), "expired", *policies.expired, {policies.asked});
    publish(config.fallback.has_value(), "fallbacks", *policies.fallbacks, {policies.asked});
    if (config.bulkhead && is_new("line_time/mean")) {
        metrics_.publish_timing(path + "line_time", *policies.line_time);
    }
    if (config.concurrency_limit && is_new("concurrency/mean")) {
        metrics_.publish_level(path + "concurrency", metrics_.watch(policies.concurrency));
    }
    may_degrade_ = may_degrade_ || config.fallback.has_value();
    return &policies;
}

std::vector<std::pair<std::string, std::string>> EdgeTable::all() const {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& [pair, metrics] : edges_) pairs.push_back(pair);
    return pairs;
}

void EdgeTable::close() {
    for (Port* const port : ports_) port->close();
}

}  // namespace archsim::models
