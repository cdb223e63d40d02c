// Holds the events of a history back and hands them on many at a time: judging a thousand in a row
// finds its tables and its code in the processor's caches, and what the next few will touch can be
// fetched ahead; judging one between two steps of a simulation has neither.
#pragma once

#include "models/history.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

namespace archsim::models {

/// Forwards to `Target`, a HistorySink, exactly what it receives, in the same order, at the latest
/// at flush(). If the target has `prefetch_keys(operation)` and `prefetch_data(operation)`, they
/// are called some events ahead, the keys first. O(1) per event; holds `batch_size` records of at
/// most 80 bytes.
template <class Target>
class BatchedHistory final : public HistorySink {
public:
    /// Requires: `target` outlives this.
    explicit BatchedHistory(Target& target) : target_{target} { held_.reserve(batch_size); }

    void invoked(const Operation& operation) override { push(Begin{operation}); }
    void completed(const Operation& operation) override { push(End{operation}); }
    void created(const VersionRecord& record) override { push(record); }
    void applied(const Application& application) override { push(application); }
    void fault(const FaultRecord& record) override { push(record); }
    void settled(std::uint64_t key, Version version) override { push(Settled{key, version}); }

    /// Hands on whatever is held back. To be called at the end, before the target is asked.
    void flush() {
        const std::size_t count = held_.size();
        for (std::size_t i = 0; i < std::min(count, keys_ahead); ++i) prefetch_keys(i);
        for (std::size_t i = 0; i < std::min(count, data_ahead); ++i) prefetch_data(i);
        for (std::size_t i = 0; i < count; ++i) {
            if (i + keys_ahead < count) prefetch_keys(i + keys_ahead);
            if (i + data_ahead < count) prefetch_data(i + data_ahead);
            hand_on(held_[i]);
        }
        held_.clear();
    }

    /// Records held back at most: few enough for the second-level cache.
    static constexpr std::size_t batch_size = 1024;

private:
    struct Begin {
        Operation operation;
    };
    struct End {
        Operation operation;
    };
    struct Settled {
        std::uint64_t key = 0;
        Version version = 0;
    };
    using Record = std::variant<Begin, End, VersionRecord, Application, FaultRecord, Settled>;
    static_assert(sizeof(Record) == 80);
    static constexpr std::size_t keys_ahead = 12;
    static constexpr std::size_t data_ahead = 6;

    template <class Event>
    void push(const Event& event) {
        held_.emplace_back(event);
        if (held_.size() == batch_size) flush();
    }

    /// The operation that a record is about, or nullptr.
    static const Operation* operation_of(const Record& record) {
        if (const auto* const begin = std::get_if<Begin>(&record)) return &begin->operation;
        if (const auto* const end = std::get_if<End>(&record)) return &end->operation;
        return nullptr;
    }
    void prefetch_keys(std::size_t index) {
        if constexpr (requires(Target & t, const Operation& o) { t.prefetch_keys(o); }) {
            if (const Operation* const operation = operation_of(held_[index])) {
                target_.prefetch_keys(*operation);
            }
        }
    }
    void prefetch_data(std::size_t index) {
        if constexpr (requires(Target & t, const Operation& o) { t.prefetch_data(o); }) {
            if (const Operation* const operation = operation_of(held_[index])) {
                target_.prefetch_data(*operation);
            }
        }
    }

    void hand_on(const Record& record) {
        if (const auto* const begin = std::get_if<Begin>(&record)) {
            target_.invoked(begin->operation);
        } else if (const auto* const end = std::get_if<End>(&record)) {
            target_.completed(end->operation);
        } else if (const auto* const version = std::get_if<VersionRecord>(&record)) {
            target_.created(*version);
        } else if (const auto* const application = std::get_if<Application>(&record)) {
            target_.applied(*application);
        } else if (const auto* const fault = std::get_if<FaultRecord>(&record)) {
            target_.fault(*fault);
        } else if (const auto* const settled = std::get_if<Settled>(&record)) {
            target_.settled(settled->key, settled->version);
        }
    }

    Target& target_;
    std::vector<Record> held_;
};

}  // namespace archsim::models
