#include "testing/sessions.hpp"

#include "testing/stamp.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <stdexcept>

namespace catena::testing {

using kind = behaviour::session_kind;

namespace {

// As awkward as base64: the name ends at the first equals sign only.
std::string text_of(std::uint64_t session)
{
    const std::string number = std::to_string(session);
    return number + '/' + std::to_string(sum_of("session " + number)) + "+==";
}

}  // namespace

std::uint64_t session_book::session_in(std::string_view cookies) const
{
    while (!cookies.empty()) {
        cookies.remove_prefix(std::min(cookies.find_first_not_of(' '), cookies.size()));
        const std::size_t end = std::min(cookies.find(';'), cookies.size());
        const std::string_view one = cookies.substr(0, end);
        cookies.remove_prefix(std::min(end + 1, cookies.size()));

        const std::size_t equals = std::min(one.find('='), one.size());
        if (one.substr(0, equals) != manner_.session_cookie) continue;
        const std::string_view text = one.substr(std::min(equals + 1, one.size()));
        std::uint64_t session = 0;
        (void)std::from_chars(text.data(), text.data() + text.size(), session);
        const bool known = session > forgotten_ && session <= begun_;
        return known && text == text_of(session) ? session : 0;
    }
    return 0;
}

std::uint64_t session_book::of(const http_request& ask, const arrival& how) const
{
    if (manner_.session == kind::connection) {
        if (how.connection == 0)
            throw std::invalid_argument(
                "a server with a session for each connection must be told "
                "the connection: pass it the arrival, not only its time");
        const auto found = by_connection_.find(how.connection);
        return found == by_connection_.end() ? 0 : found->second;
    }
    if (manner_.session == kind::cookie)
        for (const header_field& h : ask.headers)
            if (equal_ignoring_case(h.name, "Cookie")) return session_in(h.value);
    return 0;
}

std::uint64_t session_book::begin(const arrival& how)
{
    ++begun_;
    if (manner_.session == kind::connection) by_connection_[how.connection] = begun_;
    return begun_;
}

header_field session_book::cookie(std::uint64_t session) const
{
    return {"Set-Cookie", manner_.session_cookie + '=' + text_of(session) + "; Path=/; HttpOnly"};
}

void session_book::forget()
{
    forgotten_ = begun_;
    by_connection_.clear();
}

}  // namespace catena::testing
