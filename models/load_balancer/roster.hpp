// What chooses among nodes of which some may be out: load balancers, rings and sharded databases.
// Faults take nodes in and out by name.
#pragma once

#include <string_view>

namespace archsim::models {

/// A group that nodes join and leave while it runs. Components implement it besides Component.
class Roster {
public:
    virtual ~Roster() = default;
    /// Whether this node was named as one that may take part.
    [[nodiscard]] virtual bool lists(std::string_view node) const = 0;
    /// Takes all instances of a node in or out; nothing happens if they are so already.
    /// Requires: lists(node).
    virtual void set_joined(std::string_view node, bool joined) = 0;
};

}  // namespace archsim::models
