#include "certificates.hpp"
#include "exchange_probe.hpp"
#include "net/tls_sessions.hpp"
#include "support/catch.hpp"
#include "support/raw_server.hpp"
#include <catena/net/http_transport.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <openssl/rand.h>
#include <openssl/ssl.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

using namespace catena;
using namespace catena::net;
using namespace catena::testing;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;

namespace {

const time_point t0{};

// With a farewell, or OpenSSL's server would drop the session.
script last_words() { return say(ok("x", "Connection: close\r\n"), script::ending::fin); }

// A server of one TLS version that ends each connection after its answer.
struct short_lines {
    explicit short_lines(int version) : as_server(ssl::context::tls_server)
    {
        SSL_CTX_set_min_proto_version(native(), version);
        SSL_CTX_set_max_proto_version(native(), version);
        roots.equip(as_server);
        static constexpr unsigned char name[] = "catena";
        SSL_CTX_set_session_id_context(native(), name, sizeof(name));
        server.emplace(context, always(last_words()), &as_server);
        start();
    }

    void start()
    {
        wire_options o;
        o.tls.roots_file = roots.roots_file();
        wire.emplace(context.get_executor(), o);
    }

    void ask(std::uint64_t credentials = 0, std::uint16_t port = 0)
    {
        probe p(port != 0 ? port : server->port());
        p.ask.to.tls = true;
        p.ask.credentials = credentials;
        p.run(context, *wire);
        CHECK(p.ec == error_code());
        CHECK(p.body == "x");
    }

    // Whatever the server gave its clients, it knows no longer.
    void forget_all()
    {
        std::array<unsigned char, 80> keys{};
        REQUIRE(RAND_bytes(keys.data(), static_cast<int>(keys.size())) == 1);
        REQUIRE(SSL_CTX_set_tlsext_ticket_keys(native(), keys.data(),
                                               static_cast<long>(keys.size())) == 1);
        SSL_CTX_flush_sessions(native(), 0);
    }

    SSL_CTX* native() { return as_server.native_handle(); }
    long resumed() { return SSL_CTX_sess_hits(native()); }
    long handshakes() { return SSL_CTX_sess_accept_good(native()); }

    asio::io_context context;
    authority roots;
    ssl::context as_server;
    std::optional<raw_server> server;
    std::optional<http_transport> wire;
};

tls_peer peer(std::uint16_t port, std::uint64_t credentials = 0, bool certified = false)
{
    return {{true, "h.test", port}, certified, credentials};
}

tls_session session(int version)
{
    tls_session s(SSL_SESSION_new());
    SSL_SESSION_set_protocol_version(s.get(), version);
    static unsigned char id[4];
    ++id[0];
    SSL_SESSION_set1_id(s.get(), id, sizeof(id));
    return s;
}

}  // namespace

TEST_CASE("a second connection to an origin resumes the TLS session of the first", "[tls][T14]")
{
    const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    const bool tickets = GENERATE(true, false);
    CAPTURE(version, tickets);
    short_lines s(version);
    if (!tickets) SSL_CTX_set_options(s.native(), SSL_OP_NO_TICKET);
    for (int i = 0; i < 4; ++i)
        s.ask();
    CHECK(s.handshakes() == 4);
    CHECK(s.resumed() == 3);

    // What one transport learnt, another does not know: it may verify by other roots.
    s.start();
    s.ask();
    CHECK(s.resumed() == 3);
}

TEST_CASE("a TLS session serves no other credentials and no other origin", "[tls][A5]")
{
    const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    CAPTURE(version);
    short_lines s(version);
    raw_server elsewhere(s.context, always(last_words()), &s.as_server);
    s.ask(1);
    s.ask(2);
    s.ask(0);
    s.ask(1, elsewhere.port());
    CHECK(s.resumed() == 0);
    s.ask(1);
    s.ask(2);
    s.ask(0);
    s.ask(1, elsewhere.port());
    CHECK(s.resumed() == 4);
}

