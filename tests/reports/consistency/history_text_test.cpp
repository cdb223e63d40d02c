// Recording a run into a file and judging a file: the road of `archsim history check`.
#include "reports/consistency/history_text.hpp"

#include "models/history_recorder.hpp"
#include "reports/consistency/history_recording.hpp"
#include "tests/support/mentions.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace archsim::reports {
using archsim::tests::mentions;

namespace {

sim::Instant at(std::int64_t ms) { return sim::Instant::at(sim::Duration::milliseconds(ms)); }

/// The file, or a failed check if it has problems.
HistoryFile read(const std::string& text) {
    models::Sources sources;
    models::Diagnostics diagnostics;
    const std::uint32_t source = sources.add("history.ndjson", text);
    HistoryFile file = read_history(sources, source, diagnostics);
    CHECK_MESSAGE(!diagnostics.has_errors(), diagnostics.format(sources));
    return file;
}

std::string judged(const std::string& text, bool every_key = false) {
    const HistoryFile file = read(text);
    return write_history_judgement(file, judge_history(file), every_key,
                                   {.colour = false, .unicode = false});
}

constexpr const char* stale = R"({"history": "archsim.history/1", "time": "ms"}
{"op": "write", "key": "x", "value": "a", "start": 0, "end": 3, "session": "c1"}
{"op": "write", "key": "x", "value": "b", "start": 4, "end": 6, "session": "c1"}
{"op": "read", "key": "x", "value": "b", "start": 7, "end": 8, "session": "c2"}
{"op": "read", "key": "x", "value": "a", "start": 9, "end": 10, "session": "c2"}
{"op": "write", "key": "y", "value": 1, "start": 0, "end": 3, "session": "c1"}
)";

TEST_SUITE("judgement of a history file") {
    TEST_CASE("a stale read is told with its proof, in the words of the file") {
        const std::string text = judged(stale);
        CHECK(mentions(text, "not linearizable: 1 of 2 keys (2 reads, 3 writes)"));
        CHECK(mentions(text, "\"x\"  new_old_inversion"));
        CHECK_FALSE(mentions(text, "\"y\""));  // it holds, so it is not listed
        CHECK(mentions(text, "read  \"a\" by session \"c2\", line 5: 9.000 ms to 10.000 ms"));
        CHECK(mentions(text, "stale reads       1 of 2 (a lower bound)"));
        CHECK(mentions(text, "oldest read       3 ms"));
        CHECK(mentions(text, "distance (Delta)  3 ms"));
        CHECK(mentions(text, "monotonic reads               1"));
    }

    TEST_CASE("every key is listed when asked for") {
        CHECK(mentions(judged(stale, true), "\"y\"  linearizable"));
    }

    TEST_CASE("a linearizable history says how sure that is") {
        const std::string text =
            judged(R"({"op": "write", "key": 1, "value": 1, "start": 0, "end": 1}
{"op": "read", "key": 1, "value": 1, "start": 2, "end": 3}
)");
        CHECK(mentions(text, "linearizable: 1 keys, 1 reads, 1 writes."));
        CHECK_FALSE(mentions(text, "not linearizable"));
    }

    TEST_CASE("few reads cannot violate more often than always") {
        CHECK(mentions(judged(R"({"op": "write", "key": 1, "value": 1, "start": 0, "end": 1}
{"op": "read", "key": 1, "value": 1, "start": 2, "end": 3}
)"),
                       "at most 100 % of such reads violate"));
    }

    TEST_CASE("each mistake in a file is told once, with its line and a hint") {
        models::Sources sources;
        models::Diagnostics diagnostics;
        const std::uint32_t source =
            sources.add("bad.ndjson", R"({"op": "write", "key": 1, "value": 1, "start": 5, "end": 2}
{"op": "read", "key": 1, "value": 1, "start": 5, "end": 7, "sesion": 1}
nonsense
)");
        static_cast<void>(read_history(sources, source, diagnostics));
        CHECK(diagnostics.error_count() == 3);
        const std::string problems = diagnostics.format(sources);
        CHECK(mentions(problems,
                       "bad.ndjson:1:51: error[bad_value]: \"end\" comes before \"start\""));
        CHECK(mentions(problems, "bad.ndjson:2:60"));
        CHECK(mentions(problems, "did you mean 'session'?"));
        CHECK(mentions(problems, "bad.ndjson:3:2: error[syntax]"));
        CHECK(mentions(problems, "a line is an object such as"));
    }

    TEST_CASE("without times the order of events is shown") {
        const std::string text = judged(R"({"history": "archsim.history/1", "time": "sequence"}
{"op": "write", "key": "x", "value": "a", "start": 0, "end": 1}
{"op": "write", "key": "x", "value": "b", "start": 2, "end": 3}
{"op": "read", "key": "x", "value": "a", "start": 4, "end": 5}
)");
        CHECK(mentions(text, "not linearizable"));
        CHECK(mentions(text, "line 4: event 4 to event 5"));
        CHECK_FALSE(mentions(text, "Delta"));
    }

    TEST_CASE("what is recorded while it happens reads back as the same history") {
        std::string text;
        HistoryRecording recording{[&](std::string_view line) { text += line; }};
        models::HistoryRecorder recorder;
        recorder.add(recording);
        models::Operation write;
        write.kind = models::Access::write;
        write.key = 5;
        write.side = 2;
        recorder.begin(write, at(1));
        models::Operation read_operation;
        read_operation.key = 5;
        recorder.begin(read_operation, at(2));
        recorder.created({.version = 1, .key = 5, .parent = 0, .position = 9, .created = at(2)});
        recorder.end(write, models::Ending::indeterminate, 0, at(3));
        recorder.fault(
            {.id = 4, .kind = models::FaultType::disk_stall, .begins = true, .at = at(4)});
        recorder.settled(5, 1);
        recording.finish();  // the read never ends
        const HistoryFile file = read(text);
        REQUIRE(file.history.operations.size() == 2);
        CHECK(file.history.operations[0].ending == models::Ending::indeterminate);
        CHECK(file.history.operations[0].side == 2);
        CHECK(file.history.operations[0].completed == at(3));
        CHECK(file.history.operations[1].ending == models::Ending::in_flight);
        CHECK(file.history.operations[1].invoked == at(2));
        CHECK(read_operation.id == 1);
        REQUIRE(file.history.created.size() == 1);
        CHECK(file.history.created[0].position == 9);
        REQUIRE(file.history.faults.size() == 1);
        CHECK(file.history.faults[0].kind == models::FaultType::disk_stall);
        CHECK(file.history.settled.size() == 1);
    }

    TEST_CASE("a file appears when it is whole, and not before") {
        const tests::TemporaryFolder folder;
        const std::string path = folder.path() + "/h.ndjson";
        {
            HistoryOutput output{path};
            output.write("half");
            CHECK_FALSE(std::filesystem::exists(path));
        }
        CHECK(std::filesystem::is_empty(folder.path()));
        HistoryOutput output{path};
        output.write("whole\n");
        CHECK(output.commit());
        std::ifstream file{path};
        CHECK(std::string{std::istreambuf_iterator<char>{file}, {}} == "whole\n");
    }

    TEST_CASE("a file that cannot be written is told") {
        HistoryOutput output{"/nonexistent/folder/h.ndjson"};
        output.write("x");
        CHECK_FALSE(output.commit());
    }
}

}  // namespace
}  // namespace archsim::reports
