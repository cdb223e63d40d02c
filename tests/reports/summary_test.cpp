// The summary against text written by hand, and the parts that it is made of.
#include "reports/report.hpp"
#include "reports/table.hpp"
#include "tests/reports/example.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace archsim;
using namespace archsim::reports;

namespace {

constexpr const char* expected_unicode =
    R"(café-queue: 10 replications of 60 s, seed 7, without the first 10 s
Does one server do?

Expectations: 1 of 4 hold
  ✓  users/latency/p99 <= 40ms    38.1 ms [37.4 ms, 38.8 ms]
  ✗  db/utilisation < 70%         80 % [79.2 %, 80.8 %]
  ?  users/throughput >= 500/s    499.5/s [497.5/s, 501.5/s]  undecided: run longer
  -  web/waiting_time/mean < 1ms  no data                     no data: nothing waited

Load
         offered  throughput  goodput  availability
  users    500/s     499.5/s        -      99.999 %

Latency
            mean        p50  p95      p99          p99.9  max
  users  12.5 ms  ±2 %    -    -  38.1 ms  ±1.8 %      -    -

Stations, the busiest first
       utilisation  waiting  queue  rejected
  db          80 %     4 ms      -         -
  web         25 %        -      -         -
  Bottleneck: db at 80 %.

Theory
                        measured   theory  deviation  formula
  db/waiting_time/mean      4 ms  4.01 ms  -0.5 σ     M/M/1

Partition
  stale  12.5 %
  By side
  side     down
  left    1.5 s
  right  250 ms

Cost per month
  db        instances  1 on average    $12.50/month  $12.50
  web       instances  2.5 on average  $2.90/month    $7.25
  together                                           $19.75
  That is $0.02 for a million requests answered ok.

Single points of failure
  db  all requests pass it

Warnings
  ! db is close to saturation

2 assumptions made (in the JSON report).
)";

}  // namespace

TEST_SUITE("reports: summary") {
    TEST_CASE("a whole result reads as written by hand") {
        CHECK(write_summary(tests::example_result(), Style{}) == expected_unicode);
    }

    TEST_CASE("without Unicode the signs are ASCII and the columns still line up") {
        const std::string text = write_summary(tests::example_result(), Style{.unicode = false});
        CHECK(text.find("  OK    users/latency/p99 <= 40ms  ") != std::string::npos);
        CHECK(text.find("  FAIL  db/utilisation < 70%  ") != std::string::npos);
        CHECK(text.find("12.5 ms  +-2 %") != std::string::npos);
        CHECK(text.find("-0.5 sigma  M/M/1") != std::string::npos);
    }

    TEST_CASE("colour adds escapes and nothing else") {
        std::string text = write_summary(tests::example_result(), Style{.colour = true});
        CHECK(text.find("\x1b[32m✓\x1b[0m") != std::string::npos);
        for (auto at = text.find('\x1b'); at != std::string::npos; at = text.find('\x1b'))
            text.erase(at, text.find('m', at) - at + 1);
        CHECK(text == expected_unicode);
    }

    TEST_CASE("a partial result says so before anything else") {
        scenarios::Result result{.scenario = "s"};
        result.status = scenarios::Status::interrupted;
        result.status_reason = "SIGINT";
        result.simulated = sim::Duration::milliseconds(1500);
        CHECK(write_summary(result, Style{}) ==
              "s: 1 replication of 1.5 s, seed 1\nThis result is partial: SIGINT.\n");
    }

    TEST_CASE("text from a scenario cannot steer the terminal") {
        scenarios::Result result{.scenario = "a\x1b[2Jb"};
        result.warnings = {"line\nbreak", "bad \xff byte"};
        const std::string text = write_summary(result, Style{});
        CHECK(text.find('\x1b') == std::string::npos);
        CHECK(text.find("! line break\n") != std::string::npos);
        CHECK(text.find("! bad \xEF\xBF\xBD byte\n") != std::string::npos);
    }
}

