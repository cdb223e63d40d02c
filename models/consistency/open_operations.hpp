// The operations in flight of a history, each kept in one place from its beginning to its end.
#pragma once

#include "models/history.hpp"

#include <cstddef>
#include <deque>

namespace archsim::models {

/// An operation in flight; it stays where it is until it ends. Until then what its answer tells may
/// be filled in.
struct OpenOperation : Operation {
    OpenOperation() = default;
    OpenOperation(const OpenOperation&) = delete;
    OpenOperation& operator=(const OpenOperation&) = delete;

private:
    friend class OpenOperations;
    OpenOperation* previous_ = nullptr;
    OpenOperation* next_ = nullptr;
};

/// All of them, linked in the order of invocation. O(1) per operation; 80 bytes for each of the
/// most that ever were in flight together, and for `kept` more.
class OpenOperations {
public:
    /// An operation that was removed stays readable until so many others have been removed.
    static constexpr std::size_t kept = 256;

    /// Adds an operation after all others. Of `draft` counts what is known at the beginning: key,
    /// version, session, side, place and kind.
    OpenOperation& add(const Operation& draft) {
        OpenOperation& added = free_count_ > kept ? reuse() : places_.emplace_back();
        added.id = 0;
        added.key = draft.key;
        added.version = draft.version;
        added.completed = sim::Instant::never();
        added.completed_order = after_history;
        added.session = draft.session;
        added.side = draft.side;
        added.place = draft.place;
        added.kind = draft.kind;
        added.ending = Ending::in_flight;
        added.previous_ = newest_;
        added.next_ = nullptr;
        (newest_ != nullptr ? newest_->next_ : oldest_) = &added;
        newest_ = &added;
        return added;
    }
    /// Removes one, which is only read any more after that, and not for ever. Requires: it was
    /// added here.
    void remove(OpenOperation& operation) {
        OpenOperation* const previous = operation.previous_;
        OpenOperation* const next = operation.next_;
        (previous != nullptr ? previous->next_ : oldest_) = next;
        (next != nullptr ? next->previous_ : newest_) = previous;
        operation.next_ = nullptr;
        (last_free_ != nullptr ? last_free_->next_ : first_free_) = &operation;
        last_free_ = &operation;
        ++free_count_;
    }
    /// The one that began first, or nullptr.
    [[nodiscard]] const Operation* oldest() const { return oldest_; }
    /// Calls `visit` with each, in the order of invocation.
    template <class Visit>
    void each(const Visit& visit) const {
        for (const OpenOperation* open = oldest_; open != nullptr; open = open->next_) visit(*open);
    }

private:
    OpenOperation& reuse() {
        OpenOperation& first = *first_free_;
        first_free_ = first.next_;
        --free_count_;
        return first;
    }

    std::deque<OpenOperation> places_;
    OpenOperation* first_free_ = nullptr;  // and those linked to it, removed after it
    OpenOperation* last_free_ = nullptr;
    std::size_t free_count_ = 0;
    OpenOperation* oldest_ = nullptr;
    OpenOperation* newest_ = nullptr;
};

}  // namespace archsim::models
