// layer: net
#pragma once

#include <catena/core/http.hpp>
#include <catena/core/time.hpp>
#include <catena/net/intake_limits.hpp>
#include <catena/net/proxy_rules.hpp>
#include <catena/net/transport.hpp>
#include <catena/secret.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace catena {

/// How long each part of an exchange may take. All are on by default.
struct time_limits {
    duration resolve = std::chrono::seconds(5);
    /// New connections go by the addresses of a name for so long before it is looked up again,
    /// unless none of them answers. 0: each looks it up.
    duration names_kept = std::chrono::seconds(30);
    /// All addresses together, and as long again for a proxy to lead on.
    duration connect = std::chrono::seconds(10);
    /// An address that has not answered by then is not waited for alone: the next one is tried
    /// beside it (RFC 8305, section 5). At least 10 ms.
    duration next_address = std::chrono::milliseconds(250);
    duration tls = std::chrono::seconds(10);
    duration first_octet = std::chrono::seconds(30);  ///< From sending on, and for each write.
    duration idle = std::chrono::seconds(30);         ///< Between two octets of an answer.
    duration request = std::chrono::minutes(5);  ///< The whole exchange; also a wait in the queue.

    /// An answer slower than this over `rate_window` counts as standing still. 0: any rate will do.
    std::uint32_t least_octets_per_second = 10;
    duration rate_window = std::chrono::seconds(30);
};

/// Whom TLS trusts, and who we are. Certificate and host name are always verified, TLS 1.2 is the
/// least.
struct trust {
    std::string roots_file;  ///< PEM; empty: the system's roots.

    /// PEM: a client certificate, then those between it and its root. For requests whose
    /// http_request::own_origin holds; a connector's own origin is, others that it names are not.
    std::string certificate_file;
    /// PEM, and to be written by its owner only. Empty: the key stands in `certificate_file`, too.
    std::string key_file;
    secret key_password;  ///< Of an encrypted key.
};

/// How the pool of connections behaves.
struct pool_limits {
    std::size_t connections_per_origin = 64;
    std::size_t idle_per_origin = 64;  ///< Besides one for each session.
    duration idle_time = std::chrono::seconds(30);

    /// A connection as old as this is not used again, so that new ones follow a name that has
    /// moved. 0: any age will do. Connections of sessions are spared.
    duration most_age = std::chrono::minutes(10);
    std::uint64_t requests_per_connection = 0;  ///< 0: any number. Sessions are spared here too.
};

/// To which addresses a transport connects. Checked at each connection, after the name is resolved.
enum class address_rule : unsigned char {
    any,
    public_only,  ///< None that is private, loopback, link-local, multicast, reserved or NAT64.
};

/// What a transport is made of. Goes to constructors only.
struct wire_options {
    time_limits times;
    trust tls;
    pool_limits pool;
    intake_limits intake;
    proxy_rules proxies;
    address_rule addresses = address_rule::any;
    std::vector<std::string> trusted_hosts;  ///< Names and addresses that may lead anywhere.
};

/** HTTP/1.1 over TCP and TLS, on connections that are kept and used again.

    At most `pool.connections_per_origin` exchanges with one origin run at once; further ones wait
    for their turn in order. An idle connection does not keep an io_context running.

    A connection serves again only when its last answer ended where its framing said, nothing came
    after it, and neither side asked to close. One that turns out to be dead before an octet of an
    answer came is replaced once, where http_request::repeatable allows it. So is one whose answer
    is 421 (RFC 9110, section 15.5.20); the receiver then sees the second answer only.

    Where no file or no local port is left for a new connection, idle ones are closed, and then the
    exchange waits until one becomes free, at most until `times.request` is over.

    A session (http_request::session) has one connection of its own at each origin, which serves
    one exchange at a time; a second one at once opens another that takes the first one's place.

    @par Errors
    @li errc::cursor_refused: method, target, host or a header field holds octets that could split
    the request, or a field that is the transport's own. Nothing was opened.
    @li asio::error::host_not_found and its kin: the name has no address.
    @li a socket's own code: no address accepted (exchange_report::detail lists each), or the
    connection broke in the middle of an answer.
    @li errc::proxy_refused, proxy_failed: a proxy did not lead to the origin, or a setting of one
    cannot be read; the origin has not seen the request.
    @li errc::truncated: the connection ended before its answer, in the middle of it, or a TLS
    stream ended without saying so where the end of the body hung on it.
    @li errc::address_barred: the host has no address that `addresses` lets pass. Where some pass,
    the others are left out. Not for `trusted_hosts` and http_request::own_address.
    @li errc::session_lost: http_request::on asks for a kept connection, and there is none, or it
    died before an octet of an answer came.
    @li errc::bad_response, limit_exceeded, not_tls, tls_untrusted, tls_failed, connection_stale
    and the errc::timed_out_* ones, as their names say.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe. All calls are made on the given executor, and
    all work is done there; where an io_context is run by several threads, give a strand of it.

    @par Lifetime
    Destruction completes outstanding exchanges with `operation_aborted`. The executor's context
    may be destroyed first: outstanding exchanges are then dropped unfinished.
*/
class http_transport final : public transport {
public:
    /** Open nothing yet.

        @throws std::invalid_argument A limit is zero or negative, `proxies` cannot be read, or a
        file of `tls` cannot be read, opened or does not fit the others.
    */
    explicit http_transport(boost::asio::any_io_executor ex, const wire_options& options = {});
    ~http_transport() override;

    void async_exchange(const http_request& ask, response_receiver& to, handler done) override;

    struct impl;

private:
    std::shared_ptr<impl> impl_;
};

}  // namespace catena
