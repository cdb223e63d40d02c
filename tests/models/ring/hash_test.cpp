// Hash functions against published vectors (SMHasher, xxhsum 0.8.1, zlib, RFC 1321).
#include "models/ring/hash.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

using namespace archsim::models;

namespace {

struct Vector {
    std::string text;
    std::uint64_t fnv;
    std::uint32_t murmur;
    std::uint64_t xxh;
    std::uint64_t xxh_seed1;
    std::uint32_t crc;
    std::string md5;
};

const Vector vectors[] = {
    {"", 0xcbf29ce484222325ULL, 0x00000000U, 0xef46db3751d8e999ULL, 0xd5afba1336a3be4bULL,
     0x00000000U, "d41d8cd98f00b204e9800998ecf8427e"},
    {"a", 0xaf63dc4c8601ec8cULL, 0x3c2569b2U, 0xd24ec4f1a98c6e5bULL, 0xdec2bc81c3cd46c6ULL,
     0xe8b7be43U, "0cc175b9c0f1b6a831c399e269772661"},
    {"abc", 0xe71fa2190541574bULL, 0xb3dd93faU, 0x44bc2cf5ad770999ULL, 0xbea9ca8199328908ULL,
     0x352441c2U, "900150983cd24fb0d6963f7d28e17f72"},
    {"hello", 0xa430d84680aabd0bULL, 0x248bfa47U, 0x26c7827d889f6da3ULL, 0x23dd71cb04d0a1b2ULL,
     0x3610a686U, "5d41402abc4b2a76b9719d911017c592"},
    {"foobar", 0x85944171f73967e8ULL, 0xa4c4d4bdU, 0xa2aa05ed9085aaf9ULL, 0xf83230d70d4ca00eULL,
     0x9ef61f95U, "3858f62230ac3c915f300c664312c63f"},
    {"user1", 0x4228c671628ca359ULL, 0xc50b443dU, 0x63edb0950fc8c927ULL, 0x01c3f85afe513465ULL,
     0x8c518555U, "24c9e15e52afc47c225b757e7bee1f9d"},
};

std::string hex(const Digest& digest) {
    std::string text;
    for (const std::uint8_t byte : digest) text += fmt::format("{:02x}", byte);
    return text;
}

}  // namespace

TEST_SUITE("hash functions") {
    TEST_CASE("every hash function gives the published value of every reference text") {
        for (const Vector& v : vectors) {
            CAPTURE(v.text);
            CHECK(fnv1a64(v.text) == v.fnv);
            CHECK(murmur3_x86_32(v.text) == v.murmur);
            CHECK(xxh64(v.text) == v.xxh);
            CHECK(xxh64(v.text, 1) == v.xxh_seed1);
            CHECK(crc32(v.text) == v.crc);
            CHECK(hex(md5(v.text)) == v.md5);
        }
    }

    TEST_CASE("xxh64 takes whole blocks of 32 bytes through its four lanes") {
        // Made with XXH64 of libxxhash 0.8.1.
        const std::string letters = "abcdefghijklmnopqrstuvwxyz";
        const std::string alphabet = letters + letters + letters + letters;
        CHECK(xxh64(alphabet.substr(0, 32)) == 0x4da6cbe536cf55c7ULL);
        CHECK(xxh64(alphabet.substr(0, 39)) == 0xa6c2b538a1fd0a14ULL);
        CHECK(xxh64(alphabet.substr(0, 44)) == 0x54257f9a3ceb444aULL);
        CHECK(xxh64(alphabet.substr(0, 64)) == 0x14696b774542d718ULL);
        CHECK(xxh64(alphabet.substr(0, 100)) == 0x79c9fa152bb53c71ULL);
    }

    TEST_CASE("murmur3 passes the verification of the SMHasher suite") {
        // Keys {}, {0}, {0,1}, ... of 0 to 255 bytes with seed 256 - i, hashed once more together.
        std::string key;
        std::string results;
        for (std::uint32_t i = 0; i < 256; ++i) {
            const std::uint32_t hash = murmur3_x86_32(key, 256 - i);
            for (int shift = 0; shift < 32; shift += 8) results += static_cast<char>(hash >> shift);
            key += static_cast<char>(i);
        }
        CHECK(murmur3_x86_32(results) == 0xB0F57EE3U);
    }

    TEST_CASE("md5 pads messages around the block border as RFC 1321 says") {
        CHECK(hex(md5(std::string(55, 'a'))) == "ef1772b6dff9a122358552954ad0df65");
        CHECK(hex(md5(std::string(56, 'a'))) == "3b0c8ac703f828b04c6c197006d17218");
        CHECK(hex(md5(std::string(63, 'a'))) == "b06521f39153d618550606be297466d5");
        CHECK(hex(md5(std::string(64, 'a'))) == "014842d480b571495a4a0363793f7367");
        CHECK(hex(md5(std::string(65, 'a'))) == "c743a45e0d2e6a95cb859adae0248435");
        CHECK(hex(md5(std::string(200, 'a'))) == "887f30b43b2867f4a9accceee7d16e6c");
    }

    TEST_CASE("a crc in pieces equals the crc of the whole") {
        CHECK(Crc32{}.add("foo").add("bar").value() == crc32("foobar"));
        CHECK(Crc32{}.add("x").add_little_endian(0x64636261U).value() == crc32("xabcd"));
        CHECK(crc32("123456789") == 0xCBF43926U);
    }

    TEST_CASE("mixing 64 bits loses no information and moves every bit") {
        CHECK(mix64(0) == 0);
        for (int bit = 0; bit < 64; ++bit) {
            const std::uint64_t flipped = mix64(1) ^ mix64(1 ^ (std::uint64_t{1} << bit));
            const int changed = __builtin_popcountll(flipped);
            // 64 fair coins: 32 with a standard deviation of 4.
            CHECK(changed > 12);
            CHECK(changed < 52);
        }
    }
}
