// The declaration of a relational database.
#include "models/database/relational/relational_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace archsim::models {

namespace {

void check_statement(const StatementConfig& statement, const Place& place) {
    const int kinds =
        (statement.read ? 1 : 0) + (statement.write ? 1 : 0) + (statement.think ? 1 : 0);
    if (kinds != 1) {
        place.fail("read", {.code = Code::conflicting_keys,
                            .message = "a statement is one of read, write and think",
                            .hint = R"(write {"read": 0}, {"write": 0} or {"think": "5ms"})"});
        return;
    }
    if (statement.think && place.has("rows")) {
        place.fail("rows", {.code = Code::conflicting_keys, .message = "thinking has no rows"});
    }
    if (statement.for_update && !statement.read) {
        place.fail("for_update", {.code = Code::conflicting_keys,
                                  .message = "only a read can be for_update",
                                  .hint = "a write locks its rows in any case"});
    }
    if (statement.rows_needed() > transaction_rows_most) {
        place.fail("rows", {.code = Code::size_limit,
                            .message = fmt::format("a transaction of {} rows; at most {} are "
                                                   "accepted",
                                                   statement.rows_needed(), transaction_rows_most),
                            .hint = "let it touch fewer rows"});
    }
}

void check_transaction(const TransactionConfig& transaction, const Place& place) {
    if (transaction.statements.empty()) {
        place.fail("statements", {.code = Code::out_of_range,
                                  .message = "a transaction needs a statement",
                                  .hint = R"(write [{"read": 0}])"});
    }
    if (transaction.rows() > 1 && !transaction.keys) {
        place.fail("keys", {.code = Code::missing_key,
                            .message = fmt::format("{} rows, and only row 0 is known: it is the "
                                                   "one of the request's key",
                                                   transaction.rows()),
                            .hint = R"(add a law for the others, such as )"
                                    R"("keys": {"kind": "uniform", "count": 1000})"});
    }
    if (transaction.rows() <= 1 && transaction.keys) {
        place.fail("keys", {.code = Code::conflicting_keys,
                            .message = "no statement names a row beyond row 0, which is the one "
                                       "of the request's key",
                            .hint = R"(leave keys out, or name a row such as {"read": 1})"});
    }
}

void check_database(const RelationalConfig& config, const Place& place) {
    if (!config.connections && place.has("connection_queue")) {
        place.fail("connection_queue",
                   {.code = Code::conflicting_keys,
                    .message = "without a limit on connections nobody waits for one",
                    .hint = "set connections"});
    }
    if (config.attempts == 1 && place.has("backoff")) {
        place.fail("backoff", {.code = Code::conflicting_keys,
                               .message = "a transaction that is tried once has no pause between "
                                          "tries",
                               .hint = "set attempts to 2 or more"});
    }
}

template <class Config>
auto with_relational_metrics(Spec<Config>&& spec) {
    return std::move(spec)
        .metric("commits", "1/s", "Transactions that committed.")
        .metric("aborts", "count",
                "Tries that the database ended: deadlocks and conflicts together.")
        .metric("deadlocks", "count", "Tries that gave up their locks to end a deadlock.")
        .metric("conflicts", "count",
                "Tries that would have written a row which another has changed since their "
                "snapshot.")
        .metric("anomalies", "count",
                "anomalies/NAME: committed transactions that dirty_read, non_repeatable_read, "
                "read_skew, lost_update or write_skew happened to; anomalies/dirty_write: such "
                "writes.")
        .metric("connection_wait", "s", "From arrival to a connection.")
        .metric("connections", "count", "Connections in use.")
        .metric("transaction_time", "s",
                "From a connection to the end of the commit, all tries together; of transactions "
                "that committed.")
        .metric("lock_wait", "s", "Time that a lock was waited for, where it was not free.")
        .metric("lock_waits", "1/s", "Locks that were not free.")
        .metric("commit_time", "s",
                "From the last statement to the end of the commit, of transactions that wrote.")
        .metric("log", "",
                "log/flushes (1/s), log/batch (commits in one flush), log/utilisation of the "
                "disk.")
        .metric("lost_writes", "count", "Committed writes of rows that a crash took.")
        .metric("lost_transactions", "count", "Committed transactions that a crash took.")
        .metric("arrivals", "1/s", "Statements that came to the servers.")
        .metric("utilisation", "ratio", "Share of server time in use.")
        .metric("waiting_time", "s", "Time that a statement waited for a server.")
        .metric("service_time", "s", "Time of a statement at a server.")
        .metric("sojourn_time", "s", "Both together.")
        .metric("queue_length", "count", "Statements that wait for a server.")
        .metric("rejected", "ratio", "Share of statements turned away by a full queue.")
        .metric("lost_in_crash", "count", "Statements that a crash took.");
}

template <class Config>
auto with_relational_assumptions(Spec<Config>&& spec) {
    return std::move(spec)
        .assume(
            "At every level writes lock their rows exclusively until the transaction has ended. "
            "Rows are neither added nor removed, so that there are no phantoms.")
        .assume(
            "read_uncommitted: a read takes no lock and returns what is newest, committed or not.")
        .assume(
            "read_committed: a read takes no lock and returns what is newest and committed when "
            "the statement ends, as in Oracle and PostgreSQL.")
        .assume(
            "snapshot: a read takes no lock and returns what was committed when the transaction "
            "began. Of two that write a row the first to commit wins: the other is aborted as "
            "soon as it has the lock and finds the row changed.")
        .assume(
            "serializable: strict two-phase locking; a read locks its rows against writes until "
            "the transaction has ended.")
        .assume(
            "Anomalies are counted by an observer that sees what was read and written and no "
            "locks, by the definitions of Berenson et al., 1995, said of versions; write skew is "
            "counted between two transactions, not in longer cycles.")
        .assume(
            "A statement gets its locks one after another in the order of its rows, then does its "
            "work, and reads or writes when the work is done.")
        .assume(
            "Deadlocks are found at once: the youngest in the cycle gives up, and keeps its age "
            "if it tries again, with the same rows, on the same connection.")
        .assume(
            "A try that deadlocked, met a conflict or rolled itself back ends as failed if it is "
            "not made again; one that found no room at a server is rejected.")
        .assume(
            "A transaction that has written adds one commit to the log. With durable commit it "
            "shows its writes and gives up its locks once the commit is on the disk; without, at "
            "once, and a crash takes what is not on the disk yet. Those in progress are undone by "
            "a crash. Recovery takes no time beyond the crash itself.")
        .assume(
            "Judging consistency follows the row of the request's key: what an operation of type "
            "write writes there carries its version, and what one of type read reads there is "
            "its answer. All other writes leave the version as it is, and a transaction that does "
            "something else with that row is left out.")
        .assume("An operation without a transaction of its own reads or writes row 0.");
}

}  // namespace

