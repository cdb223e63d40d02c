// The journal with POSIX calls. Every reader stops at the first line that is not whole.
#include "scenarios/journal.hpp"

#include <boost/crc.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace archsim::scenarios {

namespace {

/// Longest length field: records stay below 4 GiB.
constexpr std::size_t length_digits = 10;
/// A record larger than this was not written by this program.
constexpr std::uint64_t record_limit = std::uint64_t{1} << 30;

/// Reads up to `size` bytes at `offset`; fewer at the end of the file, nothing on failure.
std::optional<std::string> read_at(int descriptor, std::uint64_t offset, std::size_t size) {
    std::string bytes(size, '\0');
    std::size_t done = 0;
    while (done < size) {
        const ssize_t got = ::pread(descriptor, bytes.data() + done, size - done,
                                    static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return std::nullopt;
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    bytes.resize(done);
    return bytes;
}

/// Length and check sum in front of a record, and the bytes that they take.
struct Frame {
    std::uint64_t length = 0;
    std::uint32_t sum = 0;
    std::size_t size = 0;
};

std::optional<Frame> frame_of(std::string_view text) {
    Frame frame;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, frame.length);
    if (error != std::errc{} || stop == end || *stop != ' ') return std::nullopt;
    const auto digits = static_cast<std::size_t>(stop - text.data());
    if (digits > length_digits || (digits > 1 && text.front() == '0') ||
        frame.length > record_limit)
        return std::nullopt;
    if (text.size() < digits + 10 || text[digits + 9] != ' ') return std::nullopt;
    for (const char c : text.substr(digits + 1, 8)) {
        const bool is_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (!is_digit) return std::nullopt;
    }
    std::from_chars(stop + 1, stop + 9, frame.sum, 16);
    frame.size = digits + 10;
    return frame;
}

/// One whole record at `offset`, with the offset of the next line.
struct Whole {
    RecordPlace place;
    std::string json;
    std::uint64_t next = 0;
};

/// Nothing where no whole record begins; errno is 0 unless reading failed.
std::optional<Whole> whole_record(int descriptor, std::uint64_t offset) {
    errno = 0;
    const auto head = read_at(descriptor, offset, length_digits + 10);
    if (!head) return std::nullopt;
    const auto frame = frame_of(*head);
    if (!frame) return std::nullopt;
    auto body = read_at(descriptor, offset + frame->size, frame->length + 1);
    if (!body || body->size() != frame->length + 1 || body->back() != '\n') return std::nullopt;
    body->pop_back();
    if (crc32c(*body) != frame->sum) return std::nullopt;
    Whole whole;
    whole.place = {offset + frame->size, static_cast<std::uint32_t>(frame->length)};
    whole.json = *std::move(body);
    whole.next = offset + frame->size + frame->length + 1;
    return whole;
}

}  // namespace

std::uint32_t crc32c(std::string_view text) {
    boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> sum;
    sum.process_bytes(text.data(), text.size());
    return sum.checksum();
}

std::string journal_line(std::string_view json) {
    return fmt::format("{} {:08x} {}\n", json.size(), crc32c(json), json);
}

Journal::Journal(Journal&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)},
      path_{std::move(other.path_)},
      header_{std::move(other.header_)},
      end_{other.end_},
      torn_{other.torn_} {}

Journal::~Journal() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

JournalError Journal::failed(const char* operation) const {
    return {true, fmt::format("cannot {} {}: {} (errno {})", operation, path_,
                              std::generic_category().message(errno), errno)};
}

