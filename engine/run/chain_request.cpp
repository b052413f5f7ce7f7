// Which request asks for a page: at its own place, or where the server sent us.
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
    return ask;
}

}  // namespace catena
