// Files are replaced whole or not at all.
#include "reports/atomic_file.hpp"

#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

using archsim::reports::write_file;
using archsim::tests::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

std::string content_of(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

TEST_SUITE("reports: atomic file") {
    TEST_CASE("a new file has the content and leaves nothing else") {
        const TemporaryFolder folder;
        const std::string content(1'000'000, 'x');
        CHECK_FALSE(write_file(folder.file("a.json"), content).has_value());
        CHECK(content_of(folder.file("a.json")) == content);
        CHECK(folder.entries() == 1);
    }

    TEST_CASE("an existing file is replaced and keeps its permissions") {
        const TemporaryFolder folder;
        const std::string path = folder.file("a.json");
        CHECK_FALSE(write_file(path, "a much longer first content").has_value());
        REQUIRE(::chmod(path.c_str(), 0640) == 0);
        CHECK_FALSE(write_file(path, "short").has_value());
        CHECK(content_of(path) == "short");
        struct stat status {};
        REQUIRE(::stat(path.c_str(), &status) == 0);
        CHECK((status.st_mode & 0777) == 0640);
    }

    TEST_CASE("a link keeps pointing to the file that is replaced") {
        const TemporaryFolder folder;
        CHECK_FALSE(write_file(folder.file("real"), "old").has_value());
        fs::create_symlink("real", folder.file("link"));
        CHECK_FALSE(write_file(folder.file("link"), "new").has_value());
        CHECK(fs::is_symlink(folder.file("link")));
        CHECK(content_of(folder.file("real")) == "new");
    }

    TEST_CASE("a temporary file of a killed run is no obstacle") {
        const TemporaryFolder folder;
        const std::string left = folder.file(".a.tmp." + std::to_string(::getpid()));
        std::ofstream{left} << "half of";
        CHECK_FALSE(write_file(folder.file("a"), "whole").has_value());
        CHECK(content_of(folder.file("a")) == "whole");
        CHECK(folder.entries() == 1);
    }

    TEST_CASE("a missing folder is named with its errno") {
        const auto error = write_file("/nonexistent_folder/a.json", "x");
        REQUIRE(error.has_value());
        CHECK(error->code == ENOENT);
        CHECK(error->message() ==
              "cannot open /nonexistent_folder/a.json: No such file or directory (errno 2)");
    }

    TEST_CASE("a full device and a folder in the way are reported") {
        const auto full = write_file("/dev/full", "x");
        REQUIRE(full.has_value());
        CHECK(full->operation == "write");
        CHECK(full->code == ENOSPC);
        const TemporaryFolder folder;
        const auto directory = write_file(folder.file(""), "x");
        REQUIRE(directory.has_value());
        CHECK(directory->code == EISDIR);
        CHECK(folder.entries() == 0);
    }
}
