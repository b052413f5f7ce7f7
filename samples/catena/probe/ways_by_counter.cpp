#include "size.hpp"
#include "ways.hpp"
#include "words.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <utility>

namespace probe {

namespace json = boost::json;

using catena::token_source;
using catena::token_target;
using stride = catena::token_source::stride;

namespace {

bool counts_records(const std::string& name)
{
    return one_of(name, {"offset", "startat", "startindex", "start", "skip", "from", "pageoffset",
                         "resultoffset", "firstresult", "startrow", "startindexes", "sroffset"});
}

// "currentPage" of "searchCriteria[currentPage]", all of other names.
std::string inner(const std::string& name)
{
    const std::size_t open = name.find('[');
    if (open == std::string::npos || name.back() != ']' || name.starts_with("page["))
        return plain(name);
    return plain(name.substr(open));
}

bool counts_pages(const std::string& name)
{
    return one_of(name, {"page", "pagenumber", "pageno", "p", "pg", "currentpage", "pageindex",
                         "paged", "pagenum", "pageid"});
}

// A list whose ids are numbers that grow with time, the newest first. As texts they are of a kind
// that is made for this.
bool runs_back_by_id(const page& p, bool as_texts)
{
    const json::array* const pages[] = {p.records};
    const std::string wanted[] = {"/id"};
    const key_proposal k = find_key(pages, wanted);
    if (k.sorted != catena::order::descending || p.size() == 0) return false;
    const json::value* id = find((*p.records)[0], "/id");
    return id != nullptr && id->is_string() == as_texts;
}

way last_record_way(const std::string& field, const std::string& parameter, std::string evidence)
{
    way w;
    w.from.emplace_back(token_source::place::last_record, field);
    w.to.emplace_back(token_target::place::query, parameter);
    w.evidence = std::move(evidence);
    return w;
}

bool has_members(const json::value& record, std::initializer_list<const char*> names)
{
    const json::object* o = record.if_object();
    return o != nullptr && std::all_of(names.begin(), names.end(),
                                       [&](const char* name) { return o->contains(name); });
}

/// Families whose pages do not say how they are asked for, known by their shape.
struct custom {
    const char* records;
    const char* total;
    const char* parameter;
    std::int64_t start;
};
constexpr custom customs[] = {
    {"/objects", "/total", "from", 0},                           // npm
    {"/features", "/exceededTransferLimit", "resultOffset", 0},  // ArcGIS
    {"/Resources", "/totalResults", "startIndex", 1},            // SCIM
    {"/result/results", "/result/count", "start", 0},            // CKAN
    {"/response/docs", "/response/numFound", "start", 0},        // Solr
    {"/issues", "/total", "startAt", 0},                         // Jira
    {"/issues", "/total_count", "offset", 0},                    // Redmine
};

bool is_view_of_couchdb(const page& p)
{
    return p.records_at == "/rows" && p.size() > 0 && has_members((*p.records)[0], {"id", "key"});
}

// An offset is first tried one record early: that record must come again, or something is lost.
void add_counter(std::vector<way>& out, const std::string& parameter, std::int64_t start,
                 stride step, std::size_t n, const std::string& evidence)
{
    way w = counter_way(parameter, start, step, n);
    w.evidence = evidence;
    if (step == stride::records && n > 1) {
        way early = w;
        early.value -= 1;
        early.overlaps = true;
        out.push_back(std::move(early));
        return;
    }
    out.push_back(std::move(w));
}

}  // namespace

way counter_way(const std::string& parameter, std::int64_t start, stride step, std::size_t n)
{
    way w;
    w.from.push_back(token_source::counter(start, step));
    w.to.emplace_back(token_target::place::query, parameter);
    w.value = start + (step == stride::pages ? 1 : static_cast<std::int64_t>(n));
    return w;
}

std::vector<way> ways_by_counter(const page& p)
{
    std::vector<way> out;
    if (is_view_of_couchdb(p)) {
        // It begins its next page with the row whose key is asked for.
        way w = last_record_way("/key", "startkey", "rows with an id and a key, as of CouchDB");
        w.to[0].as = catena::token_target::form::json;
        out.push_back(std::move(w));
        return out;
    }
    for (const parameter& each : parameters_of(p.url)) {
        const auto n = whole(json::value(json::string_view(each.text)));
        const std::string name = inner(each.name);
        if (!n || *n < 0) continue;
        const std::string evidence = "the URL has " + shown(each.name) + "=" + std::to_string(*n);
        const bool from_0 = name == "first" && *n == 0;  // other values are sizes
        if (counts_records(name) || from_0)
            add_counter(out, each.name, *n, stride::records, p.size(), evidence);
        if (counts_pages(name)) add_counter(out, each.name, *n, stride::pages, p.size(), evidence);
    }
    if (!out.empty()) return out;
    for (const member& m : p.beside) {
        const auto n = m.is->is_int64() ? whole(*m.is) : std::nullopt;
        if (!n || (*n != 0 && *n != 1)) continue;
        const std::string evidence = "page 1 says " + shown(m.at) + " is " + std::to_string(*n);
        if (counts_records(m.name))
            add_counter(out, m.written, *n, stride::records, p.size(), evidence);
        const bool of_pages = m.holder == "page" || m.holder.find("pag") == 0 || m.holder == "meta";
        const bool spring =
            m.name == "number" && (m.holder == "page" || m.holder.empty()) &&
            find(p.root, m.at.substr(0, m.at.rfind('/')) + "/totalPages") != nullptr;
        if (counts_pages(m.name) || spring || (m.name == "current" && of_pages)) {
            const bool own = one_of(m.name, {"page", "pagenumber", "pageindex", "pageno"});
            add_counter(out, own ? m.written : "page", *n, stride::pages, p.size(), evidence);
            if (m.name == "pageindex") add_counter(out, "p", *n, stride::pages, p.size(), evidence);
            if (m.holder == "pagination")
                add_counter(out, "pagination[page]", *n, stride::pages, p.size(), evidence);
        }
    }
    return out;
}

std::vector<way> ways_by_guess(const page& p)
{
    std::vector<way> out;
    const std::optional<flag> more = find_flag(p);
    const std::vector<total_place> totals = find_totals(p);
    const bool says_more =
        (more && !more->now_ends) ||
        std::any_of(totals.begin(), totals.end(), [&](const total_place& t) {
            return t.rule.counts == catena::total_rule::unit::records && t.value > p.size();
        });
    const json::value* exceeded = find(p.root, "/exceededTransferLimit");
    const bool cut = exceeded != nullptr && exceeded->is_bool() && exceeded->get_bool();
    // A full page has a round number of records; any other is most likely the whole list.
    if (p.size() < 2 || (!says_more && !cut && p.size() % 5 != 0)) return out;

    if (more && !more->now_ends && find((*p.records)[0], "/id") != nullptr)
        out.push_back(last_record_way("/id", "starting_after",
                                      "the page says that there is more, and has no token"));
    const way back =
        last_record_way("/id", "before", "ids fall from record to record, and there is no token");
    if (runs_back_by_id(p, true)) out.push_back(back);
    for (const custom& each : customs)
        if (p.records_at == each.records && find(p.root, each.total) != nullptr)
            add_counter(out, each.parameter, each.start, stride::records, p.size(),
                        "the records stand where a known kind of API has them");
    const auto ranges = p.header("Content-Range");
    if (!ranges.empty() && ranges[0].starts_with("0-"))
        add_counter(out, "offset", 0, stride::records, p.size(), "the answer has a Content-Range");
    way pages = counter_way("page", 1, stride::pages, p.size());
    pages.base_unsure = true;
    pages.evidence = "nothing on page 1 says how pages are asked for; tried";
    out.push_back(std::move(pages));
    if (runs_back_by_id(p, false)) out.push_back(back);
    add_counter(out, "offset", 0, stride::records, p.size(),
                "nothing on page 1 says how pages are asked for; tried");
    if (!p.header("X-Total-Count").empty()) {
        way underscored = counter_way("_page", 1, stride::pages, p.size());
        underscored.evidence = "nothing on page 1 says how pages are asked for; tried";
        out.push_back(std::move(underscored));
    }
    return out;
}

std::vector<way> ways_by_parameter(const page& p, const std::string& parameter,
                                   std::vector<way> all, bool ended)
{
    std::vector<way> out;
    for (way& w : all) {
        if (w.to.size() != 1) continue;
        token_target& to = w.to[0];
        // A token in a header goes where the user says; one that names its own parameters does not.
        if (w.from[0].from == token_source::place::header)
            to = token_target(token_target::place::query, parameter);
        const bool in_query = to.to == token_target::place::query;
        if (in_query && (to.at == parameter || to.at == "*")) out.push_back(std::move(w));
    }
    if (!out.empty() || ended) return out;
    const std::string evidence = "page 1 holds no token; tried, as you name the parameter";
    const std::string name = inner(parameter);
    const json::array* const pages[] = {p.records};
    const key_proposal k = find_key(pages, {});
    if (k.fields.size() == 1 && !counts_pages(name) && !counts_records(name))
        out.push_back(last_record_way(k.fields[0].at, parameter, evidence));
    way number = counter_way(parameter, 1, stride::pages, p.size());
    number.base_unsure = true;
    number.evidence = evidence;
    if (!counts_records(name)) out.push_back(number);
    add_counter(out, parameter, 0, stride::records, p.size(), evidence);
    if (counts_records(name)) out.push_back(number);
    return out;
}

}  // namespace probe
