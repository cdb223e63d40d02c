// Atomic replacement of a file with POSIX calls.
#include "reports/atomic_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace archsim::reports {

namespace {

/// An open file that closes itself.
class Descriptor {
public:
    explicit Descriptor(int number) : number_{number} {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    [[nodiscard]] bool is_open() const { return number_ >= 0; }
    [[nodiscard]] int number() const { return number_; }
    /// Closes now and reports failure, which a network file system may hold back until here.
    [[nodiscard]] bool close() { return ::close(std::exchange(number_, -1)) == 0; }

private:
    int number_;
};

/// Removes the temporary file unless it was renamed.
class Temporary {
public:
    explicit Temporary(std::string path) : path_{std::move(path)} {}
    ~Temporary() {
        if (!path_.empty()) ::unlink(path_.c_str());
    }
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;
    void keep() { path_.clear(); }

private:
    std::string path_;
};

bool write_all(int number, std::string_view content) {
    while (!content.empty()) {
        const ssize_t written = ::write(number, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// The file behind links, or `path` itself where there is none yet.
std::string resolved(const std::string& path) {
    const std::unique_ptr<char, void (*)(void*)> real{::realpath(path.c_str(), nullptr),
                                                      &std::free};
    return real ? std::string{real.get()} : path;
}

/// Splits after the last slash; the folder keeps it and is "./" where there is none.
std::pair<std::string, std::string> folder_and_name(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return {"./", path};
    return {path.substr(0, slash + 1), path.substr(slash + 1)};
}

int open_new(const std::string& path) {
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
    const int number = ::open(path.c_str(), flags, 0666);
    if (number >= 0 || errno != EEXIST) return number;
    // Left over from a killed process that had the same id.
    ::unlink(path.c_str());
    return ::open(path.c_str(), flags, 0666);
}

using Produce = std::function<bool(const WritePiece&)>;

/// Lets `produce` write to an open file.
std::optional<FileError> fill(const Descriptor& file, const std::string& path,
                              const Produce& produce) {
    int code = 0;
    const bool is_whole = produce([&](std::string_view piece) {
        if (write_all(file.number(), piece)) return true;
        code = errno;
        return false;
    });
    if (code != 0) return FileError{"write", path, code};
    if (!is_whole) return FileError{"finish", path, ECANCELED};
    return std::nullopt;
}

std::optional<FileError> write_in_place(const std::string& path, const Produce& produce) {
    Descriptor file{::open(path.c_str(), O_WRONLY | O_CLOEXEC)};
    if (!file.is_open()) return FileError{"open", path, errno};
    if (auto error = fill(file, path, produce)) return error;
    if (!file.close()) return FileError{"close", path, errno};
    return std::nullopt;
}

}  // namespace

std::string FileError::message() const {
    return fmt::format("cannot {} {}: {} (errno {})", operation, path,
                       std::generic_category().message(code), code);
}

std::optional<FileError> write_file(const std::string& path, std::string_view content) {
    return write_file_in_pieces(path,
                                [content](const WritePiece& write) { return write(content); });
}

std::optional<FileError> write_file_in_pieces(const std::string& path, const Produce& produce) {
    struct stat old {};
    const bool exists = ::stat(path.c_str(), &old) == 0;
    if (exists && !S_ISREG(old.st_mode)) return write_in_place(path, produce);
    const std::string target = exists ? resolved(path) : path;
    const auto [folder, name] = folder_and_name(target);
    const std::string temporary_path = fmt::format("{}.{}.tmp.{}", folder, name, ::getpid());

    Descriptor file{open_new(temporary_path)};
    if (!file.is_open()) return FileError{"open", path, errno};
    Temporary temporary{temporary_path};
    if (exists && ::fchmod(file.number(), old.st_mode & 07777) != 0)
        return FileError{"set permissions of", path, errno};
    if (auto error = fill(file, path, produce)) return error;
    if (::fsync(file.number()) != 0) return FileError{"sync", path, errno};
    if (!file.close()) return FileError{"close", path, errno};
    if (::rename(temporary_path.c_str(), target.c_str()) != 0)
        return FileError{"rename", path, errno};
    temporary.keep();
    // The name is in place; only its survival of a power cut hangs on this, and not every file
    // system can sync a folder.
    const Descriptor parent{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (parent.is_open() && ::fsync(parent.number()) != 0 && errno != EINVAL && errno != EROFS)
        return FileError{"sync the folder of", path, errno};
    return std::nullopt;
}

}  // namespace archsim::reports
