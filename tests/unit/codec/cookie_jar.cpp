#include "codec/set_cookie.hpp"
#include "support/catch.hpp"
#include <catena/codec/cookie_jar.hpp>

#include <chrono>
#include <string>
#include <vector>

using namespace catena;
using namespace std::chrono_literals;

namespace {

const wall_time now = std::chrono::sys_days(std::chrono::year(2024) / 5 / 17);
const origin https{true, "api.example.com", 443};
const origin http{false, "api.example.com", 80};

origin at(std::string host, bool tls = true)
{
    return {tls, std::move(host), static_cast<std::uint16_t>(tls ? 443 : 80)};
}

// What a jar sends to `to` after one cookie from `from`.
std::string after(const std::string& field, const origin& from, const origin& to,
                  const std::string& target = "/v1/items?page=2")
{
    cookie_jar jar;
    (void)jar.take(from, "/v1/items?page=1", field, now);
    return jar.header(to, target, now);
}

std::string back(const std::string& field) { return after(field, https, https); }

}  // namespace

TEST_CASE("a cookie goes back as it came", "[cookie_jar][A8]")
{
    const std::pair<const char*, const char*> rows[] = {
        {"sid=abc", "sid=abc"},
        {"  sid \t= a b , c ; Path=/", "sid=a b , c"},
        {"sid=", "sid="},
        {"sid=a=b==", "sid=a=b=="},
        {"sid=\"quoted\"; HttpOnly; SameSite=Lax; Unknown=1; ;", "sid=\"quoted\""},
        {"nameless", "nameless"},
        {"=nameless", "nameless"},
        {"sid=\xc3\xa9", "sid=\xc3\xa9"},
        {"", ""},
        {" = ; Path=/", ""},
    };
    for (const auto& [field, wanted] : rows) {
        CAPTURE(field);
        CHECK(back(field) == wanted);
    }
}

TEST_CASE("a cookie with a control character is not kept", "[cookie_jar][A14]")
{
    for (int c = 0; c < 256; ++c) {
        const char octet = static_cast<char>(c);
        CAPTURE(c);
        const bool control = (c < 0x20 && c != '\t') || c == 0x7f;
        for (const std::string& field :
             {std::string("si") + octet + "d=v; Path=/", std::string("sid=v") + octet + "w",
              std::string("sid=v; Path=/v1") + octet, std::string("sid=v; x=") + octet}) {
            cookie_jar jar;
            if (control) {
                CHECK_FALSE(jar.take(https, "/", field, now));
                CHECK(jar.ignored() == 1);
            }
            (void)jar.take(https, "/", field, now);
            for (const char sent : jar.header(https, "/v1/items", now))
                CHECK((static_cast<unsigned char>(sent) >= 0x20 || sent == '\t'));
        }
    }
}

TEST_CASE("a cookie goes to its own host, or to the domain it names", "[cookie_jar][A10]")
{
    struct row {
        const char *domain, *from, *to;
        bool sent;
    };
    const row rows[] = {
        {"", "api.example.com", "api.example.com", true},
        {"", "api.example.com", "www.api.example.com", false},
        {"", "api.example.com", "example.com", false},
        {"example.com", "api.example.com", "api.example.com", true},
        {".Example.COM", "api.example.com", "www.example.com", true},
        {"example.com", "api.example.com", "example.com", true},
        {"example.com", "api.example.com", "badexample.com", false},
        {"api.example.com", "api.example.com", "x.api.example.com", true},
        {"other.com", "api.example.com", "other.com", false},
        {"other.com", "api.example.com", "api.example.com", false},
        {"www.example.com", "api.example.com", "www.example.com", false},
        {"x.api.example.com", "api.example.com", "x.api.example.com", false},
        {"pi.example.com", "api.example.com", "api.example.com", false},
        {"com", "api.example.com", "api.example.com", false},
        {"com", "api.example.com", "other.com", false},
        {"..com", "api.example.com", "api.example.com", false},
        {"example.com.", "api.example.com", "api.example.com", false},
        {"localhost", "localhost", "localhost", true},
        {"localhost", "localhost", "api.localhost", false},
        {"127.0.0.1", "127.0.0.1", "127.0.0.1", true},
        {"0.0.1", "127.0.0.1", "127.0.0.1", false},
        {"1", "127.0.0.1", "127.0.0.1", false},
        {"::1", "::1", "::1", true},
        {"", "::1", "::1", true},
        {"b.1", "a.b.1", "a.b.1", false},
    };
    for (const row& r : rows) {
        CAPTURE(r.domain, r.from, r.to);
        const std::string field = std::string("sid=v; Domain=") + r.domain;
        CHECK(after(field, at(r.from), at(r.to)) == (r.sent ? "sid=v" : ""));
    }
    CHECK(back("sid=v; Domain=other.com; Domain=example.com") == "sid=v");
    CHECK(back("sid=v; Domain=example.com; Domain=other.com").empty());
}

