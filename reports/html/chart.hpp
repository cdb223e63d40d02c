// A line chart as SVG: readable without scripts, in light and dark and on paper. Colours come from
// the style sheet (classes c0 to c7); a script may add a read-out under the pointer.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace archsim::reports {

/// One way along a chart.
struct Axis {
    std::string label{};
    std::string unit{};           ///< As in metrics; values at the marks are humanised.
    bool is_log = false;          ///< Values that are not positive are moved to the lower end.
    bool from_zero = true;        ///< Whether a linear y axis begins at 0.
    std::optional<double> low{};  ///< Else the smallest value.
    std::optional<double> high{};
    /// Of the values 1, 2, 3, ...; the marks of such an axis stand there. Only for x. Where they
    /// are too long to stand side by side they take turns on two or three rows.
    std::vector<std::string> names{};
};

/// A point, or a gap where there is no y.
struct Point {
    double x = 0.0;
    std::optional<double> y{};
    std::string label{};  ///< What it stands for, shown under the pointer in a scatter chart.
};

/// One line, or the marks of one kind.
struct Curve {
    std::string name;
    std::vector<Point> points{};
    std::optional<std::size_t> colour{};  ///< Class c0 to c7; else that of its place.
    double mark = 4.0;                    ///< Radius of its marks in a scatter chart.
};

/// A stretch of the x axis in another shade, such as the time of a fault.
struct Shade {
    double from = 0.0;
    double to = 0.0;
    std::string label{};
};

/// All of a chart.
struct Chart {
    std::string id;  ///< Unique in the page, [a-z0-9_-]+.
    std::string title{};
    Axis x{};
    Axis y{};
    std::vector<Curve> curves{};
    std::vector<Shade> shades{};
    bool is_scatter = false;  ///< Marks without lines between them.
    std::string note{};       ///< A remark after the legend, such as what is not shown.
};

/// The chart as a figure element with title, SVG and legend, or a figure that says `no_data` where
/// no curve has a point. The SVG carries its points for the script as data-points. O(points).
[[nodiscard]] std::string chart_figure(const Chart& chart, const std::string& no_data);

}  // namespace archsim::reports
