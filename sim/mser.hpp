// Finds where the start-up of a run ends, from a stream of observations in bounded memory.
// MSER-5: cut off as many batches of five as make the mean of the rest most precise. Long streams
// join neighbouring batches, so the batch grows and the memory does not.
#pragma once

#include "sim/units.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace archsim::sim {

/// Marginal Standard Error Rule over batch means, streaming.
/// Source: White 1997, "An Effective Truncation Heuristic for Bias Reduction in Simulation Output";
/// Hoad, Robinson and Davies 2010, "Automating Warm-up Length Estimation" (the last five batches
/// are no candidates and a cut in the second half means that the run is too short).
/// Deviation: once there are `batches_most` batches, pairs are joined and the batch size doubles.
class MserCollector {
public:
    /// Requires: batches_most even and >= 20.
    explicit MserCollector(std::size_t batches_most = 4096) : batches_most_{batches_most} {
        batches_.reserve(batches_most_);
    }

    /// Takes one observation, made at `when`. Amortised O(1). Requires: instants do not decrease.
    void add(Instant when, double value) {
        if (open_.count == 0) open_ = {when, 0.0, 0};
        open_.sum += value;
        ++open_.count;
        if (open_.count < batch_size_) return;
        batches_.push_back(open_);
        open_ = {};
        if (batches_.size() == batches_most_) join_pairs();
    }

    /// Where the steady part starts.
    struct Truncation {
        Instant start;                  ///< When its first observation was made.
        std::int64_t observations = 0;  ///< How many come before it.
    };

    /// The cut, or nothing while the run is too short to tell: fewer than ten batches, or a best
    /// cut in the second half. O(batches).
    [[nodiscard]] std::optional<Truncation> truncation() const {
        constexpr std::size_t tail = 5;
        const std::size_t n = batches_.size();
        if (n < 2 * tail) return std::nullopt;
        // From the end towards the start, so that mean and squares of each rest cost one step.
        double mean = 0.0;
        double squares = 0.0;
        double least = std::numeric_limits<double>::infinity();
        std::size_t best = 0;
        for (std::size_t kept = 1; kept <= n; ++kept) {
            const double value = mean_of(batches_[n - kept]);
            const double distance = value - mean;
            mean += distance / static_cast<double>(kept);
            squares += distance * (value - mean);
            const double error = squares / (static_cast<double>(kept) * static_cast<double>(kept));
            if (kept <= tail || error > least) continue;
            least = error;
            best = n - kept;
        }
        if (2 * best > n) return std::nullopt;
        return Truncation{batches_[best].start, static_cast<std::int64_t>(best) * batch_size_};
    }

    /// Complete batches held now.
    [[nodiscard]] std::size_t batch_count() const { return batches_.size(); }
    /// Observations in each of them: five, or five times a power of two.
    [[nodiscard]] std::int64_t batch_size() const { return batch_size_; }

private:
    struct Batch {
        Instant start{};
        double sum = 0.0;
        std::int64_t count = 0;
    };

    static double mean_of(const Batch& batch) {
        return batch.sum / static_cast<double>(batch.count);
    }

    void join_pairs() {
        for (std::size_t i = 0; i < batches_.size() / 2; ++i) {
            const Batch& first = batches_[2 * i];
            const Batch& second = batches_[2 * i + 1];
            batches_[i] = {first.start, first.sum + second.sum, first.count + second.count};
        }
        batches_.resize(batches_.size() / 2);
        batch_size_ *= 2;
    }

    std::size_t batches_most_;
    std::vector<Batch> batches_{};
    Batch open_{};
    std::int64_t batch_size_ = 5;
};

}  // namespace archsim::sim
