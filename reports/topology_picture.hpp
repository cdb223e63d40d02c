// The architecture as a picture: boxes with kind, instances and utilisation, arrows from callers
// to callees.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace archsim::reports {

/// What is drawn.
struct TopologyPicture {
    struct Box {
        std::string name;
        std::string kind;
        std::size_t instances = 0;  ///< 0 for a load source.
        std::optional<double> utilisation{};
    };
    std::string title;
    std::vector<Box> boxes;
    std::vector<std::pair<std::size_t, std::size_t>> arrows;  ///< Indices of boxes.
};

/// An svg element with classes that the report's style sheet knows. Utilisation is a bar and a
/// number; from 90 % on the border is broken as well, so that colour is never alone.
[[nodiscard]] std::string topology_svg(const TopologyPicture& picture);

/// The same as a file of its own, with a style for light and dark inside.
[[nodiscard]] std::string topology_svg_file(const TopologyPicture& picture);

}  // namespace archsim::reports
