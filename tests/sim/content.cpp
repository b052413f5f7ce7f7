// Pages whose content is not what the ones before let expect.
#include "sim/world.hpp"
#include "support/catch.hpp"
#include "support/contracts.hpp"

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;

namespace {

/// Keeps what it is told.
struct notebook : observer {
    void on_notice(chain_id, std::uint64_t page, const notice& n) override
    {
        if (n.what == notice::kind::record_shape) told.push_back(std::to_string(page) + n.text);
    }
    std::vector<std::string> told;
};

/// Records whose member `field` is a number first and a text from the row `from` on.
std::vector<row> changing(const connector& c, const std::string& field, std::size_t from)
{
    std::vector<row> rows = make_dataset(c, dataset_options(40));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::string text = std::to_string(100 + i);
        rows[i].json = "{\"id\":" + rows[i].key[0].text + ",\"" + field +
                       "\":" + (i < from ? text : '"' + text + '"') + "}";
    }
    return rows;
}

}  // namespace

TEST_CASE("a field that changes its type in mid walk costs no record and is told once",
          "[sim][C11]")
{
    const connector c = contract("token");
    for (const std::size_t from : {0u, 1u, 7u, 20u, 39u}) {
        CAPTURE(from);
        sim time(1);
        api_model model(c, changing(c, "size", from));
        fake_transport wire(time.get_executor(), time, [&](const http_request& r, time_point t) {
            return model.answer(r, t);
        });
        notebook watch;
        engine_options o;
        o.watch = &watch;
        engine on(time.get_executor(), wire, time, o);
        const auto shared = std::make_shared<const connector>(c);
        std::deque<chain> ways;  // what is known of an API lives as long as a chain of it
        for (int walks = 0; walks < 2; ++walks) {
            ways.emplace_back(on, shared);
            harvest h;
            boost::asio::co_spawn(time.get_executor(), gather(ways.back(), h),
                                  boost::asio::detached);
            time.run();
            INFO(h.why.text());
            REQUIRE(h.done);
            CHECK(h.records == model.records());
        }
        REQUIRE(watch.told.size() == (from == 0 ? 0 : 1));
        if (from == 0) continue;
        CHECK(watch.told[0] == std::to_string(from / 7) +
                                   "records look different from now on: /size is a string and was "
                                   "a number");
    }
}

TEST_CASE("a key that changes its type in mid walk stops it before that page", "[sim][C8][C11]")
{
    const connector c = contract("token");
    std::vector<row> rows = make_dataset(c, dataset_options(40));
    for (std::size_t i = 20; i < rows.size(); ++i)
        rows[i].json = "{\"id\":\"" + rows[i].key[0].text + "\"}";
    sim time(1);
    api_model model(c, rows);
    fake_transport wire(time.get_executor(), time,
                        [&](const http_request& r, time_point t) { return model.answer(r, t); });
    engine on(time.get_executor(), wire, time);
    chain way(on, c);
    harvest h;
    boost::asio::co_spawn(time.get_executor(), gather(way, h), boost::asio::detached);
    time.run();
    CHECK(h.why.code == errc::key_type);
    CHECK(h.why.pointer == "/id");
    CHECK(h.why.mend.find("key") != std::string::npos);
    CHECK(h.records.size() == 14);  // the third page holds the first such record
    CHECK(way.after().records == 14);
}

TEST_CASE("a token that dies while its page is under way costs the page's parts and no record",
          "[sim][A4]")
{
    using kind = wire_fault::kind;
    for (const connector& c : contracts()) {
        if (c.expiry.recover.by == recovery_rule::method::fail) continue;
        for (const auto how : {kind::reset_in_body, kind::truncated}) {
            for (std::size_t request = 1; request < 6; ++request) {
                for (const std::size_t octets : {0u, 1u, 50u, 150u, 250u}) {
                    CAPTURE(c.name, static_cast<int>(how), request, octets);
                    behaviour b;
                    b.faults.emplace_back(fault::kind::dead_token, request + 1);
                    world w(request, c, 40, b);
                    w.wire.fail(request, wire_fault(how, octets));
                    require_all(w);
                    CHECK(w.model.log()[request + 1].why == "expired token");
                }
            }
        }
    }
}

TEST_CASE("an answer that belongs to another request is asked for again, or stops the walk",
          "[sim][H20]")
{
    // Every third answer is the one that belonged to the third request before.
    for (const bool told : {true, false}) {
        connector c = contract(told ? "offset" : "token");
        if (told) c.self = token_source(token_source::place::header, "X-Self");
        sim time(5);
        api_model model(c, make_dataset(c, dataset_options(60)));
        scripted_answer held;
        int requests = 0, swaps = 0;
        fake_transport wire(time.get_executor(), time, [&](const http_request& r, time_point t) {
            scripted_answer mine = model.answer(r, t);
            mine.headers.push_back({"X-Self", r.target});
            if (++requests % 3 != 0) return mine;
            std::swap(mine, held);
            if (mine.body.empty()) return held;
            ++swaps;
            return mine;
        });
        engine on(time.get_executor(), wire, time);
        harvest h;
        chain way(on, c);
        boost::asio::co_spawn(time.get_executor(), gather(way, h), boost::asio::detached);
        time.run();
        INFO(h.why.text());
        REQUIRE(h.done);
        CHECK(swaps > 0);
        const std::vector<std::string> all = model.records();
        if (told) {
            CHECK(h.records == all);
            continue;
        }
        // Undeclared, an old page among later ones is known by its keys: what came before is whole.
        CHECK(h.why.code == errc::order_broken);
        REQUIRE(h.records.size() < all.size());
        CHECK(std::equal(h.records.begin(), h.records.end(), all.begin()));
    }
}
