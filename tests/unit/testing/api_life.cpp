#include "api_world.hpp"
#include "contracts.hpp"
#include "support/catch.hpp"
#include "testing/http_date.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;

TEST_CASE("tokens die by the declared clock and the sign of their death is shown",
          "[api_model][P6]")
{
    using clock = expiry_rule::clock;
    // Requests 40 s apart under a life of 60 s: only the age of the whole chain passes it.
    for (const clock counts : {clock::token, clock::idle, clock::chain}) {
        CAPTURE(int(counts));
        connector c = contract("slack");
        c.expiry.counts = counts;
        behaviour b;
        b.token_life = 60s;
        world w(c, dataset_options(50), b);
        walked got;
        for (const int gap : {0, 40, 40}) {
            w.now += std::chrono::seconds(gap);
            if (!w.client.take(w.model.answer(w.client.request(), w.now), got)) break;
            if (got.last.body.find("invalid_cursor") != std::string::npos) break;
        }
        const bool dead = got.last.body.find(R"("error":"invalid_cursor")") != std::string::npos;
        CHECK(dead == (counts == clock::chain));
        CHECK(got.last.status == 200);
    }
    behaviour b;
    b.token_life = 60s;
    world w(contract("google"), dataset_options(50), b);
    walked got;
    REQUIRE(w.client.take(w.model.answer(w.client.request(), w.now), got));
    w.now += 61s;
    CHECK_FALSE(w.client.take(w.model.answer(w.client.request(), w.now), got));
    CHECK(got.last.status == 410);
    CHECK(w.model.log().back().why == "expired token");
}

TEST_CASE("a dead token's answer carries a fresh one that goes on where it stood",
          "[api_model][P6]")
{
    world w(contract("kubernetes"), dataset_options(30));
    walked got;
    REQUIRE(w.client.take(w.model.answer(w.client.request(), t0), got));
    w.model.kill_tokens();
    http_request ask = w.client.request();
    const scripted_answer gone = w.model.answer(ask, t0);
    REQUIRE(gone.status == 410);

    const auto body = boost::json::parse(gone.body);
    const std::string fresh = body.at("metadata").at("continue").as_string().c_str();
    ask.target = ask.target.substr(0, ask.target.find("&continue")) + "&continue=" + encoded(fresh);
    CHECK(w.model.answer(ask, t0).status == 200);
    CHECK(w.model.log().back().first_row == 7);
}

TEST_CASE("a single-use token works once", "[api_model]")
{
    world w(contract("kinesis"), dataset_options(30));
    walked got;
    REQUIRE(w.client.take(w.model.answer(w.client.request(), t0), got));
    const http_request ask = w.client.request();
    CHECK(w.model.answer(ask, t0).status == 200);
    CHECK(w.model.answer(ask, t0).status == 410);
}

TEST_CASE("the rate policies are kept to the request", "[api_model][R3]")
{
    connector c = contract("google");
    c.limits.policies = {rate_policy(2, 1s, 3), rate_policy(5, 60s, 5)};
    behaviour b;
    b.enforce_limits = true;
    world w(c, dataset_options(30), b);
    const auto status_at = [&](duration d) {
        return w.model.answer(w.client.request(), t0 + d).status;
    };

    CHECK(status_at(0s) == 200);
    CHECK(status_at(0s) == 200);
    CHECK(status_at(0s) == 200);
    CHECK(status_at(499ms) == 429);
    CHECK(status_at(500ms) == 200);
    CHECK(status_at(1000ms) == 200);
    const scripted_answer refused = w.model.answer(w.client.request(), t0 + 1500ms);
    CHECK(refused.status == 429);
    CHECK(refused.headers.back().name == "Retry-After");
    CHECK(refused.headers.back().value == "11");
    CHECK(status_at(11900ms) == 429);
    CHECK(status_at(12500ms) == 200);
    CHECK(w.model.violations() == 3);
}

TEST_CASE("Retry-After can be a date of the model's calendar", "[api_model][R1]")
{
    behaviour b;
    fault busy = fault::answer(429, 0);
    busy.retry_after = 90s;
    busy.as_date = true;
    b.faults = {busy};
    world w(contract("google"), dataset_options(30), b);
    const scripted_answer a = w.model.answer(w.client.request(), t0);
    CHECK(a.status == 429);
    CHECK(a.headers[1].value == "Mon, 05 Jan 2026 01:00:00 GMT");
    CHECK(a.headers[2].value == "Mon, 05 Jan 2026 01:01:30 GMT");
}

TEST_CASE("dates are those of RFC 9110", "[api_model][R1]")
{
    using namespace std::chrono;
    const sys_seconds example = sys_days(year(1994) / November / 6) + 8h + 49min + 37s;
    CHECK(http_date(example) == "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST_CASE("records may come and go during a walk and tokens keep their place", "[api_model][P12]")
{
    connector c = contract("google");
    world w(c, dataset_options(30));
    const auto before = w.model.records();
    walked got;
    REQUIRE(w.client.take(w.model.answer(w.client.request(), t0), got));
    REQUIRE(w.model.erase(before[2]));
    REQUIRE(w.model.erase(before[6]));
    row early;
    early.key = {{json_kind::number, "0"}};
    early.json = R"({"id":0})";
    w.model.insert(early);
    REQUIRE_FALSE(w.model.erase("{}"));

    CHECK(w.model.records().front() == early.json);
    while (w.client.take(w.model.answer(w.client.request(), t0), got)) {
    }
    CHECK(got.complete);
    CHECK(got.records.size() == 30);

    connector offsets = contract("jira");
    world moving(offsets, dataset_options(30));
    walked lost;
    REQUIRE(moving.client.take(moving.model.answer(moving.client.request(), t0), lost));
    REQUIRE(moving.model.erase(moving.model.records()[0]));
    REQUIRE(moving.client.take(moving.model.answer(moving.client.request(), t0), lost));
    CHECK(moving.model.log().back().first_row == 7);
    CHECK(boost::json::serialize(lost.records[7]) != boost::json::serialize(moving.truth()[6]));
}

TEST_CASE("the log tells the truth about every request", "[api_model]")
{
    world w(contract("google"), dataset_options(20));
    w.client.walk();
    const auto& log = w.model.log();
    REQUIRE(log.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(log[i].number == i);
        CHECK(log[i].page == i);
        CHECK(log[i].chain == 1);
        CHECK(log[i].first_row == i * 7);
        CHECK(log[i].records == (i == 2 ? 6 : 7));
        CHECK(log[i].status == 200);
        CHECK(log[i].at == t0);
        CHECK(log[i].method == "GET");
    }
}
