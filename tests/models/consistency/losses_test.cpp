// Which versions the final state grew from, whatever the order of their numbers: they are dealt
// when writes begin, and a write may take effect long after later ones.
#include "models/consistency/losses.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <utility>

using namespace archsim;
using models::LossTracker;
using models::Version;

namespace {

/// What is found of acknowledged writes that were created in this order, each a version and its
/// parent, when the key holds `last` at the end.
models::LossResult after(std::initializer_list<std::pair<Version, Version>> created, Version last) {
    models::VersionTable versions;
    LossTracker losses{versions};
    LossTracker::Line line;
    for (const auto& [version, parent] : created) {
        const auto order = static_cast<models::Order>(version);
        versions.at(version).write_start = {order, {}};
        models::VersionRecord record;
        record.version = version;
        record.parent = parent;
        losses.created(record, 0, line);
        versions.acknowledge(version, {100 + order, {}});
    }
    losses.settled(0, last);
    return losses.result();
}

}  // namespace

TEST_SUITE("lost writes") {
    TEST_CASE("a version may have replaced younger ones") {
        for (const auto& found : {after({{3, 0}, {2, 3}, {1, 2}}, 1), after({{2, 0}, {1, 2}}, 1),
                                  after({{4, 0}, {2, 4}, {3, 2}, {1, 3}}, 1)}) {
            CHECK(found.acknowledged >= 2);
            CHECK(found.lost == 0);
            CHECK(*found.discarded == 0);
        }
        // Of 4, 2, 3 and 1 only the first two remain in the end.
        CHECK(*after({{4, 0}, {2, 4}, {3, 2}, {1, 3}}, 2).discarded == 2);
    }

    TEST_CASE("both parents of a merge live on in it, younger or not") {
        // Versions 3 and 1 replace 2 at two sites, and 4 merges them; then 5 replaces 4.
        CHECK(*after({{2, 0}, {3, 2}, {1, 2}, {4, 3}, {4, 1}, {5, 4}}, 5).discarded == 0);
        CHECK(*after({{2, 0}, {3, 2}, {4, 2}, {1, 3}, {1, 4}}, 1).discarded == 0);
        CHECK(*after({{2, 0}, {3, 2}, {4, 2}, {1, 3}}, 1).discarded == 1);
    }
}
