// The architecture as a diagram in text: DOT for Graphviz, Mermaid for Markdown.
#pragma once

#include "scenarios/graph.hpp"

#include <span>
#include <string>
#include <string_view>

namespace archsim::reports {

/// One form of diagram.
struct DiagramFormat {
    std::string_view name;  ///< As the command line knows it.
    std::string (*write)(const scenarios::Graph& graph);
};

/// All forms.
[[nodiscard]] std::span<const DiagramFormat> diagram_formats();

/// A picture in SVG, left to right.
[[nodiscard]] std::string write_svg(const scenarios::Graph& graph);

/// A digraph in the DOT language (Graphviz), left to right. Any text is quoted.
[[nodiscard]] std::string write_dot(const scenarios::Graph& graph);

/// A flowchart in Mermaid's language, left to right. Names of nodes are safe as identifiers.
[[nodiscard]] std::string write_mermaid(const scenarios::Graph& graph);

}  // namespace archsim::reports
