// A table of text with aligned columns: numbers to the right, the rest to the left. It counts what
// the terminal shows, so accents, signs and colours do not break the alignment.
#pragma once

#include "reports/text.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace archsim::reports {

enum class Align { left, right };

/// One cell: its text, which must be printable, and a colour.
struct TextCell {
    TextCell(std::string content,
             Colour paint = Colour::none)  // NOLINT(google-explicit-constructor)
        : text{std::move(content)}, colour{paint} {}
    TextCell(const char* content) : text{content} {}  // NOLINT(google-explicit-constructor)

    std::string text;
    Colour colour = Colour::none;
};

/// Rows of cells in columns two spaces apart.
class TextTable {
public:
    /// One alignment a column. Rows may be shorter; a longer one keeps its first cells.
    explicit TextTable(std::vector<Align> columns) : columns_{std::move(columns)} {}

    /// Appends a row.
    void add(std::vector<TextCell> row) { rows_.push_back(std::move(row)); }

    [[nodiscard]] bool empty() const { return rows_.empty(); }

    /// The lines, each after `indent` spaces and without blanks at the end. O(cells).
    [[nodiscard]] std::string text(const Style& style, std::size_t indent = 2) const {
        std::vector<std::size_t> widths(columns_.size(), 0);
        for (const auto& row : rows_)
            for (std::size_t i = 0; i < std::min(row.size(), widths.size()); ++i)
                widths[i] = std::max(widths[i], display_width(row[i].text));
        std::string lines;
        for (const auto& row : rows_) {
            lines.append(indent, ' ');
            for (std::size_t i = 0; i < std::min(row.size(), widths.size()); ++i) {
                const std::size_t blanks = widths[i] - display_width(row[i].text);
                if (i > 0) lines += "  ";
                if (columns_[i] == Align::right) lines.append(blanks, ' ');
                lines += painted(row[i].text, row[i].colour, style);
                if (columns_[i] == Align::left) lines.append(blanks, ' ');
            }
            while (!lines.empty() && lines.back() == ' ') lines.pop_back();
            lines += '\n';
        }
        return lines;
    }

private:
    std::vector<Align> columns_;
    std::vector<std::vector<TextCell>> rows_{};
};

}  // namespace archsim::reports
