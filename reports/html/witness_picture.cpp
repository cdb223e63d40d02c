// Bars on lanes: a session has a lane, time runs to the right.
#include "reports/html/markup.hpp"
#include "reports/html/pictures.hpp"
#include "reports/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace archsim::reports {

namespace {

using scenarios::Cell;
using scenarios::number_in;
using scenarios::text_in;

constexpr double width = 900.0;
constexpr double left = 110.0;  // Room for the names of lanes.
constexpr double right = 20.0;
constexpr double lane_height = 46.0;
constexpr double bar_height = 14.0;
constexpr double letter = 6.2;
constexpr double axis_height = 34.0;

struct Bar {
    bool is_write = false;
    std::string label{};
    std::string lane{};
    std::optional<double> begin{}, end{};  ///< Seconds; not known or not reached without a value.
    std::optional<double> begin_place{}, end_place{};
};

std::vector<Bar> bars_of(const scenarios::Table& table, const Words& words) {
    std::vector<Bar> bars;
    for (const auto& row : table.rows) {
        if (row.size() < 8) continue;
        Bar bar{.is_write = text_in(row[0]) == "write"};
        bar.label = fmt::format("{} {}", bar.is_write ? words.write : words.read, text_in(row[1]));
        const auto session = number_in(row[2]);
        if (session) bar.lane = fmt::format("{} {}", words.session, significant(*session, 15));
        if (!session) bar.label += fmt::format(" ({})", words.in_effect);
        bar.begin = number_in(row[4]);
        bar.end = number_in(row[5]);
        bar.begin_place = number_in(row[6]);
        bar.end_place = number_in(row[7]);
        bars.push_back(std::move(bar));
    }
    return bars;
}

/// Times to the picture: in proportion, or event by event where two of them would meet on paper.
class TimeAxis {
public:
    explicit TimeAxis(const std::vector<Bar>& bars) {
        std::vector<std::pair<double, double>> events;
        for (const Bar& bar : bars) {
            if (bar.begin && bar.begin_place) events.emplace_back(*bar.begin_place, *bar.begin);
            if (bar.end && bar.end_place) events.emplace_back(*bar.end_place, *bar.end);
        }
        std::ranges::sort(events);
        events.erase(std::unique(events.begin(), events.end()), events.end());
        for (const auto& event : events) times_.push_back(event.second);
        if (times_.empty()) return;
        constexpr double least_gap = 0.012;  // Of the axis: about ten pixels.
        const double span = times_.back() - times_.front();
        for (std::size_t i = 1; i < times_.size(); ++i) {
            if (times_[i] - times_[i - 1] < least_gap * span) is_to_scale_ = false;
        }
        if (span <= 0.0) is_to_scale_ = false;
    }
    [[nodiscard]] bool is_to_scale() const { return is_to_scale_; }
    [[nodiscard]] const std::vector<double>& times() const { return times_; }
    [[nodiscard]] double at(std::optional<double> time, std::optional<double> place,
                            double otherwise) const {
        if (!time || !place || times_.empty()) return otherwise;
        const double count = static_cast<double>(times_.size());
        const double share = is_to_scale_
                                 ? (*time - times_.front()) / (times_.back() - times_.front())
                                 : std::min(*place / std::max(count - 1.0, 1.0), 1.0);
        constexpr double margin = 30.0;  // Bars without a begin or an end run into it.
        return left + margin + share * (width - left - right - 2 * margin);
    }

private:
    std::vector<double> times_;
    bool is_to_scale_ = true;
};

std::string bar_svg(const Bar& bar, const TimeAxis& axis, double y, bool label_below) {
    const double from = axis.at(bar.begin, bar.begin_place, left);
    const double to = std::max(axis.at(bar.end, bar.end_place, width - right), from + 3.0);
    std::string hint = bar.label;
    if (!bar.lane.empty()) hint += ", " + bar.lane;
    if (bar.begin) hint += ", " + humanised(*bar.begin, "s", 7);
    hint += bar.end ? " \xe2\x80\x93 " + humanised(*bar.end, "s", 7) : " \xe2\x80\x93 ?";
    std::string svg = fmt::format(
        "<rect class=\"op {}{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\">"
        "<title>{}</title></rect>",
        bar.is_write ? "write" : "read", bar.begin && bar.end ? "" : " open", coordinate(from),
        coordinate(y), coordinate(to - from), coordinate(bar_height), escaped(hint));
    const double length = letter * static_cast<double>(display_width(bar.label));
    const bool is_at_edge = from + length > width;
    svg += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>",
                       coordinate(is_at_edge ? to : from),
                       coordinate(label_below ? y + bar_height + 11.0 : y - 4.0),
                       is_at_edge ? "end" : "start", escaped(bar.label));
    return svg;
}

