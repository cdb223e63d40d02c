// Hash functions that real rings and balancers place keys with.
// All are defined on bytes and byte order is fixed, so every machine gets the same value; each is
// checked against published vectors. None is meant for security.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace archsim::models {

/// FNV-1a, 64 bits (Fowler, Noll, Vo; RFC 9923). Linear in the length of the text.
[[nodiscard]] constexpr std::uint64_t fnv1a64(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3ULL;
    return hash;
}

/// XXH64 (Yann Collet, xxHash specification 0.1.1). Envoy places hosts and keys with it. Linear.
[[nodiscard]] std::uint64_t xxh64(std::string_view text, std::uint64_t seed = 0);

/// MurmurHash3_x86_32 (Austin Appleby, SMHasher). Linear in the length of the text.
[[nodiscard]] std::uint32_t murmur3_x86_32(std::string_view text, std::uint32_t seed = 0);

/// A CRC-32 that is fed in pieces: reflected polynomial 0xEDB88320, as in zlib and nginx.
class Crc32 {
public:
    /// Appends `text`; returns this, so that calls can be chained. Linear.
    Crc32& add(std::string_view text);
    /// Appends the four bytes of `value`, lowest first.
    Crc32& add_little_endian(std::uint32_t value);
    /// The check sum of everything added so far.
    [[nodiscard]] std::uint32_t value() const { return ~state_; }

private:
    std::uint32_t state_ = 0xffffffffU;
};

/// CRC-32 of one text. Linear.
[[nodiscard]] inline std::uint32_t crc32(std::string_view text) {
    return Crc32{}.add(text).value();
}

/// A message digest of 16 bytes.
using Digest = std::array<std::uint8_t, 16>;

/// MD5 (Rivest, RFC 1321); the hash of ketama. Linear in the length of the text.
[[nodiscard]] Digest md5(std::string_view text);

/// The hash of the sdbm database library, HAProxy's default for header and URL hashing. Linear.
[[nodiscard]] constexpr std::uint32_t sdbm(std::string_view text) {
    std::uint32_t hash = 0;
    for (const char c : text) {
        hash = static_cast<std::uint8_t>(c) + (hash << 6) + (hash << 16) - hash;
    }
    return hash;
}

/// Spreads the bits of a 32-bit integer: Bob Jenkins' six-step avalanche, then a multiplication by
/// 3 * 2^30 + 1. HAProxy places servers and keys of `hash-type consistent` with it.
[[nodiscard]] constexpr std::uint32_t haproxy_full_hash(std::uint32_t a) {
    a = (a + 0x7ed55d16U) + (a << 12);
    a = (a ^ 0xc761c23cU) ^ (a >> 19);
    a = (a + 0x165667b1U) + (a << 5);
    a = (a + 0xd3a2646cU) ^ (a << 9);
    a = (a + 0xfd7046c5U) + (a << 3);
    a = (a ^ 0xb55a4f09U) ^ (a >> 16);
    return a * 3221225473U;
}

/// Spreads the bits of a 64-bit integer: the final step of MurmurHash3_x64_128 (a bijection).
[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t x) {
    x = (x ^ (x >> 33)) * 0xff51afd7ed558ccdULL;
    x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53ULL;
    return x ^ (x >> 33);
}

}  // namespace archsim::models
