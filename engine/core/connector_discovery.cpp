#include "core/connector_checks.hpp"
#include "core/json_lexer.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

namespace catena::core {

namespace {

using target_place = token_target::place;
using source_place = token_source::place;

bool has_parameter(std::string_view url, std::string_view name)
{
    for (std::size_t i = url.find('?'); i != std::string_view::npos; i = url.find('&', i + 1))
        if (url.substr(i + 1, url.find_first_of("=&#", i + 1) - i - 1) == name) return true;
    return false;
}

}  // namespace

void connector_check::discovery()
{
    if (!c_.discovery) return;
    const discovery_rule& d = *c_.discovery;
    if (d.query.empty() && d.headers.empty() && d.body.empty())
        flaw("/discovery", "nothing says how the tokens are asked for without the records",
             "add \"query\", as in {\"fields\": \"nextPageToken\"}, \"headers\" or \"body\"");
    for (const auto& [name, text] : d.query) {
        const std::string where = "/discovery/query/" + pointer_token(name);
        plain_text(name, where);
        if (name.empty()) flaw(where, "a query parameter needs a name", "name it");
        value(text, where);
        if (has_parameter(c_.request.url, name))
            flaw(where, "the URL has this parameter too",
                 "move it from request.url to request.query");
        discovery_target(token_target(target_place::query, name), where);
        const auto names = [&name = name](const std::vector<std::string>& list) {
            return std::find(list.begin(), list.end(), name) != list.end();
        };
        if (c_.next.exclusive ? !names(c_.next.keep) : names(c_.next.drop))
            flaw(where, "requests with a token do not carry this parameter",
                 c_.next.exclusive ? "name it in next.keep" : "remove it from next.drop");
    }
    for (const auto& [name, text] : d.headers) {
        const std::string where = "/discovery/headers/" + pointer_token(name);
        request_header(name, where);
        value(text, where);
        discovery_target(token_target(target_place::header, name), where);
    }
    if (!d.body.empty() && json_shape_of(d.body) == json_shape::none)
        flaw("/discovery/body", "the body is not one JSON document", "correct its JSON");
    if (!d.body.empty() && (c_.request.method == "GET" || c_.request.method == "HEAD"))
        flaw("/discovery/body", "a " + c_.request.method + " request has no body",
             "use discovery.query or discovery.headers");
    discovery_tokens();
    discovery_ends();
    if (!flaws_.empty()) return;
    for (const connector_flaw& f : connector_check(tokens_alone(c_)).run())
        flaw("/discovery", "of the request for tokens alone, " + f.pointer + ": " + f.what, f.mend);
}

// What one request sets for itself, the other must not set otherwise.
void connector_check::discovery_target(const token_target& t, const std::string& where)
{
    const auto same = [&](const token_target& other) { return overlap(t, other); };
    const bool token = std::any_of(c_.next.to.begin(), c_.next.to.end(), same);
    if (token) flaw(where, "the token itself goes here", "name another place");
    if (c_.page_size.value != 0 && same(c_.page_size.to))
        flaw(where, "pages of another size have other borders, and records would be lost there",
             "leave the page size as it is");
}

void connector_check::discovery_tokens()
{
    const auto refuse = [&](const std::string& where, const char* why, const char* mend) {
        flaw(where, std::string("with discovery each token is sent twice, by itself: ") + why,
             mend);
    };
    constexpr const char* without = "remove discovery";
    const next_rule& n = c_.next;
    if (n.single_use) refuse("/next/single_use", "these work once", without);
    if (n.may_repeat) refuse("/next/may_repeat", "one token for all pages names none", without);
    if (n.inclusive)
        refuse("/next/inclusive", "nobody drops the record that two pages share", without);
    if (c_.session.any()) refuse("/session", "these belong to one session", without);
    for (std::size_t i = 0; i < n.from.size(); ++i) {
        const source_place from = n.from[i].from;
        if (from == source_place::last_record || from == source_place::counter)
            refuse(item("/next/from", i),
                   from == source_place::counter ? "a counter counts the records that came"
                                                 : "this one comes from a record",
                   "take the token from the body or a header, or remove discovery");
    }
    if (goes_to_url(n))
        refuse("/next/to", "the server's next URL would ask for no records either",
               "send the token alone, or remove discovery");
    if (!c_.range.empty())
        flaw("/range", "a job is cut by range or walked by discovery, and not both",
             "remove one of them; catena::within makes a connector of one part");
    if (c_.window.records != 0)
        flaw("/window", "past a window only the last record's key leads on, and discovery has none",
             "remove window or discovery");
}

void connector_check::discovery_ends()
{
    using kind = end_rule::kind;
    for (std::size_t i = 0; i < c_.end.size(); ++i) {
        const kind k = c_.end[i].what;
        if (k == kind::empty_page || k == kind::short_page || k == kind::total)
            flaw(item("/end", i), "discovery sees no records, and so no end that counts them",
                 "name an end that the token or a flag tells, or remove discovery");
    }
}

}  // namespace catena::core
