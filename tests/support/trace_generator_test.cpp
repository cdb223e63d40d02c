// The traces are those of the published counts: their files have the published SHA-256.
#include "tests/support/trace_generator.hpp"

#include <doctest/doctest.h>

namespace archsim::tests {

TEST_SUITE("trace generator") {
    TEST_CASE("traces are byte for byte the published files") {
        CHECK(digest(named_trace("belady")) ==
              "87c6bb239ddc2e82058f4249ae996e410746ed864135375cab5a509de1fecfba");
        CHECK(digest(named_trace("tanenbaum")) ==
              "7e8dbc0146c528596458765358eaea56e4dcc11df46d7d4190c000e24714ecaf");
        CHECK(digest(named_trace("zipfS")) ==
              "8b159e0eee1b7a14a1049bd4045bd991641847112b90f3fed6eebf5332622b73");
        CHECK(digest(named_trace("uniform")) ==
              "6509a1be52097e2c23331fb5e1a8fb71c4aa622c2bdc57fe05f00e6c6d9d4e91");
        CHECK(digest(named_trace("scan")) ==
              "49fbdeb58f6a89bfd6733af53d5940778cbc3f92e15434c4573bb58f3a8bee6e");
        CHECK(digest(named_trace("zipfsz")) ==
              "2e1036d270258bd77a4e48907ab69f157c4a64c42b737fd49407f22919283c86");
    }
}

}  // namespace archsim::tests
