#include "core/address_kind.hpp"

#include "support/catch.hpp"

#include <arpa/inet.h>
#include <string>
#include <sys/socket.h>

using namespace catena;

namespace {

std::string kind_of(const char* text)
{
    ipv4_octets v4{};
    ipv6_octets v6{};
    const char* kind = "not an address";
    if (inet_pton(AF_INET, text, v4.data()) == 1)
        kind = special_kind(v4);
    else if (inet_pton(AF_INET6, text, v6.data()) == 1)
        kind = special_kind(v6);
    return kind == nullptr ? "public" : kind;
}

}  // namespace

TEST_CASE("every address that is not public has its kind, up to both borders", "[address][A7]")
{
    struct row {
        const char *first, *last;
        const char* kind;
    };
    const row rows[] = {
        {"0.0.0.0", "0.255.255.255", "unspecified"},
        {"10.0.0.0", "10.255.255.255", "private"},
        {"100.64.0.0", "100.127.255.255", "shared by a carrier's customers"},
        {"127.0.0.0", "127.255.255.255", "loopback"},
        {"169.254.0.0", "169.254.255.255", "link-local"},
        {"172.16.0.0", "172.31.255.255", "private"},
        {"192.0.0.0", "192.0.0.255", "reserved"},
        {"192.0.2.0", "192.0.2.255", "for documentation"},
        {"192.88.99.0", "192.88.99.255", "reserved"},
        {"192.168.0.0", "192.168.255.255", "private"},
        {"198.18.0.0", "198.19.255.255", "for benchmarks"},
        {"198.51.100.0", "198.51.100.255", "for documentation"},
        {"203.0.113.0", "203.0.113.255", "for documentation"},
        {"224.0.0.0", "239.255.255.255", "multicast"},
        {"240.0.0.0", "255.255.255.254", "reserved"},
        {"255.255.255.255", "255.255.255.255", "broadcast"},
        {"::", "::", "unspecified"},
        {"::1", "::1", "loopback"},
        {"64:ff9b::", "64:ff9b::ffff:ffff", "NAT64"},
        {"64:ff9b::808:808", "64:ff9b::7f00:1", "NAT64"},
        {"64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "NAT64"},
        {"100::", "100::ffff:ffff:ffff:ffff", "reserved"},
        {"2001:2::", "2001:2:0:ffff::", "for benchmarks"},
        {"2001:20::", "2001:1ff:ffff::", "reserved"},
        {"2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "for documentation"},
        {"3fff::", "3fff:fff:ffff::", "for documentation"},
        {"fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "private"},
        {"fe80::", "febf:ffff::1", "link-local"},
        {"fec0::", "feff:ffff::1", "private"},
        {"ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "multicast"},
        {"4000::", "fbff::", "reserved"},
        {"200::", "1fff::", "reserved"},
        {"0:0:0:0:0:1::", "0:0:0:0:0:fffe::", "reserved"},
    };
    for (const row& r : rows) {
        CAPTURE(r.first, r.last);
        CHECK(kind_of(r.first) == r.kind);
        CHECK(kind_of(r.last) == r.kind);
    }
}

TEST_CASE("what lies beside those borders is public", "[address][A7]")
{
    for (const char* text :
         {"1.0.0.0",         "9.255.255.255",   "11.0.0.0",        "100.63.255.255",
          "100.128.0.0",     "126.255.255.255", "128.0.0.0",       "169.253.255.255",
          "169.255.0.0",     "172.15.255.255",  "172.32.0.0",      "192.0.1.0",
          "192.0.3.0",       "192.88.98.255",   "192.88.100.0",    "192.167.255.255",
          "192.169.0.0",     "198.17.255.255",  "198.20.0.0",      "198.51.99.255",
          "198.51.101.0",    "203.0.112.255",   "203.0.114.0",     "223.255.255.255",
          "2000::1",         "2001:200::1",     "2001:db7::1",     "2001:db9::1",
          "2606:4700::1111", "3fff:1000::",     "2a00:1450:4001::"}) {
        CAPTURE(text);
        CHECK(kind_of(text) == "public");
    }
}

TEST_CASE("an IPv6 address that carries an IPv4 address is what that one is", "[address][A7]")
{
    struct row {
        const char *local, *open;
    };
    const row rows[] = {
        {"::ffff:127.0.0.1", "::ffff:8.8.8.8"},
        {"::127.0.0.1", "::8.8.8.8"},
        {"::ffff:0a00:1", "::ffff:0808:1"},
        {"2002:7f00:1::", "2002:808:808::"},
        {"2002:a9fe:a9fe::1", "2002:808:808::1"},
        // The server's address stands in clear, the client's with all bits turned.
        {"2001:0:7f00:1::f7f7:f7f7", "2001:0:808:808::f7f7:f7f7"},
        {"2001:0:808:808::80ff:fffe", "2001:0:808:808:ffff:ffff:f7f7:f7f7"},
    };
    for (const row& r : rows) {
        CAPTURE(r.local, r.open);
        CHECK(kind_of(r.local) != "public");
        CHECK(kind_of(r.open) == "public");
    }
}
