// Reads history files line by line and numbers their keys, values and sessions.
#include "reports/consistency/history_file.hpp"
#include "reports/consistency/history_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace archsim::reports {
namespace {

using models::Access;
using models::Code;
using models::Ending;
using models::Operation;
using models::Version;

// Numbers texts in the order of their appearance.
class Numbering {
public:
    std::uint64_t number(const std::string& text) {
        const auto [place, is_new] = numbers_.try_emplace(text, texts_.size());
        if (is_new) texts_.push_back(text);
        return place->second;
    }
    std::vector<std::string> take() { return std::move(texts_); }

private:
    std::unordered_map<std::string, std::uint64_t> numbers_;
    std::vector<std::string> texts_;
};

class HistoryReader {
public:
    HistoryReader(std::uint32_t source, models::Diagnostics& diagnostics)
        : source_{source}, diagnostics_{&diagnostics} {
        file_.names.values.emplace_back("null");
    }

    void read(std::string_view text) {
        std::size_t offset = 0;
        while (offset < text.size()) {
            ++line_;
            const std::size_t end = std::min(text.find('\n', offset), text.size());
            std::string_view content = text.substr(offset, end - offset);
            if (content.find_first_not_of(" \t\r") != std::string_view::npos) {
                HistoryLine line{content, source_, offset, *diagnostics_};
                if (line.is_good()) event(line);
            }
            offset = end + 1;
        }
    }

    HistoryFile finish() {
        file_.has_times = !unit_.is_sequence;
        auto& operations = file_.history.operations;
        std::vector<std::size_t> lines;
        std::stable_sort(operations.begin(), operations.end(),
                         [](const Operation& a, const Operation& b) {
                             return a.invoked_order < b.invoked_order;
                         });
        for (std::size_t i = 0; i < operations.size(); ++i) {
            lines.push_back(file_.names.lines[operations[i].id]);
            operations[i].id = i;
        }
        file_.names.lines = std::move(lines);
        file_.names.keys = keys_.take();
        file_.names.sessions = sessions_.take();
        return std::move(file_);
    }

private:
    void event(HistoryLine& line) {
        if (line.has("history")) return header(line);
        if (line.has("op")) return operation(line);
        if (line.has("created")) return created(line);
        if (line.has("applied")) return applied(line);
        if (line.has("fault")) return fault(line);
        if (line.has("settled")) return settled(line);
        line.object(Code::missing_key,
                    "a line has one of \"history\", \"op\", \"created\", \"applied\", \"fault\", "
                    "\"settled\"",
                    "");
    }

    void header(HistoryLine& line) {
        if (line.word("history") != "archsim.history/1") {
            line.object(Code::bad_value, "the format must be \"archsim.history/1\"", "history");
        }
        if (has_events_) line.object(Code::bad_value, "the header must come first", "history");
        const std::string unit = line.has("time") ? line.word("time") : std::string{"ns"};
        constexpr std::pair<std::string_view, std::int64_t> units[] = {
            {"ns", 1}, {"us", 1'000}, {"ms", 1'000'000}, {"s", 1'000'000'000}, {"sequence", 1}};
        const auto* known = std::find_if(std::begin(units), std::end(units),
                                         [&](const auto& entry) { return entry.first == unit; });
        if (known == std::end(units)) {
            line.object(Code::unknown_name, "\"time\" is one of ns, us, ms, s, sequence", "time");
        } else {
            unit_ = {known->second, unit == "sequence"};
        }
        line.finish();
    }

    std::uint64_t key(HistoryLine& line) { return keys_.number(line.identity("key")); }

    // Values belong to their key: the same value may be written to different keys.
    Version version(HistoryLine& line, std::string_view field, std::uint64_t of_key) {
        const std::string value = line.identity(field);
        if (value == "null") return models::initial_version;
        const auto [place, is_new] =
            versions_.try_emplace(fmt::format("{} {}", of_key, value), file_.names.values.size());
        if (is_new) file_.names.values.push_back(value);
        return place->second;
    }

    Ending ending(HistoryLine& line) {
        if (!line.has("outcome")) return line.has("end") ? Ending::ok : Ending::in_flight;
        const std::string word = line.word("outcome");
        for (int i = 0; i < models::ending_count; ++i) {
            if (word == name_of(static_cast<Ending>(i))) return static_cast<Ending>(i);
        }
        line.object(Code::unknown_name,
                    "\"outcome\" is one of ok, failed, indeterminate, rejected, shed, in_flight",
                    "outcome");
        return Ending::in_flight;
    }

    void times(HistoryLine& line, Operation& operation) {
        operation.invoked = instant(line, "start");
        operation.invoked_order = operation.invoked.count();
        const bool has_end = line.has("end");
        if (has_end) {
            operation.completed = instant(line, "end");
            operation.completed_order = operation.completed.count();
            if (operation.completed < operation.invoked) {
                line.object(Code::bad_value, "\"end\" comes before \"start\"", "end");
            }
        } else if (operation.ending == Ending::indeterminate) {
            operation.ending = Ending::in_flight;  // without an end both mean the same
        } else if (operation.ending != Ending::in_flight) {
            line.object(Code::missing_key, "an operation with an outcome has an \"end\"", "");
        }
        const auto order = line.pair("order");
        if (order) {
            operation.invoked_order = order->front();
            if (has_end && order->size() == 2) operation.completed_order = order->back();
        }
        if (has_events_ && order.has_value() != has_order_) {
            line.object(Code::conflicting_keys, "give \"order\" for all operations or for none",
                        "order");
        }
        const bool is_whole = !order || (order->size() == 2) == has_end;
        const bool rises = operation.completed_order >= operation.invoked_order;
        if (order && (!is_whole || !rises)) {
            line.object(Code::bad_value, "\"order\" must be [start, end], rising", "order");
        }
        has_order_ = order.has_value();
        has_events_ = true;
    }

