// How a balancing policy is added: a class like the one below in a header of its own in
// models/load_balancer/, and its name in the list in policies.hpp. Nothing else changes: name,
// parameters, defaults, schema and explanation follow from the class.
#include "models/load_balancer/fleet.hpp"
#include "models/load_balancer/policies.hpp"

#include <doctest/doctest.h>

namespace archsim::models {
namespace {

/// The policy "every_nth": always the same backend, then n steps on.
class EveryNth {
public:
    static constexpr std::string_view name = "every_nth";
    static constexpr std::string_view summary = "Goes on by a fixed number of backends.";
    struct Config {
        std::int64_t step = 1;
        static const Spec<Config>& spec() {
            static const auto s = Spec<Config>{name, summary}
                                      .optional("step", &Config::step, "How far to go on.")
                                      .at_least(1);
            return s;
        }
    };

    explicit EveryNth(const Config& config) : step_{static_cast<std::size_t>(config.step)} {}

    std::optional<std::uint32_t> pick(const Request&, const Candidates& candidates, sim::Rng&,
                                      Trace* trace) {
        if (candidates.usable.empty()) return std::nullopt;
        position_ = (position_ + step_) % candidates.usable.size();
        if (trace) trace->say("step of {}", "passo de {}", step_);
        return candidates.usable[position_];
    }

private:
    std::size_t step_;
    std::size_t position_ = 0;
};

using Policies = PolicyList<RoundRobin, EveryNth>;

}  // namespace

TEST_SUITE("adding a balancing policy") {
    TEST_CASE("a policy in the list can be written in a scenario and chooses backends") {
        Diagnostics problems;
        Reader reader{problems};
        const auto config = Codec<Policies::Config>::read(
            Value::object({{"kind", Value::string("every_nth")}, {"step", Value::integer(3)}}),
            reader);
        REQUIRE(config.has_value());
        AnyPolicyOf<Policies> policy{*config};
        CHECK(policy.name() == "every_nth");

        Fleet fleet;
        for (const char* const backend : {"web/1", "web/2", "web/3", "web/4"}) fleet.add(backend);
        sim::Rng rng{1};
        Trace trace{Language::portuguese};
        CHECK(policy.pick({}, fleet.candidates({}), rng, &trace) == 3U);
        CHECK(policy.pick({}, fleet.candidates({}), rng, &trace) == 2U);
        CHECK(trace.lines().front() == "passo de 3");
    }
}

}  // namespace archsim::models
