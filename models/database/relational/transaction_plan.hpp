// What a relational database does for each operation, looked up once.
#pragma once

#include "models/catalog.hpp"
#include "models/database/relational/relational_config.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace archsim::models {

/// The transaction of one operation.
struct TransactionPlan {
    std::uint32_t operation = 0;
    const TransactionConfig* config = nullptr;
    std::optional<sim::KeySource> keys;  ///< Goes on from transaction to transaction.
    std::int64_t rows = 1;

    /// The rows of the next transaction: that of `key` and those drawn, into `rows_drawn`.
    void draw_rows(std::uint64_t key, sim::Rng& rng, sim::Instant now,
                   std::vector<std::uint64_t>& rows_drawn);
};

/// The plans of all operations.
class TransactionPlans {
public:
    /// `config` outlives the plans.
    TransactionPlans(const RelationalConfig& config, OperationNames& operations);
    TransactionPlans(const TransactionPlans&) = delete;
    TransactionPlans& operator=(const TransactionPlans&) = delete;

    /// The plan of an operation; without one of its own, that of one read or write of row 0.
    /// O(operations).
    [[nodiscard]] TransactionPlan& find(std::uint32_t operation, Access access);
    /// The plan that the scenario gives for an operation, or nullptr.
    [[nodiscard]] const TransactionPlan* own(std::uint32_t operation) const;
    /// The plan of one read of row 0.
    [[nodiscard]] const TransactionPlan& reading() const { return reading_; }
    /// The plan of one write of row 0.
    [[nodiscard]] const TransactionPlan& writing() const { return writing_; }
    /// Statements that cost work in one transaction, and their mean work in seconds.
    struct Work {
        double statements = 0.0;
        double seconds = 0.0;
    };
    [[nodiscard]] Work work_of(const TransactionPlan& plan) const;

private:
    const RelationalConfig& config_;
    TransactionConfig read_one_;
    TransactionConfig write_one_;
    std::deque<TransactionPlan> plans_;
    TransactionPlan reading_;
    TransactionPlan writing_;
};

}  // namespace archsim::models
