// Envelopes on their way.
#include "models/database/post.hpp"

#include "models/database/consensus_letter.hpp"
#include "models/database/letter.hpp"

#include <algorithm>
#include <optional>

namespace archsim::models {

/// A letter with its way. Lives until it is delivered or lost.
template <class Text>
class Post<Text>::Envelope final : public sim::Event, public sim::Pooled {
public:
    Envelope(Post& office, std::size_t from, std::size_t to, const Text& text, const Handling& how)
        : Event{&Envelope::next_stage, office.tag_},
          post{office},
          sender{from},
          receiver{to},
          letter{text},
          handling{how},
          sender_life{office.correspondents_[from]->life()} {
        next_ = office.envelopes_;
        if (next_ != nullptr) next_->previous_ = this;
        office.envelopes_ = this;
    }
    ~Envelope() {
        (previous_ != nullptr ? previous_->next_ : post.envelopes_) = next_;
        if (next_ != nullptr) next_->previous_ = previous_;
    }

    Post& post;
    std::size_t sender;
    std::size_t receiver;
    Text letter;
    Handling handling;
    std::uint32_t sender_life;
    std::uint32_t receiver_life = 0;
    enum class Stage : std::uint8_t { held, travelling, processed } stage = Stage::held;

private:
    static void next_stage(sim::Event& event) {
        auto& envelope = static_cast<Envelope&>(event);
        switch (envelope.stage) {
            case Stage::held:
                envelope.post.depart(envelope);
                return;
            case Stage::travelling:
                envelope.post.arrive(envelope);
                return;
            case Stage::processed:
                envelope.post.deliver(envelope);
                return;
        }
    }
    Envelope* next_ = nullptr;
    Envelope* previous_ = nullptr;
};

template <class Text>
Post<Text>::~Post() {
    while (envelopes_ != nullptr) delete envelopes_;
}

template <class Text>
std::size_t Post<Text>::add(Correspondent<Text>& correspondent) {
    const std::size_t number = correspondents_.size();
    correspondents_.push_back(&correspondent);
    lines_.emplace_back();
    for (std::size_t other = 0; other < number; ++other) {
        Correspondent<Text>& before = *correspondents_[other];
        lines_[other].emplace_back().link = &network_.connect(before, correspondent, plain_);
        lines_[number].emplace_back().link = &network_.connect(correspondent, before, plain_);
    }
    lines_[number].emplace_back();
    return number;
}

template <class Text>
sim::Instant Post<Text>::in_order(sim::Instant& last, sim::Instant wanted) {
    last = std::max(last, wanted);
    return last;
}

template <class Text>
void Post<Text>::send(std::size_t from, std::size_t to, const Text& letter,
                      const Handling& handling) {
    auto* const envelope = new Envelope{*this, from, to, letter, handling};
    const sim::Instant now = simulation_.now();
    const sim::Instant departure = in_order(line(from, to).last_departure, now + handling.hold);
    if (departure == now) {
        depart(*envelope);
    } else {
        simulation_.schedule(*envelope, departure);
    }
}

template <class Text>
void Post<Text>::depart(Envelope& envelope) {
    const Correspondent<Text>& sender = *correspondents_[envelope.sender];
    if (!sender.is_up() || sender.life() != envelope.sender_life) {
        delete &envelope;
        return;
    }
    if (waits_for(sender, envelope)) return;
    Track& way = line(envelope.sender, envelope.receiver);
    const std::optional<sim::Duration> delay =
        send_over(*way.link, way.link->out, sim::Bytes{}, simulation_.now(), rng_);
    if (!delay) {
        delete &envelope;
        return;
    }
    envelope.stage = Envelope::Stage::travelling;
    simulation_.schedule(envelope, in_order(way.last_arrival, simulation_.now() + *delay));
}

template <class Text>
bool Post<Text>::waits_for(const Correspondent<Text>& node, Envelope& envelope) {
    const sim::Instant wakes = node.paused_until();
    if (wakes <= simulation_.now()) return false;
    if (wakes == sim::Instant::never()) {
        delete &envelope;
    } else {
        simulation_.schedule(envelope, wakes);
    }
    return true;
}

template <class Text>
void Post<Text>::arrive(Envelope& envelope) {
    const Correspondent<Text>& receiver = *correspondents_[envelope.receiver];
    if (!receiver.is_up()) {
        delete &envelope;
        return;
    }
    if (waits_for(receiver, envelope)) return;
    const sim::Instant now = simulation_.now();
    Track& way = line(envelope.sender, envelope.receiver);
    const sim::Instant done = in_order(way.last_delivery, now + envelope.handling.process);
    envelope.receiver_life = receiver.life();
    if (done == now) {
        deliver(envelope);
        return;
    }
    envelope.stage = Envelope::Stage::processed;
    simulation_.schedule(envelope, done);
}

template <class Text>
void Post<Text>::deliver(Envelope& envelope) {
    Correspondent<Text>& receiver = *correspondents_[envelope.receiver];
    const bool is_there = receiver.is_up() && receiver.life() == envelope.receiver_life;
    const Text letter = envelope.letter;
    const std::size_t from = envelope.sender;
    delete &envelope;
    if (is_there) receiver.receive(letter, from);
}

template <class Text>
double Post<Text>::mean_delay(std::size_t from, std::size_t to) const {
    return network_.mean_delay(correspondents_[from]->region(), correspondents_[to]->region());
}

template class Post<Letter>;
template class Post<ConsensusLetter>;

}  // namespace archsim::models
