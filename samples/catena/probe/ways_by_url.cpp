#include "ways.hpp"
#include "words.hpp"
#include <catena/codec/link_header.hpp>
#include <catena/codec/next_url.hpp>

#include <boost/json/object.hpp>

#include <string_view>
#include <utility>

namespace probe {

namespace json = boost::json;

using catena::token_source;
using catena::token_target;

namespace {

way to_url(token_source from, std::string evidence)
{
    way w;
    w.from.push_back(std::move(from));
    w.to.emplace_back(token_target::place::url, "");
    w.evidence = std::move(evidence);
    return w;
}

/* Adds a way whose URL may be followed. Where it may not, its query still shows how pages are
   asked for: a number that the request did not carry. */
void add(const page& p, way w, std::string_view reference, const std::string& place,
         std::vector<way>& out, std::vector<question>& told)
{
    catena::url_refusal why{};
    const auto to = catena::resolve_next(p.url, reference, {}, why);
    if (to && !to->same_page) {
        out.push_back(std::move(w));
        return;
    }
    if (to) return;
    const std::string reason = catena::to_text(why);
    told.push_back({"the next URL at " + place + " may not be followed (" + reason + ")",
                    why == catena::url_refusal::cross_origin
                        ? "if you trust where it leads, name that origin in `origins` by hand"
                        : "ask the API's owner, or find a request whose pages lead on over https"});
    for (const parameter& each : parameters_of(reference)) {
        const auto value =
            whole(json::value(json::string_view(each.text.data(), each.text.size())));
        const auto sent = parameter_of(p.url, each.name);
        if (!value || sent == each.text) continue;
        const auto n = static_cast<std::int64_t>(p.size());
        if (*value == 2)
            out.push_back(counter_way(each.name, 1, token_source::stride::pages, p.size()));
        else if (n > 1 && *value == n)
            out.push_back(counter_way(each.name, 0, token_source::stride::records, p.size()));
    }
}

bool looks_like_url(std::string_view text, const page& p)
{
    if (text.starts_with("http://") || text.starts_with("https://") || text.starts_with("?"))
        return true;
    const std::size_t query = text.find('?');
    if (query != std::string_view::npos && text.find('=', query) != std::string_view::npos)
        return true;
    return text.starts_with("/") && !text.starts_with("//") &&
           (path_of(text) == path_of(p.url) || text.size() > path_of(p.url).size());
}

bool names_next_url(const member& m)
{
    for (const char* end : {"next", "nextlink", "nexturl", "nexthref", "nexturi", "nextpath",
                            "nextpage", "nextpageurl", "nextpagelink", "nextpageuri",
                            "nextrecordsurl", "nextpagehref", "nextresults"})
        if (m.name.ends_with(end)) return true;
    if (m.name.find("more") != std::string::npos && m.name.ends_with("url")) return true;
    return one_of(m.name, {"href", "url", "uri", "link"}) &&
           one_of(m.holder, {"next", "nextpage", "nextlink"});
}

// {"rel": "next", "href": ...} in an array.
void links_in(const page& p, const member& m, std::vector<way>& out, std::vector<question>& told)
{
    const json::array* links = m.is->if_array();
    if (links == nullptr || m.at == p.records_at) return;
    for (const json::value& each : *links) {
        const json::object* link = each.if_object();
        if (link == nullptr) continue;
        for (const char* rel : {"rel", "relation"})
            for (const char* target : {"href", "url", "uri"}) {
                const json::value* r = link->if_contains(rel);
                const json::value* t = link->if_contains(target);
                if (r == nullptr || t == nullptr || !r->is_string() || !t->is_string() ||
                    r->get_string() != "next")
                    continue;
                token_source from(token_source::place::body, m.at);
                from.where_at = std::string("/") + rel;
                from.where_equals = "next";
                from.value_at = std::string("/") + target;
                const json::string& url = t->get_string();
                add(p,
                    to_url(std::move(from), "page 1 has a link of relation next in " + shown(m.at)),
                    {url.data(), url.size()}, shown(m.at), out, told);
            }
    }
}

}  // namespace

std::vector<way> ways_by_url(const page& p, std::vector<question>& told)
{
    std::vector<way> out;
    const auto link = catena::find_link(p.header("Link"), "next", p.url);
    if (link && *link)
        add(p,
            to_url(token_source(token_source::place::link, "next"),
                   "page 1 has a Link header with rel=next"),
            **link, "the Link header", out, told);
    if (!link) told.push_back({"the Link header cannot be read", "look at it with curl -i"});
    for (const member& m : p.beside) {
        links_in(p, m, out, told);
        const json::string* url = m.is->if_string();
        if (url == nullptr || !names_next_url(m)) continue;
        const std::string_view text(url->data(), url->size());
        if (looks_like_url(text, p))
            add(p,
                to_url(token_source(token_source::place::body, m.at),
                       "page 1 has a URL at " + shown(m.at)),
                text, shown(m.at), out, told);
    }
    return out;
}

}  // namespace probe
