#include "certificates.hpp"
#include "exchange_probe.hpp"
#include "fake_names.hpp"
#include "scripted_proxy.hpp"
#include "support/catch.hpp"
#include "support/raw_server.hpp"
#include <catena/net/http_transport.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;
using namespace std::string_literals;
namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using Catch::Matchers::Contains;
using turns = std::vector<scripted_proxy::turn>;

namespace {

const std::string go = "HTTP/1.1 200 OK\r\n\r\n";
const std::string socks_reply = "\5\0\0\1\0\0\0\0\0\0"s;

std::string at_port(std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); }

wire_options by(const std::string& scheme, std::uint16_t port, const std::string& user = "")
{
    wire_options o;
    o.proxies.url = scheme + "://" + user + at_port(port);
    return o;
}

scripted_proxy::director always(turns t, std::uint16_t leads_to = 0)
{
    return [t, leads_to](std::size_t) { return scripted_proxy::script{t, leads_to}; };
}

// A variable of this process for as long as the object lives.
struct variable {
    variable(const char* n, const std::string& value) : name(n) { ::setenv(n, value.c_str(), 1); }
    ~variable() { ::unsetenv(name); }
    const char* name;
};

}  // namespace

TEST_CASE("an https origin is spoken to through CONNECT, and each sees its own credentials only",
          "[proxy][T18]")
{
    asio::io_context context;
    const authority roots;
    ssl::context as_server(ssl::context::tls_server);
    certificate_facts facts;
    facts.names = "DNS:api.test";
    roots.equip(as_server, facts);
    raw_server server(context, testing::always(say(ok("x"))), &as_server);
    scripted_proxy proxy(context, always(turns{{0, go}}, server.port()));
    wire_options options = by("http", proxy.port(), "proxyuser:proxycanary@");
    options.tls.roots_file = roots.roots_file();
    http_transport wire(context.get_executor(), options);
    for (int i = 0; i < 2; ++i) {
        probe p(443, "/secret?origincanary");
        p.ask.to = {true, "api.test", 443};
        p.ask.headers = {{"Authorization", "Bearer origincanary"}};
        p.run(context, wire);
        CHECK(p.ec == error_code());
        CHECK(p.body == "x");
        CHECK(p.report.reused == (i == 1));
    }
    REQUIRE(proxy.heard().size() == 1);
    CHECK(proxy.heard()[0][0] ==
          "CONNECT api.test:443 HTTP/1.1\r\nHost: api.test:443\r\n"
          "Proxy-Authorization: Basic cHJveHl1c2VyOnByb3h5Y2FuYXJ5\r\n\r\n");
    REQUIRE(server.requests().size() == 2);
    CHECK_THAT(server.requests()[0], Contains("GET /secret?origincanary HTTP/1.1") &&
                                         Contains("origincanary") &&
                                         !Contains("Proxy-Authorization") && !Contains("proxy"));
}

TEST_CASE("an http origin is asked for by whole URLs, on a connection that is kept", "[proxy]")
{
    asio::io_context context;
    raw_server proxy(context, testing::always(say(ok("x"))));
    http_transport wire(context.get_executor(), by("http", proxy.port(), "u:p@"));
    for (int i = 0; i < 2; ++i) {
        probe p(8080, "/a");
        p.ask.to.host = "api.test";
        p.run(context, wire);
        CHECK(p.ec == error_code());
        CHECK(p.report.reused == (i == 1));
        CHECK(proxy.requests().back() ==
              "GET http://api.test:8080/a HTTP/1.1\r\nHost: api.test:8080\r\n"
              "Proxy-Authorization: Basic dTpw\r\n\r\n");
    }
    CHECK(proxy.connections() == 1);
}

TEST_CASE("a 407 is the proxy's own, whatever was asked", "[proxy][T18]")
{
    asio::io_context context;
    raw_server proxy(context, testing::always(say("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n")));
    for (const bool tls : {false, true}) {
        http_transport wire(context.get_executor(), by("http", proxy.port(), "u:canary@"));
        probe p(443);
        p.ask.to = {tls, "api.test", 443};
        p.run(context, wire);
        CHECK(p.ec == errc::proxy_refused);
        CHECK(p.heads == 0);
        CHECK_THAT(p.report.detail, Contains("the proxy " + at_port(proxy.port())) &&
                                        Contains("407") && !Contains("api.test") &&
                                        !Contains("canary"));
    }
    // Of a server that is asked itself it is an answer like others.
    http_transport direct(context.get_executor());
    probe p(proxy.port());
    p.run(context, direct);
    CHECK(p.ec == error_code());
    CHECK(p.status == 407);

    // And of one that a proxy led to.
    const turns talk{{3, "\5\0"s}, {15, socks_reply}};
    scripted_proxy socks(context, always(talk, proxy.port()));
    http_transport led(context.get_executor(), by("socks5h", socks.port()));
    probe far(80);
    far.ask.to.host = "api.test";
    far.run(context, led);
    CHECK(far.ec == error_code());
    CHECK(far.status == 407);
}

