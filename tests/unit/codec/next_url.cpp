#include "support/catch.hpp"
#include <catena/codec/next_url.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

using namespace catena;

namespace {

constexpr std::string_view here = "https://api.example.com/v1/a/items?page=1";

// The URL that would be asked, or the word of the refusal.
std::string next(std::string_view reference, std::string_view base = here,
                 std::vector<origin> allowed = {}, std::size_t longest = 64 * 1024)
{
    url_policy policy;
    policy.allowed = allowed;
    policy.longest = longest;
    url_refusal why{};
    const auto r = resolve_next(base, reference, policy, why);
    if (r.has_value()) {
        CHECK(why == url_refusal::none);
        return r.value().text();
    }
    CHECK(r.error() == errc::next_url_refused);
    return to_text(why);
}

// The path that a relative reference gives on RFC 3986's own example.
std::string rfc(std::string_view reference)
{
    const std::string url = next(reference, "http://a/b/c/d;p?q");
    return url.starts_with("http://a/") ? url.substr(8) : url;
}

}  // namespace

TEST_CASE("references resolve as RFC 3986 section 5.4 shows", "[next_url][P21]")
{
    const std::pair<const char*, const char*> rows[] = {
        {"g", "/b/c/g"},
        {"./g", "/b/c/g"},
        {"g/", "/b/c/g/"},
        {"/g", "/g"},
        {"?y", "/b/c/d;p?y"},
        {"g?y", "/b/c/g?y"},
        {"#s", "/b/c/d;p?q"},
        {"g#s", "/b/c/g"},
        {"g?y#s", "/b/c/g?y"},
        {";x", "/b/c/;x"},
        {"g;x", "/b/c/g;x"},
        {"g;x?y#s", "/b/c/g;x?y"},
        {"", "/b/c/d;p?q"},
        {".", "/b/c/"},
        {"./", "/b/c/"},
        {"..", "/b/"},
        {"../", "/b/"},
        {"../g", "/b/g"},
        {"../..", "/"},
        {"../../", "/"},
        {"../../g", "/g"},
        {"../../../g", "/g"},
        {"../../../../g", "/g"},
        {"/./g", "/g"},
        {"/../g", "/g"},
        {"g.", "/b/c/g."},
        {".g", "/b/c/.g"},
        {"g..", "/b/c/g.."},
        {"..g", "/b/c/..g"},
        {"./../g", "/b/g"},
        {"./g/.", "/b/c/g/"},
        {"g/./h", "/b/c/g/h"},
        {"g/../h", "/b/c/h"},
        {"g;x=1/./y", "/b/c/g;x=1/y"},
        {"g;x=1/../y", "/b/c/y"},
        {"g?y/./x", "/b/c/g?y/./x"},
        {"g?y/../x", "/b/c/g?y/../x"},
        {"http:g", "malformed"},
        {"g:h", "scheme"},
        {"//g", "cross_origin"},
    };
    for (const auto& [reference, path] : rows) {
        INFO(reference);
        CHECK(rfc(reference) == path);
    }
}

TEST_CASE("octets of path and query stay the server's", "[next_url][P21]")
{
    for (const char* query :
         {"?c=a%2Bb%26c%3D%2F", "?c=%2fab%3d", "?c=a+b", "?f[]=1&g={\"a\":1}&h=a|b^c`d", "?c=100%",
          "?c=%", "?a=1&&b=2&", "?", "?c=<x>", "?c=a?b/../c", "?c='()*!$,;:@=="}) {
        const std::string url = std::string("https://api.example.com/v1/a%2Fb/%2e%2e/i;x") + query;
        CHECK(next(url) == url);
        CHECK(next(query) == std::string("https://api.example.com/v1/a/items") + query);
    }
    CHECK(next("?q=caf\xc3\xa9") == "https://api.example.com/v1/a/items?q=caf%C3%A9");
    CHECK(next("/\xff?\x80") == "https://api.example.com/%FF?%80");
    CHECK(next("https://api.example.com") == "https://api.example.com/");
    CHECK(next("x?y", "https://api.example.com") == "https://api.example.com/x?y");
    CHECK(next("?y", "https://api.example.com?x") == "https://api.example.com/?y");
    CHECK(next("https://api.example.com?x") == "https://api.example.com/?x");
    CHECK(next("https://api.example.com//evil.example/x") ==
          "https://api.example.com//evil.example/x");
}

