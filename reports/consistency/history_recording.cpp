// Lines of a running history, and the file they go to.
#include "reports/consistency/history_recording.hpp"

#include "reports/consistency/history_file.hpp"

#include <cstdio>
#include <iostream>
#include <utility>

namespace archsim::reports {

HistoryRecording::HistoryRecording(std::function<void(std::string_view)> write)
    : write_{std::move(write)} {
    write_(history_header());
}

void HistoryRecording::invoked(const models::Operation& operation) {
    open_.emplace_hint(open_.end(), operation.id, operation);
}

void HistoryRecording::completed(const models::Operation& operation) {
    open_.erase(operation.id);
    write_(to_line(operation));
}

void HistoryRecording::created(const models::VersionRecord& record) { write_(to_line(record)); }

void HistoryRecording::applied(const models::Application& application) {
    write_(to_line(application));
}

void HistoryRecording::fault(const models::FaultRecord& record) { write_(to_line(record)); }

void HistoryRecording::settled(std::uint64_t key, models::Version version) {
    write_(settled_line(key, version));
}

void HistoryRecording::finish() {
    for (const auto& [id, operation] : open_) write_(to_line(operation));
    open_.clear();
}

HistoryOutput::HistoryOutput(std::string path) : path_{std::move(path)}, partial_{path_ + ".part"} {
    if (!is_stdout()) stream_.open(partial_, std::ios::binary | std::ios::trunc);
}

HistoryOutput::~HistoryOutput() {
    if (is_stdout() || committed_) return;
    stream_.close();
    static_cast<void>(std::remove(partial_.c_str()));
}

void HistoryOutput::write(std::string_view text) {
    std::ostream& out = is_stdout() ? std::cout : stream_;
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
}

bool HistoryOutput::commit() {
    if (is_stdout()) return static_cast<bool>(std::cout.flush());
    stream_.close();
    if (!stream_) return false;
    committed_ = std::rename(partial_.c_str(), path_.c_str()) == 0;
    return committed_;
}

}  // namespace archsim::reports
