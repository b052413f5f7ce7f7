#include "support/catch.hpp"
#include "unit/core/audit_support.hpp"
#include <catena/core/audit.hpp>

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>

using namespace catena;
using catena::testing::flawless_facts;
using catena::testing::ids_from;
using result = audit_check::result;

namespace {

const audit_check* find(const audit_report& r, const std::string& name)
{
    const auto at = std::find_if(r.checks.begin(), r.checks.end(),
                                 [&](const audit_check& c) { return c.name == name; });
    return at == r.checks.end() ? nullptr : &*at;
}

struct row {
    const char* about;
    std::function<void(audit_facts&)> change;
    const char* check;
    result is;
    verdict outcome;
};

const row rows[] = {
    {"a chain stopped",
     [](audit_facts& f) {
         f.counts.ended = 3;
         f.unfinished = {audit_gap(ids_from("75", "100"), "the server refused")};
     },
     "chains", result::bad, verdict::incomplete},
    {"no chain was begun", [](audit_facts& f) { f.counts.chains = f.counts.ended = 0; }, "chains",
     result::bad, verdict::incomplete},
    {"a chain is left although all have ended",
     [](audit_facts& f) { f.unfinished.emplace_back(ids_from("75", "100"), "?"); }, "chains",
     result::bad, verdict::incomplete},
    {"more chains ended than there are", [](audit_facts& f) { f.counts.ended = 5; }, "chains",
     result::bad, verdict::incomplete},
    {"a gap between chains", [](audit_facts& f) { f.covered->gaps = {ids_from("50", "51")}; },
     "coverage", result::bad, verdict::incomplete},
    {"two chains over one part",
     [](audit_facts& f) { f.covered->overlaps = {ids_from("50", "51")}; }, "coverage", result::bad,
     verdict::unverified},
    {"a range that cannot be read",
     [](audit_facts& f) { f.covered->unreadable = {ids_from("a", "51")}; }, "coverage", result::bad,
     verdict::incomplete},
    {"coverage was not proved", [](audit_facts& f) { f.covered.reset(); }, "coverage",
     result::unknown, verdict::unverified},
    {"the store has less than was committed",
     [](audit_facts& f) {
         f.stored = 99;
         f.total_at_end = f.total_at_start = 99;
     },
     "stored", result::bad, verdict::unverified},
    {"the store has more than was committed",
     [](audit_facts& f) {
         f.stored = 101;
         f.total_at_end = f.total_at_start = 101;
     },
     "stored", result::bad, verdict::unverified},
    {"the store was not counted", [](audit_facts& f) { f.stored.reset(); }, "stored",
     result::unknown, verdict::complete},
    {"another total at the end", [](audit_facts& f) { f.total_at_end = 101; }, "total", result::bad,
     verdict::unverified},
    {"another total at the start only", [](audit_facts& f) { f.total_at_start = 99; }, "total",
     result::good, verdict::complete},
    {"another total, known at the start only",
     [](audit_facts& f) {
         f.total_at_start = 99;
         f.total_at_end.reset();
     },
     "total", result::bad, verdict::unverified},
    {"no total",
     [](audit_facts& f) {
         f.total_at_start.reset();
         f.total_at_end.reset();
     },
     "total", result::unknown, verdict::complete},
    {"no key", [](audit_facts& f) { f.has_key = false; }, "key", result::unknown,
     verdict::unverified},
    {"counted pages", [](audit_facts& f) { f.counted_pages = true; }, "positions", result::unknown,
     verdict::unverified},
    {"counted pages that were reconciled",
     [](audit_facts& f) {
         f.counted_pages = true;
         f.reconciled.emplace().asked = 4;
     },
     "positions", result::good, verdict::complete},
    {"counted pages, reconciled in part",
     [](audit_facts& f) {
         f.counted_pages = true;
         f.reconciled.emplace().asked = 4;
         f.reconciled->failed = 1;
     },
     "positions", result::unknown, verdict::unverified},
    {"a reconciliation found and stored some, and a further one none",
     [](audit_facts& f) {
         f.reconciled.emplace().asked = 4;
         f.reconciled->found = 3;
     },
     "positions", result::good, verdict::complete},
    {"the last of several reconciliations still found something",
     [](audit_facts& f) {
         f.reconciled.emplace().asked = 4;
         f.reconciled->found = 3;
         f.reconciled->settled = false;
     },
     "positions", result::unknown, verdict::unverified},
    {"a spot found a record that is stored by now",
     [](audit_facts& f) { f.spots->missing = f.spots->found = 1; }, "spots", result::bad,
     verdict::incomplete},
    {"a reconciliation found something", [](audit_facts& f) { f.reconciled.emplace().missing = 1; },
     "positions", result::bad, verdict::incomplete},
    {"strays", [](audit_facts& f) { f.counts.strays = 1; }, "strays", result::bad,
     verdict::unverified},
    {"a spot check found a record", [](audit_facts& f) { f.spots->missing = 1; }, "spots",
     result::bad, verdict::incomplete},
    {"a spot check found a gap",
     [](audit_facts& f) { f.spots->gaps = {audit_gap(ids_from("7", "8"), "shown")}; }, "spots",
     result::bad, verdict::incomplete},
    {"a spot check failed", [](audit_facts& f) { f.spots->failed = 1; }, "spots", result::unknown,
     verdict::unverified},
    {"a stored record is shown no more", [](audit_facts& f) { f.spots->extra = 2; }, "spots",
     result::good, verdict::complete},
    {"no spot checks", [](audit_facts& f) { f.spots.reset(); }, "spots", result::unknown,
     verdict::complete},
    {"holes in dense ids", [](audit_facts& f) { f.ids->holes = 3; }, "ids", result::unknown,
     verdict::unverified},
    {"holes in dense ids, not all asked for",
     [](audit_facts& f) {
         f.ids->holes = 3;
         f.ids->asked = 2;
     },
     "ids", result::unknown, verdict::unverified},
    {"holes in dense ids, all asked for",
     [](audit_facts& f) {
         f.ids->holes = f.ids->asked = 3;
         f.ids->found = 1;
     },
     "ids", result::good, verdict::complete},
    {"holes in dense ids, of which one is a loss",
     [](audit_facts& f) {
         f.ids->holes = f.ids->asked = 3;
         f.ids->gaps = {audit_gap(ids_from("9", "10"), "shown")};
     },
     "ids", result::bad, verdict::incomplete},
    {"holes in ids that are not dense",
     [](audit_facts& f) {
         f.ids->holes = 300;
         f.ids->dense = false;
     },
     "ids", result::unknown, verdict::complete},
    {"no integer keys", [](audit_facts& f) { f.ids.reset(); }, "ids", result::unknown,
     verdict::complete},
    {"changes that were not taken", [](audit_facts& f) { f.changes->found = 1; }, "changes",
     result::bad, verdict::unverified},
    {"changes that were taken", [](audit_facts& f) { f.changes->found = f.changes->taken = 5; },
     "changes", result::good, verdict::complete},
    {"changes that were not looked for", [](audit_facts& f) { f.changes.reset(); }, "changes",
     result::unknown, verdict::complete},
    {"much less than before", [](audit_facts& f) { f.previous->records = 112; }, "previous",
     result::bad, verdict::unverified},
    {"a little less than before",
     [](audit_facts& f) {
         f.previous->records = 111;
         f.previous->deleted = 11;
     },
     "previous", result::good, verdict::complete},
    {"no run before", [](audit_facts& f) { f.previous.reset(); }, "previous", result::unknown,
     verdict::complete},
};

}  // namespace

