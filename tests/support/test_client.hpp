// A client that issues whatever operations a test wants.
#pragma once

#include "models/history_recorder.hpp"

#include <cstdint>
#include <functional>
#include <map>

namespace archsim::tests {

/// Keeps its operations in flight by id.
class TestClient final : public models::OperationSource {
public:
    /// The recorder outlives the client.
    explicit TestClient(models::HistoryRecorder& recorder) : recorder_{recorder} {
        recorder.add(*this);
    }
    TestClient(const TestClient&) = delete;
    TestClient& operator=(const TestClient&) = delete;

    /// Begins an operation like `draft` and returns it as it was recorded.
    models::Operation begin(const models::Operation& draft, sim::Instant now) {
        models::Operation& begun = open_.emplace(recorder_.begun(), draft).first->second;
        recorder_.begin(begun, now);
        return begun;
    }
    /// Ends the one of this id. Requires: it is in flight.
    void end(std::uint64_t id, models::Ending ending, models::Version version, sim::Instant now) {
        models::Operation ended = open_.extract(id).mapped();
        recorder_.end(ended, ending, version, now);
    }

    void each_open(const std::function<void(const models::Operation&)>& visit) const override {
        for (const auto& [id, operation] : open_) visit(operation);
    }
    [[nodiscard]] models::Order oldest_open(models::Order otherwise) const override {
        return open_.empty() ? otherwise : open_.begin()->second.invoked_order;
    }

private:
    models::HistoryRecorder& recorder_;
    std::map<std::uint64_t, models::Operation> open_;
};

}  // namespace archsim::tests
