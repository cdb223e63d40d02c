// Quantities as text: exact reading, refusals that help, and writing that reads back.
#include "sim/units_text.hpp"

#include "sim/rng.hpp"
#include "tests/support/mentions.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

using namespace archsim::sim;
using archsim::tests::mentions;

namespace {

template <class Quantity>
Quantity read(std::string_view text) {
    const auto parsed = parse_quantity<Quantity>(text);
    REQUIRE_MESSAGE(static_cast<bool>(parsed), text);
    return *parsed;
}

template <class Quantity>
TextError refusal(std::string_view text) {
    const auto parsed = parse_quantity<Quantity>(text);
    REQUIRE_FALSE_MESSAGE(static_cast<bool>(parsed), text);
    return parsed.error();
}

template <class Quantity>
void check_round_trip(Quantity value) {
    const std::string text = to_text(value);
    CAPTURE(text);
    const auto parsed = parse_quantity<Quantity>(text);
    REQUIRE(static_cast<bool>(parsed));
    CHECK(*parsed == value);
}

/// A positive number whose length in bits is uniform, so that every magnitude is met.
std::int64_t any_magnitude(Rng& rng, std::int64_t most) {
    const std::uint64_t bits = rng() >> rng.below(64);
    return static_cast<std::int64_t>(bits % (static_cast<std::uint64_t>(most) + 1));
}

}  // namespace

