// Playing scripts and random workloads.
#include "tests/support/transaction_rig.hpp"

#include <optional>
#include <sstream>
#include <stdexcept>

namespace archsim::tests {

using models::Abort;
using models::Transaction;

TransactionRig::TransactionRig(models::Isolation isolation, std::uint64_t seed,
                               sim::Duration flush_time, bool durable_commit)
    : simulation_{seed},
      log_config_{sim::Distribution::constant(flush_time), sim::Duration{}, std::nullopt},
      log_{simulation_, metrics_, log_config_, sim::Rng::named(seed, "rig", "log"), processes_, 1},
      counter_{metrics_},
      recorder_{counter_},
      engine_{simulation_, metrics_, {isolation, durable_commit}, log_, recorder_},
      seed_{seed} {}

TransactionRig::~TransactionRig() { processes_.crash(); }

std::string TransactionRig::play(std::string_view script) {
    start(script);
    run_until(sim::Duration::seconds(10));
    return text_of(events());
}

void TransactionRig::start(std::string_view script) {
    std::istringstream words{std::string{script}};
    sim::Instant at;
    for (std::string word; words >> word;) {
        if (word.size() < 2) throw std::runtime_error("not a word of a script: " + word);
        const auto row = word.size() > 2 ? static_cast<std::uint64_t>(word[2] - 'x') : 0;
        scripts_[word[1] - '0'].push_back({word[0], row, at});
        at = at + sim::Duration::milliseconds(1);
    }
    for (const auto& [number, of_one] : scripts_) processes_.start(perform(of_one));
}

sim::Task<> TransactionRig::perform(const std::vector<Word>& words) {
    const sim::Duration until = words.front().at - simulation_.now();
    co_await simulation_.delay(until);
    const models::TransactionLease lease{engine_, spare_};
    Transaction& transaction = *lease;
    engine_.begin(transaction, ++last_age_);
    for (const Word& word : words) {
        if (word.at > simulation_.now()) {
            const sim::Duration pause = word.at - simulation_.now();
            co_await simulation_.delay(pause);
        }
        const bool goes_on = co_await step(transaction, word.kind, word.row);
        if (!goes_on) co_return;
    }
}

sim::Task<bool> TransactionRig::step(Transaction& transaction, char kind, std::uint64_t row) {
    Abort abort = Abort::none;
    switch (kind) {
        case 'r':
            abort = co_await engine_.prepare_read(transaction, row);
            break;
        case 'u':
        case 'w':
            abort = co_await engine_.prepare_write(transaction, row);
            break;
        case 'c':
            co_await engine_.commit(transaction);
            co_return true;
        default:
            engine_.roll_back(transaction);
            co_return true;
    }
    if (abort != Abort::none) {
        aborts_[transaction.id()] = abort;
        engine_.roll_back(transaction);
        co_return false;
    }
    if (kind == 'w') {
        engine_.write(transaction, row, transaction.id());
    } else {
        static_cast<void>(engine_.read(transaction, row));
    }
    co_return true;
}

void TransactionRig::run(const Workload& workload) {
    for (int i = 0; i < workload.clients; ++i) {
        processes_.start(client(workload, static_cast<std::uint64_t>(i)));
    }
    run_until(sim::Duration::seconds(1000));
    if (!processes_.empty()) throw std::runtime_error("a client has not come to its end");
}

sim::Task<> TransactionRig::client(const Workload& workload, std::uint64_t number) {
    sim::Rng rng = sim::Rng::named(seed_, "client " + std::to_string(number), "operations");
    const auto rows = static_cast<std::uint64_t>(workload.rows);
    const auto operations = static_cast<std::uint64_t>(workload.operations);
    for (int i = 0; i < workload.transactions; ++i) {
        const models::TransactionLease lease{engine_, spare_};
        Transaction& transaction = *lease;
        engine_.begin(transaction, ++last_age_);
        bool goes_on = true;
        const std::uint64_t count = 2 + rng.below(operations - 1);
        for (std::uint64_t k = 0; k < count && goes_on; ++k) {
            const sim::Duration pause =
                sim::Duration::microseconds(static_cast<std::int64_t>(rng.below(3000)));
            co_await simulation_.delay(pause);
            const char kind = rng.chance(0.6) ? 'r' : 'w';
            const std::uint64_t row = rng.below(rows);
            goes_on = co_await step(transaction, kind, row);
        }
        if (!goes_on) continue;
        const char end = rng.chance(0.1) ? 'a' : 'c';
        co_await step(transaction, end, 0);
    }
}

void TransactionRig::crash() {
    processes_.crash();
    engine_.crash();
}

Abort TransactionRig::why(models::TransactionId transaction) const {
    const auto found = aborts_.find(transaction);
    return found == aborts_.end() ? Abort::none : found->second;
}

AnomalyCounts TransactionRig::counted() const {
    AnomalyCounts counts{};
    for (std::size_t i = 0; i < models::anomaly_count; ++i) {
        counts[i] = counter_.counter(static_cast<models::Anomaly>(i)).ever();
    }
    return counts;
}

}  // namespace archsim::tests
