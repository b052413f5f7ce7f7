// layer: core
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace catena {

/// Where requests go: RFC 6454. `host` is lower case; an IPv6 address has no brackets here.
struct origin {
    bool tls = false;
    std::string host;
    std::uint16_t port = 80;

    friend bool operator==(const origin&, const origin&) = default;
    friend auto operator<=>(const origin&, const origin&) = default;
};

/// "https://host" with the port only where it is not the scheme's own.
[[nodiscard]] std::string to_text(const origin& o);

/// One header field as it is sent. Name and value hold no octet that could split a request.
struct header_field {
    std::string name, value;
};

/// Which connection a request may go on.
enum class connection_choice : unsigned char {
    any,    ///< A kept one, or a new one.
    fresh,  ///< A new one.
    kept,   ///< One that has served this session before; errc::session_lost where there is none.
};

/** One request, ready for the wire.

    `target` and every header value go out octet for octet. Host, Content-Length and Connection are
    the transport's own and must not be among `headers`.
*/
struct http_request {
    std::string method = "GET";
    origin to;
    std::string target = "/";  ///< Origin form: path and query (RFC 9112, section 3.2.1).
    std::vector<header_field> headers;
    std::string body;
    /// A connection that died before one octet of an answer may be replaced and the request sent
    /// again. False for requests with single-use tokens.
    bool repeatable = true;
    /// `to` is the connector's own origin, which names a local address itself: no address rule is
    /// for it.
    bool own_address = false;
    connection_choice on = connection_choice::any;
    /// Not 0: on a connection of this session's own, which serves nobody else.
    std::uint64_t session = 0;
    /// Of the credentials that go along, 0 without any. Equal where they are: what a connection
    /// learnt with one set of credentials (a TLS session) serves no other.
    std::uint64_t credentials = 0;
    /// Whether `to` is the origin that credentials belong to: a client certificate may be shown.
    bool own_origin = false;
    std::string shown_target;  ///< `target` with secrets and cursors struck out, for messages.
    std::vector<std::string> hidden;  ///< Texts in it that no message may show: secrets, cursors.
};

/// One received header field. Views are valid only while the call that hands them out runs.
struct header_view {
    std::string_view name, value;
};

/// Status line and header block of one answer.
struct response_head {
    int status = 0;
    int version = 11;  ///< 10 or 11.
    std::span<const header_view> headers;
};

/// ASCII letters without case, all else by octet.
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// The first field of that name, or nullptr.
[[nodiscard]] const header_view* find_header(std::span<const header_view> headers,
                                             std::string_view name) noexcept;

}  // namespace catena
