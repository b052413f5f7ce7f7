#include "net/request_text.hpp"

#include "support/catch.hpp"

#include <string>

using namespace catena;
using namespace catena::net;

TEST_CASE("octets that could split a request are refused wherever they stand",
          "[request_text][A14]")
{
    for (const char c : std::string("\r\n\0\x01\x7f", 5)) {
        const std::string evil = std::string("/a") + c + "b";
        http_request method, target, host, name, value, fine;
        for (http_request* r : {&method, &target, &host, &name, &value, &fine})
            r->to.host = "h.test";
        method.method = evil;
        target.target = evil;
        host.to.host = evil;
        name.headers = {{evil, "v"}};
        value.headers = {{"N", evil}};
        CAPTURE(int(c));
        for (const http_request* r : {&method, &target, &host, &name, &value}) {
            CHECK_FALSE(fault_of(*r).empty());
            CHECK(fault_of(*r).find(c) == std::string::npos);
        }
        CHECK(fault_of(fine).empty());
    }
}

TEST_CASE("a request that is not one for an origin is refused", "[request_text]")
{
    http_request good;
    good.to.host = "h.test";
    const auto with = [&](auto change) {
        http_request r = good;
        change(r);
        return fault_of(r);
    };
    CHECK(with([](http_request&) {}).empty());
    CHECK_FALSE(with([](http_request& r) { r.method = ""; }).empty());
    CHECK_FALSE(with([](http_request& r) { r.method = "GET /"; }).empty());
    CHECK_FALSE(with([](http_request& r) { r.target = ""; }).empty());
    CHECK_FALSE(with([](http_request& r) { r.target = "http://x/"; }).empty());
    CHECK_FALSE(with([](http_request& r) { r.target = "/a b"; }).empty());
    CHECK_FALSE(with([](http_request& r) { r.to.host = ""; }).empty());
    CHECK_FALSE(with([](http_request& r) { r.to.host = "a@b"; }).empty());
    CHECK_FALSE(with([](http_request& r) { r.to.host = "a/b"; }).empty());
    for (const char* ours : {"host", "CONTENT-LENGTH", "Connection", "Transfer-Encoding"})
        CHECK_FALSE(with([&](http_request& r) { r.headers = {{ours, "x"}}; }).empty());
}

TEST_CASE("Host names the port only where it is not the scheme's own", "[request_text]")
{
    struct row {
        origin to;
        const char* host;
    };
    const row rows[] = {
        {{false, "h.test", 80}, "h.test"},   {{false, "h.test", 443}, "h.test:443"},
        {{true, "h.test", 443}, "h.test"},   {{true, "h.test", 80}, "h.test:80"},
        {{true, "::1", 8443}, "[::1]:8443"},
    };
    for (const row& r : rows) {
        http_request ask;
        ask.to = r.to;
        std::string out = "something old";
        write_request(ask, out);
        CHECK(out == std::string("GET / HTTP/1.1\r\nHost: ") + r.host + "\r\n\r\n");
    }
}
