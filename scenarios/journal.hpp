// The journal of a sweep: one line for each finished unit, appended by a single write, with its
// length and check sum in front. Whatever kills the process, what was written before is there; a
// torn last line is cut off when the file is opened again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace archsim::scenarios {

/// CRC-32C (Castagnoli), as in RFC 3720, appendix B.4. Linear.
[[nodiscard]] std::uint32_t crc32c(std::string_view text);

/// "<length> <check sum, 8 hexadecimal digits> <json>\n".
[[nodiscard]] std::string journal_line(std::string_view json);

/// Why a journal cannot be used.
struct JournalError {
    bool is_io = false;  ///< The system refused; else the content is not what was asked for.
    std::string message;
};

/// Where a record stands in a journal: its JSON alone.
struct RecordPlace {
    std::uint64_t offset = 0;
    std::uint32_t length = 0;
};

/// An open journal. Its first record, the header, says what the others belong to.
class Journal {
public:
    enum class Mode : std::uint8_t {
        create,  ///< There must be no such file, or an empty one.
        resume,  ///< Goes on with what is there; begins if there is nothing.
        read,    ///< Reads only: nothing is cut off and nothing can be appended.
    };

    /// Opens the file. For `create` and `resume` the header is the first record of the file; one
    /// with another header is refused. A second process that appends is refused as well.
    [[nodiscard]] static std::variant<Journal, JournalError> open(const std::string& path,
                                                                  Mode mode,
                                                                  std::string_view header = {});
    /// A journal without a name, which is gone at the end of the process.
    [[nodiscard]] static std::variant<Journal, JournalError> temporary(std::string_view header);

    Journal(Journal&& other) noexcept;
    Journal& operator=(Journal&&) = delete;
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    ~Journal();

    /// Appends one record with one write and returns its place, or why it could not.
    [[nodiscard]] std::variant<RecordPlace, JournalError> append(std::string_view json);
    /// Calls `visit` with every whole record after the header, in order. Memory: one record.
    [[nodiscard]] std::optional<JournalError> each(
        const std::function<void(RecordPlace, std::string_view json)>& visit) const;
    /// The record at a place that each() or append() named.
    [[nodiscard]] std::variant<std::string, JournalError> read(RecordPlace place) const;
    /// The header.
    [[nodiscard]] const std::string& header() const { return header_; }
    /// Bytes that were cut off the end, or would have been.
    [[nodiscard]] std::uint64_t torn_bytes() const { return torn_; }

private:
    Journal(int descriptor, std::string path) : descriptor_{descriptor}, path_{std::move(path)} {}
    [[nodiscard]] std::optional<JournalError> begin(Mode mode, std::string_view header);
    [[nodiscard]] JournalError failed(const char* operation) const;

    int descriptor_ = -1;
    std::string path_;
    std::string header_;
    std::uint64_t end_ = 0;  ///< Bytes of whole records.
    std::uint64_t torn_ = 0;
};

}  // namespace archsim::scenarios
