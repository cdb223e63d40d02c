// Nothing that a scenario can say becomes markup.
#include "reports/html/markup.hpp"

#include "reports/html/assets.hpp"

#include <doctest/doctest.h>

namespace archsim::reports {

TEST_SUITE_BEGIN("html markup");

TEST_CASE("text with markup in it stays text") {
    CHECK(escaped("<script>alert('x')</script>") ==
          "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
    CHECK(escaped("a\" onload=\"b") == "a&quot; onload=&quot;b");
    CHECK(escaped("a & b") == "a &amp; b");
    CHECK(single_quoted(R"(["a'b", "<&>"])") == R"('["a&#39;b", "&lt;&amp;&gt;"]')");
}

TEST_CASE("data in a script element cannot end it") {
    CHECK(script_safe("[\"</script>\"]") == "[\"\\u003c/script\\u003e\"]");
    CHECK(script_safe("\xe2\x80\xa8") == "\\u2028");
}

TEST_CASE("coordinates are short and have no exponent") {
    CHECK(coordinate(12.0) == "12");
    CHECK(coordinate(0.126) == "0.13");
    CHECK(coordinate(-0.001) == "0");
    CHECK(coordinate(1e6) == "1000000");
}

TEST_CASE("a digest becomes the source that a policy names") {
    // SHA-256 of the empty text, and the base64 of those 32 bytes (RFC 4648).
    CHECK(csp_hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855") ==
          "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
}

TEST_CASE("style sheet and script are in the program with their digests") {
    CHECK(report_style().text.find("prefers-color-scheme: dark") != std::string_view::npos);
    CHECK(report_script().text.find("data-points") != std::string_view::npos);
    CHECK(report_script().sha256.size() == 64);
    // What ends a script element early would break the page.
    CHECK(report_script().text.find("</") == std::string_view::npos);
}

TEST_SUITE_END();

}  // namespace archsim::reports