TEST_CASE("SOCKS5 leads to http and https origins, by name or by address", "[proxy]")
{
    const bool tls = GENERATE(false, true);
    const std::string scheme = GENERATE("socks5", "socks5h");
    CAPTURE(tls, scheme);
    asio::io_context context;
    const authority roots;
    ssl::context as_server(ssl::context::tls_server);
    certificate_facts facts;
    facts.names = "DNS:far.test";
    roots.equip(as_server, facts);
    raw_server server(context, testing::always(say(ok("x"))), tls ? &as_server : nullptr);
    const std::string target = scheme == "socks5" ? "\5\1\0\1\x0a\1\2\3"s
                                                  : "\5\1\0\3\x08"s
                                                    "far.test";
    if (scheme == "socks5") set_name("far.test", {"10.1.2.3"});
    const turns talk{{4, "\5\2"s}, {5, "\1\0"s}, {target.size() + 2, socks_reply}};
    scripted_proxy proxy(context, always(talk, server.port()));
    wire_options options = by(scheme, proxy.port(), "u:p@");
    options.tls.roots_file = roots.roots_file();
    http_transport wire(context.get_executor(), options);
    probe p(0x0102);
    p.ask.to = {tls, "far.test", 0x0102};
    p.run(context, wire);

    CHECK(p.ec == error_code());
    CHECK(p.body == "x");
    REQUIRE(proxy.heard().size() == 1);
    CHECK(proxy.heard()[0] == std::vector{"\5\2\0\2"s, "\1\1u\1p"s, target + "\1\2"s});
    CHECK_THAT(server.requests()[0], Contains("GET / HTTP/1.1\r\nHost: far.test:258\r\n"));
}

TEST_CASE("a SOCKS5 proxy is told the next address where it cannot reach the first", "[proxy][T3]")
{
    asio::io_context context;
    raw_server server(context, testing::always(say(ok("x"))));
    set_name("two.test", {"10.0.0.1", "10.0.0.2"});
    const char code = GENERATE('\4', '\2');  // out of reach, against the rules
    const std::string no = "\5"s + code;
    scripted_proxy proxy(context, [&](std::size_t connection) {
        const turns talk{{3, "\5\0"s}, {10, connection == 0 ? no : socks_reply}};
        return scripted_proxy::script{talk, connection == 0 ? std::uint16_t() : server.port()};
    });
    http_transport wire(context.get_executor(), by("socks5", proxy.port()));
    probe p(80);
    p.ask.to.host = "two.test";
    p.run(context, wire);

    CHECK(p.ec == (code == '\4' ? error_code() : make_error_code(errc::proxy_refused)));
    CHECK(p.report.detail.empty() == (code == '\4'));
    CHECK(proxy.heard().size() == (code == '\4' ? 2 : 1));
    CHECK(proxy.heard().back()[1][7] == (code == '\4' ? '\2' : '\1'));
}

TEST_CASE("a proxy may stand at a local address, but must not lead to one", "[proxy][A7]")
{
    asio::io_context context;
    raw_server proxy(context, testing::always(say(ok("x"))));
    wire_options options = by("http", proxy.port());
    options.addresses = address_rule::public_only;
    http_transport wire(context.get_executor(), options);
    for (const char* host : {"127.0.0.1", "10.1.2.3", "::1"}) {
        CAPTURE(host);
        probe p(8080);
        p.ask.to.host = host;
        p.run(context, wire);
        CHECK(p.ec == errc::address_barred);
    }
    CHECK(proxy.connections() == 0);
    probe p(8080);
    p.ask.to.host = "api.test";
    p.run(context, wire);
    CHECK(p.ec == error_code());

    set_name("turned.test", {"127.0.0.1"});
    wire_options socks = by("socks5", proxy.port());
    socks.addresses = address_rule::public_only;
    http_transport by_socks(context.get_executor(), socks);
    probe q(8080);
    q.ask.to.host = "turned.test";
    q.run(context, by_socks);
    CHECK(q.ec == errc::address_barred);
    CHECK(proxy.connections() == 1);
}

