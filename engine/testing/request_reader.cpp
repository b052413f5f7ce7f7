#include "testing/request_reader.hpp"

#include "testing/json_tree.hpp"
#include "testing/url_text.hpp"
#include <catena/core/json_text.hpp>

#include <boost/json/parse.hpp>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace catena::testing {

using place = token_target::place;

struct request_reader::sent {
    std::string method, path;
    std::string_view target;
    std::vector<std::pair<std::string, std::string>> parameters;  // decoded
    std::vector<header_field> headers;
    std::string body;

    [[nodiscard]] const std::string* parameter(std::string_view name) const
    {
        for (const auto& p : parameters)
            if (p.first == name) return &p.second;
        return nullptr;
    }
    [[nodiscard]] const std::string* header(std::string_view name) const
    {
        for (const auto& h : headers)
            if (equal_ignoring_case(h.name, name)) return &h.value;
        return nullptr;
    }
};

namespace {

[[noreturn]] void refuse(const std::string& why, int status = 400)
{
    throw refused_request(status, why);
}

value from_json(std::string_view raw)
{
    if (raw.size() >= 2 && raw.front() == '"')
        return {json_kind::string, unescape(raw.substr(1, raw.size() - 2)).text};
    if (raw == "null") return {json_kind::null, "null"};
    const bool object = raw.front() == '{', array = raw.front() == '[';
    return {object  ? json_kind::object
            : array ? json_kind::array
                    : json_kind::number,
            std::string(raw)};
}

std::optional<std::int64_t> integer(std::string_view text)
{
    std::int64_t n = 0;
    const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (text.empty() || bad != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return n;
}

bool contains(const std::vector<std::string>& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

token_facts facts_of(const connector& c, const behaviour& b, std::size_t token)
{
    const token_source& from = c.next.from[token];
    const token_target& to = c.next.to[token];
    token_facts f{b.token, true, 0};
    f.own =
        from.from != token_source::place::last_record && from.from != token_source::place::counter;
    f.mark = static_cast<std::size_t>(std::count_if(
        c.next.from.begin(), c.next.from.begin() + static_cast<std::ptrdiff_t>(token),
        [](const token_source& s) { return s.from == token_source::place::last_record; }));

    // An object can only go where JSON goes, and only text fits into a URL or a header.
    const bool takes_json = to.to == place::body || to.as == token_target::form::json;
    if (from.from != token_source::place::body || to.to == place::url || to.at == "*" ||
        (f.kind == json_kind::object && !takes_json))
        f.kind = json_kind::string;
    return f;
}

bool given_with(const token_source& s, std::uint64_t page)
{
    if (s.keep) return page % 3 == 0;
    return !s.optional || page % 2 == 0;
}

stamp kept_stamp(std::uint64_t chain, std::uint64_t page)
{
    stamp s;
    s.chain = chain;
    s.nonce = page / 3;
    return s;
}

std::string beside(std::string_view target, std::string_view parameter)
{
    const target_parts parts = split_target(target);
    std::string rest(parts.path);
    for (const auto& [name, text] : parts.parameters)
        if (name != parameter) rest.append("&").append(name).append("=").append(text);
    return rest;
}

request_reader::sent request_reader::initial() const
{
    const request_rule& rule = contract_.request;
    sent s;
    s.method = rule.method;
    const target_parts parts = split_target(target_of(rule.url));
    s.path = parts.path;
    for (const auto& [name, text] : parts.parameters)
        s.parameters.emplace_back(form_decoded(name), form_decoded(text));
    for (const auto& [name, text] : rule.query)
        s.parameters.emplace_back(name, text.value);
    for (const auto& [name, text] : rule.headers)
        s.headers.push_back({name, text.value});
    s.body = rule.body.empty() ? "{}" : rule.body;
    return s;
}

asked request_reader::read(const http_request& ask) const
{
    sent s;
    s.method = ask.method;
    s.target = ask.target;
    const target_parts parts = split_target(ask.target);
    s.path = parts.path;
    for (const auto& [name, text] : parts.parameters)
        s.parameters.emplace_back(form_decoded(name), form_decoded(text));
    s.headers = ask.headers;
    s.body = ask.body.empty() ? "{}" : ask.body;

    check_frame(s);
    check_body(s);
    asked out;
    out.size = read_size(s);
    const auto bound = read_bound(s);
    out.begin = out.query_begin = bound.value_or(0);
    const auto filter = read_filter(contract_, rows_, manner_.filters,
                                    [&](const token_target& to) { return fetch_new(s, to); });
    if (!filter) refuse("a border that is none");
    out.filter = *filter;
    for (std::size_t i = 0; i < contract_.next.from.size(); ++i)
        read_token(s, i, out);
    if (!out.first_page) check_agreement(s, out);
    check_parameters(s, out.first_page);
    return out;
}

void request_reader::check_frame(const sent& s) const
{
    const sent first = initial();
    if (s.method != first.method) refuse("another method", 405);
    bool known = s.path == first.path;
    std::vector<token_target> targets = bound_targets(contract_);
    targets.insert(targets.end(), contract_.next.to.begin(), contract_.next.to.end());
    for (const token_target& to : targets)
        known = known || (to.to == place::path && s.path.starts_with(to.at));
    if (!known) refuse("another path", 404);

    for (std::size_t i = 0; i < s.parameters.size(); ++i)
        if (s.parameter(s.parameters[i].first) != &s.parameters[i].second)
            refuse("a parameter twice: " + s.parameters[i].first);

    for (const auto& [name, text] : contract_.request.headers) {
        const std::string* value = s.header(name);
        const bool credentials = equal_ignoring_case(name, "Authorization");
        const bool right = value != nullptr && (text.is_secret() || *value == text.value);
        if (!right) refuse("header missing or wrong: " + name, credentials ? 401 : 400);
    }
}

void request_reader::check_body(const sent& s) const
{
    boost::system::error_code bad;
    const auto got = boost::json::parse(s.body, bad);
    if (bad || !got.is_object()) refuse("the body is no JSON object");
    if (contract_.request.body.empty()) return;

    std::vector<token_target> targets = bound_targets(contract_);
    targets.insert(targets.end(), contract_.next.to.begin(), contract_.next.to.end());
    targets.push_back(contract_.page_size.to);
    const auto wanted = boost::json::parse(contract_.request.body);
    for (const auto& [name, value] : wanted.as_object()) {
        const auto sets_it = [&name = name](const token_target& to) {
            std::string_view pointer = to.at;
            return to.to == place::body && !pointer.empty() && take_segment(pointer) == name;
        };
        if (std::any_of(targets.begin(), targets.end(), sets_it)) continue;
        const auto found = got.as_object().find(name);
        if (found == got.as_object().end() || found->value() != value)
            refuse("a member of the body is lost or changed: " + std::string(name));
    }
}

std::optional<value> request_reader::fetch(const sent& s, const token_target& to) const
{
    const std::string* text = nullptr;
    switch (to.to) {
        case place::query: text = s.parameter(to.at == "*" ? manner_.url_parameter : to.at); break;
        case place::url: text = s.parameter(manner_.url_parameter); break;
        case place::header: text = s.header(to.at); break;
        case place::path:
            if (!s.path.starts_with(to.at) || s.path.size() == to.at.size()) return std::nullopt;
            return value{json_kind::string, percent_decoded(s.path.substr(to.at.size()))};
        case place::body: {
            const auto raw = raw_at(s.body, to.at);
            if (!raw) return std::nullopt;
            return from_json(*raw);
        }
    }
    if (text == nullptr) return std::nullopt;
    if (to.as == token_target::form::json && !text->empty() && to.to != place::url)
        return from_json(*text);
    return value{json_kind::string, *text};
}

std::optional<value> request_reader::fetch_new(const sent& s, const token_target& to) const
{
    const auto now = fetch(s, to);
    const sent first = initial();
    if (to.to == place::path && s.path == first.path) return std::nullopt;
    if (to.to != place::url && now == fetch(first, to)) return std::nullopt;
    return now;
}

std::uint64_t request_reader::read_size(const sent& s) const
{
    const token_target& to = contract_.page_size.to;
    const auto text = to.at.empty() ? std::nullopt : fetch(s, to);
    if (!text) return manner_.page_size;
    const auto n = integer(text->text);
    if (!n || *n <= 0) refuse("a page size that is no positive number");
    return static_cast<std::uint64_t>(*n);
}

std::optional<std::size_t> request_reader::read_bound(const sent& s) const
{
    const recovery_rule& recover = contract_.expiry.recover;
    if (recover.by != recovery_rule::method::rebuild || recover.to.empty()) return std::nullopt;

    std::vector<value> bound;
    for (const token_target& to : recover.to) {
        auto text = fetch_new(s, to);
        if (!text) break;
        const std::size_t field = bound.size();
        const bool number = rows_.size() > 0 && field < rows_.at(0).key.size() &&
                            rows_.at(0).key[field].kind == json_kind::number;
        if (number) text->kind = json_kind::number;
        bound.push_back(std::move(*text));
    }
    if (bound.empty()) return std::nullopt;
    if (bound.size() != recover.to.size()) refuse("a bound with too few fields");
    return rows_.index_of(bound, recover.includes);
}

void request_reader::read_counter(const token_source& from, const value& text, asked& out) const
{
    const auto n = integer(text.text);
    if (!n || *n < from.start) refuse("a counter below its start, or no number");
    const auto steps = static_cast<std::uint64_t>(*n - from.start);
    const auto rows = from.step == token_source::stride::pages ? steps * out.size : steps;
    out.begin = out.filter.after(out.query_begin, rows);
    out.first_page = rows == 0;
    out.page = (rows + out.size - 1) / out.size;
}

stamp request_reader::read_own(const value& text, std::size_t token) const
{
    const token_facts facts = facts_of(contract_, manner_, token);
    const auto found = codec_.read(text.text, token, facts.kind);
    const bool fits = text.kind == facts.kind || text.kind == json_kind::string;
    if (!found || !fits || !rows_.knows(found->after) || !rows_.knows(found->first))
        refuse("invalid token");
    return *found;
}

void request_reader::read_token(const sent& s, std::size_t token, asked& out) const
{
    const token_source& from = contract_.next.from[token];
    const token_target& to = contract_.next.to[token];
    const token_facts facts = facts_of(contract_, manner_, token);

    // The start of a counter may equal what the first request holds; it is read all the same.
    const bool counts = from.from == token_source::place::counter;
    const auto text = counts ? fetch(s, to) : fetch_new(s, to);
    if (!text || text->kind == json_kind::null) return;
    if (counts) return read_counter(from, *text, out);

    if (facts.own) {
        const stamp found = read_own(*text, token);
        if (from.keep) return;
        if (out.token && *out.token != found) refuse("tokens of different pages");
        out.token = found;
        out.first_page = false;
        out.page = found.page;
        out.size = found.size;
        out.query_begin = rows_.index_after(found.first);
        out.begin = rows_.index_after(found.after);
    } else {
        const auto serial = rows_.find_mark(facts.mark, text->text);
        const std::vector<token_target> bounds = bound_targets(contract_);
        const bool also_bound = std::any_of(bounds.begin(), bounds.end(), [&](const auto& b) {
            return b.to == to.to && b.at == to.at;
        });
        if (!serial && !also_bound) refuse("invalid token");
        if (serial) out.begin = rows_.index_after(*serial);
        out.first_page = false;
        const std::size_t before =
            out.filter.count(std::min(out.begin, out.query_begin), out.begin);
        out.page = (before + out.size - 1) / out.size;
    }
    if (contract_.next.inclusive && out.begin > 0) --out.begin;
}

// Every token that the page before gave is there and comes from that page.
void request_reader::check_agreement(const sent& s, const asked& out) const
{
    for (std::size_t i = 0; i < contract_.next.from.size(); ++i) {
        const token_source& from = contract_.next.from[i];
        if (!facts_of(contract_, manner_, i).own) continue;
        if (!from.keep && (!out.token || !given_with(from, out.token->page - 1))) continue;
        const auto text = fetch_new(s, contract_.next.to[i]);
        if (!text) refuse("a token is missing");
        if (!from.keep || !out.token) continue;
        if (read_own(*text, i) != kept_stamp(out.token->chain, out.token->page - 1))
            refuse("a kept token that is not the last one given");
    }
    const bool by_url = std::any_of(contract_.next.to.begin(), contract_.next.to.end(),
                                    [](const token_target& to) { return to.to == place::url; });
    if (!by_url || !out.token) return;
    for (const auto& [name, text] : split_target(s.target).parameters)
        if (name == manner_.url_parameter && oddly_encoded(form_decoded(text)) != text)
            refuse("invalid token: not the octets that were given");
    if (sum_of(beside(s.target, manner_.url_parameter)) != out.token->beside)
        refuse("the next URL was changed");
}

void request_reader::check_parameters(const sent& s, bool first_page) const
{
    const next_rule& next = contract_.next;
    std::vector<std::string> tokens;
    for (const token_target& to : next.to) {
        if (to.to == place::url && !first_page) return;  // the URL was given by the server itself
        if (to.to == place::query) tokens.push_back(to.at == "*" ? manner_.url_parameter : to.at);
        if (to.to == place::query && to.at == "*") tokens.push_back("continue");
    }
    std::vector<std::string> known = tokens;
    known.insert(known.end(), next.keep.begin(), next.keep.end());
    const bool narrow = next.exclusive && !first_page;
    const sent first = initial();
    if (!narrow) {
        for (const auto& p : first.parameters)
            known.push_back(p.first);
        for (const token_target& to : bound_targets(contract_))
            known.push_back(to.at);
        known.push_back(contract_.page_size.to.at);
    }
    for (const auto& p : s.parameters) {
        if (!contains(known, p.first)) refuse("a parameter that does not belong here: " + p.first);
        if (!first_page && contains(next.drop, p.first) && !contains(tokens, p.first))
            refuse("a parameter of the first page only: " + p.first);
    }
    if (narrow) return;

    const std::vector<token_target> bounds = bound_targets(contract_);
    for (const auto& [name, text] : first.parameters) {
        const bool set_anew = contains(tokens, name) ||
                              std::any_of(bounds.begin(), bounds.end(),
                                          [&name = name](const auto& to) { return to.at == name; });
        if (set_anew || (!first_page && contains(next.drop, name))) continue;
        const std::string* got = s.parameter(name);
        if (got == nullptr) refuse("a parameter is lost: " + name);
        if (*got == text || name == contract_.page_size.to.at) continue;
        const bool secret = std::any_of(
            contract_.request.query.begin(), contract_.request.query.end(),
            [&name = name](const auto& p) { return p.first == name && p.second.is_secret(); });
        if (!secret) refuse("a parameter was changed: " + name);
    }
}

}  // namespace catena::testing