TEST_CASE("a session that the server no longer knows costs a full handshake and no error",
          "[tls][T14]")
{
    const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    const bool tickets = GENERATE(true, false);
    CAPTURE(version, tickets);
    short_lines s(version);
    if (!tickets) SSL_CTX_set_options(s.native(), SSL_OP_NO_TICKET);
    s.ask();
    s.forget_all();
    s.ask();
    CHECK(s.resumed() == 0);
    CHECK(s.handshakes() == 2);
    s.ask();
    CHECK(s.resumed() == 1);
}

TEST_CASE("a session of a peer whose handshake failed is not offered again", "[tls][T14]")
{
    short_lines s(TLS1_2_VERSION);
    s.ask();
    bool ill = true;
    const auto greet = [](SSL*, int*, void* is_ill) {
        return *static_cast<bool*>(is_ill) ? SSL_CLIENT_HELLO_ERROR : SSL_CLIENT_HELLO_SUCCESS;
    };
    SSL_CTX_set_client_hello_cb(s.native(), greet, &ill);
    probe p(s.server->port());
    p.ask.to.tls = true;
    p.run(s.context, *s.wire);
    CHECK(p.ec == errc::tls_failed);
    ill = false;
    s.ask();
    CHECK(s.resumed() == 0);
    CHECK(s.handshakes() == 2);
}

TEST_CASE("a server whose certificate is no longer good is found out, session or not", "[T11][T14]")
{
    short_lines s(TLS1_2_VERSION);
    s.ask();
    certificate_facts expired;
    expired.valid_to = -60;
    s.roots.equip(s.as_server, expired);
    s.forget_all();
    probe p(s.server->port());
    p.ask.to.tls = true;
    p.run(s.context, *s.wire);
    CHECK(p.ec == errc::tls_untrusted);
}

TEST_CASE("sessions of TLS 1.3 are given out once, older ones again", "[tls]")
{
    tls_sessions kept;
    kept.keep(peer(1), session(TLS1_3_VERSION), t0);
    CHECK(kept.take(peer(1), t0) != nullptr);
    CHECK(kept.take(peer(1), t0) == nullptr);
    CHECK(kept.size() == 0);

    kept.keep(peer(1), session(TLS1_2_VERSION), t0);
    const tls_session first = kept.take(peer(1), t0), second = kept.take(peer(1), t0);
    CHECK(first != nullptr);
    CHECK(second != nullptr);
    CHECK(first != second);
    kept.forget(peer(1));
    CHECK(kept.take(peer(1), t0) == nullptr);
}

TEST_CASE("a session is its peer's own, and not for ever", "[tls]")
{
    tls_sessions kept;
    kept.keep(peer(1, 7, true), session(TLS1_2_VERSION), t0);
    CHECK(kept.take(peer(2, 7, true), t0) == nullptr);
    CHECK(kept.take(peer(1, 8, true), t0) == nullptr);
    CHECK(kept.take(peer(1, 7, false), t0) == nullptr);
    kept.forget(peer(1, 8, true));
    CHECK(kept.take(peer(1, 7, true), t0 + 59min) != nullptr);
    CHECK(kept.take(peer(1, 7, true), t0 + 60min) == nullptr);
    CHECK(kept.size() == 0);
}

TEST_CASE("sessions are bounded, for a peer and for all; the oldest go", "[tls]")
{
    tls_sessions kept(20);
    for (std::uint16_t i = 0; i < 100; ++i)
        kept.keep(peer(1), session(TLS1_3_VERSION), t0);
    CHECK(kept.size() == tls_sessions::most_of_a_peer);
    for (std::uint16_t i = 100; i < 115; ++i)
        kept.keep(peer(i), session(TLS1_3_VERSION), t0);
    CHECK(kept.size() == 20);
    for (std::uint16_t i = 115; i < 120; ++i)
        kept.keep(peer(i), session(TLS1_3_VERSION), t0);
    CHECK(kept.size() == 20);
    CHECK(kept.take(peer(1), t0) == nullptr);
    CHECK(kept.take(peer(100), t0) != nullptr);

    kept.keep(peer(1), nullptr, t0);
    CHECK(kept.take(peer(1), t0) == nullptr);
}
