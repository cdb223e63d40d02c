// Passing questions on to the law that was chosen.
#include "sim/key_source.hpp"

#include "sim/check.hpp"

namespace archsim::sim {

namespace {

/// Draws a rank that a drift may move.
template <class T>
concept DrawsRanks = requires(const T& law, Rng& rng) {
    law.draw(rng);
};

/// Knows how popular a rank is.
template <class T>
concept HasPopularity = requires(const T& law) {
    law.probability(0);
};

}  // namespace

std::uint64_t KeySource::next(Rng& rng, Instant now) {
    return std::visit(
        [&](auto& law) -> std::uint64_t {
            using Chosen = std::remove_cvref_t<decltype(law)>;
            if constexpr (DrawsRanks<Chosen>) {
                const std::uint64_t rank = law.draw(rng);
                return drift_.is_none() ? rank : drift_.key_of(rank, law.count(), now);
            } else if constexpr (std::is_same_v<Chosen, LatestKeys>) {
                return law.draw(rng, now);
            } else {
                return law.next();
            }
        },
        law_);
}

std::uint64_t KeySource::count() const {
    return std::visit([](const auto& law) { return law.count(); }, law_);
}

std::optional<double> KeySource::probability(std::uint64_t rank) const {
    ARCHSIM_CHECK(rank < count(), "there is no rank {} among {} keys", rank, count());
    return std::visit(
        [rank](const auto& law) -> std::optional<double> {
            if constexpr (HasPopularity<std::remove_cvref_t<decltype(law)>>) {
                return law.probability(rank);
            } else {
                return std::nullopt;
            }
        },
        law_);
}

bool KeySource::may_drift() const {
    return std::visit(
        [](const auto& law) { return DrawsRanks<std::remove_cvref_t<decltype(law)>>; }, law_);
}

void KeySource::check_drift() const {
    ARCHSIM_CHECK(drift_.is_none() || may_drift(), "keys in a fixed order do not drift");
}

}  // namespace archsim::sim
