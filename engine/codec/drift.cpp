#include "codec/drift.hpp"

#include "codec/drift_names.hpp"
#include "codec/json_walk.hpp"
#include "core/printable.hpp"
#include <catena/codec/link_header.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace catena::codec {
namespace {

/// The object at `to`, or the nearest one on the way there, with its own pointer.
std::pair<std::string, std::string_view> nearest_object(const searched& in, std::string_view to)
{
    std::string at(in.at);
    std::string_view body = in.json;
    std::pair<std::string, std::string_view> nearest{at, body};
    to.remove_prefix(std::min(at.size(), to.size()));
    while (!to.empty()) {
        const std::string_view token = to.substr(0, std::min(to.find('/', 1), to.size()));
        const auto next = value_in(body, token);
        if (!next) break;
        at += token;
        body = *next;
        if (body.front() == '{') nearest = {at, body};
        to.remove_prefix(token.size());
    }
    return nearest;
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

bool is_text(std::string_view value) { return value.front() == '"' && value.size() > 2; }

/// Whether a value is {"rel": "next", "href": ...}, in XML <link rel="next" href="..."/>.
bool links_to_next(std::string_view element)
{
    bool next = false;
    bool target = false;
    for_each_member(element, [&](std::string_view name, std::string_view value) {
        if (!is_text(value)) return true;
        name.remove_prefix(name.starts_with('@') ? 1 : 0);
        if (name == "rel" || name == "relation") {
            next = relation_names_next(value.substr(1, value.size() - 2));
        } else {
            target = target || name == "href" || name == "url" || name == "uri" || name == "link";
        }
        return !next || !target;
    });
    return next && target;
}

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
        case '[': return (name.has("next") || name.has("cursor")) && some_element(value, is_text);
        default: break;
    }
    std::string text(value);
    if (value.front() == '"' && !unescape(value.substr(1, value.size() - 2), text)) return true;
    if (text.empty()) return false;
    // Numbers about this page ("page": 3, "offset": "100") are everywhere.
    if ((value.front() != '"' || all_digits(text)) && !name.has("next")) return false;
    return std::find(asked.begin(), asked.end(), text) == asked.end();
}

std::string_view last_name(std::string_view pointer)
{
    return pointer.substr(std::min(pointer.rfind('/') + 1, pointer.size()));
}

/// What is sought, and the names found.
struct search {
    const connector& c;
    const token_target* target;
    const asked_values& asked;
    spelling lost;
    std::vector<std::string> found;

    /// Look at an object's members. `holder` is its name if the token was never expected there.
    void look_in(const std::string& place, std::string_view object, const spelling* holder)
    {
        for_each_member(object, [&](std::string_view name, std::string_view value) {
            if (!leads_on(spelling(name), value, holder)) return true;
            const std::string pointer = place + token_of(name);
            return declared(c, pointer, name, value) || note_lookalike(found, pointer);
        });
    }

    /// Look one level below the root.
    void look_below(const searched& root)
    {
        for_each_member(root.json, [&](std::string_view name, std::string_view value) {
            const std::string pointer = std::string(root.at) + token_of(name);
            const auto& ignored = c.next.ignore;
            const bool closed = value.front() != '{' || pointer == c.records.at ||
                                std::find(ignored.begin(), ignored.end(), pointer) != ignored.end();
            const spelling holder(closed ? std::string_view() : name);
            if (!closed) look_in(pointer, value, &holder);
            return true;
        });
    }

private:
    bool leads_on(const spelling& name, std::string_view value, const spelling* holder) const
    {
        if (value.front() == '[' && some_element(value, links_to_next)) return true;
        if (c.format == page_format::xml && links_to_next(value)) return true;
        const bool named = holder == nullptr ? names_next(name) || names_more(name)
                                             : names_next_in(*holder, name, lost);
        return named && could_be_token(name, value, target, asked);
    }
};

