// Writing a file so that a reader sees the old content or the new one and never a part of it, even
// after a kill or a full disk.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace archsim::reports {

/// What went wrong with a file.
struct FileError {
    std::string operation;  ///< "open", "write", "sync" ...
    std::string path;
    int code = 0;  ///< errno.

    /// "cannot write report.json: No space left on device (errno 28)".
    [[nodiscard]] std::string message() const;
};

/// Replaces the content of `path`, or says why it could not; then the old file is untouched and no
/// temporary file is left. A link keeps pointing to the file it points to, and a device or pipe
/// (such as /dev/stdout) is written as it is. An existing file keeps its permissions.
/// Steps: temporary file in the same folder, write, fsync, close, rename, fsync of the folder.
[[nodiscard]] std::optional<FileError> write_file(const std::string& path,
                                                  std::string_view content);

/// Takes the next piece of a file; false if it could not be written.
using WritePiece = std::function<bool(std::string_view)>;

/// The same for a content that comes in pieces: `produce` is called once and hands them over. If it
/// returns false the file stays as it was.
[[nodiscard]] std::optional<FileError> write_file_in_pieces(
    const std::string& path, const std::function<bool(const WritePiece&)>& produce);

}  // namespace archsim::reports
