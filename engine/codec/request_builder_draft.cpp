#include "codec/request_builder_draft.hpp"

#include "codec/json_edit.hpp"
#include <catena/core/json_text.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <utility>

namespace catena::codec {

request_draft::request_draft(std::string_view path, std::span<const parameter> query,
                             std::string text)
    : body(std::move(text)), path_(path), shown_path_(path)
{
    query_.reserve(query.size() + 4);
    for (const parameter& p : query) {
        query_.emplace_back();
        query_.back().fixed = &p;
    }
}

request_draft::request_draft(std::string_view target, std::string_view own_path, std::string text)
    : body(std::move(text)),
      path_(target.substr(0, target.find('?'))),
      shown_path_(path_ == own_path ? own_path : "/"),
      whole_(target),
      mark_(struck_cursor(target))
{
    if (path_.size() < target.size()) shown_path_ += '?';
}

const char* request_draft::place(const token_target& to, const value& v, show as)
{
    using place = token_target::place;
    const bool as_json = to.as == token_target::form::json;
    if (to.to == place::body) {
        const bool literal = as_json && v.kind != json_kind::string;
        std::optional<std::string> edited =
            with_value_at(body, to.at, literal ? v.text : json_string(v.text));
        if (!edited) return "the request's body has no place for it";
        body = std::move(*edited);
        return nullptr;
    }
    if (to.to == place::query && to.at == "*") return spread(v);

    const std::string quoted =
        as_json && v.kind == json_kind::string ? json_string(v.text) : std::string();
    const std::string_view text = quoted.empty() ? std::string_view(v.text) : quoted;
    if (to.to == place::header) return place_header(to.at, text);
    if (to.to == place::path) return place_path(to.at, text);
    set(as == show::plain ? make_parameter(to.at, text)
                          : make_hidden_parameter(to.at, text, struck_cursor(v.text)));
    return nullptr;
}

void request_draft::add_if_missing(const parameter& p)
{
    split();
    const bool there = std::any_of(query_.begin(), query_.end(),
                                   [&](const slot& s) { return s.get().name == p.name; });
    if (there) return;
    query_.emplace_back();
    query_.back().fixed = &p;
}

void request_draft::drop(std::string_view name)
{
    split();
    std::erase_if(query_, [&](const slot& s) { return s.get().name == name; });
}

std::string request_draft::target() const
{
    if (!whole_.empty()) return std::string(whole_);
    std::size_t size = path_.size();
    for (const slot& s : query_)
        size += s.get().text.size() + 1;
    std::string out;
    out.reserve(size);
    out += path_;
    char mark = '?';
    for (const slot& s : query_) {
        out += mark;
        out += s.get().text;
        mark = '&';
    }
    return out;
}

std::string request_draft::shown() const
{
    std::string out = shown_path_ + mark_;
    char mark = mark_.empty() ? '?' : '&';
    for (const slot& s : query_) {
        const std::string& text = s.get().shown;
        if (text.empty()) continue;
        out += mark;
        out += text;
        mark = '&';
    }
    return out;
}

std::vector<parameter> request_draft::query() const
{
    std::vector<parameter> out;
    for (const slot& s : query_)
        out.push_back(s.get());
    return out;
}

// From here on the server's own query is a list. Messages go on showing it as one mark.
void request_draft::split()
{
    if (whole_.empty()) return;
    if (path_.size() < whole_.size()) {
        for (parameter& p : split_query(whole_.substr(path_.size() + 1))) {
            p.shown.clear();
            query_.emplace_back();
            query_.back().own = std::move(p);
        }
    }
    whole_ = {};
}

// In place of the first of that name, further ones go: two cursors would be anyone's guess.
void request_draft::set(parameter&& p)
{
    split();
    const auto named = [&](const slot& s) { return s.get().name == p.name; };
    const auto first = std::find_if(query_.begin(), query_.end(), named);
    if (first == query_.end()) {
        query_.emplace_back();
        query_.back().own = std::move(p);
        return;
    }
    query_.erase(std::remove_if(first + 1, query_.end(), named), query_.end());
    first->fixed = nullptr;
    first->own = std::move(p);
}

// What the connector set and does not show. The names of a spread object are the server's choice.
bool request_draft::is_secret(std::string_view name) const
{
    return std::any_of(query_.begin(), query_.end(), [&](const slot& s) {
        return s.fixed && s.fixed->name == name && s.fixed->shown != s.fixed->text;
    });
}

const char* request_draft::spread(const value& v)
{
    const std::optional<std::vector<json_member>> members =
        v.kind == json_kind::object ? members_of(v.text) : std::nullopt;
    if (!members) return "only an object can be spread over the query";
    std::set<std::string> names;
    for (const json_member& m : *members) {
        std::string name = unescape(m.name).text;
        if (is_secret(name)) return "a member of it has the name of a secret parameter";
        const auto [stored, fresh] = names.insert(std::move(name));
        if (!fresh) return "a member of it stands there twice";
        std::string text(m.value);
        switch (text.empty() ? '{' : text[0]) {
            case '"': text = unescape(m.value.substr(1, m.value.size() - 2)).text; break;
            case '{':
            case '[': return "a member of it is an object or array, which no parameter can be";
            case 'n': return "a member of it is null, which no parameter can be";
            default: break;
        }
        set(make_hidden_parameter(*stored, text, struck_cursor(text)));
    }
    return nullptr;
}

const char* request_draft::place_header(const std::string& name, std::string_view text)
{
    if (!fits_header(text)) return "it holds octets that cannot go in a header";
    for (header_field& h : headers) {
        if (!equal_ignoring_case(h.name, name)) continue;
        h.value = text;
        return nullptr;
    }
    headers.push_back({name, std::string(text)});
    return nullptr;
}

const char* request_draft::place_path(const std::string& before, std::string_view text)
{
    split();
    path_ = before;
    append_encoded(path_, text);
    // A server or proxy takes a segment of dots out, encoded or not, and asks for another page.
    const std::string_view last = std::string_view(path_).substr(path_.rfind('/') + 1);
    if (last == "." || last == "..") return "as a path segment it would mean a directory";
    shown_path_ = before + struck_cursor(text);
    return nullptr;
}

bool fits_header(std::string_view text) noexcept
{
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    return !text.starts_with(' ') && !text.ends_with(' ') &&
           std::none_of(text.begin(), text.end(), control);
}

}  // namespace catena::codec
