// One engine, one server, one fault: whatever breaks, and wherever, the records are the same.
#include "sim/world.hpp"
#include "support/catch.hpp"
#include "support/contracts.hpp"

using namespace catena;
using namespace catena::testing;

namespace {

constexpr std::size_t records = 40;
constexpr std::size_t pages = 6;

const std::size_t kinds = contracts().size();

}  // namespace

TEST_CASE("an undisturbed walk gives every record once, in order", "[sim]")
{
    const auto which = GENERATE(Catch::Generators::range(std::size_t(0), kinds));
    const auto seed = GENERATE(Catch::Generators::range(1u, 20u));
    const connector c = contracts()[which];
    CAPTURE(c.name, seed);

    world w(seed, c, records);
    require_all(w);
}

TEST_CASE("a fault of the wire anywhere costs time and nothing else", "[sim][T6][T7][T8]")
{
    using kind = wire_fault::kind;
    const auto which = GENERATE(Catch::Generators::range(std::size_t(0), kinds));
    const auto how = GENERATE(kind::refused, kind::stale, kind::reset_in_head, kind::reset_in_body,
                              kind::truncated, kind::status, kind::late);
    const auto seed = GENERATE(Catch::Generators::range(1u, 4u));
    const connector c = contracts()[which];

    for (std::size_t broken = 0; broken < pages; ++broken) {
        CAPTURE(c.name, int(how), seed, broken);
        world w(seed, c, records);
        w.wire.fail(broken, wire_fault(how, w.time.draw(300)));
        require_all(w);
    }
}

TEST_CASE("a cursor that dies before any page is replaced without loss", "[sim][P6][P9]")
{
    const auto which = GENERATE(Catch::Generators::range(std::size_t(0), std::size_t(7)));
    const auto seed = GENERATE(Catch::Generators::range(1u, 4u));
    const connector c = contracts()[which];

    for (std::size_t broken = 1; broken < pages; ++broken) {
        CAPTURE(c.name, seed, broken);
        behaviour b;
        b.faults.emplace_back(fault::kind::dead_token, broken);
        world w(seed, c, records, b);
        require_all(w);
    }
}

TEST_CASE("cursors that live shorter than the walk are replaced again and again", "[sim][P6]")
{
    const auto which = GENERATE(Catch::Generators::range(std::size_t(0), std::size_t(6)));
    const auto seed = GENERATE(Catch::Generators::range(1u, 6u));
    connector c = contracts()[which];
    c.limits.policies.emplace_back(1, std::chrono::seconds(10));
    const auto clock = GENERATE(expiry_rule::clock::chain, expiry_rule::clock::token);
    const bool known = GENERATE(true, false);
    c.expiry.counts = clock;
    behaviour b;
    b.token_life = std::chrono::seconds(clock == expiry_rule::clock::chain ? 25 : 9);
    if (known) c.expiry.ttl = b.token_life;
    CAPTURE(c.name, seed, int(clock), known);
    // A rescan cannot outrun cursors that live shorter than the walk itself.
    if (c.expiry.recover.by == recovery_rule::method::rescan) return;

    world w(seed, c, records, b);
    require_all(w);
    if (known) {
        for (const served& s : w.model.log())
            CHECK(s.status == 200);  // a cursor known to be dead is never sent
    }
}

TEST_CASE("a walk resumed after any page gives the rest, each record once", "[sim][S1]")
{
    const auto which = GENERATE(Catch::Generators::range(std::size_t(0), kinds));
    const connector c = contracts()[which];
    const bool dead = GENERATE(false, true) && which < 6;
    CAPTURE(c.name, dead);
    world w(1, c, records);
    const harvest whole = walk_all(w);
    REQUIRE(whole.records == w.model.records());

    for (std::size_t page = 0; page < whole.after.size(); ++page) {
        CAPTURE(page);
        const auto saved = checkpoint_from_text(to_text(whole.after[page]));
        REQUIRE(saved.has_value());
        REQUIRE(*saved == whole.after[page]);

        world again(2, c, records);
        if (dead) again.model.add(fault(fault::kind::dead_token, 0));
        chain way(*again.on, c, *saved);
        const harvest rest = walk(again, way);

        INFO(rest.why.text());
        REQUIRE(rest.done);
        const auto from = whole.records.begin() + std::ptrdiff_t(saved->records);
        REQUIRE(rest.records == std::vector<std::string>(from, whole.records.end()));
    }
}

TEST_CASE("the same seed gives the same run", "[sim]")
{
    const auto seed = GENERATE(Catch::Generators::range(1u, 30u));
    std::uint64_t traces[2];
    for (std::uint64_t& t : traces) {
        behaviour b;
        b.faults.push_back(fault::answer(503, 2));
        world w(seed, contract("token"), records, b);
        (void)walk_all(w);
        t = w.time.trace();
    }
    CHECK(traces[0] == traces[1]);
}
