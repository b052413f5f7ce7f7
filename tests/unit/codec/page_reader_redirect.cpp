#include "page_reader_answer.hpp"
#include "support/catch.hpp"

#include <string>

using namespace catena;
using namespace catena::testing;

namespace {

answer redirecting(int status, const std::string& location)
{
    return answer("<html>moved</html>", status).with("Location", location);
}

page_facts facts(const connector& c, const answer& a) { return read(c, a).facts; }

}  // namespace

TEST_CASE("a Location is resolved against the URL that was asked", "[page_reader][H11]")
{
    for (const int status : {301, 302, 303, 307, 308}) {
        CAPTURE(status);
        const page_facts f = facts(plain(), redirecting(status, " ?cursor=b "));
        CHECK(f.is == page_facts::answer::moved);
        CHECK(f.redirected.status == status);
        CHECK(f.redirected.from == "https://api.example.com/items?cursor=current-cursor&limit=100");
        CHECK(f.redirected.to == "https://api.example.com/items?cursor=b");
        CHECK(f.said.empty());
    }
    const page_facts f = facts(plain(), redirecting(302, "../b/%2F?x=a+b#part"));
    CHECK(f.redirected.to == "https://api.example.com/b/%2F?x=a+b");
}

TEST_CASE("a redirect without one place to go to is refused with the reason", "[page_reader][H12]")
{
    const std::pair<answer, const char*> rows[] = {
        {answer("", 302), "there is no Location"},
        {redirecting(302, ""), "Location is empty"},
        {redirecting(302, " \t"), "Location is empty"},
        {redirecting(302, "/a").with("location", "/a"), "more than one Location"},
    };
    for (const auto& [a, why] : rows) {
        CAPTURE(why);
        const page_facts f = facts(plain(), a);
        CHECK(f.is == page_facts::answer::failed);
        CHECK(f.failed_as == error_class::fatal);
        CHECK(f.code == errc::unexpected_redirect);
        CHECK(f.pointer == "Location");
        CHECK(f.said.find(why) != std::string::npos);
    }
    for (const int status : {300, 304, 305, 306, 399}) {
        CAPTURE(status);
        CHECK(facts(plain(), redirecting(status, "/a")).is == page_facts::answer::failed);
    }
}

TEST_CASE("a redirect to elsewhere is refused, and the text names base, host and rule only",
          "[page_reader][A5][A6][H12]")
{
    connector c = plain();
    struct row {
        const char *location, *there, *rule;
    };
    const row rows[] = {
        {"https://evil.example/canary?x=canary", "https://evil.example/***", "cross_origin"},
        {"http://api.example.com/canary", "http://api.example.com/***", "downgrade"},
        {"//evil.example/canary", "//evil.example/***", "cross_origin"},
        {"https://user:canary@api.example.com/x", "https://api.example.com/***", "userinfo"},
        {"ftp://api.example.com/canary", "ftp://api.example.com/***", "scheme"},
        {"canary:/x", "a reference without a host", "scheme"},
        {"https://hidden-word.example/", "https://***.example/***", "cross_origin"},
    };
    for (const row& r : rows) {
        CAPTURE(r.location);
        answer a = redirecting(302, r.location);
        a.hidden = {"hidden-word"};
        const page_facts f = facts(c, a);
        CHECK(f.code == errc::next_url_refused);
        CHECK(f.failed_as == error_class::fatal);
        CHECK(f.said == std::string("it redirects from https://api.example.com to ") + r.there +
                            ", which is refused: " + r.rule);
        CHECK(f.said.find("canary") == std::string::npos);
    }
    c.origins = {"https://evil.example"};
    const page_facts f = facts(c, redirecting(302, "https://evil.example/x"));
    CHECK(f.is == page_facts::answer::moved);
    CHECK(f.redirected.to == "https://evil.example/x");
}

TEST_CASE("a rule of the connector stands above a redirect", "[page_reader][H11]")
{
    connector c = plain();
    sign s;
    s.status = 302;
    c.errors = {error_rule(s, error_class::auth)};  // APIs that send to a login page
    const page_facts f = facts(c, redirecting(302, "/login"));
    CHECK(f.is == page_facts::answer::failed);
    CHECK(f.failed_as == error_class::auth);
}
