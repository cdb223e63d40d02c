// From points to paths.
#include "reports/html/chart.hpp"

#include "models/document.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/ticks.hpp"
#include "reports/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace archsim::reports {

namespace {

constexpr double width = 640.0;
constexpr double height = 260.0;
constexpr double left = 64.0;
constexpr double right = 12.0;
constexpr double bottom = 38.0;
constexpr double letter = 6.0;       // Width of a letter of the small text, about.
constexpr double row_height = 13.0;  // Of a row of such text.

/// The upper end of the plot: the names of shades stand above it, clear of the curves.
double top_of(const Chart& chart) { return chart.shades.empty() ? 10.0 : 24.0; }

/// Values to a stretch of the picture.
class Scale {
public:
    Scale(const Axis& axis, double low, double high, double from, double to)
        : is_log_{axis.is_log}, from_{from}, to_{to} {
        if (is_log_) {
            ticks_ = log_ticks(low, high > low ? high : low * 10.0);
        } else {
            if (high <= low) high = low + (low == 0.0 ? 1.0 : std::abs(low));
            ticks_ = linear_ticks(low, high, 5);
        }
        low_ = axis.low.value_or(ticks_.front());
        high_ = axis.high.value_or(ticks_.back());
        // A bound of the axis may meet the only value.
        if (is_log_ && low_ >= high_) {
            low_ = high_ / 10.0;
            ticks_ = log_ticks(low_, high_);
        }
    }
    [[nodiscard]] double operator()(double value) const {
        double share = 0.0;
        if (is_log_) {
            const double bounded = std::max(value, low_);
            share =
                (std::log10(bounded) - std::log10(low_)) / (std::log10(high_) - std::log10(low_));
        } else {
            share = (value - low_) / (high_ - low_);
        }
        return from_ + std::clamp(share, 0.0, 1.0) * (to_ - from_);
    }
    [[nodiscard]] std::vector<double> ticks() const {
        std::vector<double> inside;
        const double slack = (high_ - low_) * 1e-9;
        for (const double tick : ticks_) {
            if (tick >= low_ - slack && tick <= high_ + slack) inside.push_back(tick);
        }
        return inside;
    }

private:
    bool is_log_;
    double from_, to_;
    double low_ = 0.0, high_ = 1.0;
    std::vector<double> ticks_;
};

struct Range {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    void add(double value, bool is_log) {
        if (is_log && value <= 0.0) return;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    [[nodiscard]] bool is_empty() const { return low > high; }
};

std::string tick_text(const Axis& axis, double value) {
    if (!axis.names.empty()) {
        const double last = static_cast<double>(axis.names.size());
        const auto place = static_cast<std::size_t>(std::clamp(std::round(value), 1.0, last));
        return axis.names[place - 1];
    }
    return humanised(value, axis.unit, 3);
}

/// Where the marks of the x axis stand.
std::vector<double> x_ticks(const Axis& axis, const Scale& scale) {
    if (axis.names.empty()) return scale.ticks();
    std::vector<double> places;
    for (std::size_t i = 1; i <= axis.names.size(); ++i) {
        places.push_back(static_cast<double>(i));
    }
    return places;
}

/// Text of at most `most` letters, the last of which says that there were more.
std::string shortened(const std::string& text, std::size_t most) {
    const std::string safe = printable(text);
    if (display_width(safe) <= most) return safe;
    std::string made;
    for (std::size_t at = 0; at < safe.size();) {
        std::size_t next = at + 1;  // Never cuts a letter of several bytes.
        while (next < safe.size() && (static_cast<unsigned char>(safe[next]) & 0xc0U) == 0x80U)
            ++next;
        const std::string longer = made + safe.substr(at, next - at);
        if (display_width(longer) + 1 > most) break;
        made = longer;
        at = next;
    }
    return made + "\xe2\x80\xa6";
}

/// How the names below the x axis stand: one of every `step`, in turns on as many rows, each at
/// most so many letters long.
struct NameRows {
    std::size_t rows = 1;
    std::size_t step = 1;
    std::size_t letters = std::numeric_limits<std::size_t>::max();
};

NameRows name_rows(const Axis& axis) {
    if (axis.names.empty()) return {};
    constexpr std::size_t most_rows = 3;
    constexpr double gap = 2.0;  // Letters between two names.
    const double room = (width - left - right) / static_cast<double>(axis.names.size()) / letter;
    std::size_t longest = 0;
    for (const std::string& name : axis.names) longest = std::max(longest, display_width(name));
    const auto letters = [&](const NameRows& made) {
        return room * static_cast<double>(made.rows * made.step) - gap;
    };
    const auto wanted = static_cast<double>(longest);
    constexpr double readable = 6.0;
    NameRows made;
    while (made.rows < most_rows && letters(made) < wanted) ++made.rows;
    while (letters(made) < std::min(wanted, readable)) ++made.step;
    made.letters = static_cast<std::size_t>(letters(made));
    return made;
}

/// The height of all rows of names but the first.
double more_rows(const Axis& axis) {
    return row_height * static_cast<double>(name_rows(axis).rows - 1);
}

/// A mark below the x axis; one that would stick out of the picture ends at its edge, and one that
/// is too long for its place shows the whole name under the pointer.
std::string x_tick_svg(double at, double y, const std::string& text, std::size_t most) {
    const std::string shown = shortened(text, most);
    const double half = letter * static_cast<double>(display_width(shown)) / 2;
    const bool sticks_out = at + half > width;
    return fmt::format("<text class=\"tick\" x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}{}</text>",
                       coordinate(sticks_out ? width : at), coordinate(y),
                       sticks_out ? "end" : "middle",
                       shown == printable(text) ? "" : element("title", "", text), escaped(shown));
}

std::string axes_svg(const Chart& chart, const Scale& x, const Scale& y) {
    std::string svg;
    const double floor = height - bottom;
    for (const double tick : y.ticks()) {
        const std::string at = coordinate(y(tick));
        svg += fmt::format("<path class=\"grid\" d=\"M{} {}H{}\"/>", coordinate(left), at,
                           coordinate(width - right));
        svg += fmt::format(
            "<text class=\"tick\" x=\"{}\" y=\"{}\" text-anchor=\"end\" dy=\"4\">{}</text>",
            coordinate(left - 6), at, escaped(tick_text(chart.y, tick)));
    }
    const NameRows names = name_rows(chart.x);
    std::size_t number = 0;
    for (const double tick : x_ticks(chart.x, x)) {
        const std::string at = coordinate(x(tick));
        svg += fmt::format("<path class=\"grid\" d=\"M{} {}V{}\"/>", at, coordinate(top_of(chart)),
                           coordinate(floor));
        const std::size_t row = number / names.step % names.rows;
        if (number++ % names.step != 0) continue;
        const double y_of_row = floor + 17 + row_height * static_cast<double>(row);
        svg += x_tick_svg(x(tick), y_of_row, tick_text(chart.x, tick), names.letters);
    }
    svg += fmt::format("<text class=\"label\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                       coordinate((left + width - right) / 2),
                       coordinate(height + more_rows(chart.x) - 5), escaped(chart.x.label));
    return svg;
}

std::string shades_svg(const Chart& chart, const Scale& x) {
    constexpr std::size_t most_letters = 48;
    std::string svg;
    const double top = top_of(chart);
    double free_from = 0.0;  // Names that would run into the last one are left to the title.
    for (const Shade& shade : chart.shades) {
        const double from = x(shade.from);
        const double to = std::max(x(shade.to), from + 2.0);
        svg += fmt::format(
            "<rect class=\"shade\" x=\"{}\" y=\"{}\" width=\"{}\" "
            "height=\"{}\"><title>{}</title></rect>",
            coordinate(from), coordinate(top), coordinate(to - from),
            coordinate(height - bottom - top), escaped(shade.label));
        const std::string name = shortened(shade.label, most_letters);
        const double length = letter * static_cast<double>(display_width(name));
        const double start = std::max(std::min(from, width - length), 0.0);
        if (start < free_from) continue;
        svg += fmt::format("<text class=\"shade-label\" x=\"{}\" y=\"{}\">{}</text>",
                           coordinate(start), coordinate(top - 6), escaped(name));
        free_from = start + length + 2 * letter;
    }
    return svg;
}

/// A coordinate of one of many points: a tenth of a unit is less than a pixel.
std::string rounded(double value) { return coordinate(std::round(value * 10.0) / 10.0); }

std::string path_of(const Curve& curve, const Scale& x, const Scale& y) {
    std::string path;
    bool pen_down = false;
    for (const Point& point : curve.points) {
        if (!point.y) {
            pen_down = false;
            continue;
        }
        path +=
            fmt::format("{}{} {}", pen_down ? "L" : "M", rounded(x(point.x)), rounded(y(*point.y)));
        // A lone point would leave no ink.
        if (!pen_down) path += "h0.01";
        pen_down = true;
    }
    return path;
}

std::size_t colour_of(const Chart& chart, std::size_t curve) {
    return chart.curves[curve].colour.value_or(curve) % 8;
}

std::string marks_of(const Curve& curve, std::size_t colour, const Scale& x, const Scale& y) {
    std::string marks;
    for (const Point& point : curve.points) {
        if (!point.y) continue;
        marks +=
            fmt::format("<circle class=\"c{} mark\" cx=\"{}\" cy=\"{}\" r=\"{}\"/>", colour,
                        coordinate(x(point.x)), coordinate(y(*point.y)), coordinate(curve.mark));
    }
    return marks;
}

/// A string of JSON.
std::string quoted(std::string text) { return models::Value::string(std::move(text)).to_json(); }

/// For each curve [[x in pixels, "x", "y", y in pixels, "label"], ...]: what the read-out shows.
/// The last two are there in scatter charts only.
std::string read_out(const Chart& chart, const Scale& x, const Scale& y) {
    std::string json = "[";
    for (std::size_t c = 0; c < chart.curves.size(); ++c) {
        json += c > 0 ? ",[" : "[";
        bool first = true;
        for (const Point& point : chart.curves[c].points) {
            if (!point.y) continue;
            json += fmt::format("{}[{},{},{}", first ? "" : ",", rounded(x(point.x)),
                                quoted(tick_text(chart.x, point.x)),
                                quoted(tick_text(chart.y, *point.y)));
            if (chart.is_scatter) {
                json += fmt::format(",{},{}", rounded(y(*point.y)), quoted(point.label));
            }
            json += "]";
            first = false;
        }
        json += "]";
    }
    return json + "]";
}

std::string legend(const Chart& chart) {
    std::string html = "<figcaption>";
    for (std::size_t c = 0; c < chart.curves.size(); ++c) {
        html += fmt::format("<span class=\"key\"><i class=\"c{}\"></i>{}</span> ",
                            colour_of(chart, c), escaped(chart.curves[c].name));
    }
    return html + escaped(chart.note) + "</figcaption>";
}

}  // namespace

std::string chart_figure(const Chart& chart, const std::string& no_data) {
    Range xs;
    Range ys;
    for (const Curve& curve : chart.curves) {
        for (const Point& point : curve.points) {
            if (!point.y) continue;
            xs.add(point.x, chart.x.is_log);
            ys.add(*point.y, chart.y.is_log);
        }
    }
    std::string html = fmt::format("<figure class=\"chart\" id=\"{}\">", chart.id);
    html += element("h3", "", chart.title);
    if (xs.is_empty() || ys.is_empty()) {
        return html + element("p", "class=\"no-data\"", no_data) + "</figure>\n";
    }
    if (!chart.y.is_log && chart.y.from_zero) ys.low = std::min(ys.low, 0.0);
    const Scale x{chart.x, xs.low, xs.high, left, width - right};
    const Scale y{chart.y, ys.low, ys.high, height - bottom, top_of(chart)};
    html +=
        fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\"{} data-points={}><title>{}</title>",
                    coordinate(width), coordinate(height + more_rows(chart.x)),
                    chart.is_scatter ? " data-scatter=\"\"" : "",
                    single_quoted(read_out(chart, x, y)), escaped(chart.title));
    html += shades_svg(chart, x) + axes_svg(chart, x, y);
    for (std::size_t c = 0; c < chart.curves.size(); ++c) {
        if (chart.is_scatter) {
            html += marks_of(chart.curves[c], colour_of(chart, c), x, y);
            continue;
        }
        html += fmt::format("<path class=\"c{} line\" d=\"{}\"/>", colour_of(chart, c),
                            path_of(chart.curves[c], x, y));
    }
    html += "<g class=\"pointer\"></g></svg>";
    return html + legend(chart) + "</figure>\n";
}

}  // namespace archsim::reports
