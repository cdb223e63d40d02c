// A plain edge from one node to one component: its port, and the choice of a member when the
// component has several.
#pragma once

#include "models/catalog.hpp"
#include "models/port.hpp"

#include <deque>
#include <memory>

namespace archsim::models {

/// Spreads calls over the members of a component by its own rule, or else in turn, as a name that
/// resolves to several addresses does: it knows nothing of their health or load. A load balancer
/// does. Where the component says which members are nearest, calls go to the first of those that is
/// up, as routing by anycast does.
class MemberRouter final : public Router {
public:
    /// All arguments outlive the router.
    MemberRouter(const BuildContext& context, const Node& from, const EdgeConfig& config,
                 Component& target);
    [[nodiscard]] Destination* pick(const Request& request) override;

private:
    void refresh();
    void add(Node& node);
    Network& network_;
    const Node& from_;
    const EdgeConfig& config_;
    Component& target_;
    const EdgeMetrics& metrics_;
    std::unique_ptr<PickingRule> rule_;
    std::deque<Destination> destinations_;
    std::uint64_t membership_ = 0;
    std::size_t next_ = 0;
    bool by_distance_ = false;
};

/// An edge, ready to be called over.
class Connection {
public:
    /// Requires: the directory knows `config.to` (the loader has checked it).
    Connection(const BuildContext& context, const Node& from, const EdgeConfig& config);
    [[nodiscard]] Port& port() { return port_; }

private:
    MemberRouter router_;
    Port port_;
};

/// The component that `config.to` names. Requires: there is one.
[[nodiscard]] Component& target_of(const BuildContext& context, const EdgeConfig& config);

}  // namespace archsim::models
