// Keys moved when the membership changes, and imbalance: every placement scheme against theory.
// Shares are exact in expectation over random placements, so many rings are averaged.
#include "models/ring/bounded_load.hpp"
#include "models/ring/hash.hpp"
#include "models/ring/jump.hpp"
#include "models/ring/maglev.hpp"
#include "models/ring/modulo.hpp"
#include "models/ring/rendezvous.hpp"
#include "models/ring/ring.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

using namespace archsim::models;

namespace {

constexpr int key_count = 20'000;

std::vector<RingMember> named(std::uint32_t count, const std::string& prefix = "node") {
    std::vector<RingMember> members;
    for (std::uint32_t i = 0; i < count; ++i) {
        members.push_back({fmt::format("{}{}", prefix, i), 1.0, i});
    }
    return members;
}

struct Moved {
    double share = 0.0;       ///< Keys that changed owner, of all.
    double collateral = 0.0;  ///< Of all keys, those that neither left the old nor joined the new.
};

/// Compares two placements of the same keys; `changed` is the member that came or went.
template <class Before, class After>
Moved moved(Before before, After after, std::uint32_t changed) {
    Moved m;
    for (std::uint64_t key = 0; key < key_count; ++key) {
        const std::uint64_t hash = mix64(key + 1);
        const std::uint32_t a = before(hash);
        const std::uint32_t b = after(hash);
        if (a == b) continue;
        m.share += 1.0 / key_count;
        if (a != changed && b != changed) m.collateral += 1.0 / key_count;
    }
    return m;
}

/// Three standard errors of a share p of the keys.
double band_of(double p) { return 3.0 * std::sqrt(p * (1.0 - p) / key_count); }

auto jump_to(std::uint32_t n) {
    return [n](std::uint64_t hash) { return jump_hash(hash, n); };
}
auto modulo_to(std::uint32_t n) {
    return [n](std::uint64_t hash) { return modulo_hash(hash, n); };
}
auto rendezvous_over(const std::vector<RingMember>& members) {
    return [r = Rendezvous{members}](std::uint64_t hash) { return r.owner(hash).value(); };
}
auto ring_over(const std::vector<RingMember>& members, std::uint32_t points) {
    return [r = Ring{{RingPoints::own, points}, members}](std::uint64_t hash) {
        return r.points()[r.find(hash)].member;
    };
}

/// The exact share of each member of a ring: lengths of arcs over the length of the circle.
std::vector<double> arcs(const Ring& ring, std::size_t members) {
    std::vector<double> share(members, 0.0);
    std::uint64_t previous = ring.points().back().position;
    for (const Ring::Point& p : ring.points()) {
        share[p.member] += static_cast<double>(p.position - previous) * 0x1.0p-64;
        previous = p.position;
    }
    return share;
}

/// Coefficient of variation of the shares over many rings of differently named members.
double measured_cv(std::uint32_t members, std::uint32_t points, int rings) {
    double squares = 0.0;
    for (int r = 0; r < rings; ++r) {
        const Ring ring{{RingPoints::own, points}, named(members, fmt::format("r{}-", r))};
        for (const double share : arcs(ring, members)) {
            const double deviation = share * members - 1.0;
            squares += deviation * deviation;
        }
    }
    return std::sqrt(squares / (double(rings) * members));
}

}  // namespace

