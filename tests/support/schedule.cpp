// Reading and writing schedules, and judging them by going through all pairs.
#include "tests/support/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

namespace archsim::tests {

using models::Anomaly;
using models::TransactionId;
using Kind = ScheduleEvent::Kind;

void ScheduleRecorder::began(TransactionId transaction) {
    events_.push_back({Kind::begin, transaction, 0, 0});
    next_.began(transaction);
}
void ScheduleRecorder::read(TransactionId reader, std::uint64_t row, TransactionId writer) {
    events_.push_back({Kind::read, reader, row, writer});
    next_.read(reader, row, writer);
}
void ScheduleRecorder::wrote(TransactionId writer, std::uint64_t row) {
    events_.push_back({Kind::write, writer, row, 0});
    next_.wrote(writer, row);
}
void ScheduleRecorder::committed(TransactionId transaction) {
    events_.push_back({Kind::commit, transaction, 0, 0});
    next_.committed(transaction);
}
void ScheduleRecorder::rolled_back(TransactionId transaction) {
    events_.push_back({Kind::roll_back, transaction, 0, 0});
    next_.rolled_back(transaction);
}

std::string text_of(const ScheduleEvents& events) {
    std::string text;
    for (const ScheduleEvent& event : events) {
        if (event.kind == Kind::begin) continue;
        if (!text.empty()) text += ' ';
        const char row = static_cast<char>('x' + static_cast<char>(event.row));
        switch (event.kind) {
            case Kind::read:
                text += fmt::format("r{}{}{}", event.transaction, row, event.writer);
                break;
            case Kind::write:
                text += fmt::format("w{}{}", event.transaction, row);
                break;
            case Kind::commit:
                text += fmt::format("c{}", event.transaction);
                break;
            default:
                text += fmt::format("a{}", event.transaction);
        }
    }
    return text;
}

ScheduleEvents schedule_of(std::string_view text) {
    ScheduleEvents events;
    TransactionId begun = 0;
    std::size_t at = 0;
    const auto number = [&]() -> TransactionId {
        if (at >= text.size()) throw std::runtime_error("a number is missing in a schedule");
        return static_cast<TransactionId>(text[at++] - '0');
    };
    while (at < text.size()) {
        const char kind = text[at++];
        if (kind == ' ') continue;
        ScheduleEvent event;
        event.transaction = number();
        for (; begun < event.transaction; ++begun) events.push_back({Kind::begin, begun + 1, 0, 0});
        if (kind == 'r' || kind == 'w') event.row = static_cast<std::uint64_t>(text[at++] - 'x');
        if (kind == 'r') event.writer = number();
        event.kind = kind == 'r'   ? Kind::read
                     : kind == 'w' ? Kind::write
                     : kind == 'c' ? Kind::commit
                                   : Kind::roll_back;
        events.push_back(event);
    }
    return events;
}

void replay(const ScheduleEvents& events, models::ScheduleListener& listener) {
    for (const ScheduleEvent& event : events) {
        switch (event.kind) {
            case Kind::begin:
                listener.began(event.transaction);
                break;
            case Kind::read:
                listener.read(event.transaction, event.row, event.writer);
                break;
            case Kind::write:
                listener.wrote(event.transaction, event.row);
                break;
            case Kind::commit:
                listener.committed(event.transaction);
                break;
            case Kind::roll_back:
                listener.rolled_back(event.transaction);
                break;
        }
    }
}

namespace {

constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

/// A read: of which row, whose version, and when.
struct ReadOf {
    std::uint64_t row;
    TransactionId writer;
    std::size_t at;
};

struct Whole {
    std::size_t end = never;
    bool committed = false;
    std::vector<ReadOf> reads;  // own writes left out
    std::set<std::uint64_t> writes;
};

/// Every transaction of a schedule with the places of its events.
class History {
public:
    explicit History(const ScheduleEvents& events) {
        for (std::size_t i = 0; i < events.size(); ++i) {
            const ScheduleEvent& event = events[i];
            Whole& whole = all_[event.transaction];
            if (event.kind == Kind::write) whole.writes.insert(event.row);
            if (event.kind == Kind::read && event.writer != event.transaction) {
                whole.reads.push_back({event.row, event.writer, i});
            }
            if (event.kind != Kind::commit && event.kind != Kind::roll_back) continue;
            whole.end = i;
            whole.committed = event.kind == Kind::commit;
        }
    }
    [[nodiscard]] const std::map<TransactionId, Whole>& all() const { return all_; }
    [[nodiscard]] const Whole& operator[](TransactionId id) const { return all_.at(id); }

