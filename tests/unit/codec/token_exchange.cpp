#include "support/catch.hpp"
#include <catena/codec/fixed_credential.hpp>
#include <catena/codec/token_exchange.hpp>

#include <chrono>
#include <map>
#include <string>

using namespace catena;
using namespace std::chrono_literals;

namespace {

std::optional<secret> look_up(setting::source, const std::string& name)
{
    static const std::map<std::string, std::string> all{{"SECRET", "s3cr:t/&"},
                                                        {"REFRESH", "refresh-one"},
                                                        {"PASSWORD", "p\xc3\xa4ss word"},
                                                        {"TOKEN", "token-1234"},
                                                        {"BROKEN", "two\nlines"}};
    const auto at = all.find(name);
    if (at == all.end()) return std::nullopt;
    return secret(at->second);
}

auth_rule client()
{
    auth_rule a;
    a.by = auth_rule::method::oauth2;
    a.token_url = "https://login.example.com/oauth/token?tenant=1";
    a.client_id = "my client";
    a.client_secret = setting::from_environment("SECRET");
    a.scope = "a b";
    return a;
}

auth_rule refreshing()
{
    auth_rule a = client();
    a.granted_by = auth_rule::grant::refresh_token;
    a.refresh_token = setting::from_environment("REFRESH");
    return a;
}

token_exchange made(const auth_rule& a)
{
    diagnostics why;
    auto out = token_exchange::make(a, look_up, why);
    INFO(why.what);
    REQUIRE(out.has_value());
    return std::move(*out);
}

std::string header(const http_request& r, std::string_view name)
{
    for (const header_field& h : r.headers)
        if (equal_ignoring_case(h.name, name)) return h.value;
    return {};
}

}  // namespace

TEST_CASE("a token request shows the client as RFC 6749 says", "[A1]")
{
    const http_request r = made(client()).request();
    CHECK(r.method == "POST");
    CHECK(to_text(r.to) == "https://login.example.com");
    CHECK(r.target == "/oauth/token?tenant=1");
    CHECK(header(r, "Content-Type") == "application/x-www-form-urlencoded");
    CHECK(r.body == "grant_type=client_credentials&scope=a%20b");
    // "my%20client:s3cr%3At%2F%26"
    CHECK(header(r, "Authorization") == "Basic bXklMjBjbGllbnQ6czNjciUzQXQlMkYlMjY=");

    auth_rule in_body = client();
    in_body.client_in = auth_rule::client_place::body;
    in_body.parameters.emplace_back("audience", "https://api");
    const http_request b = made(in_body).request();
    CHECK(header(b, "Authorization").empty());
    CHECK(b.body ==
          "grant_type=client_credentials&scope=a%20b&client_id=my%20client&client_secret="
          "s3cr%3At%2F%26&audience=https%3A%2F%2Fapi");

    auth_rule open = refreshing();
    open.client_secret = setting();
    const http_request p = made(open).request();
    CHECK(p.body ==
          "grant_type=refresh_token&scope=a%20b&client_id=my%20client&refresh_token="
          "refresh-one");
    CHECK_FALSE(p.repeatable);
}

TEST_CASE("a token that a server gives is read with its life", "[A1]")
{
    struct row {
        std::string body;
        std::optional<duration> life;
    };
    const row rows[] = {
        {R"({"access_token": "t0ken", "token_type": "Bearer", "expires_in": 3600})", 1h},
        {R"({"access_token": "t0ken", "token_type": "bearer", "expires_in": "60"})", 60s},
        {R"({"access_token": "t0ken"})", std::nullopt},
        {R"({"access_token": "t0ken", "expires_in": "soon"})", std::nullopt},
        {R"({"access_token": "t0ken", "expires_in": 1.5})", std::nullopt},
        {R"({"access_token": "t0ken", "expires_in": -1})", 0s},
        {R"({"access_token": "t0ken", "expires_in": 9223372036854775807})", 24h * 3650},
    };
    for (const row& r : rows) {
        CAPTURE(r.body);
        token_exchange x = made(client());
        std::string why;
        const auto given = x.read(200, r.body, why);
        REQUIRE(given.has_value());
        CHECK(why.empty());
        CHECK(given->proof.value.reveal() == "Bearer t0ken");
        CHECK(given->proof.good_for == r.life);
        CHECK_FALSE(given->refresh_token.has_value());
    }
}

TEST_CASE("a refresh token that is given takes the old one's place", "[A1]")
{
    token_exchange x = made(refreshing());
    std::string why;
    const auto given = x.read(200, R"({"access_token": "a", "refresh_token": "refresh+two"})", why);
    REQUIRE(given.has_value());
    REQUIRE(given->refresh_token.has_value());
    CHECK(given->refresh_token->reveal() == "refresh+two");
    CHECK(x.request().body.find("refresh_token=refresh%2Btwo") != std::string::npos);

    REQUIRE(x.read(200, R"({"access_token": "b"})", why).has_value());
    CHECK(x.request().body.find("refresh_token=refresh%2Btwo") != std::string::npos);

    // Also where the rest of the answer is of no use: the old one may be dead.
    (void)x.read(200, R"({"access_token": "a", "token_type": "mac", "refresh_token": "three"})",
                 why);
    CHECK(x.request().body.find("refresh_token=three") != std::string::npos);
    (void)x.read(200, R"({"access_token": "a", "refresh_token": "refresh+two"})", why);
    CHECK(x.request().body.find("refresh_token=refresh%2Btwo") != std::string::npos);
}

