#pragma once

#include "net/tls_identity.hpp"
#include "net/tls_peer.hpp"
#include "net/tls_sessions.hpp"
#include <catena/error.hpp>
#include <catena/net/http_transport.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <memory>
#include <optional>
#include <string>

namespace catena::net {

using tls_stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>;

/** How one transport speaks TLS: roots, least version, ALPN, client certificate.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class tls_setup {
public:
    /// @throws std::invalid_argument A file of `t` cannot be read, opened or does not fit.
    explicit tls_setup(const trust& t);

    /** Demand a certificate for the peer's host from the other side of `stream`, and ask for it by
        name. A session that the peer gave before stands for it.

        @param objection Where a refusal of the certificate is described; outlives the handshake.
    */
    [[nodiscard]] error_code prepare(tls_stream& stream, const tls_peer& peer,
                                     std::string& objection) const;

    /** What a failed handshake means.

        @param objection As given to prepare().
        @param detail    Gets the story.
    */
    [[nodiscard]] error_code explain(error_code ec, const std::string& host,
                                     const std::string& objection, std::string& detail) const;

    /// A handshake failed: trust no session of this peer.
    void on_failed(const tls_peer& peer) noexcept { sessions_->forget(peer); }

    /// A failure of TLS in words, after the handshake too: with TLS 1.3 a server may refuse a
    /// client only then.
    [[nodiscard]] static std::string in_words(error_code ec);

    [[nodiscard]] boost::asio::ssl::context& context() noexcept { return context_; }

private:
    boost::asio::ssl::context context_;
    std::optional<tls_identity> identity_;
    // Of this setup only: what another would have verified otherwise is never taken for granted.
    std::shared_ptr<tls_sessions> sessions_ = std::make_shared<tls_sessions>();
    std::string roots_;  // in words
};

/// Octets that came over TLS and were not read yet.
[[nodiscard]] bool has_unread(tls_stream& stream) noexcept;

}  // namespace catena::net
