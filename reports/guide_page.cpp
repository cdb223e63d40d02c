// Markdown for the map of the guide. The first two digits of a file's name are its section.
#include "reports/guide_page.hpp"

#include "reports/compare.hpp"
#include "reports/scenario_texts.hpp"
#include "reports/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace archsim::reports {

namespace {

using models::Language;
using scenarios::Result;
using scenarios::Texts;

struct GuideSection {
    std::string_view number;
    std::string_view english;
    std::string_view portuguese;
};

constexpr GuideSection sections[] = {
    {"01", "Scaling", "Escalabilidade"},
    {"02", "Caching", "Cache"},
    {"03", "Load balancing", "Balanceamento de carga"},
    {"04", "Databases", "Bancos de dados"},
    {"05", "Content delivery networks", "Redes de distribuição de conteúdo"},
    {"06", "Failover and single points of failure", "Failover e pontos únicos de falha"},
    {"07", "Consistent hashing", "Hashing consistente"},
    {"08", "Consistency patterns", "Padrões de consistência"},
    {"09", "Availability patterns", "Padrões de disponibilidade"},
    {"10", "Asynchronism, queues and back pressure", "Assincronismo, filas e back pressure"},
    {"11", "Performance against scalability", "Desempenho contra escalabilidade"},
    {"12", "Latency against throughput", "Latência contra vazão"},
    {"13", "Availability against consistency (CAP)", "Disponibilidade contra consistência (CAP)"},
    {"14", "Stateful against stateless", "Com estado contra sem estado"},
    {"15", "SQL against NoSQL", "SQL contra NoSQL"},
    {"16", "REST, gRPC and GraphQL", "REST, gRPC e GraphQL"},
    {"17", "DevOps", "DevOps"},
};

/// The name of a file without its folders and ending.
std::string stem_of(std::string_view path) {
    path.remove_prefix(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1);
    return std::string{path.substr(0, path.rfind('.'))};
}

std::string expectation_row(const scenarios::ExpectResult& expect, const Result& result) {
    const scenarios::MetricResult* const metric = find_metric(result, expect.metric);
    std::string observed = "no data";
    if (expect.observed && metric != nullptr) {
        observed = humanised(*expect.observed, metric->unit);
        if (metric->ci95) {
            observed += fmt::format(" ({} to {})", humanised(metric->ci95->low, metric->unit),
                                    humanised(metric->ci95->high, metric->unit));
        }
    }
    return fmt::format("| `{}` | {} | {} |\n", expect.expr, markdown_text(observed),
                       name_of(expect.verdict));
}

bool belongs(const GuideEntry& entry, const GuideSection& section) {
    return stem_of(entry.path).starts_with(section.number);
}

bool has_section(const GuideEntry& entry) {
    return std::ranges::any_of(sections, [&](const auto& one) { return belongs(entry, one); });
}

/// A page of scenarios that are not those of the guide: one entry after the other.
std::string write_other_page(std::span<const GuideEntry> entries) {
    std::string text =
        "# What the scenarios showed\n\n"
        "Made by `archsim guide FOLDER --write FILE`; a test compares the entries with their "
        "runs.\n\n*O que os cenários mostraram.*\n\n";
    for (const GuideEntry& entry : entries) text += write_guide_entry(entry);
    return text;
}

/// A paragraph, or nothing where there is no text.
std::string paragraph(std::string_view before, const std::string& text, std::string_view after) {
    if (text.empty()) return "";
    return fmt::format("{}{}{}\n\n", before, markdown_text(text), after);
}

}  // namespace

std::string write_guide_entry(const GuideEntry& entry) {
    const Texts english = texts_in(entry.result, Language::english);
    const Texts portuguese = texts_in(entry.result, Language::portuguese);
    const Texts& translated = entry.result.pt;
    std::string text = fmt::format("### {}\n\n", stem_of(entry.path));
    text += paragraph("**", english.question, "**");
    if (!translated.question.empty()) text += paragraph("***", portuguese.question, "***");
    text += paragraph("", english.description, "");
    if (!translated.description.empty()) text += paragraph("*", portuguese.description, "*");
    text += fmt::format("```\narchsim run {}\n```\n\n", entry.path);
    if (!entry.result.expect.empty()) {
        text += "| expected | observed (95 % interval) | |\n|---|---|---|\n";
        for (const auto& expect : entry.result.expect) {
            text += expectation_row(expect, entry.result);
        }
        text += "\n";
    }
    text += paragraph("", english.look_at, "");
    if (!translated.look_at.empty()) text += paragraph("*", portuguese.look_at, "*");
    return text;
}

std::string write_guide_page(std::span<const GuideEntry> entries) {
    if (std::ranges::none_of(entries, has_section)) return write_other_page(entries);
    std::string text =
        "# The guide as scenarios\n\n"
        "Each section of the guide, the scenarios that answer its questions, the command, and what "
        "the run showed.\nMade by `archsim guide scenarios/guide --write scenarios/guide/README.md`"
        "; a test compares every entry with its run.\n\n"
        "*Cada seção do guia, os cenários que respondem às suas perguntas, o comando e o que a "
        "execução mostrou.*\n\n| section | *seção* | scenarios |\n|---|---|---|\n";
    for (const GuideSection& section : sections) {
        std::string links;
        for (const GuideEntry& entry : entries) {
            if (!belongs(entry, section)) continue;
            const std::string stem = stem_of(entry.path);
            links += fmt::format("{}[{}](#{})", links.empty() ? "" : ", ", stem, stem);
        }
        if (links.empty()) continue;
        text += fmt::format("| {} {} | *{}* | {} |\n", section.number, section.english,
                            section.portuguese, links);
    }
    text += "\n";
    for (const GuideSection& section : sections) {
        bool has_heading = false;
        for (const GuideEntry& entry : entries) {
            if (!belongs(entry, section)) continue;
            if (!has_heading) {
                text += fmt::format("## {} {} · *{}*\n\n", section.number, section.english,
                                    section.portuguese);
            }
            has_heading = true;
            text += write_guide_entry(entry);
        }
    }
    return text;
}

}  // namespace archsim::reports
