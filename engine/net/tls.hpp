#pragma once

#include <catena/error.hpp>
#include <catena/net/http_transport.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <string>

namespace catena::net {

using tls_stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>;

/** How one transport speaks TLS: roots, least version, ALPN.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class tls_setup {
public:
    /// @throws std::invalid_argument `t.roots_file` cannot be read as certificates.
    explicit tls_setup(const trust& t);

    /** Demand a certificate for `host` from the other side of `stream`, and ask for it by name.

        @param objection Where a refusal of the certificate is described; outlives the handshake.
    */
    [[nodiscard]] error_code prepare(tls_stream& stream, const std::string& host,
                                     std::string& objection) const;

    /** What a failed handshake means.

        @param objection As given to prepare().
        @param detail    Gets the story.
    */
    [[nodiscard]] error_code explain(error_code ec, const std::string& host,
                                     const std::string& objection, std::string& detail) const;

    [[nodiscard]] boost::asio::ssl::context& context() noexcept { return context_; }

private:
    boost::asio::ssl::context context_;
    std::string roots_;  // in words
};

/// Octets that came over TLS and were not read yet.
[[nodiscard]] bool has_unread(tls_stream& stream) noexcept;

}  // namespace catena::net
