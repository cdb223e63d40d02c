// Quantities with a dimension: time, data, rates, money, probability.
// Each is a small value around one number in one base unit, so that a plain number can never be
// taken for another dimension. Text forms ("5ms", "64KiB") live in units_text.hpp.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace archsim::sim {

/// A length of simulated time in whole nanoseconds; may be negative as an intermediate result.
/// Range of inputs: up to 100 years (enforced where text is read), so sums cannot overflow.
class Duration {
public:
    constexpr Duration() = default;
    [[nodiscard]] static constexpr Duration nanoseconds(std::int64_t n) { return Duration{n}; }
    [[nodiscard]] static constexpr Duration microseconds(std::int64_t n) {
        return Duration{n * 1'000};
    }
    [[nodiscard]] static constexpr Duration milliseconds(std::int64_t n) {
        return Duration{n * 1'000'000};
    }
    [[nodiscard]] static constexpr Duration seconds(std::int64_t n) {
        return Duration{n * 1'000'000'000};
    }
    [[nodiscard]] static constexpr Duration minutes(std::int64_t n) { return seconds(n * 60); }
    [[nodiscard]] static constexpr Duration hours(std::int64_t n) { return seconds(n * 3'600); }
    [[nodiscard]] static constexpr Duration days(std::int64_t n) { return hours(n * 24); }

    /// The only way in from a real number of seconds: rounds to the nearest nanosecond, halves
    /// away from zero, and clamps to +-longest(); NaN becomes zero.
    [[nodiscard]] static constexpr Duration from_seconds(double s) {
        const double n = s * 1e9;
        if (!(n == n)) return Duration{};
        if (n >= 3.1536e18) return longest();
        if (n <= -3.1536e18) return -longest();
        return Duration{static_cast<std::int64_t>(n < 0 ? n - 0.5 : n + 0.5)};
    }
    /// 100 years, the longest duration that is accepted anywhere.
    [[nodiscard]] static constexpr Duration longest() {
        return Duration{3'153'600'000'000'000'000};
    }

    [[nodiscard]] constexpr std::int64_t count() const { return ns_; }
    /// For statistics and printing only; simulated time itself is never a real number.
    [[nodiscard]] constexpr double in_seconds() const { return static_cast<double>(ns_) / 1e9; }

    constexpr auto operator<=>(const Duration&) const = default;
    constexpr Duration operator-() const { return Duration{-ns_}; }
    constexpr Duration& operator+=(Duration other) {
        ns_ += other.ns_;
        return *this;
    }
    constexpr Duration& operator-=(Duration other) {
        ns_ -= other.ns_;
        return *this;
    }
    friend constexpr Duration operator+(Duration a, Duration b) { return Duration{a.ns_ + b.ns_}; }
    friend constexpr Duration operator-(Duration a, Duration b) { return Duration{a.ns_ - b.ns_}; }
    friend constexpr Duration operator*(Duration a, std::int64_t n) { return Duration{a.ns_ * n}; }
    friend constexpr Duration operator*(std::int64_t n, Duration a) { return a * n; }
    friend constexpr Duration operator/(Duration a, std::int64_t n) { return Duration{a.ns_ / n}; }

    /// This duration times a plain factor, rounded to the nearest nanosecond.
    [[nodiscard]] constexpr Duration scaled(double factor) const {
        return from_seconds(in_seconds() * factor);
    }

private:
    explicit constexpr Duration(std::int64_t ns) : ns_{ns} {}
    std::int64_t ns_ = 0;
};

/// A point in simulated time: nanoseconds since the start of the run.
class Instant {
public:
    constexpr Instant() = default;
    /// The start of the run.
    [[nodiscard]] static constexpr Instant origin() { return Instant{}; }
    /// Later than every instant a run can reach.
    [[nodiscard]] static constexpr Instant never() {
        return Instant{std::numeric_limits<std::int64_t>::max()};
    }
    [[nodiscard]] static constexpr Instant at(Duration since_start) {
        return Instant{since_start.count()};
    }
    [[nodiscard]] constexpr Duration since_start() const { return Duration::nanoseconds(ns_); }
    [[nodiscard]] constexpr std::int64_t count() const { return ns_; }

    constexpr auto operator<=>(const Instant&) const = default;
    friend constexpr Instant operator+(Instant a, Duration d) { return Instant{a.ns_ + d.count()}; }
    friend constexpr Instant operator-(Instant a, Duration d) { return Instant{a.ns_ - d.count()}; }
    friend constexpr Duration operator-(Instant a, Instant b) {
        return Duration::nanoseconds(a.ns_ - b.ns_);
    }

private:
    explicit constexpr Instant(std::int64_t ns) : ns_{ns} {}
    std::int64_t ns_ = 0;
};

/// An amount of data in bytes.
class Bytes {
public:
    constexpr Bytes() = default;
    explicit constexpr Bytes(std::int64_t count) : count_{count} {}
    [[nodiscard]] static constexpr Bytes kib(std::int64_t n) { return Bytes{n * 1024}; }
    [[nodiscard]] static constexpr Bytes mib(std::int64_t n) { return kib(n * 1024); }
    [[nodiscard]] static constexpr Bytes gib(std::int64_t n) { return mib(n * 1024); }
    [[nodiscard]] constexpr std::int64_t count() const { return count_; }

    constexpr auto operator<=>(const Bytes&) const = default;
    constexpr Bytes& operator+=(Bytes other) {
        count_ += other.count_;
        return *this;
    }
    constexpr Bytes& operator-=(Bytes other) {
        count_ -= other.count_;
        return *this;
    }
    friend constexpr Bytes operator+(Bytes a, Bytes b) { return Bytes{a.count_ + b.count_}; }
    friend constexpr Bytes operator-(Bytes a, Bytes b) { return Bytes{a.count_ - b.count_}; }

private:
    std::int64_t count_ = 0;
};

/// Events per second, zero or more.
class Rate {
public:
    constexpr Rate() = default;
    [[nodiscard]] static constexpr Rate per_second(double value) { return Rate{value}; }
    [[nodiscard]] constexpr double per_second() const { return value_; }
    constexpr auto operator<=>(const Rate&) const = default;

private:
    explicit constexpr Rate(double value) : value_{value} {}
    double value_ = 0.0;
};

/// Data per time in bits per second, more than zero where a link is limited.
class Bandwidth {
public:
    constexpr Bandwidth() = default;
    [[nodiscard]] static constexpr Bandwidth bits_per_second(std::int64_t value) {
        return Bandwidth{value};
    }
    [[nodiscard]] constexpr std::int64_t bits_per_second() const { return value_; }
    constexpr auto operator<=>(const Bandwidth&) const = default;

    /// The time to send `size` at this bandwidth, rounded up to a nanosecond.
    /// Requires: bandwidth > 0, size >= 0.
    [[nodiscard]] constexpr Duration time_to_send(Bytes size) const {
        const long double bits = static_cast<long double>(size.count()) * 8.0L;
        const long double ns = bits * 1e9L / static_cast<long double>(value_);
        const auto whole = static_cast<std::int64_t>(ns);
        return Duration::nanoseconds(static_cast<long double>(whole) < ns ? whole + 1 : whole);
    }

private:
    explicit constexpr Bandwidth(std::int64_t value) : value_{value} {}
    std::int64_t value_ = 0;
};

/// An amount of money in billionths of a dollar, so that the price of one request stays exact.
class Money {
public:
    constexpr Money() = default;
    [[nodiscard]] static constexpr Money nanodollars(std::int64_t value) { return Money{value}; }
    [[nodiscard]] constexpr std::int64_t nanodollars() const { return value_; }
    /// For printing only.
    [[nodiscard]] constexpr double dollars() const { return static_cast<double>(value_) / 1e9; }

    constexpr auto operator<=>(const Money&) const = default;
    constexpr Money& operator+=(Money other) {
        value_ += other.value_;
        return *this;
    }
    friend constexpr Money operator+(Money a, Money b) { return Money{a.value_ + b.value_}; }
    friend constexpr Money operator-(Money a, Money b) { return Money{a.value_ - b.value_}; }
    friend constexpr Money operator*(Money a, std::int64_t n) { return Money{a.value_ * n}; }

private:
    explicit constexpr Money(std::int64_t value) : value_{value} {}
    std::int64_t value_ = 0;
};

/// A probability or share, 0 to 1; written "1%" in text.
class Probability {
public:
    constexpr Probability() = default;
    /// Requires: 0 <= value <= 1.
    explicit constexpr Probability(double value) : value_{value} {}
    [[nodiscard]] constexpr double value() const { return value_; }
    constexpr auto operator<=>(const Probability&) const = default;

private:
    double value_ = 0.0;
};

namespace literals {
constexpr Duration operator""_ns(unsigned long long n) {
    return Duration::nanoseconds(static_cast<std::int64_t>(n));
}
constexpr Duration operator""_us(unsigned long long n) {
    return Duration::microseconds(static_cast<std::int64_t>(n));
}
constexpr Duration operator""_ms(unsigned long long n) {
    return Duration::milliseconds(static_cast<std::int64_t>(n));
}
constexpr Duration operator""_s(unsigned long long n) {
    return Duration::seconds(static_cast<std::int64_t>(n));
}
}  // namespace literals

}  // namespace archsim::sim
