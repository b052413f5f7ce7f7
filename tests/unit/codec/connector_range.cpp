#include "support/catch.hpp"
#include <catena/codec/connector_json.hpp>
#include <catena/codec/range_query.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

using namespace catena;
using namespace std::chrono_literals;
using place = token_target::place;

namespace {

std::string with_range(const std::string& range, const std::string& more = "")
{
    return R"({"request": {"method": "POST", "url": "https://api.example.com/items"},
      "key": ["/id", "/at"], "order": "ascending", "page_size": {"to": {"query": "n"}, "value": 5},
      "next": {"from": {"body": "/next"}, "to": {"query": "cursor"}}, "end": "missing", )" +
           more + R"("range": )" + range + "}";
}

range_edge edge(const char* name, bool inclusive)
{
    return range_edge(token_target(place::query, name), inclusive);
}

connector good()
{
    connector c("items", "https://api.example.com/items");
    c.key = {key_field("/id"), key_field("/at")};
    c.sorted = order::ascending;
    c.page_size.value = 5;
    c.page_size.to = token_target(place::query, "n");
    c.next.from = {token_source(token_source::place::body, "/next")};
    c.next.to = {token_target(place::query, "cursor")};
    c.end = {end_rule::kind::missing};
    range_rule r;
    r.by = "/id";
    r.lower = edge("from", true);
    r.upper = edge("to", false);
    c.range = {r};
    return c;
}

range_rule listed()
{
    range_rule r;
    r.type = range_type::values;
    r.to = token_target(place::query, "state");
    r.values = {"open", "closed"};
    return r;
}

}  // namespace

TEST_CASE("every form of a range comes back from its JSON form", "[range]")
{
    for (
        const char* text :
        {R"({"by": "/id", "type": "integer", "lower": {"to": {"query": "since_id"}, "bound": "exclusive"}})",
         R"({"by": "/id", "type": "decimal", "lower": {"to": {"body": "/a"}, "bound": "inclusive"},
             "upper": {"to": {"body": "/b", "as": "text"}, "bound": "exclusive"}, "comment": "c"})",
         R"({"by": "/id", "type": "text", "lower": {"to": {"header": "X-From"}, "bound": "inclusive"},
             "upper": {"to": {"path": "/until/"}, "bound": "inclusive"}})",
         R"([{"type": "values", "to": {"query": "state"}, "values": ["open", 7, ""]},
             {"by": "/at", "type": "time", "time": "milliseconds", "resolution": "1ms",
              "lower": {"to": {"query": "a"}, "bound": "exclusive"},
              "upper": {"to": {"query": "b"}, "bound": "inclusive"}}])"}) {
        CAPTURE(text);
        std::vector<connector_file_flaw> flaws;
        const auto c = load_connector(with_range(text), flaws);
        for (const connector_file_flaw& f : flaws)
            FAIL_CHECK(f.text());
        REQUIRE(c);
        CHECK_FALSE(c->range.empty());
        CHECK(load_connector(to_json(*c)) == *c);
    }
}

