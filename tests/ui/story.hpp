#pragma once

#include "ui/gauges.hpp"

#include <chrono>
#include <cstdint>

namespace ui {

/// Seconds of the tests' own timeline.
inline catena::time_point at(double seconds)
{
    return catena::time_point(
        std::chrono::duration_cast<catena::duration>(std::chrono::duration<double>(seconds)));
}

inline catena::observer::answer_received answered(std::uint64_t walk, int status, double took,
                                                  std::uint64_t octets = 100)
{
    return {catena::chain_id{walk},
            0,
            status,
            {},
            octets,
            std::chrono::duration_cast<catena::duration>(std::chrono::duration<double>(took)),
            true};
}

inline catena::job_chain standing(std::uint64_t id, double from, double to, double done,
                                  std::uint64_t records,
                                  catena::job_chain::state is = catena::job_chain::state::walking)
{
    catena::job_chain c;
    c.id = id;
    c.walk = catena::chain_id{is == catena::job_chain::state::walking ? id : 0};
    c.is = is;
    c.from = c.done_from = from;
    c.to = to;
    c.done_to = done;
    c.records = records;
    c.pages = records / 10;
    return c;
}

/// A run of two chains and one and a quarter seconds, begun at second 100.
inline gauges short_story()
{
    using kind = catena::notice::kind;
    gauges g("items <&\"", at(100));
    g.on_chain(standing(1, 0, 0.5, 0, 0), at(100));
    g.on_chain(standing(2, 0.5, 1, 0.5, 0), at(100));
    for (int i = 0; i < 3; ++i)
        g.on_request();
    g.on_answer(answered(1, 200, 0.02), at(100.1));
    g.on_chain(standing(1, 0, 0.5, 0.25, 10), at(100.2));
    g.on_state({.records = 10, .pages = 1, .chains = 2, .walking = 2}, {2, 4, {}}, at(100.25));
    g.on_answer(answered(2, 429, 0.25), at(100.5));
    g.on_hold(std::chrono::seconds(2), at(100.5));
    g.on_notice(catena::chain_id{2}, kind::retry, at(100.5));
    g.on_notice(catena::chain_id{1}, kind::recovered, at(100.75));
    g.on_notice(catena::chain_id{1}, kind::redirected, at(100.75));
    g.on_page({catena::chain_id{1}, 1, 10, 3, true});
    g.on_chain(standing(1, 0, 0.5, 0.5, 20, catena::job_chain::state::ended), at(101));
    g.on_state({.records = 20, .pages = 2, .chains = 2, .ended = 1, .walking = 1}, {1, 0, {}},
               at(101));
    return g;
}

}  // namespace ui
