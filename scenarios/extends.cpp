// Files are followed from the most special to the most general, then merged in the other order.
#include "scenarios/extends.hpp"

#include "scenarios/load_file.hpp"
#include "scenarios/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace archsim::scenarios {

namespace {

namespace fs = std::filesystem;
using models::Code;
using models::Diagnostics;
using models::Member;
using models::Sources;
using models::Spot;
using models::Value;

constexpr std::string_view extends_key = "extends";

/// A copy of a patch without the members that only say what to remove.
Value without_nulls(const Value& patch) {
    if (!patch.is_object()) return patch;
    Value result = Value::object().with_spot(patch.spot());
    for (const Member& member : patch.members())
        if (!member.value.is_null())
            result.append(member.key, without_nulls(member.value), member.key_spot);
    return result;
}

/// Merges the members of a patch into those of a target. Both are objects.
Value merge_objects(Value target, const Value& patch) {
    std::map<std::string_view, const Member*> changes;
    for (const Member& member : patch.members()) changes.emplace(member.key, &member);
    Value result = Value::object().with_spot(patch.spot());
    for (Member& member : target.members()) {
        const auto found = changes.find(member.key);
        if (found == changes.end()) {
            result.append(std::move(member.key), std::move(member.value), member.key_spot);
            continue;
        }
        const Member& change = *found->second;
        if (!change.value.is_null())
            result.append(change.key, merge_patch(std::move(member.value), change.value),
                          change.key_spot);
        changes.erase(found);
    }
    for (const Member& member : patch.members())
        if (changes.contains(member.key) && !member.value.is_null())
            result.append(member.key, without_nulls(member.value), member.key_spot);
    return result;
}

std::size_t count_values(const Value& value) {
    std::size_t count = 1;
    for (const Value& item : value.items()) count += count_values(item);
    for (const Member& member : value.members()) count += count_values(member.value);
    return count;
}

/// The folder that nothing may be read from outside of.
fs::path root_of(const fs::path& file) {
    const fs::path folder = file.parent_path();
    for (fs::path at = folder; at.has_relative_path(); at = at.parent_path())
        if (at.filename() == "scenarios") return at;
    return folder;
}

bool is_inside(const fs::path& file, const fs::path& root) {
    const auto [root_end, file_at] =
        std::mismatch(root.begin(), root.end(), file.begin(), file.end());
    return root_end == root.end() && file_at != file.end();
}

/// Follows one chain of files.
class Chain {
public:
    Chain(Sources& sources, Diagnostics& diagnostics)
        : sources_{sources}, diagnostics_{diagnostics} {}

    /// Reads the first file and all that it extends; false if there was a problem.
    bool follow(const std::string& path);
    /// All files merged. Requires: follow() was true.
    [[nodiscard]] Value merged();

private:
    /// The path of the file named by "extends", to be shown and resolved; nothing if refused.
    struct Base {
        std::string shown;
        fs::path resolved;
    };
    std::optional<Base> resolve(const Value& name, const fs::path& shown_folder);
    void refuse(Code code, const Value& name, std::string message, std::string hint = {});
    bool take(Value document);

