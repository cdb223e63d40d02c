// Drawing boxes and arrows.
#include "reports/topology_picture.hpp"

#include "reports/html/markup.hpp"
#include "reports/layout.hpp"
#include "reports/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace archsim::reports {

namespace {

constexpr double hot = 0.9;
constexpr double warm = 0.7;

/// A name that fits the box; the whole name is in the title of the box.
std::string shortened(const std::string& name) {
    constexpr std::size_t most = 21;
    const std::string text = printable(name);
    if (display_width(text) <= most) return text;
    return text.substr(0, most - 1) + "\xe2\x80\xa6";
}

std::string box_svg(const TopologyPicture::Box& box, const Layout::Place& at,
                    const LayoutStyle& style) {
    const double use = box.utilisation.value_or(0.0);
    std::string classes = "box";
    if (box.instances == 0) classes += " source";
    if (use >= hot) classes += " hot";
    std::string svg =
        fmt::format("<g><title>{} ({})</title>", escaped(box.name), escaped(box.kind));
    svg += fmt::format("<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"5\"/>",
                       classes, coordinate(at.x), coordinate(at.y), coordinate(style.box_width),
                       coordinate(style.box_height));
    const std::string copies = box.instances > 1 ? fmt::format(" \xc3\x97{}", box.instances) : "";
    svg +=
        fmt::format("<text x=\"{}\" y=\"{}\" font-weight=\"600\">{}</text>", coordinate(at.x + 8),
                    coordinate(at.y + 17), escaped(shortened(box.name) + copies));
    svg += fmt::format("<text class=\"kind\" x=\"{}\" y=\"{}\">{}</text>", coordinate(at.x + 8),
                       coordinate(at.y + 32), escaped(box.kind));
    if (box.utilisation) {
        const double whole = style.box_width - 62.0;
        const std::string_view heat = use >= hot ? " hot" : use >= warm ? " warm" : "";
        svg += fmt::format(
            "<rect class=\"bar-back\" x=\"{0}\" y=\"{1}\" width=\"{2}\" height=\"6\"/>"
            "<rect class=\"bar{4}\" x=\"{0}\" y=\"{1}\" width=\"{3}\" height=\"6\"/>",
            coordinate(at.x + 8), coordinate(at.y + 40), coordinate(whole),
            coordinate(whole * std::clamp(use, 0.0, 1.0)), heat);
        svg += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
                           coordinate(at.x + style.box_width - 7), coordinate(at.y + 47),
                           escaped(humanised(use, "ratio", 3)));
    }
    return svg + "</g>";
}

std::string arrow_svg(const Layout::Place& from, const Layout::Place& to,
                      const LayoutStyle& style) {
    const double y1 = from.y + style.box_height / 2;
    const double y2 = to.y + style.box_height / 2;
    const bool is_back = to.x <= from.x;
    const double x1 = is_back ? from.x : from.x + style.box_width;
    const double x2 = (is_back ? to.x + style.box_width : to.x) + (is_back ? 7.0 : -7.0);
    const double bend = std::max(24.0, std::min(80.0, std::abs(x2 - x1) / 2)) * (is_back ? -1 : 1);
    const double tip = is_back ? -7.0 : 7.0;
    return fmt::format(
        "<path class=\"arrow\" d=\"M{} {}C{} {} {} {} {} {}\"/>"
        "<path class=\"head\" d=\"M{} {}l{} -4v8z\"/>",
        coordinate(x1), coordinate(y1), coordinate(x1 + bend), coordinate(y1),
        coordinate(x2 - bend), coordinate(y2), coordinate(x2), coordinate(y2), coordinate(x2 + tip),
        coordinate(y2), coordinate(-tip));
}

std::string drawn(const TopologyPicture& picture, std::string_view opening) {
    const LayoutStyle style;
    const Layout layout = lay_out(picture.boxes.size(), picture.arrows, style);
    std::string svg = fmt::format(
        "<svg {}viewBox=\"0 0 {} {}\" width=\"{}\" height=\"{}\" role=\"img\"><title>{}</title>",
        opening, coordinate(layout.width), coordinate(layout.height), coordinate(layout.width),
        coordinate(layout.height), escaped(picture.title));
    for (const auto& [from, to] : picture.arrows) {
        svg += arrow_svg(layout.places[from], layout.places[to], style);
    }
    for (std::size_t i = 0; i < picture.boxes.size(); ++i) {
        svg += box_svg(picture.boxes[i], layout.places[i], style);
    }
    return svg + "</svg>\n";
}

}  // namespace

std::string topology_svg(const TopologyPicture& picture) { return drawn(picture, ""); }

std::string topology_svg_file(const TopologyPicture& picture) {
    std::string svg = drawn(picture, "xmlns=\"http://www.w3.org/2000/svg\" ");
    constexpr std::string_view style =
        "<style>text{fill:#1b1f24;font:11px sans-serif}.kind{fill:#57606a}"
        ".box{fill:#f6f8fa;stroke:#57606a}.box.hot{stroke:#d55e00;stroke-width:2.5;"
        "stroke-dasharray:6 3}.arrow{stroke:#57606a;fill:none}.head{fill:#57606a}"
        ".bar{fill:#0072b2}.bar.warm{fill:#b8860b}.bar.hot{fill:#d55e00}.bar-back{fill:#d0d7de}"
        "@media (prefers-color-scheme:dark){text{fill:#e6edf3}.box{fill:#161b22}}</style>";
    svg.insert(svg.find("</title>") + std::string_view{"</title>"}.size(), style);
    return svg;
}

}  // namespace archsim::reports
