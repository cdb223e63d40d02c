// Where the finished units of a plan are: in one journal or in several. Memory holds 16 bytes for
// each unit; the records stay on the disk and are read one variant at a time.
#pragma once

#include "scenarios/expect.hpp"
#include "scenarios/journal.hpp"
#include "scenarios/plan.hpp"
#include "scenarios/result.hpp"
#include "scenarios/units.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace archsim::scenarios {

/// A share of a plan: the units whose number leaves `index` when divided by `count`.
struct Shard {
    std::int64_t index = 0;  ///< From 0.
    std::int64_t count = 1;
};

/// The finished units of one plan.
class UnitStore {
public:
    /// The plan outlives the store.
    explicit UnitStore(const Plan& plan);

    /// Takes a journal in with all its records. A record of another plan, or one that differs from
    /// what is known of its unit already, is refused.
    [[nodiscard]] std::optional<JournalError> add(Journal journal);
    /// Appends to the journal that was added last. Requires: one was added.
    [[nodiscard]] std::optional<JournalError> append(const std::string& json);

    /// Units of the share that have no record, or one that says that they failed, in order.
    [[nodiscard]] std::vector<UnitId> missing(Shard shard = {}) const;
    /// Units whose only record says that they failed.
    [[nodiscard]] std::int64_t failed() const { return failed_; }
    /// Units that reached a limit before their end.
    [[nodiscard]] std::int64_t limited() const { return limited_; }

    /// What the units of a variant come to: metrics over its replications, `expect` judged, and a
    /// status of `limit` if one was cut short or is missing. Else why it cannot be read.
    [[nodiscard]] std::variant<Result, JournalError> result(std::int64_t variant) const;

private:
    enum class Known : std::uint8_t { nothing, failed, finished };
    struct Entry {
        std::uint64_t offset = 0;
        std::uint32_t length = 0;
        std::uint16_t journal = 0;
        Known known = Known::nothing;
    };
    [[nodiscard]] std::optional<JournalError> note(std::uint16_t journal, RecordPlace place,
                                                   std::string_view json);
    [[nodiscard]] std::variant<std::string, JournalError> text_of(const Entry& entry) const;

    const Plan& plan_;
    std::deque<Journal> journals_;
    std::vector<Entry> entries_;
    std::int64_t failed_ = 0;
    std::int64_t limited_ = 0;
};

/// The expectations of a document, those that can be understood.
[[nodiscard]] std::vector<Expectation> expectations_in(const models::Value& document);

}  // namespace archsim::scenarios
