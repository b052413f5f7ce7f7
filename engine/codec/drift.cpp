#include "codec/drift.hpp"

#include "codec/scan_octets.hpp"
#include "codec/scan_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace catena::codec {
namespace {

bool upper(char c) { return c >= 'A' && c <= 'Z'; }
bool letter(char c) { return upper(c) || (c >= 'a' && c <= 'z'); }

/// A name without case and punctuation, and its words: "nextPage_token" is next, page, token.
struct spelling {
    explicit spelling(std::string_view name)
    {
        char before = 0;
        for (const char c : name) {
            const bool part = letter(c) || is_digit(c);
            if (part && (words.empty() || !(letter(before) || is_digit(before)) ||
                         (upper(c) && !upper(before))))
                words.emplace_back();
            if (part) {
                words.back() += static_cast<char>(c | 0x20);
                joined += static_cast<char>(c | 0x20);
            }
            before = c;
        }
    }

    [[nodiscard]] bool has(std::string_view part) const
    {
        return joined.find(part) != std::string::npos;
    }
    [[nodiscard]] bool says(std::string_view word) const
    {
        return std::find(words.begin(), words.end(), word) != words.end();
    }
    [[nodiscard]] bool begins(std::string_view part) const { return joined.rfind(part, 0) == 0; }

