// layer: net
#pragma once

#include <catena/core/http.hpp>
#include <catena/core/time.hpp>
#include <catena/error.hpp>

#include <boost/asio/any_completion_handler.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace catena {

/// Takes one answer as it comes in. A returned error stops the exchange and is its outcome.
class response_receiver {
public:
    virtual ~response_receiver() = default;

    /// The header block of the final answer; interim ones (1xx) are not shown. Called once.
    [[nodiscard]] virtual error_code on_head(const response_head& head) = 0;

    /// The next octets of the body, chunked framing undone, content coding not. May be called
    /// never. The view is valid during the call.
    [[nodiscard]] virtual error_code on_body(std::string_view octets) = 0;
};

/// What is known of an exchange beyond its answer.
struct exchange_report {
    std::string detail;  ///< For a failure: addresses tried, certificate, octets got and wanted.
    /// Files or ports that were short while it was opened, and the limit. Once for a spell of it.
    std::string shortage;
    std::uint64_t octets_received = 0;  ///< Head and body as they came over the wire.
    bool answered = false;              ///< At least one octet of an answer came.
    bool reused = false;                ///< On a connection that had served before.
};

/** The one way to the wire: sends a request and streams its answer.

    @par Thread safety
    As its implementation says; the engine calls it from its executor only.
*/
class transport {
public:
    using handler = boost::asio::any_completion_handler<void(error_code, exchange_report)>;

    virtual ~transport() = default;

    /** Exchange one request for one answer.

        Completes once, never inside this call, and without error only when the answer was received
        to its declared end. After completion `to` is not touched again.

        @par Errors
        Those of @ref errc from `bad_response` to `connection_stale`, sockets' own codes, what `to`
        returned, or `asio::error::operation_aborted`.

        @par Cancellation
        Any type, through the handler's slot: the connection is closed and the operation completes
        within 50 ms.

        @par Lifetime
        `ask` and `to` stay valid until completion. Destroying the transport cancels.
    */
    virtual void async_exchange(const http_request& ask, response_receiver& to, handler done) = 0;
};

}  // namespace catena
