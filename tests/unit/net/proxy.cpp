#include "net/proxy.hpp"

#include "net/request_text.hpp"
#include "support/catch.hpp"

#include <map>
#include <stdexcept>
#include <string>

using namespace catena;
using namespace catena::net;
using Catch::Matchers::Contains;
using protocol = proxy::protocol;

namespace {

using environment = std::map<std::string, std::string>;

proxy_choice by_environment(const environment& set, const std::string& no_proxy = "")
{
    proxy_rules rules;
    rules.no_proxy = no_proxy;
    return proxy_choice(rules, [&](const char* name) {
        const auto found = set.find(name);
        return found == set.end() ? std::string() : found->second;
    });
}

proxy_choice by_url(const std::string& url, const std::string& no_proxy = "")
{
    proxy_rules rules;
    rules.url = url;
    rules.no_proxy = no_proxy;
    return proxy_choice(rules, [](const char*) { return std::string("http://wrong.test"); });
}

origin plain(const std::string& host, std::uint16_t port = 80) { return {false, host, port}; }
origin secure(const std::string& host, std::uint16_t port = 443) { return {true, host, port}; }

std::string shown(const proxy_choice::way& w)
{
    if (!w.fault.empty()) return "fault";
    return w.through ? w.through->at.host : "direct";
}

bool direct(const std::string& list, const origin& to)
{
    bypass_list l;
    REQUIRE(l.add(list).empty());
    return l.covers(to);
}

}  // namespace

TEST_CASE("a proxy's URL is read in all its forms", "[proxy]")
{
    struct row {
        const char* url;
        protocol speaks;
        const char* host;
        int port;
        const char *user, *password;  // null: none
    };
    const row rows[] = {
        {"http://p.test:3128", protocol::http, "p.test", 3128, nullptr, nullptr},
        {"HTTP://P.Test", protocol::http, "p.test", 80, nullptr, nullptr},
        {"p.test:8080/", protocol::http, "p.test", 8080, nullptr, nullptr},
        {"http://u:p@10.0.0.1:1", protocol::http, "10.0.0.1", 1, "u", "p"},
        {"http://u%40x:a%3Ab%2f@p:65535", protocol::http, "p", 65535, "u@x", "a:b/"},
        {"http://u:a@b:c@p", protocol::http, "p", 80, "u", "a@b:c"},
        {"http://u@p", protocol::http, "p", 80, "u", ""},
        {"socks5://u:p@p.test", protocol::socks5, "p.test", 1080, "u", "p"},
        {"socks5h://[2001:DB8::1]:9", protocol::socks5h, "2001:db8::1", 9, nullptr, nullptr},
    };
    for (const row& r : rows) {
        CAPTURE(r.url);
        std::string flaw;
        const auto p = parse_proxy(r.url, flaw);
        REQUIRE(p);
        CHECK(p->speaks == r.speaks);
        CHECK(p->at.host == r.host);
        CHECK(p->at.port == r.port);
        CHECK(p->has_credentials == (r.user != nullptr));
        if (r.user) CHECK(p->user.reveal() == r.user);
        if (r.password) CHECK(p->password.reveal() == r.password);
    }
}

