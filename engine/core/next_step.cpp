#include "core/next_step.hpp"

#include <catena/core/key.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace catena {
namespace {

using kind = end_rule::kind;

const char* in_words(presence p) noexcept
{
    switch (p) {
        case presence::missing: return "missing";
        case presence::null: return "null";
        case presence::empty: return "an empty string";
        case presence::given: return "there";
        case presence::unusable: return "of a kind that cannot be a cursor";
    }
    return "unknown";
}

std::string place_of(const token_source& s)
{
    switch (s.from) {
        case token_source::place::body: return s.at;
        case token_source::place::header: return "header " + s.at;
        case token_source::place::link: return "Link rel=" + s.at;
        case token_source::place::last_record: return "last record's " + s.at;
        case token_source::place::counter: return "counter";
    }
    return s.at;
}

// What a token looks like, coarsely: base64 texts must not differ from one another.
unsigned shape_of(const value& v) noexcept
{
    const bool digits =
        std::all_of(v.text.begin(), v.text.end(), [](char c) { return c >= '0' && c <= '9'; });
    const bool url = v.text.find("://") != std::string::npos;
    return static_cast<unsigned>(v.kind) << 2 | (digits ? 2u : 0u) | (url ? 1u : 0u);
}

}  // namespace

bool decides(const connector& c, std::size_t i) noexcept
{
    constexpr auto counter = token_source::place::counter;
    if (c.next.from[i].keep) return false;
    return c.next.from[i].from != counter ||
           std::none_of(c.next.from.begin(), c.next.from.end(),
                        [](const token_source& s) { return s.from != counter && !s.keep; });
}

identity identity_of_tokens(const connector& c, const std::vector<value>& tokens)
{
    std::vector<field_view> deciding;
    for (std::size_t i = 0; i < std::min(tokens.size(), c.next.from.size()); ++i)
        if (decides(c, i)) deciding.emplace_back(tokens[i]);
    return identity_of_key(deciding);
}

bool equals_the_last(const page_facts& facts, const checkpoint& before) noexcept
{
    return facts.records > 0 && facts.print == before.last_page;
}

diagnostics repeated_page(const connector& c, const page_facts& facts)
{
    diagnostics why;
    why.code = errc::page_repeated;
    why.what = "the page equals the one before it: the server ignores the cursor";
    why.status = facts.status;
    why.next = advice::resume;
    why.mend = "correct next.to: the cursor does not reach the server";
    if (c.next.inclusive) {
        why.what = "the page equals the one before it";
        why.mend +=
            "; or, if it does, more records share its value than fit a page: raise page_size, or "
            "send a second token";
    }
    return why;
}

next_step::next_step(const connector& c, const chain_limits& l, const checkpoint& before,
                     const page_facts& facts, std::uint64_t counted)
    : c_(c),
      limits_(l),
      before_(before),
      facts_(facts),
      came_(before.query_records + counted),
      asked_(page_size_at(c, before.at))
{
    why.status = facts.status;
    why.next = advice::resume;
}

bool next_step::fail(errc e, std::string what, std::string mend, std::string pointer)
{
    why.code = e;
    why.what = std::move(what);
    why.mend = std::move(mend);
    why.pointer = std::move(pointer);
    return false;
}

bool next_step::declared(kind k) const noexcept
{
    return std::any_of(c_.end.begin(), c_.end.end(),
                       [k](const end_rule& e) { return e.what == k; });
}

bool next_step::is_counter(std::size_t i) const noexcept
{
    return c_.next.from[i].from == token_source::place::counter;
}

bool next_step::any_token() const
{
    for (std::size_t i = 0; i < c_.next.from.size(); ++i)
        if (decides(i) && (is_counter(i) || facts_.tokens[i].is == presence::given)) return true;
    return false;
}

bool next_step::decide(std::vector<notice>& notices)
{
    switch (facts_.flag) {
        case flag_fact::end: return end_here(notices);
        case flag_fact::missing:
            if (ended_by_page() || ended_by_absence()) return end_here(notices);
            [[fallthrough]];
        case flag_fact::unreadable:
            return fail(errc::schema_drift, "the flag for more pages is missing or no boolean",
                        or_changed("correct the end rule"), facts_.flag_at);
        case flag_fact::more:
            if (any_token()) break;
            if (!facts_.lookalikes.empty()) return no_token();
            return fail(errc::contradiction,
                        "the page says that there are more (" + facts_.flag_at +
                            "), and gives no cursor at " + places_of_tokens(),
                        or_changed("correct next.from"), facts_.flag_at);
        case flag_fact::undeclared: break;
    }

    if (facts_.flag != flag_fact::more && ended_by_page()) return end_here(notices);
    const bool blind = declared(kind::total) && !facts_.total &&
                       std::all_of(c_.end.begin(), c_.end.end(),
                                   [](const end_rule& e) { return e.what == kind::total; });
    if (blind) {
        return fail(errc::schema_drift, "the total, which alone could end the walk, cannot be read",
                    or_changed("correct `total`"), c_.total ? c_.total->at : std::string());
    }
    if (!any_token()) return ended_by_absence() ? end_here(notices) : no_token();
    if (!compose()) return false;
    const bool more = facts_.flag == flag_fact::more;
    if (!more && same_as_sent() && declared(kind::same_token)) return ended_by_same_token(notices);
    if (leads_back() && !c_.next.may_repeat) {
        return fail(errc::cursor_repeated, "the next URL is the one that was just asked",
                    "declare end same_token if the API ends so; else the server is at fault");
    }

    tell(notices);
    return true;
}

