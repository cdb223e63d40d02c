// Versions of a service that are rolled out while it runs: what is worse about each, how its
// requests fare, and what was measured of the roll-outs.
#pragma once

#include "models/catalog.hpp"
#include "models/request.hpp"
#include "models/spec.hpp"
#include "sim/metrics.hpp"
#include "sim/rng.hpp"
#include "sim/units.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace archsim::models {

/// A version, as far as it differs from the one at the start of the run.
struct ReleaseConfig {
    sim::Probability errors;
    double slower = 1.0;
    static const Spec<ReleaseConfig>& spec();
};

/// A version that some instances run.
class Release {
public:
    /// What came of the requests to its instances since the start of the run.
    struct Counts {
        std::uint64_t answered = 0;
        std::uint64_t failed = 0;  ///< Of those: not answered ok.
        sim::Duration time;        ///< From the first to the answer, summed up.
    };

    /// The counters outlive it; `rng` draws its mistakes.
    Release(const ReleaseConfig& config, sim::Counter& answered, sim::Counter& failed, sim::Rng rng)
        : config_{config}, answered_{answered}, failed_{failed}, rng_{rng} {}

    [[nodiscard]] double slower() const { return config_.slower; }
    [[nodiscard]] const Counts& counts() const { return counts_; }
    /// An answer is ready after `time`; a mistake of the version may turn it into `failed`.
    void answer(Response& response, sim::Duration time);

private:
    ReleaseConfig config_;
    sim::Counter& answered_;
    sim::Counter& failed_;
    sim::Rng rng_;
    Counts counts_;
};

/// All versions of one service, and the metrics `deploy/...`, which there are as soon as a version
/// besides the first is known.
class Releases {
public:
    explicit Releases(const BuildContext& context) : context_{context} {}

    /// Makes a version known. The reference stays valid.
    Release& add(const ReleaseConfig& config);
    /// The next member of the component runs the current version. Told of each, in order.
    void note_member() { by_member_.push_back(current_); }
    /// The version of a member; nullptr is that of the start.
    [[nodiscard]] const Release* of(std::size_t member) const { return by_member_[member]; }
    /// The version of instances that are added; nullptr is that of the start.
    [[nodiscard]] Release* current() const { return current_; }
    void set_current(Release* release) { current_ = release; }

    /// Told by those who roll out. Requires: a version was added.
    void count_wave() { waves_->add(); }
    void count_completion() { completed_->add(); }
    void count_roll_back() { rolled_back_->add(); }

private:
    const BuildContext& context_;
    std::deque<Release> all_;
    std::vector<const Release*> by_member_;
    Release* current_ = nullptr;
    sim::Counter* waves_ = nullptr;
    sim::Counter* completed_ = nullptr;
    sim::Counter* rolled_back_ = nullptr;
    sim::Counter* answered_ = nullptr;
    sim::Counter* failed_ = nullptr;
};

/// A component whose instances run versions. Implemented besides Component.
class Deployable {
public:
    virtual ~Deployable() = default;
    [[nodiscard]] virtual Releases& releases() = 0;
    /// So many more of its instances are out until others stand in their places, or fewer if
    /// negative. Told after those that are out have retired, and before the others come.
    virtual void change_absent(std::int64_t by) = 0;
};

}  // namespace archsim::models
