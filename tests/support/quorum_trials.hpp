// Asking the members of a quorum database directly, without a load source: single requests, and
// many independent trials of a write followed by a read.
#pragma once

#include "models/node.hpp"
#include "scenarios/world.hpp"
#include "sim/rng.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace archsim::tests {

/// One request to one member and its answer.
class Asked final : public sim::Completion<models::Response> {
public:
    /// `version` is that of a write; 0 reads.
    Asked(sim::Simulation& simulation, models::Node& member, std::uint64_t key,
          std::uint64_t version, std::uint64_t session = 0)
        : simulation_{simulation}, begun_{simulation.now()} {
        models::Request request;
        request.key = key;
        request.version = version;
        request.session = session;
        request.access = version == 0 ? models::Access::read : models::Access::write;
        request.issued = begun_;
        member.accept(request, *this);
    }
    [[nodiscard]] bool has_answer() const { return answer_.has_value(); }
    /// Requires: has_answer().
    [[nodiscard]] const models::Response& answer() const { return *answer_; }
    [[nodiscard]] sim::Duration latency() const { return ended_ - begun_; }

private:
    void completed(models::Response response) override {
        answer_ = response;
        ended_ = simulation_.now();
    }
    void abandoned() override {}
    sim::Simulation& simulation_;
    sim::Instant begun_;
    sim::Instant ended_;
    std::optional<models::Response> answer_;
};

/// What many trials came to.
struct TrialResults {
    std::vector<double> write_latencies;  ///< In seconds.
    std::vector<double> read_latencies;
    std::int64_t fresh = 0;  ///< Reads that returned what had been written, of all.
};

/// A write of a key of its own, and a read of it some time after the write was acknowledged.
class WriteThenRead final : public sim::Event, private sim::Completion<models::Response> {
public:
    /// `writer` coordinates the write and `reader` the read.
    WriteThenRead(sim::Simulation& simulation, models::Node& writer, models::Node& reader,
                  std::uint64_t key, sim::Duration pause, TrialResults& results)
        : Event{[](Event& event) { static_cast<WriteThenRead&>(event).ask(); }},
          simulation_{simulation},
          writer_{writer},
          reader_{reader},
          pause_{pause},
          results_{results} {
        request_.key = key;
        request_.version = key;
        request_.access = models::Access::write;
    }

private:
    void ask() {
        begun_ = simulation_.now();
        const bool writes = request_.access == models::Access::write;
        (writes ? writer_ : reader_).accept(request_, *this);
    }
    void completed(models::Response response) override {
        const double latency = (simulation_.now() - begun_).in_seconds();
        if (request_.access == models::Access::write) {
            results_.write_latencies.push_back(latency);
            request_.access = models::Access::read;
            simulation_.schedule_in(*this, pause_);
        } else {
            results_.read_latencies.push_back(latency);
            if (response.version == request_.version) ++results_.fresh;
        }
    }
    void abandoned() override {}

    sim::Simulation& simulation_;
    models::Node& writer_;
    models::Node& reader_;
    models::Request request_;
    sim::Duration pause_;
    sim::Instant begun_;
    TrialResults& results_;
};

/// Runs `trials` trials, one begun every millisecond, at the last member of "db"; with more
/// `coordinators`, write and read go to any of so many last members. Each `replication` draws other
/// numbers.
inline TrialResults write_then_read(const scenarios::Scenario& scenario, int trials,
                                    sim::Duration pause, std::uint64_t coordinators = 1,
                                    std::uint32_t replication = 0) {
    scenarios::World world{scenario, replication};
    const auto& members = world.component("db")->members();
    sim::Rng rng = sim::Rng::named(1 + replication, "trials", "coordinators");
    const auto any = [&]() -> models::Node& {
        const std::uint64_t chosen = coordinators > 1 ? rng.below(coordinators) : 0;
        return *members[members.size() - 1 - static_cast<std::size_t>(chosen)];
    };
    TrialResults results;
    std::deque<WriteThenRead> all;
    for (int i = 0; i < trials; ++i) {
        // The history is off: keys serve as versions.
        models::Node& writer = any();
        models::Node& reader = any();
        auto& trial = all.emplace_back(world.simulation(), writer, reader,
                                       static_cast<std::uint64_t>(i) + 1, pause, results);
        world.simulation().schedule(trial, sim::Instant::at(sim::Duration::milliseconds(i)));
    }
    world.simulation().run_until(sim::Instant::at(sim::Duration::milliseconds(trials)) +
                                 sim::Duration::seconds(60));
    world.check_end();
    return results;
}

}  // namespace archsim::tests
