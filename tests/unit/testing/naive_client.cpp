#include "naive_client.hpp"

#include "testing/json_tree.hpp"
#include <catena/core/json_text.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <optional>
#include <utility>

namespace catena::testing {

namespace json = boost::json;
using place_to = token_target::place;
using place_from = token_source::place;
using end_kind = end_rule::kind;

namespace {

std::string text_of(const std::string& raw)
{
    return raw.size() > 1 && raw[0] == '"'
               ? unescape(std::string_view(raw).substr(1, raw.size() - 2)).text
               : raw;
}

std::string header(const scripted_answer& a, const std::string& name)
{
    for (const auto& h : a.headers)
        if (equal_ignoring_case(h.name, name)) return h.value;
    return {};
}

std::string raw_text(const std::string& body, const std::string& pointer)
{
    return std::string(raw_at(body, pointer).value_or(""));
}

std::string path_and_query(const std::string& url)
{
    const auto scheme = url.find("://");
    return scheme == std::string::npos ? url : url.substr(url.find('/', scheme + 3));
}

// The octets of the last element of an array of objects, which ends with that element.
std::string last_record(const std::string& array)
{
    std::size_t at = array.rfind("\n{");
    at = at == std::string::npos ? array.find('{') : at + 1;
    return array.substr(at, array.size() - at - 1);
}

json::array records_of(const connector& c, const scripted_answer& a)
{
    json::error_code bad;
    const json::value body = json::parse(a.body, bad);
    if (bad) return {};
    const json::value* at = body.find_pointer(c.records.at, bad);
    if (at == nullptr) return {};
    if (at->is_array()) return at->get_array();
    json::array list;
    if (at->is_object())
        for (const auto& member : at->get_object())
            list.push_back(member.value());
    return list;
}

}  // namespace

std::string encoded(const std::string& text)
{
    std::string out;
    for (const char c : text) {
        char hex[4];
        std::snprintf(hex, sizeof hex, "%%%02X", static_cast<unsigned char>(c));
        const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                           std::string_view("-._~").find(c) != std::string_view::npos;
        out += plain ? std::string(1, c) : hex;
    }
    return out;
}

void naive_client::place(const token_target& to, const std::string& raw, http_request& r,
                         std::string& query, std::vector<std::string>& body) const
{
    const std::string text = to.as == token_target::form::json ? raw : text_of(raw);
    const json::value spread = to.at == "*" ? json::parse(raw) : json::value(json::object());
    switch (to.to) {
        case place_to::query:
            if (to.at != "*") {
                query += '&' + to.at + '=' + encoded(text);
                break;
            }
            for (const auto& member : spread.as_object())
                query += '&' + std::string(member.key()) + '=' +
                         encoded(text_of(raw_text(raw, '/' + std::string(member.key()))));
            break;
        case place_to::header: r.headers.push_back({to.at, text}); break;
        case place_to::path: r.target = to.at + encoded(text); break;
        case place_to::body: body.push_back(to.at + '\n' + raw); break;
        case place_to::url: r.target = path_and_query(text); break;
    }
}

http_request naive_client::request() const
{
    http_request r;
    r.method = contract_.request.method;
    r.target = path_and_query(contract_.request.url);
    for (const auto& [name, value] : contract_.request.headers)
        r.headers.push_back({name, value.value});

    const bool first = tokens_.empty();
    const bool narrow = contract_.next.exclusive && !first;
    const auto among = [](const auto& list, const std::string& name) {
        return std::find(list.begin(), list.end(), name) != list.end();
    };
    std::vector<std::string> replaced;
    for (const token_target& to : contract_.next.to)
        if (!first && to.to == place_to::query) replaced.push_back(to.at);
    std::string query;
    for (const auto& [name, value] : contract_.request.query) {
        if (among(replaced, name) || (!first && among(contract_.next.drop, name))) continue;
        if (narrow && !among(contract_.next.keep, name)) continue;
        query += '&' + name + '=' + encoded(value.value);
    }
    std::vector<std::string> body;
    if (contract_.page_size.value > 0 && !narrow)
        place(contract_.page_size.to, std::to_string(contract_.page_size.value), r, query, body);

    const bool by_url = !first && contract_.next.to.front().to == place_to::url;
    for (std::size_t i = 0; i < tokens_.size(); ++i)
        if (!tokens_[i].empty()) place(contract_.next.to[i], tokens_[i], r, query, body);
    if (by_url && r.target.starts_with("?"))
        r.target = path_and_query(contract_.request.url) + r.target;
    if (!by_url && !query.empty()) r.target += '?' + query.substr(1);

    json_tree tree;
    const std::string& initial = contract_.request.body;
    const json::value given = json::parse(initial.empty() ? "{}" : initial);
    for (const auto& member : given.as_object()) {
        const std::string at = '/' + std::string(member.key());
        const json::value& value = member.value();
        if (!value.is_object()) tree.set(at, json::serialize(value));
        if (value.is_object())
            for (const auto& inner : value.get_object())
                tree.set(at + '/' + std::string(inner.key()), json::serialize(inner.value()));
    }
    for (const std::string& b : body) {
        const auto line = b.find('\n');
        tree.set(b.substr(0, line), b.substr(line + 1));
    }
    if (!initial.empty() || !body.empty()) r.body = tree.text();
    return r;
}

std::string naive_client::token_in(const token_source& s, const scripted_answer& a,
                                   const json::array& records) const
{
    switch (s.from) {
        case place_from::body: {
            if (s.where_at.empty()) return raw_text(a.body, s.at);
            const json::value list = json::parse(raw_text(a.body, s.at));
            for (const json::value& one : list.as_array()) {
                const std::string text = json::serialize(one);
                if (text_of(raw_text(text, s.where_at)) == s.where_equals)
                    return raw_text(text, s.value_at);
            }
            return {};
        }
        case place_from::header: {
            const std::string text = header(a, s.at);
            return text.empty() ? text : quote(text);
        }
        case place_from::link: {
            const std::string all = header(a, "Link");
            const auto rel = all.find("rel=\"" + s.at + '"');
            if (rel == std::string::npos) return {};
            const auto open = all.rfind('<', rel);
            return quote(all.substr(open + 1, all.find('>', open) - open - 1));
        }
        case place_from::last_record:
            if (records.empty()) return {};
            return raw_text(last_record(raw_text(a.body, contract_.records.at)), s.at);
        case place_from::counter: {
            const auto steps = s.step == token_source::stride::pages ? pages_ : count_;
            return std::to_string(s.start + static_cast<std::int64_t>(steps));
        }
    }
    return {};
}

bool naive_client::ends(const scripted_answer& a, std::size_t got) const
{
    const std::size_t size = contract_.page_size.value;
    for (const end_rule& e : contract_.end) {
        const std::string flag = e.at.empty() ? "" : raw_text(a.body, e.at);
        const std::string token = tokens_.empty() ? "" : tokens_.front();
        switch (e.what) {
            case end_kind::missing:
                if (std::all_of(tokens_.begin(), tokens_.end(), [](auto& t) { return t.empty(); }))
                    return true;
                break;
            case end_kind::null:
                if (token == "null") return true;
                break;
            case end_kind::empty_string:
                if (token == "\"\"") return true;
                break;
            case end_kind::empty_page:
                if (got == 0) return true;
                break;
            case end_kind::short_page:
                if (got < size) return true;
                break;
            case end_kind::same_token:
                if (!sent_.empty() && sent_ == tokens_) return true;
                break;
            case end_kind::total: {
                const std::string total = contract_.total->from == total_rule::place::body
                                              ? raw_text(a.body, contract_.total->at)
                                              : header(a, contract_.total->at);
                if (std::stoull(total) <= count_) return true;
                break;
            }
            case end_kind::flag_false:
                if (flag == "false") return true;
                break;
            case end_kind::flag_true:
                if (flag == "true") return true;
                break;
            case end_kind::sign:
                if (e.when.body && text_of(raw_text(a.body, *e.when.body)) == e.when.equals)
                    return true;
                break;
        }
    }
    return false;
}

bool naive_client::take(const scripted_answer& a, walked& into)
{
    into.last = a;
    if (a.status != 200) {
        for (const end_rule& e : contract_.end)
            into.complete =
                into.complete || (e.what == end_kind::sign && e.when.status == a.status);
        return false;
    }
    json::array records = records_of(contract_, a);
    const std::size_t got = records.size();
    if (contract_.next.inclusive && !tokens_.empty() && got > 0) records.erase(records.begin());
    into.records.insert(into.records.end(), records.begin(), records.end());
    count_ += records.size();
    ++pages_;
    ++into.pages;

    sent_ = tokens_;
    tokens_.resize(contract_.next.from.size());
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
        std::string found = token_in(contract_.next.from[i], a, records);
        if (!found.empty() || !contract_.next.from[i].keep) tokens_[i] = std::move(found);
    }
    into.complete = ends(a, got);
    return !into.complete;
}

walked naive_client::walk(std::size_t most_pages)
{
    walked out;
    for (std::size_t n = 0; n < most_pages; ++n)
        if (!take(exchange_(request()), out)) break;
    return out;
}

}  // namespace catena::testing