TEST_CASE("a flaw of a range is told with its place and what to write", "[range][U17]")
{
    struct row {
        const char *range, *pointer, *says, *mend;
    };
    const row rows[] = {
        {R"({"by": "/id", "lower": {"to": {"query": "a"}, "bound": "inclusive"}})", "/range",
         "of which type", "\"integer\""},
        {R"({"by": "/id", "type": "string", "lower": {"to": {"query": "a"}, "bound": "inclusive"}})",
         "/range/type", "\"string\" is not known", "text"},
        {R"({"by": "/id", "type": "integer", "lower": {"to": {"query": "a"}}})", "/range/lower",
         "whether the server's answer includes", "\"bound\": \"exclusive\""},
        {R"({"by": "/id", "type": "integer", "lower": {"bound": "inclusive"}})", "/range/lower",
         "needs a place", "\"to\""},
        {R"({"by": "/id", "type": "integer", "lower": {"to": {"query": "a"}, "bound": "open"}})",
         "/range/lower/bound", "\"open\"", "inclusive"},
        {R"({"by": "/id", "type": "integer", "uper": {}, "lower": {"to": {"query": "a"}, "bound": "inclusive"}})",
         "/range/uper", "no member", "\"upper\""},
        {R"([{"by": "/other", "type": "integer", "lower": {"to": {"query": "a"}, "bound": "inclusive"},
              "upper": {"to": {"query": "b"}, "bound": "inclusive"}}])",
         "/range/0/by", "no field of the key", "\"key\""},
        {R"([{"type": "values", "to": {"query": "s"}, "values": []}])", "/range/0/values",
         "no value", "list all"},
        {R"({"type": "values", "to": {"query": "s"}, "values": [true]})", "/range/values/0",
         "a text is expected", "write a text"},
    };
    for (const row& r : rows) {
        CAPTURE(r.range);
        std::vector<connector_file_flaw> flaws;
        CHECK_FALSE(load_connector(with_range(r.range), flaws));
        for (std::size_t i = 1; i < flaws.size(); ++i)
            UNSCOPED_INFO("unwanted: " << flaws[i].text());
        REQUIRE(flaws.size() == 1);
        CHECK(flaws[0].pointer == r.pointer);
        CHECK_THAT(flaws[0].what, Catch::Contains(r.says));
        CHECK_THAT(flaws[0].mend, Catch::Contains(r.mend));
    }
}

