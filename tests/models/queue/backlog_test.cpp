// The order in which messages leave a backlog, and what it counts.
#include "models/queue/backlog.hpp"

#include "models/queue/ledger.hpp"
#include "sim/units.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace archsim;
using namespace archsim::sim::literals;
using models::Backlog;
using models::Ledger;
using models::Message;
using End = Backlog::End;

namespace {

Message& put(Backlog& backlog, std::uint64_t number, std::uint64_t key = 0,
             std::uint8_t priority = 0) {
    models::Request request;
    request.key = key;
    request.priority = priority;
    request.size = sim::Bytes{100};
    Message& message = backlog.add(request);
    message.number = number;
    backlog.put(message, End::back);
    return message;
}

/// Takes and settles everything from one end; the numbers in order.
std::vector<std::uint64_t> drain(Backlog& backlog, End end) {
    std::vector<std::uint64_t> numbers;
    while (Message* const message = backlog.head(end)) {
        numbers.push_back(message->number);
        backlog.take(*message);
        backlog.remove(*message);
    }
    return numbers;
}

using Numbers = std::vector<std::uint64_t>;

}  // namespace

TEST_SUITE("queue backlog") {
    TEST_CASE("messages leave from the end that is asked for") {
        Backlog backlog{{}};
        for (std::uint64_t n = 1; n <= 4; ++n) put(backlog, n);
        CHECK(backlog.head(End::back)->number == 4);
        CHECK(drain(backlog, End::front) == Numbers{1, 2, 3, 4});
        for (std::uint64_t n = 1; n <= 4; ++n) put(backlog, n);
        CHECK(drain(backlog, End::back) == Numbers{4, 3, 2, 1});
    }

    TEST_CASE("the most urgent go first and equals in order") {
        Backlog backlog{{.by_urgency = true}};
        put(backlog, 1, 0, 1);
        put(backlog, 2, 0, 5);
        put(backlog, 3, 0, 1);
        put(backlog, 4, 0, 5);
        put(backlog, 5, 0, 0);
        CHECK(drain(backlog, End::front) == Numbers{2, 4, 1, 3, 5});
    }

    TEST_CASE("a lane delivers nothing while one of its messages is out") {
        Backlog backlog{{.lanes = 1, .in_order = true}};
        Message& first = put(backlog, 1);
        put(backlog, 2);
        backlog.take(first);
        CHECK(backlog.head(End::front) == nullptr);
        SUBCASE("until it is settled") {
            backlog.remove(first);
            CHECK(backlog.head(End::front)->number == 2);
        }
        SUBCASE("also while it waits for its next delivery, and then it comes first") {
            first.due = sim::Instant::at(1_s);
            backlog.delay(first);
            CHECK(backlog.head(End::front) == nullptr);
            backlog.put(first, End::front);
            CHECK(drain(backlog, End::front) == Numbers{1, 2});
        }
        SUBCASE("or removed while it waits for its next delivery") {
            first.due = sim::Instant::at(1_s);
            backlog.delay(first);
            backlog.remove(first);
            CHECK(drain(backlog, End::front) == Numbers{2});
        }
    }

    TEST_CASE("messages of one key stay in one lane, and lanes take turns") {
        Backlog backlog{{.lanes = 8, .in_order = true}};
        for (std::uint64_t n = 0; n < 64; ++n) put(backlog, n, n % 4);
        std::vector<Message*> out;
        while (Message* const message = backlog.head(End::front)) {
            backlog.take(*message);
            out.push_back(message);
        }
        // One message of each lane that has any is out, the first of its lane.
        for (std::size_t i = 0; i < out.size(); ++i) {
            CHECK(out[i]->number < 4);
            for (std::size_t j = 0; j < i; ++j) CHECK(out[i]->lane != out[j]->lane);
        }
        CHECK(out.size() >= 2);
        CHECK(backlog.delivered() == out.size());
        for (Message* const message : out) backlog.remove(*message);
        std::vector<std::uint64_t> last_of_key(4, 0);
        for (const std::uint64_t number : drain(backlog, End::front)) {
            CHECK(number >= last_of_key[number % 4]);
            last_of_key[number % 4] = number;
        }
        CHECK(backlog.present() == 0);
    }

    TEST_CASE("counts follow every change of place") {
        Backlog backlog{{}};
        Message& first = put(backlog, 1);
        Message& second = put(backlog, 2);
        CHECK(backlog.bytes_in_memory() == 200);
        backlog.move_to_disk(second);
        CHECK(backlog.in_memory() == 1);
        CHECK(backlog.bytes_in_memory() == 100);
        backlog.take(first);
        CHECK(backlog.present() == 2);
        CHECK(backlog.waiting() == 1);
        CHECK(backlog.oldest() == &first);
        CHECK(backlog.oldest_undelivered() == &second);
        second.due = sim::Instant::at(2_s);
        backlog.delay(second);
        CHECK(backlog.first_due() == &second);
        CHECK(backlog.waiting() == 0);
        backlog.remove(second);
        CHECK(backlog.first_due() == nullptr);
        backlog.remove(first);
        CHECK(backlog.present() == 0);
        CHECK(backlog.in_memory() == 0);
        CHECK(backlog.bytes_in_memory() == 0);
        CHECK(backlog.oldest() == nullptr);
        CHECK(backlog.newest() == nullptr);
    }
}

TEST_SUITE("queue ledger") {
    TEST_CASE("work is known as done from the first time on") {
        Ledger ledger{1_s};
        ledger.open(7);
        CHECK_FALSE(ledger.is_processed(7));
        CHECK(ledger.note_processed(7));
        CHECK(ledger.is_processed(7));
        CHECK_FALSE(ledger.note_processed(7));
    }

    TEST_CASE("a settled record goes at once, one that is uncertain is remembered") {
        Ledger ledger{10_s};
        for (std::uint64_t n = 0; n < 3; ++n) {
            ledger.open(n);
            static_cast<void>(ledger.note_processed(n));
        }
        ledger.settle(0, sim::Instant::at(1_s), false);
        CHECK(ledger.size() == 2);
        ledger.settle(1, sim::Instant::at(1_s), true);
        CHECK(ledger.is_processed(1));
        ledger.settle(2, sim::Instant::at(11_s) - 1_ns, false);
        CHECK(ledger.is_processed(1));
        ledger.open(3);
        ledger.settle(3, sim::Instant::at(11_s), false);
        CHECK(ledger.size() == 0);
        CHECK_FALSE(ledger.is_processed(1));
        CHECK_FALSE(ledger.note_processed(1));  // nobody knows any more
    }

    TEST_CASE("numbers that are left out take no room for long") {
        Ledger ledger{1_s};
        ledger.open(5);
        ledger.open(100);
        CHECK(ledger.size() == 96);
        ledger.settle(5, sim::Instant::at(1_s), false);
        CHECK(ledger.size() == 1);
        CHECK(ledger.note_processed(100));
    }
}
