// XXH64, MurmurHash3 and CRC-32 as published, written for clarity and a fixed byte order.
#include "models/ring/hash.hpp"

#include <bit>
#include <cstddef>

namespace archsim::models {
namespace {

/// The `bytes` bytes of `text` from `at` on as one number, lowest byte first.
std::uint64_t little_endian(std::string_view text, std::size_t at, std::size_t bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
        value |= std::uint64_t{static_cast<std::uint8_t>(text[at + i])} << (8 * i);
    }
    return value;
}

constexpr std::uint64_t prime1 = 0x9E3779B185EBCA87ULL;
constexpr std::uint64_t prime2 = 0xC2B2AE3D27D4EB4FULL;
constexpr std::uint64_t prime3 = 0x165667B19E3779F9ULL;
constexpr std::uint64_t prime4 = 0x85EBCA77C2B2AE63ULL;
constexpr std::uint64_t prime5 = 0x27D4EB2F165667C5ULL;

constexpr std::uint64_t xxh64_round(std::uint64_t lane, std::uint64_t input) {
    return std::rotl(lane + input * prime2, 31) * prime1;
}

constexpr std::array<std::uint32_t, 256> make_crc_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
        std::uint32_t value = byte;
        for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1U) * 0xEDB88320U);
        table[byte] = value;
    }
    return table;
}
constexpr std::array<std::uint32_t, 256> crc_table = make_crc_table();

/// The state of XXH64 after all whole blocks of 32 bytes; `at` becomes the first byte left over.
std::uint64_t xxh64_blocks(std::string_view text, std::uint64_t seed, std::size_t& at) {
    if (text.size() < 32) return seed + prime5;
    std::array<std::uint64_t, 4> lane = {seed + prime1 + prime2, seed + prime2, seed,
                                         seed - prime1};
    for (; at + 32 <= text.size(); at += 32) {
        for (std::size_t i = 0; i < 4; ++i) {
            lane[i] = xxh64_round(lane[i], little_endian(text, at + 8 * i, 8));
        }
    }
    std::uint64_t hash = std::rotl(lane[0], 1) + std::rotl(lane[1], 7) + std::rotl(lane[2], 12) +
                         std::rotl(lane[3], 18);
    for (const std::uint64_t l : lane) hash = (hash ^ xxh64_round(0, l)) * prime1 + prime4;
    return hash;
}

}  // namespace

std::uint64_t xxh64(std::string_view text, std::uint64_t seed) {
    std::size_t at = 0;
    std::uint64_t hash = xxh64_blocks(text, seed, at) + text.size();
    for (; at + 8 <= text.size(); at += 8) {
        hash ^= xxh64_round(0, little_endian(text, at, 8));
        hash = std::rotl(hash, 27) * prime1 + prime4;
    }
    if (at + 4 <= text.size()) {
        hash = std::rotl(hash ^ (little_endian(text, at, 4) * prime1), 23) * prime2 + prime3;
        at += 4;
    }
    for (; at < text.size(); ++at) {
        hash = std::rotl(hash ^ (little_endian(text, at, 1) * prime5), 11) * prime1;
    }
    hash = (hash ^ (hash >> 33)) * prime2;
    hash = (hash ^ (hash >> 29)) * prime3;
    return hash ^ (hash >> 32);
}

std::uint32_t murmur3_x86_32(std::string_view text, std::uint32_t seed) {
    constexpr std::uint32_t c1 = 0xcc9e2d51U;
    constexpr std::uint32_t c2 = 0x1b873593U;
    std::uint32_t hash = seed;
    std::size_t at = 0;
    for (; at + 4 <= text.size(); at += 4) {
        const auto block = static_cast<std::uint32_t>(little_endian(text, at, 4));
        hash = std::rotl(hash ^ (std::rotl(block * c1, 15) * c2), 13) * 5 + 0xe6546b64U;
    }
    if (at < text.size()) {
        const auto tail = static_cast<std::uint32_t>(little_endian(text, at, text.size() - at));
        hash ^= std::rotl(tail * c1, 15) * c2;
    }
    hash ^= static_cast<std::uint32_t>(text.size());
    hash = (hash ^ (hash >> 16)) * 0x85ebca6bU;
    hash = (hash ^ (hash >> 13)) * 0xc2b2ae35U;
    return hash ^ (hash >> 16);
}

Crc32& Crc32::add(std::string_view text) {
    for (const char c : text) {
        state_ = crc_table[(state_ ^ static_cast<std::uint8_t>(c)) & 0xffU] ^ (state_ >> 8);
    }
    return *this;
}

Crc32& Crc32::add_little_endian(std::uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) {
        state_ = crc_table[(state_ ^ (value >> shift)) & 0xffU] ^ (state_ >> 8);
    }
    return *this;
}

}  // namespace archsim::models
