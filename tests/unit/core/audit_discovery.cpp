#include "audit_support.hpp"
#include "support/catch.hpp"

#include <functional>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;
using result = audit_check::result;

namespace {

// Five pages, each found and fetched.
audit_facts walked_apart()
{
    audit_facts f = flawless_facts();
    f.rules.clear();
    f.whole = range();
    f.parts.clear();
    f.covered.reset();
    f.counts.chains = f.counts.ended = 6;
    f.counts.pages = 5;
    discovery_facts& d = f.discovery.emplace();
    d.found = 5;
    d.ended = true;
    d.chains = {3, 0, 4, 1, 2};
    d.compared = 4;
    return f;
}

const audit_check& check_of(const audit_report& r, const std::string& name)
{
    for (const audit_check& c : r.checks)
        if (c.name == name) return c;
    throw std::logic_error("no check " + name);
}

}  // namespace

TEST_CASE("a job whose tokens were walked apart is complete if each page has one chain",
          "[audit][discovery]")
{
    const audit_report whole = audit(walked_apart());
    CHECK(whole.is == verdict::complete);
    CHECK(check_of(whole, "coverage").found == "5 pages once");
    CHECK(check_of(whole, "tokens").is == result::good);

    struct row {
        const char* what;
        std::function<void(discovery_facts&)> spoil;
        const char* note;
    };
    const row rows[] = {
        {"one is missing",
         [](discovery_facts& d) {
             d.chains = {0, 1, 2, 4};
         },
         "have 4 of them"},
        {"one stands for another",
         [](discovery_facts& d) {
             d.chains = {0, 1, 1, 2, 4};
         },
         "have 3 of them once, 5 in all"},
        {"one comes twice", [](discovery_facts& d) { d.chains = {0, 1, 2, 3, 4, 4}; },
         "have 4 of them once, 6 in all"},
        {"one that was not found",
         [](discovery_facts& d) {
             d.chains = {0, 1, 2, 3, 5};
         },
         "have 4 of them once, 5 in all"},
        {"one too many", [](discovery_facts& d) { d.chains.push_back(9); }, "6 in all"},
        {"no end", [](discovery_facts& d) { d.ended = false; }, "not walked to their end"},
    };
    for (const row& r : rows) {
        CAPTURE(r.what);
        audit_facts f = walked_apart();
        r.spoil(*f.discovery);
        const audit_report report = audit(f);
        CHECK(report.is == verdict::incomplete);
        REQUIRE(report.reasons.size() == 1);
        CHECK_THAT(report.reasons[0], Catch::Contains(r.note));
    }
}

TEST_CASE("tokens that differ need a total that agrees", "[audit][discovery][P15]")
{
    audit_facts f = walked_apart();
    f.discovery->differing = 1;
    CHECK(audit(f).is == verdict::complete);
    CHECK_THAT(check_of(audit(f), "tokens").note, Catch::Contains("1 of 4 pages"));

    f.total_at_start.reset();
    f.total_at_end.reset();
    const audit_report unknown = audit(f);
    CHECK(unknown.is == verdict::unverified);
    CHECK(check_of(unknown, "tokens").is == result::unknown);
    f.total_at_end = 99;
    CHECK(audit(f).is == verdict::unverified);
    f.discovery->differing = 0;
    f.total_at_end.reset();
    CHECK(audit(f).is == verdict::complete);
}

TEST_CASE(
    "what discovery did not save, and what lay behind its end, is told and changes no verdict",
    "[audit][discovery]")
{
    audit_facts f = walked_apart();
    f.discovery->with_records = 3;
    f.discovery->further = 1;
    const audit_report report = audit(f);
    CHECK(report.is == verdict::complete);
    const std::string& note = check_of(report, "coverage").note;
    CHECK_THAT(note, Catch::Contains("3 pages came with records"));
    CHECK_THAT(note, Catch::Contains("1 page lay behind"));
    CHECK(check_of(audit(walked_apart()), "coverage").note.empty());
}
