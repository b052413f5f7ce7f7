// How the model counts what a server allows, and tells of it.
#include "api_world.hpp"
#include "contracts.hpp"
#include "support/catch.hpp"

#include <chrono>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;

namespace {

using windows = behaviour::window_kind;
using words = behaviour::limit_words;

behaviour counting(windows k, words w = words::none)
{
    behaviour b;
    b.enforce_limits = true;
    b.policies = {rate_policy(3, 10s, 2)};
    b.windows = k;
    b.tells = w;
    return b;
}

std::string value_of(const scripted_answer& a, std::string_view name)
{
    std::string all;
    for (const header_field& h : a.headers)
        if (h.name == name) all += (all.empty() ? "" : "|") + h.value;
    return all;
}

}  // namespace

TEST_CASE("the model counts in the kind of window that it is told to", "[api_model][R3]")
{
    struct example {
        windows kind;
        std::vector<std::pair<duration, int>> asked;
    };
    const std::vector<example> all = {
        {windows::bucket,
         {{8s, 200}, {8s, 200}, {8s, 429}, {11s, 429}, {12s, 200}, {12s, 429}, {60s, 200}}},
        {windows::sliding,
         {{8s, 200}, {9s, 200}, {9s, 200}, {10s, 429}, {17999ms, 429}, {18s, 200}, {18s, 429}}},
        {windows::fixed,
         {{8s, 200},
          {9s, 200},
          {9s, 200},
          {9999ms, 429},
          {10s, 200},
          {10s, 200},
          {11s, 200},
          {19s, 429}}},
    };
    for (const example& e : all) {
        world w(contract("google"), dataset_options(30), counting(e.kind));
        for (const auto& [at, status] : e.asked) {
            CAPTURE(int(e.kind), at.count());
            CHECK(w.model.answer(w.client.request(), time_point(1000s) + at).status == status);
        }
    }
}

TEST_CASE("the model tells of its limits in the fields that it is told to", "[api_model][R6]")
{
    for (const words how : {words::none, words::draft, words::x_ratelimit}) {
        world w(contract("google"), dataset_options(30), counting(windows::fixed, how));
        CAPTURE(int(how));
        const auto at = [&](duration d) {
            return w.model.answer(w.client.request(), time_point(1000s) + d);
        };
        const scripted_answer first = at(2500ms);
        (void)at(3s);
        (void)at(3s);
        const scripted_answer refused = at(4s);
        CHECK(refused.status == 429);
        CHECK(value_of(refused, "Retry-After") == "6");
        const bool draft = how == words::draft;
        CHECK(value_of(first, "RateLimit-Policy") == (draft ? R"("p0";q=3;w=10)" : ""));
        CHECK(value_of(first, "RateLimit") == (draft ? R"("p0";r=2;t=8)" : ""));
        CHECK(value_of(refused, "RateLimit") == (draft ? R"("p0";r=0;t=6)" : ""));
        const bool x = how == words::x_ratelimit;
        CHECK(value_of(first, "X-RateLimit-Limit") == (x ? "3" : ""));
        CHECK(value_of(first, "X-RateLimit-Remaining") == (x ? "2" : ""));
        CHECK(value_of(refused, "X-RateLimit-Remaining") == (x ? "0" : ""));
        CHECK(value_of(refused, "X-RateLimit-Reset") == (x ? "6" : ""));
    }
}

TEST_CASE("of several limits X-RateLimit tells the one with the least left", "[api_model][R6]")
{
    behaviour b = counting(windows::sliding, words::x_ratelimit);
    b.policies = {rate_policy(100, 1h), rate_policy(5, 10s)};
    world w(contract("google"), dataset_options(30), b);
    const scripted_answer a = w.model.answer(w.client.request(), time_point(1000s));
    CHECK(value_of(a, "X-RateLimit-Limit") == "5");
    CHECK(value_of(a, "X-RateLimit-Remaining") == "4");
    CHECK(value_of(a, "X-RateLimit-Reset") == "10");
    b.tells = words::draft;
    world v(contract("google"), dataset_options(30), b);
    const scripted_answer both = v.model.answer(v.client.request(), time_point(1000s));
    CHECK(value_of(both, "RateLimit") == R"("p0";r=99;t=3600, "p1";r=4;t=10)");
}
