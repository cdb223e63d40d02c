// CSV lines into trace records.
#include "scenarios/trace_file.hpp"

#include "models/diagnostic_codes.hpp"
#include "scenarios/load_file.hpp"
#include "sim/units_text.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace archsim::scenarios {

namespace {

using models::Code;
using models::Spot;

constexpr std::string_view header = "time,operation,key,size";
constexpr std::size_t fields_per_line = 4;

/// Reads line after line of one file.
class TraceReader {
public:
    TraceReader(std::string_view text, std::uint32_t source, models::Diagnostics& diagnostics)
        : text_{text}, source_{source}, diagnostics_{diagnostics} {}

    std::optional<models::RequestTrace> read() {
        const std::size_t before = diagnostics_.error_count();
        if (next_line() != header) {
            fail(line_at_, "the first line must be " + std::string{header});
            return std::nullopt;
        }
        while (at_ < text_.size()) {
            const std::string_view line = next_line();
            if (!line.empty()) read_record(line);
        }
        if (diagnostics_.error_count() > before) return std::nullopt;
        return std::move(trace_);
    }

private:
    std::string_view next_line() {
        line_at_ = at_;
        const std::size_t end = std::min(text_.find('\n', at_), text_.size());
        std::string_view line = text_.substr(at_, end - at_);
        at_ = end + 1;
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        return line;
    }

    void read_record(std::string_view line) {
        std::vector<std::string_view> fields;
        for (std::size_t from = 0; from <= line.size();) {
            const std::size_t comma = std::min(line.find(',', from), line.size());
            fields.push_back(line.substr(from, comma - from));
            from = comma + 1;
        }
        if (fields.size() != fields_per_line) {
            fail(line_at_, "a line has four fields: " + std::string{header});
            return;
        }
        models::TraceRecord record;
        const auto time = sim::parse_quantity<sim::Duration>(std::string{fields[0]} + "s");
        if (!time) {
            fail(place_of(fields[0]), "the time is not a number of seconds such as 0.25");
        } else if (*time < last_) {
            fail(place_of(fields[0]), "the times must not fall");
        } else {
            record.at = last_ = *time;
        }
        record.operation = number_of(fields[1]);
        record.key = key_of(fields[2]);
        std::int64_t size = 0;
        const auto [end, error] =
            std::from_chars(fields[3].data(), fields[3].data() + fields[3].size(), size);
        if (error != std::errc{} || end != fields[3].data() + fields[3].size() || size < 0) {
            fail(place_of(fields[3]), "the size is not a number of bytes");
        }
        record.size = sim::Bytes{size};
        trace_.records.push_back(record);
    }

    std::uint32_t number_of(std::string_view operation) {
        const auto [place, is_new] = operations_.try_emplace(
            std::string{operation}, static_cast<std::uint32_t>(trace_.operations.size()));
        if (is_new) trace_.operations.emplace_back(operation);
        return place->second;
    }

    /// An integer is its own key; a text gets a number beyond every integer key's usual range.
    std::uint64_t key_of(std::string_view text) {
        std::uint64_t key = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), key);
        if (error == std::errc{} && end == text.data() + text.size()) return key;
        constexpr std::uint64_t first_text_key = UINT64_C(1) << 63;
        return keys_.try_emplace(std::string{text}, first_text_key + keys_.size()).first->second;
    }

    [[nodiscard]] std::size_t place_of(std::string_view part) const {
        return static_cast<std::size_t>(part.data() - text_.data());
    }
    void fail(std::size_t offset, std::string message) {
        diagnostics_.add({.code = Code::bad_value,
                          .message = std::move(message),
                          .pointer = {},
                          .spot = {source_, static_cast<std::uint32_t>(offset)}});
    }

    std::string_view text_;
    std::uint32_t source_;
    models::Diagnostics& diagnostics_;
    std::size_t at_ = 0;
    std::size_t line_at_ = 0;
    sim::Duration last_;
    models::RequestTrace trace_;
    std::map<std::string, std::uint32_t> operations_;
    std::map<std::string, std::uint64_t> keys_;
};

}  // namespace

std::optional<models::RequestTrace> parse_trace(std::string_view text, std::uint32_t source,
                                                models::Diagnostics& diagnostics) {
    return TraceReader{text, source, diagnostics}.read();
}

std::optional<models::RequestTrace> load_trace(const std::string& folder,
                                               const models::FoundReference& reference,
                                               models::Sources& sources,
                                               models::Diagnostics& diagnostics) {
    const std::filesystem::path path{reference.name};
    const bool leaves =
        path.is_absolute() || std::find(path.begin(), path.end(), "..") != path.end();
    if (leaves) {
        diagnostics.add({.code = Code::unreadable,
                         .message = "a trace is a file beside the scenario or below",
                         .pointer = reference.pointer,
                         .spot = reference.spot,
                         .hint = "write a relative path without .."});
        return std::nullopt;
    }
    std::optional<std::string> text =
        read_text((std::filesystem::path{folder} / path).string(), diagnostics, reference.spot);
    if (!text) return std::nullopt;
    const std::uint32_t source = sources.add(reference.name, std::move(*text));
    return parse_trace(sources.text(source), source, diagnostics);
}

}  // namespace archsim::scenarios