    sim::Instant instant(HistoryLine& line, std::string_view field) {
        return sim::Instant::at(sim::Duration::nanoseconds(line.time(field, unit_)));
    }

    void operation(HistoryLine& line) {
        Operation operation;
        const std::string kind = line.word("op");
        if (kind != "read" && kind != "write") {
            line.object(Code::unknown_name, "\"op\" is \"read\" or \"write\"", "op");
        }
        operation.kind = kind == "write" ? Access::write : Access::read;
        operation.key = key(line);
        operation.ending = ending(line);
        times(line, operation);
        value(line, operation);
        if (line.has("session")) {
            operation.session =
                static_cast<std::uint32_t>(sessions_.number(line.identity("session")));
        } else {
            operation.session = static_cast<std::uint32_t>(sessions_.number("null"));
        }
        operation.side = static_cast<std::uint8_t>(line.count("side", 0, 63));
        line.finish();
        if (!line.is_good()) return;
        operation.id = file_.names.lines.size();
        file_.names.lines.push_back(line_);
        file_.history.operations.push_back(operation);
    }

    void value(HistoryLine& line, Operation& operation) {
        const bool is_write = operation.kind == Access::write;
        if (!is_write && operation.ending != Ending::ok && !line.has("value")) return;
        operation.version = version(line, "value", operation.key);
        if (!is_write || !line.is_good()) return;
        if (operation.version == models::initial_version) {
            line.object(Code::bad_value, "null is the value before the first write", "value");
            return;
        }
        const auto [place, is_new] = writers_.try_emplace(operation.version, line_);
        if (is_new) return;
        line.object(Code::duplicate_name,
                    fmt::format("the value was written to this key in line {} already; every "
                                "write needs a value of its own",
                                place->second),
                    "value");
    }

    void created(HistoryLine& line) {
        models::VersionRecord record;
        record.key = key(line);
        record.version = version(line, "created", record.key);
        if (line.has("replaces")) record.parent = version(line, "replaces", record.key);
        record.position = line.count("position", 0, 9'000'000'000'000'000'000);
        record.created = instant(line, "at");
        record.origin = static_cast<std::uint16_t>(line.count("node", 0, 65'535));
        if (record.version == models::initial_version) {
            line.object(Code::bad_value, "null is the value before the first write", "created");
        }
        line.finish();
        if (line.is_good()) file_.history.created.push_back(record);
    }

    void applied(HistoryLine& line) {
        models::Application application;
        application.key = key(line);
        application.version = version(line, "applied", application.key);
        application.at = instant(line, "at");
        application.replica = static_cast<std::uint16_t>(line.count("replica", 0, 65'535));
        application.replicas = static_cast<std::uint16_t>(line.count("replicas", 1, 65'535));
        line.finish();
        if (line.is_good()) file_.history.applied.push_back(application);
    }

    void fault(HistoryLine& line) {
        models::FaultRecord record;
        const std::string word = line.word("fault");
        int kind = 0;
        while (kind < models::fault_type_count &&
               word != name_of(static_cast<models::FaultType>(kind))) {
            ++kind;
        }
        if (kind == models::fault_type_count) {
            line.object(Code::unknown_name,
                        "\"fault\" is one of partition, crash, pause, slow, clock_skew, promotion, "
                        "disk_stall",
                        "fault");
            return;
        }
        record.kind = static_cast<models::FaultType>(kind);
        record.id = static_cast<std::uint32_t>(line.count("id", 0, 4'294'967'295));
        record.begins = line.flag("begins", true);
        record.at = instant(line, "at");
        record.node = static_cast<std::uint32_t>(line.count("node", 0, 4'294'967'295));
        record.complete = line.flag("complete", true);
        line.finish();
        if (line.is_good()) file_.history.faults.push_back(record);
    }

    void settled(HistoryLine& line) {
        const std::uint64_t of_key = key(line);
        const Version value = version(line, "settled", of_key);
        line.finish();
        if (line.is_good()) file_.history.settled.emplace_back(of_key, value);
    }

    std::uint32_t source_;
    models::Diagnostics* diagnostics_;
    HistoryFile file_;
    TimeUnit unit_;
    Numbering keys_;
    Numbering sessions_;
    std::unordered_map<std::string, Version> versions_;  // by key number and value
    std::unordered_map<Version, std::size_t> writers_;   // line of the write
    std::size_t line_ = 0;
    bool has_events_ = false;
    bool has_order_ = false;
};

}  // namespace

HistoryFile read_history(const models::Sources& sources, std::uint32_t source,
                         models::Diagnostics& diagnostics) {
    const std::string_view text = sources.text(source);
    if (text.size() > 0xffff'fff0) {
        diagnostics.add(
            {.code = Code::size_limit, .message = "a history file must be smaller than 4 GiB"});
        return {};
    }
    HistoryReader reader{source, diagnostics};
    reader.read(text);
    return reader.finish();
}

}  // namespace archsim::reports
