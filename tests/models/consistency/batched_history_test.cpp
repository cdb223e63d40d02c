// Events held back arrive in full and in order, whatever kinds they are.
#include "models/consistency/batched_history.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <vector>

using namespace archsim;
using models::BatchedHistory;

namespace {

/// Writes down each call with what tells it from the others.
class Diary : public models::HistorySink {
public:
    void invoked(const models::Operation& operation) override { note("begin", operation.id); }
    void completed(const models::Operation& operation) override { note("end", operation.id); }
    void created(const models::VersionRecord& record) override { note("version", record.version); }
    void applied(const models::Application& application) override {
        note("applied", application.version);
    }
    void fault(const models::FaultRecord& record) override { note("fault", record.id); }
    void settled(std::uint64_t key, models::Version version) override {
        note("settled", key * 1000 + version);
    }
    std::vector<std::string> lines;

private:
    void note(const char* what, std::uint64_t number) {
        lines.push_back(fmt::format("{} {}", what, number));
    }
};

/// The number-th event of a made-up history, of a kind that changes with each.
void tell(models::HistorySink& sink, std::uint64_t number) {
    models::Operation operation;
    operation.id = number;
    models::VersionRecord version;
    version.version = number;
    models::Application application;
    application.version = number;
    models::FaultRecord fault;
    fault.id = static_cast<std::uint32_t>(number);
    switch (number % 6) {
        case 0:
            return sink.invoked(operation);
        case 1:
            return sink.completed(operation);
        case 2:
            return sink.created(version);
        case 3:
            return sink.applied(application);
        case 4:
            return sink.fault(fault);
        default:
            return sink.settled(number, 7);
    }
}

}  // namespace

TEST_SUITE("batched history") {
    TEST_CASE("hands on every event once and in order, the rest at the flush") {
        Diary direct;
        Diary batched;
        BatchedHistory<Diary> history{batched};
        constexpr std::size_t events = 2 * BatchedHistory<Diary>::batch_size + 17;
        for (std::size_t i = 0; i < events; ++i) {
            tell(direct, i);
            tell(history, i);
        }
        CHECK(batched.lines.size() == 2 * BatchedHistory<Diary>::batch_size);
        history.flush();
        CHECK(batched.lines == direct.lines);
        history.flush();
        CHECK(batched.lines.size() == events);
    }
}
