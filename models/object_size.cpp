// Reading and writing laws of sizes: a string is the size of all, an object names its kind.
#include "models/object_size.hpp"

#include "models/choice.hpp"
#include "models/spec.hpp"

#include <cmath>
#include <variant>

namespace archsim::models {

namespace {

sim::Duration stand_in(sim::Bytes size) { return sim::Duration::nanoseconds(size.count()); }
sim::Bytes size_of(sim::Duration stand_in) { return sim::Bytes{stand_in.count()}; }

struct UniformSize {
    sim::Bytes minimum;
    sim::Bytes maximum;
    [[nodiscard]] ObjectSize make() const {
        return ObjectSize{sim::Distribution{sim::Uniform{stand_in(minimum), stand_in(maximum)}}};
    }
    static const Spec<UniformSize>& spec() {
        static const auto declared =
            Spec<UniformSize>{"uniform", "Every size between two bounds is equally likely."}
                .required("minimum", &UniformSize::minimum, "The smallest.")
                .at_least(sim::Bytes{})
                .required("maximum", &UniformSize::maximum, "The largest.")
                .check([](const UniformSize& config, const Place& place) {
                    if (config.minimum <= config.maximum) return;
                    place.fail("maximum", {.code = Code::bad_value,
                                           .message = "the maximum is below the minimum"});
                });
        return declared;
    }
};

struct LognormalSize {
    sim::Bytes p50;
    sim::Bytes p99;
    [[nodiscard]] ObjectSize make() const {
        return ObjectSize{sim::Distribution{
            sim::Lognormal{sim::Lognormal::P50AndP99{stand_in(p50), stand_in(p99)}}}};
    }
    static const Spec<LognormalSize>& spec() {
        static const auto declared =
            Spec<LognormalSize>{"lognormal", "Many small objects and a few large ones."}
                .required("p50", &LognormalSize::p50, "Half of the objects are smaller.")
                .more_than(sim::Bytes{})
                .required("p99", &LognormalSize::p99, "Of a hundred objects one is larger.")
                .check([](const LognormalSize& config, const Place& place) {
                    if (config.p50 < config.p99) return;
                    place.fail("p99", {.code = Code::bad_value,
                                       .message = "p99 has to be larger than p50"});
                });
        return declared;
    }
};

using SizeKind = OneOf<UniformSize, LognormalSize>;

}  // namespace

std::optional<ObjectSize> Codec<ObjectSize>::read(const Value& value, Reader& reader) {
    if (value.is_object()) {
        const std::optional<SizeKind> kind = Codec<SizeKind>::read(value, reader);
        if (!kind) return std::nullopt;
        return std::visit([](const auto& parameters) { return parameters.make(); }, *kind);
    }
    const std::optional<sim::Bytes> size = Codec<sim::Bytes>::read(value, reader);
    if (!size) return std::nullopt;
    if (*size < sim::Bytes{}) {
        reader.fail(value.spot(),
                    {.code = Code::out_of_range, .message = "an object has no negative size"});
        return std::nullopt;
    }
    return ObjectSize::fixed(*size);
}

Value Codec<ObjectSize>::write(const ObjectSize& value) {
    const sim::Distribution::Law& law = value.law().law();
    if (const auto* uniform = std::get_if<sim::Uniform>(&law)) {
        return Codec<SizeKind>::write(
            UniformSize{size_of(uniform->minimum()), size_of(uniform->maximum())});
    }
    if (const auto* lognormal = std::get_if<sim::Lognormal>(&law)) {
        const auto& given = std::get<sim::Lognormal::P50AndP99>(lognormal->parameters());
        return Codec<SizeKind>::write(LognormalSize{size_of(given.p50), size_of(given.p99)});
    }
    return Codec<sim::Bytes>::write(size_of(std::get<sim::Constant>(law).value()));
}

Value Codec<ObjectSize>::schema(SchemaBuilder& builder) {
    return Value::object({{"anyOf", Value::array({Codec<sim::Bytes>::schema(builder),
                                                  Codec<SizeKind>::schema(builder)})}});
}

std::string Codec<ObjectSize>::type() { return "size or a law of sizes"; }

}  // namespace archsim::models
