// How arrival processes are written.
#include "models/client/arrivals.hpp"

namespace archsim::models {

namespace {
const sim::Rate none = sim::Rate::per_second(0.0);
}

const Spec<PoissonArrivals>& PoissonArrivals::spec() {
    static const auto declared =
        Spec<PoissonArrivals>{"poisson", "Independent arrivals: exponential gaps."}
            .required("rate", &PoissonArrivals::rate, "Mean arrivals per second.")
            .at_least(none);
    return declared;
}

const Spec<ConstantArrivals>& ConstantArrivals::spec() {
    static const auto declared =
        Spec<ConstantArrivals>{"constant", "Arrivals at equal gaps; the first after one gap."}
            .required("rate", &ConstantArrivals::rate, "Arrivals per second.")
            .at_least(none);
    return declared;
}

const Spec<MmppState>& MmppState::spec() {
    static const auto declared =
        Spec<MmppState>{"state", "One state of a Markov-modulated Poisson process."}
            .required("rate", &MmppState::rate, "Mean arrivals per second in this state.")
            .at_least(none)
            .required("mean_stay", &MmppState::mean_stay, "Mean of the exponential stay.")
            .more_than(sim::Duration{});
    return declared;
}

const Spec<MmppArrivals>& MmppArrivals::spec() {
    static const auto declared =
        Spec<MmppArrivals>{"mmpp", "Bursts: a Poisson process whose rate changes at random."}
            .required("states", &MmppArrivals::states,
                      "States in the order in which they follow one another, round and round.")
            .check([](const MmppArrivals& config, const Place& place) {
                if (config.states.empty()) {
                    place.fail("states",
                               {.code = Code::out_of_range, .message = "a process needs a state"});
                    return;
                }
                constexpr double least_in_a_round = 1e-6;  // else nothing but changes is drawn
                double arrivals = 0.0;
                for (const MmppState& state : config.states) {
                    arrivals += state.rate.per_second() * state.mean_stay.in_seconds();
                }
                if (arrivals < least_in_a_round) {
                    place.fail("states",
                               {.code = Code::out_of_range,
                                .message = "the states change more than a million times for each "
                                           "arrival",
                                .hint = "use longer stays, or a Poisson process of the mean rate"});
                }
            });
    return declared;
}

const Spec<ProfileArrivals>& ProfileArrivals::spec() {
    static const auto declared =
        Spec<ProfileArrivals>{"profile", "A Poisson process whose rate follows a line in time."}
            .required("points", &ProfileArrivals::points,
                      "Times and rates, such as [[\"0s\", \"100/s\"], [\"30s\", \"500/s\"]]; the "
                      "last rate holds on.")
            .optional("steps", &ProfileArrivals::steps,
                      "Hold each rate until the next point instead of sloping to it.")
            .optional("repeat", &ProfileArrivals::repeat, "Begin anew after the last point.")
            .check([](const ProfileArrivals& config, const Place& place) {
                const auto& line = config.points;
                if (line.empty() || std::get<0>(line.front()) != sim::Duration{}) {
                    place.fail("points", {.code = Code::bad_value,
                                          .message = "the first point must be at 0s"});
                }
                for (std::size_t i = 1; i < line.size(); ++i) {
                    if (std::get<0>(line[i]) <= std::get<0>(line[i - 1])) {
                        place.fail("points", {.code = Code::bad_value,
                                              .message = "the times of the points must rise"});
                        return;
                    }
                }
                if (config.repeat && line.size() < 2) {
                    place.fail("repeat", {.code = Code::bad_value,
                                          .message = "repeating needs a second point"});
                }
            });
    return declared;
}

const Spec<DiurnalArrivals>& DiurnalArrivals::spec() {
    static const auto declared =
        Spec<DiurnalArrivals>{"diurnal", "A Poisson process that swings between night and day."}
            .required("base", &DiurnalArrivals::base, "Lowest rate.")
            .at_least(none)
            .required("peak", &DiurnalArrivals::peak, "Highest rate.")
            .at_least(none)
            .optional("period", &DiurnalArrivals::period, "From peak to peak.")
            .more_than(sim::Duration{})
            .optional("peak_at", &DiurnalArrivals::peak_at, "Time of the first peak.")
            .check([](const DiurnalArrivals& config, const Place& place) {
                if (config.peak < config.base) {
                    place.fail("peak", {.code = Code::out_of_range,
                                        .message = "the peak is lower than the base"});
                }
            });
    return declared;
}

const Spec<SpikeArrivals>& SpikeArrivals::spec() {
    static const auto declared =
        Spec<SpikeArrivals>{"spike", "A Poisson process with a burst."}
            .required("base", &SpikeArrivals::base, "Rate before and after.")
            .at_least(none)
            .required("peak", &SpikeArrivals::peak, "Rate during the burst.")
            .at_least(none)
            .required("at", &SpikeArrivals::at, "Begin of the burst.")
            .required("for", &SpikeArrivals::length, "Length of the burst.")
            .more_than(sim::Duration{});
    return declared;
}

std::optional<Arrivals> Codec<Arrivals>::read(const Value& value, Reader& reader) {
    // The name of a kind begins with a letter; anything else, such as "-5/s", is meant as a rate.
    const bool is_name = value.is_string() && !value.text().empty() &&
                         ((value.text()[0] >= 'a' && value.text()[0] <= 'z') ||
                          (value.text()[0] >= 'A' && value.text()[0] <= 'Z'));
    if (!is_name && !value.is_object()) {
        const std::optional<sim::Rate> rate = Codec<sim::Rate>::read(value, reader);
        if (!rate) return std::nullopt;
        return Arrivals{PoissonArrivals{*rate}};
    }
    auto kind = Codec<decltype(Arrivals::kind)>::read(value, reader);
    if (!kind) return std::nullopt;
    return Arrivals{std::move(*kind)};
}

Value Codec<Arrivals>::write(const Arrivals& arrivals) {
    if (const auto* poisson = std::get_if<PoissonArrivals>(&arrivals.kind)) {
        return Codec<sim::Rate>::write(poisson->rate);
    }
    return Codec<decltype(Arrivals::kind)>::write(arrivals.kind);
}

Value Codec<Arrivals>::schema(SchemaBuilder& builder) {
    return Value::object(
        {{"anyOf", Value::array({Codec<sim::Rate>::schema(builder),
                                 Codec<decltype(Arrivals::kind)>::schema(builder)})}});
}

std::string Codec<Arrivals>::type() {
    return "rate (Poisson) or " + Codec<decltype(Arrivals::kind)>::type();
}

}  // namespace archsim::models
