#include "support/catch.hpp"
#include <catena/testing/api_model.hpp>

#include <boost/json/parse.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;
using kind = behaviour::filter_kind;
using place = token_target::place;

namespace {

connector filtered(range_type type, bool lower_in, bool upper_in)
{
    connector c("items", "http://127.0.0.1/items");
    c.records.at = "/items";
    c.key = {key_field("/id")};
    c.sorted = order::ascending;
    c.next.from = {token_source(token_source::place::body, "/next")};
    c.next.to = {token_target(place::query, "cursor")};
    c.end = {end_rule::kind::missing};
    c.total.emplace().at = "/total";
    range_rule by;
    by.by = "/id";
    by.type = type;
    by.lower = range_edge(token_target(place::query, "from"), lower_in);
    by.upper = range_edge(token_target(place::query, "to"), upper_in);
    c.range = {by};
    return c;
}

// Ids 1 to 20, answered in pages of `size`, over one walk that begins with `query`.
std::vector<int> ids(const connector& c, behaviour b, const std::string& query)
{
    std::vector<row> rows;
    for (int i = 1; i <= 20; ++i) {
        row r;
        const std::string text = std::to_string(i);
        const bool number = c.range[0].type == range_type::integer;
        r.key = {{number ? json_kind::number : json_kind::string, text}};
        r.json = R"({"id":)" + (number ? text : '"' + text + '"') + "}";
        rows.push_back(r);
    }
    b.awkward = "";
    b.page_size = 3;
    api_model model(c, rows, b);
    std::vector<int> out;
    std::string cursor;
    std::int64_t total = -1;
    do {
        http_request ask;
        ask.method = "GET";
        ask.target = "/items?" + query + (cursor.empty() ? "" : "&cursor=" + cursor);
        const scripted_answer got = model.answer(ask, time_point{});
        INFO(got.body);
        REQUIRE(got.status == 200);
        const boost::json::object page = boost::json::parse(got.body).as_object();
        for (const boost::json::value& r : page.at("items").as_array())
            out.push_back(std::stoi(r.at("id").is_string()
                                        ? std::string(r.at("id").as_string())
                                        : std::to_string(r.at("id").as_int64())));
        total = page.at("total").as_int64();
        cursor = page.contains("next") ? std::string(page.at("next").as_string()) : "";
    } while (!cursor.empty());
    CHECK(total == static_cast<std::int64_t>(out.size()));
    CHECK(model.log().size() == std::max<std::size_t>(1, (out.size() + 2) / 3));
    return out;
}

std::vector<int> span(int first, int last)
{
    std::vector<int> out;
    for (; first <= last; ++first)
        out.push_back(first);
    return out;
}

}  // namespace

TEST_CASE("the model filters as the connector's range says, or as its manner breaks that",
          "[api_model][range]")
{
    struct row {
        bool lower_in, upper_in;
        kind manner;
        int first, last;
    };
    const row rows[] = {
        {true, true, kind::as_declared, 5, 9},      {true, false, kind::as_declared, 5, 8},
        {false, true, kind::as_declared, 6, 9},     {false, false, kind::as_declared, 6, 8},
        {false, false, kind::both_inclusive, 5, 9}, {true, true, kind::both_exclusive, 6, 8},
        {true, false, kind::upper_ignored, 5, 20},  {true, false, kind::ignored, 1, 20},
    };
    for (const row& r : rows) {
        behaviour b;
        b.filters = r.manner;
        CAPTURE(r.lower_in, r.upper_in, r.first, r.last);
        const connector c = filtered(range_type::integer, r.lower_in, r.upper_in);
        CHECK(ids(c, b, "from=5&to=9") == span(r.first, r.last));
    }
    const connector c = filtered(range_type::integer, true, false);
    CHECK(ids(c, {}, "from=5") == span(5, 20));
    CHECK(ids(c, {}, "to=5") == span(1, 4));
    CHECK(ids(c, {}, "from=30").empty());
}

TEST_CASE("the model compares texts by octets", "[api_model][range]")
{
    connector c = filtered(range_type::text, true, false);
    c.sorted = order::none;
    CHECK(ids(c, {}, "from=2&to=5") == std::vector<int>{2, 3, 4, 20});
}

TEST_CASE("the model refuses a border that is no number where one is due", "[api_model][range]")
{
    api_model model(filtered(range_type::integer, true, false), {});
    http_request ask;
    ask.method = "GET";
    ask.target = "/items?from=abc";
    CHECK(model.answer(ask, time_point{}).status == 400);
    ask.target = "/items?from=5&other=1";
    CHECK(model.answer(ask, time_point{}).status == 400);
}
