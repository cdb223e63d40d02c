// Reading typed members out of a document, each problem reported once and with its place.
#pragma once

#include "models/document.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::reports {

/// A value with the JSON Pointer that leads to it.
struct Part {
    const models::Value* value;
    std::string pointer;
};

/// Reads parts of one document; problems go to the diagnostics and leave a neutral value behind.
class DocumentReader {
public:
    explicit DocumentReader(models::Diagnostics& diagnostics) : diagnostics_{&diagnostics} {}

    /// Whether nothing was wrong so far.
    [[nodiscard]] bool is_good() const { return is_good_; }

    /// Reports a problem at a part.
    void object(models::Code code, const std::string& message, const Part& part);

    /// The member of this key, if `of` is an object and has it.
    [[nodiscard]] std::optional<Part> find(const Part& of, std::string_view key) const;
    /// The same; a problem if it is missing.
    [[nodiscard]] std::optional<Part> need(const Part& of, std::string_view key);
    /// The members of an object that must be there, or the elements of a list.
    [[nodiscard]] std::vector<Part> members(const Part& of, std::string_view key);
    [[nodiscard]] std::vector<Part> items(const Part& of, std::string_view key);
    /// Reports members of `of` whose keys are not among `known`.
    void refuse_others(const Part& of, std::initializer_list<std::string_view> known);

    /// The part as a string, a number of at most 1e200 in size, a count of 0 to `most`; a problem
    /// if it is none.
    [[nodiscard]] std::string text(const Part& part);
    [[nodiscard]] double number(const Part& part);
    [[nodiscard]] std::uint64_t count(const Part& part, std::uint64_t most);

    /// The member, as above: a problem if it is missing.
    [[nodiscard]] std::string text(const Part& of, std::string_view key);
    [[nodiscard]] double number(const Part& of, std::string_view key);
    [[nodiscard]] std::uint64_t count(const Part& of, std::string_view key, std::uint64_t most);
    /// The member, or "" or nothing if it is missing.
    [[nodiscard]] std::string text_if_any(const Part& of, std::string_view key);
    [[nodiscard]] std::optional<double> number_if_any(const Part& of, std::string_view key);
    /// The strings of a list.
    [[nodiscard]] std::vector<std::string> texts(const Part& of, std::string_view key);

    /// The last step of the part's pointer is this key.
    [[nodiscard]] static std::string key_of(const Part& part);

private:
    models::Diagnostics* diagnostics_;
    bool is_good_ = true;
};

}  // namespace archsim::reports
