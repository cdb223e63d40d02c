// nlohmann's SAX parser decides what is JSON; a TokenCursor that walks along says where each token
// stands. The handler builds the document and stops the parser when a limit is reached.
#include "scenarios/parse.hpp"

#include "models/utf8.hpp"
#include "scenarios/syntax_error.hpp"
#include "scenarios/token_cursor.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace archsim::scenarios {

namespace {

using models::Code;
using models::Diagnostic;
using models::Diagnostics;
using models::Member;
using models::Spot;
using models::Value;

/// Receives one call per token and builds the document.
class Builder {
public:
    /// `base` is the offset of the text's first byte in its source.
    Builder(std::string_view text, Spot base, Diagnostics& diagnostics)
        : text_{text}, base_{base}, diagnostics_{diagnostics}, cursor_{text} {}

    bool null() { return add(Value::null(), cursor_.next()); }
    bool boolean(bool value) { return add(Value::boolean(value), cursor_.next()); }
    bool number_integer(std::int64_t) { return number(); }
    bool number_unsigned(std::uint64_t) { return number(); }
    bool number_float(double, const std::string&) { return number(); }
    bool string(std::string& value) { return add(Value::string(std::move(value)), cursor_.next()); }
    /// Binary values exist only in formats other than text.
    bool binary(nlohmann::json::binary_t&) { return false; }
    bool start_object(std::size_t) { return open(Value::object()); }
    bool start_array(std::size_t) { return open(Value::array()); }
    bool key(std::string& name) {
        const TokenCursor::Token token = cursor_.next();
        levels_.back().key = std::move(name);
        levels_.back().key_spot = spot_at(token.begin);
        after_ = SyntaxContext::After::key;
        return true;
    }
    bool end_object() {
        report_duplicate_keys(levels_.back().container);
        return close();
    }
    bool end_array() { return close(); }
    bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& error);

    [[nodiscard]] Value take() { return std::move(root_); }

private:
    struct Level {
        Value container;
        std::string key;
        Spot key_spot;
    };

    [[nodiscard]] Spot spot_at(std::size_t offset) const {
        return {base_.source, base_.offset + static_cast<std::uint32_t>(offset)};
    }
    bool number() {
        const TokenCursor::Token token = cursor_.next();
        return add(Value::number(std::string(text_.substr(token.begin, token.end - token.begin))),
                   token);
    }
    bool count_value(std::size_t offset);
    bool add(Value value, TokenCursor::Token token);
    bool open(Value container);
    bool close();
    void put(Value value);
    void report_duplicate_keys(const Value& object);
    [[nodiscard]] std::string pointer() const;

    std::string_view text_;
    Spot base_;
    Diagnostics& diagnostics_;
    TokenCursor cursor_;
    std::vector<Level> levels_;
    Value root_;
    std::size_t values_ = 0;
    SyntaxContext::After after_ = SyntaxContext::After::start;
};

bool Builder::count_value(std::size_t offset) {
    if (++values_ <= value_limit) return true;
    diagnostics_.add({.code = Code::size_limit,
                      .message = fmt::format("more than {} values", value_limit),
                      .spot = spot_at(offset)});
    return false;
}

bool Builder::add(Value value, TokenCursor::Token token) {
    if (!count_value(token.begin)) return false;
    put(std::move(value).with_spot(spot_at(token.begin)));
    return true;
}

void Builder::put(Value value) {
    after_ = SyntaxContext::After::value;
    if (levels_.empty()) {
        root_ = std::move(value);
        return;
    }
    Level& level = levels_.back();
    if (level.container.is_array())
        level.container.push(std::move(value));
    else
        level.container.append(std::move(level.key), std::move(value), level.key_spot);
}

bool Builder::open(Value container) {
    const TokenCursor::Token token = cursor_.next();
    if (!count_value(token.begin)) return false;
    if (levels_.size() >= depth_limit) {
        diagnostics_.add({.code = Code::depth_limit,
                          .message = fmt::format("nested more than {} levels deep", depth_limit),
                          .spot = spot_at(token.begin)});
        return false;
    }
    levels_.push_back({std::move(container).with_spot(spot_at(token.begin)), {}, {}});
    after_ = SyntaxContext::After::opening;
    return true;
}

bool Builder::close() {
    (void)cursor_.next();
    Value finished = std::move(levels_.back().container);
    levels_.pop_back();
    put(std::move(finished));
    return true;
}

std::string Builder::pointer() const {
    std::string result;
    for (std::size_t i = 0; i + 1 < levels_.size(); ++i) {
        const Level& level = levels_[i];
        result += '/';
        result += level.container.is_array() ? std::to_string(level.container.items().size())
                                             : models::pointer_step(level.key);
    }
    return result;
}

