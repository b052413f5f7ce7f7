#include "api_world.hpp"
#include "contracts.hpp"
#include "support/catch.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <iostream>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;

TEST_CASE("the contracts of these tests are valid connectors", "[api_model]")
{
    for (const connector& c : all_contracts())
        for (const connector_flaw& f : validate(c)) {
            CAPTURE(c.name, f.pointer, f.what);
            CHECK(false);
        }
}

TEST_CASE("a walk by the book brings every record once, in order, under every contract",
          "[api_model][P1]")
{
    std::size_t walks = 0;
    for (const connector& c : all_contracts()) {
        for (const std::size_t n : {0U, 1U, 6U, 7U, 8U, 14U, 50U}) {
            CAPTURE(c.name, n);
            dataset_options d(n, n + 1);
            d.ties = 3;
            world w(c, d);
            const walked got = w.client.walk();
            CAPTURE(got.last.status, got.last.body.substr(0, 400), w.client.request().target,
                    w.model.log().back().why);
            REQUIRE(got.complete);
            REQUIRE(got.records == w.truth());
            REQUIRE(w.model.log().size() <= n / 7 + 3);
            ++walks;
        }
    }
    std::cout << "contracts walked: " << all_contracts().size() << " (" << walks << " walks)\n";
}

TEST_CASE("every form of token, of key and of URL walks", "[api_model][C7][P21]")
{
    for (const connector& c : all_contracts()) {
        for (const auto kind : {json_kind::string, json_kind::number, json_kind::object}) {
            for (const auto url : {behaviour::url_form::absolute, behaviour::url_form::path,
                                   behaviour::url_form::query}) {
                CAPTURE(c.name, int(kind), int(url));
                behaviour b;
                b.token = kind;
                b.urls = url;
                b.tokens_first = kind == json_kind::number;
                b.awkward = "\"\\ +/=%41&?#\xc3\xa9\"";
                if (c.name == "cosmos") b.awkward = "+/= %41&?#;,\"";
                dataset_options d(25);
                d.keys = kind == json_kind::number ? dataset_options::numbering::big_integers
                                                   : dataset_options::numbering::texts;
                d.key_tail = "+/%41&\"\\";
                world w(c, d, b);
                const walked got = w.client.walk();
                CAPTURE(got.last.body.substr(0, 400), w.client.request().target,
                        w.model.log().back().why);
                REQUIRE(got.complete);
                REQUIRE(got.records == w.truth());
            }
        }
    }
}

TEST_CASE("every end that a contract names is shown", "[api_model][P1]")
{
    for (const connector& c : all_contracts()) {
        for (std::size_t e = 0; e < c.end.size(); ++e) {
            CAPTURE(c.name, e);
            behaviour b;
            b.end_by = e;
            connector only = c;
            only.end = {c.end[e]};
            world w(c, dataset_options(20), b);
            naive_client client(only, [&](const http_request& r) { return w.model.answer(r, t0); });
            const walked got = client.walk();
            CHECK(got.complete);
            CHECK(got.records == w.truth());
        }
    }
}

TEST_CASE("an altered token is refused wherever it travels", "[api_model]")
{
    for (const char* name : {"google", "github", "relay", "cosmos", "path", "oai", "odata"}) {
        CAPTURE(name);
        world w(contract(name), dataset_options(20));
        walked got;
        REQUIRE(w.client.take(w.model.answer(w.client.request(), t0), got));
        const http_request good = w.client.request();
        REQUIRE(w.model.answer(good, t0).status == 200);

        // Each octet of the token changed in turn; it has ".1." in it wherever it stands.
        const auto change = [&](auto get) {
            http_request bad = good;
            std::string& text = get(bad);
            const auto token = text.find(".1.");
            if (token == std::string::npos) return false;
            for (std::size_t i = token; i < token + 20; ++i) {
                bad = good;
                char& octet = get(bad)[i];
                octet = octet == '7' ? '8' : '7';
                CAPTURE(i, get(bad));
                CHECK(w.model.answer(bad, t0).status == 400);
            }
            return true;
        };
        int places = 0;
        places += change([](http_request& r) -> std::string& { return r.target; });
        places += change([](http_request& r) -> std::string& { return r.body; });
        if (!good.headers.empty())
            places +=
                change([](http_request& r) -> std::string& { return r.headers.back().value; });
        CHECK(places > 0);
    }
}