std::int64_t TransactionConfig::rows() const {
    std::int64_t most = 0;
    for (const StatementConfig& statement : statements) {
        most = std::max(most, statement.rows_needed());
    }
    return most;
}

const Spec<StatementConfig>& StatementConfig::spec() {
    static const auto declared =
        Spec<StatementConfig>{"statement", "One thing that a transaction does."}
            .optional("read", &StatementConfig::read,
                      "Number of the first row that it reads: 0 is the row of the request's key, "
                      "the others are drawn by `keys` for each transaction.")
            .at_least(0)
            .at_most(transaction_rows_most)
            .optional("write", &StatementConfig::write, "Number of the first row that it writes.")
            .at_least(0)
            .at_most(transaction_rows_most)
            .optional("think", &StatementConfig::think,
                      "Time that the application takes, with the transaction open.")
            .optional("rows", &StatementConfig::rows, "How many rows it reads or writes.")
            .at_least(1)
            .at_most(transaction_rows_most)
            .optional("for_update", &StatementConfig::for_update,
                      "Whether a read locks its rows exclusively before it reads them.")
            .check(check_statement);
    return declared;
}

const Spec<TransactionConfig>& TransactionConfig::spec() {
    static const auto declared =
        Spec<TransactionConfig>{"transaction", "What the database does for an operation."}
            .required("statements", &TransactionConfig::statements,
                      "What it does, one thing after the other; then it commits.")
            .optional("keys", &TransactionConfig::keys,
                      "Law of the rows beyond row 0; two of them may be the same row.")
            .optional("rollback", &TransactionConfig::rollback,
                      "Probability that the application rolls it back instead of committing.")
            .check(check_transaction);
    return declared;
}

const Spec<WriteAheadConfig>& WriteAheadConfig::spec() {
    static const auto declared =
        Spec<WriteAheadConfig>{"log", "The write-ahead log of a database."}
            .optional("flush_time", &WriteAheadConfig::flush_time,
                      "Time of one flush, however many commits it holds.")
            .optional("window", &WriteAheadConfig::window,
                      "How long a flush waits for more commits before it begins.")
            .optional("batch", &WriteAheadConfig::batch,
                      "Commits in one flush at most; 1 turns group commit off.")
            .at_least(1)
            .assume("One flush at a time; commits that come during a flush go with the next.");
    return declared;
}

const Spec<RelationalConfig>& RelationalConfig::spec() {
    using C = RelationalConfig;
    static const auto declared = with_relational_assumptions(with_relational_metrics(
        Spec<C>{"relational", "One relational database: transactions of several rows (ACID)."}
            .alias("sql")
            .guide("Principais Componentes, 4.1 Relational Database")
            .optional("isolation", &C::isolation,
                      "What transactions are protected from; see the assumptions.")
            .optional("transactions", &C::transactions, "What it does, by operation.")
            .optional("connections", &C::connections,
                      "Transactions at a time, all others wait; without it no limit.")
            .at_least(1)
            .at_most(1'000'000)
            .optional("connection_queue", &C::connection_queue, "Places to wait for a connection.")
            .optional("servers", &C::servers, "Statements that it works on at the same time.")
            .at_least(1)
            .at_most(1'000'000)
            .optional("queue", &C::queue, "Places where statements wait for a server.")
            .optional("statement_time", &C::statement_time,
                      "Work for a statement, whatever its rows.")
            .optional("read_time", &C::read_time, "Work for each row that a statement reads.")
            .optional("write_time", &C::write_time, "Work for each row that a statement writes.")
            .optional("attempts", &C::attempts,
                      "Tries of a transaction that deadlocks or conflicts.")
            .at_least(1)
            .at_most(1000)
            .optional("backoff", &C::backoff, "Pause before each further try.")
            .optional("durable_commit", &C::durable_commit,
                      "Whether a commit is answered only when the log is on the disk.")
            .optional("log", &C::log, "The write-ahead log.")
            .optional("value_size", &C::value_size, "Size of one row in an answer.")
            .at_most(sim::Bytes::gib(1))
            .check(check_database)));
    return declared;
}

}  // namespace archsim::models
