#include "support/catch.hpp"
#include <catena/codec/connector_json.hpp>
#include <catena/codec/job_description.hpp>

#include <string>
#include <vector>

using namespace catena;

namespace {

connector items()
{
    return load_connector(R"({
        "name": "items", "request": {"url": "https://api.example.com/v1/items",
                                     "query": {"team": "blue", "state": "all"}},
        "records": "/items", "key": ["/at", "/id"],
        "next": {"from": {"body": "/next"}, "to": {"query": "cursor"}}, "end": "missing"
    })");
}

using names = std::vector<std::string>;

}  // namespace

TEST_CASE("what makes another job is named by its place", "[job][S6]")
{
    const connector c = items();
    const range whole;
    const std::string before = describe_job(c, whole);
    CHECK(changed_parts(before, describe_job(c, whole)).empty());

    connector other = c;
    other.request.query[0].second = setting("red");
    CHECK(changed_parts(before, describe_job(other, whole)) == names{"/request/query/team"});
    other = c;
    other.request.query.pop_back();
    CHECK(changed_parts(before, describe_job(other, whole)) == names{"/request/query/state"});
    other = c;
    other.request.query.emplace_back("sort", "id");
    CHECK(changed_parts(before, describe_job(other, whole)) == names{"/request/query/sort"});
    other = c;
    other.key.pop_back();
    CHECK_FALSE(changed_parts(before, describe_job(other, whole)).empty());

    const range part({interval("1", "2")});
    CHECK(changed_parts(before, describe_job(c, part)) == names{"range"});
}

TEST_CASE("what the walk does not depend on makes no other job", "[job][S6]")
{
    const connector c = items();
    connector faster = c;
    faster.limits.concurrency = 3;
    faster.name = "things";
    CHECK(changed_parts(describe_job(c, {}), describe_job(faster, {})).empty());
}

TEST_CASE("a description holds no part of the query, and a foreign text is another job", "[job]")
{
    const std::string text = describe_job(items(), range({interval("canary-from", "canary-to")}));
    for (const char* part : {"blue", "example.com", "canary"})
        CHECK(text.find(part) == std::string::npos);
    CHECK(changed_parts("", text) == names{"/"});
    CHECK(changed_parts("{}", text) == names{"/"});
}
