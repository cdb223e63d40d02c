// Admission, delivery and settlement of messages.
#include "models/queue/subscription.hpp"

#include <algorithm>

namespace archsim::models {

/// The line as shedding sees it.
class Subscription::Head {
public:
    Head(Subscription& owner, Backlog::End end) : owner_{owner}, end_{end} {}
    [[nodiscard]] Message* head() { return owner_.backlog_.head(end_); }
    [[nodiscard]] std::uint64_t waiting() const { return owner_.backlog_.waiting(); }
    void drop(Message& message) { owner_.settle(message, MessageEvent::dropped); }

private:
    Subscription& owner_;
    Backlog::End end_;
};

Subscription::Subscription(const BuildContext& context, const QueueConfig& config,
                           QueueFront& front, QueueMetrics& own, QueueMetrics& all)
    : context_{context},
      config_{config},
      front_{front},
      meter_{own, all},
      backlog_{{.lanes = static_cast<std::uint32_t>(config.partitions.value_or(1)),
                .in_order = config.partitions.has_value(),
                .by_urgency = config.by_urgency()}},
      ledger_{config.remember},
      pressure_{config.when_full},
      shedding_{SheddingPolicies::make(config.shedding)},
      order_{DispatchOrders::make(config.order)},
      delay_rng_{context.rng("delay")},
      due_{*this, [](sim::Event& event) { static_cast<Alarm&>(event).owner.move_due(); }},
      expiry_{*this, [](sim::Event& event) { static_cast<Alarm&>(event).owner.expire(); }} {}

Subscription::~Subscription() {
    while (deliveries_ != nullptr) delete deliveries_;
}

void Subscription::add_consumer(const ConsumerConfig& config) {
    consumers_.push_back(std::make_unique<Consumer>(context_, front_.node(), config, *this));
}

void Subscription::connect_dead_letters() {
    if (!config_.dead_letter) return;
    dead_letters_ = std::make_unique<Connection>(context_, front_.node(), *config_.dead_letter);
}

bool Subscription::is_full(const Request& request) const {
    if (config_.limit.places && backlog_.in_memory() >= *config_.limit.places) return true;
    return config_.limit_bytes &&
           backlog_.bytes_in_memory() + request.size.count() > config_.limit_bytes->count();
}

Verdict Subscription::verdict(const Request& request, bool is_first) {
    const Pressure pressure{.full = is_full(request), .producer = request.source};
    const Verdict verdict = pressure_.verdict(pressure);
    if (verdict == Verdict::spill) return verdict;
    // What can never fit is turned away, whatever the policy: it would wait for ever.
    if (config_.limit_bytes && request.size > *config_.limit_bytes) return Verdict::refuse;
    if (verdict != Verdict::accept || is_first) return verdict;
    const bool others_wait = waiting_room_.first(pressure_.line_of(request.source)) != nullptr;
    return others_wait ? Verdict::wait : verdict;
}

void Subscription::take_in(const Request& request, std::uint64_t number, Verdict verdict) {
    meter_.count(MessageEvent::published);
    if (verdict == Verdict::drop_oldest) {
        // Bytes may take more than one; what consumers have cannot be taken back.
        while (is_full(request)) {
            Message* const oldest = backlog_.oldest_undelivered();
            if (oldest == nullptr) break;
            settle(*oldest, MessageEvent::dropped);
        }
        if (is_full(request)) verdict = Verdict::drop_newest;
    }
    if (verdict == Verdict::drop_newest) {
        meter_.count(MessageEvent::dropped);
        return;
    }
    Message& message = backlog_.add(request);
    message.number = number;
    message.published = now();
    message.useful_until = request.deadline;
    message.request.id = (static_cast<std::uint64_t>(context_.number) << 40) | number;
    message.request.deadline = sim::Instant::never();
    if (verdict == Verdict::spill) backlog_.move_to_disk(message);
    ledger_.open(number);
    pressure_.accepted(request.source);
    meter_.depth(now(), 1);
    const sim::Duration pause = config_.delay ? config_.delay->sample(delay_rng_) : sim::Duration{};
    if (pause > sim::Duration{}) {
        message.due = now() + pause;
        backlog_.delay(message);
        set_due_alarm();
    } else {
        backlog_.put(message, Backlog::End::back);
    }
    if (config_.retention && !expiry_.pending()) {
        context_.simulation.schedule_in(expiry_, *config_.retention);
    }
}

void Subscription::pump() {
    again_ = true;
    if (pumping_) return;
    pumping_ = true;
    while (again_) {
        again_ = false;
        deliver_all();
        if (waiting_room_.is_empty()) continue;
        waiting_room_.for_each_line([this](Admission& admission) {
            if (verdict(admission.request, true) == Verdict::wait) return false;
            admission.leave();
            front_.try_again(admission, *this);
            return true;
        });
    }
    pumping_ = false;
}

void Subscription::deliver_all() {
    while (front_.node().is_up() && backlog_.waiting() > 0) {
        Consumer* const consumer = free_consumer();
        if (consumer == nullptr) return;
        Message* const message = next_message();
        if (message == nullptr) return;
        if (config_.max_deliveries && message->deliveries >= *config_.max_deliveries) {
            backlog_.take(*message);
            meter_.in_flight(now(), 1);
            bury(*message);
        } else {
            deliver(*message, *consumer);
        }
    }
}

Consumer* Subscription::free_consumer() {
    for (std::size_t tried = 0; tried < consumers_.size(); ++tried) {
        if (turn_ >= consumers_.size()) turn_ = 0;
        Consumer& candidate = *consumers_[turn_++];
        if (candidate.has_place()) return &candidate;
    }
    return nullptr;
}

Message* Subscription::next_message() {
    const Message* const oldest = backlog_.oldest_undelivered();
    const sim::Duration age = oldest != nullptr ? now() - oldest->published : sim::Duration{};
    const bool newest_first =
        std::visit([age](const auto& order) { return order.is_newest_first(age); }, order_);
    Head head{*this, newest_first ? Backlog::End::back : Backlog::End::front};
    return std::visit([&](auto& shedding) { return shedding.next(now(), head); }, shedding_);
}

void Subscription::deliver(Message& message, Consumer& consumer) {
    constexpr std::uint32_t most_attempts = 255;
    backlog_.take(message);
    meter_.count(MessageEvent::delivered);
    if (message.deliveries > 0) meter_.count(MessageEvent::redelivered);
    ++message.deliveries;
    message.request.attempt =
        static_cast<std::uint8_t>(std::min(message.deliveries, most_attempts));
    meter_.in_flight(now(), 1);
    consumer.take_place();
    auto* const delivery = new Delivery{*this, consumer.port(), &consumer, message};
    if (message.on_disk) {
        front_.read_and_send(*delivery);
    } else {
        delivery->send();
    }
}

void Subscription::ended(Delivery& delivery, std::optional<Outcome> outcome) {
    delivery.give_up();
    Message& message = *delivery.message();
    Consumer* const consumer = delivery.consumer();
    if (!outcome || *outcome == Outcome::timed_out) message.uncertain = true;
    if (consumer == nullptr && outcome != Outcome::ok) {
        delivery.rest(config_.redelivery_delay);  // a dead letter does not get lost either
        return;
    }
    meter_.in_flight(now(), -1);
    delivery.forget_message();
    if (consumer != nullptr && outcome == Outcome::unreachable) {
        delivery.rest(config_.redelivery_delay);
    } else {
        if (consumer != nullptr) consumer->free_place();
        delete &delivery;
    }
    if (outcome == Outcome::ok) {
        settle(message, consumer == nullptr ? MessageEvent::dead_lettered : MessageEvent::acked);
    } else if (config_.delivery == DeliveryMode::at_most_once) {
        settle(message, MessageEvent::lost);
    } else if (config_.max_deliveries && message.deliveries >= *config_.max_deliveries) {
        meter_.in_flight(now(), 1);
        bury(message);
    } else {
        put_back(message, outcome ? config_.redelivery_delay : sim::Duration{});
    }
    pump();
}

void Subscription::rested(Delivery& delivery) {
    delivery.consumer()->free_place();
    delete &delivery;
    pump();
}

void Subscription::put_back(Message& message, sim::Duration pause) {
    if (message.too_old) {
        settle(message, MessageEvent::expired);
    } else if (pause > sim::Duration{}) {
        message.due = now() + pause;
        backlog_.delay(message);
        set_due_alarm();
    } else {
        backlog_.put(message, Backlog::End::front);
    }
}

void Subscription::bury(Message& message) {
    if (dead_letters_ != nullptr) {
        (new Delivery{*this, dead_letters_->port(), nullptr, message})->send();
        return;
    }
    meter_.in_flight(now(), -1);
    settle(message, MessageEvent::dead_lettered);
}

void Subscription::settle(Message& message, MessageEvent fate) {
    meter_.count(fate);
    meter_.depth(now(), -1);
    const sim::Duration stay = now() - message.published;
    stay_sum_ += stay.count();
    if (fate == MessageEvent::acked) meter_.age(stay);
    ledger_.settle(message.number, now(), message.uncertain);
    pressure_.settled(message.request.source);
    backlog_.remove(message);
}

bool Subscription::knows(const Request& request) {
    if (config_.delivery != DeliveryMode::effectively_once) return false;
    if (!ledger_.is_processed(request.id & number_mask)) return false;
    meter_.count(MessageEvent::duplicates);
    return true;
}

void Subscription::note_processed(const Request& request) {
    const bool is_first = ledger_.note_processed(request.id & number_mask);
    meter_.count(is_first ? MessageEvent::processed : MessageEvent::duplicates);
}

}  // namespace archsim::models
