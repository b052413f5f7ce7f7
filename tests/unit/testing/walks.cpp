// The library's own chains against the model's sessions and places, in simulation and over sockets.
#include "contracts.hpp"
#include "sim/world.hpp"
#include "support/catch.hpp"
#include "support/walk.hpp"
#include <catena/testing/mock_api.hpp>

#include <algorithm>

using namespace catena;
using namespace catena::testing;
using session = behaviour::session_kind;

namespace {

// The contracts whose tokens die by a declared sign and can be recovered from.
const std::vector<const char*> recoverable = {"boards", "links", "google", "oai", "kubernetes"};

connector recovering(const std::string& name)
{
    connector c = contract(name);
    if (c.expiry.signs.empty()) {
        c.expiry.signs.emplace_back();
        c.expiry.signs[0].status = 410;
    }
    return c;
}

// A world whose server is told the connection.
struct bound_world {
    bound_world(std::uint64_t seed, const connector& c, const behaviour& b,
                const fake_transport_options& o)
        : time(seed),
          contract(c),
          model(c, make_dataset(c, dataset_options(40)), b),
          wire(
              time.get_executor(), time,
              [this](const http_request& r, const arrival& how) { return model.answer(r, how); },
              o),
          on(time.get_executor(), wire, time)
    {
    }

    harvest walk()
    {
        chain way(on, contract);
        harvest out;
        boost::asio::co_spawn(time.get_executor(), gather(way, out), boost::asio::detached);
        time.run();
        return out;
    }
    [[nodiscard]] std::size_t foreign_tokens() const
    {
        return std::size_t(
            std::count_if(model.log().begin(), model.log().end(),
                          [](const served& s) { return s.why == "token of another session"; }));
    }

    sim time;
    connector contract;
    api_model model;
    fake_transport wire;
    engine on;
};

}  // namespace

TEST_CASE("a chain whose tokens die with their connection gives every record once", "[sim][A9]")
{
    using kind = wire_fault::kind;
    const auto name = GENERATE(from_range(recoverable));
    const auto how = GENERATE(kind::refused, kind::stale, kind::reset_in_head, kind::reset_in_body,
                              kind::truncated);
    const connector c = recovering(name);
    for (std::size_t broken = 0; broken < 6; ++broken) {
        CAPTURE(name, int(how), broken);
        behaviour b;
        b.session = session::connection;
        fake_transport_options o;
        o.seed = broken + 1;
        bound_world w(broken + 1, c, b, o);
        w.wire.fail(broken, wire_fault(how, w.time.draw(300)));
        const harvest h = w.walk();

        INFO(h.why.text());
        REQUIRE(h.done);
        REQUIRE(h.records == w.model.records());
        REQUIRE(w.foreign_tokens() == (broken == 0 ? 0 : 1));
    }
}

TEST_CASE("a chain outlives connections that serve few requests each", "[sim][A9]")
{
    const auto name = GENERATE(as<std::string>(), "boards", "google", "oai");
    const auto requests = GENERATE(Catch::Generators::range(std::uint64_t(1), std::uint64_t(5)));
    CAPTURE(name, requests);
    behaviour b;
    b.session = session::connection;
    fake_transport_options o;
    o.close_after = requests;
    bound_world w(requests, recovering(name), b, o);
    const harvest h = w.walk();

    INFO(h.why.text());
    CHECK(h.done);
    CHECK(h.records == w.model.records());
    CHECK(w.foreign_tokens() > 0);
}

TEST_CASE("a chain whose server forgets its sessions gives every record once", "[sim][A8]")
{
    const auto name = GENERATE(from_range(recoverable));
    for (std::uint64_t lost = 1; lost < 6; ++lost) {
        CAPTURE(name, lost);
        behaviour b;
        b.session = session::connection;
        b.faults.emplace_back(fault::kind::session_lost, lost);
        bound_world w(lost, recovering(name), b, {});
        const harvest h = w.walk();

        INFO(h.why.text());
        REQUIRE(h.done);
        REQUIRE(h.records == w.model.records());
        REQUIRE(w.foreign_tokens() == 1);
    }
}

TEST_CASE("over sockets, a chain whose connections are closed gives every record once",
          "[mock_api][A9]")
{
    const connector c = recovering(GENERATE(as<std::string>(), "boards", "google"));
    CAPTURE(c.name);
    behaviour b;
    b.session = session::connection;
    mock_api_options o;
    o.close_after = 3;
    mock_api api(c, make_dataset(c, dataset_options(40)), b, o);
    const walked got = walk(api.described(c));

    INFO(got.why.text());
    CHECK(got.records == api.records());
    CHECK(api.connections() > 2);
}

TEST_CASE("a chain walks places inside arrays", "[sim]")
{
    for (const char* name : {"boards", "links", "bank"}) {
        for (const std::size_t n : {0U, 1U, 7U, 40U}) {
            CAPTURE(name, n);
            world w(1, contract(name), n);
            const harvest h = walk_all(w);

            INFO(h.why.text());
            CHECK(h.done);
            CHECK_FALSE(h.why.code);
            CHECK(h.records == w.model.records());
        }
    }
}

TEST_CASE("a renamed token inside an array stops the chain, and is named", "[sim][C6]")
{
    connector c = contract("boards");
    c.end = {end_rule::kind::null, end_rule::kind::missing};
    world w(1, c);
    w.model.add(fault(fault::kind::renamed_token, 2));
    const harvest h = walk_all(w);
    CHECK(h.why.code == errc::schema_drift);
    CHECK_THAT(h.why.text(), Catch::Contains("/data/boards/0/page/cursorV2"));
    CHECK(h.records.size() == 14);
}
