// Only regular files are read, and what cannot be read is a diagnostic.
#include "scenarios/load_file.hpp"

#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <string>
#include <sys/stat.h>

namespace {

using namespace archsim::models;
using archsim::scenarios::load_file;

}  // namespace

TEST_SUITE("load_file") {
    TEST_CASE("a file is parsed and its name stands in diagnostics") {
        const archsim::tests::TemporaryFolder folder;
        const std::string path = folder.write("a.json", "{\"a\": 1}");
        Sources sources;
        Diagnostics diagnostics;
        const auto loaded = load_file(path, sources, diagnostics);
        REQUIRE(loaded.has_value());
        CHECK(loaded->value.at("/a")->as_integer() == 1);
        CHECK(sources.place(loaded->value.spot()) == path + ":1:1");
    }

    TEST_CASE("what is not a regular file is refused without waiting for it") {
        const archsim::tests::TemporaryFolder folder;
        const std::string fifo = folder.path() + "/fifo";
        REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
        const std::string paths[] = {fifo, "/dev/zero", folder.path()};
        for (const std::string& path : paths) {
            CAPTURE(path);
            Sources sources;
            Diagnostics diagnostics;
            CHECK_FALSE(load_file(path, sources, diagnostics).has_value());
            REQUIRE(diagnostics.all().size() == 1);
            CHECK(diagnostics.all()[0].code == Code::unreadable);
            CHECK(diagnostics.all()[0].message.find("not a regular file") != std::string::npos);
            CHECK(sources.size() == 0);
        }
    }

    TEST_CASE("a missing file is named with the system's reason") {
        const archsim::tests::TemporaryFolder folder;
        Sources sources;
        Diagnostics diagnostics;
        CHECK_FALSE(load_file(folder.path() + "/none.json", sources, diagnostics).has_value());
        REQUIRE(diagnostics.all().size() == 1);
        CHECK(diagnostics.all()[0].message.find("none.json': No such file") != std::string::npos);
    }
}
