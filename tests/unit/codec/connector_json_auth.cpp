#include "support/catch.hpp"
#include <catena/codec/connector_json.hpp>

#include <string>
#include <vector>

using namespace catena;

namespace {

std::string with_auth(const std::string& auth, const std::string& url = "https://api.example.com/",
                      const std::string& headers = "{}")
{
    return R"({"request": {"url": ")" + url + R"(", "headers": )" + headers +
           R"(}, "next": {"from": {"body": "/n"}, "to": {"query": "c"}}, "end": "missing",
           "auth": )" +
           auth + "}";
}

const std::string basic = R"({"basic": {"user": "me", "password": {"$env": "P"}}})";

}  // namespace

TEST_CASE("every form of auth comes back from its JSON form", "[A1]")
{
    for (
        const char* auth :
        {R"({"basic": {"user": "me", "password": {"$env": "P"}}})",
         R"({"basic": {"user": {"$env": "U"}, "password": {"$file": "/p"}}, "allow_plain_http": true})",
         R"({"bearer": {"$file": "/run/secrets/token"}})", R"({"provider": "vault"})",
         R"({"oauth2": {"token_url": "https://l.example.com/t?x=1", "client_id": "me",
                 "client_secret": {"$env": "S"}, "scope": "a b", "client_in": "body",
                 "parameters": {"audience": "https://api", "assertion": {"$file": "/a"}}}})",
         R"({"oauth2": {"token_url": "https://l.example.com/t", "client_id": {"$env": "I"},
                 "grant": "refresh_token", "refresh_token": {"$file": "/r"}}})"}) {
        CAPTURE(auth);
        std::vector<connector_file_flaw> flaws;
        const auto c = load_connector(with_auth(auth), flaws);
        for (const connector_file_flaw& f : flaws)
            FAIL_CHECK(f.text());
        REQUIRE(c);
        CHECK(c->auth.by != auth_rule::method::none);
        CHECK(load_connector(to_json(*c)) == *c);
    }
}

TEST_CASE("a flaw of auth is told with its place and what to write", "[A6][A15][U17]")
{
    struct row {
        std::string file, pointer, says;
    };
    const std::string oauth = R"({"oauth2": {"token_url": "https://l/t", "client_id": "me")";
    const row rows[] = {
        {with_auth(R"({"bearer": "abcdefgh"})"), "/auth/bearer", "must not stand"},
        {with_auth(R"({"basic": {"user": "me", "password": "secret"}})"), "/auth/basic/password",
         "must not stand"},
        {with_auth(R"({"basic": {"user": "me"}})"), "/auth/basic", "needs a user and a password"},
        {with_auth(R"({"basic": {"user": "a:b", "password": {"$env": "P"}}})"), "/auth/basic/user",
         "colon"},
        {with_auth(R"({"bearer": {"$env": "A"}, "provider": "x"})"), "/auth/provider", "keep one"},
        {with_auth(R"({"provider": ""})"), "/auth/provider", "needs a name"},
        {with_auth(basic, "http://api.example.com/"), "/auth", "plain http"},
        {with_auth(basic, "http://127.0.0.1.example.com/"), "/auth", "plain http"},
        {with_auth(basic, "https://api.example.com/", R"({"authorization": {"$env": "X"}})"),
         "/request/headers/authorization", "auth sets this header"},
        {with_auth(oauth + "}}"), "/auth/oauth2/client_secret", "needs the client's secret"},
        {with_auth(oauth + R"(, "client_secret": {"$env": "S"}, "refresh_token": {"$env": "R"}}})"),
         "/auth/oauth2/refresh_token", "has no refresh token"},
        {with_auth(oauth + R"(, "grant": "refresh_token"}})"), "/auth/oauth2/refresh_token",
         "needs a refresh token"},
        {with_auth(oauth + R"(, "client_secret": {"$env": "S"}, "parameters": {"scope": "x"}}})"),
         "/auth/oauth2/parameters/scope", "member of its own"},
        {with_auth(R"({"oauth2": {"token_url": "http://l.example.com/t", "client_id": "me",
                       "client_secret": {"$env": "S"}}})"),
         "/auth/oauth2/token_url", "plain http"},
    };
    for (const row& r : rows) {
        CAPTURE(r.file);
        std::vector<connector_file_flaw> flaws;
        CHECK_FALSE(load_connector(r.file, flaws));
        REQUIRE_FALSE(flaws.empty());
        CAPTURE(flaws[0].text());
        CHECK(flaws[0].pointer == r.pointer);
        CHECK(flaws[0].text().find(r.says) != std::string::npos);
        CHECK(flaws[0].text().find("abcdefgh") == std::string::npos);
    }
}

TEST_CASE("credentials go over plain http to this machine, or where that is allowed", "[A15]")
{
    for (const char* url :
         {"http://127.0.0.1:8080/items", "http://localhost/", "http://[::1]:80/", "https://a/"})
        CHECK_NOTHROW(load_connector(with_auth(basic, url)));
    const std::string allowed =
        R"({"basic": {"user": "me", "password": {"$env": "P"}}, "allow_plain_http": true})";
    CHECK_NOTHROW(load_connector(with_auth(allowed, "http://api.example.com/")));
}
