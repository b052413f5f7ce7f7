// Numbers about the pages: how many records there are, how many a page has, how many may be asked.
#include "size.hpp"

#include "words.hpp"
#include <catena/codec/rate_limit_fields.hpp>

#include <algorithm>
#include <charconv>
#include <limits>

namespace probe {

namespace json = boost::json;

using catena::total_rule;

namespace {

int total_rank(const std::string& name, const std::string& holder)
{
    if (one_of(name, {"total", "totalcount", "totalresults", "totalsize", "totalitems", "numfound",
                      "totalrecords", "totalelements", "recordstotal", "odatacount", "totalhits",
                      "totalentries", "totalrows", "resultstotal", "totalnumber", "nbhits",
                      "numresults"}))
        return 100;
    if (name == "value" && holder == "total") return 90;
    if (one_of(name, {"count", "resultcount", "itemcount", "recordcount", "found"})) return 50;
    return 0;
}

bool counts_pages(const std::string& name)
{
    return one_of(name, {"totalpages", "pagecount", "pages", "lastpage", "pagestotal", "numpages",
                         "totalpagecount", "nbpages"});
}

// Elasticsearch stops counting somewhere, and says so beside the number.
bool is_bound(const page& p, const member& m)
{
    const std::string beside = m.at.substr(0, m.at.rfind('/')) + "/relation";
    const json::value* relation = find(p.root, beside);
    return relation != nullptr && relation->is_string() && relation->get_string() != "eq";
}

// clang-format off
constexpr const char* size_names[] = {
    "limit", "per_page", "perPage", "page_size", "pageSize", "page[size]", "page[limit]",
    "maxResults", "max_results", "first", "$top", "_limit", "_size", "_count", "hitsPerPage",
    "itemsPerPage", "rows", "size", "count", "top", "take", "results_per_page", "per-page", "num",
    "n", "pagelen", "pagesize", "max-results", "max-keys", "maxPageSize", "page_limit",
    "pageLimit", "perpage", "max", "length", "number", "$limit", "ps", "pagination[pageSize]",
    "searchCriteria[pageSize]"};
// clang-format on

std::optional<std::uint64_t> number_in(std::string_view text)
{
    std::uint64_t n = 0;
    const auto [stop, bad] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (text.empty() || bad != std::errc{} || stop != text.data() + text.size()) return {};
    return n;
}

}  // namespace

std::vector<total_place> find_totals(const page& p)
{
    std::vector<std::pair<int, total_place>> found;
    const auto add = [&](int rank, total_rule::place from, const std::string& at, bool pages,
                         std::uint64_t value) {
        total_place t;
        t.rule.from = from;
        t.rule.at = at;
        t.rule.counts = pages ? total_rule::unit::pages : total_rule::unit::records;
        t.value = value;
        if (pages ? value >= 1 : value >= p.size()) found.emplace_back(rank, std::move(t));
    };
    for (const member& m : p.beside) {
        const auto n = whole(*m.is);
        if (!n || *n < 0 || *n > 1'000'000'000'000) continue;
        const int rank = total_rank(m.name, m.holder);
        const auto value = static_cast<std::uint64_t>(*n);
        if (rank > 0 && !is_bound(p, m)) add(rank, total_rule::place::body, m.at, false, value);
        if (counts_pages(m.name)) add(20, total_rule::place::body, m.at, true, value);
    }
    for (const catena::header_field& h : p.raw.headers) {
        const std::string name = plain(h.name);
        const auto n = number_in(h.value);
        if (!n) continue;
        if (one_of(name, {"xtotalcount", "xtotal", "totalcount", "xwptotal", "xtotalresults",
                          "xcount", "xtotalitems"}))
            add(95, total_rule::place::header, h.name, false, *n);
        if (one_of(name, {"xtotalpages", "xwptotalpages", "xpagecount"}))
            add(20, total_rule::place::header, h.name, true, *n);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<total_place> out;
    for (auto& [ignored, t] : found)
        out.push_back(std::move(t));
    return out;
}

std::optional<total_place> find_stable_total(const page& one, const page& two, std::size_t again)
{
    const std::vector<total_place> after = find_totals(two);
    const std::uint64_t seen = one.size() + two.size() - std::min(again, two.size());
    for (const total_place& t : find_totals(one)) {
        const bool pages = t.rule.counts == total_rule::unit::pages;
        const bool enough = pages ? t.value >= 2 : t.value >= seen;
        const bool same = std::any_of(after.begin(), after.end(), [&](const total_place& other) {
            return other.rule == t.rule && other.value == t.value;
        });
        if (enough && same) return t;
    }
    return std::nullopt;
}

std::optional<size_place> find_size(const page& p)
{
    constexpr std::int64_t largest = std::numeric_limits<std::uint32_t>::max();
    size_place s;
    for (const char* name : size_names) {
        const auto sent = parameter_of(p.url, name);
        const auto n = sent ? whole(json::value(json::string_view(*sent))) : std::nullopt;
        if (!n || *n < 1 || *n > largest) continue;
        s.parameter = name;
        s.value = static_cast<std::uint32_t>(*n);
        s.in_url = true;
        s.evidence = "the URL asks for " + std::to_string(*n) + " by it, and " +
                     counted(p.size(), "record") + " came";
        if (p.size() <= s.value) return s;
    }
    s = {};
    for (const char* name : size_names)
        for (const member& m : p.beside) {
            const auto n = whole(*m.is);
            if (m.written != name || !n || p.size() == 0 ||
                static_cast<std::uint64_t>(*n) != p.size())
                continue;
            // A count of what is on the page is no parameter.
            if (one_of(m.name, {"count", "size", "number", "n", "num", "length"})) continue;
            s.parameter = name;
            s.value = static_cast<std::uint32_t>(*n);
            s.evidence = "page 1 repeats it at " + shown(m.at);
            return s;
        }
    return std::nullopt;
}

std::vector<std::string> unknown_quota_fields(const page& p)
{
    std::vector<std::string> out;
    if (known_quotas(p) > 0) return out;
    for (const catena::header_field& h : p.raw.headers) {
        const std::string name = plain(h.name);
        const bool speaks = name.find("ratelimit") != std::string::npos ||
                            name.find("quota") != std::string::npos ||
                            (name.find("remaining") != std::string::npos) ||
                            (name.find("limit") != std::string::npos && name[0] == 'x');
        if (speaks && out.size() < 5) out.push_back(shown(h.name));
    }
    return out;
}

std::size_t known_quotas(const page& p)
{
    std::vector<catena::header_view> views;
    for (const catena::header_field& h : p.raw.headers)
        views.push_back({h.name, h.value});
    catena::response_head head;
    head.status = p.raw.status;
    head.headers = views;
    // The time matters for dates of resets only, and these are not looked at.
    return catena::read_rate_limit_fields(head, catena::wall_time()).size();
}

}  // namespace probe