std::variant<Journal, JournalError> Journal::open(const std::string& path, Mode mode,
                                                  std::string_view header) {
    const bool writes = mode != Mode::read;
    const int flags = (writes ? O_RDWR | O_CREAT | O_APPEND : O_RDONLY) | O_CLOEXEC | O_NONBLOCK;
    Journal journal{::open(path.c_str(), flags, 0666), path};
    if (journal.descriptor_ < 0) return journal.failed("open");
    struct stat status {};
    if (::fstat(journal.descriptor_, &status) != 0) return journal.failed("examine");
    if (!S_ISREG(status.st_mode)) return JournalError{false, path + " is not a regular file"};
    if (writes && ::flock(journal.descriptor_, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return journal.failed("lock");
        return JournalError{false, "another process is writing the journal " + path};
    }
    if (mode == Mode::create && status.st_size > 0) {
        return JournalError{false, fmt::format("the journal {} exists\nhint: --resume goes on "
                                               "with it; else name another file",
                                               path)};
    }
    if (auto problem = journal.begin(mode, header)) return *std::move(problem);
    return journal;
}

std::variant<Journal, JournalError> Journal::temporary(std::string_view header) {
    const char* const folder = std::getenv("TMPDIR");
    std::string path = std::string{folder != nullptr && *folder != '\0' ? folder : "/tmp"};
    path += "/archsim-journal-" + std::string(6, 'X');  // The last six letters become unique.
    const int descriptor = ::mkostemp(path.data(), O_APPEND | O_CLOEXEC);
    Journal journal{descriptor, path};
    if (descriptor < 0) return journal.failed("create");
    if (::unlink(path.c_str()) != 0) return journal.failed("unlink");
    if (auto problem = journal.begin(Mode::create, header)) return *std::move(problem);
    return journal;
}

/// Finds the end of what is whole, cuts off the rest and sees to the header.
std::optional<JournalError> Journal::begin(Mode mode, std::string_view header) {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) return failed("examine");
    const auto size = static_cast<std::uint64_t>(status.st_size);
    bool is_first = true;
    while (end_ < size) {
        auto whole = whole_record(descriptor_, end_);
        if (!whole && errno != 0) return failed("read");
        if (!whole) break;
        if (is_first) header_ = std::move(whole->json);
        is_first = false;
        end_ = whole->next;
    }
    torn_ = size - end_;
    if (mode == Mode::read) {
        if (is_first) return JournalError{false, path_ + " is not a journal: it has no header"};
        return std::nullopt;
    }
    if (!is_first && header_ != header) {
        return JournalError{false, path_ +
                                       " is the journal of another plan (scenario, variations, "
                                       "replications or version differ)"};
    }
    // Only what began as our own header may be overwritten: anything else is somebody's file.
    const std::string first_line = journal_line(header);
    if (is_first && size > 0) {
        const auto start = read_at(descriptor_, 0, first_line.size());
        if (!start) return failed("read");
        if (size > first_line.size() || !first_line.starts_with(*start))
            return JournalError{false, path_ + " is not a journal of this plan"};
    }
    if (torn_ > 0 && ::ftruncate(descriptor_, static_cast<off_t>(end_)) != 0)
        return failed("truncate");
    if (!is_first) return std::nullopt;
    header_ = header;
    auto written = append(header);
    if (auto* const problem = std::get_if<JournalError>(&written)) return std::move(*problem);
    return std::nullopt;
}

std::variant<RecordPlace, JournalError> Journal::append(std::string_view json) {
    const std::string line = journal_line(json);
    ssize_t written = 0;
    do {
        written = ::write(descriptor_, line.data(), line.size());
    } while (written < 0 && errno == EINTR);
    if (written != static_cast<ssize_t>(line.size())) {
        if (written >= 0) errno = ENOSPC;
        JournalError error = failed("write");
        // What stands there of the line would be cut off later anyway.
        if (written > 0 && ::ftruncate(descriptor_, static_cast<off_t>(end_)) != 0)
            error = failed("truncate");
        return error;
    }
    const RecordPlace place{end_ + line.size() - json.size() - 1,
                            static_cast<std::uint32_t>(json.size())};
    end_ += line.size();
    return place;
}

std::optional<JournalError> Journal::each(
    const std::function<void(RecordPlace, std::string_view)>& visit) const {
    bool is_header = true;
    for (std::uint64_t offset = 0; offset < end_;) {
        const auto whole = whole_record(descriptor_, offset);
        if (!whole) return failed("read");
        if (!is_header) visit(whole->place, whole->json);
        is_header = false;
        offset = whole->next;
    }
    return std::nullopt;
}

std::variant<std::string, JournalError> Journal::read(RecordPlace place) const {
    auto bytes = read_at(descriptor_, place.offset, place.length);
    if (!bytes) return failed("read");
    if (bytes->size() != place.length) return JournalError{true, path_ + " became shorter"};
    return *std::move(bytes);
}

}  // namespace archsim::scenarios
