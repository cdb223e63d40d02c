// Where the reader is, and how it reports.
#include "models/reader.hpp"

#include <fmt/format.h>

#include <utility>

namespace archsim::models {

Reader::Step::Step(Reader& reader, std::string_view key)
    : reader_{reader}, length_before_{reader.pointer_.size()} {
    ++reader_.depth_;
    reader_.pointer_ += '/';
    reader_.pointer_ += pointer_step(key);
}

void Reader::fail(Spot spot, Problem problem) {
    if (problem.severity == Severity::error) ++errors_;
    diagnostics_.add({.severity = problem.severity,
                      .code = problem.code,
                      .message = std::move(problem.message),
                      .pointer = pointer_,
                      .spot = spot,
                      .hint = std::move(problem.hint)});
}

void Reader::fail_type(const Value& found, std::string_view expected, std::string hint) {
    if (found.is_null() && hint.empty())
        hint = "null removes a value in a file that extends another; leave the key out here";
    fail(found.spot(), {.code = Code::wrong_type,
                        .message = fmt::format("expected {}, found {}", expected, describe(found)),
                        .hint = std::move(hint)});
}

void Reader::refer(std::string name, Spot spot, FoundReference::To to) {
    references_.push_back({std::move(name), pointer_, spot, to});
}

}  // namespace archsim::models
