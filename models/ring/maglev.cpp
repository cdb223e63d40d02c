// Filling the Maglev table round by round.
#include "models/ring/maglev.hpp"

#include "models/ring/hash.hpp"
#include "sim/check.hpp"

#include <algorithm>

namespace archsim::models {
namespace {

constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();

/// Where one member stands in its own permutation of the table.
struct Filler {
    std::uint64_t cursor;  ///< The table entry that it wants next.
    std::uint64_t skip;    ///< From one wish to the next, modulo the size.
    double weight;         ///< Relative to the largest weight.
    double due = 0.0;      ///< It takes an entry in round r when r * weight >= due.
    std::uint32_t id;
};

}  // namespace

Maglev::Maglev(std::span<const RingMember> members, std::uint32_t table_size) {
    if (members.empty()) return;
    ARCHSIM_CHECK(is_prime(table_size), "Maglev table of size {}: not a prime", table_size);
    ARCHSIM_CHECK(members.size() <= table_size, "Maglev table of size {} for {} members",
                  table_size, members.size());
    double largest = 0.0;
    for (const RingMember& m : members) largest = std::max(largest, m.weight);

    std::vector<Filler> fillers;
    for (const RingMember& m : members) {
        const std::uint64_t skip = xxh64(m.name, 1) % (std::max(table_size, 2U) - 1) + 1;
        fillers.push_back({xxh64(m.name) % table_size, skip, m.weight / largest, 0.0, m.id});
    }

    table_.assign(table_size, nobody);
    std::uint32_t filled = 0;
    for (double round = 1.0; filled < table_size; round += 1.0) {
        for (Filler& filler : fillers) {
            if (filled == table_size) break;
            if (round * filler.weight < filler.due) continue;
            filler.due += 1.0;
            while (table_[filler.cursor] != nobody) {
                filler.cursor = (filler.cursor + filler.skip) % table_size;
            }
            table_[filler.cursor] = filler.id;
            ++filled;
        }
    }
}

std::optional<std::uint32_t> Maglev::owner(std::string_view key) const {
    if (table_.empty()) return std::nullopt;
    return table_[xxh64(key) % table_.size()];
}

}  // namespace archsim::models
