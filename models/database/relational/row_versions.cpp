// Keeping versions as long as somebody may read them.
#include "models/database/relational/row_versions.hpp"

#include "sim/check.hpp"

#include <algorithm>

namespace archsim::models {

const RowVersions::Row* RowVersions::find(std::uint64_t row) const {
    const auto found = rows_.find(row);
    return found == rows_.end() ? nullptr : &found->second;
}

RowVersions::Row& RowVersions::existing(std::uint64_t row) {
    const auto found = rows_.find(row);
    ARCHSIM_CHECK(found != rows_.end(), "row {} has never been written", row);
    return found->second;
}

RowVersion RowVersions::newest(std::uint64_t row) const {
    const Row* const found = find(row);
    return found == nullptr || found->committed.empty() ? RowVersion{} : found->committed.back();
}

RowVersion RowVersions::as_of(std::uint64_t row, CommitPosition snapshot) const {
    const Row* const found = find(row);
    if (found == nullptr) return {};
    const auto& committed = found->committed;
    const auto after =
        std::ranges::upper_bound(committed, snapshot, std::ranges::less{}, &RowVersion::commit);
    return after == committed.begin() ? RowVersion{} : *std::prev(after);
}

std::optional<RowVersion> RowVersions::uncommitted(std::uint64_t row) const {
    const Row* const found = find(row);
    return found == nullptr ? std::nullopt : found->pending;
}

void RowVersions::write(std::uint64_t row, TransactionId writer, Version shown) {
    const auto [place, is_new] = rows_.try_emplace(row);
    if (is_new) written_.push_back(row);
    place->second.pending = RowVersion{writer, shown, 0};
}

void RowVersions::commit(std::uint64_t row, CommitPosition commit, CommitPosition needed) {
    Row& place = existing(row);
    ARCHSIM_CHECK(place.pending.has_value(), "row {} has nothing to commit", row);
    std::vector<RowVersion>& committed = place.committed;
    ARCHSIM_CHECK(committed.empty() || committed.back().commit < commit,
                  "row {} is committed out of order", row);
    const auto after =
        std::ranges::upper_bound(committed, needed, std::ranges::less{}, &RowVersion::commit);
    if (after != committed.begin()) committed.erase(committed.begin(), std::prev(after));
    place.pending->commit = commit;
    committed.push_back(*place.pending);
    place.pending.reset();
}

void RowVersions::roll_back(std::uint64_t row) {
    Row& place = existing(row);
    ARCHSIM_CHECK(place.pending.has_value(), "row {} has nothing to roll back", row);
    place.pending.reset();
}

std::size_t RowVersions::forget_after(std::uint64_t row, CommitPosition kept) {
    return std::erase_if(existing(row).committed,
                         [kept](const RowVersion& version) { return version.commit > kept; });
}

std::size_t RowVersions::kept(std::uint64_t row) const {
    const Row* const found = find(row);
    return found == nullptr ? 0 : found->committed.size();
}

}  // namespace archsim::models
