// The declaration of a failover.
#include "models/database/failover_config.hpp"

#include <array>

namespace archsim::models {

template <>
struct EnumNames<Promotion> {
    static constexpr std::array<EnumName<Promotion>, 3> names{{
        {Promotion::most_advanced, "most_advanced"},
        {Promotion::designated, "designated"},
        {Promotion::nearest, "nearest"},
    }};
};
template <>
struct EnumNames<OldTail> {
    static constexpr std::array<EnumName<OldTail>, 2> names{{
        {OldTail::discard, "discard"},
        {OldTail::keep, "keep"},
    }};
};

const Spec<FailoverConfig>& FailoverConfig::spec() {
    static const auto declared =
        Spec<FailoverConfig>{"failover",
                             "A detector listens to the primary and makes a replica the primary "
                             "when it falls silent."}
            .optional("interval", &FailoverConfig::interval, "Pause between heartbeats.")
            .more_than(sim::Duration{})
            .optional("timeout", &FailoverConfig::timeout,
                      "Silence after which the primary counts as dead; with fencing also how long "
                      "it may serve after its last confirmed heartbeat.")
            .more_than(sim::Duration{})
            .optional("promotion", &FailoverConfig::promotion,
                      "Which of the replicas that answer becomes the primary.")
            .optional("designated", &FailoverConfig::designated,
                      "Number of the replica, for the promotion rule of that name.")
            .at_least(0)
            .optional(
                "fencing", &FailoverConfig::fencing,
                "Whether a primary that nobody confirms stops serving, and replicas that have "
                "been asked what they have stop following.")
            .optional("redirect_delay", &FailoverConfig::redirect_delay,
                      "From the beginning of a reign until callers are told of it.")
            .at_least(sim::Duration{})
            .optional(
                "old_tail", &FailoverConfig::old_tail,
                "What becomes of acknowledged writes that only an old primary has: discarded, "
                "or written again where the new primary has not written the key, and else "
                "kept for somebody to decide.")
            .optional("detector_region", &FailoverConfig::detector_region,
                      "Where the detector is; else with the primary.")
            .check([](const FailoverConfig& config, const Place& place) {
                if (config.timeout <= config.interval) {
                    place.fail("timeout", {.code = Code::bad_value,
                                           .message = "a single late heartbeat would depose a "
                                                      "healthy primary",
                                           .hint = "let the timeout be longer than the interval"});
                }
            })
            .assume("The default timeout of 10 s is that of MongoDB (electionTimeoutMillis).")
            .assume(
                "The detector is the node \"db/detector\"; it can fail and be cut off, and "
                "nobody replaces it: with fencing the primary then serves until its lease ends.")
            .assume(
                "Asked members have one interval to answer, or six of the longest mean delays "
                "if that is more; when all have answered the detector decides at once.")
            .assume(
                "With fencing a primary measures its lease by its own clock: set back, it serves "
                "longer than it may, and may meet its successor.")
            .assume("A replica becomes primary when it has applied all that it has received.")
            .assume(
                "With a majority of synchronous replicas nobody is promoted before enough "
                "members have answered to know of every acknowledged write.")
            .assume(
                "Callers learn of a new primary by a message from the detector over the "
                "network, sent again each interval until it arrives.");
    return declared;
}

}  // namespace archsim::models
