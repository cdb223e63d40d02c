// One copy of the data of a component: which version each key holds, told to those who judge
// consistency.
#pragma once

#include "models/catalog.hpp"
#include "models/consistency/key_indices.hpp"
#include "models/history.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace archsim::models {

/// The versions of all keys of one component.
class SingleCopy {
public:
    /// The context outlives the copy.
    explicit SingleCopy(const BuildContext& context) : context_{context} {}
    SingleCopy(const SingleCopy&) = delete;
    SingleCopy& operator=(const SingleCopy&) = delete;

    /// What a read of `key` returns. O(1).
    [[nodiscard]] Version read(std::uint64_t key) const;
    /// Writes the version that `request` carries, or a new one, at this instant. O(1).
    Version write(const Request& request);
    /// Loses everything; returns how many keys had a value.
    std::size_t forget();
    /// Tells `history` what each key holds. O(keys).
    void report_settled(HistoryRecorder& history) const;

private:
    const BuildContext& context_;
    struct Held {
        std::uint64_t key = 0;
        Version version = initial_version;
    };
    KeyIndices indices_;
    std::vector<Held> held_;  // by index, so as they came
    std::uint64_t writes_ = 0;
};

}  // namespace archsim::models