std::string axis_svg(const TimeAxis& axis, double floor) {
    std::string svg;
    double free_from = 0.0;
    for (std::size_t i = 0; i < axis.times().size(); ++i) {
        const double x = axis.at(axis.times()[i], static_cast<double>(i), left);
        const std::string text = humanised(axis.times()[i], "s", 7);
        const double half = letter * static_cast<double>(display_width(text)) / 2;
        svg +=
            fmt::format("<path class=\"grid\" d=\"M{} 6V{}\"/>", coordinate(x), coordinate(floor));
        if (x - half < free_from || x + half > width) continue;
        svg +=
            fmt::format("<text class=\"tick\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                        coordinate(x), coordinate(floor + 14), escaped(text));
        free_from = x + half + letter;
    }
    return svg;
}

std::string lanes_svg(const std::vector<Bar>& bars, const std::vector<std::string>& lanes,
                      const TimeAxis& axis) {
    std::string svg;
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
        const double top = 6.0 + lane_height * static_cast<double>(lane);
        const double y = top + (lane_height - bar_height) / 2;
        svg += fmt::format("<path class=\"grid\" d=\"M{} {}H{}\"/>", coordinate(left),
                           coordinate(top + lane_height), coordinate(width - right));
        svg += fmt::format("<text class=\"label\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
                           coordinate(left - 10), coordinate(y + bar_height - 3),
                           escaped(lanes[lane]));
        bool label_below = false;  // Neighbours on a lane take turns, so that none hides another.
        for (const Bar& bar : bars) {
            if (bar.lane != lanes[lane]) continue;
            svg += bar_svg(bar, axis, y, label_below);
            label_below = !label_below;
        }
    }
    return svg;
}

}  // namespace

std::string witness_html(const scenarios::Result& result, const Words& words) {
    const auto* const section = scenarios::find_section(result.sections, "witness");
    const auto* const table =
        section != nullptr ? scenarios::find_table(*section, "operations") : nullptr;
    if (table == nullptr) return "";
    const std::vector<Bar> bars = bars_of(*table, words);
    if (bars.empty()) return "";
    std::vector<std::string> lanes;
    for (const Bar& bar : bars) {
        if (std::ranges::find(lanes, bar.lane) == lanes.end()) lanes.push_back(bar.lane);
    }
    std::string what;
    for (const auto& fact : section->facts) {
        const auto key = number_in(fact.value);
        what += fmt::format("{}{} {}", what.empty() ? "" : ", ", title_in(words, fact.name),
                            key ? significant(*key, 15) : text_in(fact.value));
    }
    const TimeAxis axis{bars};
    if (!axis.is_to_scale()) what += fmt::format("; {}", words.witness_not_to_scale);
    const double floor = 6.0 + lane_height * static_cast<double>(lanes.size());
    return element("h3", "", words.witness) +
           fmt::format(
               "<div class=\"wide\"><figure class=\"witness\"><svg viewBox=\"0 0 {} {}\" "
               "role=\"img\"><title>{}</title>",
               coordinate(width), coordinate(floor + axis_height),
               escaped(fmt::format("{}: {}", words.witness, what))) +
           axis_svg(axis, floor) + lanes_svg(bars, lanes, axis) +
           fmt::format("<text class=\"label\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                       coordinate((left + width - right) / 2), coordinate(floor + 29),
                       escaped(words.time)) +
           "</svg><figcaption>" +
           fmt::format(
               "<span class=\"key\"><i class=\"c1\"></i>{}</span> "
               "<span class=\"key\"><i class=\"c0\"></i>{}</span> {}</figcaption>",
               escaped(words.write), escaped(words.read), escaped(what)) +
           "</figure></div>\n";
}

}  // namespace archsim::reports
