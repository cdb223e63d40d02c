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

std::vector<std::pair<std::string, std::string>> EdgeTable::all() const {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& [pair, metrics] : edges_) pairs.push_back(pair);
    return pairs;
}

void EdgeTable::close() {
    for (Port* const port : ports_) port->close();
}

}  // namespace archsim::models