TEST_SUITE("sim/units_text") {
    TEST_CASE("durations are read exactly in every unit") {
        CHECK(read<Duration>("7ns").count() == 7);
        CHECK(read<Duration>("1.5us").count() == 1'500);
        CHECK(read<Duration>("1.5\u00b5s").count() == 1'500);
        CHECK(read<Duration>("1.5\u03bcs").count() == 1'500);
        CHECK(read<Duration>("0.1ms").count() == 100'000);
        CHECK(read<Duration>("0.3s").count() == 300'000'000);
        CHECK(read<Duration>("1.000000001s").count() == 1'000'000'001);
        CHECK(read<Duration>("90m") == Duration::minutes(90));
        CHECK(read<Duration>("1.5h") == Duration::minutes(90));
        CHECK(read<Duration>("36500d") == Duration::longest());
        CHECK(read<Duration>("0s") == Duration{});
        CHECK(read<Duration>("0.0000s") == Duration{});
    }

    TEST_CASE("a duration finer than a nanosecond is rounded to the nearest") {
        CHECK(read<Duration>("1.2345us").count() == 1'235);
        CHECK(read<Duration>("1.2344us").count() == 1'234);
        CHECK(refusal<Duration>("1.5ns").fault == TextFault::out_of_range);
        CHECK(refusal<Duration>("0.0001us").fault == TextFault::out_of_range);
        CHECK(mentions(refusal<Duration>("0.5ns").hint, "1ns"));
    }

    TEST_CASE("sizes know both thousands and kibibytes") {
        CHECK(read<Bytes>("12B").count() == 12);
        CHECK(read<Bytes>("64KiB").count() == 65'536);
        CHECK(read<Bytes>("1.5kB").count() == 1'500);
        CHECK(read<Bytes>("0.5GiB") == Bytes::mib(512));
        CHECK(read<Bytes>("2TB").count() == 2'000'000'000'000);
        CHECK(read<Bytes>("1048576TiB").count() == (1LL << 60));
        CHECK(refusal<Bytes>("1.5B").fault == TextFault::out_of_range);
        CHECK(refusal<Bytes>("1048577TiB").fault == TextFault::out_of_range);
    }

    TEST_CASE("rates are events per second whatever their unit of time") {
        CHECK(read<Rate>("1500/s").per_second() == 1'500.0);
        CHECK(read<Rate>("90/m").per_second() == 1.5);
        CHECK(read<Rate>("9/h").per_second() == 0.0025);
        CHECK(read<Rate>("1k/s").per_second() == 1'000.0);
        CHECK(read<Rate>("1.5k/s").per_second() == 1'500.0);
        CHECK(read<Rate>("2M/s").per_second() == 2e6);
        CHECK(read<Rate>("0.1/s").per_second() == 0.1);
        CHECK(refusal<Rate>("1000001M/s").fault == TextFault::out_of_range);
    }

    TEST_CASE("bandwidth, money and probability are read exactly") {
        CHECK(read<Bandwidth>("100Mbps").bits_per_second() == 100'000'000);
        CHECK(read<Bandwidth>("1.5Gbps").bits_per_second() == 1'500'000'000);
        CHECK(read<Money>("$12.50").nanodollars() == 12'500'000'000);
        CHECK(read<Money>("$0.000000001").nanodollars() == 1);
        CHECK(read<Probability>("1%").value() == 0.01);
        CHECK(read<Probability>("99.95%").value() == 0.9995);
        CHECK(read<Probability>("100%").value() == 1.0);
        CHECK(refusal<Probability>("100.1%").fault == TextFault::out_of_range);
        CHECK(refusal<Money>("$1000000000.01").fault == TextFault::out_of_range);
    }

    TEST_CASE("prices cost what their measure says") {
        CHECK(read<PriceOfTime>("$0.12/h").cost(Duration::hours(10)) == read<Money>("$1.20"));
        CHECK(read<PriceOfTime>("$20/month").cost(Duration::hours(365)) == read<Money>("$10"));
        CHECK(read<PriceOfData>("$0.09/GiB").cost(Bytes::gib(3)) == read<Money>("$0.27"));
        CHECK(read<PriceOfData>("$8/TB").cost(Bytes{125'000'000'000}) == read<Money>("$1"));
        CHECK(read<PriceOfRequests>("$0.40/1M").cost(1) == read<Money>("$0.0000004"));
        CHECK(read<PriceOfRequests>("$0.40/1M").cost(2'500'000) == read<Money>("$1"));
        CHECK(read<PriceOfTime>("$1000000/h").cost(Duration::longest()).nanodollars() ==
              std::numeric_limits<std::int64_t>::max());
    }

    TEST_CASE("a bare number says which units there are and shows an example") {
        const TextError error = refusal<Duration>("5");
        CHECK(error.fault == TextFault::unit_missing);
        CHECK(error.message == "'5' has no unit");
        CHECK(error.hint == "valid units: ns, us, ms, s, m, h, d; for example \"5ms\"");
        CHECK(refusal<Money>("12.5").fault == TextFault::unit_missing);
        CHECK(mentions(refusal<Money>("12.5").hint, "$12.50"));
        CHECK(refusal<PriceOfTime>("$3").fault == TextFault::unit_missing);
        CHECK(refusal<Probability>("0.01").fault == TextFault::unit_missing);
    }

    TEST_CASE("a unit in the wrong letters gets the right ones as a hint") {
        CHECK(refusal<Duration>("5MS").fault == TextFault::unit_wrong);
        CHECK(mentions(refusal<Duration>("5MS").hint, "did you mean \"5ms\"?"));
        CHECK(mentions(refusal<Duration>("1.5 s").hint, "did you mean \"1.5s\"?"));
        CHECK(mentions(refusal<Duration>("3 minutes").hint, "did you mean \"3m\"?"));
        CHECK(mentions(refusal<Bytes>("64kib").hint, "did you mean \"64KiB\"?"));
        CHECK(mentions(refusal<Bandwidth>("100mbps").hint, "did you mean \"100Mbps\"?"));
        CHECK(mentions(refusal<Rate>("5/min").hint, "did you mean \"5/m\"?"));
        CHECK(mentions(refusal<PriceOfData>("$1/gib").hint, "did you mean \"$1/GiB\"?"));
    }

    TEST_CASE("a unit of another quantity is refused with the valid ones") {
        const TextError error = refusal<Bytes>("5ms");
        CHECK(error.fault == TextFault::unit_wrong);
        CHECK(error.message == "'5ms' has no unit of a size");
        CHECK(mentions(error.hint, "KiB"));
    }

    TEST_CASE("what is not one number and one unit is refused") {
        for (const std::string_view text :
             {"", "ms", "+5ms", ".5s", "5.ms", "1,5ms", "$", "s5", "fast", "0x10s"})
            CHECK_MESSAGE(refusal<Duration>(text).fault != TextFault::out_of_range, text);
        CHECK(refusal<Duration>("").fault == TextFault::malformed);
        CHECK(refusal<Duration>("1m30s").fault == TextFault::unit_wrong);
        CHECK(refusal<Duration>("1e3s").fault == TextFault::unit_wrong);
        CHECK(mentions(refusal<Duration>("1,5ms").hint, "point"));
        CHECK(mentions(refusal<Duration>(".5s").hint, "\"0.5s\""));
        CHECK(refusal<Duration>("-5ms").fault == TextFault::out_of_range);
        CHECK(refusal<Duration>("36500.1d").fault == TextFault::out_of_range);
        CHECK(mentions(refusal<Duration>("36501d").hint, "100 years"));
    }

    TEST_CASE("no text overflows or reaches the terminal as it is") {
        CHECK(refusal<Duration>("99999999999999999999d").fault == TextFault::out_of_range);
        CHECK(refusal<Duration>(std::string(50, '9') + "d").fault == TextFault::out_of_range);
        CHECK(refusal<Duration>("1" + std::string(50, '0') + "ns").fault ==
              TextFault::out_of_range);
        CHECK(refusal<Rate>(std::string(50, '9') + "/s").fault == TextFault::out_of_range);
        const TextError error = refusal<Duration>("5\x1b[31m" + std::string(500, 'x'));
        CHECK_FALSE(mentions(error.message, "\x1b"));
        CHECK(error.message.size() < 120);
        CHECK_FALSE(mentions(refusal<Duration>(".\x1b").hint, "\x1b"));
    }

    TEST_CASE("quantities are written in the unit that suits them") {
        CHECK(to_text(Duration::microseconds(1500)) == "1.5ms");
        CHECK(to_text(Duration::nanoseconds(999)) == "999ns");
        CHECK(to_text(Duration::seconds(90)) == "90s");
        CHECK(to_text(Duration::seconds(120)) == "2m");
        CHECK(to_text(Duration::days(365)) == "365d");
        CHECK(to_text(-Duration::milliseconds(5)) == "-5ms");
        CHECK(to_text(Duration{}) == "0s");
        CHECK(to_text(Bytes::kib(64)) == "64KiB");
        CHECK(to_text(Bytes{5'000'000}) == "5MB");
        CHECK(to_text(Bytes{1'001}) == "1001B");
        CHECK(to_text(Rate::per_second(0.1)) == "0.1/s");
        CHECK(to_text(Rate::per_second(1e7)) == "10000000/s");
        CHECK(to_text(Bandwidth::bits_per_second(1'500'000'000)) == "1.5Gbps");
        CHECK(to_text(Money::nanodollars(12'500'000'000)) == "$12.50");
        CHECK(to_text(Probability{0.9995}) == "99.95%");
        CHECK(to_text(read<PriceOfTime>("$0.12/h")) == "$0.12/h");
        CHECK(to_text(read<PriceOfTime>("$20/month")) == "$20/month");
        CHECK(to_text(read<PriceOfData>("$0.09/GiB")) == "$0.09/GiB");
        CHECK(to_text(read<PriceOfRequests>("$0.40/1M")) == "$0.40/1M");
    }

    TEST_CASE("what is written is read back as the same value") {
        Rng rng{20240601};
        for (int i = 0; i < 500; ++i) {
            check_round_trip(
                Duration::nanoseconds(any_magnitude(rng, Duration::longest().count())));
            check_round_trip(Duration::minutes(any_magnitude(rng, 52'560'000)));
            check_round_trip(Bytes{any_magnitude(rng, 1LL << 60)});
            check_round_trip(Bytes::kib(any_magnitude(rng, 1LL << 50)));
            check_round_trip(Bandwidth::bits_per_second(any_magnitude(rng, 1'000'000'000'000'000)));
            check_round_trip(Money::nanodollars(any_magnitude(rng, 1'000'000'000'000'000'000)));
            check_round_trip(Rate::per_second(rng.uniform() *
                                              static_cast<double>(any_magnitude(rng, 1'000'000))));
            check_round_trip(Rate::per_second(rng.uniform() * 1e-9));
            check_round_trip(Probability{rng.uniform()});
            check_round_trip(Probability{rng.uniform() * 1e-6});
            check_round_trip(PriceOfTime::per_month(
                Money::nanodollars(any_magnitude(rng, 1'000'000'000'000'000'000))));
            check_round_trip(PriceOfData{Money::nanodollars(any_magnitude(rng, 1'000'000'000'000)),
                                         Bytes::gib(1)});
        }
    }
}