TEST_CASE("each fact moves the verdict on its own, and no other check", "[audit][P12][P15][P17]")
{
    const audit_report all_well = audit(flawless_facts());
    REQUIRE(all_well.is == verdict::complete);
    REQUIRE(all_well.reasons.empty());
    REQUIRE(all_well.gaps.empty());
    for (const row& r : rows) {
        CAPTURE(r.about);
        audit_facts facts = flawless_facts();
        r.change(facts);
        const audit_report report = audit(facts);
        CHECK(report.is == r.outcome);
        const audit_check* const check = find(report, r.check);
        REQUIRE(check);
        CHECK(check->is == r.is);
        CHECK(check->allows == r.outcome);
        CHECK(report.reasons.size() == (r.outcome == verdict::complete ? 0u : 1u));
        if (check->is != result::good) CHECK(!check->note.empty());
        for (const audit_check& c : report.checks)
            if (c.name != r.check) CHECK(c.is == result::good);
    }
}

TEST_CASE("complete and a bad check never go together", "[audit][property]")
{
    // Every set of three checks, with every claim of what each allows.
    const result results[] = {result::good, result::bad, result::unknown};
    const verdict verdicts[] = {verdict::complete, verdict::unverified, verdict::incomplete};
    for (std::size_t n = 0; n < 9 * 9 * 9; ++n) {
        std::vector<audit_check> checks;
        for (std::size_t rest = n, i = 0; i < 3; ++i, rest /= 9) {
            audit_check& c = checks.emplace_back();
            c.is = results[rest % 3];
            c.allows = verdicts[rest / 3 % 3];
        }
        const verdict v = verdict_of(checks);
        bool all_allow = true;
        for (const audit_check& c : checks) {
            if (c.is == result::bad) CHECK(v != verdict::complete);
            CHECK(v >= c.allows);
            all_allow = all_allow && c.is != result::bad && c.allows == verdict::complete;
        }
        CHECK((v == verdict::complete) == all_allow);
    }
    CHECK(verdict_of({}) == verdict::unverified);
}

