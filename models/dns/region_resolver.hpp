// The resolvers of one region: who remembers what the name stands for, and sends requests there.
#pragma once

#include "models/connection.hpp"
#include "models/dns/dns.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace archsim::models {

/// Each of them is the cache of one population of users. They stand beside their callers, so the
/// way to a site is that of the user.
class RegionResolver final : public Node {
public:
    RegionResolver(Dns& dns, const std::string& place, std::uint32_t region);
    sim::Task<Response> serve(Request request) override;

private:
    /// What a resolver remembers, and since when the users behind it have had no answer.
    struct Record {
        bool known = false;
        std::size_t site = 0;
        sim::Instant expires;
        std::optional<sim::Instant> failing_since = std::nullopt;
    };

    void on_crash() override;
    void note(Record& record, Outcome outcome, sim::Instant asked);

    Dns& dns_;
    std::vector<Record> records_;
    std::vector<std::unique_ptr<Connection>> connections_;
    sim::Rng rng_;
};

}  // namespace archsim::models
