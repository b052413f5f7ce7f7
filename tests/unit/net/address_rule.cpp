#include "exchange_probe.hpp"
#include "fake_names.hpp"
#include "fake_sockets.hpp"
#include "support/catch.hpp"
#include "support/raw_server.hpp"
#include <catena/net/http_transport.hpp>

#include <boost/asio/io_context.hpp>

#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;
namespace asio = boost::asio;
using Catch::Matchers::Contains;

namespace {

// An address of the public internet, which leads nowhere else than here. See detour.
constexpr const char* open_address = "93.184.216.34";

wire_options public_only()
{
    wire_options o;
    o.addresses = address_rule::public_only;
    return o;
}

}  // namespace

TEST_CASE("no spelling of a local address is connected to", "[address_rule][A7]")
{
    struct row {
        const char* host;
        std::vector<std::string> resolved;  // what the system's resolver makes of it
        const char* told;
    };
    const row rows[] = {
        {"127.0.0.1", {}, "127.0.0.1 (loopback)"},
        {"127.1", {"127.0.0.1"}, "127.0.0.1 (loopback)"},
        {"0x7f.1", {"127.0.0.1"}, "127.0.0.1 (loopback)"},
        {"2130706433", {"127.0.0.1"}, "127.0.0.1 (loopback)"},
        {"017700000001", {"127.0.0.1"}, "127.0.0.1 (loopback)"},
        {"0177.0.0.1", {"127.0.0.1"}, "127.0.0.1 (loopback)"},
        {"127.0.0.01", {"127.0.0.1"}, "127.0.0.1 (loopback)"},
        {"0", {"0.0.0.0"}, "0.0.0.0 (unspecified)"},
        {"0.0.0.0", {}, "0.0.0.0 (unspecified)"},
        {"localhost", {"::1", "127.0.0.1"}, "::1 (loopback), 127.0.0.1 (loopback)"},
        {"127.0.0.1.nip.test", {"127.0.0.1"}, "127.0.0.1 (loopback)"},
        {"::1", {}, "::1 (loopback)"},
        {"::", {}, ":: (unspecified)"},
        {"::ffff:127.0.0.1", {}, "(loopback)"},
        {"::127.0.0.1", {}, "(loopback)"},
        {"64:ff9b::7f00:1", {}, "(NAT64)"},
        {"2002:7f00:1::", {}, "(loopback)"},
        {"fe80::1%lo", {}, "(link-local)"},
        {"169.254.169.254", {}, "(link-local)"},
        {"metadata.test", {"169.254.169.254"}, "(link-local)"},
        {"10.0.0.1", {}, "(private)"},
        {"100.64.0.1", {}, "carrier"},
        {"224.0.0.1", {}, "(multicast)"},
        {"255.255.255.255", {}, "(broadcast)"},
    };
    asio::io_context context;
    raw_server server(context, always(say(ok("secret"))));
    const detour watched(open_address);
    http_transport wire(context.get_executor(), public_only());
    for (const row& r : rows) {
        CAPTURE(r.host);
        if (!r.resolved.empty()) set_name(r.host, r.resolved);
        probe p(server.port());
        p.ask.to.host = r.host;
        p.run(context, wire);

        CHECK(p.ec == errc::address_barred);
        CHECK(p.ec == condition::mend_connector);
        CHECK_THAT(p.report.detail, Contains(std::string("host ") + r.host) && Contains(r.told) &&
                                        Contains("wire_options::addresses"));
        CHECK(p.heads == 0);
    }
    CHECK(watched.connects() == 0);
    CHECK(server.connections() == 0);
}

TEST_CASE("a name that turns private is refused from then on", "[address_rule][A7]")
{
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    const detour outside(open_address);
    wire_options options = public_only();
    options.times.names_kept = duration::zero();
    http_transport wire(context.get_executor(), options);
    set_name("rebinding.test", {open_address});
    probe before(server.port()), after(server.port());
    before.ask.to.host = after.ask.to.host = "rebinding.test";
    before.run(context, wire);
    set_name("rebinding.test", {"127.0.0.1"});
    after.ask.on = connection_choice::fresh;
    after.run(context, wire);

    CHECK(before.ec == error_code());
    CHECK(after.ec == errc::address_barred);
    CHECK(server.connections() == 1);
    CHECK(outside.connects() == 1);
}

TEST_CASE("of mixed addresses the barred ones are left out", "[address_rule][A7]")
{
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    const detour outside(open_address);
    http_transport wire(context.get_executor(), public_only());
    set_name("mixed.test", {"127.0.0.1", "::1", "10.0.0.1", open_address});
    probe p(server.port());
    p.ask.to.host = "mixed.test";
    p.run(context, wire);

    CHECK(p.ec == error_code());
    CHECK(outside.taken() == 1);
    CHECK(outside.connects() == 1);
}

TEST_CASE("what the caller names is not barred, and nothing is without the rule",
          "[address_rule][A7]")
{
    enum class by { host, own, no_rule };
    const auto how = GENERATE(by::host, by::own, by::no_rule);
    CAPTURE(int(how));
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    set_name("inside.test", {"127.0.0.1"});
    wire_options options = public_only();
    if (how == by::host) options.trusted_hosts = {"other.test", "Inside.Test"};
    if (how == by::no_rule) options.addresses = address_rule::any;
    http_transport wire(context.get_executor(), options);
    probe p(server.port());
    p.ask.to.host = "inside.test";
    p.ask.own_address = how == by::own;
    p.run(context, wire);

    CHECK(p.ec == error_code());
    CHECK(server.connections() == 1);
}

TEST_CASE("a connection that an exempt request opened serves no other", "[address_rule][A7]")
{
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    http_transport wire(context.get_executor(), public_only());
    probe own(server.port()), foreign(server.port()), again(server.port());
    own.ask.own_address = again.ask.own_address = true;
    own.run(context, wire);
    foreign.run(context, wire);
    again.run(context, wire);

    CHECK(own.ec == error_code());
    CHECK(foreign.ec == errc::address_barred);
    CHECK(again.report.reused);
    CHECK(server.requests().size() == 2);
}