bool next_step::ended_by_page() const
{
    if (facts_.end_sign) return true;
    if (declared(kind::total) && total_reached()) return true;
    if (declared(kind::empty_page) && facts_.records == 0) return true;
    // A first page shorter than asked may be a server that caps its pages: only a page shorter
    // than one that came before is short.
    return declared(kind::short_page) &&
           (facts_.records == 0 || facts_.records < before_.full_page);
}

// A cursor that never reaches the server, or one that cannot pass a group of equal values, comes
// again just as the last one does.
bool next_step::ended_by_same_token(std::vector<notice>& notices)
{
    // An inclusive walk ends with its last record alone. Where one is asked for, that says nothing.
    const bool alone = c_.next.inclusive && facts_.records == 1 && asked_ != 1;
    if (facts_.records == 0 || alone) return end_here(notices);
    if (equals_the_last(facts_, before_)) {
        why = repeated_page(c_, facts_);
        return false;
    }
    if (c_.next.inclusive && facts_.records >= before_.full_page) {
        return fail(errc::no_progress,
                    "more records share the cursor's value than fit a page, or the cursor does "
                    "not arrive",
                    "raise page_size, or send a second token; else correct next.to");
    }
    return end_here(notices);
}

bool next_step::total_reached() const
{
    if (!facts_.total || !c_.total) return false;
    if (c_.total->counts == total_rule::unit::pages)
        return before_.query_pages + 1 >= *facts_.total;
    // A server with a result window counts no further than that: such a total ends nothing.
    if (c_.window.records != 0 && *facts_.total >= c_.window.records) return false;
    // More records than the total claims prove it false: then only an empty page is the end.
    return came_ == *facts_.total || (came_ > *facts_.total && facts_.records == 0);
}

// A token that is not there ends the chain if that is declared and nothing looks like its heir.
bool next_step::ended_by_absence() const
{
    if (any_token() || !facts_.lookalikes.empty()) return false;
    bool any_named = false;
    for (std::size_t i = 0; i < c_.next.from.size(); ++i) {
        if (!decides(i)) continue;
        const presence is = facts_.tokens[i].is;
        const bool named = (is == presence::missing && declared(kind::missing)) ||
                           (is == presence::null && declared(kind::null)) ||
                           (is == presence::empty && declared(kind::empty_string));
        const bool may_lack = c_.next.from[i].optional && is == presence::missing;
        if (!named && !may_lack) return false;
        any_named = any_named || named;
    }
    return any_named;
}

std::string next_step::places_of_tokens() const
{
    std::string out;
    for (std::size_t i = 0; i < c_.next.from.size(); ++i)
        if (decides(i)) out += (out.empty() ? "" : ", ") + place_of(c_.next.from[i]);
    return out;
}

bool next_step::no_token()
{
    for (std::size_t i = 0; i < c_.next.from.size(); ++i)
        if (decides(i)) return drift(i);
    return fail(errc::schema_drift, "nothing decides what comes next", "correct next.from");
}

bool next_step::drift(std::size_t i)
{
    const std::string place = place_of(c_.next.from[i]);
    const std::string what = in_words(facts_.tokens[i].is);
    if (!facts_.lookalikes.empty()) {
        std::string names;
        for (const std::string& l : facts_.lookalikes)
            names += (names.empty() ? "" : ", ") + l;
        return fail(
            errc::schema_drift,
            "the cursor at " + place + " is " + what + ", and " + names +
                " looks like its new name",
            "set next.from to the new place; or, if that is no cursor, name it in next.ignore",
            c_.next.from[i].at);
    }
    if (facts_.tokens[i].is == presence::unusable) return unusable(i);
    return fail(
        errc::schema_drift, "the cursor at " + place + " is " + what + ", which is no declared end",
        "correct next.from; or declare this in `end`, but only if the API's documentation says "
        "that the last page looks so",
        c_.next.from[i].at);
}