int hex(char c)
{
    if (is_digit(c)) return c - '0';
    const char low = static_cast<char>(c | 0x20);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

}  // namespace

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

bool note_lookalike(std::vector<std::string>& to, std::string_view name)
{
    constexpr std::size_t most = 8;
    constexpr std::size_t longest = 80;
    std::string shown = printable(name, longest);
    if (to.size() < most && std::find(to.begin(), to.end(), shown) == to.end())
        to.push_back(std::move(shown));
    return to.size() < most;
}

std::vector<std::string> lookalikes(const connector& c, const token_source& source,
                                    const token_target* target, const searched& in,
                                    const asked_values& asked)
{
    searched body = in;
    body.json.remove_prefix(std::min(body.json.find_first_not_of(" \t\r\n"), body.json.size()));
    search s{c, target, asked, spelling(last_name(source.at)), {}};
    if (source.from == token_source::place::body && !source.at.empty()) {
        const auto [place, object] =
            nearest_object(body, std::string_view(source.at).substr(0, source.at.rfind('/')));
        s.look_in(place, object, nullptr);
    }
    s.look_in(std::string(body.at), body.json, nullptr);
    s.look_below(body);
    return std::move(s.found);
}

std::vector<std::string> lookalikes(const connector& c, std::span<const header_view> headers,
                                    std::string_view url)
{
    const asked_values asked = values_in(url);
    std::vector<std::string> out;
    const auto ignored = [&](std::string_view name) {
        return std::any_of(c.next.ignore.begin(), c.next.ignore.end(), [&](std::string_view known) {
            return equal_ignoring_case(known.substr(known.starts_with('/')), name);
        });
    };
    bool by_link = false;
    std::vector<std::string_view> link_lines;
    for (const header_view& h : headers) {
        if (equal_ignoring_case(h.name, "Link")) link_lines.push_back(h.value);
        const spelling spelt(h.name);
        if (h.value.empty() || !names_next(spelt)) continue;
        if (all_digits(h.value) && !spelt.has("next")) continue;
        const auto same = [&](std::string_view name) { return equal_ignoring_case(name, h.name); };
        const bool known =
            std::any_of(c.next.from.begin(), c.next.from.end(),
                        [&](const token_source& s) {
                            return s.from == token_source::place::header && same(s.at);
                        }) ||
            ignored(h.name) ||
            (c.total && c.total->from == total_rule::place::header && same(c.total->at));
        if (known || std::find(asked.begin(), asked.end(), h.value) != asked.end()) continue;
        if (!note_lookalike(out, h.name)) return out;
    }
    const auto declared_link = [&](std::string_view relation) {
        return std::any_of(c.next.from.begin(), c.next.from.end(), [&](const token_source& s) {
            return s.from == token_source::place::link && equal_ignoring_case(s.at, relation);
        });
    };
    for (const token_source& s : c.next.from)
        by_link = by_link || s.from == token_source::place::link;
    if (!by_link) return out;
    for (const std::string& relation : link_relations(link_lines, url)) {
        if (!relation_names_next(relation) || declared_link(relation) || ignored(relation))
            continue;
        if (!note_lookalike(out, "Link rel=" + relation)) break;
    }
    return out;
}

std::vector<std::string> record_lookalikes(const connector& c, const searched& body)
{
    const std::string_view holder =
        std::string_view(c.records.at).substr(0, c.records.at.rfind('/'));
    const auto [at, parent] = nearest_object(body, holder);
    std::vector<std::string> out;
    std::set<std::string, std::less<>> names;
    constexpr std::size_t most = 64;  // a document that has more of them is no listing
    for_each_member(parent, [&](std::string_view name, std::string_view value) {
        if (value.front() != '{') return true;
        bool alike = false;
        if (c.key.empty())
            alike = names.size() < most && !names.emplace(name).second;
        else
            alike = has_place(value, c.key.front().at);
        return !alike || note_lookalike(out, at + token_of(name));
    });
    return out;
}

}  // namespace catena::codec
