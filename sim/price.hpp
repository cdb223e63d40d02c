// Prices: money per time, per amount of data and per number of requests. Each knows what its
// measure costs, rounded once to a billionth of a dollar, so that bills add up.
#pragma once

#include "sim/units.hpp"

#include <cstdint>
#include <limits>

namespace archsim::sim {

namespace detail {
/// price x amount / per, rounded to the nearest, halves up; at most the largest Money.
/// Requires: price >= 0, amount >= 0, per > 0.
[[nodiscard]] constexpr Money proportion(Money price, std::int64_t amount, std::int64_t per) {
    __extension__ using Wide = __int128;
    const Wide cost = (static_cast<Wide>(price.nanodollars()) * amount + per / 2) / per;
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    return Money::nanodollars(cost > most ? most : static_cast<std::int64_t>(cost));
}
}  // namespace detail

/// What a month is in prices: 730 hours, a twelfth of a year of 365 days.
inline constexpr Duration billing_month = Duration::hours(730);

/// Money for every hour or month that something exists: "$0.12/h", "$20/month".
class PriceOfTime {
public:
    constexpr PriceOfTime() = default;
    /// Requires: price >= 0.
    [[nodiscard]] static constexpr PriceOfTime per_hour(Money price) {
        return PriceOfTime{price * 730};
    }
    /// Per billing_month. Requires: price >= 0.
    [[nodiscard]] static constexpr PriceOfTime per_month(Money price) { return PriceOfTime{price}; }
    [[nodiscard]] constexpr Money per_month() const { return per_month_; }
    /// What `time` costs. Requires: time >= 0.
    [[nodiscard]] constexpr Money cost(Duration time) const {
        return detail::proportion(per_month_, time.count(), billing_month.count());
    }
    constexpr auto operator<=>(const PriceOfTime&) const = default;

private:
    explicit constexpr PriceOfTime(Money per_month) : per_month_{per_month} {}
    Money per_month_;
};

/// Money for data that is sent or kept: "$0.09/GiB".
class PriceOfData {
public:
    constexpr PriceOfData() = default;
    /// `price` for every `per`. Requires: price >= 0, per > 0.
    constexpr PriceOfData(Money price, Bytes per) : price_{price}, per_{per} {}
    [[nodiscard]] constexpr Money price() const { return price_; }
    [[nodiscard]] constexpr Bytes per() const { return per_; }
    /// What `size` costs. Requires: size >= 0.
    [[nodiscard]] constexpr Money cost(Bytes size) const {
        return detail::proportion(price_, size.count(), per_.count());
    }
    constexpr bool operator==(const PriceOfData&) const = default;

private:
    Money price_;
    Bytes per_ = Bytes::gib(1);
};

/// Money for requests: "$0.40/1M" is forty cents for every million.
class PriceOfRequests {
public:
    constexpr PriceOfRequests() = default;
    /// `price` for every `per` requests. Requires: price >= 0, per > 0.
    constexpr PriceOfRequests(Money price, std::int64_t per) : price_{price}, per_{per} {}
    [[nodiscard]] constexpr Money price() const { return price_; }
    [[nodiscard]] constexpr std::int64_t per() const { return per_; }
    /// What `requests` cost. Requires: requests >= 0.
    [[nodiscard]] constexpr Money cost(std::int64_t requests) const {
        return detail::proportion(price_, requests, per_);
    }
    constexpr bool operator==(const PriceOfRequests&) const = default;

private:
    Money price_;
    std::int64_t per_ = 1'000'000;
};

}  // namespace archsim::sim
