#include "core/connector_checks.hpp"
#include "core/json_lexer.hpp"
#include <catena/connector.hpp>
#include <catena/core/http.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace catena {

setting setting::from_environment(std::string name, std::string prefix)
{
    setting s;
    s.from = source::environment;
    s.value = std::move(name);
    s.prefix = std::move(prefix);
    return s;
}

setting setting::from_file(std::string path, std::string prefix)
{
    setting s = from_environment(std::move(path), std::move(prefix));
    s.from = source::file;
    return s;
}

token_source token_source::counter(std::int64_t start, stride step)
{
    token_source s;
    s.from = place::counter;
    s.start = start;
    s.step = step;
    return s;
}

std::vector<connector_flaw> validate(const connector& c) { return core::connector_check(c).run(); }

namespace core {
namespace {

using source_place = token_source::place;
using target_place = token_target::place;

bool is_flag(const end_rule& e) noexcept
{
    return e.what == end_rule::kind::flag_false || e.what == end_rule::kind::flag_true;
}

}  // namespace

std::vector<connector_flaw> connector_check::run()
{
    plain_text(c_.name, "/name");
    request();
    json_pointer(c_.records.at, "/records/at");
    keys();
    next();
    ends();
    self();
    sizes();
    if (c_.format == page_format::xml) pages_of_xml();
    if (c_.format == page_format::json_lines) pages_of_lines();
    expiry();
    apart();
    ranges();
    for (std::size_t i = 0; i < c_.errors.size(); ++i)
        test(c_.errors[i].when, item("/errors", i) + "/when");
    limits();
    auth();
    session();
    signals();
    origins();
    discovery();
    return std::move(flaws_);
}

void connector_check::request()
{
    const request_rule& r = c_.request;
    url(r.url, "/request/url");
    header_name(r.method, "/request/method");

    for (auto p = r.query.begin(); p != r.query.end(); ++p) {
        const std::string where = "/request/query/" + pointer_token(p->first);
        plain_text(p->first, where);
        if (p->first.empty()) flaw(where, "a query parameter needs a name", "name it");
        value(p->second, where);
        const bool apart = p != r.query.begin() && (p - 1)->first != p->first &&
                           std::any_of(r.query.begin(), p,
                                       [&](const auto& other) { return other.first == p->first; });
        if (apart)
            flaw(where, "the values of one parameter stand apart", "list them one after another");
    }
    for (auto h = r.headers.begin(); h != r.headers.end(); ++h) {
        const std::string where = "/request/headers/" + pointer_token(h->first);
        request_header(h->first, where);
        value(h->second, where);
        const bool again = std::any_of(r.headers.begin(), h, [&](const auto& other) {
            return equal_ignoring_case(other.first, h->first);
        });
        if (again) flaw(where, "this header is set twice", "keep one");
    }
    if (r.body.empty()) return;
    if (r.method == "GET" || r.method == "HEAD")
        flaw("/request/body", "a " + r.method + " request has no body",
             "set request.method to POST");
    if (json_shape_of(r.body) == json_shape::none)
        flaw("/request/body", "the body is not one JSON document", "correct its JSON");
}

void connector_check::keys()
{
    for (std::size_t i = 0; i < c_.key.size(); ++i) {
        json_pointer(c_.key[i].at, item("/key", i) + "/at");
        for (std::size_t j = 0; j < i; ++j)
            if (c_.key[i].at == c_.key[j].at)
                flaw(item("/key", i), "this field is in the key already", "remove it");
    }
    if (c_.sorted != order::none && c_.key.empty())
        flaw("/order", "an order needs a key to be told by",
             "add \"key\", the fields the server sorts by");
    if (c_.ties && c_.key.size() < 2)
        flaw("/ties",
             "records that share the leading key field need another field to tell them apart",
             "add a second field to \"key\", mostly the id");
    if (c_.ties && c_.sorted == order::none)
        flaw("/ties", "ties mean something only in an order", "set \"order\", or remove \"ties\"");
}

void connector_check::next()
{
    const next_rule& n = c_.next;
    if (n.from.empty())
        flaw("/next/from", "nothing says where the next page's token comes from",
             "add \"next\": {\"from\": ..., \"to\": ...}");
    for (std::size_t i = 0; i < n.from.size(); ++i)
        source(n.from[i], item("/next/from", i));
    for (std::size_t i = 0; i < n.to.size(); ++i)
        target(n.to[i], item("/next/to", i));
    if (n.from.size() != n.to.size())
        flaw("/next/to",
             std::to_string(n.from.size()) + " in from, but " + std::to_string(n.to.size()) +
                 " in to",
             "give each token one target, in the same order");
    tokens_and_targets();
    parameters();

    if (n.inclusive && c_.key.empty())
        flaw("/next/inclusive", "without a key a repeated record cannot be known", "add \"key\"");
    if (n.inclusive && c_.page_size.value == 1)
        flaw("/page_size/value", "an inclusive page of one record brings nothing new",
             "use at least 2");
    if (n.single_use && n.may_repeat)
        flaw("/next/may_repeat", "a token that works once cannot serve the whole walk",
             "remove single_use or may_repeat");
    for (std::size_t i = 0; i < n.ignore.size(); ++i)
        member_pointer(n.ignore[i], item("/next/ignore", i));
}

void connector_check::tokens_and_targets()
{
    const next_rule& n = c_.next;
    for (std::size_t i = 0; i < std::min(n.from.size(), n.to.size()); ++i) {
        const source_place from = n.from[i].from;
        const bool counts = from == source_place::counter;
        if (n.to[i].to == target_place::url && (counts || from == source_place::last_record))
            flaw(item("/next/to", i), "a " + name_of(from) + " is no URL",
                 "put it in a query, body, header or path");
        const bool from_json = from == source_place::body || from == source_place::last_record;
        if (n.to[i].to == target_place::query && n.to[i].at == "*" && !from_json)
            flaw(item("/next/to", i), "only a JSON object can be spread over query parameters",
                 "name one parameter, or take the token from a body");
        if (from == source_place::link && n.to[i].to != target_place::url)
            flaw(item("/next/to", i), "a link is a URL", "use {\"url\": true}");
    }
    const bool to_url = goes_to_url(n);
    for (std::size_t i = 0; to_url && i < n.to.size(); ++i)
        if (n.to[i].to == target_place::query || n.to[i].to == target_place::path)
            flaw(item("/next/to", i), "the next URL replaces path and query",
                 "remove this target, or the one to the URL");

    if (c_.request.body.empty() || json_shape_of(c_.request.body) != json_shape::other) return;
    for (std::size_t i = 0; i < n.to.size(); ++i)
        if (n.to[i].to == target_place::body)
            flaw(item("/next/to", i), "the request's body is no JSON object to put it in",
                 "make request.body an object");
}

void connector_check::parameters()
{
    const next_rule& n = c_.next;
    const auto goes_to_query = [&](std::string_view name) {
        return std::any_of(n.to.begin(), n.to.end(), [&](const token_target& t) {
            return t.to == target_place::query && (name.empty() || t.at == name);
        });
    };
    const bool to_url = goes_to_url(n);
    for (std::size_t i = 0; i < n.drop.size(); ++i) {
        plain_text(n.drop[i], item("/next/drop", i));
        if (n.drop[i].empty() || goes_to_query(n.drop[i]))
            flaw(item("/next/drop", i), "this would drop the token itself", "remove it from drop");
    }
    if (to_url && !n.drop.empty())
        flaw("/next/drop", "the next URL is sent as the server gave it", "remove drop");
    if (n.exclusive && !goes_to_query({}))
        flaw("/next/exclusive", "no token goes to a query parameter", "remove exclusive");
    if (!n.exclusive && !n.keep.empty())
        flaw("/next/keep", "keep names what stays beside an exclusive token",
             "set \"exclusive\": true, or remove keep");
    for (std::size_t i = 0; i < n.keep.size(); ++i)
        plain_text(n.keep[i], item("/next/keep", i));
}

void connector_check::ends()
{
    std::string flag_seen;
    for (std::size_t i = 0; i < c_.end.size(); ++i)
        one_end(c_.end[i], i, flag_seen);
    can_end();
}

void connector_check::one_end(const end_rule& e, std::size_t index, std::string& flag_seen)
{
    const std::string where = item("/end", index);
    if (is_flag(e)) {
        const bool ends_at_true = e.what == end_rule::kind::flag_true;
        member_pointer(e.at, where + (ends_at_true ? "/true" : "/false"));
        if (!flag_seen.empty())
            flaw(where, "there is a flag already, at " + flag_seen,
                 "keep the one that the API documents");
        flag_seen = where;
    } else if (e.what == end_rule::kind::sign) {
        test(e.when, where);
    } else {
        const bool again =
            std::any_of(c_.end.begin(), c_.end.begin() + static_cast<std::ptrdiff_t>(index),
                        [&](const end_rule& other) { return other.what == e.what; });
        if (again) flaw(where, "this end is named twice", "remove it");
    }
    if (e.what == end_rule::kind::total && !c_.total)
        flaw(where, "nothing says where the total stands", "add \"total\": {\"body\": \"/total\"}");
    if (e.what == end_rule::kind::same_token && c_.next.may_repeat)
        flaw(where, "a token that may repeat cannot end the walk by repeating",
             "remove same_token or next.may_repeat");
}

void connector_check::can_end()
{
    if (c_.end.empty())
        return flaw("/end", "nothing says when the last page has come",
                    "add \"end\", as in [\"missing\", \"null\"]; see docs/connectors.md");
    if (c_.next.from.empty()) return;

    const bool token_decides = std::any_of(
        c_.next.from.begin(), c_.next.from.end(),
        [](const token_source& s) { return s.from != source_place::counter && !s.keep; });
    const bool only_by_token = std::all_of(c_.end.begin(), c_.end.end(), [](const end_rule& e) {
        return e.what == end_rule::kind::missing || e.what == end_rule::kind::null ||
               e.what == end_rule::kind::empty_string || e.what == end_rule::kind::same_token;
    });
    if (!token_decides && only_by_token)
        flaw("/end", "a counter or kept token is never absent, so this walk would not end",
             "name empty_page, short_page, total, a flag or a sign");
}

void connector_check::sizes()
{
    page_size();
    if (c_.total && c_.total->from == total_rule::place::header)
        header_name(c_.total->at, "/total/header");
    else if (c_.total)
        member_pointer(c_.total->at, "/total/body");
    window();
}

}  // namespace core
}  // namespace catena
