// Writing diagrams.
#include "reports/diagram.hpp"

#include "reports/text.hpp"
#include "reports/topology_picture.hpp"

#include <map>

namespace archsim::reports {

namespace {

/// Text between double quotes in DOT.
std::string dot_text(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : printable(text)) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + "\"";
}

/// Mermaid identifiers must not be its own words, such as "end".
std::string mermaid_id(const std::string& name) { return "n_" + name; }

std::string count_of(const scenarios::Graph::Vertex& vertex) {
    return vertex.instances > 1 ? " x" + std::to_string(vertex.instances) : std::string{};
}

constexpr DiagramFormat formats[] = {
    {"dot", write_dot}, {"mermaid", write_mermaid}, {"svg", write_svg}};

}  // namespace

std::span<const DiagramFormat> diagram_formats() { return formats; }

std::string write_svg(const scenarios::Graph& graph) {
    TopologyPicture picture;
    picture.title = graph.title;
    std::map<std::string, std::size_t> numbers;
    for (const auto& vertex : graph.vertices) {
        numbers.emplace(vertex.name, picture.boxes.size());
        picture.boxes.push_back({vertex.name, vertex.kind, vertex.instances});
    }
    for (const auto& [from, to] : graph.edges) {
        picture.arrows.emplace_back(numbers.at(from), numbers.at(to));
    }
    return topology_svg_file(picture);
}

std::string write_dot(const scenarios::Graph& graph) {
    std::string text = "digraph " + dot_text(graph.title) + " {\n    rankdir=LR;\n";
    text += "    node [shape=box, fontname=\"sans-serif\"];\n";
    for (const auto& vertex : graph.vertices) {
        // The line break is DOT's own escape, so it is put in after quoting.
        std::string label = dot_text(vertex.name + count_of(vertex));
        label.pop_back();
        label += "\\n" + vertex.kind + "\"";
        const std::string_view shape = vertex.instances == 0 ? ", shape=ellipse" : "";
        text += "    " + dot_text(vertex.name) + " [label=" + label + std::string(shape) + "];\n";
    }
    for (const auto& [from, to] : graph.edges) {
        text += "    " + dot_text(from) + " -> " + dot_text(to) + ";\n";
    }
    return text + "}\n";
}

std::string write_mermaid(const scenarios::Graph& graph) {
    std::string text = "flowchart LR\n";
    for (const auto& vertex : graph.vertices) {
        const bool source = vertex.instances == 0;
        const std::string label = vertex.name + count_of(vertex) + "<br/>" + vertex.kind;
        text += "    " + mermaid_id(vertex.name) + (source ? "([\"" : "[\"") + label +
                (source ? "\"])" : "\"]") + "\n";
    }
    for (const auto& [from, to] : graph.edges) {
        text += "    " + mermaid_id(from) + " --> " + mermaid_id(to) + "\n";
    }
    return text;
}

}  // namespace archsim::reports
