// What identifies a record: fields that all have, that differ in all, and whose names say so.
#include "key.hpp"

#include "words.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace probe {

namespace json = boost::json;

using catena::key_field;
using catena::key_type;
using catena::order;

namespace {

constexpr std::size_t most_records = 2000;
constexpr std::size_t most_fields = 300;
constexpr std::size_t proof = 8;  // records in a row that are no accident

// Fields of a record that can be told apart: texts and whole numbers. What Boost.JSON keeps as a
// double has lost its digits.
bool is_scalar(const json::value& v)
{
    return v.is_int64() || v.is_uint64() || (v.is_string() && !v.get_string().empty());
}

bool is_digits(const json::value& v)
{
    const json::string* s = v.if_string();
    return s != nullptr && !s->empty() && s->size() <= 40 &&
           (s->size() == 1 || s->front() != '0') &&
           std::all_of(s->begin(), s->end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string text_of(const json::value& v)
{
    if (const json::string* s = v.if_string()) return std::string(s->data(), s->size());
    return json::serialize(v);
}

std::string_view last_name(const std::string& at)
{
    return std::string_view(at).substr(at.rfind('/') + 1);
}

// How much a name says that its field identifies the record; 0: nothing.
int name_rank(const std::string& name)
{
    if (name == "id") return 100;
    if (one_of(name, {"uuid", "guid", "uid", "gid", "oid", "urn", "pk", "eventid", "rowid", "self",
                      "identifier", "objectid"}))
        return 90;
    if (one_of(name, {"url", "href", "slug", "login", "username", "sha", "digest", "pageid"}))
        return 80;
    if (name.size() > 2 && name.ends_with("id") && name != "paid" && name != "valid") return 60;
    if (one_of(name, {"key", "seq", "number", "hash", "sid", "serial", "ref"})) return 50;
    if (name.size() > 4 && (name.ends_with("key") || name.ends_with("code"))) return 40;
    if (one_of(name, {"name", "fullname", "email", "code", "symbol", "iso", "tag"})) return 30;
    return 0;
}

// What other objects in a record hold identifies them, not the record.
int rank_of(const std::string& at, std::size_t depth)
{
    if (at.empty()) return 45;
    const int rank = name_rank(plain(last_name(at)));
    if (depth < 2) return rank;
    const std::string holder = plain(last_name(at.substr(0, at.rfind('/'))));
    const bool wraps =
        one_of(holder, {"resource", "node", "metadata", "meta", "data", "item", "doc", "record",
                        "object", "attributes", "fields", "sys", "header", "properties", "source"});
    return wraps ? rank - 5 * static_cast<int>(depth) : 0;
}

bool names_time(const std::string& at)
{
    const std::string name = plain(last_name(at));
    for (const char* part : {"created", "updated", "modified", "timestamp", "date", "time"})
        if (name.find(part) != std::string::npos) return true;
    return name == "ts" || name == "published";
}

struct column {
    std::string at;
    std::size_t depth = 0;
    std::vector<const json::value*> values;  // of each record
    bool strings = false, digits = true;

    [[nodiscard]] bool unique() const
    {
        std::set<std::string> seen;
        return std::all_of(values.begin(), values.end(),
                           [&](const json::value* v) { return seen.insert(text_of(*v)).second; });
    }
    [[nodiscard]] int rank() const { return rank_of(at, depth); }
    // Digits in texts are numbers only where the order says so.
    [[nodiscard]] key_field field(order sorted = order::none) const
    {
        const bool number = strings && digits && sorted != order::none;
        return key_field(at, number ? key_type::number : key_type::automatic);
    }
};

bool below(const std::string& a, const std::string& b, bool digits)
{
    if (digits && a.size() != b.size()) return a.size() < b.size();
    return a < b;
}

// -1, 0 or 1, as a key of catena compares.
int compare(const column& c, std::size_t i, std::size_t j)
{
    const json::value& a = *c.values[i];
    const json::value& b = *c.values[j];
    if (!c.strings) {
        const auto negative = [](const json::value& v) {
            return v.is_int64() && v.get_int64() < 0;
        };
        if (negative(a) != negative(b)) return negative(a) ? -1 : 1;
        if (a.is_int64() && b.is_int64())
            return a.get_int64() < b.get_int64() ? -1 : a.get_int64() > b.get_int64() ? 1 : 0;
        const std::string x = text_of(a), y = text_of(b);
        return x == y ? 0 : below(x, y, true) ? -1 : 1;
    }
    const std::string x = text_of(a), y = text_of(b);
    return x == y ? 0 : below(x, y, c.digits) ? -1 : 1;
}

struct run_of {
    bool rises = true, falls = true, ties = false;
};

run_of run_in(const column& c)
{
    run_of r;
    for (std::size_t i = 1; i < c.values.size(); ++i) {
        const int d = compare(c, i - 1, i);
        r.rises = r.rises && d <= 0;
        r.falls = r.falls && d >= 0;
        r.ties = r.ties || d == 0;
    }
    return r;
}

order order_of(const run_of& r, std::size_t records)
{
    if (records < proof || r.rises == r.falls) return order::none;
    return r.rises ? order::ascending : order::descending;
}

void places(const json::value& in, const std::string& at, std::size_t depth,
            std::vector<column>& out)
{
    if (out.size() >= most_fields) return;
    if (is_scalar(in)) {
        column c;
        c.at = at;
        c.depth = depth;
        out.push_back(std::move(c));
    }
    if (!in.is_object() || depth > 2) return;
    for (const auto& [key, value] : in.get_object()) {
        const std::string_view name(key.data(), key.size());
        if (is_usable(name)) places(value, pointer_to(at, name), depth + 1, out);
    }
}

// Whether all records have the field, as values of one kind.
bool fill(column& c, const std::vector<const json::value*>& records)
{
    c.strings =
        find(*records.front(), c.at) != nullptr && find(*records.front(), c.at)->is_string();
    for (const json::value* r : records) {
        const json::value* v = find(*r, c.at);
        if (v == nullptr || !is_scalar(*v) || v->is_string() != c.strings) return false;
        c.digits = c.digits && (!c.strings || is_digits(*v));
        c.values.push_back(v);
    }
    return true;
}

std::vector<const json::value*> records_of(std::span<const json::array* const> pages)
{
    std::vector<const json::value*> out;
    for (const json::array* p : pages)
        for (std::size_t i = 0; p != nullptr && i < p->size() && out.size() < most_records; ++i)
            out.push_back(&(*p)[i]);
    return out;
}

std::vector<column> columns_of(const std::vector<const json::value*>& records,
                               std::span<const std::string> wanted)
{
    std::vector<column> all;
    if (wanted.empty()) places(*records.front(), "", 0, all);
    for (const std::string& at : wanted) {
        column c;
        c.at = at;
        all.push_back(std::move(c));
    }
    std::vector<column> out;
    for (column& c : all)
        if (fill(c, records)) out.push_back(std::move(c));
    return out;
}

bool unique_together(const column& a, const column& b)
{
    std::set<std::string> seen;
    for (std::size_t i = 0; i < a.values.size(); ++i)
        if (!seen.insert(json::serialize(*a.values[i]) + ' ' + json::serialize(*b.values[i]))
                 .second)
            return false;
    return true;
}

/* A name as weak as "customer_id" may be another record's, and unique here by accident: records
   that share it would pass for repeats. An order that all of them keep is no accident. */
bool identifies(const column& c)
{
    constexpr int strong = 70;
    if (c.rank() <= 0 || !c.unique()) return false;
    return c.rank() >= strong || order_of(run_in(c), c.values.size()) != order::none;
}

// Two fields that tell records apart together, where none does alone.
void find_pair(const std::vector<column>& all, key_proposal& out)
{
    for (const column& a : all)
        for (const column& b : all) {
            const std::string lead = plain(last_name(a.at));
            const std::string tail = plain(last_name(b.at));
            const bool known =
                (b.rank() >= 80 && one_of(lead, {"type", "kind", "index", "namespace"})) ||
                (lead == "namespace" && tail == "name") ||
                (lead == "partitionkey" && tail == "rowkey");
            if (&a == &b || !known || !unique_together(a, b)) continue;
            out.fields = {a.field(), b.field()};
            return;
        }
}

// A list that is sorted by time: a rebuilt query needs the time before the id.
void lead_with_time(const std::vector<column>& all, const column& id, key_proposal& out)
{
    for (const column& c : all) {
        if (!names_time(c.at) || c.depth > id.depth || c.at == id.at) continue;
        const order sorted = order_of(run_in(c), out.records);
        if (sorted == order::none) continue;
        out.fields = {c.field(sorted), id.field()};
        out.sorted = sorted;
        out.ties = true;
        return;
    }
}

}  // namespace

key_proposal find_key(std::span<const json::array* const> pages,
                      std::span<const std::string> wanted)
{
    key_proposal out;
    const std::vector<const json::value*> records = records_of(pages);
    out.records = records.size();
    if (records.empty()) return out;
    const std::vector<column> all = columns_of(records, wanted);
    if (!wanted.empty()) {
        for (const std::string& at : wanted)
            out.fields.emplace_back(at);
        if (all.size() == 1 && wanted.size() == 1) {
            if (all[0].unique()) out.sorted = order_of(run_in(all[0]), out.records);
            out.fields = {all[0].field(out.sorted)};
        }
        return out;
    }
    const column* best = nullptr;
    for (const column& c : all) {
        if (!identifies(c)) continue;
        if (best != nullptr) out.rivals.push_back(c.rank() > best->rank() ? best->at : c.at);
        if (best == nullptr || c.rank() > best->rank()) best = &c;
    }
    if (best == nullptr || best->rank() < 70) find_pair(all, out);
    if (best == nullptr || !out.fields.empty()) return out;
    out.sorted = order_of(run_in(*best), out.records);
    out.fields = {best->field(out.sorted)};
    if (out.sorted == order::none) lead_with_time(all, *best, out);
    return out;
}

bool same_record(const key_proposal& k, const json::value& a, const json::value& b)
{
    return identity_of(k, a) == identity_of(k, b);
}

std::string identity_of(const key_proposal& k, const json::value& record)
{
    if (k.fields.empty()) return json::serialize(record);
    std::string out;
    for (const key_field& f : k.fields) {
        const json::value* v = find(record, f.at);
        out += (v != nullptr ? json::serialize(*v) : std::string("-")) + ' ';
    }
    return out;
}

std::string flaw_of_key(const json::array& records, std::span<const std::string> wanted)
{
    key_proposal named;
    std::string words = "--key";
    for (const std::string& at : wanted) {
        named.fields.emplace_back(at);
        words += ' ' + shown(at);
    }
    const json::array* const pages[] = {&records};
    const key_proposal likely = find_key(pages, {});
    std::string advice;
    for (const key_field& f : likely.fields)
        advice += (advice.empty() ? "; try --key " : " --key ") + shown(f.at);

    std::map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < records.size(); ++i) {
        const std::string place = "record " + std::to_string(i + 1);
        for (const std::string& at : wanted) {
            const json::value* v = find(records[i], at);
            if (v == nullptr) return words + ": " + place + " has no " + shown(at) + advice;
            if (v->is_null() || v->is_object() || v->is_array())
                return words + ": " + shown(at) + " of " + place +
                       " is neither a text nor a number" + advice;
        }
        const auto [first, fresh] = seen.emplace(identity_of(named, records[i]), i + 1);
        if (!fresh)
            return words + " does not tell record " + std::to_string(first->second) + " and " +
                   place + " apart" + advice;
    }
    return {};
}

}  // namespace probe
