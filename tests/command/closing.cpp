#include "closing.hpp"

#include "support/catch.hpp"

#include <chrono>

using namespace command;

namespace {

catena::audit_facts facts()
{
    catena::audit_facts f;
    f.job = f.connector = "items";
    f.has_key = true;
    f.covered = catena::coverage();
    f.counts.chains = f.counts.ended = 1;
    f.counts.records = 1234;
    f.counts.requests = 13;
    f.ended = f.begun + std::chrono::seconds(3);
    return f;
}

}  // namespace

TEST_CASE("a run that is proven complete ends in one line", "[command]")
{
    const closing c = closing_of(audit(facts()), "");
    CHECK(c.line ==
          "complete: 1,234 records, 13 requests, 3 s (--report FILE.html has the whole "
          "audit)");
    CHECK(c.trouble.empty());
    CHECK(closing_of(audit(facts()), "a.html").line.ends_with("(the whole audit: a.html)"));
}

TEST_CASE("what keeps a run from complete has a line of its own that says what to do", "[command]")
{
    catena::audit_facts f = facts();
    f.has_key = false;
    f.total_at_end = 1300;
    const closing c = closing_of(audit(f), "");
    CHECK(c.line.starts_with("unverified: 1,234 records"));
    REQUIRE(c.trouble.size() == 2);
    for (const std::string& each : c.trouble) {
        CHECK(each.find('\n') == each.npos);
        CHECK(each.ends_with(", or accept it with --allow-unverified"));
    }
    CHECK(c.trouble[0].find("1,300") != std::string::npos);
    CHECK(c.trouble[1].find("name a `key`") != std::string::npos);
}

TEST_CASE("a reason that no check stands for is told, too", "[command]")
{
    catena::audit_report r = audit(facts());
    r.is = catena::verdict::unverified;
    r.reasons = {"the server could not be asked for its total"};
    const closing c = closing_of(r, "");
    REQUIRE(c.trouble.size() == 1);
    CHECK(c.trouble[0] ==
          "the server could not be asked for its total; run the command again, or accept it with "
          "--allow-unverified");
}

TEST_CASE("what is missing is told before what is not known, and cannot be accepted", "[command]")
{
    catena::audit_facts f = facts();
    f.has_key = false;
    f.counts.chains = 2;
    const closing c = closing_of(audit(f), "");
    CHECK(c.verdict == "incomplete");
    REQUIRE(c.trouble.size() == 2);
    CHECK(c.trouble[0].find("1 of 2 chains") != std::string::npos);
    CHECK(c.trouble[0].ends_with("run the same command again"));
    CHECK(c.trouble[1].ends_with("name a `key`"));
}

TEST_CASE("each question of an audit has an answer of what to do", "[command]")
{
    for (catena::audit_check each : audit(facts()).checks) {
        INFO(each.name);
        catena::audit_report r;
        r.is = each.allows = catena::verdict::unverified;
        r.checks.push_back(each);
        const closing c = closing_of(r, "");
        REQUIRE(c.trouble.size() == 1);
        CHECK(c.trouble[0].find("see the whole audit") == std::string::npos);
    }
}
