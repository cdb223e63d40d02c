// One bar for each load source, from left to right what its slowest requests spent their time on.
#include "reports/html/markup.hpp"
#include "reports/html/pictures.hpp"
#include "reports/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::reports {

namespace {

using scenarios::text_in;

constexpr double width = 900.0;
constexpr double row_height = 50.0;
constexpr double bar_height = 24.0;
constexpr double letter = 6.2;

struct Part {
    std::string where;
    std::string what;
    double mean = 0.0;
    double share = 0.0;
};

struct Source {
    std::string name;
    std::vector<Part> parts{};
};

std::vector<Source> sources_of(const scenarios::Table& table) {
    std::vector<Source> sources;
    for (const auto& row : table.rows) {
        if (row.size() < 5) continue;
        const auto* const mean = std::get_if<double>(&row[3]);
        const auto* const share = std::get_if<double>(&row[4]);
        if (mean == nullptr || share == nullptr) continue;
        const std::string name = text_in(row[0]);
        if (sources.empty() || sources.back().name != name) sources.push_back({name});
        sources.back().parts.push_back({text_in(row[1]), text_in(row[2]), *mean, *share});
    }
    return sources;
}

/// The class that colours a kind of time: what a caller loses to tries is one kind for a reader.
std::string_view class_of(std::string_view what) {
    if (what == "lost_try" || what == "pause") return "retry";
    if (what == "network" || what == "queue" || what == "service") return what;
    return "rest";
}

std::string source_svg(const Source& source, double y) {
    double total = 0.0;
    for (const Part& part : source.parts) total += part.mean;
    std::string svg =
        fmt::format("<text x=\"0\" y=\"{}\" font-weight=\"600\">{}: {}</text>", coordinate(y + 12),
                    escaped(source.name), escaped(humanised(total, "s", 3)));
    double x = 0.0;
    for (const Part& part : source.parts) {
        const double length = std::min(part.share, 1.0) * width;
        const std::string label =
            fmt::format("{} {} {}", part.where, part.what, humanised(part.share, "ratio", 3));
        svg += fmt::format(
            "<rect class=\"hop {}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\">"
            "<title>{}</title></rect>",
            class_of(part.what), coordinate(x), coordinate(y + 18), coordinate(length),
            coordinate(bar_height), escaped(label + ", " + humanised(part.mean, "s", 3)));
        if (letter * static_cast<double>(display_width(label)) + 8.0 < length) {
            svg += fmt::format("<text class=\"on-bar\" x=\"{}\" y=\"{}\">{}</text>",
                               coordinate(x + 5), coordinate(y + 34), escaped(label));
        }
        x += length;
    }
    return svg;
}

std::string legend_of(const std::vector<Source>& sources) {
    std::string html;
    for (const std::string_view kind : {"network", "queue", "service", "retry", "rest"}) {
        std::vector<std::string> names;
        for (const Source& source : sources) {
            for (const Part& part : source.parts) {
                if (class_of(part.what) != kind) continue;
                if (std::ranges::find(names, part.what) == names.end()) names.push_back(part.what);
            }
        }
        std::string text;
        for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
        if (text.empty()) continue;
        html +=
            fmt::format("<span class=\"key\"><i class=\"{}\"></i>{}</span> ", kind, escaped(text));
    }
    return html;
}

}  // namespace

std::string tail_html(const scenarios::Result& result) {
    const auto* const section = scenarios::find_section(result.sections, "tail");
    const auto* const table =
        section != nullptr ? scenarios::find_table(*section, "parts") : nullptr;
    if (table == nullptr || table->rows.empty()) return "";
    constexpr std::size_t most_sources = 8;
    std::vector<Source> sources = sources_of(*table);
    sources.resize(std::min(sources.size(), most_sources));
    std::string svg;
    double y = 0.0;
    for (const Source& source : sources) {
        svg += source_svg(source, y);
        y += row_height;
    }
    return fmt::format(
        "<div class=\"wide\"><figure class=\"hops\"><svg viewBox=\"0 0 {} {}\" "
        "role=\"img\"><title>{}</title>{}</svg><figcaption>{}</figcaption>"
        "</figure></div>\n",
        coordinate(width), coordinate(y), escaped(section->title), svg, legend_of(sources));
}

}  // namespace archsim::reports
