// layer: codec
#pragma once

#include <catena/core/http.hpp>
#include <catena/error.hpp>

#include <boost/system/result.hpp>

#include <span>
#include <string>
#include <string_view>

namespace catena {

/// Why a URL from a server is not followed. CASES: the corpus next-url-policy.
enum class url_refusal {
    none,
    cross_origin,  ///< Another scheme, host or port, and not among the allowed origins.
    downgrade,     ///< https to http.
    scheme,        ///< Neither http nor https.
    userinfo,      ///< "user:password@".
    bad_octet,     ///< A control or raw space.
    malformed,     ///< No URL, an empty host, a port out of range, an unfilled template.
    too_long,
    suspicious,  ///< "null" or another word that programs write where they have no value.
};

/// A URL that may be followed, and whether the credentials go along.
struct next_url {
    origin to;
    std::string target;        ///< Path and query, the server's own octets.
    bool credentials = false;  ///< Same origin as the base, or the same host over https at last.
    bool same_page = false;    ///< The base itself: following it would come back to it.

    /// Absolute form.
    [[nodiscard]] std::string text() const;
};

/// What url_policy allows beyond the base's own origin.
struct url_policy {
    std::span<const origin> allowed;
    std::size_t longest = 64 * 1024;
};

/** Resolve `reference`, which a server gave in an answer to `base` (RFC 3986, section 5.2), and
    decide whether it may be followed.

    Parsed for the decision only: path and query keep the server's octets, but that dot segments
    are removed from the path and octets above ASCII, which HTTP does not allow in a request line,
    are percent-encoded. A fragment is dropped. A host that hides an address (127.1, 0x7f000001)
    is nobody's own origin. From http to https on the same host and default ports counts as the
    same origin, and credentials go along: they went over http to that very name before, and now
    go to one that must show a certificate for it. The way back never does, not even to an allowed
    origin.

    @param why Set to the reason when the result is errc::next_url_refused.
*/
[[nodiscard]] boost::system::result<next_url> resolve_next(std::string_view base,
                                                           std::string_view reference,
                                                           const url_policy& policy,
                                                           url_refusal& why);

/// Read an absolute http or https URL of a connector. Same strictness, no limit of length.
[[nodiscard]] boost::system::result<next_url> parse_url(std::string_view url);

/// One word for messages, "cross_origin".
[[nodiscard]] const char* to_text(url_refusal r) noexcept;

}  // namespace catena
