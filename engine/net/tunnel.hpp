#pragma once

#include "net/proxy.hpp"
#include <catena/core/http.hpp>
#include <catena/error.hpp>
#include <catena/net/intake_limits.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace catena::net {

/** The talk with a proxy before a connection leads to an origin, without I/O.

    The shell loops: where next() is `send` it sends out() and says so; where it is `receive` it
    brings what came.

    @par Invariants
    The outcome does not depend on how the octets are cut into pieces. After `failed` nothing
    changes, after `open` only that an octet more is a failure: a proxy that speaks out of turn
    would be taken for the origin. No text holds credentials or an octet of the proxy's but those of
   a first line that is not HTTP.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class tunnel {
public:
    enum class step { send, receive, open, failed };

    explicit tunnel(const proxy& by) : named_(by.named()) {}
    virtual ~tunnel() = default;
    tunnel(const tunnel&) = delete;
    tunnel& operator=(const tunnel&) = delete;

    [[nodiscard]] step next() const noexcept { return next_; }
    [[nodiscard]] const std::string& out() const noexcept { return out_; }

    void on_sent();
    void on_octets(std::string_view octets);
    /// The connection broke, or ended in good order where `why` says nothing.
    void on_broken(const error_code& why);

    /// Why it failed: errc::proxy_refused where asking again would not help, or proxy_failed.
    [[nodiscard]] error_code error() const noexcept { return error_; }

    /// The failure in words, with the proxy's name.
    [[nodiscard]] const std::string& detail() const noexcept { return detail_; }

protected:
    void send(std::string text);
    void open() { next_ = step::open; }
    void fail(errc e, const std::string& what);

    /// @return How many octets were taken: all, where more are needed.
    virtual std::size_t take(std::string_view octets) = 0;

private:
    std::string named_;
    step next_ = step::send;
    std::string out_;
    error_code error_;
    std::string detail_;
};

/** A talk that has `by` lead to `to`: CONNECT (RFC 9110, section 9.3.6) or SOCKS5 (RFC 1928, with
    user and password by RFC 1929).

    @param to Its host may be an address. A name is for the proxy to resolve.
*/
[[nodiscard]] std::unique_ptr<tunnel> make_tunnel(const proxy& by, const origin& to,
                                                  const intake_limits& limits);

/// What a proxy means by 407, the answer that only proxies give. @param taken See basic_taken.
[[nodiscard]] std::string wants_credentials(const proxy& by, bool basic_taken);

/// Whether an answer offers the one way to authenticate that is known here.
[[nodiscard]] bool basic_taken(const response_head& head);

}  // namespace catena::net
