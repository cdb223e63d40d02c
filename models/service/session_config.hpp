// Where a service keeps the sessions of its users, as a scenario writes it.
#pragma once

#include "models/choice.hpp"
#include "models/distribution_codec.hpp"
#include "models/edge.hpp"
#include "sim/distribution.hpp"

namespace archsim::models {

/// No request needs a session.
struct NoSessions {
    static const Spec<NoSessions>& spec();
};

/// A session lives in the memory of the instance where the user logged in.
struct LocalSessions {
    sim::Distribution login;
    static const Spec<LocalSessions>& spec();
};

/// Sessions live in a store that all instances ask.
struct SharedSessions {
    sim::Distribution login;
    EdgeConfig store;
    sim::Bytes size;
    static const Spec<SharedSessions>& spec();
};

using SessionChoice = OneOf<NoSessions, LocalSessions, SharedSessions>;

/// The law of the work of a login, and the edge to the store; nullptr if there is none.
[[nodiscard]] const sim::Distribution* login_of(const SessionChoice& choice);
[[nodiscard]] const EdgeConfig* session_store_of(const SessionChoice& choice);

}  // namespace archsim::models
