#include "way.hpp"

#include "ways.hpp"
#include "words.hpp"
#include <catena/codec/link_header.hpp>
#include <catena/codec/next_url.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace probe {

namespace json = boost::json;

using catena::token_source;
using catena::token_target;
using source = catena::token_source::place;
using target = catena::token_target::place;

namespace {

bool any_from(const way& w, source place)
{
    return std::any_of(w.from.begin(), w.from.end(),
                       [&](const token_source& s) { return s.from == place; });
}

std::string characters_of(const json::value& v)
{
    if (const json::string* s = v.if_string()) return std::string(s->data(), s->size());
    return json::serialize(v);
}

std::optional<std::string> body_token(const token_source& from, const page& p)
{
    const json::value* v = find(p.root, from.at);
    if (v == nullptr || v->is_null()) return std::nullopt;
    if (from.where_at.empty()) {
        std::string text = characters_of(*v);
        return text.empty() ? std::nullopt : std::optional(std::move(text));
    }
    const json::array* links = v->if_array();
    for (std::size_t i = 0; links != nullptr && i < links->size(); ++i) {
        const json::value* rel = find((*links)[i], from.where_at);
        const json::value* to = find((*links)[i], from.value_at);
        if (rel != nullptr && to != nullptr && characters_of(*rel) == from.where_equals)
            return characters_of(*to);
    }
    return std::nullopt;
}

// One parameter for each member, as MediaWiki wants.
void spread(catena::request_rule& r, const page& p, const token_source& from)
{
    const json::value* v = find(p.root, from.at);
    if (v == nullptr || !v->is_object()) return;
    for (const auto& [name, value] : v->get_object())
        r.url =
            with_parameter(r.url, std::string_view(name.data(), name.size()), characters_of(value));
}

}  // namespace

bool way::counts() const { return any_from(*this, source::counter); }
bool way::rounds() const
{
    return counts() && from[0].step == token_source::stride::records && !overlaps;
}
bool way::by_record() const { return any_from(*this, source::last_record); }
bool way::by_url() const { return !to.empty() && to[0].to == target::url; }

std::optional<std::string> token_in(const token_source& from, const page& p)
{
    switch (from.from) {
        case source::body: return body_token(from, p);
        case source::header: {
            const auto lines = p.header(from.at);
            if (lines.empty() || lines[0].empty()) return std::nullopt;
            return std::string(lines[0]);
        }
        case source::link: {
            auto link = catena::find_link(p.header("Link"), from.at, p.url);
            return link ? std::move(*link) : std::nullopt;
        }
        case source::last_record: {
            if (p.size() == 0) return std::nullopt;
            const json::value* v = find(p.records->back(), from.at);
            if (v == nullptr || v->is_null()) return std::nullopt;
            return characters_of(*v);
        }
        case source::counter: break;
    }
    return std::nullopt;
}

std::optional<ask> ask_next(const way& w, const page& p, const catena::request_rule& first)
{
    ask out;
    out.request = first;
    for (const std::string& name : w.drop)
        out.request.url = without_parameter(out.request.url, name);
    bool any = false;
    for (std::size_t i = 0; i < w.from.size(); ++i) {
        const bool counts = w.from[i].from == source::counter;
        auto token = counts ? std::to_string(w.value) : token_in(w.from[i], p);
        if (token && w.to[i].as == catena::token_target::form::json && w.by_record())
            token = json::serialize(*find(p.records->back(), w.from[i].at));
        if (!token) continue;
        any = true;
        if (w.to[i].to == target::path) {
            const std::string url = out.request.url;
            const std::size_t path = url.find('/', url.find("://") + 3);
            const std::size_t query = url.find('?');
            out.request.url = url.substr(0, std::min(path, query)) + w.to[i].at + encoded(*token) +
                              (query == std::string::npos ? "" : url.substr(query));
        } else if (w.to[i].to == target::url) {
            catena::url_refusal why{};
            const auto to = catena::resolve_next(p.url, *token, {}, why);
            if (!to || to->same_page) return std::nullopt;
            out.at = to->text();
        } else if (w.to[i].to == target::header) {
            out.request.headers.emplace_back(w.to[i].at, catena::setting(*token));
        } else if (w.to[i].at == "*") {
            spread(out.request, p, w.from[i]);
        } else {
            out.request.url = with_parameter(out.request.url, w.to[i].at, *token);
        }
    }
    if (!any) return std::nullopt;
    out.purpose = "page 2, " + to_text(w);
    return out;
}

std::vector<way> find_ways(const page& p, const catena::request_rule& first,
                           const std::string& parameter, std::vector<question>& told)
{
    std::vector<way> out;
    if (parameter.empty()) out = ways_by_url(p, told);
    const auto add = [&](std::vector<way> more) {
        out.insert(out.end(), std::make_move_iterator(more.begin()),
                   std::make_move_iterator(more.end()));
    };
    const std::optional<flag> more = find_flag(p);
    const bool ended = more && more->now_ends;
    if (p.format == catena::page_format::json) add(ways_by_token(p, first, parameter));
    if (!ended) add(ways_by_counter(p));
    if (!parameter.empty()) return ways_by_parameter(p, parameter, std::move(out), ended);
    if (!ended && out.empty()) add(ways_by_guess(p));
    return out;
}

std::string to_text(const way& w)
{
    std::string out;
    for (std::size_t i = 0; i < w.from.size(); ++i) {
        if (i > 0) out += ", ";
        const token_source& s = w.from[i];
        switch (s.from) {
            case source::body: out += "body " + shown(s.at); break;
            case source::header: out += "header " + shown(s.at); break;
            case source::link: out += "link " + shown(s.at); break;
            case source::last_record: out += "last_record " + shown(s.at); break;
            case source::counter:
                out += s.step == token_source::stride::pages ? "counter of pages"
                                                             : "counter of records";
                out += " from " + std::to_string(s.start);
        }
        const token_target& t = w.to[i];
        out += t.to == target::url      ? std::string(" to url")
               : t.to == target::header ? " to header " + shown(t.at)
               : t.to == target::path   ? " to path " + shown(t.at)
                                        : " to query " + shown(t.at);
    }
    return out;
}

std::optional<flag> find_flag(const page& p)
{
    for (const member& m : p.beside) {
        if (!m.is->is_bool()) continue;
        flag f;
        f.at = m.at;
        if (one_of(m.name, {"hasmore", "hasnext", "hasnextpage", "more", "istruncated", "truncated",
                            "moreitems", "moreresults", "hasmoreitems", "hasmoreresults",
                            "morerecords", "moreavailable", "isnextpage"}))
            f.at_end = false;
        else if (one_of(m.name, {"islast", "islastpage", "last", "lastpage", "done", "finished",
                                 "nomore", "endofresults", "endofrecords", "eof", "iscomplete"}))
            f.at_end = true;
        else
            continue;
        f.now_ends = m.is->get_bool() == f.at_end;
        return f;
    }
    return std::nullopt;
}

}  // namespace probe
