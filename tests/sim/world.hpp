#pragma once

#include "support/catch.hpp"
#include <catena/catena.hpp>
#include <catena/testing/api_model.hpp>
#include <catena/testing/fake_transport.hpp>
#include <catena/testing/sim.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace catena::testing {

/// An engine in a simulated world, against a server under a contract.
struct world {
    explicit world(std::uint64_t seed, connector c, std::size_t records = 40, behaviour b = {})
        : time(seed),
          contract(std::move(c)),
          model(contract, dataset(records), std::move(b)),
          wire(
              time.get_executor(), time,
              [this](const http_request& r, const arrival& how) { return model.answer(r, how); },
              transport_options(seed)),
          on(std::make_unique<engine>(time.get_executor(), wire, time, options(seed)))
    {
    }

    [[nodiscard]] std::vector<row> dataset(std::size_t records) const
    {
        dataset_options o(records);
        o.ties = contract.ties ? 5 : 1;
        return make_dataset(contract, o);
    }
    [[nodiscard]] static fake_transport_options transport_options(std::uint64_t seed)
    {
        fake_transport_options o;
        o.seed = seed;
        return o;
    }
    [[nodiscard]] engine_options options(std::uint64_t seed)
    {
        engine_options o;
        o.seed = seed;
        o.watch = watch.get();
        return o;
    }

    std::unique_ptr<observer> watch = std::make_unique<observer>();
    sim time;
    connector contract;
    api_model model;
    fake_transport wire;
    std::unique_ptr<engine> on;
};

/// What a walk gave before it ended.
struct harvest {
    std::vector<std::string> records;
    std::vector<checkpoint> after;  ///< Of every page.
    diagnostics why;
    bool done = false;
};

/// Walk to the end. `way` and `out` outlive the coroutine.
inline boost::asio::awaitable<void> gather(chain& way, harvest& out)
{
    try {
        while (auto next = co_await way.next_page()) {
            for (const std::string_view record : next->records())
                out.records.emplace_back(record);
            out.after.push_back(next->after());
        }
    } catch (const failure& f) {
        out.why = f.why();
    }
    out.done = true;
}

/// Walk `way`, a chain of `w`, to its end in virtual time.
inline harvest walk(world& w, chain& way)
{
    harvest out;
    boost::asio::co_spawn(w.time.get_executor(), gather(way, out), boost::asio::detached);
    w.time.run();
    return out;
}

/// Walk `w` from its beginning to its end.
inline harvest walk_all(world& w, chain_limits limits = {})
{
    chain way(*w.on, w.contract, limits);
    return walk(w, way);
}

/// Walk `w` to its end; every record must come once, in the server's order.
inline void require_all(world& w)
{
    const harvest h = walk_all(w);
    INFO(h.why.text());
    REQUIRE(h.done);
    REQUIRE(h.records == w.model.records());
}

}  // namespace catena::testing