TEST_CASE("a proxy's URL that cannot be read is refused without a word of it", "[proxy][A11]")
{
    const std::string long_user(256, 'u');
    for (const std::string& url : {std::string("https://u:canary@p.test"),
                                   std::string("socks4://u:canary@p.test"),
                                   std::string("http://u:canary@p.test:0"),
                                   std::string("http://u:canary@p.test:65536"),
                                   std::string("http://u:canary@p.test:4294967377"),
                                   std::string("http://u:canary@p.test:"),
                                   std::string("http://u:canary@p.test:80x"),
                                   std::string("http://u:canary@"),
                                   std::string("http://u:canary@p.test/path"),
                                   std::string("http://u:can/ary@p.test"),
                                   std::string("http://u:canary%zz@p.test"),
                                   std::string("http://u:canary%0d@p.test"),
                                   std::string("http://u:canary%0@p.test"),
                                   std::string("http://u%3ax:canary@p.test"),
                                   std::string("http://u:canary@::1"),
                                   std::string("http://u:canary@[::g]:1"),
                                   std::string("http://u:canary@[::1"),
                                   std::string("http://u:canary@a b"),
                                   std::string("http://u:canary@a\r\nb"),
                                   std::string("socks5://:canary@p.test"),
                                   std::string("socks5://canary@p.test"),
                                   std::string("socks5://" + long_user + ":canary@p"),
                                   std::string("http://u:canary@" + long_user)}) {
        CAPTURE(url);
        std::string flaw;
        CHECK_FALSE(parse_proxy(url, flaw));
        CHECK_THAT(flaw, Contains("write it as http://"));
        CHECK_THAT(flaw, !Contains("canary") && !Contains("ary@") && !Contains("p.test"));

        CHECK_THROWS_AS(by_url(url), std::invalid_argument);
        const auto way = by_environment({{"http_proxy", url}}).to(plain("a.test"));
        CHECK_THAT(way.fault, Contains("environment variable http_proxy holds no URL"));
        CHECK_THAT(way.fault, !Contains("canary") && !Contains("ary@"));
    }
}

TEST_CASE("the environment names a proxy for each scheme", "[proxy]")
{
    struct row {
        environment set;
        const char *for_plain, *for_secure;
    };
    const row rows[] = {
        {{}, "direct", "direct"},
        {{{"http_proxy", "a"}}, "a", "direct"},
        {{{"HTTP_PROXY", "a"}}, "direct", "direct"},  // a CGI script's request sets it
        {{{"https_proxy", "a"}}, "direct", "a"},
        {{{"HTTPS_PROXY", "a"}}, "direct", "a"},
        {{{"https_proxy", "a"}, {"HTTPS_PROXY", "b"}}, "direct", "a"},
        {{{"all_proxy", "a"}}, "a", "a"},
        {{{"ALL_PROXY", "a"}, {"http_proxy", "b"}}, "b", "a"},
        {{{"https_proxy", ""}, {"all_proxy", "a"}}, "a", "a"},
        {{{"https_proxy", "ftp://a"}, {"all_proxy", "b"}}, "b", "fault"},
        {{{"all_proxy", "a"}, {"no_proxy", "h.test"}}, "direct", "direct"},
        {{{"all_proxy", "a"}, {"NO_PROXY", "h.test"}}, "direct", "direct"},
        {{{"all_proxy", "a"}, {"no_proxy", "x"}, {"NO_PROXY", "h.test"}}, "a", "a"},
        {{{"all_proxy", "a"}, {"no_proxy", "<local>,10.0.0.0/33"}}, "a", "a"},
        {{{"all_proxy", "a"}, {"no_proxy", "10.0.*,h.test"}}, "direct", "direct"},
    };
    for (const row& r : rows) {
        CAPTURE(r.set, r.for_plain, r.for_secure);
        const proxy_choice choice = by_environment(r.set);
        CHECK(shown(choice.to(plain("h.test"))) == r.for_plain);
        CHECK(shown(choice.to(secure("h.test"))) == r.for_secure);
    }
}

TEST_CASE("the environment's proxies never lead to the loopback, a proxy of one's own may",
          "[proxy]")
{
    for (const char* host : {"127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "localhost",
                             "LocalHost.", "a.localhost"}) {
        CAPTURE(host);
        CHECK(shown(by_environment({{"all_proxy", "p"}}).to(plain(host))) == "direct");
        CHECK(shown(by_environment({{"all_proxy", "ftp://"}}).to(plain(host))) == "direct");
        CHECK(shown(by_url("p").to(plain(host))) == "p");
    }
    for (const char* host : {"128.0.0.1", "::2", "localhost.test", "notlocalhost"})
        CHECK(shown(by_environment({{"all_proxy", "p"}}).to(plain(host))) == "p");
}