TEST_CASE("what a token server refuses is told apart from what may pass", "[A2]")
{
    const errc refused = errc::credentials_refused;
    const errc later = errc::credentials_unavailable;
    struct row {
        int status;
        std::string body;
        errc code;
        std::string says;
    };
    const row rows[] = {
        {400, R"({"error": "invalid_grant", "error_description": "refresh-one has expired"})",
         refused, "invalid_grant"},
        {401, R"({"error": "invalid_client"})", refused, "invalid_client"},
        {403, "", refused, "403"},
        {302, "", refused, "302"},
        {204, "", refused, "204"},
        {408, "", later, "408"},
        {429, "slow down", later, "429"},
        {500, "<html>", later, "no JSON object"},
        {503, R"({"error": "temporarily_unavailable"})", later, "temporarily_unavailable"},
        {200, "", later, "empty body"},
        {200, "<html>", later, "no JSON object"},
        {200, "[]", later, "no JSON object"},
        {200, R"({"access_token": "t0ken")", later, "no JSON object"},
        {200, "{}", refused, "no access_token"},
        {200, R"({"access_token": 5})", refused, "no access_token"},
        {200, R"({"access_token": "a\r\nb"})", refused, "cannot go in a header"},
        {200, R"({"access_token": "a", "token_type": "mac"})", refused, "not Bearer"},
        {200, std::string(40, '['), later, "no JSON object"},
    };
    for (const row& r : rows) {
        CAPTURE(r.status, r.body);
        token_exchange x = made(refreshing());
        std::string why;
        const auto given = x.read(r.status, r.body, why);
        REQUIRE_FALSE(given.has_value());
        CAPTURE(why);
        CHECK(given.error() == r.code);
        CHECK(why.starts_with("the token server https://login.example.com answered"));
        CHECK(why.find(r.says) != std::string::npos);
        CHECK(why.find("refresh-one") == std::string::npos);
    }
}

TEST_CASE("the refusal of a token server reads as one line for people", "[A2]")
{
    token_exchange x = made(refreshing());
    std::string why;
    (void)x.read(400, R"({"error": "invalid_grant", "error_description": "Token is revoked"})",
                 why);
    CHECK(why ==
          "the token server https://login.example.com answered 400: invalid_grant: Token is "
          "revoked");
}

TEST_CASE("equal clients share one exchange, others do not", "[A1]")
{
    auth_rule other = client();
    other.scope = "a";
    CHECK(made(client()).identity() == made(client()).identity());
    CHECK(made(client()).identity() != made(other).identity());
    CHECK(made(client()).identity() != made(refreshing()).identity());
    CHECK(made(client()).identity().find("s3cr") == std::string::npos);
}

TEST_CASE("a fixed credential is made of its texts, or refused without showing them", "[A11][A14]")
{
    diagnostics why;
    auth_rule a;
    a.by = auth_rule::method::basic;
    a.user = "me";
    a.password = setting::from_environment("PASSWORD");
    auto c = fixed_credential(a, look_up, why);
    REQUIRE(c.has_value());
    CHECK(c->value.reveal() == "Basic bWU6cMOkc3Mgd29yZA==");
    REQUIRE(c->parts.size() == 1);
    CHECK(c->parts[0].reveal() == "p\xc3\xa4ss word");

    a.by = auth_rule::method::bearer;
    a.token = setting::from_environment("TOKEN");
    c = fixed_credential(a, look_up, why);
    REQUIRE(c.has_value());
    CHECK(c->value.reveal() == "Bearer token-1234");

    for (const char* name : {"BROKEN", "ABSENT"}) {
        CAPTURE(name);
        a.token = setting::from_environment(name);
        why = diagnostics();
        CHECK(fixed_credential(a, look_up, why).error() == errc::bad_secret);
        CHECK(why.pointer == "/auth/bearer");
        CHECK_FALSE(why.mend.empty());
        CHECK(why.what.find("two") == std::string::npos);
    }
}

TEST_CASE("Base64 has its padding at every length", "[A1]")
{
    diagnostics why;
    for (const auto& [user, header] :
         {std::pair("", "Basic OnRva2VuLTEyMzQ="), std::pair("a", "Basic YTp0b2tlbi0xMjM0"),
          std::pair("ab", "Basic YWI6dG9rZW4tMTIzNA==")}) {
        auth_rule a;
        a.by = auth_rule::method::basic;
        a.user = user;
        a.password = setting::from_environment("TOKEN");
        const auto c = fixed_credential(a, look_up, why);
        REQUIRE(c.has_value());
        CHECK(c->value.reveal() == header);
    }
}
