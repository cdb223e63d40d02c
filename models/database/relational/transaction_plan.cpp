// Looking plans up and drawing rows.
#include "models/database/relational/transaction_plan.hpp"

#include <utility>

namespace archsim::models {

namespace {

TransactionConfig single(StatementConfig statement) {
    TransactionConfig transaction;
    transaction.statements.push_back(std::move(statement));
    return transaction;
}

StatementConfig one_row(Access access) {
    StatementConfig statement;
    (access == Access::read ? statement.read : statement.write) = 0;
    return statement;
}

}  // namespace

void TransactionPlan::draw_rows(std::uint64_t key, sim::Rng& rng, sim::Instant now,
                                std::vector<std::uint64_t>& rows_drawn) {
    rows_drawn.clear();
    rows_drawn.push_back(key);
    for (std::int64_t i = 1; i < rows; ++i) rows_drawn.push_back(keys->next(rng, now));
}

TransactionPlans::TransactionPlans(const RelationalConfig& config, OperationNames& operations)
    : config_{config},
      read_one_{single(one_row(Access::read))},
      write_one_{single(one_row(Access::write))},
      reading_{0, &read_one_, std::nullopt, 1},
      writing_{0, &write_one_, std::nullopt, 1} {
    for (const auto& [name, transaction] : config_.transactions.entries) {
        plans_.push_back(
            {operations.number(name), &transaction, transaction.keys, transaction.rows()});
    }
}

const TransactionPlan* TransactionPlans::own(std::uint32_t operation) const {
    for (const TransactionPlan& plan : plans_) {
        if (plan.operation == operation) return &plan;
    }
    return nullptr;
}

TransactionPlan& TransactionPlans::find(std::uint32_t operation, Access access) {
    for (TransactionPlan& plan : plans_) {
        if (plan.operation == operation) return plan;
    }
    return access == Access::read ? reading_ : writing_;
}

TransactionPlans::Work TransactionPlans::work_of(const TransactionPlan& plan) const {
    Work work;
    for (const StatementConfig& statement : plan.config->statements) {
        if (statement.think) continue;
        const sim::Distribution& row = statement.read ? config_.read_time : config_.write_time;
        work.statements += 1.0;
        work.seconds += config_.statement_time.mean_seconds() +
                        static_cast<double>(statement.rows) * row.mean_seconds();
    }
    return work;
}

}  // namespace archsim::models