    std::string joined;
    std::vector<std::string> words;
};

/* Words of names that stand on ordinary last pages: the way back, this page, other kinds of tokens,
   numbers about the page. As words where they are part of innocent ones ("account", "operation").
 */
bool names_something_else(const spelling& s)
{
    constexpr std::array<std::string_view, 26> parts{
        "prev",      "sync",     "delta",     "refresh",   "access",    "before",  "total",
        "current",   "numberof", "pagesize",  "pagecount", "pagelimit", "perpage", "nomore",
        "firstpage", "lastpage", "ratelimit", "retry",     "csrf",      "xsrf",    "idtoken",
        "authtoken", "apitoken", "utcoffset", "timezone",  "pagenumber"};
    constexpr std::array<std::string_view, 13> words{"first", "last",  "self", "count", "size",
                                                     "limit", "per",   "utc",  "auth",  "session",
                                                     "info",  "usage", "type"};
    // A page to come has a number too.
    if (s.has("nextpagenumber")) return false;
    if (s.says("start") && !s.has("next")) return true;
    return std::any_of(parts.begin(), parts.end(), [&](auto p) { return s.has(p); }) ||
           std::any_of(words.begin(), words.end(), [&](auto w) { return s.says(w); });
}

bool names_next(const spelling& s)
{
    constexpr std::array<std::string_view, 9> parts{
        "next", "cursor", "continu", "token", "after", "offset", "marker", "bookmark", "scroll"};
    if (names_something_else(s)) return false;
    return std::any_of(parts.begin(), parts.end(), [&](auto p) { return s.has(p); }) ||
           s.begins("page") || s.says("page") || s.says("more");
}

bool names_more(const spelling& s)
{
    if (names_something_else(s)) return false;
    return s.has("hasmore") || s.has("hasnext") || s.says("more") || s.has("nextpage") ||
           s.has("moreitems") || s.has("moreresults");
}

/// The octets of one value at the start of `text`, which loses them and the spaces around.
std::string_view pass_value(std::string_view& text)
{
    const char* p = skip_space(text.data(), text.data() + text.size());
    const char* const end = text.data() + text.size();
    const char* const from = p;
    std::size_t depth = 0;
    do {
        if (*p == '"') {
            for (++p; *p != '"'; ++p)
                if (*p == '\\') ++p;
            ++p;
        } else if (*p == '{' || *p == '[') {
            ++depth;
            ++p;
        } else if (*p == '}' || *p == ']') {
            --depth;
            ++p;
        } else if (depth != 0) {
            ++p;
        } else {
            while (p != end && *p != ',' && *p != '}' && *p != ']' && !is_space(*p))
                ++p;
        }
    } while (depth != 0);
    const std::string_view value(from, static_cast<std::size_t>(p - from));
    p = skip_space(p, end);
    text = {p, static_cast<std::size_t>(end - p)};
    return value;
}

/// Call `visit(name, value)` for each member of an object; nothing for anything else.
template <class Visit>
void for_each_member(std::string_view object, Visit visit)
{
    if (object.empty() || object.front() != '{') return;
    object.remove_prefix(1);
    std::string name;
    for (;;) {
        object.remove_prefix(std::min(object.find_first_not_of(" \t\r\n"), object.size()));
        if (object.empty() || object.front() != '"') return;
        std::string_view raw = pass_value(object);
        raw = raw.substr(1, raw.size() - 2);
        if (!unescape(raw, name)) name = raw;
        object.remove_prefix(1);  // the colon
        visit(std::string_view(name), pass_value(object));
        if (object.front() != ',') return;
        object.remove_prefix(1);
    }
}

std::string token_of(std::string_view name)
{
    std::string text = "/";
    for (const char c : name) {
        if (c == '~') {
            text += "~0";
        } else if (c == '/') {
            text += "~1";
        } else {
            text += c;
        }
    }
    return text;
}

/// The object at `pointer`, or the nearest one on the way there, with its own pointer.
std::pair<std::string, std::string_view> nearest_object(std::string_view body, std::string_view to)
{
    std::string at;
    while (!to.empty()) {
        const std::string_view token = to.substr(0, std::min(to.find('/', 1), to.size()));
        std::optional<std::string_view> next;
        for_each_member(body, [&](std::string_view name, std::string_view value) {
            if (token_of(name) == token && value.front() == '{') next = value;
        });
        if (!next) break;
        at += token;
        body = *next;
        to.remove_prefix(token.size());
    }
    return {at, body};
}

bool leads_to(std::string_view place, std::string_view pointer)
{
    return pointer.substr(0, place.size()) == place &&
           (pointer.size() == place.size() || pointer[place.size()] == '/');
}

/** Whether the connector reads `pointer`, or something in its `value`, or says it is no token. A
    plain value where something deeper is declared is not declared itself: the format moved. */
bool declared(const connector& c, std::string_view pointer, std::string_view name,
              std::string_view value)
{
    const bool container = value.front() == '{' || value.front() == '[';
    const auto on_the_way = [&](std::string_view known) {
        return container ? leads_to(pointer, known) : pointer == known;
    };
    const auto sign_knows = [&](const sign& s) { return s.body && on_the_way(*s.body); };
    if (on_the_way(c.records.at)) return true;
    for (const token_source& s : c.next.from)
        if (s.from == token_source::place::body && on_the_way(s.at)) return true;
    for (const end_rule& e : c.end) {
        const bool flag =
            e.what == end_rule::kind::flag_false || e.what == end_rule::kind::flag_true;
        if ((flag && on_the_way(e.at)) || sign_knows(e.when)) return true;
    }
    if (c.total && c.total->from == total_rule::place::body && on_the_way(c.total->at)) return true;
    for (const std::string& known : c.next.ignore)
        if (known == name || known == pointer) return true;
    return std::any_of(c.expiry.signs.begin(), c.expiry.signs.end(), sign_knows) ||
           std::any_of(c.errors.begin(), c.errors.end(),
                       [&](const error_rule& e) { return sign_knows(e.when); });
}

bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

/// Whether a member's value could lead to another page.
bool could_be_token(const spelling& name, std::string_view value, const token_target* target,
                    const asked_values& asked)
{
    const bool takes_json =
        target != nullptr && (target->to == token_target::place::body ||
                              target->as == token_target::form::json || target->at == "*");
    switch (value.front()) {
        case 'n':
        case 'f': return false;
        case 't': return names_more(name);
        // Not any cursors: on some last pages {"cursors": {"before", "after"}} stays.
        case '{':
            return value.find('"') != std::string_view::npos &&
                   (name.has("next") || name.has("continu") || (takes_json && name.has("cursor")));
        case '[': return false;
        default: break;
    }
    std::string text(value);
    if (value.front() == '"' && !unescape(value.substr(1, value.size() - 2), text)) return true;
    if (text.empty()) return false;
    // Numbers about this page ("page": 3, "offset": "100") are everywhere.
    if ((value.front() != '"' || all_digits(text)) && !name.has("next")) return false;
    return std::find(asked.begin(), asked.end(), text) == asked.end();
}

int hex(char c)
{
    if (is_digit(c)) return c - '0';
    const char low = static_cast<char>(c | 0x20);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

}  // namespace

bool names_next(std::string_view name) { return names_next(spelling(name)); }
bool names_more(std::string_view name) { return names_more(spelling(name)); }

asked_values values_in(std::string_view url)
{
    asked_values out;
    url = url.substr(0, url.find('#'));
    std::size_t at = url.find('?');
    while (at != std::string_view::npos) {
        url.remove_prefix(at + 1);
        at = url.find('&');
        std::string_view raw = url.substr(0, at);
        raw.remove_prefix(std::min(raw.find('='), raw.size() - (raw.empty() ? 0 : 1)));
        std::string value;
        for (std::size_t i = 1; i < raw.size(); ++i) {
            const bool coded =
                raw[i] == '%' && i + 2 < raw.size() && hex(raw[i + 1]) >= 0 && hex(raw[i + 2]) >= 0;
            value += coded ? static_cast<char>(hex(raw[i + 1]) * 16 + hex(raw[i + 2])) : raw[i];
            if (coded) i += 2;
        }
        if (!value.empty()) out.push_back(std::move(value));
    }
    return out;
}

std::vector<std::string> lookalikes(const connector& c, const token_source& source,
                                    const token_target* target, std::string_view body,
                                    const asked_values& asked)
{
    std::vector<std::string> out;
    const auto look_in = [&](const std::string& place, std::string_view object) {
        for_each_member(object, [&](std::string_view name, std::string_view value) {
            const spelling spelt(name);
            if (!names_next(spelt) && !names_more(spelt)) return;
            const std::string pointer = place + token_of(name);
            if (!could_be_token(spelt, value, target, asked) || declared(c, pointer, name, value))
                return;
            if (std::find(out.begin(), out.end(), pointer) == out.end()) out.push_back(pointer);
        });
    };
    const std::size_t trim = std::min(body.find_first_not_of(" \t\r\n"), body.size());
    body.remove_prefix(trim);
    if (source.from == token_source::place::body && !source.at.empty()) {
        const auto [place, object] =
            nearest_object(body, std::string_view(source.at).substr(0, source.at.rfind('/')));
        look_in(place, object);
    }
    look_in("", body);
    return out;
}

std::vector<std::string> lookalikes(const connector& c, std::span<const header_view> headers,
                                    const asked_values& asked)
{
    std::vector<std::string> out;
    for (const header_view& h : headers) {
        const spelling spelt(h.name);
        if (h.value.empty() || !names_next(spelt)) continue;
        if (all_digits(h.value) && !spelt.has("next")) continue;
        const auto same = [&](std::string_view name) { return equal_ignoring_case(name, h.name); };
        const bool known =
            std::any_of(c.next.from.begin(), c.next.from.end(),
                        [&](const token_source& s) {
                            return s.from == token_source::place::header && same(s.at);
                        }) ||
            std::any_of(c.next.ignore.begin(), c.next.ignore.end(), same) ||
            (c.total && c.total->from == total_rule::place::header && same(c.total->at));
        if (known || std::find(asked.begin(), asked.end(), h.value) != asked.end()) continue;
        out.emplace_back(h.name);
    }
    return out;
}

}  // namespace catena::codec
