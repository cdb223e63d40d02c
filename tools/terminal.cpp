// Streams, colours, signals and numbers of the command line.
#include "tools/terminal.hpp"

#include "reports/atomic_file.hpp"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace archsim::tools {

namespace {

bool is_set(const char* variable) {
    const char* const value = std::getenv(variable);
    return value != nullptr && *value != '\0';
}

bool is_utf8_locale() {
    for (const char* variable : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        if (!is_set(variable)) continue;
        const std::string_view value{std::getenv(variable)};
        return value.find("UTF-8") != std::string_view::npos ||
               value.find("utf8") != std::string_view::npos ||
               value.find("UTF8") != std::string_view::npos;
    }
    return false;
}

bool wants_colour() {
    if (is_set("NO_COLOR")) return false;
    for (const char* variable : {"CLICOLOR_FORCE", "FORCE_COLOR"}) {
        if (is_set(variable) && std::string_view{std::getenv(variable)} != "0") return true;
    }
    const char* const terminal = std::getenv("TERM");
    const bool is_dumb = terminal == nullptr || std::string_view{terminal} == "dumb";
    return !is_dumb && isatty(STDOUT_FILENO) != 0;
}

}  // namespace

void say(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void complain(std::string_view line) {
    std::fwrite(line.data(), 1, line.size(), stderr);
    std::fputc('\n', stderr);
}

Exit flush_output() {
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return Exit::ok;
    complain(std::string{"archsim: cannot write standard output: "} + std::strerror(errno));
    return Exit::io;
}

std::optional<reports::Style> style_of(const std::string& choice) {
    reports::Style style;
    style.unicode = is_utf8_locale();
    if (choice == "auto") {
        style.colour = wants_colour();
    } else if (choice == "always") {
        style.colour = true;
    } else if (choice != "never") {
        complain("error: --color is auto, always or never, not '" + choice + "'");
        return std::nullopt;
    }
    return style;
}

std::optional<models::Language> language_of(const Arguments& arguments) {
    const std::string language = arguments.text("lang").value_or("en");
    if (language == "en") return models::Language::english;
    if (language == "pt") return models::Language::portuguese;
    complain("error: --lang is pt or en, not '" + reports::printable(language) + "'");
    return std::nullopt;
}

std::optional<std::int64_t> whole_number(const Arguments& arguments, std::string_view option,
                                         std::int64_t low, std::int64_t high,
                                         std::int64_t fallback) {
    const std::optional<std::string> text = arguments.text(option);
    if (!text) return fallback;
    std::int64_t value = 0;
    const char* const end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, value);
    if (error == std::errc{} && stop == end && value >= low && value <= high) return value;
    complain("error: --" + std::string(option) + " is a whole number from " + std::to_string(low) +
             " to " + std::to_string(high) + ", not '" + reports::printable(*text) + "'");
    return std::nullopt;
}

Exit write_output(const std::string& path, const std::string& text) {
    if (path == "-") {
        say(text);
        return Exit::ok;
    }
    if (const auto error = reports::write_file(path, text)) {
        complain("archsim: " + error->message());
        return Exit::io;
    }
    return Exit::ok;
}

}  // namespace archsim::tools
