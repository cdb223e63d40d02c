// The consumer's end of a delivery: what is seen here says what work was really done, whatever
// becomes of the answer on its way back.
#pragma once

#include "models/node.hpp"

#include <coroutine>

namespace archsim::models {

class Subscription;

/// Stands before one instance of a consumer, at the same place in the network. An idempotent
/// receiver (Hohpe and Woolf, "Enterprise Integration Patterns", 2003) skips what it has done
/// before; any other just counts it.
class Inbox final : public Node {
public:
    /// Both outlive the inbox.
    Inbox(Node& worker, Subscription& subscription)
        : Node{worker.owner(), worker.name()}, worker_{worker}, subscription_{subscription} {
        set_region(worker.region());
    }
    sim::Task<Response> serve(Request request) override;

private:
    class Work;
    Node& worker_;
    Subscription& subscription_;
};

}  // namespace archsim::models
