// range: how a query is restricted to a part of the dataset.
#include "core/connector_checks.hpp"
#include "core/json_lexer.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <set>
#include <string>

namespace catena::core {
namespace {

using target_place = token_target::place;

bool has_edges(const range_rule& r) { return r.type != range_type::values; }

const key_field* field_of(const connector& c, const range_rule& r)
{
    const auto found =
        std::find_if(c.key.begin(), c.key.end(), [&](const key_field& k) { return k.at == r.by; });
    return found == c.key.end() ? nullptr : &*found;
}

// The edge at which a walk in the declared order begins: a token or a rebuilt query moves it on.
const range_edge* first_edge(const connector& c, const range_rule& r)
{
    if (!has_edges(r) || c.sorted == order::none || c.key.empty() || c.key[0].at != r.by)
        return nullptr;
    const std::optional<range_edge>& edge = c.sorted == order::ascending ? r.lower : r.upper;
    return edge ? &*edge : nullptr;
}

}  // namespace

void connector_check::ranges()
{
    for (std::size_t i = 0; i < c_.range.size(); ++i) {
        const range_rule& r = c_.range[i];
        const std::string where = item("/range", i);
        range_field(r, where);
        if (has_edges(r))
            range_edges(r, where);
        else
            range_values(r, where);
        range_time(r, where);
    }
    range_places();
}

void connector_check::range_field(const range_rule& r, const std::string& where)
{
    if (!has_edges(r)) return json_pointer(r.by, where + "/by");
    const key_field* const field = field_of(c_, r);
    if (field == nullptr)
        return flaw(where + "/by",
                    "this is no field of the key, so no record could be told to be "
                    "in the range",
                    "name it in \"key\" too, or correct it");
    const bool numbers = r.type == range_type::integer || r.type == range_type::decimal;
    if ((numbers && field->type == key_type::text) ||
        (r.type == range_type::text && field->type == key_type::number))
        flaw(where + "/type", "the key is of another type, and so of another order",
             "use \"integer\" or \"decimal\" with a key of numbers, \"text\" with one of texts");
}

void connector_check::range_edges(const range_rule& r, const std::string& where)
{
    if (!r.lower && !r.upper)
        flaw(where, "nothing says where the borders go",
             "add \"lower\": {\"to\": {\"query\": \"since_id\"}, \"bound\": \"exclusive\"} or "
             "\"upper\"");
    if (!r.values.empty() || r.to != token_target())
        flaw(where + (r.values.empty() ? "/to" : "/values"), "only type \"values\" has this",
             "remove it, or set type to \"values\"");
    if (r.lower) range_target(r.lower->to, where + "/lower/to");
    if (r.upper) range_target(r.upper->to, where + "/upper/to");

    // A whole number or moment has one before it, which an exclusive edge can be sent instead.
    const bool dense = r.type == range_type::decimal || r.type == range_type::text;
    if (dense && r.lower && !r.lower->inclusive)
        flaw(where + "/lower/bound",
             "the record at the border itself would be in no range: no text or decimal stands "
             "just before another, so that one could be sent instead",
             "use a parameter that includes its value, or remove lower and set order to "
             "descending");
    const bool leads = !c_.key.empty() && c_.key[0].at == r.by;
    if (r.lower && !r.upper && (c_.sorted != order::ascending || !leads))
        flaw(where, "without upper only the order tells where a range ends",
             "add upper, or set order to ascending with this field first in \"key\"");
    if (r.upper && !r.lower && (c_.sorted != order::descending || !leads))
        flaw(where, "without lower only the order tells where a range ends",
             "add lower, or set order to descending with this field first in \"key\"");
}

void connector_check::range_values(const range_rule& r, const std::string& where)
{
    if (r.lower || r.upper)
        flaw(where + (r.lower ? "/lower" : "/upper"), "values are asked for one by one",
             "remove it and say with \"to\" where a value goes");
    range_target(r.to, where + "/to");
    if (r.values.empty())
        flaw(where + "/values", "there is no value to ask for",
             "list all that records can have: what is not listed is not fetched");
    std::set<std::string> seen;
    for (std::size_t i = 0; i < r.values.size(); ++i) {
        const std::string& v = r.values[i];
        plain_text(v, item(where + "/values", i));
        if (!seen.insert(v).second)
            flaw(item(where + "/values", i), "this value is in the list already", "remove it");
        const bool in_path = r.to.to == target_place::path;
        if (in_path && (v.empty() || v == "." || v == ".."))
            flaw(item(where + "/values", i), "as a path segment this would mean another page",
                 "remove it");
        if (r.to.to == target_place::header && (v.starts_with(' ') || v.ends_with(' ')))
            flaw(item(where + "/values", i), "a header's value keeps no blank at its ends",
                 "remove the blank");
    }
}

void connector_check::range_time(const range_rule& r, const std::string& where)
{
    const range_rule usual;
    if (r.type != range_type::time && r.time != usual.time)
        flaw(where + "/time", "only type \"time\" has this", "remove it, or set type to \"time\"");
    if (r.type != range_type::time && r.resolution != usual.resolution)
        flaw(where + "/resolution", "only type \"time\" has this",
             "remove it, or set type to \"time\"");
    if (r.resolution <= duration::zero() || r.resolution > std::chrono::hours(24))
        flaw(where + "/resolution", "this is no step of a clock",
             "use the finest step that the server keeps, from \"1ns\" to \"1d\"; mostly \"1s\" or "
             "\"1ms\"");
}

void connector_check::range_target(const token_target& t, const std::string& where)
{
    target(t, where);
    if (t.to == target_place::url || (t.to == target_place::query && t.at == "*"))
        flaw(where, "a border is no URL and no object",
             "use a query parameter, body member, header or path");
    if (t.to == target_place::body && !c_.request.body.empty() &&
        json_shape_of(c_.request.body) == json_shape::other)
        flaw(where, "the request's body is no JSON object to put it in",
             "make request.body an object");
}

/* No two borders go to one place, nor does anything else go where one stands. But the edge at which
   the walk begins is what tokens and rebuilt queries move on. */
void connector_check::range_places()
{
    struct taken {
        const token_target* to;
        std::string where;
    };
    std::vector<taken> seen;
    const auto claim = [&](const token_target& to, const std::string& where, bool first) {
        const auto against = [&](const token_target& other, const std::string& its) {
            if (overlap(to, other))
                flaw(where, "this is the same place as " + its, "use another one, or remove it");
        };
        for (const taken& t : seen)
            against(*t.to, t.where);
        seen.push_back({&to, where});
        if (c_.page_size.value != 0) against(c_.page_size.to, "/page_size/to");
        const auto same = [&](const token_target& t) { return t.to == to.to && t.at == to.at; };
        const std::vector<token_target>& tokens = c_.next.to;
        for (std::size_t i = 0; i < tokens.size(); ++i)
            if (!first || !same(tokens[i])) against(tokens[i], item("/next/to", i));
        const std::vector<token_target>& bound = c_.expiry.recover.to;
        for (std::size_t i = 0; i < bound.size(); ++i)
            if (!first || i > 0 || !same(bound[i]))
                against(bound[i], item("/expiry/recover/rebuild/to", i));
    };
    for (std::size_t i = 0; i < c_.range.size(); ++i) {
        const range_rule& r = c_.range[i];
        const std::string where = item("/range", i);
        const range_edge* const first = first_edge(c_, r);
        if (!has_edges(r)) {
            claim(r.to, where + "/to", false);
            continue;
        }
        if (r.lower) claim(r.lower->to, where + "/lower/to", first == &*r.lower);
        if (r.upper) claim(r.upper->to, where + "/upper/to", first == &*r.upper);
    }
}

/* Where the server answers in the order of the range, the last key says what is left. Elsewhere
   only the total tells that a part is too large, and only between two edges is it that part's. */
void connector_check::window()
{
    if (c_.window.records == 0 || c_.window.past == window_rule::action::stop) return;
    if (c_.window.past == window_rule::action::rebuild) {
        if (c_.expiry.recover.by != recovery_rule::method::rebuild)
            flaw("/window",
                 "past a window the walk goes on by a rebuilt query, and none is declared",
                 "add expiry.recover.rebuild and key, or a range and \"action\": \"split\", or "
                 "remove window");
        return;
    }
    const auto divided = std::find_if(c_.range.begin(), c_.range.end(), has_edges);
    if (divided == c_.range.end())
        return flaw("/window/action", "there is no range that could be split",
                    "add a range with edges, or use \"rebuild\"");
    const bool leads = !c_.key.empty() && c_.key[0].at == divided->by;
    if (leads && c_.sorted != order::none) return;
    if (!divided->lower || !divided->upper)
        flaw("/window/action", "an answer in no order tells what is left only between two edges",
             "give the range lower and upper");
    if (!c_.total || c_.total->counts != total_rule::unit::records)
        flaw("/window/action",
             "in answers that are not sorted by the range nothing tells that there is more",
             "add \"total\": {\"body\": \"/total\"} where the server counts records exactly");
}

}  // namespace catena::core