TEST_SUITE("keys moved and imbalance") {
    TEST_CASE("modulo moves n of n+1 keys on a join and n-1 of n on a leave") {
        for (const std::uint32_t n : {4U, 10U, 100U}) {
            const double join = double(n) / (n + 1);
            CHECK(moved(modulo_to(n), modulo_to(n + 1), n).share ==
                  doctest::Approx(join).epsilon(band_of(join) / join));
            const double leave = double(n - 1) / n;
            CHECK(moved(modulo_to(n), modulo_to(n - 1), n - 1).share ==
                  doctest::Approx(leave).epsilon(band_of(leave) / leave));
        }
    }

    TEST_CASE("weighted modulo gives each bucket a stretch as long as its weight") {
        const std::vector<double> weights = {1.0, 3.0, 0.0, 2.0};
        std::string owners;
        for (std::uint64_t hash = 0; hash < 12; ++hash) {
            owners += static_cast<char>('0' + weighted_modulo_hash(hash, weights));
        }
        CHECK(owners == "011133011133");
    }

    TEST_CASE("jump and rendezvous move one key in n+1 on a join, and none between old members") {
        for (const std::uint32_t n : {4U, 10U}) {
            const double ideal = 1.0 / (n + 1);
            const Moved jump = moved(jump_to(n), jump_to(n + 1), n);
            CHECK(std::abs(jump.share - ideal) < band_of(ideal));
            CHECK(jump.collateral == 0.0);
            const Moved hrw = moved(rendezvous_over(named(n)), rendezvous_over(named(n + 1)), n);
            CHECK(std::abs(hrw.share - ideal) < band_of(ideal));
            CHECK(hrw.collateral == 0.0);
        }
    }

    TEST_CASE("a leave moves exactly the keys of the leaver on rings and with rendezvous") {
        auto fewer = named(5);
        fewer.erase(fewer.begin() + 2);
        const Moved hrw = moved(rendezvous_over(named(5)), rendezvous_over(fewer), 2);
        CHECK(std::abs(hrw.share - 0.2) < band_of(0.2));
        CHECK(hrw.collateral == 0.0);

        const double share = arcs(Ring{{RingPoints::own, 160}, named(5)}, 5)[2];
        const Moved ring = moved(ring_over(named(5), 160), ring_over(fewer, 160), 2);
        CHECK(std::abs(ring.share - share) < band_of(share));
        CHECK(ring.collateral == 0.0);
    }

    TEST_CASE("a join takes keys only for the newcomer and one in n+1 on average") {
        constexpr int rings = 300;
        double mean = 0.0;
        for (int r = 0; r < rings; ++r) {
            const Ring ring{{RingPoints::own, 20}, named(5, fmt::format("j{}-", r))};
            mean += arcs(ring, 5)[4] / rings;
        }
        // The newcomer's share is Beta(V, 4V) with V = 20.
        const double deviation = 0.2 * std::sqrt(4.0 / (5 * 20 + 1));
        CHECK(std::abs(mean - 0.2) < 3 * deviation / std::sqrt(double(rings)));
        CHECK(moved(ring_over(named(4), 20), ring_over(named(5), 20), 4).collateral == 0.0);
    }

    TEST_CASE("the imbalance of a ring is the square root of (n-1)/(nV+1)") {
        struct Case {
            std::uint32_t members, points;
            int rings;
        };
        for (const Case c : {Case{10, 1, 2000}, Case{10, 10, 400}, Case{4, 40, 300}}) {
            const double theory = std::sqrt((c.members - 1.0) / (c.members * c.points + 1.0));
            // The standard error of a root mean square of nearly normal deviations is
            // cv / sqrt(2 n rings); a single point per member has heavier tails (factor 1.5).
            const double error = 1.5 / std::sqrt(2.0 * c.members * c.rings);
            CAPTURE(c.points);
            CHECK(measured_cv(c.members, c.points, c.rings) ==
                  doctest::Approx(theory).epsilon(3 * error));
        }
    }

    TEST_CASE("rendezvous honours weights and moves keys only towards a heavier member") {
        auto members = named(3);
        members[1].weight = 2.0;
        std::array<double, 3> share{};
        const Rendezvous before{members};
        members[2].weight = 1.5;
        const Rendezvous after{members};
        for (std::uint64_t key = 0; key < key_count; ++key) {
            const std::uint64_t hash = mix64(key + 1);
            const std::uint32_t owner = before.owner(hash).value();
            share[owner] += 1.0 / key_count;
            CHECK((after.owner(hash) == owner || after.owner(hash) == 2U));
        }
        CHECK(std::abs(share[0] - 0.25) < band_of(0.25));
        CHECK(std::abs(share[1] - 0.50) < band_of(0.50));
        CHECK(std::abs(share[2] - 0.25) < band_of(0.25));
    }

    TEST_CASE("no member exceeds its bound and bounded loads move few keys on a join") {
        constexpr std::uint64_t balls = 5'000;
        constexpr double factor = 1.25;
        const auto place = [&](std::uint32_t n) {
            const Ring ring{{RingPoints::own, 100}, named(n)};
            std::vector<std::uint64_t> load(n, 0);
            std::vector<std::uint32_t> owner;
            const std::uint64_t bound = load_bound(factor, balls, 1.0 / n);
            for (std::uint64_t ball = 0; ball < balls; ++ball) {
                const auto member = ring.first_accepted(
                    mix64(ball + 1), [&](std::uint32_t m) { return load[m] < bound; });
                owner.push_back(member.value());
                ++load[member.value()];
            }
            CHECK(*std::max_element(load.begin(), load.end()) <= bound);
            return owner;
        };
        const auto before = place(20);
        const auto after = place(21);
        double changed = 0.0;
        for (std::size_t i = 0; i < before.size(); ++i) changed += before[i] != after[i];
        // Ideal is 1/21 = 4.8 %; the paper expects O(1/eps^2) more, modulo would move 95 %.
        CHECK(changed / double(balls) > 0.03);
        CHECK(changed / double(balls) < 0.12);
    }

    TEST_CASE("a bound is the ceiling of the fair share times the factor and never below one") {
        CHECK(load_bound(1.25, 10, 0.25) == 4);  // 3.125
        CHECK(load_bound(1.5, 8, 0.25) == 3);    // 3 exactly
        CHECK(load_bound(1.25, 0, 0.25) == 1);
    }
}

