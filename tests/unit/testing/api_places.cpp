#include "api_world.hpp"
#include "contracts.hpp"
#include "support/catch.hpp"
#include "testing/json_tree.hpp"

#include <boost/json/parse.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace catena;
using namespace catena::testing;

TEST_CASE("a document is made of arrays where all names are indices", "[api_model]")
{
    struct row {
        std::vector<std::pair<const char*, const char*>> places;
        const char* text;
    };
    const row rows[] = {
        {{}, "{}"},
        {{{"/a/0", "1"}}, R"({"a":[1]})"},
        {{{"/a/2/b", "1"}, {"/a/0", "\"x\""}}, R"({"a":["x",null,{"b":1}]})"},
        {{{"/1", "[]"}, {"/0/total", "5"}}, R"([{"total":5},[]])"},
        {{{"/0/0/0", "true"}}, "[[[true]]]"},
        {{{"/a/0", "1"}, {"/a/b", "2"}}, R"({"a":{"0":1,"b":2}})"},
        {{{"/a/01", "1"}}, R"({"a":{"01":1}})"},
        {{{"/a/-", "1"}}, R"({"a":{"-":1}})"},
        {{{"/a/", "1"}}, R"({"a":{"":1}})"},
        {{{"/a/1000", "1"}}, R"({"a":{"1000":1}})"},
        {{{"/a/99999999999999999999", "1"}}, R"({"a":{"99999999999999999999":1}})"},
    };
    for (const row& r : rows) {
        CAPTURE(r.text);
        json_tree tree;
        for (const auto& [at, raw] : r.places)
            tree.set(at, raw);
        CHECK(tree.text() == r.text);
        for (const auto& [at, raw] : r.places)
            CHECK(raw_at(r.text, at) == raw);
    }

    json_tree last;
    last.set("/a/999", "7");
    CHECK(boost::json::parse(last.text()).at("a").as_array().size() == 1000);
    json_tree twice;
    twice.set("/a/0", "1");
    twice.duplicate("/a/0", "2");
    CHECK(twice.text() == R"({"a":{"0":1,"0":2}})");
}

TEST_CASE("values are found in arrays as JSON Pointer says", "[api_model]")
{
    const std::string json = R"( { "a" : [ {"b":"]," } , [ 1 ,2 ] ,"]\"", null ] , "e":[ ] } )";
    CHECK(raw_at(json, "/a/0/b") == R"("],")");
    CHECK(raw_at(json, "/a/1") == "[ 1 ,2 ]");
    CHECK(raw_at(json, "/a/1/0") == "1");
    CHECK(raw_at(json, "/a/1/1") == "2");
    CHECK(raw_at(json, "/a/2") == R"("]\"")");
    CHECK(raw_at(json, "/a/3") == "null");
    for (const char* nowhere : {"/a/4", "/a/00", "/a/-", "/a/x", "/a/", "/e/0", "/a/1/2", "/a/3/0"})
        CHECK_FALSE(raw_at(json, nowhere));
}

TEST_CASE("places inside arrays are written where the contract points", "[api_model]")
{
    const auto first = [](const std::string& name) {
        world w(contract(name), dataset_options(20));
        return boost::json::parse(w.model.answer(w.client.request(), t0).body);
    };
    const auto boards = first("boards").at_pointer("/data/boards");
    REQUIRE(boards.as_array().size() == 1);
    CHECK(boards.at_pointer("/0/page/items").as_array().size() == 7);
    CHECK(boards.at_pointer("/0/page/cursor").is_string());

    const auto links = first("links");
    REQUIRE(links.at("links").as_array().size() == 3);
    CHECK(links.at_pointer("/links/0/more").as_bool());
    CHECK(links.at_pointer("/links/1").is_null());
    CHECK(links.at_pointer("/links/2/href").is_string());
    CHECK(links.at_pointer("/entry/0/names").as_array().size() == 1);

    const auto bank = first("bank");
    REQUIRE(bank.as_array().size() == 2);
    CHECK(bank.at_pointer("/0/total") == 20);
    CHECK(bank.at_pointer("/1").as_array().size() == 7);
}

TEST_CASE("signs, faults and bounds reach into arrays", "[api_model][P6][C6]")
{
    world w(contract("boards"), dataset_options(30));
    w.model.add(fault(fault::kind::dead_token, 1));
    w.model.add(fault(fault::kind::renamed_token, 2));
    w.model.add(fault(fault::kind::duplicate_token, 3));
    walked got;
    REQUIRE(w.client.take(w.model.answer(w.client.request(), t0), got));
    const http_request ask = w.client.request();

    const scripted_answer dead = w.model.answer(ask, t0);
    CHECK(dead.body == R"({"errors":[{"code":"CursorExpired"}]})");
    const scripted_answer renamed = w.model.answer(ask, t0);
    CHECK(raw_at(renamed.body, "/data/boards/0/page/cursorV2"));
    CHECK_FALSE(raw_at(renamed.body, "/data/boards/0/page/cursor"));
    const std::string twice = w.model.answer(ask, t0).body;
    CHECK(twice.find(R"("cursor":)") != twice.rfind(R"("cursor":)"));

    http_request anew = ask;
    const std::string key(*raw_at(w.model.records()[11], "/id"));
    anew.body = R"({"query":"{ x }","variables":{"limit":7},"filters":[7,{"value":)" + key + "}]}";
    CHECK(w.model.answer(anew, t0).status == 200);
    CHECK(w.model.log().back().first_row == 12);
}
