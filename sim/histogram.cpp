// Reading and merging histograms.
#include "sim/histogram.hpp"

#include "sim/check.hpp"

#include <algorithm>
#include <limits>

namespace archsim::sim {

Histogram& Histogram::operator=(const Histogram& other) {
    if (this == &other) return *this;
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
        blocks_[i] = other.blocks_[i] ? std::make_unique<Block>(*other.blocks_[i]) : nullptr;
    }
    count_ = other.count_;
    sum_ = other.sum_;
    min_ = other.min_;
    max_ = other.max_;
    return *this;
}

void Histogram::touch(std::size_t octave) { blocks_[octave] = std::make_unique<Block>(); }

void Histogram::merge(const Histogram& other) {
    if (other.count_ == 0) return;
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
        if (!other.blocks_[i]) continue;
        if (!blocks_[i]) touch(i);
        for (std::size_t slot = 0; slot < width; ++slot) {
            (*blocks_[i])[slot] += (*other.blocks_[i])[slot];
        }
    }
    count_ += other.count_;
    sum_ += other.sum_;
    min_ = std::min(min_, other.min_);
    max_ = std::max(max_, other.max_);
}

void Histogram::clear() {
    if (count_ == 0) return;
    for (auto& block : blocks_) {
        if (block) block->fill(0);
    }
    count_ = 0;
    sum_ = 0;
    min_ = UINT64_MAX;
    max_ = 0;
}

double Histogram::mean_seconds() const {
    if (count_ == 0) return 0.0;
    return static_cast<double>(sum_) / static_cast<double>(count_) / 1e9;
}

Duration Histogram::quantile(double q) const {
    ARCHSIM_CHECK(q >= 0.0 && q <= 1.0, "there is no quantile {}", q);
    if (count_ == 0) return Duration{};
    const double rank = q * static_cast<double>(count_);
    double below = 0.0;
    for (std::size_t octave = 0; octave < blocks_.size(); ++octave) {
        if (!blocks_[octave]) continue;
        for (std::size_t slot = 0; slot < width; ++slot) {
            const auto here = static_cast<double>((*blocks_[octave])[slot]);
            if (here == 0.0 || below + here < rank) {
                below += here;
                continue;
            }
            const double share = std::clamp((rank - below) / here, 0.0, 1.0);
            const std::uint64_t first = std::max(low_of(octave, slot), min_);
            const std::uint64_t last = std::min(low_of(octave, slot) + width_of(octave) - 1, max_);
            const double offset = share * static_cast<double>(last - first);
            const std::uint64_t value = first + static_cast<std::uint64_t>(offset + 0.5);
            return Duration::nanoseconds(static_cast<std::int64_t>(value));
        }
    }
    return max();
}

std::vector<Histogram::Bucket> Histogram::buckets() const {
    constexpr auto longest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    std::vector<Bucket> result;
    for (std::size_t octave = 0; octave < blocks_.size(); ++octave) {
        if (!blocks_[octave]) continue;
        for (std::size_t slot = 0; slot < width; ++slot) {
            const std::uint64_t here = (*blocks_[octave])[slot];
            if (here == 0) continue;
            const std::uint64_t low = low_of(octave, slot);
            // The last bucket of all ends one beyond what a duration can say.
            const std::uint64_t high = std::min(low + width_of(octave), longest);
            result.push_back({Duration::nanoseconds(static_cast<std::int64_t>(low)),
                              Duration::nanoseconds(static_cast<std::int64_t>(high)), here});
        }
    }
    return result;
}

bool Histogram::operator==(const Histogram& other) const {
    if (count_ != other.count_ || sum_ != other.sum_) return false;
    if (count_ != 0 && (min_ != other.min_ || max_ != other.max_)) return false;
    static constexpr Block nothing{};
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
        const Block& mine = blocks_[i] ? *blocks_[i] : nothing;
        const Block& theirs = other.blocks_[i] ? *other.blocks_[i] : nothing;
        if (mine != theirs) return false;
    }
    return true;
}

}  // namespace archsim::sim
