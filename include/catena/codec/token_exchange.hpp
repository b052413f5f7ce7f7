// layer: codec
#pragma once

#include <catena/core/auth_rule.hpp>
#include <catena/core/credential.hpp>
#include <catena/core/http.hpp>
#include <catena/core/secret_lookup.hpp>
#include <catena/diagnostics.hpp>
#include <catena/error.hpp>
#include <catena/secret.hpp>

#include <boost/system/result.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace catena {

/// What a token server gave.
struct token_grant {
    token_grant() {}

    credential proof;
    std::optional<secret> refresh_token;  ///< The one to use from now on.
};

/** Requests tokens of an OAuth 2.0 server and reads its answers (RFC 6749). No I/O.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class token_exchange {
public:
    /// An answer longer than this is refused.
    static constexpr std::size_t most_octets = 64 * 1024;

    /** Look all secrets up once.

        @pre `a.by` is oauth2.
        @return errc::bad_secret with the reference's name, never its text, in `why`.
    */
    static boost::system::result<token_exchange> make(const auth_rule& a,
                                                      const secret_lookup& look_up,
                                                      diagnostics& why);

    /// The next token request.
    [[nodiscard]] http_request request() const;

    /** Read an answer.

        A refresh token in it is used by request() from now on.

        @param why Gets what a failure is about, with the server's words, secrets struck out.
        @return errc::credentials_unavailable where another moment may help (5xx, 408, 425, 429, a
        200 that is no JSON), errc::credentials_refused otherwise.
    */
    [[nodiscard]] boost::system::result<token_grant> read(int status, std::string_view body,
                                                          std::string& why);

    /// "the token server https://host", for messages.
    [[nodiscard]] const std::string& name() const noexcept { return name_; }

    /// Equal where one exchange serves all: server, client and grant. Holds a hash, no secret.
    [[nodiscard]] const std::string& identity() const noexcept { return identity_; }

    /// What no message may show.
    [[nodiscard]] const std::vector<std::string>& hidden() const noexcept { return hidden_; }

private:
    token_exchange() {}

    http_request blank_;  // without its body
    std::string fixed_;   // of the body
    std::string refresh_token_;
    std::string name_, identity_;
    std::vector<std::string> hidden_;
    bool refreshes_ = false;
};

}  // namespace catena
