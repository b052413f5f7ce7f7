#pragma once

#include <catena/core/http.hpp>
#include <catena/testing/behaviour.hpp>
#include <catena/testing/scripted_answer.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace catena::testing {

/** The sessions of a server's clients. They are counted from 1.

    A cookie carries its session under a checksum; connections are remembered.
*/
class session_book {
public:
    explicit session_book(const behaviour& b) : manner_(b) {}

    /** The session that a request belongs to; 0: none, or a forgotten one.

        @throws std::invalid_argument if sessions are connections and `how` tells none.
    */
    [[nodiscard]] std::uint64_t of(const http_request& ask, const arrival& how) const;

    /// A new session for what comes that way.
    [[nodiscard]] std::uint64_t begin(const arrival& how);
    /// The Set-Cookie field of a session.
    [[nodiscard]] header_field cookie(std::uint64_t session) const;
    /// Every session begun so far is unknown from now on.
    void forget();

private:
    [[nodiscard]] std::uint64_t session_in(std::string_view cookies) const;

    const behaviour& manner_;
    std::uint64_t begun_ = 0, forgotten_ = 0;
    std::unordered_map<std::uint64_t, std::uint64_t> by_connection_;
};

}  // namespace catena::testing
