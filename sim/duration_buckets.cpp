// Copying, merging and reading buckets.
#include "sim/duration_buckets.hpp"

#include <algorithm>
#include <limits>

namespace archsim::sim {

DurationBuckets& DurationBuckets::operator=(const DurationBuckets& other) {
    if (this == &other) return *this;
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
        blocks_[i] = other.blocks_[i] ? std::make_unique<Block>(*other.blocks_[i]) : nullptr;
    }
    carries_ = other.carries_;
    return *this;
}

void DurationBuckets::touch(std::size_t octave) { blocks_[octave] = std::make_unique<Block>(); }

void DurationBuckets::carry(const std::uint32_t& counter) {
    for (std::size_t octave = 0; octave < blocks_.size(); ++octave) {
        if (!blocks_[octave]) continue;
        for (std::size_t slot = 0; slot < width; ++slot) {
            if (&(*blocks_[octave])[slot] == &counter) ++carries_[low_of(octave, slot)];
        }
    }
}

void DurationBuckets::merge(const DurationBuckets& other) {
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
        if (!other.blocks_[i]) continue;
        if (!blocks_[i]) touch(i);
        for (std::size_t slot = 0; slot < width; ++slot) {
            const std::uint64_t sum =
                std::uint64_t{(*blocks_[i])[slot]} + (*other.blocks_[i])[slot];
            (*blocks_[i])[slot] = static_cast<std::uint32_t>(sum);
            if (sum >> 32 != 0) ++carries_[low_of(i, slot)];
        }
    }
    // A copy, since `other` may be these buckets themselves.
    for (const auto& [low, count] : std::map{other.carries_}) carries_[low] += count;
}

void DurationBuckets::clear() {
    for (auto& block : blocks_) {
        if (block) block->fill(0);
    }
    carries_.clear();
}

std::vector<DurationBuckets::Bucket> DurationBuckets::buckets() const {
    constexpr auto longest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    std::vector<Bucket> result;
    each([&](std::uint64_t least, std::uint64_t largest, std::uint64_t count) {
        // The last bucket of all ends one beyond what a duration can say.
        const std::uint64_t high = std::min(largest + 1, longest);
        result.push_back({Duration::nanoseconds(static_cast<std::int64_t>(least)),
                          Duration::nanoseconds(static_cast<std::int64_t>(high)), count});
        return false;
    });
    return result;
}

bool DurationBuckets::operator==(const DurationBuckets& other) const {
    static constexpr Block nothing{};
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
        const Block& mine = blocks_[i] ? *blocks_[i] : nothing;
        const Block& theirs = other.blocks_[i] ? *other.blocks_[i] : nothing;
        if (mine != theirs) return false;
    }
    return carries_ == other.carries_;
}

}  // namespace archsim::sim
