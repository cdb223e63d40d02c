// Reading scenarios from text.
#include "tests/support/scenario_text.hpp"

#include "scenarios/load.hpp"
#include "scenarios/parse.hpp"

#include <optional>
#include <stdexcept>

namespace archsim::tests {

namespace {

std::string text_of(const std::string& nodes, const std::string& rest) {
    return R"({"scenario": "test", "duration": "10s", "nodes": {)" + nodes + "}" +
           (rest.empty() ? "" : ", " + rest) + "}";
}

}  // namespace

models::Value document_of(const std::string& nodes, const std::string& rest) {
    models::Sources sources;
    models::Diagnostics diagnostics;
    const std::string text = text_of(nodes, rest);
    const std::uint32_t source = sources.add("test.json", text);
    std::optional<models::Value> document = scenarios::parse(text, source, diagnostics);
    if (!document) throw std::runtime_error(diagnostics.format(sources));
    return *std::move(document);
}

scenarios::Scenario scenario_of(const std::string& nodes, const std::string& rest) {
    models::Sources sources;
    static_cast<void>(sources.add("test.json", text_of(nodes, rest)));
    models::Diagnostics diagnostics;
    std::optional<scenarios::Scenario> scenario =
        scenarios::read_scenario(document_of(nodes, rest), ".", sources, diagnostics);
    if (!scenario) throw std::runtime_error(diagnostics.format(sources));
    return *std::move(scenario);
}

std::string users(const std::string& rate, const std::string& calls) {
    return R"("users": {"kind": "open_loop", "arrivals": ")" + rate + R"(", "calls": )" + calls +
           "}";
}

std::string service(const std::string& name, const std::string& work, const std::string& more) {
    const std::size_t space = work.find(' ');
    const std::string time = space == std::string::npos
                                 ? '"' + work + '"'
                                 : R"({"kind": ")" + work.substr(0, space) + R"(", "mean": ")" +
                                       work.substr(space + 1) + R"("})";
    return '"' + name + R"(": {"kind": "service", "service_time": )" + time +
           (more.empty() ? "" : ", " + more) + "}";
}

}  // namespace archsim::tests
