// Holds the events of a history back and hands them on many at a time: judging a thousand in a row
// finds its tables and its code in the processor's caches, judging one between two steps of a
// simulation finds neither.
#pragma once

#include "models/history.hpp"

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

namespace archsim::models {

/// Forwards to `target` exactly what it receives, in the same order, at the latest at flush().
/// O(1) per event; holds `batch_size` records of at most 80 bytes.
class BatchedHistory : public HistorySink {
public:
    /// Requires: `target` outlives this.
    explicit BatchedHistory(HistorySink& target);

    void invoked(const Operation& operation) override { push(Begin{operation}); }
    void completed(const Operation& operation) override { push(End{operation}); }
    void created(const VersionRecord& record) override { push(record); }
    void applied(const Application& application) override { push(application); }
    void fault(const FaultRecord& record) override { push(record); }
    void settled(std::uint64_t key, Version version) override { push(Settled{key, version}); }

    /// Hands on whatever is held back. To be called at the end, before the target is asked.
    void flush();

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

    void push(const Record& record) {
        held_.push_back(record);
        if (held_.size() == batch_size) flush();
    }
    void hand_on(const Record& record);

    HistorySink* target_;
    std::vector<Record> held_;
};

}  // namespace archsim::models
