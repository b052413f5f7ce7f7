#pragma once

#include "net/tls_peer.hpp"
#include <catena/core/time.hpp>

#include <openssl/ssl.h>

#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <memory>

namespace catena::net {

struct free_session {
    void operator()(SSL_SESSION* s) const noexcept { SSL_SESSION_free(s); }
};
using tls_session = std::unique_ptr<SSL_SESSION, free_session>;

/** What servers gave us to make the next handshake short, by peer.

    A session stands for a certificate that was verified, for a host name and for what the server
    knows of us; so each serves its own peer only, and no longer than an hour, after which a
    certificate is looked at again. Those of TLS 1.3 are given out once (RFC 8446, appendix C.4).

    @par Invariants
    At most `most` sessions are kept, and 8 for a peer, as a server may send any number of large
    ones. The oldest go first.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class tls_sessions {
public:
    static constexpr std::size_t most_of_a_peer = 8;
    static constexpr duration longest_life = std::chrono::hours(1);

    explicit tls_sessions(std::size_t most = 1000) : most_(most) {}

    /// @param since When the certificate behind it was verified.
    void keep(const tls_peer& peer, tls_session s, time_point since);

    /// The newest session of `peer`, or null. @param since Gets when its certificate was verified.
    [[nodiscard]] tls_session take(const tls_peer& peer, time_point now,
                                   time_point* since = nullptr);

    /// A handshake with `peer` failed: its sessions may be why.
    void forget(const tls_peer& peer) noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return kept_.size(); }

private:
    struct entry;
    using entries = std::list<entry>;
    using places = std::map<tls_peer, std::list<entries::iterator>>;
    struct entry {
        tls_session session;
        time_point since;
        places::iterator peer;
    };

    void drop(entries::iterator at) noexcept;

    std::size_t most_;
    entries kept_;   // the oldest first
    places places_;  // of each peer's, the oldest first; none is empty
};

/** Have the sessions of connections of `context` kept by those who follow() them.

    @throws std::runtime_error OpenSSL has no room.
*/
void keep_sessions(SSL_CTX* context);

/// Offer the server a session of `peer`, and keep what it gives for the next connection.
void follow(SSL* native, const tls_peer& peer, const std::shared_ptr<tls_sessions>& sessions);

}  // namespace catena::net
