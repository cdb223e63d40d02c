// MD5 as in RFC 1321. Ketama rings are defined by it; nothing here depends on its (broken)
// security.
#include "models/ring/hash.hpp"

#include <bit>
#include <cstddef>

namespace archsim::models {
namespace {

/// floor(2^32 * abs(sin(i + 1))), as the RFC defines its table.
constexpr std::array<std::uint32_t, 64> sines = {
    0xd76aa478U, 0xe8c7b756U, 0x242070dbU, 0xc1bdceeeU, 0xf57c0fafU, 0x4787c62aU, 0xa8304613U,
    0xfd469501U, 0x698098d8U, 0x8b44f7afU, 0xffff5bb1U, 0x895cd7beU, 0x6b901122U, 0xfd987193U,
    0xa679438eU, 0x49b40821U, 0xf61e2562U, 0xc040b340U, 0x265e5a51U, 0xe9b6c7aaU, 0xd62f105dU,
    0x02441453U, 0xd8a1e681U, 0xe7d3fbc8U, 0x21e1cde6U, 0xc33707d6U, 0xf4d50d87U, 0x455a14edU,
    0xa9e3e905U, 0xfcefa3f8U, 0x676f02d9U, 0x8d2a4c8aU, 0xfffa3942U, 0x8771f681U, 0x6d9d6122U,
    0xfde5380cU, 0xa4beea44U, 0x4bdecfa9U, 0xf6bb4b60U, 0xbebfbc70U, 0x289b7ec6U, 0xeaa127faU,
    0xd4ef3085U, 0x04881d05U, 0xd9d4d039U, 0xe6db99e5U, 0x1fa27cf8U, 0xc4ac5665U, 0xf4292244U,
    0x432aff97U, 0xab9423a7U, 0xfc93a039U, 0x655b59c3U, 0x8f0ccc92U, 0xffeff47dU, 0x85845dd1U,
    0x6fa87e4fU, 0xfe2ce6e0U, 0xa3014314U, 0x4e0811a1U, 0xf7537e82U, 0xbd3af235U, 0x2ad7d2bbU,
    0xeb86d391U,
};
constexpr std::array<int, 16> shifts = {7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21};

using State = std::array<std::uint32_t, 4>;

void absorb(State& state, const std::array<std::uint8_t, 64>& block) {
    std::array<std::uint32_t, 16> word{};
    for (std::size_t i = 0; i < block.size(); ++i) {
        word[i / 4] |= std::uint32_t{block[i]} << (8 * (i % 4));
    }
    auto [a, b, c, d] = state;
    for (std::size_t i = 0; i < 64; ++i) {
        std::uint32_t mixed = 0;
        std::size_t source = 0;
        switch (i / 16) {
            case 0:
                mixed = (b & c) | (~b & d), source = i;
                break;
            case 1:
                mixed = (d & b) | (~d & c), source = (5 * i + 1) % 16;
                break;
            case 2:
                mixed = b ^ c ^ d, source = (3 * i + 5) % 16;
                break;
            default:
                mixed = c ^ (b | ~d), source = (7 * i) % 16;
                break;
        }
        const std::uint32_t turned =
            std::rotl(a + mixed + sines[i] + word[source], shifts[(i / 16) * 4 + i % 4]);
        a = d;
        d = c;
        c = b;
        b += turned;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

}  // namespace

Digest md5(std::string_view text) {
    State state = {0x67452301U, 0xefcdab89U, 0x98badcfeU, 0x10325476U};
    std::array<std::uint8_t, 64> block{};
    std::size_t fill = 0;
    const auto append = [&](std::uint8_t byte) {
        block[fill++] = byte;
        if (fill < block.size()) return;
        absorb(state, block);
        fill = 0;
    };
    for (const char c : text) append(static_cast<std::uint8_t>(c));
    append(0x80);
    while (fill != 56) append(0);
    const std::uint64_t bits = std::uint64_t{text.size()} * 8;
    for (int shift = 0; shift < 64; shift += 8) append(static_cast<std::uint8_t>(bits >> shift));

    Digest digest{};
    for (std::size_t i = 0; i < digest.size(); ++i) {
        digest[i] = static_cast<std::uint8_t>(state[i / 4] >> (8 * (i % 4)));
    }
    return digest;
}

}  // namespace archsim::models
