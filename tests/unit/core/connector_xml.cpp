#include "support/catch.hpp"
#include <catena/connector.hpp>

#include <functional>
#include <string>
#include <vector>

using namespace catena;
using kind = end_rule::kind;
using target = token_target::place;
using source = token_source::place;

namespace {

connector good()
{
    connector c("items", "https://api.example.com/items");
    c.format = page_format::xml;
    c.records = records_rule("/list/item");
    c.key = {key_field("/id"), key_field("/@kind")};
    c.next.from = {token_source(source::body, "/list/next")};
    c.next.to = {token_target(target::query, "cursor")};
    c.end = {kind::missing, end_rule(kind::flag_false, "/list/more")};
    c.total.emplace().at = "/list/next/@total";
    return c;
}

sign at(std::string place)
{
    sign s;
    s.body = std::move(place);
    return s;
}

struct change {
    const char* pointer;  // of the flaw that it makes, "" for none
    std::function<void(connector&)> make;
};

std::string pointers(const connector& c)
{
    std::string out;
    for (const connector_flaw& f : validate(c))
        out += (out.empty() ? "" : " ") + f.pointer;
    return out;
}

}  // namespace

TEST_CASE("what XML cannot say is refused by its place", "[connector][xml][U17]")
{
    const std::vector<change> all{
        {"", [](connector&) {}},
        {"", [](connector& c) { c.next.from[0].at = "/list/next/@token"; }},
        {"", [](connector& c) { c.next.from[0].at = "/list/items"; }},
        {"", [](connector& c) { c.errors = {error_rule(at("/Error/Code"), error_class::retry)}; }},
        {"",
         [](connector& c) {
             c.end.push_back({});
             c.end.back().what = kind::sign;
             c.end.back().when = at("/list/error/@code");
         }},
        {"", [](connector& c) { c.key = {key_field("")}; }},
        {"/records/shape", [](connector& c) { c.records.as = records_rule::shape::map; }},
        {"/records/at /next/from/0/body /end/1/false /total/body",
         [](connector& c) { c.records.at = ""; }},
        {"/records/at", [](connector& c) { c.records.at = "/list/@item"; }},
        {"/key/0/at", [](connector& c) { c.key[0].at = "/@id/x"; }},
        {"/next/from/0/body", [](connector& c) { c.next.from[0].at = "/list/item/next"; }},
        {"/next/from/0/body", [](connector& c) { c.next.from[0].at = "/list/item"; }},
        {"/next/from/0/body", [](connector& c) { c.next.from[0].at = "/List/next"; }},
        {"/next/from/0/body", [](connector& c) { c.next.from[0].at = "/list/@a/b"; }},
        {"/next/from/0/last_record",
         [](connector& c) { c.next.from = {token_source(source::last_record, "/@id/x")}; }},
        {"/next/from/0/body",
         [](connector& c) {
             c.next.from[0].at = "/list";
             c.next.from[0].where_at = "/@rel";
             c.next.from[0].value_at = "/@href";
         }},
        {"/next/from/0/value",
         [](connector& c) {
             c.next.from[0].where_at = "/@rel";
             c.next.from[0].value_at = "/@href/x";
         }},
        {"/next/to/0", [](connector& c) { c.next.to[0].at = "*"; }},
        {"/end/2", [](connector& c) { c.end.emplace_back(kind::null); }},
        {"/end/1/false", [](connector& c) { c.end[1].at = "/list/item/more"; }},
        {"/end/1/true",
         [](connector& c) { c.end[1] = end_rule(kind::flag_true, "/other/complete"); }},
        {"/end/2/body",
         [](connector& c) {
             c.end.push_back({});
             c.end.back().what = kind::sign;
             c.end.back().when = at("/list/item/id");
         }},
        {"/total/body", [](connector& c) { c.total->at = "/list/item/@n"; }},
        {"/errors/0/when/body",
         [](connector& c) { c.errors = {error_rule(at(""), error_class::retry)}; }},
        {"/expiry/signs/0/body", [](connector& c) { c.expiry.signs = {at("/list/item/@x")}; }},
        {"/expiry/recover/token_from",
         [](connector& c) {
             c.expiry.recover.by = recovery_rule::method::token_from;
             c.expiry.recover.at = "/list/@a/b";
         }},
    };
    for (std::size_t i = 0; i < all.size(); ++i) {
        CAPTURE(i);
        connector c = good();
        all[i].make(c);
        CHECK(pointers(c) == all[i].pointer);
    }
}
