// Merges the parts of a history into one stream.
#include "models/consistency/recorded_history.hpp"

#include <algorithm>
#include <cstddef>
#include <tuple>

namespace archsim::models {

namespace {

// An event that is not an operation's, with its place among those of the same time.
struct Note {
    sim::Instant at;
    int part = 0;  // 0 fault, 1 creation, 2 application
    std::size_t index = 0;
};

std::vector<Note> notes_of(const RecordedHistory& history) {
    std::vector<Note> notes;
    for (std::size_t i = 0; i < history.faults.size(); ++i) {
        notes.push_back({history.faults[i].at, 0, i});
    }
    for (std::size_t i = 0; i < history.created.size(); ++i) {
        notes.push_back({history.created[i].created, 1, i});
    }
    for (std::size_t i = 0; i < history.applied.size(); ++i) {
        notes.push_back({history.applied[i].at, 2, i});
    }
    std::sort(notes.begin(), notes.end(), [](const Note& a, const Note& b) {
        return std::tie(a.at, a.part, a.index) < std::tie(b.at, b.part, b.index);
    });
    return notes;
}

void tell(const RecordedHistory& history, const Note& note, HistorySink& sink) {
    if (note.part == 0) sink.fault(history.faults[note.index]);
    if (note.part == 1) sink.created(history.created[note.index]);
    if (note.part == 2) sink.applied(history.applied[note.index]);
}

}  // namespace

std::vector<Operation> with_dense_ids(std::span<const Operation> operations) {
    std::vector<Operation> sorted{operations.begin(), operations.end()};
    std::stable_sort(sorted.begin(), sorted.end(), [](const Operation& a, const Operation& b) {
        return a.invoked_order < b.invoked_order;
    });
    for (std::size_t i = 0; i < sorted.size(); ++i) sorted[i].id = i;
    return sorted;
}

std::vector<HistoryEvent> events_of(std::span<const Operation> operations) {
    std::vector<HistoryEvent> events;
    events.reserve(operations.size() * 2);
    for (std::size_t i = 0; i < operations.size(); ++i) {
        events.push_back({operations[i].invoked_order, false, i});
        if (operations[i].ending == Ending::in_flight) continue;
        events.push_back({operations[i].completed_order, true, i});
    }
    std::sort(events.begin(), events.end(), [](const HistoryEvent& a, const HistoryEvent& b) {
        return std::tie(a.order, a.completes, a.index) < std::tie(b.order, b.completes, b.index);
    });
    return events;
}

void replay(const RecordedHistory& history, HistorySink& sink) {
    const auto operations = with_dense_ids(history.operations);
    const auto notes = notes_of(history);
    auto note = notes.begin();
    const auto catch_up = [&](sim::Instant now) {
        for (; note != notes.end() && note->at <= now; ++note) tell(history, *note, sink);
    };
    for (const HistoryEvent& event : events_of(operations)) {
        Operation operation = operations[event.index];
        catch_up(event.completes ? operation.completed : operation.invoked);
        if (event.completes) {
            sink.completed(operation);
            continue;
        }
        operation.ending = Ending::in_flight;
        operation.completed = sim::Instant::never();
        operation.completed_order = after_history;
        if (operation.kind == Access::read) operation.version = initial_version;
        sink.invoked(operation);
    }
    catch_up(sim::Instant::never());
    for (const auto& [key, version] : history.settled) sink.settled(key, version);
}

}  // namespace archsim::models
