// What a page tells of itself.
#include "sim/world.hpp"
#include "support/catch.hpp"
#include "support/contracts.hpp"
#include <catena/json.hpp>

#include <boost/json/serialize.hpp>

using namespace catena;
using namespace catena::testing;
namespace asio = boost::asio;

namespace {

asio::awaitable<void> keep_all(chain& way, std::vector<page>& pages)
{
    while (auto next = co_await way.next_page())
        pages.push_back(std::move(*next));
}

std::vector<page> pages_of(world& w)
{
    chain way(*w.on, w.contract);
    std::vector<page> pages;
    asio::co_spawn(w.time.get_executor(), keep_all(way, pages), asio::detached);
    w.time.run();
    return pages;
}

}  // namespace

TEST_CASE("a page knows its number, how it was asked for, and the checkpoint after it", "[page]")
{
    behaviour b;
    b.faults.emplace_back(fault::kind::dead_token, 3);
    world w(1, contract("token"), 35, b);
    const std::vector<page> pages = pages_of(w);

    REQUIRE(pages.size() == 5);
    for (std::size_t i = 0; i < pages.size(); ++i) {
        CHECK(pages[i].number() == i);
        CHECK(pages[i].status() == 200);
        CHECK(pages[i].after().pages == i + 1);
        CHECK(pages[i].after().records == 7 * (i + 1));
        CHECK(pages[i].last() == (i == 4));
        CHECK(pages[i].header("content-TYPE").has_value());
        CHECK_FALSE(pages[i].header("X-Absent"));
    }
    CHECK(pages[0].asked_by() == page::way::start);
    CHECK(pages[1].asked_by() == page::way::cursor);
    CHECK(pages[3].asked_by() == page::way::rebuilt);
    CHECK(pages[4].asked_by() == page::way::cursor);
    CHECK(pages[4].after().ended);
}

TEST_CASE("a page outlives its chain and its engine, and its records stay the server's octets",
          "[page][U2]")
{
    std::vector<page> pages;
    std::vector<std::string> truth;
    {
        world w(1, contract("link"), 20);
        truth = w.model.records();
        pages = pages_of(w);
    }
    std::vector<std::string> got;
    for (const page& p : pages)
        for (const std::string_view record : p.records())
            got.emplace_back(record);
    CHECK(got == truth);
    CHECK(pages[0].records()[0] == truth[0]);
    CHECK(to_json_value(pages[0].records()[0]).is_object());
}

TEST_CASE("an empty page object can be looked at", "[page]")
{
    const page nothing;
    CHECK(nothing.records().empty());
    CHECK(nothing.body().empty());
    CHECK(nothing.number() == 0);
}

TEST_CASE("a page tells the key of each record that it gives", "[page]")
{
    for (const connector& c : contracts()) {
        behaviour b;
        b.faults.emplace_back(fault::kind::dead_token, 2);
        world w(1, c, 40, b);
        std::uint64_t left_out = 0;
        for (const page& p : pages_of(w)) {
            left_out += p.dropped();
            for (std::size_t i = 0; i < p.records().size(); ++i) {
                const boost::json::value record = to_json_value(p.records()[i]);
                const std::vector<value> key = p.key(i);
                CAPTURE(c.name, p.number(), i);
                REQUIRE(key.size() == c.key.size());
                for (std::size_t f = 0; f < key.size(); ++f) {
                    const boost::json::value& is = record.at_pointer(c.key[f].at);
                    const bool text = is.is_string();
                    CHECK(key[f].kind == (text ? json_kind::string : json_kind::number));
                    CHECK(key[f].text == (text ? boost::json::value_to<std::string>(is)
                                               : boost::json::serialize(is)));
                }
            }
        }
        if (c.next.inclusive) CHECK(left_out > 0);
    }
}
