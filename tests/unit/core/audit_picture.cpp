#include "support/catch.hpp"
#include "unit/core/audit_support.hpp"
#include <catena/core/audit.hpp>

using namespace catena;
using catena::testing::flawless_facts;
using catena::testing::ids_from;
using state = audit_stretch::state;

TEST_CASE("a bounded range is drawn to scale, gaps on top", "[audit][picture]")
{
    audit_facts facts = flawless_facts();
    facts.counts.ended = 3;
    facts.parts[1].is = audit_part::state::stopped;
    facts.parts[2].is = audit_part::state::open;
    facts.covered->gaps = {ids_from("10", "20")};
    const std::vector<audit_stretch> picture = audit(facts).picture;
    REQUIRE(picture.size() == 5);
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(picture[i].from == Approx(0.25 * static_cast<double>(i)));
        CHECK(picture[i].to == Approx(0.25 * static_cast<double>(i + 1)));
        CHECK(picture[i].chains == 1);
        CHECK(picture[i].records == 25);
    }
    CHECK(picture[0].is == state::ended);
    CHECK(picture[1].is == state::stopped);
    CHECK(picture[2].is == state::open);
    CHECK(picture[4].is == state::gap);
    CHECK(picture[4].from == Approx(0.1));
    CHECK(picture[4].to == Approx(0.2));
    CHECK(picture[4].where == ids_from("10", "20"));
}

TEST_CASE("what has no scale is drawn in equal widths", "[audit][picture]")
{
    audit_facts facts = flawless_facts();
    facts.whole = {};
    facts.covered->gaps = {ids_from("10", "20")};
    const std::vector<audit_stretch> picture = audit(facts).picture;
    REQUIRE(picture.size() == 5);
    CHECK(picture[3].from == Approx(0.6));
    CHECK(picture[4].to == Approx(1));
    CHECK(picture[4].is == state::gap);
    facts.parts.clear();
    facts.covered->gaps.clear();
    CHECK(audit(facts).picture.empty());
}

TEST_CASE("a hundred thousand chains are drawn as 400, each with the worst of its part",
          "[audit][picture]")
{
    audit_facts facts = flawless_facts();
    facts.whole = ids_from("0", "100000");
    facts.parts.clear();
    for (int i = 0; i < 100'000; ++i)
        facts.parts.emplace_back(
            ids_from(std::to_string(i).c_str(), std::to_string(i + 1).c_str()),
            i == 50'125 ? audit_part::state::stopped : audit_part::state::ended, 10);
    const std::vector<audit_stretch> picture = audit(facts).picture;
    REQUIRE(picture.size() == 400);
    std::uint64_t chains = 0, records = 0;
    for (std::size_t i = 0; i < picture.size(); ++i) {
        CHECK(picture[i].is == (i == 200 ? state::stopped : state::ended));
        CHECK(picture[i].from == Approx(static_cast<double>(i) / 400));
        chains += picture[i].chains;
        records += picture[i].records;
    }
    CHECK(chains == 100'000);
    CHECK(records == 1'000'000);
}