    Sources& sources_;
    Diagnostics& diagnostics_;
    fs::path root_;
    std::vector<fs::path> files_;  // resolved, the most special first
    std::vector<Value> documents_;
    std::size_t values_ = 0;
};

void Chain::refuse(Code code, const Value& name, std::string message, std::string hint) {
    diagnostics_.add({.code = code,
                      .message = std::move(message),
                      .pointer = "/" + std::string(extends_key),
                      .spot = name.spot(),
                      .hint = std::move(hint)});
}

bool Chain::take(Value document) {
    if (!document.is_object()) {
        diagnostics_.add({.code = Code::wrong_type,
                          .message = fmt::format("a scenario is an object, found {}",
                                                 models::describe(document)),
                          .spot = document.spot()});
        return false;
    }
    values_ += count_values(document);
    if (values_ > value_limit) {
        diagnostics_.add(
            {.code = Code::size_limit,
             .message = fmt::format("more than {} values in all files together", value_limit),
             .spot = document.spot()});
        return false;
    }
    documents_.push_back(std::move(document));
    return true;
}

std::optional<Chain::Base> Chain::resolve(const Value& name, const fs::path& shown_folder) {
    if (!name.is_string() || name.text().empty()) {
        refuse(Code::wrong_type, name,
               fmt::format("expected the path of a file, found {}", models::describe(name)));
        return std::nullopt;
    }
    const fs::path written{name.text()};
    const std::string shown_name = models::quoted(name.text());
    if (written.is_absolute()) {
        refuse(Code::extends_path, name, fmt::format("{} is an absolute path", shown_name),
               "write the path relative to this file");
        return std::nullopt;
    }
    const auto refuse_outside = [&] {
        refuse(Code::extends_path, name,
               fmt::format("{} leads out of the scenario folder", shown_name),
               fmt::format("only files in or below {} may be extended",
                           models::quoted(root_.string())));
        return std::nullopt;
    };
    const fs::path lexical = (files_.back().parent_path() / written).lexically_normal();
    if (!is_inside(lexical, root_)) return refuse_outside();
    const fs::path shown = (shown_folder / written).lexically_normal();
    std::error_code error;
    const fs::path resolved = fs::canonical(lexical, error);
    if (error) {
        refuse(Code::unreadable, name,
               fmt::format("cannot read {}: {}", models::quoted(shown.string()), error.message()));
        return std::nullopt;
    }
    if (!is_inside(resolved, root_)) return refuse_outside();
    if (std::find(files_.begin(), files_.end(), resolved) != files_.end()) {
        refuse(Code::extends_cycle, name,
               fmt::format("{} extends itself by way of {}", shown_name,
                           models::quoted(sources_.name(name.spot().source))));
        return std::nullopt;
    }
    return Base{shown.string(), resolved};
}

bool Chain::follow(const std::string& path) {
    const bool is_input = path == "-";
    std::error_code error;
    const fs::path start =
        is_input ? fs::current_path(error) / "<stdin>" : fs::canonical(path, error);
    std::optional<LoadedDocument> first = load_file(path, sources_, diagnostics_);
    if (!first || !take(std::move(first->value))) return false;
    files_.push_back(start);
    root_ = is_input ? start.parent_path() : root_of(start);
    fs::path shown_folder = is_input ? fs::path{} : fs::path{path}.parent_path();
    for (;;) {
        const Value* name = documents_.back().find(extends_key);
        if (name == nullptr) return true;
        if (files_.size() >= extends_limit) {
            refuse(Code::extends_cycle, *name,
                   fmt::format("a chain of more than {} files", extends_limit));
            return false;
        }
        const std::optional<Base> base = resolve(*name, shown_folder);
        if (!base) return false;
        std::optional<std::string> text =
            read_text(base->resolved.string(), diagnostics_, name->spot());
        if (!text) return false;
        const std::uint32_t source = sources_.add(base->shown, std::move(*text));
        std::optional<Value> document = parse(sources_.text(source), source, diagnostics_);
        if (!document || !take(std::move(*document))) return false;
        files_.push_back(base->resolved);
        shown_folder = fs::path{base->shown}.parent_path();
    }
}

Value Chain::merged() {
    for (Value& document : documents_) document.erase(extends_key);
    Value result = std::move(documents_.back());
    for (std::size_t i = documents_.size() - 1; i-- > 0;)
        result = merge_patch(std::move(result), documents_[i]);
    return result;
}

}  // namespace

Value merge_patch(Value target, const Value& patch) {
    if (!patch.is_object()) return patch;
    if (!target.is_object()) return without_nulls(patch);
    return merge_objects(std::move(target), patch);
}

std::optional<Value> load_document(const std::string& path, Sources& sources,
                                   Diagnostics& diagnostics) {
    Chain chain{sources, diagnostics};
    if (!chain.follow(path)) return std::nullopt;
    return chain.merged();
}

}  // namespace archsim::scenarios
