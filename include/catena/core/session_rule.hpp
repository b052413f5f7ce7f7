// layer: core
#pragma once

namespace catena {

/** What a walk keeps between its requests, since the server binds its tokens to it.

    Each chain has its own, shared with nobody, and not part of a checkpoint. Where it is lost, the
    tokens of its pages are dead, and the walk recovers as @ref expiry_rule::recover says, in a new
    one.
*/
struct session_rule {
    session_rule() {}

    bool cookies = false;         ///< Cookies that the connector's origin sets go back to it.
    bool one_connection = false;  ///< All requests go over one connection, which serves no other.

    [[nodiscard]] bool any() const noexcept { return cookies || one_connection; }
    friend bool operator==(const session_rule&, const session_rule&) = default;
};

}  // namespace catena
