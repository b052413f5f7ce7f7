#include "contracts.hpp"
#include "naive_client.hpp"
#include "support/catch.hpp"
#include "testing/json_tree.hpp"
#include <catena/testing/api_model.hpp>

#include <boost/json/parse.hpp>

#include <functional>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;
using kind = fault::kind;

namespace {

constexpr time_point t0{1h};

// What the naive client meets when the fault strikes.
struct outcome {
    walked got;
    std::vector<served> log;
    std::vector<std::string> bodies;
    std::vector<std::string> targets;
};

outcome walk_with(const std::string& name, const fault& f, std::size_t pages = 20,
                  std::size_t records = 30)
{
    behaviour b;
    b.faults = {f};
    api_model model(contract(name), make_dataset(contract(name), dataset_options(records)), b);
    outcome out;
    naive_client client(contract(name), [&](const http_request& r) {
        const scripted_answer a = model.answer(r, t0);
        out.bodies.push_back(a.body);
        out.targets.push_back(r.target + r.body);
        return a;
    });
    out.got = client.walk(pages);
    out.log = model.log();
    return out;
}

std::string token_of(const std::string& body)
{
    return std::string(raw_at(body, "/nextPageToken").value_or("none"));
}

}  // namespace

TEST_CASE("a status fault strikes its requests and no others", "[api_model][H19][R2]")
{
    fault f = fault::answer(429, 1, 2);
    f.retry_after = 2500ms;
    f.text = "slow down";
    behaviour b;
    b.faults = {f};
    const connector c = contract("google");
    api_model model(c, make_dataset(c, dataset_options(30)), b);
    naive_client client(c, nullptr);

    for (const int status : {200, 429, 429, 200}) {
        const scripted_answer a = model.answer(client.request(), t0);
        CHECK(a.status == status);
        CHECK((a.body == "slow down") == (status == 429));
        if (status == 429) CHECK(a.headers.back().value == "3");
    }
}

TEST_CASE("a fault of a page strikes its first requests, whenever they come", "[api_model]")
{
    behaviour b;
    b.faults = {fault(kind::status, 1, 2, fault::counted::pages)};
    const connector c = contract("google");
    api_model model(c, make_dataset(c, dataset_options(30)), b);
    naive_client client(c, nullptr);
    walked got;
    for (const int status : {200, 503, 503, 200, 200}) {
        const scripted_answer a = model.answer(client.request(), t0);
        CHECK(a.status == status);
        if (a.status == 200) client.take(a, got);
    }
    CHECK(got.pages == 3);
}

TEST_CASE("a page can be anything but a page", "[api_model][C1][C9][C10][H13]")
{
    const outcome error = walk_with("google", fault(kind::error_in_page, 1));
    CHECK(error.log[1].status == 200);
    CHECK(error.bodies[1].find(R"("error")") != std::string::npos);
    CHECK_FALSE(raw_at(error.bodies[1], "/items"));

    const outcome html = walk_with("google", fault(kind::html_page, 1));
    CHECK(html.log[1].status == 200);
    CHECK(html.got.last.headers[0].value == "text/html");
    CHECK(html.got.last.body[0] == '<');

    const outcome cut = walk_with("google", fault(kind::cut_json, 1));
    boost::json::error_code bad;
    (void)boost::json::parse(cut.bodies[1], bad);
    CHECK(bad);

    const outcome missing = walk_with("google", fault(kind::records_missing, 1));
    CHECK_FALSE(raw_at(missing.bodies[1], "/items"));
    CHECK(raw_at(missing.bodies[1], "/nextPageToken"));
}

TEST_CASE("pages can be short, empty or out of order with nothing lost",
          "[api_model][P4][P10][P13]")
{
    const outcome capped = walk_with("google", fault(kind::silent_cap, 1, fault::always));
    CHECK(capped.log[1].records == 2);
    CHECK(capped.got.complete);
    CHECK(capped.got.records.size() == 30);

    const outcome empty = walk_with("google", fault(kind::empty_page, 1, 3));
    CHECK(empty.log[1].records == 0);
    CHECK(empty.log[3].records == 0);
    CHECK(empty.log[4].first_row == 7);
    CHECK(token_of(empty.bodies[1]) != token_of(empty.bodies[0]));
    CHECK(token_of(empty.bodies[2]) != token_of(empty.bodies[1]));
    CHECK(empty.got.complete);
    CHECK(empty.got.records.size() == 30);

    const outcome plain = walk_with("google", fault(kind::status, 999));
    const outcome swapped = walk_with("google", fault(kind::records_swapped, 1));
    CHECK(swapped.got.records[13] == plain.got.records[7]);
    CHECK(swapped.got.records[7] == plain.got.records[13]);
    CHECK(swapped.got.records[6] == plain.got.records[6]);
}