TEST_SUITE("reports: text") {
    TEST_CASE("width counts what a terminal shows") {
        CHECK(display_width("abc") == 3);
        CHECK(display_width("São") == 3);
        CHECK(display_width("Sa\xCC\x83o") == 3);  // The tilde combines with the letter before.
        CHECK(display_width("北京") == 4);
        CHECK(display_width("\xff\xfe") == 2);
    }

    TEST_CASE("malformed text of every class becomes a replacement character") {
        const std::string mark = "\xEF\xBF\xBD";
        CHECK(printable("\xC0\x80") == mark + mark);                        // Overlong.
        CHECK(printable("\xE0\x80\x80") == mark + mark + mark);             // Overlong.
        CHECK(printable("\xED\xA0\x80") == mark + mark + mark);             // Surrogate.
        CHECK(printable("\xF4\x90\x80\x80") == mark + mark + mark + mark);  // Above U+10FFFF.
        CHECK(printable("a\xE2\x82") == "a" + mark + mark);                 // Cut short.
        CHECK(printable("\xEF\xBF\xBF") == mark);                           // U+FFFF, not in XML.
        CHECK(printable("\xC2\x9B"
                        "31m") == " 31m");  // C1 control.
        CHECK(printable("é€😀") == "é€😀");
    }

    TEST_CASE("numbers take the unit that suits their size") {
        CHECK(humanised(0.0381, "s") == "38.1 ms");
        CHECK(humanised(0.000999996, "s") == "1 ms");
        CHECK(humanised(0.0, "s") == "0 s");
        CHECK(humanised(119.0, "s") == "119 s");
        CHECK(humanised(5400.0, "s") == "90 min");
        CHECK(humanised(-0.002, "s") == "-2 ms");
        CHECK(humanised(0.7, "ratio") == "70 %");
        CHECK(humanised(0.9999999, "ratio") == "99.99999 %");
        CHECK(humanised(1.0, "ratio") == "100 %");
        CHECK(humanised(12'345.0, "1/s") == "12.35 k/s");
        CHECK(humanised(1536.0, "bytes") == "1.5 KiB");
        CHECK(humanised(1048576.0, "bytes/s") == "1 MiB/s");
        CHECK(humanised(-3.5, "usd") == "-$3.50");
        CHECK(humanised(3.0, "hops") == "3 hops");
        CHECK(significant(1.0 / 3.0) == "0.3333");
        CHECK(significant(0.0000123456, 3) == "1.23e-05");
    }

    TEST_CASE("a table fits each column to its widest cell") {
        TextTable table{{Align::left, Align::right}};
        table.add({"node", "ms"});
        table.add({"São Paulo", "12.5"});
        table.add({"x"});
        CHECK(table.text(Style{}, 0) == "node         ms\nSão Paulo  12.5\nx\n");
    }

    TEST_CASE("what limits a design is told in sentences that fit a terminal") {
        scenarios::Result result = tests::example_result();
        const std::string sentence =
            "web is the busiest station, 90 % in use at 90/s arrivals: it bears 1.11 times this "
            "load before it is saturated; 2 instances instead of 1 would be 45 % in use";
        result.sections = {
            {.name = "why",
             .title = "Why",
             .tables = {{"findings",
                         "What limits this design",
                         {{"about"}, {"sentence"}, {"try"}},
                         {{std::string{"bottleneck"}, sentence,
                           std::string{"--set nodes/web/instances=2"}},
                          {std::string{"latency"}, std::string{"short"}, scenarios::Cell{}}}}}}};
        const std::string text = write_sections(result, Style{});
        CHECK(text.find("  - bottleneck: web is the busiest") != std::string::npos);
        CHECK(text.find("      try --set nodes/web/instances=2\n  - latency: short\n") !=
              std::string::npos);
        std::size_t longest = 0;
        std::size_t from = 0;
        for (std::size_t end = 0; (end = text.find('\n', from)) != std::string::npos;
             from = end + 1)
            longest = std::max(longest, end - from);
        CHECK(longest > 60);
        CHECK(longest <= 92);
    }
}
