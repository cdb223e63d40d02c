// The state of reading a document into typed configuration: where in the document the reader is,
// the problems found so far, and the names that refer to something outside the value being read.
#pragma once

#include "models/document.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::models {

/// What is wrong at a place.
struct Problem {
    Code code = Code::bad_value;
    std::string message;  ///< One sentence without its full stop.
    std::string hint = {};
    Severity severity = Severity::error;
};

/// A reference that was read: the name of a node or member, and where it was written.
struct FoundReference {
    /// What must exist: a node or member of the scenario, a trace file beside it, a region, or an
    /// entry of the price table.
    enum class To : std::uint8_t { node, trace, region, price };
    std::string name;
    std::string pointer;
    Spot spot;
    To to = To::node;
};

/// Where a document is being read. Not copied: problems go to the Diagnostics it was made with.
class Reader {
public:
    /// Requires: diagnostics outlives the reader. `pointer` is where the value to be read stands in
    /// the whole document.
    explicit Reader(Diagnostics& diagnostics, std::string pointer = {})
        : diagnostics_{diagnostics}, pointer_{std::move(pointer)} {}
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    /// Steps into a member or element as long as it lives; steps end in the reverse order.
    class [[nodiscard]] Step {
    public:
        Step(Reader& reader, std::string_view key);
        ~Step() {
            reader_.pointer_.resize(length_before_);
            --reader_.depth_;
        }
        Step(const Step&) = delete;
        Step& operator=(const Step&) = delete;

    private:
        Reader& reader_;
        std::size_t length_before_;
    };
    /// Use: `const auto step = reader.into("nodes");`
    Step into(std::string_view key) { return Step{*this, key}; }
    Step into(std::size_t index) { return Step{*this, std::to_string(index)}; }

    /// The JSON Pointer of the value being read.
    [[nodiscard]] const std::string& pointer() const { return pointer_; }
    /// Steps from the value where reading began: 0 there, 1 in its members.
    [[nodiscard]] std::size_t depth() const { return depth_; }
    /// Errors that this reader has reported.
    [[nodiscard]] std::size_t error_count() const { return errors_; }

    /// Reports a problem with the value being read, at `spot`.
    void fail(Spot spot, Problem problem);
    /// Reports that another type was expected, such as "a list of durations".
    void fail_type(const Value& found, std::string_view expected, std::string hint = {});

    /// Notes that the value being read names something that must exist.
    void refer(std::string name, Spot spot, FoundReference::To to = FoundReference::To::node);
    /// All references noted so far, in the order of reading.
    [[nodiscard]] std::span<const FoundReference> references() const { return references_; }

private:
    Diagnostics& diagnostics_;
    std::string pointer_;
    std::size_t depth_ = 0;
    std::size_t errors_ = 0;
    std::vector<FoundReference> references_;
};

}  // namespace archsim::models
