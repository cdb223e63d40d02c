// The cursor finds the first byte of every token, whatever stands between them.
#include "scenarios/token_cursor.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

using archsim::scenarios::TokenCursor;

std::vector<std::string> tokens_of(std::string_view text) {
    std::vector<std::string> tokens;
    TokenCursor cursor{text};
    for (;;) {
        const TokenCursor::Token token = cursor.next();
        if (token.begin >= text.size()) return tokens;
        tokens.emplace_back(text.substr(token.begin, token.end - token.begin));
    }
}

}  // namespace

TEST_SUITE("token_cursor") {
    TEST_CASE("each call steps over one token") {
        CHECK(tokens_of(" {\"a\" : [ -1.5e+3 ,true,null] }") ==
              std::vector<std::string>{"{", "\"a\"", "[", "-1.5e+3", "true", "null", "]", "}"});
    }
    TEST_CASE("quotes, brackets and comment signs inside strings do not end them") {
        CHECK(tokens_of("[\"a\\\"]//\", \"\\\\\", \"/*\"]") ==
              std::vector<std::string>{"[", "\"a\\\"]//\"", "\"\\\\\"", "\"/*\"", "]"});
    }
    TEST_CASE("comments are passed over, a line comment ends at LF, CR or the end") {
        CHECK(tokens_of("//a\n1//b\r,2/* ,3 **/4/**/5//c") ==
              std::vector<std::string>{"1", "2", "4", "5"});
    }
    TEST_CASE("text that is cut off does not lead outside the text") {
        CHECK(tokens_of("[\"abc\\") == std::vector<std::string>{"[", "\"abc\\"});
        CHECK(tokens_of("1 /* x") == std::vector<std::string>{"1"});
        CHECK(tokens_of("").empty());
    }
}
