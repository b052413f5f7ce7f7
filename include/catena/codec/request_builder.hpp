// layer: codec
#pragma once

#include <catena/connector.hpp>
#include <catena/core/credential.hpp>
#include <catena/core/http.hpp>
#include <catena/core/position.hpp>
#include <catena/core/secret_lookup.hpp>
#include <catena/diagnostics.hpp>
#include <catena/error.hpp>

#include <boost/system/result.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace catena {

/** Builds the requests of one connector: the first one, and those that positions ask for.

    Tokens are placed octet for octet: percent-encoded once in a query or path (RFC 3986, all but
    unreserved), as they are in a header (refused if they hold CR, LF, NUL or another control) or
    as the whole URL, as the server's own JSON octets in a body.

    A page asked for by its whole URL gets no parameter of the connector, but secret ones that it
    lacks on the connector's own origin. Another origin gets no secret, no Authorization, no Cookie
    and no header whose name speaks of a key or token.

    @par Thread safety
    Distinct objects: safe. Shared objects: safe for reading.
*/
class request_builder {
public:
    /** Look all secrets up once and check that they can go where they must go.

        @return errc::bad_secret with the reference's name, never its text, in `why`, also for a
        header that cannot be sent; errc::next_url_refused for a URL or origin of the connector that
        cannot be asked; errc::cursor_refused where the page size cannot go.
    */
    static boost::system::result<request_builder> make(std::shared_ptr<const connector> c,
                                                       const secret_lookup& look_up,
                                                       diagnostics& why);
    ~request_builder();
    request_builder(request_builder&&) noexcept;
    request_builder& operator=(request_builder&&) noexcept;

    /** The request for the page at `at`.

        @param proof Of connectors with `auth`: goes along to the connector's own origin.
        @return errc::cursor_refused when a token holds octets that cannot go where it must go,
        errc::next_url_refused when a next URL breaks the origin policy; `why` says more.
    */
    [[nodiscard]] boost::system::result<http_request> build(
        const position& at, diagnostics& why, const credential* proof = nullptr) const;

    /** The same request for the page at `at`, sent to the absolute `url`, where the server
        redirects it (RFC 9110, section 15.4).

        The URL goes out octet for octet, as a next URL does; what the page has in headers and body
        goes along.
    */
    [[nodiscard]] boost::system::result<http_request> build(
        const position& at, const std::string& url, diagnostics& why,
        const credential* proof = nullptr) const;

    /// Whether `to` is the connector's own origin, where credentials go.
    [[nodiscard]] bool is_own(const origin& to) const noexcept;

    /// The absolute URL of a request made here: what next URLs resolve against.
    [[nodiscard]] static std::string url_of(const http_request& r);

    /// Origin and credentials as one short text without secrets in it; equal where a budget is
    /// shared.
    [[nodiscard]] const std::string& budget_key() const noexcept;

    /// What http_request::credentials is on the connector's own origin.
    [[nodiscard]] std::uint64_t credentials() const noexcept;

private:
    request_builder();
    struct impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace catena