TEST_CASE("octets that split requests are refused wherever they stand", "[next_url][A6]")
{
    for (int octet = 0; octet < 0x21; ++octet) {
        std::string text = "/v1/items?page=2";
        for (std::size_t at = 0; at <= text.size(); ++at) {
            std::string bad = text;
            bad.insert(at, 1, static_cast<char>(octet));
            CHECK(next(bad) == "bad_octet");
        }
    }
    CHECK(next("/v1\x7f") == "bad_octet");
    CHECK(next("/v1#a b") == "bad_octet");
    CHECK(next("/v1\\..\\x") == "malformed");
    CHECK(next("https:\\\\api.example.com\\v1") == "malformed");
}

TEST_CASE("only the base's own origin and named ones are followed", "[next_url][A5]")
{
    const std::vector<origin> cdn{{true, "cdn.example.com", 443}, {false, "plain.example.com", 80}};
    CHECK(next("https://cdn.example.com/x", here) == "cross_origin");
    CHECK(next("https://cdn.example.com/x", here, cdn) == "https://cdn.example.com/x");
    CHECK(next("https://CDN.example.com:443/x", here, cdn) == "https://cdn.example.com/x");
    CHECK(next("https://cdn.example.com:8443/x", here, cdn) == "cross_origin");
    CHECK(next("//cdn.example.com/x", here, cdn) == "https://cdn.example.com/x");
    CHECK(next("http://plain.example.com/x", here, cdn) == "downgrade");
    CHECK(next("http://plain.example.com/x", "http://api.example.com/", cdn) ==
          "http://plain.example.com/x");
    CHECK(next("http://api.example.com/x") == "downgrade");
    CHECK(next("http://api.example.com:443/x") == "downgrade");
    CHECK(next("https://a.example/x", "http://a.example/") == "https://a.example/x");
    CHECK(next("https://a.example:8443/x", "http://a.example/") == "cross_origin");
    CHECK(next("https://a.example/x", "http://a.example:8080/") == "cross_origin");
    CHECK(next("https://b.example/x", "http://a.example/") == "cross_origin");
}

TEST_CASE("credentials go to the base's own origin only", "[next_url][A5]")
{
    const std::vector<origin> cdn{{true, "cdn.example.com", 443}};
    url_policy policy;
    policy.allowed = cdn;
    url_refusal why{};
    CHECK(resolve_next(here, "?page=2", policy, why).value().credentials);
    CHECK(resolve_next("http://a.example/", "https://a.example/", policy, why).value().credentials);
    CHECK(!resolve_next(here, "https://cdn.example.com/", policy, why).value().credentials);
}

TEST_CASE("a URL that leads back to its page is told apart", "[next_url][P2]")
{
    url_refusal why{};
    for (const char* same : {"", "#x", "?page=1", "items?page=1", "./items?page=1#again",
                             "https://API.example.com:443/v1/a/items?page=1"})
        CHECK(resolve_next(here, same, {}, why).value().same_page);
    for (const char* other : {"?page=2", "?page=1&", "/v1/a/Items?page=1", "?Page=1"})
        CHECK(!resolve_next(here, other, {}, why).value().same_page);
}

TEST_CASE("a host that hides an address is no origin", "[next_url][A7]")
{
    const std::vector<const char*> hidden{"2130706433", "0x7f.1",    "0x7f000001", "017700000001",
                                          "127.1",      "0",         "0177.0.0.1", "127.0.0.01",
                                          "127.0.0.1.", "1.2.3.256", "1.2.3.4.5",  "0X7F.0.0.1",
                                          "a.0x",       "example.1", "1e.09"};
    for (const std::string host : hidden) {
        INFO(host);
        CHECK(!parse_url("http://" + host + "/").has_value());
        CHECK(next("https://" + host + "/") == "cross_origin");
        CHECK(next("/x", "http://" + host + "/") == "malformed");
        CHECK(next("https://" + host + "/", here, {{true, host, 443}}) == "cross_origin");
    }
    for (const std::string host : {"127.0.0.1", "255.255.255.255", "0.0.0.0", "1.example", "0x7g"})
        CHECK(parse_url("http://" + host + "/").value().to.host == host);
}

