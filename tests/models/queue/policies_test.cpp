// CoDel's control law to the nanosecond, and the other policies of queues one decision at a time.
#include "models/queue/orders.hpp"
#include "models/queue/pressures.hpp"
#include "models/queue/sheddings.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <deque>

using namespace archsim;
using namespace archsim::sim::literals;
using models::Message;
using models::Verdict;

namespace {

/// A line of messages that were published at given instants.
class Letters {
public:
    void add(sim::Duration published, sim::Duration useful_until = sim::Duration::hours(1)) {
        Message& message = messages_.emplace_back();
        message.published = sim::Instant::at(published);
        message.request.issued = message.published;
        message.useful_until = sim::Instant::at(useful_until);
    }
    [[nodiscard]] Message* head() { return messages_.empty() ? nullptr : &messages_.front(); }
    [[nodiscard]] std::uint64_t waiting() const { return messages_.size(); }
    void drop(Message&) {
        messages_.pop_front();
        ++dropped;
    }
    int dropped = 0;

private:
    std::deque<Message> messages_;
};

sim::Instant at(std::int64_t nanoseconds) {
    return sim::Instant::at(sim::Duration::nanoseconds(nanoseconds));
}

}  // namespace

TEST_SUITE("codel") {
    // Worked by hand from RFC 8289 with target 5 ms and interval 100 ms: the first late message is
    // seen at 10 ms; the first drop may come an interval later, at 110 ms; each further one an
    // interval / sqrt(count) after the last: 100 ms, 70.710678 ms, 57.735027 ms, 50 ms ...
    constexpr std::int64_t drops[] = {110'000'000, 210'000'000, 280'710'678, 338'445'705,
                                      388'445'705};

    TEST_CASE("drops come at the instants of the control law") {
        models::CoDel codel{{}};
        Letters line;
        for (int i = 0; i < 100; ++i) line.add({});
        static_cast<void>(codel.next(at(10'000'000), line));
        int expected = 0;
        for (const std::int64_t instant : drops) {
            static_cast<void>(codel.next(at(instant - 1), line));
            CHECK(line.dropped == expected);
            CHECK(codel.next(at(instant), line) != nullptr);
            CHECK(line.dropped == ++expected);
        }
    }

    TEST_CASE("one message in good time ends the dropping, and its pace comes back soon after") {
        models::CoDel codel{{}};
        Letters line;
        for (int i = 0; i < 6; ++i) line.add({});
        static_cast<void>(codel.next(at(10'000'000), line));
        for (const std::int64_t instant : drops) static_cast<void>(codel.next(at(instant), line));
        CHECK(line.dropped == 5);
        Letters good;
        good.add(390_ms);
        good.add(390_ms);
        static_cast<void>(codel.next(at(391'000'000), good));
        CHECK(good.dropped == 0);
        // Late again: above the target from 400 ms on, so the first drop is at 500 ms. The count
        // goes on from 5 - 1 = 4 drops of the last time: the next drop 100 / sqrt(4) = 50 ms later.
        Letters late;
        for (int i = 0; i < 10; ++i) late.add(200_ms);
        static_cast<void>(codel.next(at(400'000'000), late));
        static_cast<void>(codel.next(at(500'000'000), late));
        CHECK(late.dropped == 1);
        static_cast<void>(codel.next(at(549'999'999), late));
        CHECK(late.dropped == 1);
        static_cast<void>(codel.next(at(550'000'000), late));
        CHECK(late.dropped == 2);
    }

    TEST_CASE("the last message in line is never dropped") {
        models::CoDel codel{{}};
        Letters line;
        line.add({});
        for (std::int64_t ms = 10; ms < 1000; ms += 10) {
            CHECK(codel.next(at(ms * 1'000'000), line) != nullptr);
        }
        CHECK(line.dropped == 0);
    }
}

TEST_SUITE("queue policies") {
    TEST_CASE("deadline shedding drops what nobody waits for, from its last instant on") {
        models::DeadlineShedding shedding{{.useful_for = 2_s}};
        Letters line;
        line.add(0_s);
        line.add(1_s);
        line.add(2_s, 2500_ms);
        line.add(2_s);
        CHECK(shedding.next(sim::Instant::at(2_s) - 1_ns, line)->published == at(0));
        CHECK(shedding.next(sim::Instant::at(2_s), line)->published == sim::Instant::at(1_s));
        CHECK(line.dropped == 1);
        CHECK(shedding.next(sim::Instant::at(3_s), line) != nullptr);
        CHECK(line.dropped == 3);
        CHECK(shedding.next(sim::Instant::at(4_s), line) == nullptr);
        CHECK(line.dropped == 4);
    }

    TEST_CASE("adaptive lifo turns round while the oldest message is too old") {
        const models::AdaptiveLifo order{{.older_than = 50_ms}};
        CHECK_FALSE(order.is_newest_first(50_ms));
        CHECK(order.is_newest_first(50_ms + 1_ns));
    }

    TEST_CASE("credit counts the unsettled messages of each producer") {
        models::Credit credit{{.credits = 2}};
        credit.accepted(1);
        CHECK(credit.verdict({.full = false, .producer = 1}) == Verdict::accept);
        credit.accepted(1);
        CHECK(credit.verdict({.full = false, .producer = 1}) == Verdict::wait);
        CHECK(credit.verdict({.full = false, .producer = 2}) == Verdict::accept);
        CHECK(credit.verdict({.full = true, .producer = 2}) == Verdict::wait);
        credit.settled(1);
        CHECK(credit.verdict({.full = false, .producer = 1}) == Verdict::accept);
    }

    TEST_CASE("rate adaption adds after a good interval and halves after a bad one") {
        models::RateAdaption rate{{.initial = sim::Rate::per_second(10.0),
                                   .increase = sim::Rate::per_second(2.0),
                                   .target = 5}};
        CHECK(rate.pace(sim::Instant::at(0_s), 0) == 0_ns);
        CHECK(rate.pace(sim::Instant::at(0_s), 0) == 100_ms);
        CHECK(rate.pace(sim::Instant::at(50_ms), 0) == 150_ms);
        static_cast<void>(rate.pace(sim::Instant::at(1_s), 5));
        CHECK(rate.rate() == 12.0);
        static_cast<void>(rate.pace(sim::Instant::at(1500_ms), 6));  // within the interval
        CHECK(rate.rate() == 12.0);
        static_cast<void>(rate.pace(sim::Instant::at(2_s), 6));
        CHECK(rate.rate() == 6.0);
        for (int second = 3; second < 10; ++second) {
            static_cast<void>(rate.pace(sim::Instant::at(sim::Duration::seconds(second)), 6));
        }
        CHECK(rate.rate() == 1.0);  // the least
    }
}
