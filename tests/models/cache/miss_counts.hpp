// How often caches miss on the traces of tests/support/trace_generator.hpp.
// Source: libCacheSim (commit aa0fc40, 2024-10-07) through a driver that prints integers; in
// entries also a second implementation that agrees on every count but those of w_tinylfu.
// Semantics: a miss always inserts, evicting until the object fits; see each policy's header.
#pragma once

#include "models/cache/store.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace archsim::tests {

/// The columns, by the names that scenarios use; `clock_2_bits` is {"bits": 2} and `clock_marked`
/// {"mark_on_insert": true}. A sketch decides in w_tinylfu: its counts are near, not equal.
inline constexpr std::array<std::string_view, 11> counted_policies{
    "lru",   "fifo",    "lfu", "clock", "clock_2_bits", "clock_marked",
    "sieve", "s3_fifo", "arc", "two_q", "w_tinylfu"};

/// Misses of each policy on one trace at one capacity; unknown ones are negative: shares
/// of a few entries are a matter of rounding, and other programs weigh bytes otherwise in arc,
/// two_q and w_tinylfu.
struct KnownMisses {
    std::string_view trace;
    models::cache::Capacity::Unit unit = models::cache::Capacity::Unit::entries;
    std::uint64_t capacity = 0;
    std::array<std::int64_t, counted_policies.size()> misses{};
};

using Unit = models::cache::Capacity::Unit;

inline constexpr KnownMisses known_misses[] = {
    {"belady", Unit::entries, 3, {10, 9, 10, 10, -1, 9, 10, -1, 10, 10, -1}},
    {"belady", Unit::entries, 4, {8, 10, 8, 8, -1, 10, 8, -1, 7, 9, -1}},
    {"tanenbaum", Unit::entries, 3, {12, 15, 11, 11, -1, 14, 11, -1, 13, 14, -1}},
    {"tanenbaum", Unit::entries, 4, {8, 10, 9, 8, -1, 9, 8, -1, 9, 10, -1}},
    {"zipfS",
     Unit::entries,
     100,
     {61091, 65896, 50104, 59659, 58127, 62426, 49480, 49603, 50441, 51793, 50029}},
    {"zipfS",
     Unit::entries,
     1000,
     {32729, 37181, 27579, 31743, 30546, 33834, 27573, 27294, 27775, 28853, 26878}},
    {"zipfS",
     Unit::entries,
     2000,
     {23842, 27640, 20827, 23079, 22233, 24650, 20827, 20888, 21274, 22206, 20591}},
    {"scan",
     Unit::entries,
     500,
     {100000, 100000, 100000, 100000, 100000, 100000, 100000, 100000, 100000, 100000, 51261}},
    {"scan",
     Unit::entries,
     999,
     {100000, 100000, 100000, 100000, 100000, 100000, 100000, 5477, 100000, 2143, 15850}},
    {"scan",
     Unit::entries,
     1000,
     {1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000}},
    {"uniform",
     Unit::entries,
     1000,
     {180078, 180071, 179939, 180020, 180036, 180079, 180031, 179936, 179941, 180051, 180102}},
    {"uniform",
     Unit::entries,
     5000,
     {102059, 101675, 101414, 102066, 102018, 102048, 101458, 102154, 102013, 102285, 101486}},
    {"zipfsz",
     Unit::bytes,
     1000000,
     {158830, 164681, 133390, 156570, -1, -1, 133035, 132411, -1, -1, -1}},
    {"zipfsz",
     Unit::bytes,
     10000000,
     {108831, 117498, 91106, 106229, -1, -1, 89991, 88840, -1, -1, -1}},
    {"zipfsz",
     Unit::bytes,
     50000000,
     {62702, 71068, 55229, 60904, -1, -1, 55229, 55157, -1, -1, -1}},
    {"zipf12",
     Unit::entries,
     100,
     {394214, 446500, 308762, 382342, 369520, -1, 306335, 308882, 313468, 326243, 312487}},
    {"zipf12",
     Unit::entries,
     1000,
     {204599, 237063, 161594, 197787, 190364, 211409, 160248, 160829, 162400, 170365, 158103}},
    {"zipf12",
     Unit::entries,
     10000,
     {85747, 102025, 75010, 82907, 80128, 89270, 75010, 75038, 74141, 80423, 75240}},
    {"zipf12",
     Unit::entries,
     40000,
     {47230, 51147, 47199, 47199, 47199, -1, 47199, 47411, 47199, 51147, 47406}},
    {"zipf10",
     Unit::entries,
     100,
     {711091, 750427, 600439, 698618, 685744, 722597, 586920, 589290, 594134, 608250, 594805}},
    {"zipf10",
     Unit::entries,
     1000,
     {495006, 536142, 407334, 483584, 471594, 505539, 403391, 402577, 406653, 418820, 398068}},
    {"zipf10",
     Unit::entries,
     10000,
     {266357, 301878, 225609, 258206, 249079, 274893, 225609, 223281, 226352, 236240, 220706}},
    {"zipf10",
     Unit::entries,
     50000,
     {105953, 122949, 102663, 104435, 103214, 110347, 102663, 104715, 103124, 117996, 103134}},
};

}  // namespace archsim::tests
