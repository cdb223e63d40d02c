// Heartbeats, elections and promotions.
#include "models/database/detector.hpp"

#include "models/database/member.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace archsim::models {

Detector::Detector(ReplicaGroup& group, Component& owner, std::string name)
    : Correspondent<Letter>{owner, std::move(name)},
      group_{group},
      config_{*group.config().failover},
      answers_(static_cast<std::size_t>(group.config().replicas) + 1),
      look_{*this, [](sim::Event& e) { static_cast<Timer&>(e).detector.look(); },
            group.context().number},
      end_of_round_{*this, [](sim::Event& e) { static_cast<Timer&>(e).detector.round_over(); },
                    group.context().number} {}

void Detector::start() {
    last_heard_ = group_.now();
    group_.simulation().schedule_in(look_, config_.timeout);
}

sim::Task<Response> Detector::serve(Request) {
    const Response nothing = Response::only(Outcome::rejected);  // it holds no data
    co_return nothing;
}

void Detector::on_crash() {
    end_life();
    look_.cancel();
    end_of_round_.cancel();
    is_electing_ = false;
}

void Detector::on_restart() { start(); }

void Detector::receive(const Letter& letter, std::size_t from) {
    if (letter.kind == Letter::Kind::heartbeat) {
        heard(letter, from);
    } else if (letter.kind == Letter::Kind::standing && is_electing_ && letter.sent == round_) {
        answers_[from] = Standing{letter.epoch, letter.last};
        const auto answered = std::ranges::count_if(
            answers_, [](const std::optional<Standing>& answer) { return answer.has_value(); });
        if (static_cast<std::size_t>(answered) == asked_) promote();
    }
}

void Detector::heard(const Letter& letter, std::size_t from) {
    if (letter.epoch < epoch_) return;  // of a primary that has been replaced
    if (letter.epoch > epoch_) {
        epoch_ = letter.epoch;
        primary_ = from;
        is_electing_ = false;
        end_of_round_.cancel();
        group_.failovers.add();
        group_.callers().announce(primary_, config_.redirect_delay);
    }
    // A primary that is about to be replaced gets no more time.
    if (is_electing_ && config_.fencing) return;
    last_heard_ = group_.now();
    if (!look_.pending() && !is_electing_) group_.simulation().schedule_in(look_, config_.timeout);
    Letter answer;
    answer.kind = Letter::Kind::lease;
    answer.epoch = epoch_;
    answer.sent = letter.sent;
    group_.post().send(group_.members().size(), from, answer);
}

void Detector::look() {
    const sim::Instant due = last_heard_ + config_.timeout;
    if (group_.now() < due) {
        group_.simulation().schedule(look_, due);
        return;
    }
    group_.outage(last_heard_);
    elect();
}

sim::Duration Detector::round_length() const {
    // Long enough for an answer from the farthest member, with a wide margin for random delays.
    double farthest = 0.0;
    for (std::size_t i = 0; i < group_.members().size(); ++i) {
        farthest = std::max(farthest, group_.post().mean_delay(group_.members().size(), i));
    }
    return std::max(config_.interval, sim::Duration::from_seconds(6.0 * farthest));
}

void Detector::elect() {
    is_electing_ = true;
    round_ = group_.now();
    std::ranges::fill(answers_, std::nullopt);
    Letter question;
    question.kind = Letter::Kind::stand;
    question.epoch = epoch_;
    question.sent = round_;
    asked_ = 0;
    for (std::size_t i = 0; i < group_.members().size(); ++i) {
        if (i == primary_ && !config_.fencing) continue;  // it is left in its belief
        ++asked_;
        group_.post().send(group_.members().size(), i, question);
    }
    group_.simulation().schedule_in(end_of_round_, round_length());
}

void Detector::round_over() {
    const bool is_decided = promoted_in_ == round_;
    if (!is_decided && knows_enough() && choice()) {
        promote();
        return;
    }
    elect();
}

bool Detector::knows_enough() const {
    const auto* const sync = std::get_if<SyncMode>(&group_.config().mode);
    std::size_t answers = 0;
    for (std::size_t i = 0; i < answers_.size(); ++i) {
        if (!answers_[i]) continue;
        if (i == primary_) return true;  // it has all that it has acknowledged
        ++answers;
    }
    const auto replicas = static_cast<std::size_t>(group_.config().replicas);
    const std::size_t holders = sync != nullptr ? group_.config().replicas_waited_for() : replicas;
    // Any `holders` of the replicas and these have one in common.
    return answers >= replicas - std::min(holders, replicas) + 1;
}

std::optional<std::size_t> Detector::choice() const {
    if (config_.promotion == Promotion::designated) {
        const auto wanted = static_cast<std::size_t>(config_.designated) + 1;
        if (wanted != primary_) return answers_[wanted] ? std::optional{wanted} : std::nullopt;
    }
    std::optional<std::size_t> best;
    const auto merit = [this](std::size_t i) {
        // Larger is better: nearness counts as the negative delay.
        const bool by_distance = config_.promotion == Promotion::nearest;
        const double nearness = by_distance ? -group_.post().mean_delay(primary_, i) : 0.0;
        const bool is_other = i != primary_;
        return by_distance ? std::tuple{is_other, nearness, answers_[i]->epoch, answers_[i]->last}
                           : std::tuple{true, 0.0, answers_[i]->epoch, answers_[i]->last};
    };
    for (std::size_t i = 0; i < answers_.size(); ++i) {
        if (answers_[i] && (!best || merit(*best) < merit(i))) best = i;
    }
    return best;
}

void Detector::promote() {
    const std::optional<std::size_t> chosen = choice();
    if (!chosen || !knows_enough()) return;  // the end of the round asks again
    promoted_in_ = round_;
    Letter order;
    order.kind = Letter::Kind::promote;
    order.epoch = epoch_;
    order.sent = round_;
    group_.post().send(group_.members().size(), *chosen, order);
    end_of_round_.cancel();
    group_.simulation().schedule_in(end_of_round_, round_length());
}

}  // namespace archsim::models
