// The page that maps the guide's sections to scenarios, commands and what was observed.
#pragma once

#include "scenarios/result.hpp"

#include <span>
#include <string>

namespace archsim::reports {

/// A scenario file that was run.
struct GuideEntry {
    std::string path;  ///< As in the command that runs it; its name begins with the section.
    scenarios::Result result;
};

/// The part of the page about one scenario, in Markdown: its question, the command, the
/// expectations with what was observed, and what to look at, in English and Portuguese.
[[nodiscard]] std::string write_guide_entry(const GuideEntry& entry);

/// The whole page: contents by section of the guide, then every entry, in the order given. Entries
/// of which none belongs to a section stand one after the other.
[[nodiscard]] std::string write_guide_page(std::span<const GuideEntry> entries);

}  // namespace archsim::reports
