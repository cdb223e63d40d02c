// A plain edge from one node to one component: its port, and the choice of a member when the
// component has several.
#pragma once

#include "models/catalog.hpp"
#include "models/port.hpp"
#include "models/profile.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

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
    /// `purpose` names its random stream, together with the callee.
    Connection(const BuildContext& context, const Node& from, const EdgeConfig& config,
               const std::string& purpose);

    MemberRouter router_;
    EdgeConfig fallback_edge_;
    std::unique_ptr<Connection> fallback_;  // to the node that answers when this edge fails
    Port port_;
};

/// Adds to `profile` the calls over an edge that are made once, one after the other: to its callee
/// and, as an upper bound, to its fallback. `edge` is its number among the caller's.
void add_calls(Profile& profile, const EdgeConfig& edge, std::uint32_t operation,
               std::size_t number);
/// The calls to the fallback of `edge` that belong to the last call of `profile`, if there is one.
void add_fallback(Profile& profile, const EdgeConfig& edge);

/// The component that `config.to` names. Requires: there is one.
[[nodiscard]] Component& target_of(const BuildContext& context, const EdgeConfig& config);

}  // namespace archsim::models