TEST_CASE("a suffix under which anyone has a name gets no cookie", "[cookie_jar][A10]")
{
    const auto kept = [](const char* domain, const char* host) {
        return after(std::string("sid=v; Domain=") + domain, at(host), at(host)) == "sid=v";
    };
    CHECK_FALSE(kept("com", "shop.example.com"));
    CHECK(kept("example.com", "shop.example.com"));
#if CATENA_HAS_PSL
    CHECK_FALSE(kept("co.uk", "shop.example.co.uk"));
    CHECK_FALSE(kept("github.io", "someone.github.io"));
    CHECK(kept("example.co.uk", "shop.example.co.uk"));
    // Its own name is no suffix of others.
    CHECK(kept("github.io", "github.io"));
    CHECK(after("sid=v; Domain=github.io", at("github.io"), at("x.github.io")).empty());
#endif
}

TEST_CASE("a cookie goes to its path and what is beneath", "[cookie_jar]")
{
    struct row {
        const char *path, *target;
        bool sent;
    };
    const row rows[] = {
        {"/", "/", true},
        {"/v1", "/v1", true},
        {"/v1", "/v1/items", true},
        {"/v1", "/v1?x=/", true},
        {"/v1/", "/v1/items", true},
        {"/v1/", "/v1", false},
        {"/v1", "/v10", false},
        {"/v1", "/V1", false},
        {"/v1", "/", false},
        {"v1", "/v1/other", true},  // no path: that of the request
        {"", "/v1/other", true},
        {"/x; Path=", "/v1/other", true},
        {"/x; Path=", "/x", false},
        {"", "/v2", false},
    };
    for (const row& r : rows) {
        CAPTURE(r.path, r.target);
        const std::string field = std::string("sid=v; Path=") + r.path;
        CHECK(after(field, https, https, r.target) == (r.sent ? "sid=v" : ""));
    }
    cookie_jar jar;
    CHECK(jar.take(https, "/items", "top=1", now));
    CHECK(jar.header(https, "/other", now) == "top=1");
    CHECK(jar.take(https, "/a/b?x=/c/d", "deep=1", now));
    CHECK(jar.header(https, "/a/x", now) == "deep=1; top=1");
    CHECK(jar.take(https, "/items", "top=2; Path=/", now));
    CHECK(jar.header(https, "/a/x", now) == "deep=1; top=2");
}

