// Spans by request, until the request ends.
#include "models/span_log.hpp"

namespace archsim::models {

void SpanLog::started(const Request& request) { open_[request.id].request = request; }

void SpanLog::finished(const Request& request, Outcome outcome, sim::Instant now) {
    const auto place = open_.find(request.id);
    if (place == open_.end()) return;
    Journey& journey = place->second;
    journey.outcome = outcome;
    journey.ended = now;
    listener_(journey);
    open_.erase(place);
}

std::uint32_t SpanLog::sent(const Request& request, const Node& from, const Node& to,
                            sim::Instant now) {
    const auto place = open_.find(request.id);
    if (place == open_.end()) return 0;
    std::vector<TrySpan>& tries = place->second.tries;
    tries.push_back({.from = &from, .to = &to, .attempt = request.attempt, .sent = now});
    return static_cast<std::uint32_t>(tries.size());
}

TrySpan* SpanLog::find(const Request& request, std::uint32_t number) {
    if (number == 0) return nullptr;
    const auto place = open_.find(request.id);
    return place == open_.end() ? nullptr : &place->second.tries[number - 1];
}

void SpanLog::delivered(const Request& request, std::uint32_t number, sim::Instant now) {
    if (TrySpan* const span = find(request, number)) span->delivered = now;
}

void SpanLog::replied(const Request& request, std::uint32_t number, sim::Instant now) {
    if (TrySpan* const span = find(request, number)) span->replied = now;
}

void SpanLog::ended(const Request& request, std::uint32_t number, std::optional<Outcome> outcome,
                    sim::Instant now) {
    TrySpan* const span = find(request, number);
    if (span == nullptr || span->ended) return;
    span->ended = now;
    span->outcome = outcome;
}

void SpanLog::worked(const Request& request, const Node& at, sim::Duration waiting,
                     sim::Duration service, sim::Instant now) {
    const auto place = open_.find(request.id);
    if (place == open_.end()) return;
    place->second.work.push_back({&at, now - service - waiting, now - service, now});
}

}  // namespace archsim::models
