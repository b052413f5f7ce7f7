// Servers of many families, each written from its documentation: probed, and then walked with what
// is proposed.
#include "probed.hpp"
#include "support/catch.hpp"
#include "toy_server.hpp"
#include <catena/catena.hpp>
#include <catena/testing/mock_api.hpp>

#include <iostream>
#include <set>

using namespace catena;
using namespace catena::testing;

namespace {

struct refusal {
    std::string name, url;
    scripted_answer answer;
    std::string words;
};

std::vector<refusal> refusals()
{
    const auto html = [](int status) {
        scripted_answer a(status, "<!DOCTYPE html><html><body>Log in</body></html>");
        a.headers = {{"Content-Type", "text/html"}};
        return a;
    };
    const auto xml = [](const std::string& root) {
        return scripted_answer(
            200, "<?xml version=\"1.0\"?><" + root + " xmlns=\"x\"><a/></" + root + ">");
    };
    return {
        {"login page", "/items", html(200), "HTML page"},
        {"not allowed", "/items", scripted_answer(401, "{}"), "--header"},
        {"forbidden", "/items", scripted_answer(403, "{}"), "--header"},
        {"not found", "/items", scripted_answer(404, "{}"), "check the URL"},
        {"wants POST", "/query", scripted_answer(405, "{}"), "no GET"},
        {"bad request", "/items", scripted_answer(400, "{}"), "lacks something"},
        {"server in trouble", "/items", scripted_answer(503, "{}"), "try later"},
        {"too many requests", "/items", scripted_answer(429, "{}"), "Retry-After"},
        {"empty body", "/items", scripted_answer(200, ""), "no body"},
        {"text", "/items", scripted_answer(200, "hello"), "no JSON"},
        {"error in a 200", "/items", json_answer(R"({"ok":false,"error":"invalid_auth"})"),
         "reports an error"},
        {"empty list", "/items", json_answer(R"({"items":[],"total":0})"), "is empty"},
        {"empty array", "/items", json_answer("[]"), "is empty"},
        {"one record", "/items/5",
         json_answer(R"({"id":5,"name":"x","lines":[{"sku":1},{"sku":2}]})"), "one record"},
        {"no list", "/items", json_answer(R"({"a":1,"b":{"c":2}})"), "no array"},
        {"map of records", "/coins",
         json_answer(R"({"data":{"a":{"x":1,"y":2},"b":{"x":3,"y":4},"c":{"x":5,"y":6}}})"),
         "values of an object"},
        {"GraphQL", "/api/graphql?query=%7Bitems%7D",
         json_answer(R"({"data":{"items":[{"id":1}]}})"), "GraphQL"},
        {"DynamoDB", "/", scripted_answer(400, R"({"__type":"MissingAuthenticationToken"})"),
         "lacks something"},
        {"S3", "/bucket", xml("ListBucketResult"), "s3_list_objects_v2.json"},
        {"Atom", "/feed", xml("feed"), "atom.json"},
        {"OAI-PMH", "/oai", xml("OAI-PMH"), "oai_pmh.json"},
        {"Azure blobs", "/c", xml("EnumerationResults"), "azure_blob.json"},
        {"other XML", "/c", xml("ns:things"), "'things'"},
        {"all on one page", "/items", json_answer(R"([{"id":1},{"id":2},{"id":3}])"),
         "Perhaps these are all records"},
        {"a page that says it is the last", "/items",
         json_answer(R"({"data":[{"id":1},{"id":2}],"has_more":false})"), "nothing in page 1"},
    };
}

}  // namespace

TEST_CASE("a proposal for each family fetches all records of its server", "[probe][P5][P13]")
{
    std::size_t right = 0;
    const std::vector<toy_server> all = toy_servers();
    for (const toy_server& toy : all) {
        std::string base;
        const mock_api api(
            [&](const http_request& ask, const arrival&) { return toy.answer(base, ask.target); });
        base = api.url();
        probe::wish w;
        w.request.url = base + toy.url;
        const probed p = probe_with(
            [&](const http_request& ask, const arrival&) { return toy.answer(base, ask.target); },
            w);
        INFO(toy.name << '\n' << p.text);
        CHECK(p.asked.size() <= 4);
        CHECK(p.is.requests == p.asked.size());
        CHECK(p.is.is);
        if (!p.is.is) continue;
        std::string json = to_json(*p.is.is);
        std::string tight;
        for (const char c : json)
            if (c != ' ' && c != '\n') tight += c;
        for (const std::string& words : toy.found) {
            INFO(words);
            CHECK(tight.find(words) != std::string::npos);
        }
        std::set<std::string> got;
        std::size_t records = 0;
        try {
            collect(*p.is.is, [&](const page& one) {
                for (const std::string_view r : one.records()) {
                    got.emplace(r);
                    ++records;
                }
            });
            CHECK(records == toy.total);
            CHECK(got.size() == toy.total);
            right += records == toy.total && got.size() == toy.total ? 1 : 0;
        } catch (const failure& f) {
            FAIL_CHECK(f.what());
        }
    }
    std::cout << "probe then run, families: " << right << " of " << all.size() << '\n';
}

TEST_CASE("what cannot be probed is said, after one request", "[probe][H13][C9][C10][C15]")
{
    for (const refusal& r : refusals()) {
        const probed p = probe_answers("https://api.example.com" + r.url, {r.answer});
        INFO(r.name << '\n' << p.text);
        CHECK(p.asked.size() == 1);
        CHECK_FALSE(p.is.is);
        CHECK(p.is.refusal.find(r.words) != std::string::npos);
    }
}
