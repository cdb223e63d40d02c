// Power laws of whole numbers: drawing by inversion, and means in closed form.
#include "models/service/receivers.hpp"

#include "sim/rng.hpp"

#include <algorithm>
#include <cmath>

namespace archsim::models {

namespace {

constexpr std::int64_t most_fixed = 1'000'000;

}  // namespace

const Spec<FixedReceivers>& FixedReceivers::spec() {
    static const auto declared = Spec<FixedReceivers>{"fixed", "As many for every key."}
                                     .required("count", &FixedReceivers::count, "How many.")
                                     .at_least(0)
                                     .at_most(most_fixed);
    return declared;
}

const Spec<PowerLawReceivers>& PowerLawReceivers::spec() {
    static const auto declared =
        Spec<PowerLawReceivers>{"power_law",
                                "Few for most keys, very many for some: P(N = n) falls as "
                                "n^-exponent."}
            .required("exponent", &PowerLawReceivers::exponent,
                      "How fast it falls; followers on Twitter: 2.276 (Kwak et al. 2010).")
            .more_than(1.0)
            .at_most(20.0)
            .optional("at_least", &PowerLawReceivers::at_least, "The fewest that a key has.")
            .at_least(1)
            .required("at_most", &PowerLawReceivers::at_most, "The most that a key has.")
            .at_most(1'000'000'000)
            .check([](const PowerLawReceivers& law, const Place& place) {
                if (law.at_least <= law.at_most) return;
                place.fail("at_most", {.code = Code::out_of_range,
                                       .message = "at_most is less than at_least",
                                       .hint = "let at_most be the larger of the two"});
            });
    return declared;
}

using LawCodec = Codec<std::variant<FixedReceivers, PowerLawReceivers>>;

std::optional<ReceiversConfig> Codec<ReceiversConfig>::read(const Value& value, Reader& reader) {
    if (value.is_number()) {
        const std::optional<std::int64_t> count = Codec<std::int64_t>::read(value, reader);
        if (!count) return std::nullopt;
        if (*count >= 0 && *count <= most_fixed) return ReceiversConfig{FixedReceivers{*count}};
        reader.fail(value.spot(), {.code = Code::out_of_range,
                                   .message = "a number of receivers is from 0 to 1000000"});
        return std::nullopt;
    }
    const auto law = LawCodec::read(value, reader);
    if (!law) return std::nullopt;
    return ReceiversConfig{*law};
}

Value Codec<ReceiversConfig>::write(const ReceiversConfig& config) {
    if (const auto* const fixed = std::get_if<FixedReceivers>(&config.law)) {
        return Value::integer(fixed->count);
    }
    return LawCodec::write(config.law);
}

Value Codec<ReceiversConfig>::schema(SchemaBuilder& builder) {
    return Value::object({{"anyOf", Value::array({Codec<std::int64_t>::schema(builder),
                                                  LawCodec::schema(builder)})}});
}

std::string Codec<ReceiversConfig>::type() { return "a number or a law of numbers"; }

namespace {

/// The continuous law below: a Pareto variable X on [at_least, at_most + 1); N is X rounded down
/// (Clauset, Shalizi and Newman, "Power-law distributions in empirical data", 2009, appendix D).
class Tail {
public:
    explicit Tail(const PowerLawReceivers& law)
        : alpha_{law.exponent - 1.0},
          low_{static_cast<double>(law.at_least)},
          high_{static_cast<double>(law.at_most) + 1.0},
          end_{std::pow(low_ / high_, alpha_)} {}

    /// P(X >= x) for x between the ends.
    [[nodiscard]] double above(double x) const {
        return (std::pow(low_ / x, alpha_) - end_) / (1.0 - end_);
    }
    /// The x with P(X >= x) = u.
    [[nodiscard]] double at(double u) const {
        return low_ * std::pow(end_ + u * (1.0 - end_), -1.0 / alpha_);
    }
    /// The integral of P(X >= x) from `from` to `to`.
    [[nodiscard]] double integral(double from, double to) const {
        const double power = 1.0 - alpha_;
        const double logs = std::log(to / from);
        const double grown = std::abs(power) < 1e-9 ? low_ * logs
                                                    : low_ * std::pow(from / low_, power) *
                                                          std::expm1(power * logs) / power;
        return (grown - end_ * (to - from)) / (1.0 - end_);
    }

private:
    double alpha_;
    double low_;
    double high_;
    double end_;
};

std::uint64_t largest(const PowerLawReceivers& law) {
    return static_cast<std::uint64_t>(law.at_most);
}

}  // namespace

std::uint64_t Receivers::of(std::uint64_t key) const {
    if (const auto* const fixed = std::get_if<FixedReceivers>(&config_.law)) {
        return static_cast<std::uint64_t>(fixed->count);
    }
    const auto& law = std::get<PowerLawReceivers>(config_.law);
    constexpr std::uint64_t golden = 0x9e3779b97f4a7c15;  // as SplitMix64 steps from key to key
    std::uint64_t state = seed_ + key * golden;
    const double u = static_cast<double>(sim::splitmix64(state) >> 11) * 0x1.0p-53;
    const auto drawn = static_cast<std::uint64_t>(Tail{law}.at(1.0 - u));
    return std::clamp(drawn, static_cast<std::uint64_t>(law.at_least), largest(law));
}

double Receivers::share_above(const ReceiversConfig& config, std::uint64_t bound) {
    if (const auto* const fixed = std::get_if<FixedReceivers>(&config.law)) {
        return static_cast<std::uint64_t>(fixed->count) > bound ? 1.0 : 0.0;
    }
    const auto& law = std::get<PowerLawReceivers>(config.law);
    if (bound >= largest(law)) return 0.0;
    if (bound < static_cast<std::uint64_t>(law.at_least)) return 1.0;
    return Tail{law}.above(static_cast<double>(bound) + 1.0);
}

double Receivers::mean_up_to(const ReceiversConfig& config, std::uint64_t bound) {
    if (const auto* const fixed = std::get_if<FixedReceivers>(&config.law)) {
        const auto count = static_cast<std::uint64_t>(fixed->count);
        return count > bound ? 0.0 : static_cast<double>(count);
    }
    // E[N; N <= b] = sum over n = 1 .. b of P(N >= n) - P(N > b).
    const auto& law = std::get<PowerLawReceivers>(config.law);
    const auto first = static_cast<std::uint64_t>(law.at_least);
    const std::uint64_t last = std::min(bound, largest(law));
    if (last < first) return 0.0;
    const Tail tail{law};
    const double beyond = share_above(config, last);
    double sum = static_cast<double>(first) * (1.0 - beyond);
    constexpr std::uint64_t terms = 10'000;
    const std::uint64_t summed = std::min(last, first + terms);
    for (std::uint64_t n = first + 1; n <= summed; ++n) {
        sum += tail.above(static_cast<double>(n)) - beyond;
    }
    if (last > summed) {  // the midpoint rule, backwards
        const double from = static_cast<double>(summed) + 0.5;
        const double to = static_cast<double>(last) + 0.5;
        sum += tail.integral(from, to) - beyond * (to - from);
    }
    return sum;
}

std::uint64_t Receivers::most(const ReceiversConfig& config) {
    if (const auto* const fixed = std::get_if<FixedReceivers>(&config.law)) {
        return static_cast<std::uint64_t>(fixed->count);
    }
    return largest(std::get<PowerLawReceivers>(config.law));
}

}  // namespace archsim::models
