// The declarations of how sessions are kept.
#include "models/service/session_config.hpp"

#include <variant>

namespace archsim::models {

const Spec<NoSessions>& NoSessions::spec() {
    static const auto declared = Spec<NoSessions>{"none", "Requests need no session."};
    return declared;
}

const Spec<LocalSessions>& LocalSessions::spec() {
    static const auto declared =
        Spec<LocalSessions>{"local",
                            "Stateful: a session lives in the memory of the instance where its "
                            "user logged in, and goes with it."}
            .optional("login", &LocalSessions::login,
                      "Work of a login, before that of the request: where a request reaches an "
                      "instance that does not know its session.")
            .assume(
                "A session goes with the crash or the removal of its instance. A user who reaches "
                "another one logs in there, and the session moves.")
            .assume("Sessions do not expire; balance and stickiness are the balancer's business.");
    return declared;
}

const Spec<SharedSessions>& SharedSessions::spec() {
    static const auto declared =
        Spec<SharedSessions>{"shared",
                             "Stateless: every request reads its session from a store that all "
                             "instances share."}
            .optional("login", &SharedSessions::login,
                      "Work of a login, where the store does not know the session.")
            .required("store", &SharedSessions::store,
                      "The node that keeps sessions: read once a request, written once a login.")
            .optional("size", &SharedSessions::size, "Payload of that write.")
            .assume(
                "A session that the store does not answer for fails its request with the store's "
                "outcome: nobody is logged in again because the store is slow.");
    return declared;
}

const sim::Distribution* login_of(const SessionChoice& choice) {
    if (const auto* const local = std::get_if<LocalSessions>(&choice)) return &local->login;
    if (const auto* const shared = std::get_if<SharedSessions>(&choice)) return &shared->login;
    return nullptr;
}

const EdgeConfig* session_store_of(const SessionChoice& choice) {
    const auto* const shared = std::get_if<SharedSessions>(&choice);
    return shared == nullptr ? nullptr : &shared->store;
}

}  // namespace archsim::models