TEST_CASE("Secure cookies need TLS, both ways", "[cookie_jar][A10]")
{
    CHECK(after("sid=v; Secure", https, https) == "sid=v");
    CHECK(after("sid=v; secure=no", https, http).empty());
    CHECK(after("sid=v; Secure", http, https).empty());
    CHECK(after("sid=v", http, https) == "sid=v");
    CHECK(after("sid=v", https, http) == "sid=v");

    // Nor may one that came without TLS stand before one that is Secure.
    cookie_jar jar;
    CHECK(jar.take(https, "/", "sid=good; Secure; Path=/v1", now));
    CHECK_FALSE(jar.take(http, "/", "sid=evil; Path=/v1/items", now));
    CHECK_FALSE(jar.take(http, "/", "sid=evil; Path=/v1; Domain=example.com", now));
    CHECK(jar.take(http, "/", "sid=other; Path=/", now));
    CHECK(jar.take(http, "/", "other=x; Path=/v1", now));
    CHECK(jar.header(https, "/v1/items", now) == "sid=good; other=x; sid=other");
    CHECK(jar.take(https, "/", "wide=good; Secure; Domain=example.com; Path=/x", now));
    CHECK_FALSE(jar.take(http, "/", "wide=evil; Path=/x", now));
    CHECK(jar.take(https, "/", "sid=new; Path=/v1", now));
    CHECK(jar.header(http, "/v1/items", now) == "sid=new; other=x; sid=other");
}

TEST_CASE("a name with a prefix keeps what it promises or is not kept", "[cookie_jar][A10]")
{
    const std::pair<const char*, bool> rows[] = {
        {"__Secure-a=v; Secure", true},
        {"__Secure-a=v", false},
        {"__secure-a=v", false},
        {"__Secure-a=v; Secure; Domain=example.com; Path=/v1", true},
        {"__Host-a=v; Secure; Path=/", true},
        {"__Host-a=v; Secure", false},
        {"__Host-a=v; Path=/", false},
        {"__Host-a=v; Secure; Path=/v1", false},
        {"__Host-a=v; Secure; Path=/; Domain=example.com", false},
        {"__HOST-a=v; Path=/", false},
        {"__Host-a; Secure; Path=/", false},
        {"=__Secure-a=v; Secure", false},
        {"_Host-a=v", true},
    };
    for (const auto& [field, kept] : rows) {
        CAPTURE(field);
        CHECK(back(field).empty() == !kept);
    }
}

TEST_CASE("a cookie lives as long as Max-Age or else Expires says", "[cookie_jar][A8]")
{
    struct row {
        const char* attributes;
        std::chrono::seconds lives;  // 0: not at all
    };
    constexpr std::chrono::seconds ever = 24h * 365 * 100;
    const row rows[] = {
        {"", ever},
        {"; Max-Age=60", 60s},
        {"; Max-Age=0", 0s},
        {"; Max-Age=-1", 0s},
        {"; Max-Age=99999999999999999999999", ever},
        {"; Max-Age=9999999999999", ever},
        {"; Max-Age=1x", ever},
        {"; Max-Age=+60", ever},
        {"; Max-Age=-", ever},
        {"; Max-Age=", ever},
        {"; Expires=Fri, 17 May 2024 00:01:00 GMT", 60s},
        {"; Expires=Thu, 01 Jan 1970 00:00:00 GMT", 0s},
        {"; Expires=Mon, 01 Jan 1601 00:00:00 GMT", 0s},
        {"; Expires=Fri, 31 Dec 9999 23:59:59 GMT", ever},
        {"; Expires=soon", ever},
        {"; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", 60s},
        {"; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60", 60s},
        {"; Max-Age=60; Max-Age=30", 30s},
    };
    for (const row& r : rows) {
        CAPTURE(r.attributes);
        cookie_jar jar;
        CHECK(jar.take(https, "/", std::string("sid=v") + r.attributes, now));
        CHECK(jar.size() == (r.lives > 0s ? 1 : 0));
        if (r.lives > 0s) CHECK(jar.header(https, "/", now + r.lives - 1s) == "sid=v");
        if (r.lives < ever) CHECK(jar.header(https, "/", now + r.lives).empty());
    }
}