TEST_CASE("a proxy that fails is named, and nothing is sent past it", "[proxy][T18]")
{
    struct row {
        const char *what, *scheme;
        turns talk;
        error_code ec;
        const char* detail;
    };
    const row rows[] = {
        {"a bad gateway", "http", {{0, "HTTP/1.1 502 No\r\n\r\n"}}, errc::proxy_failed, "502"},
        {"forbidden", "http", {{0, "HTTP/1.1 403 No\r\n\r\n"}}, errc::proxy_refused, "403"},
        {"junk", "http", {{0, "220 smtp\r\n"}}, errc::proxy_failed, "not HTTP"},
        {"too much", "http", {{0, go + "x"}}, errc::proxy_failed, "before it was asked"},
        {"silence", "http", {}, errc::proxy_failed, "time_limits::connect"},
        {"half an answer", "http", {{0, "HTTP/1.1 2"}}, errc::proxy_failed, "time_limits::connect"},
        {"SOCKS rules", "socks5h", {{3, "\5\0"s}, {15, "\5\2"s}}, errc::proxy_refused, "rules"},
        {"SOCKS silence", "socks5h", {{3, "\5"s}}, errc::proxy_failed, "time_limits::connect"},
    };
    for (const row& r : rows) {
        CAPTURE(r.what);
        asio::io_context context;
        scripted_proxy proxy(context, always(r.talk));
        wire_options options = by(r.scheme, proxy.port());
        options.times.connect = 60ms;
        http_transport wire(context.get_executor(), options);
        probe p(443);
        p.ask.to = {true, "api.test", 443};
        p.run(context, wire);
        CHECK(p.ec == r.ec);
        CHECK_THAT(p.report.detail,
                   Contains(r.detail) && Contains("the proxy " + at_port(proxy.port())));
        CHECK(proxy.heard().size() == 1);
    }
}

TEST_CASE("a proxy that hangs up, or is not there, is named", "[proxy][T18]")
{
    asio::io_context context;
    const script::ending how = GENERATE(script::ending::fin, script::ending::reset);
    raw_server proxy(context, testing::always(say("", how)));
    http_transport wire(context.get_executor(), by("http", proxy.port()));
    probe p(443);
    p.ask.to = {true, "api.test", 443};
    p.run(context, wire);
    CHECK(p.ec == errc::proxy_failed);
    CHECK_THAT(p.report.detail,
               Contains("ended the connection") && Contains("the proxy " + at_port(proxy.port())));

    std::uint16_t nobody = 0;
    {
        asio::ip::tcp::acceptor gone(context, {asio::ip::address_v4::loopback(), 0});
        nobody = gone.local_endpoint().port();
    }
    http_transport nowhere(context.get_executor(), by("http", nobody));
    probe lost(443);
    lost.ask.to = {true, "api.test", 443};
    lost.run(context, nowhere);
    CHECK(lost.ec == asio::error::connection_refused);
    CHECK_THAT(lost.report.detail,
               Contains("the proxy " + at_port(nobody) + " cannot be reached: 127.0.0.1"));
}

TEST_CASE("a cancelled exchange does not wait for a proxy", "[proxy][U3]")
{
    asio::io_context context;
    scripted_proxy proxy(context, always(turns{{0, "HTTP/1.1 "}}));
    http_transport wire(context.get_executor(), by("http", proxy.port()));
    probe p(443);
    p.ask.to = {true, "api.test", 443};
    p.start(wire);
    run_until(context, [&] { return !proxy.heard().empty() && !proxy.heard()[0].empty(); });
    const auto begin = std::chrono::steady_clock::now();
    p.signal.emit(asio::cancellation_type::total);
    p.wait(context);
    CHECK(p.ec == asio::error::operation_aborted);
    CHECK(std::chrono::steady_clock::now() - begin < 50ms);
}

TEST_CASE("the environment is read when the transport is made, and named without its secrets",
          "[proxy]")
{
    asio::io_context context;
    raw_server server(context, testing::always(say(ok("x"))));
    const auto ask = [&](transport& wire, origin to) {
        auto p = std::make_unique<probe>(to.port);
        p->ask.to = to;
        p->run(context, wire);
        return p;
    };
    std::optional<variable> plain(std::in_place, "http_proxy", at_port(server.port()));
    std::optional<variable> bad(std::in_place, "https_proxy", "ftp://u:canary@p.test");
    http_transport wire(context.get_executor());
    wire_options off;
    off.proxies.from_environment = false;
    http_transport unaware(context.get_executor(), off);
    plain.reset();
    bad.reset();

    CHECK(ask(wire, {false, "api.test", 80})->ec == error_code());
    CHECK_THAT(server.requests().back(), Contains("GET http://api.test/ HTTP/1.1"));
    CHECK(ask(wire, {false, "127.0.0.1", server.port()})->ec == error_code());
    CHECK_THAT(server.requests().back(), Contains("GET / HTTP/1.1"));
    CHECK(ask(unaware, {false, "api.test", 80})->ec == asio::error::host_not_found);

    const auto refused = ask(wire, {true, "api.test", 443});
    CHECK(refused->ec == errc::proxy_refused);
    CHECK_THAT(refused->report.detail, Contains("environment variable https_proxy") &&
                                           !Contains("canary") && !Contains("p.test"));
}

TEST_CASE("proxy settings that cannot be read are refused at once", "[proxy][U17]")
{
    asio::io_context context;
    wire_options bad_url, bad_list;
    bad_url.proxies.url = "ftp://u:canary@p.test";
    bad_list.proxies.no_proxy = "10.0.0.0/64";
    for (const wire_options& o : {bad_url, bad_list})
        CHECK_THROWS_AS(http_transport(context.get_executor(), o), std::invalid_argument);
    CHECK_THROWS_WITH(http_transport(context.get_executor(), bad_url),
                      Contains("proxy_rules::url") && !Contains("canary"));
}
