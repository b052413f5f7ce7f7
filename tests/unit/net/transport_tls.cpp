#include "certificates.hpp"
#include "exchange_probe.hpp"
#include "fake_names.hpp"
#include "support/catch.hpp"
#include "support/mute_server.hpp"
#include "support/raw_server.hpp"
#include <catena/net/http_transport.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <openssl/ssl.h>

#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using Catch::Matchers::Contains;
using ending = script::ending;

namespace {

wire_options trusting(const authority& a)
{
    wire_options o;
    o.tls.roots_file = a.roots_file();
    return o;
}

// Asks once over TLS and tells what the server saw.
struct secure_trial {
    explicit secure_trial(const certificate_facts& facts = {}, script play = say(ok("x")))
        : as_server(ssl::context::tls_server), answer(std::move(play))
    {
        roots.equip(as_server, facts);
    }

    void run(const std::string& host = "127.0.0.1", bool trusted = true)
    {
        raw_server server(context, always(answer), &as_server);
        http_transport wire(context.get_executor(), trusted ? trusting(roots) : wire_options());
        probe p(server.port());
        p.ask.to.tls = true;
        p.ask.to.host = host;
        p.run(context, wire);
        ec = p.ec;
        detail = p.report.detail;
        body = p.body;
        requests = server.requests().size();
    }

    asio::io_context context;
    authority roots;
    ssl::context as_server;
    script answer;

    error_code ec;
    std::string detail, body;
    std::size_t requests = 0;
};

}  // namespace