TEST_CASE("a newer cookie replaces the one of its name, domain and path", "[cookie_jar][A8]")
{
    cookie_jar jar;
    CHECK(jar.take(https, "/", "a=1", now));
    CHECK(jar.take(https, "/", "b=1", now));
    CHECK(jar.take(https, "/", "a=2", now));
    CHECK(jar.header(https, "/v1/items", now) == "a=2; b=1");
    CHECK(jar.take(https, "/", "a=3; Path=/v1", now));
    CHECK(jar.take(https, "/", "a=4; Domain=api.example.com", now));
    CHECK(jar.header(https, "/v1/items", now) == "a=3; a=2; b=1; a=4");
    CHECK(jar.values() == std::vector<std::string>{"2", "1", "3", "4"});

    CHECK(jar.take(https, "/", "a=; Max-Age=0", now));
    CHECK(jar.take(https, "/", "none=; Max-Age=0", now));
    CHECK(jar.header(https, "/v1/items", now) == "a=3; b=1; a=4");
    CHECK(jar.ignored() == 0);
    jar.clear();
    CHECK(jar.header(https, "/v1/items", now).empty());
    CHECK(jar.size() == 0);
}

TEST_CASE("a jar holds so many cookies of such a size, and counts what it ignores",
          "[cookie_jar][A10]")
{
    cookie_jar jar;
    for (int i = 0; i < 1000; ++i) {
        const std::string n = std::to_string(i);
        CHECK(jar.take(https, "/", "c" + n + "=v" + n, now) == (i < 50));
    }
    CHECK(jar.size() == 50);
    CHECK(jar.ignored() == 950);
    CHECK(jar.take(https, "/", "c7=renewed", now));
    CHECK(jar.header(https, "/", now).find("c7=renewed") != std::string::npos);

    // Those that have died make room.
    CHECK(jar.take(https, "/", "c9=x; Max-Age=5", now));
    CHECK(jar.take(https, "/", "late=x", now + 5s));
    CHECK(jar.size() == 50);

    cookie_jar sized;
    CHECK(sized.take(https, "/", "a=" + std::string(4095, 'x'), now));
    CHECK_FALSE(sized.take(https, "/", "b=" + std::string(4096, 'x'), now));
    CHECK(sized.take(https, "/", "c=x; Path=/" + std::string(1024, 'x') + "; y", now));
    CHECK(sized.header(https, "/", now).ends_with("; c=x"));  // such a path is not heard
    cookie_limits few;
    few.cookies = 1;
    few.octets = 2;
    cookie_jar small(few);
    CHECK_FALSE(small.take(https, "/", "ab=c", now));
    CHECK(small.take(https, "/", "a=c", now));
    CHECK_FALSE(small.take(https, "/", "b=c", now));
}

TEST_CASE("dates of cookies are read part by part", "[cookie_jar]")
{
    using namespace std::chrono;
    const auto date = [](const char* text) { return codec::read_cookie_date(text); };
    const sys_seconds wanted = sys_days(year(2024) / 2 / 29) + 1h + 2min + 3s;
    for (const char* text :
         {"Thu, 29 Feb 2024 01:02:03 GMT", "01:02:03 february 29 24", "29/Feb/2024;1:2:3",
          "29th Feb2 2024bc 01:02:03.5", "29 Feb 2024 01:02:03 30 Mar 2025 04:05:06"}) {
        CAPTURE(text);
        CHECK(date(text) == wanted);
    }
    for (const char* text :
         {"", "29 Feb 2023 00:00:00", "29 Feb 2024", "Feb 2024 00:00:00", "29 2024 00:00:00",
          "29 Feb 00:00:00", "29 Feb 4 00:00:00", "29 Feb 2024 24:00:00", "29 Feb 2024 00:60:00",
          "29 Feb 2024 00:00:60", "1 Jan 1600 00:00:00", "0 Jan 2024 00:00:00",
          "32 Jan 2024 00:00:00", "29 Feb 20245 00:00:00", "029 Feb 2024 00:00:00",
          "29 Feb 2024 001:00:00", "29 Feb 2024 00:00"}) {
        CAPTURE(text);
        CHECK_FALSE(date(text).has_value());
    }
    CHECK(date("1 Jan 70 00:00:00") == sys_seconds(0s));
    CHECK(date("1 Jan 69 00:00:00") == sys_days(year(2069) / 1 / 1));
}
