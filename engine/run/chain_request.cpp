// Which request asks for a page: at its own place, or where the server sent us; in its session.
#include "codec/hidden_texts.hpp"
#include "run/chain_impl.hpp"

#include <algorithm>
#include <string>

namespace catena {

boost::system::result<http_request> chain::impl::request(diagnostics& refusal) const
{
    const position& at = machine.where();
    const std::string& there = machine.redirected_to();
    const credential* const proof = way->proof ? &way->proof->current() : nullptr;
    auto ask = there.empty() ? way->building.build(at, refusal, proof)
                             : way->building.build(at, there, refusal, proof);
    if (ask.has_value() && there.empty() && way->moved->size() != 0) {
        const std::string moved = way->moved->moved(request_builder::url_of(*ask));
        if (!moved.empty()) ask = way->building.build(at, moved, refusal, proof);
    }
    if (!ask.has_value()) return ask;

    const bool named = std::any_of(
        ask->headers.begin(), ask->headers.end(),
        [](const header_field& f) { return equal_ignoring_case(f.name, "User-Agent"); });
    if (!named) ask->headers.push_back({"User-Agent", home->options.user_agent});
    if (session) join_session(*ask);
    return ask;
}

void chain::impl::join_session(http_request& ask) const
{
    if (way->contract->session.one_connection) {
        ask.session = session->number;
        // Where the walk leaves for another origin, a new one has to do.
        const bool there = session->used.contains(ask.to);
        if (there && machine.bound_to_session()) ask.on = connection_choice::kept;
    }
    const cookie_jar* const jar = jar_for(ask);
    if (jar == nullptr) return;
    std::string cookies = jar->header(ask.to, ask.target, home->clock->wall_now());
    for (const std::string& value : jar->values())
        codec::hide(ask.hidden, value);
    if (!cookies.empty()) ask.headers.push_back({"Cookie", std::move(cookies)});
}

// Another origin gets no cookie, as it gets no credential, and sets none.
cookie_jar* chain::impl::jar_for(const http_request& ask) const
{
    const bool kept = session && way->contract->session.cookies && way->building.is_own(ask.to);
    return kept ? &session->jar : nullptr;
}

}  // namespace catena