bool next_step::unusable(std::size_t i)
{
    std::string what = in_words(presence::unusable);
    std::string mend = "correct next.from";
    if (i < c_.next.to.size() && c_.next.to[i].to == token_target::place::query) {
        what = "of a kind that cannot go to a query parameter";
        mend += "; an object: send it to a body, to query \"*\", or as json";
    }
    return fail(errc::schema_drift,
                "the cursor at " + place_of(c_.next.from[i]) + " is " + std::move(what),
                or_changed(std::move(mend)), c_.next.from[i].at);
}

// Before the first page there is nothing that it could have changed from.
std::string next_step::or_changed(std::string mend) const
{
    return before_.pages == 0 ? mend : mend + "; the API's format may have changed";
}

bool next_step::check_given(std::size_t i)
{
    const token_fact& t = facts_.tokens[i];
    if (t.is == presence::unusable) return drift(i);
    if (t.is != presence::given) {
        if (c_.next.from[i].keep || c_.next.from[i].optional) return true;
        return drift(i);
    }
    if (t.token.text.size() <= limits_.token_octets) return true;
    return fail(errc::cursor_too_long,
                "a cursor of " + std::to_string(t.token.text.size()) + " octets",
                "raise chain_limits::token_octets (" + std::to_string(limits_.token_octets) + ")",
                c_.next.from[i].at);
}

bool next_step::compose()
{
    next_.bound = before_.at.bound;
    next_.size = before_.at.size;
    for (std::size_t i = 0; i < c_.next.from.size(); ++i) {
        if (is_counter(i)) {
            value number = count_on(i);
            if (number.text.empty()) {
                return fail(errc::limit_exceeded, "the counter cannot grow any further",
                            "correct next.from: the counter began too high");
            }
            next_.tokens.push_back(std::move(number));
            continue;
        }
        if (!check_given(i)) return false;

        if (facts_.tokens[i].is == presence::given)
            next_.tokens.push_back(facts_.tokens[i].token);
        else if (c_.next.from[i].keep && i < before_.at.tokens.size())
            next_.tokens.push_back(before_.at.tokens[i]);
        else
            next_.tokens.push_back(value{json_kind::null, ""});
    }

    // A counter of records stands still on an empty page: it would ask for the same one for ever.
    if (facts_.records == 0 && same_as_sent() && !declared(kind::same_token)) {
        for (std::size_t i = 0; i < c_.next.from.size(); ++i) {
            if (!is_counter(i)) continue;
            return fail(errc::contradiction, "an empty page before the declared end",
                        "declare end empty_page if the API ends so");
        }
    }
    return true;
}

value next_step::count_on(std::size_t i) const
{
    const token_source& s = c_.next.from[i];
    std::int64_t now = s.start;
    if (i < before_.at.tokens.size()) {
        const std::string& text = before_.at.tokens[i].text;
        if (std::from_chars(text.data(), text.data() + text.size(), now).ec != std::errc{})
            return value{};
    }
    const auto step = s.step == token_source::stride::pages
                          ? std::int64_t(1)
                          : static_cast<std::int64_t>(facts_.records);
    std::int64_t then = 0;
    if (__builtin_add_overflow(now, step, &then)) return value{};
    return value{json_kind::number, std::to_string(then)};
}

bool next_step::leads_back() const
{
    for (std::size_t i = 0; i < c_.next.from.size(); ++i)
        if (decides(i) && facts_.tokens[i].same_request) return true;
    return false;
}

bool next_step::same_as_sent() const
{
    if (leads_back()) return true;
    if (before_.at.tokens.size() != next_.tokens.size()) return false;
    for (std::size_t i = 0; i < next_.tokens.size(); ++i)
        if (decides(i) && next_.tokens[i] != before_.at.tokens[i]) return false;
    return true;
}

bool next_step::end_here(std::vector<notice>& notices)
{
    last_ = true;
    next_ = position();
    const bool counts = c_.total && c_.total->counts == total_rule::unit::records;
    if (counts && facts_.total && came_ != *facts_.total) {
        notices.push_back(
            {notice::kind::total_differs, "the server claims " + std::to_string(*facts_.total) +
                                              " records, and " + std::to_string(came_) + " came"});
    }
    return true;
}

void next_step::tell(std::vector<notice>& notices) const
{
    if (before_.full_page == 0 && facts_.records > 0 && facts_.records < asked_) {
        notices.push_back({notice::kind::page_size_capped, "asked for " + std::to_string(asked_) +
                                                               " records a page, the server sent " +
                                                               std::to_string(facts_.records)});
    }
    for (std::size_t i = 0; i < next_.tokens.size() && i < before_.at.tokens.size(); ++i) {
        if (!decides(i) || is_counter(i)) continue;
        const value& then = before_.at.tokens[i];
        if (shape_of(then) == shape_of(next_.tokens[i])) continue;
        notices.push_back(
            {notice::kind::token_shape,
             "the cursors at " + place_of(c_.next.from[i]) + " look different from now on"});
    }
}

}  // namespace catena
