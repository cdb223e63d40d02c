// Crash, restart and membership: what is the same for every kind of node.
#include "models/node.hpp"

#include "models/usage.hpp"
#include "sim/check.hpp"

#include <algorithm>
#include <utility>

namespace archsim::models {

Node::Node(Component& owner, std::string name) : owner_{owner}, name_{std::move(name)} {}

std::size_t Node::crash() {
    ++crashes_;
    const std::size_t lost = processes_.crash();
    if (crashes_ == 1) on_crash();
    return lost;
}

void Node::set_pace(double pace) {
    pace_ = pace;
    if (paused_until_ == sim::Instant{}) set_speed(pace_);
}

void Node::pause(sim::Instant end) {
    paused_until_ = std::max(paused_until_, end);
    set_speed(0.0);
}

void Node::resume() {
    paused_until_ = sim::Instant{};
    set_speed(pace_);
}

void Node::restart() {
    if (crashes_ > 0 && --crashes_ == 0) on_restart();
}

bool Node::answers_to(std::string_view address) const {
    return name_ == address || owner_.name() == address;
}

void Component::add_member(Node& node) {
    members_.push_back(&node);
    ++membership_;
    if (usage_ != nullptr) usage_->instances_changed(1);
}

void Component::retire(Node& node) {
    ARCHSIM_CHECK_AT(name_, std::find(members_.begin(), members_.end(), &node) != members_.end(),
                     "{} is no member", node.name());
    if (!node.is_retired() && usage_ != nullptr) usage_->instances_changed(-1);
    node.retire();
    ++membership_;
}

void Component::meter(Usage& usage) {
    usage_ = &usage;
    const auto there = std::count_if(members_.begin(), members_.end(),
                                     [](const Node* node) { return !node->is_retired(); });
    usage.instances_changed(there);
}

std::vector<Node*> Directory::nodes(std::string_view address) const {
    const std::string_view owner = address.substr(0, address.find('/'));
    std::vector<Node*> found;
    if (const Component* const c = component(owner); c != nullptr) {
        for (Node* const node : c->members()) {
            if (node->answers_to(address)) found.push_back(node);
        }
        for (Node* const node : c->helpers()) {
            if (node->name() == address) found.push_back(node);
        }
    }
    return found;
}

}  // namespace archsim::models