TEST_CASE("a trusted server is spoken to, again on the same connection", "[tls]")
{
    const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    CAPTURE(version);
    asio::io_context context;
    const authority roots;
    ssl::context as_server(ssl::context::tls_server);
    SSL_CTX_set_min_proto_version(as_server.native_handle(), version);
    SSL_CTX_set_max_proto_version(as_server.native_handle(), version);
    roots.equip(as_server);
    const std::string body(200'000, 'b');
    raw_server server(context, always(say(ok(body))), &as_server);
    http_transport wire(context.get_executor(), trusting(roots));
    for (int i = 0; i < 3; ++i) {
        probe p(server.port());
        p.ask.to.tls = true;
        p.ask.to.host = "127.0.0.1";
        p.run(context, wire);
        CHECK(p.ec == error_code());
        CHECK(p.body == body);
        CHECK(p.report.reused == (i > 0));
    }
    CHECK(server.connections() == 1);
}

TEST_CASE("the client names the host and offers HTTP/1.1", "[tls]")
{
    secure_trial t;
    std::string name, protocols;
    struct seen {
        std::string *name, *protocols;
    } into{&name, &protocols};
    SSL_CTX_set_alpn_select_cb(
        t.as_server.native_handle(),
        [](SSL* s, const unsigned char** out, unsigned char* size, const unsigned char* in,
           unsigned in_size, void* to) {
            auto* const as = static_cast<seen*>(to);
            const char* sni = SSL_get_servername(s, TLSEXT_NAMETYPE_host_name);
            *as->name = sni ? sni : "";
            as->protocols->assign(in, in + in_size);
            *out = in + 1;
            *size = in[0];
            return SSL_TLSEXT_ERR_OK;
        },
        &into);
    set_name("localhost", std::vector<std::string>(1, "127.0.0.1"));
    t.run("localhost");

    CHECK(t.ec == error_code());
    CHECK(name == "localhost");
    CHECK(protocols == "\x08http/1.1");
}

TEST_CASE("a server that is not trusted gets no request", "[tls][T11]")
{
    struct row {
        const char* what;
        certificate_facts facts;
        bool trusted;
        const char* detail;
    };
    certificate_facts good, expired, early, other_name, other_address, self_signed;
    expired.valid_to = -60;
    early.valid_from = 60;
    other_name.names = "DNS:elsewhere.test";
    other_address.names = "IP:127.0.0.2";
    self_signed.self_signed = true;
    const row rows[] = {
        {"expired", expired, true, "expired"},
        {"not yet valid", early, true, "not yet valid"},
        {"another name", other_name, true, "mismatch"},
        {"another address", other_address, true, "mismatch"},
        {"self-signed", self_signed, true, "self"},
        {"an unknown root", good, false, "the system's roots"},
    };
    for (const row& r : rows) {
        CAPTURE(r.what);
        secure_trial t(r.facts);
        t.run("127.0.0.1", r.trusted);

        CHECK(t.ec == errc::tls_untrusted);
        CHECK_THAT(t.detail, Contains(r.detail));
        CHECK_THAT(t.detail, Contains("host 127.0.0.1"));
        CHECK_THAT(t.detail, Contains("subject \"CN=catena test"));
        CHECK_THAT(t.detail, Contains("valid from"));
        CHECK_THAT(t.detail, Contains("trusted are " + std::string(r.trusted ? "trust::roots_file "
                                                                             : "the system's")));
        CHECK(t.requests == 0);
    }
}

TEST_CASE("a server with an old TLS only is refused by name of the least version", "[tls][T12]")
{
    secure_trial t;
    SSL_CTX* const native = t.as_server.native_handle();
    SSL_CTX_set_security_level(native, 0);
    SSL_CTX_set_min_proto_version(native, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(native, TLS1_1_VERSION);
    t.run();

    CHECK(t.ec == errc::tls_failed);
    CHECK_THAT(t.detail, Contains("TLS 1.2"));
    CHECK(t.requests == 0);
}

TEST_CASE("a TLS end without a farewell cuts a body whose end hangs on it", "[tls][T13]")
{
    const std::string open_end = "HTTP/1.1 200 OK\r\n\r\nhello";
    const std::string chunked =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
    struct row {
        const char* what;
        script play;
        error_code ec;
    };
    const row rows[] = {
        {"no length, no farewell", say(open_end, ending::cut), errc::truncated},
        {"no length, farewell", say(open_end, ending::fin), error_code()},
        {"length met, no farewell", say(ok("hello"), ending::cut), error_code()},
        {"length not met", say(ok("hello").substr(0, 40), ending::fin), errc::truncated},
        {"chunked, no farewell", say(chunked + "0\r\n\r\n", ending::cut), error_code()},
        {"no last chunk, no farewell", say(chunked, ending::cut), errc::truncated},
        {"no last chunk, farewell", say(chunked, ending::fin), errc::truncated},
    };
    for (const row& r : rows) {
        CAPTURE(r.what);
        secure_trial t(certificate_facts(), r.play);
        t.run();
        CHECK(t.ec == r.ec);
    }
}

TEST_CASE("a plain server asked over TLS is called plain", "[tls][T15]")
{
    asio::io_context context;
    const mute_server server(context, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    http_transport wire(context.get_executor());
    probe p(server.port());
    p.ask.to.tls = true;
    p.run(context, wire);

    CHECK(p.ec == errc::not_tls);
    CHECK_THAT(p.report.detail, Contains("does not speak TLS"));
}

TEST_CASE("a TLS server asked in plain HTTP is an error", "[tls][T15]")
{
    asio::io_context context;
    const authority roots;
    ssl::context as_server(ssl::context::tls_server);
    roots.equip(as_server);
    raw_server server(context, always(say(ok("x"))), &as_server);
    http_transport wire(context.get_executor());
    probe p(server.port());
    p.run(context, wire);

    // OpenSSL's server hangs up on plain text; others send an alert, which is not_tls.
    CHECK((p.ec == errc::truncated || p.ec == errc::not_tls ||
           p.ec == asio::error::connection_reset));
    CHECK(p.heads == 0);
}

TEST_CASE("a server that answers plain HTTP with TLS is said to speak TLS", "[tls][T15]")
{
    // The alerts and the handshake record of several servers; one octet of them tells.
    for (const std::string& piece : {std::string("\x15\x03\x01\x00\x02\x02\x46", 7),
                                     std::string("\x15\x03\x03\x00\x02\x02\x0a", 7),
                                     std::string("\x16\x03\x03\x00\x40", 5), std::string("\x15")}) {
        CAPTURE(piece.size());
        asio::io_context context;
        const mute_server server(context, piece);
        http_transport wire(context.get_executor());
        probe p(server.port());
        p.run(context, wire);

        CHECK(p.ec == errc::not_tls);
        CHECK(p.report.detail == "the server speaks TLS and was addressed in plain HTTP");
        CHECK(p.heads == 0);
    }
}

TEST_CASE("a handshake that stands still ends in time, wherever it does", "[tls][T12]")
{
    // Nothing, half of a record's head, the head of a record that never comes.
    const std::string said =
        GENERATE(as<std::string>(), "", "\x16\x03", "\x16\x03\x03\x01\x10\x02");
    asio::io_context context;
    const mute_server server(context, said);
    wire_options options;
    options.times.tls = 30ms;
    http_transport wire(context.get_executor(), options);
    probe p(server.port());
    p.ask.to.tls = true;
    p.run(context, wire);

    CHECK(p.ec == errc::timed_out_tls);
}