TEST_SUITE("jump") {
    TEST_CASE("jump gives the buckets of the reference C++ program") {
        const auto buckets = [](std::uint64_t key) {
            std::vector<std::uint32_t> found;
            for (std::uint32_t n = 1; n <= 19; ++n) found.push_back(jump_hash(key, n));
            return found;
        };
        using Row = std::vector<std::uint32_t>;
        CHECK(buckets(0) == Row(19, 0));
        CHECK(buckets(1) == Row{0, 0, 0, 0, 0, 0, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 17, 17});
        CHECK(buckets(0xdeadbeef) ==
              Row{0, 1, 2, 3, 3, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 16, 16, 16});
        CHECK(buckets(0x0ddc0ffeebadf00d) ==
              Row{0, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 15, 15, 15, 15});
        const Row hundred = {0,  55, 62, 8,  45, 59, 86, 97, 82, 59,
                             73, 37, 17, 56, 86, 21, 90, 37, 38, 83};
        const Row thousand = {0, 549, 338, 961, 172, 231, 421, 97, 191, 254};
        for (std::uint64_t key = 0; key < 20; ++key) CHECK(jump_hash(key, 100) == hundred[key]);
        for (std::uint64_t key = 0; key < 10; ++key) CHECK(jump_hash(key, 1000) == thousand[key]);
    }
}

TEST_SUITE("maglev") {
    TEST_CASE("small tables equal those of Envoy's unit test") {
        const auto table = [](const std::string& prefix) {
            std::vector<RingMember> members;
            for (std::uint32_t i = 0; i < 6; ++i) {
                members.push_back({fmt::format("{}{}", prefix, 90 + i), 1.0, i});
            }
            const Maglev maglev{members, 7};
            return std::vector<std::uint32_t>(maglev.table().begin(), maglev.table().end());
        };
        CHECK(table("127.0.0.1:") == std::vector<std::uint32_t>{2, 4, 0, 1, 5, 0, 3});
        CHECK(table("") == std::vector<std::uint32_t>{2, 5, 0, 3, 4, 1, 0});
    }

    TEST_CASE("entries per member differ by at most one and follow the weights") {
        auto members = named(7);
        std::vector<int> entries(7, 0);
        const Maglev even{members, 1009};
        for (const std::uint32_t id : even.table()) ++entries[id];
        CHECK(*std::max_element(entries.begin(), entries.end()) -
                  *std::min_element(entries.begin(), entries.end()) <=
              1);

        members[0].weight = 0.5;
        std::fill(entries.begin(), entries.end(), 0);
        const Maglev weighted{members, 1009};
        for (const std::uint32_t id : weighted.table()) ++entries[id];
        // Rounds are whole: it fills rounds 1, 2, 4, 6, ..., so it may be up to 1.5 entries ahead.
        CHECK(std::abs(entries[0] - 1009 * 0.5 / 6.5) <= 1.5);
    }

    TEST_CASE("a leave moves the keys of the leaver and little else") {
        auto fewer = named(4);
        fewer.erase(fewer.begin() + 1);
        const Maglev before{named(4), 65537};
        const Maglev after{fewer, 65537};
        int moved_entries = 0;
        int collateral = 0;
        for (std::size_t i = 0; i < before.table().size(); ++i) {
            if (before.table()[i] == after.table()[i]) continue;
            ++moved_entries;
            collateral += before.table()[i] != 1;
        }
        CHECK(moved_entries - collateral ==
              std::count(before.table().begin(), before.table().end(), 1U));
        CHECK(collateral < 65537 / 200);  // 0.05 % measured for four members, 0.5 % allowed
    }

    TEST_CASE("an empty table owns nothing and only primes are primes") {
        CHECK_FALSE(Maglev{}.owner("a").has_value());
        CHECK(is_prime(2));
        CHECK(is_prime(65537));
        CHECK(is_prime(655373));
        CHECK_FALSE(is_prime(1));
        CHECK_FALSE(is_prime(65535));
    }
}
