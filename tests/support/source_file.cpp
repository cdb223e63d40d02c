// Reading the project's files, and a small lexer that tells code from comments and literals.
#include "tests/support/source_file.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

namespace archsim::tests {
namespace {

namespace fs = std::filesystem;

bool is_digit(char character) { return character >= '0' && character <= '9'; }

// Whether the quote at `position` separates digits, as in 1'000, rather than opening a literal.
bool is_digit_separator(std::string_view text, std::size_t position) {
    std::size_t start = position;
    while (start > 0 && (is_identifier_character(text[start - 1]) || text[start - 1] == '\'')) {
        --start;
    }
    return start < position && is_digit(text[start]);
}

// The offset after a raw string whose opening quote is at `quote`.
std::size_t end_of_raw_string(std::string_view text, std::size_t quote) {
    const std::size_t open = text.find('(', quote);
    if (open == std::string_view::npos) return text.size();
    const std::string closing = ")" + std::string(text.substr(quote + 1, open - quote - 1)) + "\"";
    const std::size_t end = text.find(closing, open);
    return end == std::string_view::npos ? text.size() : end + closing.size();
}

// The offset after a literal whose opening quote is at `quote`.
std::size_t end_of_literal(std::string_view text, std::size_t quote) {
    std::size_t position = quote + 1;
    while (position < text.size() && text[position] != text[quote] && text[position] != '\n') {
        position += text[position] == '\\' ? 2 : 1;
    }
    return std::min(position + 1, text.size());
}

void blank(std::string& text, std::size_t begin, std::size_t end) {
    std::replace_if(
        text.begin() + static_cast<std::ptrdiff_t>(begin),
        text.begin() + static_cast<std::ptrdiff_t>(end), [](char c) { return c != '\n'; }, ' ');
}

bool is_wanted(const std::string& path) {
    if (path.starts_with("reports/assets/")) return false;
    for (const std::string_view ending : {".hpp", ".cpp", ".md", ".json", ".cmake", ".sh", ".txt",
                                          ".js", ".clang-tidy", ".clang-format"}) {
        if (path.ends_with(ending)) return true;
    }
    return path.starts_with("tools/") || path.starts_with(".ci/");
}

}  // namespace

std::string_view SourceFile::folder() const {
    const std::size_t slash = path.find('/');
    return slash == std::string::npos ? std::string_view()
                                      : std::string_view(path).substr(0, slash);
}

bool SourceFile::is_below(std::initializer_list<std::string_view> folders) const {
    return std::any_of(folders.begin(), folders.end(), [this](std::string_view prefix) {
        return std::string_view(path).starts_with(prefix);
    });
}

SourceFile make_source(std::string path, std::string text) {
    SourceFile file;
    file.path = std::move(path);
    file.text = std::move(text);
    if (file.is_cpp()) file.code = blank_directives(blank_comments_and_literals(file.text));
    return file;
}

std::vector<SourceFile> project_files(const fs::path& root) {
    std::vector<fs::path> paths;
    for (const char* folder : {"sim", "models", "scenarios", "reports", "tools", "tests", ".ci"}) {
        if (!fs::exists(root / folder)) continue;
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            if (entry.is_regular_file()) paths.push_back(entry.path());
        }
    }
    for (const auto& entry : fs::directory_iterator(root)) {
        if (entry.is_regular_file()) paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());

    std::vector<SourceFile> files;
    for (const fs::path& path : paths) {
        const std::string name = path.lexically_relative(root).generic_string();
        if (!is_wanted(name)) continue;
        std::ifstream stream(path, std::ios::binary);
        std::string text{std::istreambuf_iterator<char>(stream), {}};
        files.push_back(make_source(name, std::move(text)));
        const fs::perms owner_may_run = fs::perms::owner_exec;
        files.back().is_executable =
            (fs::status(path).permissions() & owner_may_run) != fs::perms::none;
    }
    return files;
}

std::string blank_comments_and_literals(std::string_view text) {
    std::string code(text);
    std::size_t position = 0;
    while (position < text.size()) {
        const char character = text[position];
        const std::string_view rest = text.substr(position, 2);
        if (rest == "//") {
            const std::size_t end = std::min(text.find('\n', position), text.size());
            blank(code, position, end);
            position = end;
        } else if (rest == "/*") {
            const std::size_t close = text.find("*/", position + 2);
            const std::size_t end = close == std::string_view::npos ? text.size() : close + 2;
            blank(code, position, end);
            position = end;
        } else if (rest == "R\"" &&
                   (position == 0 || !is_identifier_character(text[position - 1]))) {
            const std::size_t end = end_of_raw_string(text, position + 1);
            blank(code, position + 2, end - 1);
            code[position] = ' ';
            position = end;
        } else if (character == '"' || (character == '\'' && !is_digit_separator(text, position))) {
            const std::size_t end = end_of_literal(text, position);
            if (end > position + 2) blank(code, position + 1, end - 1);
            position = end;
        } else {
            ++position;
        }
    }
    return code;
}

std::string blank_directives(std::string code) {
    std::size_t begin = 0;
    bool continues = false;
    while (begin < code.size()) {
        const std::size_t end = std::min(code.find('\n', begin), code.size());
        const std::string_view line = trimmed(std::string_view(code).substr(begin, end - begin));
        const bool is_directive = continues || line.starts_with('#');
        continues = is_directive && line.ends_with('\\');
        if (is_directive) blank(code, begin, end);
        begin = end + 1;
    }
    return code;
}

std::vector<Include> includes_of(const SourceFile& file) {
    std::vector<Include> includes;
    std::size_t number = 0;
    for (const std::string_view line : lines_of(file.text)) {
        ++number;
        if (!line.starts_with("#include")) continue;
        const std::size_t open = line.find_first_of("\"<");
        if (open == std::string_view::npos) continue;
        const std::size_t close = line.find_first_of("\">", open + 1);
        if (close == std::string_view::npos) continue;
        includes.push_back(
            {std::string(line.substr(open + 1, close - open - 1)), line[open] == '"', number});
    }
    return includes;
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    std::size_t begin = 0;
    while (begin < text.size()) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

std::size_t line_of(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

std::vector<std::size_t> find_word(std::string_view text, std::string_view word) {
    std::vector<std::size_t> offsets;
    for (std::size_t at = text.find(word); at != std::string_view::npos;
         at = text.find(word, at + 1)) {
        const std::size_t after = at + word.size();
        const bool starts = at == 0 || !is_identifier_character(text[at - 1]) ||
                            !is_identifier_character(word.front());
        const bool ends = after >= text.size() || !is_identifier_character(text[after]) ||
                          !is_identifier_character(word.back());
        if (starts && ends) offsets.push_back(at);
    }
    return offsets;
}

bool has_word(std::string_view text, std::string_view word) {
    return !find_word(text, word).empty();
}

bool is_identifier_character(char character) {
    return character == '_' || is_digit(character) || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z');
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace archsim::tests
