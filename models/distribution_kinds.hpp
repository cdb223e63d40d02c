// The kinds of distribution that a scenario may name, each with its parameters. `make` turns the
// parameters into the law; the constructor from a law is its inverse, for writing.
#pragma once

#include "models/choice.hpp"
#include "models/distribution_codec.hpp"
#include "models/spec.hpp"
#include "sim/distribution.hpp"

#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

namespace archsim::models {

struct ConstantKind {
    sim::Duration value;
    ConstantKind() = default;
    explicit ConstantKind(const sim::Constant& law) : value{law.value()} {}
    [[nodiscard]] sim::Constant make() const { return sim::Constant{value}; }
    static const Spec<ConstantKind>& spec();
};

struct ExponentialKind {
    sim::Duration mean;
    ExponentialKind() = default;
    explicit ExponentialKind(const sim::Exponential& law) : mean{law.mean()} {}
    [[nodiscard]] sim::Exponential make() const { return sim::Exponential{mean}; }
    static const Spec<ExponentialKind>& spec();
};

struct UniformKind {
    sim::Duration minimum;
    sim::Duration maximum;
    UniformKind() = default;
    explicit UniformKind(const sim::Uniform& law)
        : minimum{law.minimum()}, maximum{law.maximum()} {}
    [[nodiscard]] sim::Uniform make() const { return {minimum, maximum}; }
    static const Spec<UniformKind>& spec();
};

struct ErlangKind {
    sim::Duration mean;
    std::int64_t stages = 1;
    ErlangKind() = default;
    explicit ErlangKind(const sim::Erlang& law) : mean{law.mean()}, stages{law.stages()} {}
    [[nodiscard]] sim::Erlang make() const { return {mean, stages}; }
    static const Spec<ErlangKind>& spec();
};

struct GammaKind {
    sim::Duration mean;
    double shape = 1.0;
    GammaKind() = default;
    explicit GammaKind(const sim::Gamma& law) : mean{law.mean()}, shape{law.shape()} {}
    [[nodiscard]] sim::Gamma make() const { return {mean, shape}; }
    static const Spec<GammaKind>& spec();
};

struct HyperexponentialKind {
    sim::Duration mean;
    double cv = 1.0;
    HyperexponentialKind() = default;
    explicit HyperexponentialKind(const sim::Hyperexponential& law)
        : mean{law.mean()}, cv{law.cv()} {}
    [[nodiscard]] sim::Hyperexponential make() const { return {mean, cv}; }
    static const Spec<HyperexponentialKind>& spec();
};

struct LognormalKind {
    std::optional<sim::Duration> mean;
    std::optional<double> cv;
    std::optional<sim::Duration> p50;
    std::optional<sim::Duration> p99;
    LognormalKind() = default;
    explicit LognormalKind(const sim::Lognormal& law);
    [[nodiscard]] sim::Lognormal make() const;
    static const Spec<LognormalKind>& spec();
};

struct NormalKind {
    sim::Duration mean;
    sim::Duration deviation;
    NormalKind() = default;
    explicit NormalKind(const sim::TruncatedNormal& law)
        : mean{law.mean_before_cut()}, deviation{law.deviation_before_cut()} {}
    [[nodiscard]] sim::TruncatedNormal make() const { return {mean, deviation}; }
    static const Spec<NormalKind>& spec();
};

struct ParetoKind {
    sim::Duration minimum;
    double alpha = 0.0;
    std::optional<sim::Duration> cap;
    ParetoKind() = default;
    explicit ParetoKind(const sim::Pareto& law)
        : minimum{law.minimum()}, alpha{law.alpha()}, cap{law.cap()} {}
    [[nodiscard]] sim::Pareto make() const { return {minimum, alpha, cap}; }
    static const Spec<ParetoKind>& spec();
};

struct WeibullKind {
    sim::Duration scale;
    double shape = 1.0;
    WeibullKind() = default;
    explicit WeibullKind(const sim::Weibull& law) : scale{law.scale()}, shape{law.shape()} {}
    [[nodiscard]] sim::Weibull make() const { return {scale, shape}; }
    static const Spec<WeibullKind>& spec();
};

struct EmpiricalKind {
    std::vector<sim::Duration> values;
    std::optional<std::vector<double>> weights;  ///< Absent: all the same.
    std::vector<std::tuple<sim::Duration, sim::Probability>> percentiles;
    EmpiricalKind() = default;
    explicit EmpiricalKind(const sim::Empirical& law);
    [[nodiscard]] sim::Empirical make() const;
    static const Spec<EmpiricalKind>& spec();
};

/// One distribution of a mixture.
struct MixturePart {
    double weight = 0.0;
    sim::Distribution distribution;
    static const Spec<MixturePart>& spec();
};

struct MixtureKind {
    std::vector<MixturePart> parts;
    MixtureKind() = default;
    explicit MixtureKind(const sim::Mixture& law);
    [[nodiscard]] sim::Mixture make() const;
    static const Spec<MixtureKind>& spec();
};

/// Every kind, in the order of sim::Distribution::Law.
using DistributionKind =
    OneOf<ConstantKind, ExponentialKind, UniformKind, ErlangKind, GammaKind, HyperexponentialKind,
          LognormalKind, NormalKind, ParetoKind, WeibullKind, EmpiricalKind, MixtureKind>;

}  // namespace archsim::models
