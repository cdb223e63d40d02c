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
    Envelope(Post& office, std::size_t from, std::size_t to, const Text& text)
        : Event{&Envelope::next_stage, office.tag_},
          post{office},
          sender{from},
          receiver{to},
          letter{text},
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
    std::uint32_t sender_life;
    bool is_travelling = false;

private:
    static void next_stage(sim::Event& event) {
        auto& envelope = static_cast<Envelope&>(event);
        if (envelope.is_travelling) {
            envelope.post.arrive(envelope);
        } else {
            envelope.post.depart(envelope);
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
void Post<Text>::send(std::size_t from, std::size_t to, const Text& letter, sim::Duration hold) {
    auto* const envelope = new Envelope{*this, from, to, letter};
    const sim::Instant now = simulation_.now();
    const sim::Instant departure = in_order(line(from, to).last_departure, now + hold);
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
    envelope.is_travelling = true;
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
    Correspondent<Text>& receiver = *correspondents_[envelope.receiver];
    if (receiver.is_up() && waits_for(receiver, envelope)) return;
    const bool is_there = receiver.is_up();
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
