// One line of a history file with typed access to its fields; every problem gets its place.
#pragma once

#include "models/diagnostics.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::reports {

/// What one unit of time in a file is.
struct TimeUnit {
    std::int64_t nanoseconds = 1;
    bool is_sequence = false;  ///< Numbers only order events and must be whole.
};

/// A line that is a JSON object. Fields that are asked for count as known; finish() objects to the
/// others.
class HistoryLine {
public:
    /// Parses `text`, which begins at `offset` of the source.
    HistoryLine(std::string_view text, std::uint32_t source, std::size_t offset,
                models::Diagnostics& diagnostics);
    ~HistoryLine();
    HistoryLine(const HistoryLine&) = delete;
    HistoryLine& operator=(const HistoryLine&) = delete;

    /// Whether no problem has been found so far.
    [[nodiscard]] bool is_good() const { return is_good_; }
    [[nodiscard]] bool has(std::string_view field);

    /// The field as canonical JSON text. A problem if it is missing.
    std::string identity(std::string_view field);
    /// The field as a string. A problem if it is missing or no string.
    std::string word(std::string_view field);
    /// The field as an integer of 0 to `limit`, or `fallback` if it is missing.
    std::uint64_t count(std::string_view field, std::uint64_t fallback, std::uint64_t limit);
    /// The field as true or false, or `fallback` if it is missing.
    bool flag(std::string_view field, bool fallback);
    /// The field as a time in nanoseconds. A problem if it is missing.
    std::int64_t time(std::string_view field, TimeUnit unit);
    /// The one or two sequence numbers of the field, absent if it is missing.
    std::optional<std::vector<std::int64_t>> pair(std::string_view field);

    /// Objects to fields that nobody asked for.
    void finish();
    /// Reports a problem at a field, or at the line if it has no such field.
    void object(models::Code code, std::string message, std::string_view field);

private:
    [[nodiscard]] std::string hint_for(models::Code code, std::string_view field) const;
    const nlohmann::json* find(std::string_view field);
    const nlohmann::json* need(std::string_view field);

    std::string_view text_;
    std::uint32_t source_;
    std::size_t offset_;
    models::Diagnostics* diagnostics_;
    std::unique_ptr<nlohmann::json> json_;
    std::vector<std::string> known_;
    bool is_good_ = true;
};

}  // namespace archsim::reports
