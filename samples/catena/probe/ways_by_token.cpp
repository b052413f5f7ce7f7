#include "ways.hpp"
#include "words.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace probe {

namespace json = boost::json;

using catena::token_source;
using catena::token_target;

namespace {

struct pair_of_names {
    const char* token;  // as plain() has it
    std::vector<std::string> parameters;
};

// Where tokens go by custom. What is tried is what a server is asked: few and likely ones.
const std::vector<pair_of_names>& customs()
{
    static const std::vector<pair_of_names> all = {
        {"nextpagetoken", {"pageToken", "page_token"}},
        {"nextcursor", {"cursor"}},
        {"nextcursormark", {"cursorMark"}},
        {"cursor", {"cursor"}},
        {"next", {"cursor", "next", "after"}},
        {"after", {"after", "page[after]"}},
        {"aftercursor", {"after", "page[after]"}},
        {"endcursor", {"after", "cursor"}},
        {"continue", {"continue"}},
        {"continuation", {"continuation"}},
        {"continuationtoken", {"continuationToken", "continuation_token"}},
        {"nextcontinuationtoken", {"continuationToken", "continuation_token"}},
        {"lastseq", {"since"}},
        {"end", {"from"}},
        {"nextbatch", {"since", "from"}},
        {"nextmarker", {"marker"}},
        {"marker", {"marker"}},
        {"bookmark", {"bookmark"}},
        {"nextbookmark", {"bookmark"}},
        {"nextoffset", {"offset"}},
        {"offset", {"offset"}},
        {"nextstart", {"start"}},
        {"nextstartat", {"startAt"}},
        {"nextpage", {"page"}},
        {"nextpagenumber", {"page", "pageNumber"}},
        {"nextpageid", {"page_id", "page"}},
        {"nextpagecursor", {"cursor", "page_cursor"}},
        {"resumptiontoken", {"resumptionToken"}},
        {"paginationtoken", {"paginationToken", "pagination_token"}},
        {"nextid", {"after", "next_id"}},
        {"nextkey", {"key", "startKey"}},
    };
    return all;
}

bool is_snake(std::string_view name)
{
    return name.find('_') != std::string_view::npos ||
           std::none_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// "next_page_token" without its "next": "page_token"; "nextPageToken": "pageToken".
std::string without_next(std::string name)
{
    if (name.size() <= 5 || plain(name).rfind("next", 0) != 0) return name;
    name.erase(0, 4);
    while (!name.empty() && (name[0] == '_' || name[0] == '-'))
        name.erase(0, 1);
    if (!name.empty() && name[0] >= 'A' && name[0] <= 'Z') name[0] |= 0x20;
    return name;
}

void append(std::vector<std::string>& to, const std::string& name)
{
    if (!name.empty() && std::find(to.begin(), to.end(), name) == to.end()) to.push_back(name);
}

std::vector<std::string> parameters_for(const member& m, const page& p)
{
    std::vector<std::string> likely;
    for (const pair_of_names& custom : customs())
        if (m.name == custom.token)
            for (const std::string& each : custom.parameters)
                append(likely, each);
    const bool snake = is_snake(m.written);
    std::stable_partition(likely.begin(), likely.end(),
                          [&](const std::string& each) { return is_snake(each) == snake; });
    const std::vector<parameter> sent = parameters_of(p.url);
    if (std::any_of(sent.begin(), sent.end(),
                    [](const parameter& each) { return each.name.starts_with("page["); }))
        std::stable_partition(likely.begin(), likely.end(),
                              [](const std::string& each) { return each.starts_with("page["); });
    // A number is one of the URL's, gone up; else a page's.
    const auto number = m.is->is_int64() ? whole(*m.is) : std::nullopt;
    std::vector<std::string> counters;
    for (const parameter& each : sent) {
        const auto now = whole(json::value(json::string_view(each.text)));
        if (number && now && *now >= 0 && *number > *now &&
            (*number == *now + 1 || *number == *now + static_cast<std::int64_t>(p.size())))
            counters.push_back(each.name);
    }
    if (number && counters.empty() && m.name == "next")
        counters = *number <= 2 ? std::vector<std::string>{"page", "_page"}
                                : std::vector<std::string>{"offset", "start"};
    if (m.name != "lastseq") likely.insert(likely.begin(), counters.begin(), counters.end());
    append(likely, without_next(m.written));
    append(likely, m.written);
    append(likely, "cursor");
    append(likely, "page_token");
    append(likely, "after");
    // A parameter of that name in the URL is the one, as in cursor=*.
    const auto in_url = [&](const std::string& each) {
        return std::any_of(sent.begin(), sent.end(),
                           [&](const parameter& one) { return one.name == each; });
    };
    std::stable_partition(likely.begin(), likely.end(), in_url);
    std::vector<std::string> once;
    for (const std::string& each : likely)
        append(once, each);
    return once;
}

// How much a name says that a token for the next page stands there; 0: nothing.
int token_rank(const member& m)
{
    for (const char* other : {"prev", "first", "last", "self", "before", "start", "refresh", "sync",
                              "delta", "access", "auth", "csrf", "total", "count"}) {
        const std::string_view word = other;
        if (m.holder.find("prev") != std::string::npos) return 0;
        if (m.name.find(word) != std::string::npos && m.name.rfind("next", 0) != 0 &&
            m.name != "lastseq")
            return 0;
    }
    if (m.name.rfind("next", 0) == 0) return m.name == "next" ? 95 : 100;
    if (m.name.find("continu") != std::string::npos) return 90;
    if (one_of(m.name, {"after", "aftercursor", "endcursor"})) return 85;
    if (m.name.find("cursor") != std::string::npos) return 80;
    if (one_of(m.name, {"pagetoken", "resumptiontoken", "paginationtoken", "bookmark", "marker",
                        "offset", "lastseq"}))
        return 60;
    return 0;
}

bool can_be_token(const member& m)
{
    if (const json::string* s = m.is->if_string())
        return !s->empty() && s->size() <= 64 * 1024 && (m.name != "offset" || !whole(*m.is));
    const bool number = m.is->is_int64() && m.is->get_int64() > 0;
    return number && (m.name.rfind("next", 0) == 0 || m.name == "lastseq");
}

void from_headers(const page& p, std::vector<way>& out)
{
    way parts;
    for (const catena::header_field& h : p.raw.headers) {
        const std::string name = plain(h.name);
        if (h.value.empty() || h.value.size() > 64 * 1024) continue;
        const token_source from(token_source::place::header, h.name);
        if (name.rfind("xmscontinuation", 0) == 0 && name.size() > 15) {
            parts.from.push_back(from);
            parts.from.back().optional = parts.from.size() > 1;
            parts.to.emplace_back(token_target::place::query, h.name.substr(h.name.rfind('-') + 1));
            parts.evidence =
                "page 1 has headers " + shown(h.name.substr(0, h.name.rfind('-'))) + "-*";
            continue;
        }
        way w;
        w.from = {from};
        w.evidence = "page 1 has a header " + shown(h.name);
        if (name == "xnextpage" || name == "xnextcursor") {
            w.to.emplace_back(token_target::place::query, name == "xnextpage" ? "page" : "cursor");
            out.push_back(w);
        } else if (name.find("continuation") != std::string::npos ||
                   name.find("nexttoken") != std::string::npos ||
                   name.find("nextcursor") != std::string::npos ||
                   name.find("nextmarker") != std::string::npos) {
            w.to.emplace_back(token_target::place::header, h.name);
            out.push_back(w);
            const bool next = name.ends_with("nexttoken");
            const char* parameter_name = next ? "next_token" : "continuationToken";
            w.to = {token_target(token_target::place::query, parameter_name)};
            out.insert(next ? out.end() - 1 : out.end(), w);
        }
    }
    if (!parts.from.empty()) out.push_back(std::move(parts));
}

way by_token(const member& m, const std::string& parameter)
{
    way w;
    w.from.emplace_back(token_source::place::body, m.at);
    w.to.emplace_back(token_target::place::query, parameter);
    w.evidence = "page 1 has a token at " + shown(m.at);
    return w;
}

}  // namespace

std::vector<way> ways_by_token(const page& p, const catena::request_rule& first,
                               const std::string& parameter)
{
    std::vector<way> out;
    std::vector<const member*> tokens;
    for (const member& m : p.beside) {
        if (m.name == "continue" && m.is->is_object() && !m.is->get_object().empty()) {
            out.push_back(by_token(m, "*"));
            return out;
        }
        const bool of_events = m.at == "/end" && p.records_at == "/chunk";  // as Matrix has them
        if ((token_rank(m) > 0 || of_events) && can_be_token(m)) tokens.push_back(&m);
    }
    std::stable_sort(tokens.begin(), tokens.end(), [](const member* a, const member* b) {
        return token_rank(*a) > token_rank(*b);
    });
    for (const member* m : tokens)
        for (const std::string& each :
             parameter.empty() ? parameters_for(*m, p) : std::vector{parameter})
            out.push_back(by_token(*m, each));
    for (const member& m : p.beside)
        if (m.at == "/_scroll_id" && can_be_token(m)) {
            way w = by_token(m, "");
            w.to[0] = token_target(token_target::place::path, "/_search/scroll/");
            w.may_repeat = true;
            if (parameter_of(first.url, "size")) w.drop.emplace_back("size");
            out.push_back(std::move(w));
        }
    // Kubernetes refuses a resource version beside a token.
    for (way& w : out)
        if (w.to[0].at == "continue")
            for (const char* name : {"resourceVersion", "resourceVersionMatch"})
                if (parameter_of(first.url, name)) w.drop.emplace_back(name);
    from_headers(p, out);
    return out;
}

}  // namespace probe
