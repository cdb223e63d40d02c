// The operations in flight of a history, each kept in one place from its beginning to its end.
#pragma once

#include "models/history.hpp"

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

/// All of them, linked in the order of invocation. O(1) per operation; 88 bytes for each of the
/// most that ever were in flight together.
class OpenOperations {
public:
    /// Adds an operation after all others.
    OpenOperation& add(const Operation& operation) {
        if (free_ == nullptr) free_ = &places_.emplace_back();
        OpenOperation& added = *free_;
        free_ = added.next_;
        static_cast<Operation&>(added) = operation;
        added.previous_ = newest_;
        added.next_ = nullptr;
        (newest_ != nullptr ? newest_->next_ : oldest_) = &added;
        newest_ = &added;
        return added;
    }
    /// Removes one, which must not be used any more after that. Requires: it was added here.
    void remove(OpenOperation& operation) {
        OpenOperation* const previous = operation.previous_;
        OpenOperation* const next = operation.next_;
        (previous != nullptr ? previous->next_ : oldest_) = next;
        (next != nullptr ? next->previous_ : newest_) = previous;
        operation.next_ = free_;
        free_ = &operation;
    }
    /// The one that began first, or nullptr.
    [[nodiscard]] const Operation* oldest() const { return oldest_; }
    /// Calls `visit` with each, in the order of invocation.
    template <class Visit>
    void each(const Visit& visit) const {
        for (const OpenOperation* open = oldest_; open != nullptr; open = open->next_) visit(*open);
    }

private:
    std::deque<OpenOperation> places_;
    OpenOperation* free_ = nullptr;  // and those linked to it
    OpenOperation* oldest_ = nullptr;
    OpenOperation* newest_ = nullptr;
};

}  // namespace archsim::models
