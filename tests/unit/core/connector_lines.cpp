#include "support/catch.hpp"
#include <catena/connector.hpp>

#include <functional>
#include <string>
#include <vector>

using namespace catena;

TEST_CASE("a connector of JSON lines reads nothing beside its records", "[lines][U17]")
{
    connector good("items", "https://api.example.com/items");
    good.format = page_format::json_lines;
    good.next.from = {token_source(token_source::place::header, "X-Next")};
    good.next.to = {token_target(token_target::place::query, "cursor")};
    good.end = {end_rule::kind::missing};
    REQUIRE(validate(good).empty());

    struct change {
        const char* pointer;  // of the flaw that it makes; nullptr: none
        std::function<void(connector&)> make;
    };
    const std::vector<change> changes{
        {"/records", [](connector& c) { c.records.at = "/items"; }},
        {"/records", [](connector& c) { c.records.as = records_rule::shape::map; }},
        {nullptr, [](connector& c) { c.records.when_absent = records_rule::absence::empty; }},
        {"/next/from/0/body",
         [](connector& c) { c.next.from = {token_source(token_source::place::body, "/next")}; }},
        {"/end/1/false",
         [](connector& c) { c.end.emplace_back(end_rule::kind::flag_false, "/more"); }},
        {"/end/1/true",
         [](connector& c) { c.end.emplace_back(end_rule::kind::flag_true, "/done"); }},
        {"/end/1",
         [](connector& c) {
             c.end.emplace_back(end_rule::kind::sign);
             c.end[1].when.body = "/pending";
         }},
        {"/end/1",
         [](connector& c) {
             c.end.emplace_back(end_rule::kind::sign);
             c.end[1].when.contains = "the end";
         }},
        {"/total/body", [](connector& c) { c.total.emplace().at = "/total"; }},
        {nullptr,
         [](connector& c) {
             c.end.emplace_back(end_rule::kind::sign);
             c.end[1].when.status = 404;
             c.end[1].when.body = "/code";
         }},
        {nullptr,
         [](connector& c) {
             c.end.emplace_back(end_rule::kind::sign);
             c.end[1].when.header = "X-Last";
             c.end[1].when.equals = "1";
         }},
        {nullptr,
         [](connector& c) {
             c.next.from = {token_source(token_source::place::last_record, "/id")};
             c.end = {end_rule::kind::empty_page};
         }},
    };
    for (const change& each : changes) {
        CAPTURE(&each - changes.data());
        connector c = good;
        each.make(c);
        const std::vector<connector_flaw> flaws = validate(c);
        REQUIRE(flaws.size() == (each.pointer == nullptr ? 0 : 1));
        if (each.pointer != nullptr) CHECK(flaws[0].pointer == each.pointer);
    }
}
