// What a page tells of itself.
#include "sim/world.hpp"
#include "support/catch.hpp"
#include "support/contracts.hpp"
#include <catena/json.hpp>

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
