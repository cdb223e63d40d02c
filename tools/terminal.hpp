// Standard output and standard error: results to the one, everything else to the other, and what
// the terminal can show.
#pragma once

#include "reports/text.hpp"
#include "tools/command.hpp"

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

namespace archsim::tools {

/// Writes a result to standard output.
void say(std::string_view text);
/// Writes a line to standard error.
void complain(std::string_view line);
/// Ok if all that was said could be written; else says why not (disk full, reader gone).
[[nodiscard]] Exit flush_output();

/// Colour and signs for standard output. `choice` is --color: auto, always or never; it beats
/// NO_COLOR, which beats CLICOLOR_FORCE and FORCE_COLOR; a pipe and TERM=dumb have no colour.
/// Signs are ASCII unless the locale is UTF-8. Nothing if `choice` is none of the three.
[[nodiscard]] std::optional<reports::Style> style_of(const std::string& choice);

/// The language of --lang, English without it; complains and returns nothing if it is neither en
/// nor pt.
[[nodiscard]] std::optional<models::Language> language_of(const Arguments& arguments);

/// Set by the first SIGINT or SIGTERM; one that comes half a second later or more ends the process
/// at once.
[[nodiscard]] const std::atomic<bool>& interrupt_flag();
/// The exit code for the signal that came: interrupted or terminated.
[[nodiscard]] Exit interrupt_exit();
/// From now on signals are caught. Called once.
void catch_signals();

/// A whole number in low..high, written in digits; else says what is wrong with `option` and
/// returns nothing. An option that was not given is `fallback`.
[[nodiscard]] std::optional<std::int64_t> whole_number(const Arguments& arguments,
                                                       std::string_view option, std::int64_t low,
                                                       std::int64_t high, std::int64_t fallback);

/// Puts `text` into a file, or on standard output for "-". Complains and returns io on failure.
[[nodiscard]] Exit write_output(const std::string& path, const std::string& text);

}  // namespace archsim::tools