TEST_CASE("a URL that is none is refused", "[next_url][A6]")
{
    for (const char* text : {"http://",
                             "http:///x",
                             "https://?x",
                             "https://:80/",
                             "https://a b/",
                             "https://a:65536/",
                             "https://a:0/",
                             "https://a:80a/",
                             "https://a:-1/",
                             "https://a:99999999999999999999/",
                             "https://u@a/",
                             "https://u:p@a/",
                             "https://@a/",
                             "https://a%2eb/",
                             "https://\xc3\xa9/",
                             "https://a..b/",
                             "https://.a/",
                             "https://./",
                             "https://[::1/",
                             "https://[::1]x/",
                             "https://[::g]/",
                             "https://[fe80::1%25eth0]/",
                             "https://[1.2.3.4]/",
                             "https://a,b/",
                             "https://[::1]:x/",
                             "https:a",
                             "https:/a",
                             "://a/",
                             "a/b",
                             "",
                             "1http://a/",
                             "h ttp://a/",
                             "ftp://a/",
                             "file:///etc/passwd",
                             "javascript:alert(1)",
                             "https://a\\b/",
                             "https://a:b:80/"}) {
        INFO(text);
        CHECK(!parse_url(text).has_value());
    }
    CHECK(next("https://u:p@api.example.com/") == "userinfo");
    CHECK(next("ftp://api.example.com/") == "scheme");
    CHECK(next("https://api.example.com:0/") == "malformed");
}

TEST_CASE("hosts and ports compare by value", "[next_url][A5]")
{
    CHECK(parse_url("HTTPS://A.Example/X").value().text() == "https://a.example/X");
    CHECK(parse_url("http://a:/x").value().to.port == 80);
    CHECK(parse_url("http://a:00080/x").value().text() == "http://a/x");
    CHECK(parse_url("http://[0:0::0:1]:8080/x").value().text() == "http://[::1]:8080/x");
    CHECK(parse_url("http://[FD00::ABcd]/").value().to.host == "fd00::abcd");
    CHECK(next("http://[0::1]/b", "http://[::1]/a") == "http://[::1]/b");
    CHECK(parse_url("http://a_b.example./").value().to.host == "a_b.example.");
}

TEST_CASE("words for nothing and unfilled templates are no URLs", "[next_url][P1]")
{
    for (const char* word : {"null", "NULL", "undefined", "None", "nil"})
        CHECK(next(word) == "suspicious");
    CHECK(next("nullable?page=2") == "https://api.example.com/v1/a/nullable?page=2");
    for (const char* text : {"/items{?page}", "/items{?page,per_page*}", "/items{/id}", "/i{#frag}",
                             "/i?x=1{&page}", "/i?f={}&g={a}{&page}"})
        CHECK(next(text) == "malformed");
    for (const char* text : {"/i?f={}", "/i?f={page}", "/i?f={&}", "/i?f={\"a\":1}"})
        CHECK(next(text) == "https://api.example.com" + std::string(text));
}

TEST_CASE("a URL past the limit is refused, resolved ones too", "[next_url][P20]")
{
    const std::string fits = "?c=" + std::string(63, 'a');
    const std::string url = next(fits, here, {}, 200);
    CHECK(next(fits, here, {}, url.size()) == url);
    CHECK(next(fits, here, {}, url.size() - 1) == "too_long");
    CHECK(next(url, here, {}, url.size()) == url);
    CHECK(next(url, here, {}, url.size() - 1) == "too_long");
    CHECK(next("/x#" + std::string(200, 'a'), here, {}, 200) == "too_long");
}

TEST_CASE("every refusal has a word of its own", "[next_url]")
{
    std::vector<std::string> words;
    for (int i = 0; i <= static_cast<int>(url_refusal::suspicious); ++i)
        words.emplace_back(to_text(static_cast<url_refusal>(i)));
    std::sort(words.begin(), words.end());
    CHECK(std::adjacent_find(words.begin(), words.end()) == words.end());
    CHECK(std::find(words.begin(), words.end(), "unknown") == words.end());
}

TEST_CASE("a template that appears when dot segments go is refused too", "[P21]")
{
    url_refusal why{};
    const auto r = resolve_next("https://a.example/", "x{/./,u}", {}, why);
    CHECK_FALSE(r.has_value());
    CHECK(why == url_refusal::malformed);
}
