// The pending-event set against a plain model: sorted by (time, order), with cancellations.
#include "sim/event_queue.hpp"

#include "sim/simulation.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <deque>
#include <map>
#include <utility>
#include <vector>

using namespace archsim::sim;
using namespace archsim::sim::literals;

namespace {

struct Note : Event {
    Note(std::vector<int>& l, int i) : Event{&fired}, log{l}, id{i} {}
    static void fired(Event& event) {
        auto& note = static_cast<Note&>(event);
        note.log.push_back(note.id);
    }
    std::vector<int>& log;
    int id;
};

/// A small generator for the test alone (Lehmer), so that the test does not use what it tests.
struct Dice {
    std::uint64_t state = 88172645463325252u;
    std::uint64_t below(std::uint64_t n) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return state % n;
    }
};

void drain(EventQueue& queue, Instant until) {
    while (queue.fire_next(until, [](Instant, const Event&) {})) {
    }
}

}  // namespace

TEST_SUITE("sim: event queue") {
    TEST_CASE("events fire by time, and by order of scheduling at one instant") {
        std::vector<int> log;
        Note a{log, 1}, b{log, 2}, c{log, 3}, d{log, 4};
        EventQueue queue;
        queue.schedule(a, Instant::at(5_ms));
        queue.schedule(b, Instant::at(1_ms));
        queue.schedule(c, Instant::at(5_ms));
        queue.schedule(d, Instant::origin());
        drain(queue, Instant::at(4_ms));
        CHECK(log == std::vector<int>{4, 2});
        CHECK(queue.now() == Instant::at(4_ms));
        drain(queue, Instant::at(5_ms));
        CHECK(log == std::vector<int>{4, 2, 1, 3});
        CHECK(queue.size() == 0);
    }

    TEST_CASE("an event scheduled for now runs after those already due now") {
        std::vector<int> log;
        EventQueue queue;
        struct Chain : Event {
            Chain(EventQueue& q, Note& n, std::vector<int>& l)
                : Event{&go}, queue{q}, next{n}, log{l} {}
            static void go(Event& event) {
                auto& chain = static_cast<Chain&>(event);
                chain.log.push_back(0);
                chain.queue.schedule(chain.next, chain.queue.now());
            }
            EventQueue& queue;
            Note& next;
            std::vector<int>& log;
        };
        Note later{log, 9}, due{log, 1};
        Chain chain{queue, later, log};
        queue.schedule(chain, Instant::at(1_ms));
        queue.schedule(due, Instant::at(1_ms));
        drain(queue, Instant::at(1_ms));
        CHECK(log == std::vector<int>{0, 1, 9});
    }

    TEST_CASE("a destroyed or cancelled event never fires and can be scheduled again") {
        std::vector<int> log;
        EventQueue queue;
        Note kept{log, 1};
        {
            Note doomed{log, 2};
            queue.schedule(doomed, Instant::at(1_ms));
        }
        queue.schedule(kept, Instant::at(2_ms));
        kept.cancel();
        kept.cancel();
        CHECK_FALSE(kept.pending());
        CHECK(queue.next_time() == Instant::never());
        queue.schedule(kept, Instant::at(3_ms));
        drain(queue, Instant::at(9_ms));
        CHECK(log == std::vector<int>{1});
    }

    TEST_CASE("random schedules and cancellations agree with a sorted map") {
        std::vector<int> log;
        std::vector<int> expected;
        std::deque<Note> notes;
        for (int i = 0; i < 500; ++i) notes.emplace_back(log, i);
        EventQueue queue;
        std::map<std::pair<std::int64_t, std::uint64_t>, int> model;
        std::vector<std::pair<std::int64_t, std::uint64_t>> key_of(notes.size());
        Dice dice;
        std::uint64_t order = 0;
        for (int step = 0; step < 60'000; ++step) {
            const auto i = static_cast<std::size_t>(dice.below(notes.size()));
            if (notes[i].pending()) {
                if (dice.below(3) != 0) continue;
                notes[i].cancel();
                model.erase(key_of[i]);
            } else {
                const auto wait =
                    static_cast<std::int64_t>(dice.below(4) == 0 ? 0 : dice.below(40));
                const Instant when = queue.now() + Duration::nanoseconds(wait);
                queue.schedule(notes[i], when);
                key_of[i] = {when.count(), order++};
                model.emplace(key_of[i], static_cast<int>(i));
            }
            if (dice.below(2) == 0 && !model.empty()) {
                const std::size_t before = log.size();
                const Instant next = queue.next_time();
                while (log.size() == before &&
                       queue.fire_next(Instant::never(), [](Instant, const Event&) {})) {
                }
                CHECK(next.count() <= model.begin()->first.first);
                expected.push_back(model.begin()->second);
                model.erase(model.begin());
            }
            REQUIRE(queue.size() == model.size());
        }
        CHECK(log == expected);
        CHECK(log.size() > 10'000);
    }

    TEST_CASE("the clock stops at the deadline and a run can be continued") {
        std::vector<int> log;
        Simulation simulation{7};
        Note a{log, 1};
        simulation.schedule_in(a, 5_ms);
        CHECK(simulation.run_until(Instant::at(2_ms)) == RunEnd::deadline);
        CHECK(simulation.now() == Instant::at(2_ms));
        CHECK(log.empty());
        CHECK(simulation.run_until(Instant::at(9_ms)) == RunEnd::deadline);
        CHECK(log == std::vector<int>{1});
        CHECK(simulation.events() == 1);
    }

    TEST_CASE("endless events at one instant end the run as stuck, and too many as a limit") {
        struct Again : Event {
            Again(Simulation& s, Duration d) : Event{&go}, simulation{s}, gap{d} {}
            static void go(Event& event) {
                auto& again = static_cast<Again&>(event);
                again.simulation.schedule_in(again, again.gap);
            }
            Simulation& simulation;
            Duration gap;
        };
        Simulation zeno{1, Limits{.events = 1'000'000, .events_per_instant = 1'000}};
        Again still{zeno, 0_ms};
        zeno.schedule_in(still, 1_ms);
        CHECK(zeno.run_until(Instant::at(1_s)) == RunEnd::stuck);
        Simulation many{1, Limits{.events = 100, .events_per_instant = 1'000}};
        Again moving{many, 1_ms};
        many.schedule_in(moving, 1_ms);
        CHECK(many.run_until(Instant::at(1_s)) == RunEnd::event_limit);
        CHECK(many.events() == 100);
        Simulation full{1, Limits{.pending = 2}};
        Again one{full, 1_ms};
        Again two{full, 1_ms};
        Again three{full, 1_ms};
        full.schedule_in(one, 1_ms);
        full.schedule_in(two, 2_ms);
        CHECK(full.run_until(Instant::at(10_ms)) == RunEnd::deadline);
        full.schedule_in(three, 3_ms);
        CHECK(full.run_until(Instant::at(1_s)) == RunEnd::crowded);
    }

    TEST_CASE("one event more, or at another instant, changes the fingerprint") {
        const auto run = [](Duration first, bool second) {
            std::vector<int> log;
            Simulation simulation{1};
            Note a{log, 1}, b{log, 2};
            simulation.schedule_in(a, first);
            if (second) simulation.schedule_in(b, 9_ms);
            simulation.run_until(Instant::at(1_s));
            return simulation.fingerprint();
        };
        CHECK(run(1_ms, true) == run(1_ms, true));
        CHECK(run(1_ms, true) != run(1_ms, false));
        CHECK(run(1_ms, true) != run(2_ms, true));
    }
}
