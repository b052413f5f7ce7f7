#include "codec/drift_names.hpp"

#include "codec/scan_octets.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace catena::codec {
namespace {

bool upper(char c) { return c >= 'A' && c <= 'Z'; }
bool letter(char c) { return upper(c) || (c >= 'a' && c <= 'z'); }

template <std::size_t n>
bool has_one(const spelling& s, const std::array<std::string_view, n>& parts)
{
    return std::any_of(parts.begin(), parts.end(), [&](auto p) { return s.has(p); });
}

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
    return has_one(s, parts) ||
           std::any_of(words.begin(), words.end(), [&](auto w) { return s.says(w); });
}

}  // namespace

spelling::spelling(std::string_view name)
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

bool spelling::has(std::string_view part) const { return joined.find(part) != std::string::npos; }

bool spelling::says(std::string_view word) const
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool spelling::begins(std::string_view part) const { return joined.rfind(part, 0) == 0; }

bool names_next(const spelling& s)
{
    constexpr std::array<std::string_view, 9> parts{
        "next", "cursor", "continu", "token", "after", "offset", "marker", "bookmark", "scroll"};
    if (names_something_else(s)) return false;
    return has_one(s, parts) || s.begins("page") || s.says("page") || s.says("more");
}

bool names_more(const spelling& s)
{
    if (names_something_else(s)) return false;
    return s.has("hasmore") || s.has("hasnext") || s.says("more") || s.has("nextpage") ||
           s.has("moreitems") || s.has("moreresults");
}

bool names_next_in(const spelling& holder, const spelling& name, const spelling& lost)
{
    constexpr std::array<std::string_view, 6> of_pages{"pagi",   "page",  "link",
                                                       "cursor", "navig", "meta"};
    constexpr std::array<std::string_view, 8> of_tokens{"page", "token", "cursor", "link",
                                                        "url",  "uri",   "href",   "marker"};
    if (holder.has("prev") || (!names_next(name) && !names_more(name))) return false;
    if (name.joined == lost.joined || name.joined == "next") return true;
    if (name.has("hasmore") || name.has("hasnext")) return true;
    return (name.has("next") || name.has("continu")) &&
           (has_one(holder, of_pages) || has_one(name, of_tokens));
}

bool relation_names_next(std::string_view relation)
{
    // The URL of an extension relation has other words in it.
    const spelling s(relation.substr(relation.find_last_of("/#") + 1));
    return s.has("next") && !names_something_else(s);
}

}  // namespace catena::codec
