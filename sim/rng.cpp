// Naming of streams: a hash of the names, mixed with the seed.
#include "sim/rng.hpp"

namespace archsim::sim {

namespace {

// FNV-1a over the bytes and a separator that no name contains.
std::uint64_t hash_in(std::uint64_t hash, std::string_view text) {
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    }
    return (hash ^ 0xff) * 0x100000001b3u;
}

}  // namespace

Rng Rng::named(std::uint64_t seed, std::string_view path, std::string_view purpose) {
    const std::uint64_t names = hash_in(hash_in(0xcbf29ce484222325u, path), purpose);
    std::uint64_t mixed = seed;
    const std::uint64_t salted = splitmix64(mixed) ^ names;
    return Rng{salted};
}

std::uint64_t replication_seed(std::uint64_t seed, std::uint64_t replication) {
    std::uint64_t state = seed;
    const std::uint64_t first = splitmix64(state);
    state = first ^ (replication * 0xd1342543de82ef95u);
    return splitmix64(state);
}

}  // namespace archsim::sim
