#include "testing/page_writer.hpp"

#include "testing/url_text.hpp"
#include <catena/core/json_text.hpp>
#include <catena/core/key.hpp>

#include <algorithm>
#include <utility>

namespace catena::testing {

using end_kind = end_rule::kind;
using source = token_source::place;

namespace {

std::string as_json(const value& v) { return v.kind == json_kind::string ? quote(v.text) : v.text; }

// Some servers escape every slash.
std::string quoted_url(const std::string& url, bool escape_slashes)
{
    std::string text = quote(url);
    if (!escape_slashes) return text;
    for (std::size_t at = text.find('/'); at != std::string::npos; at = text.find('/', at + 2))
        text.insert(at, 1, '\\');
    return text;
}

// The text of a place as JSON: what reads as a literal stands as one.
std::string literal(const std::string& text)
{
    const bool bare = text == "true" || text == "false" || is_number(text);
    return bare ? text : quote(text);
}

std::string origin_of(std::string_view url)
{
    const std::size_t host = url.find("://") + 3;
    return std::string(url.substr(0, url.find_first_of("/?#", host)));
}

}  // namespace

scripted_answer error_answer(int status, std::string_view message)
{
    scripted_answer out(status);
    out.headers.push_back({"Content-Type", "application/json"});
    out.body =
        R"({"error":{"code":)" + std::to_string(status) + R"(,"message":)" + quote(message) + "}}";
    return out;
}

void page_writer::apply(const sign& s, json_tree& tree, scripted_answer& out) const
{
    const std::string text = s.equals ? *s.equals : s.contains ? "here: " + *s.contains + "." : "1";
    if (s.header) out.headers.push_back({*s.header, text});
    if (s.body) tree.set(*s.body, s.equals ? literal(text) : quote(text));
    if (!s.header && !s.body && (s.equals || s.contains)) tree.set("", text);
}

scripted_answer page_writer::with_sign(const sign& s, int fallback) const
{
    scripted_answer out(s.status.value_or(fallback));
    out.headers.push_back({"Content-Type", "application/json"});
    json_tree tree;
    tree.set("/ok", "false");
    apply(s, tree, out);
    out.body = tree.text();
    return out;
}

scripted_answer page_writer::expired(const stamp& fresh) const
{
    scripted_answer out(410);
    out.headers.push_back({"Content-Type", "application/json"});
    json_tree tree;
    if (contract_.expiry.signs.empty()) {
        tree.set("/message", quote("the token has expired"));
    } else {
        const sign& s = contract_.expiry.signs.front();
        out.status = s.status.value_or(s.body ? 200 : 410);
        apply(s, tree, out);
    }
    if (contract_.expiry.recover.by == recovery_rule::method::token_from)
        tree.set(contract_.expiry.recover.at,
                 as_json(codec_.write(fresh, 0, facts_of(contract_, manner_, 0).kind)));
    out.body = tree.text();
    return out;
}

scripted_answer page_writer::page(const page_plan& p, const http_request& ask) const
{
    const bool lines = contract_.format == page_format::json_lines;
    scripted_answer out;
    out.headers.push_back(
        {"Content-Type", lines ? "application/x-ndjson" : "application/json; charset=utf-8"});
    json_tree tree;
    std::string links;
    if (!manner_.tokens_first && !p.without_records) records(p, tree);
    signals(p, tree, out);
    for (std::size_t i = 0; i < contract_.next.from.size(); ++i)
        token(i, p, ask, tree, out, links);
    if (manner_.tokens_first && !p.without_records) records(p, tree);
    if (!links.empty()) out.headers.push_back({"Link", links});
    out.body = lines ? lines_of(p) : tree.text();
    return out;
}

std::string page_writer::lines_of(const page_plan& p) const
{
    std::string out;
    for (std::size_t n = 0; n < p.rows.size(); ++n)
        out += rows_.at(p.rows[p.swapped ? p.rows.size() - 1 - n : n]).json + '\n';
    return out;
}

void page_writer::records(const page_plan& p, json_tree& tree) const
{
    const bool map = contract_.records.as == records_rule::shape::map;
    std::string text(1, map ? '{' : '[');
    for (std::size_t n = 0; n < p.rows.size(); ++n) {
        const row& r = rows_.at(p.rows[p.swapped ? p.rows.size() - 1 - n : n]);
        if (n > 0) text += ",\n";
        if (map) text += quote(r.key.empty() ? std::to_string(p.begin + n) : r.key.back().text);
        if (map) text += ':';
        text += r.json;
    }
    text += map ? '}' : ']';
    tree.set(contract_.records.at, std::move(text));
}

void page_writer::signals(const page_plan& p, json_tree& tree, scripted_answer& out) const
{
    for (const end_rule& e : contract_.end) {
        const bool more = p.more != p.lying;
        if (e.what == end_kind::flag_false) tree.set(e.at, more ? "true" : "false");
        if (e.what == end_kind::flag_true) tree.set(e.at, more ? "false" : "true");
        if (e.what == end_kind::sign && p.last && e.when.status.value_or(200) == 200)
            apply(e.when, tree, out);
    }
    if (!contract_.total) return;
    const bool pages = contract_.total->counts == total_rule::unit::pages;
    const std::string total = std::to_string(pages ? (p.total + p.size - 1) / p.size : p.total);
    if (contract_.total->from == total_rule::place::body)
        tree.set(contract_.total->at, total);
    else
        out.headers.push_back({contract_.total->at, total});
}

std::string page_writer::next_url(const stamp& next, std::size_t i, const http_request& ask) const
{
    const target_parts parts = split_target(ask.target);
    std::string url(parts.path);
    char mark = '?';
    for (const auto& [raw_name, text] : parts.parameters) {
        const std::string name = form_decoded(raw_name);
        const auto among = [&](const std::vector<std::string>& names) {
            return std::find(names.begin(), names.end(), name) != names.end();
        };
        if (name == manner_.url_parameter || among(contract_.next.drop) ||
            (contract_.next.exclusive && !among(contract_.next.keep)))
            continue;
        url.append(1, mark).append(raw_name).append("=").append(text);
        mark = '&';
    }
    stamp s = next;
    s.beside = sum_of(beside(url, manner_.url_parameter));
    url.append(1, mark).append(manner_.url_parameter).append("=");
    url += oddly_encoded(codec_.write(s, i, json_kind::string).text);
    if (manner_.urls == behaviour::url_form::absolute)
        return origin_of(contract_.request.url) + url;
    return manner_.urls == behaviour::url_form::path ? url : url.substr(parts.path.size());
}

void page_writer::body_token(const token_source& from, const std::optional<std::string>& raw,
                             const page_plan& p, json_tree& tree) const
{
    std::string at = from.at;
    std::optional<std::string> text = raw;
    if (!raw) {
        const end_kind how = contract_.end[manner_.end_by].what;
        if (how == end_kind::null) text = "null";
        if (how == end_kind::empty_string) text = "\"\"";
    }
    if (!from.where_at.empty()) {
        const auto element = [&](const std::string& name, const std::string& inner) {
            json_tree one;
            one.set(from.where_at, quote(name));
            one.set(from.value_at, inner);
            return one.text();
        };
        std::string array = '[' + element("self", quote("https://self.invalid/"));
        if (text) array += ',' + element(from.where_equals + (p.renamed ? "V2" : ""), *text);
        if (text && p.twice) array += ',' + element(from.where_equals, "\"another\"");
        tree.set(at, array + ']');
    } else if (text) {
        if (p.renamed) at += "V2";
        tree.set(at, *text);
        if (p.twice) tree.duplicate(at, "\"another\"");
    }
}

void page_writer::token(std::size_t i, const page_plan& p, const http_request& ask, json_tree& tree,
                        scripted_answer& out, std::string& links) const
{
    const token_source& from = contract_.next.from[i];
    const token_facts facts = facts_of(contract_, manner_, i);
    if (!facts.own || (p.give_token && !given_with(from, p.page))) return;

    const bool by_url = contract_.next.to[i].to == token_target::place::url;
    std::optional<std::string> text;
    if (p.give_token) {
        const stamp s = from.keep ? kept_stamp(p.next.chain, p.page) : p.next;
        text = by_url ? next_url(s, i, ask) : codec_.write(s, i, facts.kind).text;
    }
    const end_kind how = contract_.end[manner_.end_by].what;
    const std::string other = p.renamed ? "-V2" : "";
    switch (from.from) {
        case source::header:
            if (!text && how == end_kind::empty_string) text = "";
            if (text) out.headers.push_back({from.at + other, *text});
            if (text && p.twice) out.headers.push_back({from.at, "another"});
            return;
        case source::link:
            links = "<" + origin_of(contract_.request.url) + "/>; rel=\"first\"";
            if (text) links += ", <" + *text + ">; rel=\"" + from.at + other + "\"; title=\"a, b\"";
            if (text && p.twice) links += ", <?another=1>; rel=\"" + from.at + "\"";
            return;
        default: break;
    }
    if (!text) return body_token(from, std::nullopt, p, tree);
    if (by_url) return body_token(from, quoted_url(*text, p.page % 2 == 1), p, tree);
    if (contract_.next.to[i].at == "*")
        return body_token(
            from,
            "{\"continue\":\"-||\"," + quote(manner_.url_parameter) + ':' + quote(*text) + '}', p,
            tree);
    body_token(from, facts.kind == json_kind::string ? quote(*text) : *text, p, tree);
}

}  // namespace catena::testing
