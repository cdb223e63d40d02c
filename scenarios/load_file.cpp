// POSIX calls rather than streams: the kind of a file must be known before it is opened for good,
// and opening a FIFO must not wait.
#include "scenarios/load_file.hpp"

#include "scenarios/parse.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace archsim::scenarios {

namespace {

using models::Code;
using models::Diagnostics;
using models::Spot;

/// Closes a descriptor that it owns.
class Descriptor {
public:
    Descriptor(int number, bool is_owned) : number_{number}, is_owned_{is_owned} {}
    ~Descriptor() {
        if (is_owned_ && number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int number() const { return number_; }

private:
    int number_;
    bool is_owned_;
};

std::string reason_of(int error) { return std::generic_category().message(error); }

}  // namespace

std::optional<std::string> read_text(const std::string& path, Diagnostics& diagnostics,
                                     Spot named_at, std::size_t most) {
    const auto refuse = [&](Code code, const std::string& reason) {
        diagnostics.add({.code = code,
                         .message = fmt::format("cannot read {}: {}", models::quoted(path), reason),
                         .spot = named_at});
        return std::nullopt;
    };
    const std::string too_large = fmt::format("larger than {} bytes", most);
    const bool is_input = path == "-";
    const Descriptor file{
        is_input ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK),
        !is_input};
    if (file.number() < 0) return refuse(Code::unreadable, reason_of(errno));
    if (!is_input) {
        struct stat status {};
        if (::fstat(file.number(), &status) != 0) return refuse(Code::unreadable, reason_of(errno));
        if (!S_ISREG(status.st_mode)) return refuse(Code::unreadable, "not a regular file");
        if (static_cast<std::uint64_t>(status.st_size) > most)
            return refuse(Code::size_limit, too_large);
    }
    std::string text;
    char buffer[16384];
    for (;;) {
        const ssize_t count = ::read(file.number(), buffer, sizeof buffer);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return refuse(Code::unreadable, reason_of(errno));
        if (count == 0) return text;
        text.append(buffer, static_cast<std::size_t>(count));
        if (text.size() > most) return refuse(Code::size_limit, too_large);
    }
}

std::optional<LoadedDocument> load_file(const std::string& path, models::Sources& sources,
                                        Diagnostics& diagnostics, Spot named_at) {
    std::optional<std::string> text = read_text(path, diagnostics, named_at);
    if (!text) return std::nullopt;
    const std::uint32_t source = sources.add(path == "-" ? "<stdin>" : path, std::move(*text));
    std::optional<models::Value> value = parse(sources.text(source), source, diagnostics);
    if (!value) return std::nullopt;
    return LoadedDocument{std::move(*value), source};
}

}  // namespace archsim::scenarios
