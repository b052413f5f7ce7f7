// Where the records stand: the array whose place, name and content speak for it.
#include "records.hpp"

#include "words.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <map>

namespace probe {

namespace json = boost::json;

namespace {

constexpr int deepest = 6;
constexpr std::size_t enough = 100;  // elements that are looked at
constexpr std::size_t most_candidates = 200;

// The share of an object's names that the first one has too, in percent.
int likeness(const json::object& a, const json::object& b)
{
    if (a.empty() || b.empty()) return a.empty() && b.empty() ? 100 : 0;
    std::size_t common = 0;
    for (const auto& [name, ignored] : b)
        common += a.contains(name) ? 1 : 0;
    return static_cast<int>(common * 200 / (a.size() + b.size()));
}

bool all_alike(const json::array& a)
{
    const json::object* first = a.front().if_object();
    int alike = 0;
    const std::size_t n = std::min(a.size(), enough);
    for (std::size_t i = 0; i < n; ++i) {
        const json::object* one = a[i].if_object();
        if (first == nullptr || one == nullptr) return false;
        alike += likeness(*first, *one) >= 30 ? 1 : 0;
    }
    return static_cast<std::size_t>(alike) * 10 >= n * 7;
}

int name_score(const std::string& name)
{
    if (one_of(name, {"data",      "items",   "results",  "records",    "value",     "entries",
                      "hits",      "entry",   "rows",     "docs",       "documents", "objects",
                      "resources", "list",    "elements", "nodes",      "edges",     "content",
                      "features",  "members", "chunk",    "collection", "result",    "values"}))
        return 300;
    if (one_of(name, {"errors", "error",       "warnings",     "links",   "link",        "included",
                      "facets", "facetcounts", "aggregations", "schema",  "fields",      "columns",
                      "meta",   "metadata",    "sort",         "filters", "breadcrumbs", "messages",
                      "bbox",   "debug",       "headers",      "state"}))
        return -600;
    return 0;
}

// "products" in /v1/products.json.
bool is_in_path(const page& p, const std::string& name)
{
    std::string path = plain(path_of(p.url));
    return name.size() >= 3 && path.find(name) != std::string::npos;
}

// Whether an object tells of pages: what is listed beside that is what is paged.
bool tells_of_pages(const json::object& o)
{
    return std::any_of(o.begin(), o.end(), [](const json::key_value_pair& m) {
        const std::string name = plain({m.key().data(), m.key().size()});
        for (const char* word : {"next", "more", "cursor", "total", "offset"})
            if (name.find(word) != std::string::npos) return true;
        return false;
    });
}

void look(const page& p, const json::value& in, const std::string& at, const std::string& name,
          int depth, std::vector<candidate>& out)
{
    if (out.size() >= most_candidates) return;
    if (const json::array* a = in.if_array()) {
        candidate c;
        c.at = at;
        c.size = a->size();
        c.objects = !a->empty() && all_alike(*a);
        const bool mixed = !a->empty() && !c.objects && a->front().is_object();
        c.score = c.objects ? 1000 : a->empty() ? 100 : mixed ? 300 : 200;
        c.score += name_score(name) + static_cast<int>(std::min<std::size_t>(c.size, 400));
        c.score += is_in_path(p, name) ? 350 : 0;
        c.score -= depth * 50;
        out.push_back(std::move(c));
        return;
    }
    if (!in.is_object() || depth > deepest) return;
    const std::size_t before = out.size();
    for (const auto& [key, value] : in.get_object()) {
        const std::string_view member(key.data(), key.size());
        if (!is_usable(member)) continue;
        const std::string here = pointer_to(at, member);
        look(p, value, here, plain(member), depth + 1, out);
    }
    if (depth == 0 || !tells_of_pages(in.get_object())) return;
    for (std::size_t i = before; i < out.size(); ++i)
        out[i].score += out[i].at.find('/', at.size() + 1) == std::string::npos ? 150 : 0;
}

bool is_map(const json::object& o)
{
    if (o.size() < 3) return false;
    const json::object* first = o.begin()->value().if_object();
    if (first == nullptr || first->empty()) return false;
    return std::all_of(o.begin(), o.end(), [&](const json::key_value_pair& m) {
        const json::object* one = m.value().if_object();
        return one != nullptr && likeness(*first, *one) >= 60;
    });
}

std::string map_in(const json::value& in, const std::string& at, int depth)
{
    const json::object* o = in.if_object();
    if (o == nullptr || depth > 3) return {};
    if (is_map(*o)) return at.empty() ? "the document itself" : at;
    for (const auto& [key, value] : *o) {
        const std::string_view name(key.data(), key.size());
        if (!is_usable(name)) continue;
        const std::string found = map_in(value, pointer_to(at, name), depth + 1);
        if (!found.empty()) return found;
    }
    return {};
}

}  // namespace

std::vector<candidate> find_records(const page& p)
{
    std::vector<candidate> out;
    look(p, p.root, "", "", 0, out);
    std::stable_sort(out.begin(), out.end(),
                     [](const candidate& a, const candidate& b) { return a.score > b.score; });
    return out;
}

std::string find_map(const page& p) { return map_in(p.root, "", 0); }

bool is_one_record(const page& p, const candidate& best)
{
    const json::object* root = p.root.if_object();
    if (root == nullptr || best.at.empty()) return false;
    // A listing that has an id of its own, as ActivityStreams' do, names what it lists plainly.
    const std::string name = plain(best.at.substr(best.at.rfind('/') + 1));
    const bool deep = best.at.find('/', 1) != std::string::npos;
    const bool listing = !deep && best.objects && name_score(name) > 0;
    for (const char* id : {"id", "Id", "ID", "_id", "uuid", "guid"})
        if (root->contains(id) && !listing) return true;
    return false;
}

}  // namespace probe
