#include "support/catch.hpp"
#include <catena/codec/connector_json.hpp>
#include <catena/codec/job_description.hpp>

#include <string>
#include <vector>

using namespace catena;

namespace {

std::string with_discovery(const std::string& discovery, const std::string& method = "GET")
{
    return R"({"request": {"method": ")" + method +
           R"(", "url": "https://api.example.com/files"}, "records": "/items",
      "next": {"from": {"body": "/next"}, "to": {"query": "cursor"}}, "end": "missing",
      "discovery": )" +
           discovery + "}";
}

}  // namespace

TEST_CASE("every form of discovery comes back from its JSON form", "[discovery]")
{
    for (const char* text :
         {R"({"query": {"fields": "next"}})", R"({"query": {"f": ["a", "b"], "n": 0}})",
          R"({"headers": {"Accept": "application/json;odata.metadata=none"}})",
          R"({"query": {"a": "1"}, "headers": {"B": "2"}, "body": {"query": "{ pageInfo }"}})",
          R"({"query": {"view": {"$env": "VIEW", "prefix": "p"}}, "comment": "c"})"}) {
        CAPTURE(text);
        const connector c = load_connector(with_discovery(text, "POST"));
        REQUIRE(c.discovery);
        CHECK(load_connector(to_json(c)) == c);
    }
    const connector c = load_connector(with_discovery(
        R"({"query": {"a": "1"}, "headers": {"B": "2"}, "body": {"q": 3}})", "POST"));
    CHECK(c.discovery->query == named_settings{{"a", "1"}});
    CHECK(c.discovery->headers == named_settings{{"B", "2"}});
    CHECK(c.discovery->body == R"({"q": 3})");
    connector none = c;
    none.discovery.reset();
    CHECK(to_json(none).find("discovery") == std::string::npos);
}

TEST_CASE("a flaw of discovery is told with its place and what to write", "[discovery][U17][A11]")
{
    struct row {
        const char *discovery, *pointer, *says, *mend;
    };
    const row rows[] = {
        {R"({"field": "next"})", "/discovery/field", "no member", "query"},
        {R"("next")", "/discovery", "an object", ""},
        {"{}", "/discovery", "without the records", "\"fields\""},
        {R"({"query": {"cursor": "1"}})", "/discovery/query/cursor", "token itself", "another"},
        {R"({"headers": {"Authorization": "Bearer canary"}})", "/discovery/headers/Authorization",
         "a credential", "$env"},
        {R"({"body": {"a": {"$env": "A"}}})", "/discovery/body/a/$env", "cannot refer", "secret"},
    };
    for (const row& r : rows) {
        CAPTURE(r.discovery);
        std::vector<connector_file_flaw> flaws;
        CHECK_FALSE(load_connector(with_discovery(r.discovery, "POST"), flaws));
        REQUIRE_FALSE(flaws.empty());
        CHECK(flaws[0].pointer == r.pointer);
        CHECK_THAT(flaws[0].what, Catch::Contains(r.says));
        CHECK_THAT(flaws[0].mend, Catch::Contains(r.mend));
        CHECK(flaws[0].text().find("canary") == std::string::npos);
    }
}

TEST_CASE("with another discovery it is another job", "[discovery][job][S6]")
{
    const connector c = load_connector(with_discovery(R"({"query": {"fields": "next"}})"));
    const std::string before = describe_job(c, range());
    connector other = c;
    other.discovery->query[0].second = "token";
    CHECK(changed_parts(before, describe_job(other, range())) ==
          std::vector<std::string>{"/discovery/query/fields"});
    other.discovery.reset();
    CHECK_FALSE(changed_parts(before, describe_job(other, range())).empty());
    CHECK_FALSE(changed_parts(describe_job(other, range()), before).empty());
}
