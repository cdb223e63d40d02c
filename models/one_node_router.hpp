// The way between two nodes of one component, such as an edge location and its shield.
#pragma once

#include "models/catalog.hpp"
#include "models/port.hpp"

namespace archsim::models {

/// Calls one node and no other. What it measures is not published.
class OneNodeRouter final : public Router {
public:
    /// All arguments outlive the router.
    OneNodeRouter(const BuildContext& context, const Node& from, Node& to,
                  const LinkConfig& config);
    [[nodiscard]] Destination* pick(const Request&) override { return &destination_; }

private:
    EdgeMetrics metrics_;
    Destination destination_;
};

}  // namespace archsim::models
