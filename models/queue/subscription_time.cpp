// What happens to a subscription by itself: delays that end, retention, crashes, and the checks.
#include "models/queue/subscription.hpp"
#include "sim/check.hpp"

namespace archsim::models {

void Subscription::set_due_alarm() {
    const Message* const first = backlog_.first_due();
    due_.cancel();
    if (first != nullptr) context_.simulation.schedule(due_, first->due);
}

void Subscription::move_due() {
    for (Message* message = backlog_.first_due(); message != nullptr && message->due <= now();
         message = backlog_.first_due()) {
        const bool is_new = message->deliveries == 0;
        backlog_.put(*message, is_new ? Backlog::End::back : Backlog::End::front);
    }
    set_due_alarm();
    pump();
}

void Subscription::expire() {
    const sim::Duration retention = *config_.retention;
    Message* message = backlog_.oldest();
    while (message != nullptr && now() - message->published >= retention) {
        Message* const newer = message->newer;
        if (message->place == Message::Place::delivered) {
            message->too_old = true;
        } else {
            settle(*message, MessageEvent::expired);
        }
        message = newer;
    }
    if (message != nullptr) {
        context_.simulation.schedule(expiry_, message->published + retention);
    }
    set_due_alarm();
    pump();
}

void Subscription::crash() {
    while (deliveries_ != nullptr) {
        Delivery& delivery = *deliveries_;
        delivery.give_up();
        if (delivery.message() != nullptr) meter_.in_flight(now(), -1);
        if (delivery.consumer() != nullptr) delivery.consumer()->free_place();
        delete &delivery;
    }
    // From the newest back, so that what is put in front stands in its old order.
    Message* message = backlog_.newest();
    while (message != nullptr) {
        Message* const older = message->older;
        const bool was_delivered = message->place == Message::Place::delivered;
        message->uncertain = message->uncertain || was_delivered;
        const bool stays =
            config_.durable && !(was_delivered && config_.delivery == DeliveryMode::at_most_once);
        if (!stays) {
            settle(*message, MessageEvent::lost);
        } else if (was_delivered) {
            put_back(*message, sim::Duration{});
        }
        message = older;
    }
    set_due_alarm();
}

void Subscription::check_end() {
    const QueueMetrics& own = meter_.own();
    std::uint64_t settled = 0;
    for (const MessageEvent fate :
         {MessageEvent::acked, MessageEvent::dropped, MessageEvent::dead_lettered,
          MessageEvent::expired, MessageEvent::lost}) {
        settled += own.ever(fate);
    }
    std::uint64_t present = 0;
    __extension__ __int128 stays = stay_sum_;
    for (const Message* message = backlog_.oldest(); message != nullptr; message = message->newer) {
        ++present;
        stays += (now() - message->published).count();
    }
    ARCHSIM_CHECK_AT(context_.name, present == backlog_.present(),
                     "{} messages are present, {} are counted", present, backlog_.present());
    ARCHSIM_CHECK_AT(context_.name, own.ever(MessageEvent::published) == settled + present,
                     "messages do not add up: {} published, {} settled, {} present",
                     own.ever(MessageEvent::published), settled, present);
    ARCHSIM_CHECK_AT(context_.name, meter_.own().depth().integral(now()) == stays,
                     "Little's law does not hold for the messages of this queue");
    ARCHSIM_CHECK_AT(context_.name,
                     !config_.limit.places || backlog_.in_memory() <= *config_.limit.places,
                     "{} messages are in memory, more than the limit", backlog_.in_memory());
    ARCHSIM_CHECK_AT(
        context_.name,
        config_.delivery != DeliveryMode::at_most_once || own.ever(MessageEvent::duplicates) == 0,
        "a message was processed twice that was sent at most once");
    ARCHSIM_CHECK_AT(context_.name,
                     config_.delivery == DeliveryMode::at_most_once || !config_.durable ||
                         own.ever(MessageEvent::lost) == 0,
                     "a durable queue lost a message that was to be delivered at least once");
    ARCHSIM_CHECK_AT(context_.name,
                     own.ever(MessageEvent::acked) <= own.ever(MessageEvent::processed),
                     "{} messages were acknowledged, {} were processed",
                     own.ever(MessageEvent::acked), own.ever(MessageEvent::processed));
}

}  // namespace archsim::models
