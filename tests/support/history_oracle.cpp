// Depth-first search over the sets of operations that may already have taken effect.
#include "tests/support/history_oracle.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>

namespace archsim::tests {
namespace {

using models::Access;
using models::Ending;
using models::Operation;

class Search {
public:
    explicit Search(const std::vector<Operation>& history) {
        for (const Operation& operation : history) {
            const bool answered = operation.ending == Ending::ok;
            const bool open =
                operation.ending == Ending::in_flight || operation.ending == Ending::indeterminate;
            if (!answered && !(open && operation.kind == Access::write)) continue;
            if (answered) required_ |= std::uint32_t{1} << operations_.size();
            operations_.push_back(operation);
        }
    }

    bool from(std::uint32_t done, models::Version current) {
        if ((done & required_) == required_) return true;
        if (!visited_.insert({done, current}).second) return false;
        for (std::size_t i = 0; i < operations_.size(); ++i) {
            const std::uint32_t bit = std::uint32_t{1} << i;
            const Operation& next = operations_[i];
            if ((done & bit) != 0 || !may_be_next(done, next)) continue;
            if (next.kind == Access::write) {
                if (from(done | bit, next.version)) return true;
            } else if (next.version == current && from(done | bit, current)) {
                return true;
            }
        }
        return false;
    }

private:
    // No operation still to be placed ended before this one began.
    bool may_be_next(std::uint32_t done, const Operation& candidate) const {
        for (std::size_t i = 0; i < operations_.size(); ++i) {
            const bool is_placed = (done >> i & 1) != 0;
            const Operation& other = operations_[i];
            if (!is_placed && other.ending == Ending::ok &&
                other.completed_order < candidate.invoked_order) {
                return false;
            }
        }
        return true;
    }

    std::vector<Operation> operations_;
    std::uint32_t required_ = 0;
    std::set<std::pair<std::uint32_t, models::Version>> visited_;
};

}  // namespace

bool linearizable_by_search(const std::vector<Operation>& history) {
    return Search{history}.from(0, models::initial_version);
}

}  // namespace archsim::tests
