#include "codec/json_edit.hpp"
#include "codec/request_builder_draft.hpp"
#include "codec/request_builder_query.hpp"
#include "core/connector_checks.hpp"
#include <catena/codec/range_query.hpp>
#include <catena/core/http.hpp>
#include <catena/core/range_math.hpp>
#include <catena/diagnostics.hpp>

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>

namespace catena {
namespace codec {
namespace {

using place = token_target::place;

struct where_to {
    const token_target& to;
    std::string pointer;
};

[[noreturn]] void refuse(const connector& c, const std::string& pointer, const std::string& what,
                         const std::string& mend)
{
    diagnostics why;
    why.code = errc::cursor_refused;
    why.connector = c.name;
    why.pointer = pointer;
    why.what = "a border of the range cannot be sent: " + what;
    why.mend = mend;
    throw failure(std::move(why));
}

bool has_control(std::string_view text) noexcept
{
    return std::any_of(text.begin(), text.end(),
                       [](char o) { return static_cast<unsigned char>(o) < 0x20 || o == 0x7f; });
}

// In place of the first of that name; the others go, those in the URL too.
void put_parameter(request_rule& r, const std::string& name, std::string text)
{
    const std::size_t mark = r.url.find('?');
    if (mark != std::string::npos) {
        std::string kept;
        for (const parameter& p : split_query(std::string_view(r.url).substr(mark + 1)))
            if (p.name != name) kept.append(kept.empty() ? "?" : "&").append(p.text);
        r.url.replace(mark, std::string::npos, kept);
    }
    const auto named = [&](const auto& p) { return p.first == name; };
    const auto first = std::find_if(r.query.begin(), r.query.end(), named);
    if (first == r.query.end()) {
        r.query.emplace_back(name, std::move(text));
        return;
    }
    first->second = setting(std::move(text));
    r.query.erase(std::remove_if(first + 1, r.query.end(), named), r.query.end());
}

void put_header(request_rule& r, const std::string& name, std::string text)
{
    for (auto& [there, value] : r.headers) {
        if (!equal_ignoring_case(there, name)) continue;
        value = setting(std::move(text));
        return;
    }
    r.headers.emplace_back(name, std::move(text));
}

void put_path(request_rule& r, const std::string& before, std::string_view text)
{
    const core::url_parts parts = core::split_url(r.url);
    std::string url = std::string(parts.scheme) + "://" + std::string(parts.authority) + before;
    append_encoded(url, text);
    const std::size_t mark = parts.rest.find('?');
    if (mark != std::string_view::npos) url += parts.rest.substr(mark);
    r.url = std::move(url);
}

void put(connector& c, const where_to& edge, const value& v)
{
    const token_target& to = edge.to;
    const bool as_json = to.as == token_target::form::json;
    if (to.to == place::body) {
        const bool literal = as_json && v.kind == json_kind::number;
        auto edited = with_value_at(c.request.body, to.at, literal ? v.text : json_string(v.text));
        if (!edited)
            refuse(c, edge.pointer, "the request's body has no place for it", "correct the place");
        c.request.body = std::move(*edited);
        return;
    }
    std::string text = as_json && v.kind == json_kind::string ? json_string(v.text) : v.text;
    if (has_control(text))
        refuse(c, edge.pointer, "it holds a control character", "choose another border");
    switch (to.to) {
        case place::query: return put_parameter(c.request, to.at, std::move(text));
        case place::header:
            if (!fits_header(text))
                refuse(c, edge.pointer, "a header keeps no blank at its ends",
                       "choose another border, or send it in the query");
            return put_header(c.request, to.at, std::move(text));
        case place::path:
            if (text.empty() || text == "." || text == "..")
                refuse(c, edge.pointer, "as a path segment it would mean another page",
                       "choose another border");
            return put_path(c.request, to.at, text);
        case place::body:
        case place::url: break;
    }
}

void put_border(connector& c, const range_rule& by, const where_to& edge,
                const std::optional<std::string>& sent)
{
    if (!sent)
        refuse(c, edge.pointer, "under its rule it is none, or nothing covers it",
               "write it as range.type says, and let validate() check the rule");
    const bool number = by.type == range_type::integer || by.type == range_type::decimal ||
                        (by.type == range_type::time && by.time != moment_form::rfc3339);
    put(c, edge, {number ? json_kind::number : json_kind::string, *sent});
}

}  // namespace
}  // namespace codec

connector within(const connector& c, const range& part)
{
    connector out = c;
    out.range.clear();
    // What is left cannot be split by a walk.
    if (out.window.past == window_rule::action::split) out.window.past = window_rule::action::stop;
    if (part.over.empty()) return out;
    if (part.over.size() != c.range.size())
        throw std::invalid_argument("the range has " + std::to_string(part.over.size()) +
                                    " intervals, the connector " + std::to_string(c.range.size()) +
                                    " range rules");
    for (std::size_t i = 0; i < c.range.size(); ++i) {
        const range_rule& by = c.range[i];
        const interval& at = part.over[i];
        const std::string pointer = "/range/" + std::to_string(i);
        if (by.type == range_type::values) {
            const codec::where_to edge{by.to, pointer + "/to"};
            if (!at.lower) continue;
            codec::put_border(out, by, edge,
                              is_border(by, *at.lower) ? at.lower : std::optional<std::string>());
            continue;
        }
        if (by.lower && at.lower)
            codec::put_border(out, by, {by.lower->to, pointer + "/lower/to"},
                              lower_to_send(by, *at.lower));
        if (by.upper && at.upper)
            codec::put_border(out, by, {by.upper->to, pointer + "/upper/to"},
                              upper_to_send(by, *at.upper));
    }
    return out;
}

}  // namespace catena