TEST_CASE("validate() refuses a range that could not cover the dataset exactly once",
          "[P17][range][connector]")
{
    REQUIRE(validate(good()).empty());
    struct row {
        std::function<void(connector&)> spoil;
        const char *pointer, *says;
    };
    const std::vector<row> rows{
        {[](connector& c) { c.range[0].by = ""; }, "/range/0/by", "no field of the key"},
        {[](connector& c) { c.range[0].by = "/x"; }, "/range/0/by", "no field of the key"},
        {[](connector& c) { c.key[0].type = key_type::text; }, "/range/0/type", "another order"},
        {[](connector& c) {
             c.range[0].type = range_type::text;
             c.key[0].type = key_type::number;
         },
         "/range/0/type", "another order"},
        {[](connector& c) { c.range[0].lower.reset(), c.range[0].upper.reset(); }, "/range/0",
         "where the borders go"},
        {[](connector& c) { c.range[0].values = {"a"}; }, "/range/0/values", "only type"},
        {[](connector& c) { c.range[0].to = token_target(place::query, "x"); }, "/range/0/to",
         "only type"},
        {[](connector& c) {
             c.range[0].type = range_type::text;
             c.range[0].lower->inclusive = false;
         },
         "/range/0/lower/bound", "no text or decimal"},
        {[](connector& c) {
             c.range[0].type = range_type::decimal;
             c.range[0].lower->inclusive = false;
         },
         "/range/0/lower/bound", "no text or decimal"},
        {[](connector& c) { c.range[0].upper.reset(), c.sorted = order::none; }, "/range/0",
         "only the order"},
        {[](connector& c) { c.range[0].upper.reset(), c.sorted = order::descending; }, "/range/0",
         "only the order"},
        {[](connector& c) { c.range[0].upper.reset(), std::swap(c.key[0], c.key[1]); }, "/range/0",
         "only the order"},
        {[](connector& c) { c.range[0].lower.reset(); }, "/range/0", "only the order"},
        {[](connector& c) { c.range[0].time = moment_form::seconds; }, "/range/0/time",
         "only type"},
        {[](connector& c) { c.range[0].resolution = 1ms; }, "/range/0/resolution", "only type"},
        {[](connector& c) {
             c.range[0].type = range_type::time;
             c.range[0].resolution = 0s;
         },
         "/range/0/resolution", "no step of a clock"},
        {[](connector& c) {
             c.range[0].type = range_type::time;
             c.range[0].resolution = 48h;
         },
         "/range/0/resolution", "no step of a clock"},
        {[](connector& c) { c.range[0].lower->to.to = place::url; }, "/range/0/lower/to", "no URL"},
        {[](connector& c) { c.range[0].lower->to.at = "*"; }, "/range/0/lower/to", "no object"},
        {[](connector& c) { c.range[0].lower->to.to = place::body; }, "/range/0/lower/to/body",
         "no JSON Pointer"},
        {[](connector& c) {
             c.request.method = "POST";
             c.request.body = "[1]";
             c.range[0].lower->to = token_target(place::body, "/a");
         },
         "/range/0/lower/to", "no JSON object"},
        {[](connector& c) { c.range[0].upper->to = c.range[0].lower->to; }, "/range/0/upper/to",
         "the same place as /range/0/lower/to"},
        {[](connector& c) { c.range[0].lower->to = c.page_size.to; }, "/range/0/lower/to",
         "the same place as /page_size/to"},
        {[](connector& c) { c.range[0].upper->to = c.next.to[0]; }, "/range/0/upper/to",
         "the same place as /next/to/0"},
        {[](connector& c) {
             c.expiry.recover.by = recovery_rule::method::rebuild;
             c.expiry.recover.to = {c.range[0].upper->to};
         },
         "/range/0/upper/to", "the same place as /expiry/recover/rebuild/to/0"},
        {[](connector& c) {
             c.sorted = order::none;
             c.next.to = {c.range[0].lower->to};
         },
         "/range/0/lower/to", "the same place as /next/to/0"},
        {[](connector& c) {
             c.range = {listed(), listed()};
         },
         "/range/1/to", "the same place"},
        {[](connector& c) { c.range = {listed()}, c.range[0].to = c.next.to[0]; }, "/range/0/to",
         "the same place"},
        {[](connector& c) { c.range = {listed()}, c.range[0].lower = edge("a", true); },
         "/range/0/lower", "one by one"},
        {[](connector& c) { c.range = {listed()}, c.range[0].values.clear(); }, "/range/0/values",
         "no value"},
        {[](connector& c) { c.range = {listed()}, c.range[0].values.emplace_back("open"); },
         "/range/0/values/2", "in the list already"},
        {[](connector& c) { c.range = {listed()}, c.range[0].values.emplace_back("a\nb"); },
         "/range/0/values/2", "control character"},
        {[](connector& c) {
             c.range = {listed()};
             c.range[0].to = token_target(place::path, "/by/");
             c.range[0].values.emplace_back("..");
         },
         "/range/0/values/2", "another page"},
        {[](connector& c) {
             c.range = {listed()};
             c.range[0].to = token_target(place::header, "X-State");
             c.range[0].values.emplace_back(" a");
         },
         "/range/0/values/2", "no blank"},
        {[](connector& c) { c.range = {listed()}, c.range[0].by = "id"; }, "/range/0/by",
         "no JSON Pointer"},
    };
    for (std::size_t i = 0; i < rows.size(); ++i) {
        connector c = good();
        rows[i].spoil(c);
        const std::vector<connector_flaw> flaws = validate(c);
        CAPTURE(i, rows[i].pointer, rows[i].says);
        for (const connector_flaw& f : flaws)
            UNSCOPED_INFO(f.pointer << ": " << f.what);
        REQUIRE_FALSE(flaws.empty());
        CHECK(flaws[0].pointer == rows[i].pointer);
        CHECK_THAT(flaws[0].what, Catch::Contains(rows[i].says));
        CHECK_FALSE(flaws[0].mend.empty());
    }
}

TEST_CASE("the edge at which a walk begins may be what tokens and rebuilt queries move on",
          "[range][connector]")
{
    connector c = good();
    c.next.from = {token_source(token_source::place::last_record, "/id")};
    c.next.to = {c.range[0].lower->to};
    c.expiry.recover.by = recovery_rule::method::rebuild;
    c.expiry.recover.to = {c.range[0].lower->to};
    CHECK(validate(c).empty());
    c.sorted = order::descending;
    CHECK_FALSE(validate(c).empty());
    c.next.to = c.expiry.recover.to = {c.range[0].upper->to};
    CHECK(validate(c).empty());
    c.range[0].lower.reset();
    CHECK(validate(c).empty());
}

TEST_CASE("a walk does not depend on the ranges that it could be cut into",
          "[range][fingerprint][S6]")
{
    connector c = good();
    const std::string before = fingerprint(c);
    c.range[0].lower->inclusive = false;
    CHECK(fingerprint(c) == before);
    c.range.clear();
    CHECK(fingerprint(c) == before);
}
