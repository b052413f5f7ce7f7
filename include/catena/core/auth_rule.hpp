// layer: core
#pragma once

#include <catena/core/request_rule.hpp>

#include <string>

namespace catena {

/** How requests prove who asks, beyond fixed headers and parameters.

    The proof goes to the connector's own origin only, as one header field. Where it can be renewed
    it is: before it runs out, and once for all chains when the API refuses it in the middle of a
    walk.
*/
struct auth_rule {
    enum class method {
        none,
        basic,     ///< RFC 7617: `user` and `password`.
        bearer,    ///< RFC 6750: `token`.
        oauth2,    ///< RFC 6749: tokens are fetched from `token_url`.
        provider,  ///< The host program's credential_provider is asked for `name`.
    };
    enum class grant {
        client_credentials,  ///< RFC 6749, section 4.4.
        refresh_token,       ///< Section 6. A new refresh token takes the old one's place.
    };
    /// Where the token request shows the client's id and secret (section 2.3.1).
    enum class client_place { header, body };

    auth_rule() {}

    method by = method::none;
    setting user, password;
    setting token;

    std::string token_url;
    grant granted_by = grant::client_credentials;
    setting client_id, client_secret, refresh_token;
    client_place client_in = client_place::header;
    std::string scope;          ///< Space-separated; empty: the server's default.
    named_settings parameters;  ///< Further ones of the token request, such as `audience`.

    std::string name;  ///< What a provider is asked for.

    bool allow_plain_http = false;  ///< Also over http to another host than this one.

    friend bool operator==(const auth_rule&, const auth_rule&) = default;
};

/// Whether asking again can give another proof: a fixed text or variable stays what it is.
[[nodiscard]] bool is_renewable(const auth_rule& a) noexcept;

}  // namespace catena