    /// Whether a version of `writer` stands before that of a transaction that committed at `end`,
    /// as things are at `now`; nothing if it has been rolled back.
    [[nodiscard]] std::optional<bool> older(TransactionId writer, std::size_t end,
                                            std::size_t now) const {
        if (writer == 0) return true;
        const Whole& whole = all_.at(writer);
        if (whole.end > now) return false;
        if (!whole.committed) return std::nullopt;
        return whole.end < end;
    }

private:
    std::map<TransactionId, Whole> all_;
};

bool is_dirty(const History& history, const Whole& t) {
    return std::ranges::any_of(t.reads, [&](const ReadOf& read) {
        return read.writer != 0 && history[read.writer].end > read.at;
    });
}

bool saw_two_versions(const Whole& t) {
    for (const ReadOf& a : t.reads) {
        for (const ReadOf& b : t.reads) {
            if (a.row == b.row && a.writer != b.writer) return true;
        }
    }
    return false;
}

/// Rows that `u` wrote and of which `t` read an older version (or not, if `missed` is false).
std::set<std::uint64_t> rows_read(const History& history, const Whole& t, const Whole& u,
                                  bool missed, std::size_t now) {
    std::set<std::uint64_t> rows;
    for (const ReadOf& read : t.reads) {
        if (!u.writes.contains(read.row)) continue;
        if (history.older(read.writer, u.end, now) == missed) rows.insert(read.row);
    }
    return rows;
}

bool differ(const std::set<std::uint64_t>& a, const std::set<std::uint64_t>& b) {
    for (const std::uint64_t one : a) {
        for (const std::uint64_t other : b) {
            if (one != other) return true;
        }
    }
    return false;
}

std::uint64_t dirty_writes(const ScheduleEvents& events, const History& history) {
    std::map<std::uint64_t, TransactionId> last;
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (events[i].kind != Kind::write) continue;
        const TransactionId before = std::exchange(last[events[i].row], events[i].transaction);
        if (before == 0 || before == events[i].transaction) continue;
        if (history[before].end > i) ++count;
    }
    return count;
}

}  // namespace

AnomalyCounts anomalies_by_search(const ScheduleEvents& events) {
    const History history{events};
    AnomalyCounts counts{};
    const auto add = [&counts](Anomaly anomaly, bool happened) {
        counts[static_cast<std::size_t>(anomaly)] += happened ? 1 : 0;
    };
    for (const auto& [id, t] : history.all()) {
        if (!t.committed) continue;
        add(Anomaly::dirty_read, is_dirty(history, t));
        add(Anomaly::non_repeatable_read, saw_two_versions(t));
        bool lost_update = false;
        bool read_skew = false;
        bool write_skew = false;
        for (const auto& [other, u] : history.all()) {
            if (other == id || !u.committed || u.end > t.end) continue;
            const auto missed = rows_read(history, t, u, true, t.end);
            const auto saw = rows_read(history, t, u, false, t.end);
            const auto missed_by_other = rows_read(history, u, t, true, t.end);
            read_skew = read_skew || differ(missed, saw);
            write_skew = write_skew || differ(missed, missed_by_other);
            for (const std::uint64_t row : missed) {
                lost_update = lost_update || t.writes.contains(row);
            }
        }
        add(Anomaly::lost_update, lost_update);
        add(Anomaly::read_skew, read_skew);
        add(Anomaly::write_skew, write_skew);
    }
    counts[static_cast<std::size_t>(Anomaly::dirty_write)] = dirty_writes(events, history);
    return counts;
}

namespace {

/// Edges between the transactions 0 .. n-1 of a schedule.
using Edges = std::vector<std::vector<TransactionId>>;

/// Whom each transaction reaches by one edge or more.
std::vector<std::vector<bool>> reached(const Edges& edges) {
    std::vector<std::vector<bool>> reach(edges.size(), std::vector<bool>(edges.size(), false));
    std::vector<TransactionId> open;
    for (std::size_t from = 0; from < edges.size(); ++from) {
        open = edges[from];
        while (!open.empty()) {
            const TransactionId at = open.back();
            open.pop_back();
            if (reach[from][at]) continue;
            reach[from][at] = true;
            open.insert(open.end(), edges[at].begin(), edges[at].end());
        }
    }
    return reach;
}

bool has_cycle(const Edges& edges) {
    const auto reach = reached(edges);
    for (std::size_t i = 0; i < edges.size(); ++i) {
        if (reach[i][i]) return true;
    }
    return false;
}

}  // namespace

DependencyCycles dependency_cycles(const ScheduleEvents& events) {
    const History history{events};
    std::map<std::uint64_t, std::map<std::size_t, TransactionId>> versions;
    for (const auto& [id, t] : history.all()) {
        if (!t.committed) continue;
        for (const std::uint64_t row : t.writes) versions[row][t.end] = id;
    }
    const std::size_t count = history.all().empty() ? 1 : history.all().rbegin()->first + 1;
    Edges forward(count);  // write and read dependencies
    Edges missed(count);   // anti-dependencies
    for (const auto& [row, writers] : versions) {
        TransactionId before = 0;
        for (const auto& [end, id] : writers) {
            if (before != 0) forward[before].push_back(id);
            before = id;
        }
    }
    for (const auto& [id, t] : history.all()) {
        if (!t.committed) continue;
        for (const ReadOf& read : t.reads) {
            const bool known = read.writer != 0;
            if (known && !history[read.writer].committed) continue;
            if (known) forward[read.writer].push_back(id);
            const auto& writers = versions[read.row];
            const auto next =
                known ? writers.upper_bound(history[read.writer].end) : writers.begin();
            if (next != writers.end() && next->second != id) missed[id].push_back(next->second);
        }
    }
    const auto reach = reached(forward);
    DependencyCycles cycles;
    Edges all = forward;
    for (std::size_t from = 0; from < count; ++from) {
        cycles.without_missed = cycles.without_missed || reach[from][from];
        for (const TransactionId to : missed[from]) {
            cycles.with_one_missed = cycles.with_one_missed || reach[to][from];
            all[from].push_back(to);
        }
    }
    cycles.any = has_cycle(all);
    return cycles;
}

}  // namespace archsim::tests
