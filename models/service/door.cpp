// The order of the checks at the door of a service.
#include "models/service/door.hpp"

#include <algorithm>

namespace archsim::models {

const Spec<ShedLevel>& ShedLevel::spec() {
    static const auto declared =
        Spec<ShedLevel>{"shed_level",
                        "Turns away requests of a low priority while the queue is long or slow."}
            .optional("below", &ShedLevel::below,
                      "Requests of a priority below this are turned away; by default all.")
            .at_least(1)
            .at_most(256)
            .optional("queue", &ShedLevel::queue, "While at least so many wait at the instance.")
            .at_least(1)
            .optional("waiting", &ShedLevel::waiting,
                      "While some wait and the one whose work began last had waited so long.")
            .more_than(sim::Duration{})
            .check([](const ShedLevel& level, const Place& place) {
                if (level.queue || level.waiting) return;
                place.fail("queue", {.code = Code::bad_value,
                                     .message = "this level says of no queue that it is too long",
                                     .hint = "give queue, waiting or both"});
            });
    return declared;
}

bool ShedLevel::turns_away(std::uint8_t priority, std::uint64_t waiting_now,
                           sim::Duration last_wait) const {
    if (priority >= below) return false;
    if (queue && waiting_now >= static_cast<std::uint64_t>(*queue)) return true;
    // With nobody waiting the last wait is history, and nobody else would ever come to renew it.
    return waiting && waiting_now > 0 && last_wait >= *waiting;
}

const Spec<AdmissionConfig>& AdmissionConfig::spec() {
    static const auto declared =
        Spec<AdmissionConfig>{"admission", "What an instance asks before it lets a request in."}
            .optional("rate_limit", &AdmissionConfig::rate_limit, "Requests let in over time.")
            .optional("concurrency_limit", &AdmissionConfig::concurrency_limit,
                      "A limit of the requests inside that learns from how they end.")
            .optional("shed", &AdmissionConfig::shed,
                      "Levels of overload and whom they turn away; any level is enough.")
            .check([](const AdmissionConfig& config, const Place& place) {
                if (config.rate_limit || config.concurrency_limit || !config.shed.empty()) return;
                place.fail("shed", {.code = Code::bad_value,
                                    .message = "this door turns nobody away",
                                    .hint = "give rate_limit, concurrency_limit or shed"});
            })
            .assume("Turning a request away costs a service nothing.")
            .assume(
                "Shedding is asked first, then the rate limit, then the concurrency limit, so "
                "that what is shed uses up no rate.");
    return declared;
}

ServiceDoor::ServiceDoor(const AdmissionConfig& config) : config_{config} {
    if (config_.rate_limit) rate_.emplace(*config_.rate_limit);
    if (config_.concurrency_limit) concurrency_.emplace(*config_.concurrency_limit);
}

ServiceDoor::Entry ServiceDoor::ask(sim::Instant now, std::uint8_t priority,
                                    std::uint64_t waiting_now, sim::Duration last_wait) {
    const bool shed = std::ranges::any_of(config_.shed, [&](const ShedLevel& level) {
        return level.turns_away(priority, waiting_now, last_wait);
    });
    if (shed) return {Refused::shed, {}};
    Entry entry;
    if (rate_) {
        const std::optional<sim::Duration> wait = rate_->ask(now);
        if (!wait) return {Refused::rate_limit, {}};
        entry.wait = *wait;
    }
    if (concurrency_ && !concurrency_->enter()) return {Refused::concurrency, {}};
    return entry;
}

void ServiceDoor::leave(sim::Duration latency, std::optional<bool> good) {
    if (concurrency_) concurrency_->leave(latency, good);
}

}  // namespace archsim::models