TEST_CASE("any two facts together leave the worse of their verdicts", "[audit][property]")
{
    for (const row& a : rows) {
        for (const row& b : rows) {
            if (std::string(a.check) == b.check) continue;
            // These say what others are compared with.
            if (std::string(a.check) == "stored" || std::string(b.check) == "stored") continue;
            CAPTURE(a.about, b.about);
            audit_facts facts = flawless_facts();
            a.change(facts);
            b.change(facts);
            CHECK(audit(facts).is == std::max(a.outcome, b.outcome));
        }
    }
}

TEST_CASE("nothing known is never complete", "[audit]")
{
    const audit_report report = audit(audit_facts());
    CHECK(report.is == verdict::incomplete);
    for (const audit_check& c : report.checks)
        CHECK((c.is == result::good) == (c.name == "strays"));
}

TEST_CASE("a total that differs is told with both numbers", "[audit][P15]")
{
    audit_facts facts = flawless_facts();
    facts.counts.records = 1'234'567;
    facts.stored = 1'234'567;
    facts.total_at_start = 1'200'000;
    facts.total_at_end = 1'234'568;
    facts.previous.reset();
    const audit_report report = audit(facts);
    CHECK(report.reasons ==
          std::vector<std::string>{"the server counts 1,234,568 records (at the start it counted "
                                   "1,200,000), and 1,234,567 are stored"});
    CHECK(find(report, "total")->expected == "1234568");
    CHECK(find(report, "total")->found == "1234567");
}

TEST_CASE("all gaps are told, chains first, and the worst reason first", "[audit]")
{
    audit_facts facts = flawless_facts();
    facts.has_key = false;
    facts.counts.ended = 3;
    facts.unfinished = {audit_gap(ids_from("80", "100"), "the server refused")};
    facts.covered->gaps = {ids_from("20", "21")};
    facts.spots->missing = 1;
    facts.spots->gaps = {audit_gap(ids_from("7", "8"), "the server shows it")};
    facts.ids->gaps = {audit_gap(ids_from("9", "10"), "the server shows it")};
    facts.previous->deleted = 2;
    facts.previous->deleted_keys = {"4", "5"};
    const audit_report report = audit(facts);
    CHECK(report.is == verdict::incomplete);
    CHECK(report.gaps ==
          std::vector<audit_gap>{audit_gap(ids_from("80", "100"), "the server refused"),
                                 audit_gap(ids_from("20", "21"), "no chain has it"),
                                 audit_gap(ids_from("7", "8"), "the server shows it"),
                                 audit_gap(ids_from("9", "10"), "the server shows it")});
    REQUIRE(report.reasons.size() == 5);
    CHECK(report.reasons.front() == "1 of 4 chains has yet to end");
    CHECK(report.reasons.back().starts_with("the records have no key"));
    CHECK(report.deleted == std::vector<std::string>{"4", "5"});
}

TEST_CASE("every name of a check is its own", "[audit]")
{
    audit_facts facts = flawless_facts();
    facts.counted_pages = true;
    facts.discovery.emplace();
    std::set<std::string> names;
    for (const audit_check& c : audit(facts).checks)
        CHECK(names.insert(c.name).second);
    CHECK(names.size() == 12);
}
