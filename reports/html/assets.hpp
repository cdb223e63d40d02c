// Style sheet and script of the HTML report. The files are reports/assets/report.{css,js}; the
// build puts their text and digest into the program.
#pragma once

#include <string_view>

namespace archsim::reports {

/// The text of a file in reports/assets/, and its SHA-256 digest in hexadecimal.
struct Asset {
    std::string_view text;
    std::string_view sha256;
};

[[nodiscard]] Asset report_style();
[[nodiscard]] Asset report_script();

}  // namespace archsim::reports