TEST_CASE("a next URL must come back octet for octet", "[api_model][P21]")
{
    world w(contract("github"), dataset_options(20));
    walked got;
    REQUIRE(w.client.take(w.model.answer(w.client.request(), t0), got));
    const http_request good = w.client.request();

    const auto answer_to = [&](const std::string& from, const std::string& to) {
        http_request bad = good;
        const auto at = bad.target.find(from);
        REQUIRE(at != std::string::npos);
        bad.target.replace(at, from.size(), to);
        return w.model.answer(bad, t0).status;
    };
    CHECK(w.model.answer(good, t0).status == 200);
    CHECK(answer_to("cursor=%2b", "cursor=%2B") == 400);
    CHECK(answer_to("state=all", "state=al%6c") == 400);
    CHECK(answer_to("&labels", "&x=1&labels") == 400);
    CHECK(answer_to("state=all&", "") == 400);
}

TEST_CASE("what breaks the contract is refused with its reason", "[api_model]")
{
    struct row {
        const char* what;
        const char* contract;
        bool later;
        std::function<void(http_request&)> spoil;
        int status;
    };
    const row rows[] = {
        {"another method", "google", false, [](auto& r) { r.method = "PUT"; }, 405},
        {"another path", "google", false, [](auto& r) { r.target = "/v2/items"; }, 404},
        {"a parameter is lost", "google", false,
         [](auto& r) { r.target = "/v1/items?q=state%3Aopen+%26+more"; }, 400},
        {"a parameter was changed: q", "google", true,
         [](auto& r) { r.target.replace(r.target.find("state"), 5, "STATE"); }, 400},
        {"a parameter that does not belong here: x", "google", false,
         [](auto& r) { r.target += "&x=1"; }, 400},
        {"a parameter twice: limit", "google", false, [](auto& r) { r.target += "&limit=7"; }, 400},
        {"a parameter of the first page only", "kubernetes", true,
         [](auto& r) { r.target += "&resourceVersion=0"; }, 400},
        {"a parameter that does not belong here: metadataPrefix", "oai", true,
         [](auto& r) { r.target += "&metadataPrefix=oai_dc"; }, 400},
        {"header missing or wrong: Authorization", "github", false,
         [](auto& r) { r.headers.pop_back(); }, 401},
        {"header missing or wrong: Accept", "github", false,
         [](auto& r) { r.headers.erase(r.headers.begin()); }, 400},
        {"the body is no JSON object", "dynamo", false, [](auto& r) { r.body = "{"; }, 400},
        {"a member of the body is lost or changed: TableName", "dynamo", true,
         [](auto& r) { r.body.replace(r.body.find("\"t\""), 3, "\"u\""); }, 400},
        {"a token is missing", "elastic", true,
         [](auto& r) { r.body.replace(r.body.find("\"id\""), 4, "\"no\""); }, 400},
        {"a page size that is no positive number", "google", false,
         [](auto& r) { r.target.replace(r.target.find("limit=7"), 7, "limit=0"); }, 400},
    };
    for (const row& r : rows) {
        CAPTURE(r.what);
        world w(contract(r.contract), dataset_options(20));
        walked got;
        if (r.later) REQUIRE(w.client.take(w.model.answer(w.client.request(), t0), got));
        http_request ask = w.client.request();
        r.spoil(ask);
        CHECK(w.model.answer(ask, t0).status == r.status);
        CHECK_THAT(w.model.log().back().why, Catch::StartsWith(r.what));
    }
}

TEST_CASE("a rebuilt query begins after its bound, or with it where the bound is included",
          "[api_model][P6][P17]")
{
    for (const bool inclusive : {false, true}) {
        for (const order way : {order::ascending, order::descending}) {
            CAPTURE(inclusive, int(way));
            connector c = contract("google");
            c.sorted = way;
            c.expiry.recover.includes =
                inclusive ? recovery_rule::bound::inclusive : recovery_rule::bound::exclusive;
            world w(c, dataset_options(30));
            const auto truth = w.truth();
            const std::string key = boost::json::serialize(truth[11].as_object().at("id"));

            http_request ask = w.client.request();
            ask.target += "&after=" + key;
            walked got;
            REQUIRE(w.client.take(w.model.answer(ask, t0), got));
            CHECK(got.records.front() == truth[inclusive ? 11 : 12]);
            CHECK(w.model.log().back().first_row == (inclusive ? 11 : 12));
        }
    }
}

TEST_CASE("ties of the leading key field are kept together by a bound", "[api_model][P9]")
{
    connector c = contract("path");
    c.expiry.recover.by = recovery_rule::method::rebuild;
    c.expiry.recover.to = {token_target(token_target::place::query, "since")};
    c.expiry.recover.includes = recovery_rule::bound::inclusive;
    dataset_options d(30);
    d.ties = 10;
    world w(c, d);
    const auto at = w.truth()[15].as_object().at("at").as_string();

    http_request ask = w.client.request();
    ask.target += "&since=" + encoded(at.c_str());
    REQUIRE(w.model.answer(ask, t0).status == 200);
    CHECK(w.model.log().back().first_row == 10);
}