TEST_CASE("a token can be renamed or stand twice, wherever it stands", "[api_model][C6][P23]")
{
    const outcome body = walk_with("google", fault(kind::renamed_token, 1));
    CHECK(raw_at(body.bodies[1], "/nextPageTokenV2"));
    CHECK_FALSE(raw_at(body.bodies[1], "/nextPageToken"));
    CHECK(body.got.records.size() == 14);

    const outcome link = walk_with("github", fault(kind::renamed_token, 1));
    CHECK(link.got.last.headers.back().value.find("rel=\"next-V2\"") != std::string::npos);
    const outcome header = walk_with("cosmos", fault(kind::renamed_token, 0));
    CHECK(header.got.last.headers[1].name == "x-next-row-V2");
    const outcome chosen = walk_with("fhir", fault(kind::renamed_token, 0));
    CHECK(chosen.bodies[0].find(R"("relation":"nextV2")") != std::string::npos);

    const outcome twice = walk_with("google", fault(kind::duplicate_token, 1));
    const auto first = twice.bodies[1].find("\"nextPageToken\"");
    CHECK(twice.bodies[1].find("\"nextPageToken\"", first + 1) != std::string::npos);
    const outcome two_links = walk_with("github", fault(kind::duplicate_token, 0));
    const std::string& links = two_links.got.last.headers.back().value;
    CHECK(two_links.log.size() > 1);
    CHECK(links.find("rel=\"first\"") != std::string::npos);
}

TEST_CASE("tokens can come round", "[api_model][P2][P3]")
{
    const outcome same = walk_with("google", fault(kind::same_token, 2, fault::always), 8);
    CHECK(token_of(same.bodies[2]) == token_of(same.bodies[1]));
    CHECK(token_of(same.bodies[7]) == token_of(same.bodies[1]));
    CHECK_FALSE(same.got.complete);

    for (const std::uint64_t length : {2U, 3U, 4U}) {
        CAPTURE(length);
        fault f(kind::token_cycle, length, fault::always);
        f.size = length;
        const outcome cycle = walk_with("google", f, 14, 60);
        for (std::size_t i = 0; i + length < 14; ++i)
            CHECK(token_of(cycle.bodies[i + length]) == token_of(cycle.bodies[i]));
        for (std::size_t i = 1; i < length; ++i)
            CHECK(token_of(cycle.bodies[i]) != token_of(cycle.bodies[0]));
    }
}

TEST_CASE("a server can ignore the cursor or repeat a page under new tokens",
          "[api_model][P5][P14]")
{
    const outcome again = walk_with("google", fault(kind::page_again, 2, 3));
    CHECK(again.log[2].first_row == 14);
    CHECK(again.log[3].first_row == 14);
    CHECK(again.log[5].first_row == 14);
    CHECK(again.log[6].first_row == 21);
    CHECK(token_of(again.bodies[2]) != token_of(again.bodies[3]));

    for (const char* name : {"google", "jira", "stripe", "github"}) {
        CAPTURE(name);
        const outcome ignored = walk_with(name, fault(kind::cursor_ignored, 0, fault::always), 3);
        REQUIRE(ignored.log.size() == 3);
        CHECK(ignored.log[2].first_row == 0);
        CHECK(ignored.log[2].records == 7);
    }
}

TEST_CASE("flags and totals can lie", "[api_model][P1][P15]")
{
    const outcome early = walk_with("stripe", fault(kind::flag_lies, 1));
    CHECK(early.got.complete);
    CHECK(early.got.records.size() == 14);
    const outcome late = walk_with("salesforce", fault(kind::flag_lies, 4));
    CHECK(raw_at(late.bodies[4], "/done") == "false");
    CHECK_FALSE(raw_at(late.bodies[4], "/nextRecordsUrl"));

    const outcome total = walk_with("salesforce", fault(kind::total_lies, 1));
    CHECK(raw_at(total.bodies[0], "/totalSize") == "30");
    CHECK(raw_at(total.bodies[1], "/totalSize") == "32");
}

TEST_CASE("a token can die before its time", "[api_model][P6]")
{
    const outcome dead = walk_with("slack", fault(kind::dead_token, 2));
    CHECK(dead.log[2].why == "expired token");
    CHECK(dead.bodies[2].find("invalid_cursor") != std::string::npos);
}

TEST_CASE("faults can be added to a running server", "[api_model]")
{
    const connector c = contract("google");
    api_model model(c, make_dataset(c, dataset_options(30)));
    naive_client client(c, nullptr);
    CHECK(model.answer(client.request(), t0).status == 200);
    model.add(fault::answer(500, 1));
    CHECK(model.answer(client.request(), t0).status == 500);
    CHECK(model.answer(client.request(), t0).status == 200);
}

TEST_CASE("a last page can carry a token where a flag tells the end", "[api_model][P1]")
{
    behaviour b;
    b.token_after_end = true;
    const connector c = contract("relay");
    api_model model(c, make_dataset(c, dataset_options(7)), b);
    naive_client client(c, nullptr);
    const scripted_answer a = model.answer(client.request(), t0);
    CHECK(raw_at(a.body, "/data/viewer/items/pageInfo/hasNextPage") == "false");
    CHECK(raw_at(a.body, "/data/viewer/items/pageInfo/endCursor"));
}
