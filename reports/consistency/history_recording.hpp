// Writing the history of a run into a file while it happens.
#pragma once

#include "models/history.hpp"

#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace archsim::reports {

/// A sink that writes archsim.history/1, one line per event. An operation is written when it ends,
/// or by finish() if it never does, so memory grows with the operations in flight only.
class HistoryRecording final : public models::HistorySink {
public:
    /// `write` gets one line after another, the header first.
    explicit HistoryRecording(std::function<void(std::string_view)> write);

    void invoked(const models::Operation& operation) override;
    void completed(const models::Operation& operation) override;
    void created(const models::VersionRecord& record) override;
    void applied(const models::Application& application) override;
    void fault(const models::FaultRecord& record) override;
    void settled(std::uint64_t key, models::Version version) override;

    /// Writes the operations that are still in flight. Called once, after the run.
    void finish();

private:
    std::function<void(std::string_view)> write_;
    std::map<std::uint64_t, models::Operation> open_;  // by id
};

/// A file that appears whole or not at all: lines go to a file beside it, which takes its name at
/// the end. "-" is standard output.
class HistoryOutput {
public:
    explicit HistoryOutput(std::string path);
    HistoryOutput(const HistoryOutput&) = delete;
    HistoryOutput& operator=(const HistoryOutput&) = delete;
    /// Removes what was not committed.
    ~HistoryOutput();

    void write(std::string_view text);
    /// Gives the file its name; false if something could not be written. Called once.
    [[nodiscard]] bool commit();

private:
    [[nodiscard]] bool is_stdout() const { return path_ == "-"; }
    std::string path_;
    std::string partial_;
    std::ofstream stream_;
    bool committed_ = false;
};

}  // namespace archsim::reports