TEST_CASE("a proxy of one's own stands before the environment, or alone", "[proxy]")
{
    const proxy_choice own = by_url("socks5://p.test", "a.test");
    CHECK(shown(own.to(plain("h.test"))) == "p.test");
    CHECK(shown(own.to(secure("h.test"))) == "p.test");
    CHECK(shown(own.to(secure("a.test"))) == "direct");

    CHECK(shown(by_environment({{"all_proxy", "p"}}, "h.test").to(plain("h.test"))) == "direct");
    proxy_rules none;
    none.from_environment = false;
    const proxy_choice nowhere(none, [](const char*) { return std::string("p"); });
    CHECK(shown(nowhere.to(plain("h.test"))) == "direct");
    CHECK_THROWS_AS(by_url("p", "10.0.0.0/99"), std::invalid_argument);
}

TEST_CASE("a list of hosts without a proxy is read as its writers mean it", "[proxy]")
{
    struct row {
        const char* list;
        origin to;
        bool direct;
    };
    const row rows[] = {
        {"*", plain("h.test"), true},
        {"", plain("h.test"), false},
        {"h.test", plain("h.test"), true},
        {"h.test", plain("a.h.test"), true},
        {"H.Test.", plain("h.test."), true},
        {".h.test", plain("h.test"), true},
        {".h.test", plain("a.h.test"), true},
        {"*.h.test", plain("a.b.h.test"), true},
        {"h.test", plain("xh.test"), false},
        {"h.test", plain("h.test.evil"), false},
        {"a.h.test", plain("h.test"), false},
        {"x , h.test\tz", plain("h.test"), true},
        {"h.test:443", secure("h.test"), true},
        {"h.test:443", plain("h.test"), false},
        {"10.1.2.3", plain("10.1.2.3"), true},
        {"10.1.2.3", plain("::ffff:10.1.2.3"), true},
        {"10.1.2.3:81", plain("10.1.2.3"), false},
        {"2.3", plain("10.1.2.3"), false},
        {"10.0.0.0/8", plain("10.255.0.1"), true},
        {"10.0.0.0/8", plain("11.0.0.1"), false},
        {"10.1.2.128/25", plain("10.1.2.129"), true},
        {"10.1.2.128/25", plain("10.1.2.127"), false},
        {"0.0.0.0/0", plain("9.9.9.9"), true},
        {"0.0.0.0/0", plain("2001:db8::1"), false},
        {"10.0.0.0/8", plain("10.h.test"), false},
        {"fd00::/8", secure("fd12::1"), true},
        {"fd00::/8", secure("fe12::1"), false},
        {"2001:db8::1", secure("2001:db8:0::1"), true},
        {"[2001:db8::1]:443", secure("2001:db8::1"), true},
        {"[2001:db8::1]:444", secure("2001:db8::1"), false},
        {"[2001:db8::1]", secure("2001:db8::1", 5), true},
    };
    for (const row& r : rows) {
        CAPTURE(r.list, to_text(r.to));
        CHECK(direct(r.list, r.to) == r.direct);
    }
}

TEST_CASE("an entry that is none is named", "[proxy][U17]")
{
    for (const char* bad : {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "fd00::/129",
                            "h/8", "h.test:", "h.test:0", "h.test:65536", "h.test:x", ".",
                            "[h.test]x", "a@b", "fd00::1:99999"}) {
        bypass_list l;
        CAPTURE(bad);
        CHECK(l.add(std::string("a.test,") + bad + ",b.test") == bad);
    }
}

TEST_CASE("an HTTP proxy is asked for the whole URL, and alone sees its credentials",
          "[proxy][request_text]")
{
    std::string flaw;
    const proxy open = *parse_proxy("http://p.test", flaw);
    const proxy closed = *parse_proxy("http://Aladdin:open%20sesame@p.test", flaw);
    http_request ask;
    ask.to = {false, "h.test", 81};
    ask.target = "/a?b";
    ask.headers = {{"proxy-authorization", "mine"}, {"X", "y"}};
    const std::string first = "GET http://h.test:81/a?b HTTP/1.1\r\nHost: h.test:81\r\n";
    std::string out;
    write_request(ask, out, &open);
    CHECK(out == first + "proxy-authorization: mine\r\nX: y\r\n\r\n");
    write_request(ask, out, &closed);
    CHECK(out == first + "Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\nX: y\r\n\r\n");
}
