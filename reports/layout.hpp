// Where the boxes of an architecture stand: in layers from the load sources to the data.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace archsim::reports {

/// Box sizes and gaps, in any unit of length.
struct LayoutStyle {
    double box_width = 150.0;
    double box_height = 54.0;
    double gap_x = 60.0;
    double gap_y = 22.0;
    double margin = 10.0;
};

/// Upper left corners of the boxes, and the size of the picture.
struct Layout {
    struct Place {
        double x = 0.0;
        double y = 0.0;
    };
    std::vector<Place> places;
    double width = 0.0;
    double height = 0.0;
};

/// Layers by the longest way from a node that nobody calls (edges that close a circle do not
/// count), order within a layer by the mean place of the neighbours (barycentre method of Sugiyama,
/// Tagawa and Toda 1981, "Methods for visual understanding of hierarchical system structures").
/// Requires: edges name nodes below `count`. O(sweeps x edges + count log count).
[[nodiscard]] Layout lay_out(std::size_t count,
                             std::span<const std::pair<std::size_t, std::size_t>> edges,
                             const LayoutStyle& style = {});

}  // namespace archsim::reports