void Builder::report_duplicate_keys(const Value& object) {
    const std::span<const Member> members = object.members();
    std::vector<std::uint32_t> order(members.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(), [&members](std::uint32_t a, std::uint32_t b) {
        return members[a].key < members[b].key;
    });
    std::size_t first = 0;
    for (std::size_t i = 1; i < order.size(); ++i) {
        const Member& member = members[order[i]];
        if (member.key != members[order[first]].key) {
            first = i;
            continue;
        }
        diagnostics_.add({.code = Code::duplicate_key,
                          .message = fmt::format("the key {} was given before in this object",
                                                 models::quoted(member.key)),
                          .pointer = pointer() + "/" + models::pointer_step(member.key),
                          .spot = member.key_spot,
                          .hint = "remove one of them",
                          .see_also = members[order[first]].key_spot});
    }
}

bool Builder::parse_error(std::size_t, const std::string&, const nlohmann::json::exception& error) {
    constexpr int number_overflow = 406;
    if (error.id == number_overflow) {
        const TokenCursor::Token token = cursor_.next();
        const std::string_view digits = text_.substr(token.begin, token.end - token.begin);
        diagnostics_.add({.code = Code::out_of_range,
                          .message = fmt::format("the number {} does not fit in a 64-bit real",
                                                 models::quoted(digits)),
                          .spot = spot_at(token.begin)});
        return false;
    }
    SyntaxContext context;
    context.after = after_;
    context.token_begin = cursor_.last().begin;
    context.token_end = cursor_.last().end;
    if (!levels_.empty()) {
        const Value& container = levels_.back().container;
        context.inside =
            container.is_array() ? SyntaxContext::Inside::array : SyntaxContext::Inside::object;
        context.opening = container.spot().offset - base_.offset;
    }
    SyntaxError cause = explain_syntax_error(text_, context);
    Diagnostic diagnostic{.code = Code::syntax,
                          .message = std::move(cause.message),
                          .spot = spot_at(cause.offset),
                          .hint = std::move(cause.hint)};
    const bool at_end = cause.offset >= text_.size();
    if ((cause.about_opening || at_end) && context.opening)
        diagnostic.see_also = spot_at(*context.opening);
    diagnostics_.add(std::move(diagnostic));
    return false;
}

/// Reports text that is not UTF-8 or contains NUL; false if there is any.
bool is_clean(std::string_view text, Spot base, Diagnostics& diagnostics) {
    const auto refuse = [&](std::size_t offset, std::string message) {
        diagnostics.add({.code = Code::encoding,
                         .message = std::move(message),
                         .spot = {base.source, base.offset + static_cast<std::uint32_t>(offset)},
                         .hint = "save the file as UTF-8"});
        return false;
    };
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
        return refuse(0, "the text is UTF-16, not UTF-8");
    if (text.starts_with(models::byte_order_mark)) return refuse(0, "a second byte order mark");
    const std::size_t nul = text.find('\0');
    const std::size_t invalid = models::first_invalid(text).value_or(std::string_view::npos);
    if (nul < invalid) return refuse(nul, "a NUL byte in the text");
    if (invalid == std::string_view::npos) return true;
    return refuse(invalid,
                  fmt::format("the byte 0x{:02X} is not valid UTF-8 here",
                              static_cast<unsigned>(static_cast<unsigned char>(text[invalid]))));
}

}  // namespace

std::optional<Value> parse(std::string_view text, std::uint32_t source, Diagnostics& diagnostics) {
    return parse(text, Spot{source, 0}, diagnostics);
}

std::optional<Value> parse(std::string_view text, Spot start, Diagnostics& diagnostics) {
    if (text.size() > size_limit) {
        diagnostics.add({.code = Code::size_limit,
                         .message = fmt::format("the text has {} bytes; at most {} are accepted",
                                                text.size(), size_limit),
                         .spot = start});
        return std::nullopt;
    }
    Spot base = start;
    if (text.starts_with(models::byte_order_mark)) {
        base.offset += static_cast<std::uint32_t>(models::byte_order_mark.size());
        text.remove_prefix(models::byte_order_mark.size());
    }
    if (!is_clean(text, base, diagnostics)) return std::nullopt;
    const std::size_t errors_before = diagnostics.error_count();
    Builder builder{text, base, diagnostics};
    constexpr bool strict = true;
    constexpr bool allow_comments = true;
    const bool good =
        nlohmann::json::sax_parse(text.begin(), text.end(), &builder,
                                  nlohmann::json::input_format_t::json, strict, allow_comments);
    if (!good || diagnostics.error_count() > errors_before) return std::nullopt;
    return builder.take();
}

}  // namespace archsim::scenarios
