#include "support/catch.hpp"
#include "unit/codec/request_builder_support.hpp"

using namespace catena;
using namespace catena::testing;

TEST_CASE("a local address is the connector's own only where it is written out as its origin",
          "[request_builder][A7]")
{
    struct row {
        const char* url;
        bool own;
    };
    const row rows[] = {
        {"http://127.0.0.1:8080/x", true},  {"https://10.1.2.3/x", true},
        {"http://localhost/x", true},       {"http://LOCALHOST/x", true},
        {"http://[::1]:81/x", true},        {"http://[::ffff:10.0.0.1]/x", true},
        {"http://[fd00::1]/x", true},       {"https://api.example.com/x", false},
        {"http://8.8.8.8/x", false},        {"http://[2606:4700::1111]/x", false},

        {"http://intranet.corp/x", false},  {"http://localhost.evil.test/x", false},
        {"http://localhost.corp/x", false},
    };
    for (const row& r : rows) {
        CAPTURE(r.url);
        connector c = items({{place::query, "cursor"}});
        c.request.url = r.url;
        CHECK(built(c, {}).own_address == r.own);
    }
}

TEST_CASE("another local origin is not the connector's own", "[request_builder][A7]")
{
    connector c = items({{place::url, ""}});
    c.request.url = "http://127.0.0.1:8080/x";
    c.origins = {"http://127.0.0.1:9090", "http://10.0.0.1"};
    CHECK(built(c, after({text("http://127.0.0.1:8080/y")})).own_address);
    CHECK_FALSE(built(c, after({text("http://127.0.0.1:9090/y")})).own_address);
    CHECK_FALSE(built(c, after({text("http://10.0.0.1/y")})).own_address);
}
