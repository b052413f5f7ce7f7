#pragma once

#include <catena/net/http_transport.hpp>

#include <openssl/ssl.h>

#include <memory>

namespace catena::net {

/// A client certificate with its chain and its key, read once.
class tls_identity {
public:
    /// @throws std::invalid_argument A file of `t` cannot be read or does not fit: which, and why.
    /// @pre t.certificate_file is not empty.
    explicit tls_identity(const trust& t);

    /// Have it shown on this connection, where the server asks. @return Whether OpenSSL agrees.
    [[nodiscard]] bool offer(SSL* native) const noexcept;

private:
    struct free_context {
        void operator()(SSL_CTX* c) const noexcept { SSL_CTX_free(c); }
    };
    std::unique_ptr<SSL_CTX, free_context> keeper_;  // never connects: it only holds them
};

}  // namespace catena::net
