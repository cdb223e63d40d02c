// Routes compiled for running: steps with the number of the edge that they call.
#pragma once

#include "models/catalog.hpp"
#include "models/service/step.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace archsim::models {

/// A step with everything looked up.
struct Step {
    enum class Kind : std::uint8_t { work, call, publish, fan_out, parallel, chance };
    Kind kind = Kind::work;
    const sim::Distribution* work = nullptr;
    std::size_t edge = 0;                    ///< Index into Routes::edges.
    std::optional<std::uint32_t> operation;  ///< Replaces the request's own.
    std::optional<Access> access;            ///< Likewise.
    std::size_t fan_out = 0;                 ///< Index into Routes::fan_outs.
    double chance = 0.0;
    std::int64_t times = 1;
    std::vector<Step> steps;  ///< Of parallel, or `then`.
    std::vector<Step> otherwise;

    /// What a call, publish or fan-out sends for a request.
    [[nodiscard]] Request message(const Request& request) const {
        Request sent = request;
        if (operation) sent.operation = *operation;
        if (access && *access != sent.access) {
            sent.access = *access;
            sent.version = 0;  // it is not what the request writes
        }
        return sent;
    }
};

/// The routes of a service and all its edges: those of "calls", then those that steps declare.
class Routes {
public:
    /// Both arguments outlive the routes. A step that calls a node by its bare name uses the edge
    /// that `calls` declares for it, with its policies.
    Routes(const InOrder<std::vector<StepConfig>>& routes, const std::vector<EdgeConfig>& calls,
           OperationNames& operations);

    [[nodiscard]] std::span<const EdgeConfig* const> edges() const { return edges_; }
    [[nodiscard]] std::span<const FanOutConfig* const> fan_outs() const { return fan_outs_; }
    /// The steps for an operation: its own route, else the route "*", else nullptr.
    [[nodiscard]] const std::vector<Step>* find(std::uint32_t operation) const;
    /// What a request of `operation` costs and calls on this route; `station` without its work.
    [[nodiscard]] Profile profile(const std::vector<Step>& route, std::uint32_t operation,
                                  StationProfile station) const;

private:
    [[nodiscard]] std::vector<Step> compile(const std::vector<StepConfig>& steps,
                                            OperationNames& operations);
    [[nodiscard]] std::size_t edge_for(const EdgeConfig& edge);
    std::vector<const EdgeConfig*> edges_;
    std::vector<const FanOutConfig*> fan_outs_;
    std::vector<std::pair<std::uint32_t, std::vector<Step>>> by_operation_;
    std::optional<std::vector<Step>> any_;
};

}  // namespace archsim::models
