// Conflict resolution without time and messages: small cases by hand, and random orders of delivery
// after which all sites must agree and nothing may be missing.
#include "models/database/site_value.hpp"

#include "models/database/lineage.hpp"
#include "models/database/site_votes.hpp"
#include "sim/rng.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

using namespace archsim;
using namespace archsim::models;

namespace {

constexpr std::size_t site_count = 3;

/// Three sites that write one key and hear of each other's writes in the order of each author, but
/// otherwise whenever deliver() says so.
class Sites {
public:
    explicit Sites(Resolution resolution) : resolution_{resolution} {}

    /// Returns the version, whose time is `time`.
    Version write(std::size_t site, int time) {
        SiteValue& own = values_[site];
        SiteWrite write;
        write.version = write.shown = ++last_;
        write.dot = {site, logs_[site].size() + 1};
        write.before = own.seen();
        write.count = own.count(site) + 1;
        order_.stamp(last_, sim::Instant::at(sim::Duration::seconds(time)), site,
                     order_.place(own.shown(order_)));
        own.take(write, resolution_, order_);
        logs_[site].push_back(write);
        return last_;
    }
    [[nodiscard]] bool has_news(std::size_t to, std::size_t from) const {
        return to != from && delivered_[to][from] < logs_[from].size();
    }
    SiteValue::Taken deliver(std::size_t to, std::size_t from) {
        const SiteWrite& write = logs_[from][delivered_[to][from]++];
        return values_[to].take(write, resolution_, order_);
    }
    void deliver_all() {
        for (std::size_t to = 0; to < site_count; ++to) {
            for (std::size_t from = 0; from < site_count; ++from) {
                while (has_news(to, from)) deliver(to, from);
            }
        }
    }
    [[nodiscard]] const SiteValue& at(std::size_t site) const { return values_[site]; }
    [[nodiscard]] std::vector<Version> versions(std::size_t site) const {
        std::vector<Version> found;
        for (const Sibling& sibling : at(site).siblings()) found.push_back(sibling.version);
        return found;
    }
    [[nodiscard]] const WriteOrder& order() const { return order_; }
    [[nodiscard]] Version written() const { return last_; }

private:
    Resolution resolution_;
    WriteOrder order_;
    Version last_ = 0;
    std::array<SiteValue, site_count> values_;
    std::array<std::vector<SiteWrite>, site_count> logs_;
    std::array<std::array<std::size_t, site_count>, site_count> delivered_{};
};

/// Forty random steps: a write at a random site with a random clock, or a delivery.
void mix(Sites& sites, sim::Rng& rng) {
    for (int step = 0; step < 40; ++step) {
        const auto site = static_cast<std::size_t>(rng.below(site_count));
        const auto other = static_cast<std::size_t>(rng.below(site_count));
        if (sites.has_news(site, other)) {
            sites.deliver(site, other);
        } else {
            sites.write(site, static_cast<int>(rng.below(20)));
        }
    }
    sites.deliver_all();
}

}  // namespace

