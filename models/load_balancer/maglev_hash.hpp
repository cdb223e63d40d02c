// The policy "maglev": a look-up table of prime size, shares equal to within one entry.
#pragma once

#include "models/load_balancer/identity.hpp"
#include "models/load_balancer/membership.hpp"
#include "models/load_balancer/trace.hpp"
#include "models/ring/hash.hpp"
#include "models/ring/maglev.hpp"

#include <fmt/format.h>

namespace archsim::models {

/// Sends a session, key or address to the owner of its entry in a Maglev table.
class MaglevHash {
public:
    static constexpr std::string_view name = "maglev";
    static constexpr std::string_view summary =
        "The owner of the hash in a Maglev table: even shares, a few more moves than a ring.";
    struct Config {
        HashBy by = HashBy::session;
        std::int64_t table_size = 65537;
        static const Spec<Config>& spec() {
            static const auto s =
                Spec<Config>{name, summary}
                    .optional("by", &Config::by,
                              "What decides: all requests with the same one go together.")
                    .optional("table_size", &Config::table_size,
                              "Entries of the table, a prime well above the number of backends.")
                    .at_least(2)
                    .at_most(5000011)
                    .check([](const Config& config, const Place& place) {
                        if (is_prime(static_cast<std::uint32_t>(config.table_size))) return;
                        place.fail("table_size", {Code::out_of_range,
                                                  "the size of a Maglev table must be a prime",
                                                  "use 65537 or 655373"});
                    });
            return s;
        }
    };

    explicit MaglevHash(const Config& config) : config_{config} {}

    /// Every backend needs an entry of its own.
    [[nodiscard]] std::optional<Problem> problem_with(std::span<const BackendGroup> groups) const {
        std::uint64_t backends = 0;
        for (const BackendGroup& group : groups) backends += group.count;
        if (backends <= static_cast<std::uint64_t>(config_.table_size)) return std::nullopt;
        return Problem{Code::out_of_range,
                       fmt::format("a Maglev table of {} entries is too small for {} backends",
                                   config_.table_size, backends),
                       "give table_size a prime well above that, such as 65537 or 655373"};
    }

    /// O(1); O(table size) after a change.
    std::optional<std::uint32_t> pick(const Request& request, const Candidates& candidates,
                                      sim::Rng&, Trace* trace) {
        return pick_identity(IdentityText{request, config_.by}.view(), candidates, trace);
    }

    /// The choice for a text.
    std::optional<std::uint32_t> pick_identity(std::string_view text, const Candidates& candidates,
                                               Trace* trace) {
        if (candidates.usable.empty()) return std::nullopt;
        if (version_ != candidates.version) {
            version_ = candidates.version;
            const auto size = static_cast<std::uint32_t>(config_.table_size);
            table_ = Maglev{usable_members(candidates), size};
        }
        const std::optional<std::uint32_t> owner = table_.owner(text);
        if (trace) {
            trace->say("hash of \"{}\" mod {} = entry {} of the table, held by {}",
                       "hash de \"{}\" mod {} = posição {} da tabela, que pertence a {}", text,
                       config_.table_size, xxh64(text) % table_.table().size(),
                       trace->label(candidates, owner.value()));
        }
        return owner;
    }

private:
    Config config_;
    std::optional<std::uint64_t> version_;
    Maglev table_;
};

}  // namespace archsim::models
