// A database that is one node: the component around it.
#pragma once

#include "models/catalog.hpp"
#include "models/profile.hpp"

#include <cstdint>
#include <utility>

namespace archsim::models {

/// `Server` is the Node, made of the component, its configuration and the context, which is not
/// kept. It has the functions of Component that are handed on to it below, and `check`.
template <class Configuration, class Server>
class OneServer final : public Component {
public:
    using Config = Configuration;

    OneServer(Config config, const BuildContext& context)
        : Component{context.name, context.kind},
          config_{std::move(config)},
          node_{*this, config_, context} {
        add_member(node_);
    }

    void check_end() override { node_.check(); }
    [[nodiscard]] bool holds_data() const override { return true; }
    [[nodiscard]] bool promises_no_loss() const override { return node_.promises_no_loss(); }
    [[nodiscard]] bool report_settled(HistoryRecorder& history) override {
        return node_.report_settled(history);
    }
    [[nodiscard]] Profile profile(std::uint32_t operation) const override {
        return node_.profile(operation);
    }

private:
    Config config_;
    Server node_;
};

}  // namespace archsim::models
