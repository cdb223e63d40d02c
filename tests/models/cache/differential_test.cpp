// Random reads, writes of other sizes, invalidations and crashes: every policy has the same victims
// as its naive reference, step by step.
#include "models/cache/evictions.hpp"
#include "models/cache/store.hpp"
#include "sim/rng.hpp"
#include "tests/models/cache/naive.hpp"
#include "tests/models/cache/naive_segments.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

namespace archsim::tests {

namespace {

namespace cache = models::cache;
using cache::Capacity;
using Unit = Capacity::Unit;

constexpr int steps = 3'000;

/// One store beside its reference, and the payloads that were written last.
template <typename Policy>
class Pair {
public:
    Pair(Capacity capacity, const typename Policy::Config& config, Naive& naive, std::uint64_t seed)
        : store_{capacity, Policy{config, cache::Setting{capacity.amount, 1}}},
          naive_{naive},
          rng_{seed} {}

    void run() {
        for (int step = 0; step < steps && same_; ++step) {
            CAPTURE(step);
            take_step();
            same_ =
                same_ && store_.count() == naive_.count() && store_.occupied() == naive_.occupied();
            REQUIRE(same_);
        }
        CHECK(same_);
    }

private:
    void take_step() {
        const std::uint64_t key = rng_.below(2) == 0 ? rng_.below(8) : rng_.below(40);
        const std::uint64_t what = rng_.below(1'000);
        if (what < 3) {
            store_.clear();
            naive_.clear();
        } else if (what < 80) {
            const bool was_there = naive_.contains(key);
            if (was_there) naive_.erase(key);
            same_ = store_.erase(key) == was_there;
        } else if (what < 100) {
            refuse(key);
        } else if (what < 200) {
            write(key);
        } else if (naive_.contains(key)) {
            const std::uint64_t* const payload = store_.find(key);
            same_ = payload != nullptr && *payload == written_[key];
            naive_.use(key);
        } else {
            same_ = store_.find(key) == nullptr;
            write(key);
        }
    }
    void write(std::uint64_t key) {
        const std::uint64_t most = store_.capacity().amount;
        const std::uint64_t size = std::min(1 + rng_.below(4) * rng_.below(3), most);
        const std::uint64_t weight = store_.capacity().weight(size);
        Keys victims;
        written_[key] = ++version_;
        store_.put(key, size, version_,
                   [&](std::uint64_t victim, std::uint64_t, std::uint64_t& payload) {
                       same_ = same_ && payload == written_[victim];
                       victims.push_back(victim);
                   });
        same_ = same_ && victims == naive_.put(key, weight);
    }
    /// A write larger than the whole cache drops the key. Only a cache of bytes refuses.
    void refuse(std::uint64_t key) {
        if (store_.capacity().unit == Unit::entries) return;
        const std::uint64_t size = store_.capacity().amount + 1;
        same_ =
            store_.put(key, size, ++version_) == cache::Put::refused && store_.peek(key) == nullptr;
        if (naive_.contains(key)) naive_.erase(key);
    }

    cache::Store<Policy, std::uint64_t> store_;
    Naive& naive_;
    sim::Rng rng_;
    std::map<std::uint64_t, std::uint64_t> written_;
    std::uint64_t version_ = 0;
    bool same_ = true;
};

/// Runs caches of several capacities in both units beside `make(capacity)`.
template <typename Policy, typename Make>
void compare(const typename Policy::Config& config, Make make) {
    std::uint64_t seed = 1;
    for (const Unit unit : {Unit::entries, Unit::bytes}) {
        for (const std::uint64_t amount : {1U, 3U, 10U, 30U}) {
            CAPTURE(amount);
            CAPTURE(unit == Unit::bytes);
            auto naive = make(amount);
            Pair<Policy>{Capacity{unit, amount}, config, naive, ++seed}.run();
        }
    }
}

/// floor(part * whole), as shares are stated.
std::uint64_t part(double share, std::uint64_t whole) {
    return static_cast<std::uint64_t>(share * static_cast<double>(whole));
}
std::uint64_t some(double share, std::uint64_t whole) {
    return std::max<std::uint64_t>(part(share, whole), 1);
}

}  // namespace

TEST_SUITE("cache eviction") {
    TEST_CASE("lru and fifo have the victims of a search through stamps") {
        compare<cache::Lru>({}, [](std::uint64_t c) { return NaiveLru{c}; });
        compare<cache::Fifo>({}, [](std::uint64_t c) { return NaiveFifo{c}; });
    }
    TEST_CASE("lfu with and without aging has the victims of a search for the smallest count") {
        for (const std::int64_t aging : {0, 1, 3, 10}) {
            compare<cache::Lfu>({.aging = aging}, [aging](std::uint64_t c) {
                return NaiveLfu{c, static_cast<std::uint64_t>(aging)};
            });
        }
    }
    TEST_CASE("clock and sieve have the victims of a walk over the queue") {
        compare<cache::Clock>({}, [](std::uint64_t c) { return NaiveClock{c, 1, 0}; });
        compare<cache::Clock>({.bits = 2, .mark_on_insert = true}, [](std::uint64_t c) {
            return NaiveClock{c, 3, 1};
        });
        compare<cache::Sieve>({}, [](std::uint64_t c) { return NaiveSieve{c}; });
    }
    TEST_CASE("slru has the victims of stamped segments") {
        compare<cache::Slru>({}, [](std::uint64_t c) { return NaiveSlru{c, 1, some(0.8, c)}; });
        compare<cache::Slru>({.protected_share = sim::Probability{0.75}, .protected_segments = 3},
                             [](std::uint64_t c) {
                                 return NaiveSlru{c, 3, some(0.25, c)};
                             });
    }
    TEST_CASE("two_q has the victims of its two queues and its memory") {
        compare<cache::TwoQ>({}, [](std::uint64_t c) {
            return NaiveTwoQ{c, part(0.25, c), part(0.5, c)};
        });
    }
    TEST_CASE("arc has the victims of its four lists") {
        compare<cache::Arc>({}, [](std::uint64_t c) { return NaiveArc{c}; });
    }
    TEST_CASE("s3_fifo has the victims of its three queues") {
        for (const std::int64_t uses : {1, 2}) {
            compare<cache::S3Fifo>({.uses_to_stay = uses}, [uses](std::uint64_t c) {
                return NaiveS3Fifo{c, c - some(0.1, c), some(0.9, c),
                                   static_cast<std::uint64_t>(uses)};
            });
        }
    }
    TEST_CASE("w_tinylfu has the victims of exact counts while keys are few") {
        for (const std::int64_t sample : {1, 10}) {
            // The sketch provides for 64 objects at least.
            const auto period = static_cast<std::uint64_t>(64 * sample);
            compare<cache::WTinyLfu>(
                {.window_share = sim::Probability{0.2}, .sample = sample},
                [period](std::uint64_t c) {
                    const std::uint64_t window = some(0.2, c);
                    return NaiveTinyLfu{c, window, some(0.8, c - window), period};
                });
        }
    }
}

}  // namespace archsim::tests
