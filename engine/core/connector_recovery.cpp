#include "core/connector_checks.hpp"
#include <catena/core/http.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace catena::core {
namespace {

using target_place = token_target::place;

}  // namespace

bool overlap(const token_target& a, const token_target& b)
{
    if (a.to != b.to) return false;
    switch (a.to) {
        case target_place::query: return a.at == b.at;
        case target_place::header: return equal_ignoring_case(a.at, b.at);
        case target_place::body:
            return (a.at + '/').starts_with(b.at + '/') || (b.at + '/').starts_with(a.at + '/');
        case target_place::path:
        case target_place::url: break;
    }
    return true;
}

void connector_check::expiry()
{
    const expiry_rule& e = c_.expiry;
    for (std::size_t i = 0; i < e.signs.size(); ++i)
        test(e.signs[i], item("/expiry/signs", i));
    if (e.ttl < duration::zero())
        flaw("/expiry/ttl", "a time to live is not negative", "use a duration such as \"5m\"");

    switch (e.recover.by) {
        case recovery_rule::method::fail: break;
        case recovery_rule::method::rebuild: rebuild(); break;
        case recovery_rule::method::rescan:
            if (c_.key.empty())
                flaw("/expiry/recover", "without a key a rescan cannot know what was delivered",
                     "add \"key\", the fields that identify a record");
            break;
        case recovery_rule::method::token_from:
            member_pointer(e.recover.at, "/expiry/recover/token_from");
            if (c_.next.from.size() > 1)
                flaw("/expiry/recover/token_from", "one fresh token cannot replace several",
                     "use rebuild or rescan");
    }
}

void connector_check::rebuild()
{
    const std::string where = "/expiry/recover/rebuild";
    const recovery_rule& r = c_.expiry.recover;
    if (c_.key.empty())
        flaw(where, "without a key no query can follow the last record",
             "add \"key\", the fields that the server sorts by");
    else if (c_.sorted == order::none)
        flaw(where, "without an order the last record's key does not say what is left",
             "set \"order\" to ascending or descending if the server sorts by the key; else use "
             "rescan");
    if (r.to.empty())
        flaw(where + "/to", "nothing says where the last key goes",
             "name a target, as in {\"query\": \"since\"}");
    if (r.to.size() > c_.key.size() && !c_.key.empty())
        flaw(where + "/to", "there are more targets than key fields",
             "give each leading key field one target");
    if (c_.ties && r.to.size() >= c_.key.size() && !c_.key.empty())
        flaw("/ties", "every key field is in the rebuilt query, so none is left to tell ties apart",
             "remove ties, or add a field to \"key\" behind those of rebuild.to");
    for (std::size_t i = 0; i < r.to.size(); ++i) {
        target(r.to[i], item(where + "/to", i));
        if (r.to[i].to == target_place::url ||
            (r.to[i].to == target_place::query && r.to[i].at == "*"))
            flaw(item(where + "/to", i), "a key field is no URL and no object",
                 "use a query parameter, body member, header or path");
    }
}

void connector_check::apart()
{
    // No two values may go to one place of a request: one of them would be lost. Token and bound
    // may share one, since the bound is needed only where there is no token yet.
    using places = std::vector<std::pair<const token_target*, std::string>>;
    const auto add = [this](places& seen, const token_target& t, std::string pointer) {
        for (const auto& [other, where] : seen)
            if (overlap(t, *other)) {
                flaw(pointer, "this is the same place as " + where,
                     "use another one, or remove it");
                break;
            }
        seen.emplace_back(&t, std::move(pointer));
    };
    places with_tokens, with_bound;
    for (std::size_t i = 0; i < c_.next.to.size(); ++i)
        add(with_tokens, c_.next.to[i], item("/next/to", i));
    if (c_.page_size.value != 0) {
        add(with_tokens, c_.page_size.to, "/page_size/to");
        with_bound.emplace_back(&c_.page_size.to, "/page_size/to");
    }
    for (std::size_t i = 0; i < c_.expiry.recover.to.size(); ++i)
        add(with_bound, c_.expiry.recover.to[i], item("/expiry/recover/rebuild/to", i));
}

void connector_check::limits()
{
    for (std::size_t i = 0; i < c_.limits.policies.size(); ++i) {
        const rate_policy& p = c_.limits.policies[i];
        const std::string where = item("/limits/policies", i);
        if (p.requests == 0)
            flaw(where + "/requests", "no request would ever be sent",
                 "use at least 1; for one in ten seconds write \"requests\": 1, \"per\": \"10s\"");
        if (p.per <= duration::zero())
            flaw(where + "/per", "the time is not positive", "use a duration such as \"1s\"");
        else if (p.per.count() < static_cast<duration::rep>(p.requests))
            flaw(where + "/requests", "that is more than one request in a nanosecond",
                 "use fewer requests, or remove the policy");
        if (p.burst == 0)
            flaw(where + "/burst", "a burst of 0 lets no request pass", "use at least 1");
        if (p.weight == 0 || p.weight > std::max(p.requests, 1u))
            flaw(where + "/weight", "a request costs nothing, or more than there ever is",
                 "use a number from 1 to that of requests");
    }
}

void connector_check::session()
{
    if (!c_.session.cookies) return;
    const auto is_cookie = [](const std::string& name) {
        return equal_ignoring_case(name, "Cookie");
    };
    const bool header = std::any_of(c_.request.headers.begin(), c_.request.headers.end(),
                                    [&](const auto& h) { return is_cookie(h.first); });
    const bool token = std::any_of(c_.next.to.begin(), c_.next.to.end(), [&](const auto& t) {
        return t.to == target_place::header && is_cookie(t.at);
    });
    if (header || token)
        flaw("/session/cookies", "the header Cookie is set by this connector already",
             "remove session.cookies, or the header");
}

void connector_check::origins()
{
    const url_parts base = split_url(c_.request.url);
    for (std::size_t i = 0; i < c_.origins.size(); ++i) {
        const std::string where = item("/origins", i);
        const std::size_t before = flaws_.size();
        url(c_.origins[i], where);
        const url_parts parts = split_url(c_.origins[i]);
        if (flaws_.size() != before) continue;
        if (!parts.rest.empty())
            flaw(where, "an origin has no path",
                 "write scheme and host only, as in \"https://host\"");
        if (equal_ignoring_case(base.scheme, "https") && equal_ignoring_case(parts.scheme, "http"))
            flaw(where, "https is never left for http", "use the https origin");
    }
}

}  // namespace catena::core
