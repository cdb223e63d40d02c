// Head and end of a page.
#include "reports/html/frame.hpp"

#include "reports/html/assets.hpp"
#include "reports/html/markup.hpp"

#include <fmt/format.h>

namespace archsim::reports {

std::string page_head(std::string_view title, const Words& words) {
    const std::string policy = fmt::format(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; "
        "form-action 'none'",
        csp_hash(report_style().sha256), csp_hash(report_script().sha256));
    return fmt::format(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n"
        "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n",
        words.code, policy, escaped(title), report_style().text);
}

std::string page_end(std::string_view text) {
    return element("footer", "", text) +
           fmt::format("\n<script>{}</script>\n</body>\n</html>\n", report_script().text);
}

}  // namespace archsim::reports