TEST_SUITE("site value") {
    TEST_CASE("of two concurrent writes the later one stays, and both are in conflict") {
        Sites sites{Resolution::last_write_wins};
        sites.write(0, 10);
        sites.write(1, 20);
        CHECK(sites.deliver(0, 1).is_concurrent);
        CHECK(sites.deliver(1, 0).is_concurrent);
        CHECK(sites.versions(0) == std::vector<Version>{2});
        CHECK(sites.versions(1) == std::vector<Version>{2});
        // A write that knows both is in no conflict, and wins whatever its clock shows.
        sites.write(0, 1);
        CHECK_FALSE(sites.deliver(1, 0).is_concurrent);
        CHECK(sites.versions(1) == std::vector<Version>{3});
    }

    TEST_CASE("a write that its successor has overtaken does not come back") {
        // Site 1 knows write 1 of site 0 and replaces it; site 2 hears of the second one first.
        Sites sites{Resolution::siblings};
        sites.write(0, 10);
        sites.deliver(1, 0);
        sites.write(1, 20);
        CHECK_FALSE(sites.deliver(2, 1).is_concurrent);
        const auto late = sites.deliver(2, 0);
        CHECK_FALSE(late.is_concurrent);
        CHECK_FALSE(late.is_in);
        CHECK(sites.versions(2) == std::vector<Version>{2});
    }

    TEST_CASE("siblings stay until a write that knows them, and only those that it knows go") {
        Sites sites{Resolution::siblings};
        sites.write(0, 10);
        sites.write(1, 20);
        sites.write(2, 30);
        sites.deliver(0, 1);
        CHECK(sites.versions(0) == std::vector<Version>{1, 2});
        sites.write(0, 40);
        CHECK(sites.versions(0) == std::vector<Version>{4});
        sites.deliver_all();
        for (std::size_t site = 0; site < site_count; ++site) {
            CHECK(sites.versions(site) == std::vector<Version>{3, 4});
            CHECK(sites.at(site).shown(sites.order()) == 4);
        }
    }

    TEST_CASE("readers of a set see the element added last, in whatever order elements come") {
        Sites sites{Resolution::grow_only_set};
        const Version later = sites.write(0, 10);
        const Version earlier = sites.write(1, 5);
        sites.deliver_all();
        for (std::size_t site = 0; site < site_count; ++site) {
            CHECK(sites.versions(site) == std::vector<Version>{later, earlier});
            CHECK(sites.at(site).shown(sites.order()) == later);
        }
        const Version last = sites.write(2, 7);  // after what its site shows, whatever its clock
        CHECK(sites.at(2).shown(sites.order()) == last);
    }

    TEST_CASE("in any order of delivery all sites come to the same, and nothing is missing") {
        for (std::uint64_t seed = 0; seed < 500; ++seed) {
            CAPTURE(seed);
            for (const Resolution resolution : {Resolution::last_write_wins, Resolution::siblings,
                                                Resolution::counter, Resolution::grow_only_set}) {
                sim::Rng rng = sim::Rng::named(seed, "sites", "orders");
                Sites sites{resolution};
                mix(sites, rng);
                std::vector<Version> all;
                Version latest = 0;
                for (Version version = 1; version <= sites.written(); ++version) {
                    all.push_back(version);
                    if (sites.order().is_newer(version, latest)) latest = version;
                }
                for (std::size_t site = 0; site < site_count; ++site) {
                    REQUIRE(sites.at(site).is_like(sites.at(0)));
                    REQUIRE(sites.versions(site) == sites.versions(0));
                    REQUIRE(sites.at(site).total() == sites.written());
                    REQUIRE(sites.at(site).shown(sites.order()) == latest);
                }
                if (resolution == Resolution::last_write_wins) {
                    REQUIRE(sites.versions(0) == std::vector<Version>{latest});
                } else if (resolution == Resolution::grow_only_set) {
                    REQUIRE(sites.versions(0) == all);
                }
            }
        }
    }

    TEST_CASE("what no value has grown from is discarded, what only dead sites have is lost") {
        // 1 <- 2 at one site, 3 at another that knew neither; 4 knows 2 and is nobody's to hear of.
        Lineage lineage;
        for (const Version version : {1, 2, 3, 4}) {
            CHECK(lineage.add(version));
            if (version != 4) lineage.acknowledge(version);
        }
        CHECK_FALSE(lineage.add(3));
        lineage.replaced(2, 1);
        lineage.replaced(4, 2);
        CHECK(lineage.losses({3}, {}).discarded == 2);
        CHECK(lineage.losses({2}, {}).discarded == 1);
        CHECK(lineage.losses({4}, {}).discarded == 1);
        CHECK(lineage.losses({2, 3}, {}).discarded == 0);
        const auto half = lineage.losses({3}, {4});
        CHECK(half.discarded == 0);
        CHECK(half.lost == 2);
    }
}

TEST_SUITE("site votes") {
    TEST_CASE("of two concurrent proposals at most the earlier gets all votes, in any order") {
        // Sites 0 and 1 propose at once; site 2 hears of both in either order. They may carry the
        // same version, of a write that was tried at both.
        for (const bool is_same : {false, true}) {
            SiteWrite early;
            early.version = 1;
            early.dot = {0, 1};
            early.place = 10;
            SiteWrite late;
            late.version = is_same ? 1 : 2;
            late.dot = {1, 1};
            late.place = is_same ? 10 : 20;
            const VersionVector nothing;
            SiteVotes author{3, 0};
            CHECK(author.propose(early, {}, nothing));
            CHECK_FALSE(author.propose(late, {}, nothing));
            SiteVotes other{3, 1};
            CHECK(other.propose(late, {}, nothing));
            CHECK(other.propose(early, {}, nothing));
            SiteVotes third{3, 2};
            CHECK(third.propose(late, {}, nothing));
            CHECK(third.propose(early, {}, nothing));
            CHECK_FALSE(third.decide(late.dot).has_value());
            third.vote(late.dot, false);
            CHECK_FALSE(third.decide(late.dot)->is_done);
            CHECK(third.is_open(0));
            third.vote(early.dot, true);
            CHECK(third.decide(early.dot)->is_done);
            CHECK_FALSE(third.is_open(0));
            CHECK(third.is_at_rest());
        }
    }

    TEST_CASE("votes that come before their proposal count, and a decision is told once") {
        SiteWrite write;
        write.dot = {0, 1};
        SiteVotes votes{3, 2};
        votes.vote(write.dot, true);
        CHECK_FALSE(votes.decide(write.dot).has_value());
        CHECK(votes.propose(write, {}, {}));
        const auto decision = votes.decide(write.dot);
        REQUIRE(decision.has_value());
        CHECK(decision->is_done);
    }

    TEST_CASE("a refusal decides at once, and the votes that come after it change nothing") {
        SiteWrite write;
        write.dot = {0, 1};
        SiteVotes votes{4, 0};
        CHECK(votes.propose(write, {}, {}));
        votes.vote(write.dot, false);
        CHECK_FALSE(votes.decide(write.dot)->is_done);
        CHECK(votes.is_at_rest());
        for (int i = 0; i < 2; ++i) {
            votes.vote(write.dot, true);
            CHECK_FALSE(votes.decide(write.dot).has_value());
        }
        CHECK(votes.is_at_rest());
    }

    TEST_CASE("a proposal that does not know what the site holds is refused") {
        SiteWrite write;
        write.dot = {0, 1};
        VersionVector seen;
        seen.learn(Dot{1, 1});
        SiteVotes votes{2, 1};
        CHECK_FALSE(votes.propose(write, {}, seen));
        CHECK_FALSE(votes.decide(write.dot)->is_done);
    }
}
