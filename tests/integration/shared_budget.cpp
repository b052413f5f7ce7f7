// Engines on threads of their own that share one budget, against a server that counts.
#include "support/catch.hpp"
#include <catena/catena.hpp>
#include <catena/testing/mock_api.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

connector numbered()
{
    connector c("numbered", "http://api.test/items");
    c.records = records_rule("/items");
    c.key.emplace_back("/id");
    c.sorted = order::ascending;
    c.next.from = {token_source(token_source::place::body, "/next")};
    c.next.to = {token_target(token_target::place::query, "cursor")};
    c.end = {end_rule::kind::missing};
    return c;
}

// Pages of one record, and 429 above `most` in any span of `per`. Called on the server's thread.
struct strict_server {
    scripted_answer answer(const http_request& ask, const arrival& how)
    {
        while (!taken.empty() && taken.front() + per <= how.at)
            taken.pop_front();
        scripted_answer out(429, "{}");
        if (most != 0 && taken.size() >= most) {
            ++refused;
        } else if (hold_at != 0 && ++served == hold_at) {
            held = how.at;
            out.headers.push_back({"Retry-After", "1"});
        } else {
            const std::size_t at = ask.target.find("cursor=");
            const std::uint64_t page =
                at == std::string::npos ? 0 : std::stoull(ask.target.substr(at + 7));
            const std::string next =
                page + 1 < pages ? R"(,"next":")" + std::to_string(page + 1) + '"' : "";
            out = scripted_answer(200,
                                  R"({"items":[{"id":)" + std::to_string(page) + "}]" + next + "}");
            taken.push_back(how.at);
        }
        if (held != time_point() && how.at < held + 1s && how.at > held + 200ms) ++during_hold;
        out.headers.push_back({"Content-Type", "application/json"});
        return out;
    }

    std::uint64_t most = 0, pages = 20, hold_at = 0;
    duration per = 500ms;
    std::deque<time_point> taken;
    time_point held{};
    std::uint64_t served = 0;
    std::atomic<std::uint64_t> refused = 0, during_hold = 0;
};

// An io_context, an engine on it and chains that walk there.
struct worker {
    worker(const std::shared_ptr<shared_budgets>& budgets,
           const std::shared_ptr<const connector>& c, std::size_t chains)
    {
        engine_options options;
        options.budgets = budgets;
        on = std::make_unique<engine>(context->get_executor(), options);
        for (std::size_t i = 0; i < chains; ++i) {
            ways.push_back(std::make_unique<chain>(*on, c));
            asio::co_spawn(*context, walk(*ways.back(), pages), asio::detached);
        }
    }

    static asio::awaitable<void> walk(chain& way, std::atomic<std::size_t>& pages)
    {
        while (auto next = co_await way.next_page()) {
            ++pages;
            pages.notify_all();
        }
    }

    void start()
    {
        thread = std::thread([this] { context->run(); });
    }

    void wait_for(std::size_t so_many) const
    {
        for (std::size_t n = pages; n < so_many; n = pages)
            pages.wait(n);
    }

    std::unique_ptr<asio::io_context> context = std::make_unique<asio::io_context>();
    std::unique_ptr<engine> on;
    std::vector<std::unique_ptr<chain>> ways;
    std::atomic<std::size_t> pages = 0;
    std::thread thread;
};

}  // namespace

TEST_CASE("engines on several threads keep one budget together", "[threads][R3][R13]")
{
    strict_server api;
    api.most = 50;
    mock_api server([&](const http_request& r, const arrival& how) { return api.answer(r, how); });
    connector c = server.described(numbered());
    c.limits.policies.emplace_back(50, 500ms, 50);
    const auto shared = std::make_shared<const connector>(c);
    const auto budgets = std::make_shared<shared_budgets>();
    std::vector<std::unique_ptr<worker>> crew;
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 0; i < 4; ++i)
        crew.push_back(std::make_unique<worker>(budgets, shared, 4));
    for (const auto& w : crew)
        w->start();
    for (const auto& w : crew)
        w->thread.join();
    const auto took = std::chrono::steady_clock::now() - begun;
    for (const auto& w : crew)
        CHECK(w->pages == 4 * 20);
    CHECK(api.refused == 0);
    CHECK(took >= 3s);  // 320 requests at 100 a second, fifty of them at once
    WARN("320 requests in " << std::chrono::duration_cast<std::chrono::milliseconds>(took).count()
                            << " ms");
}

TEST_CASE("a 429 to one engine holds the engines of other threads", "[threads][R3]")
{
    strict_server api;
    api.hold_at = 30;
    mock_api server([&](const http_request& r, const arrival& how) { return api.answer(r, how); });
    const auto shared = std::make_shared<const connector>(server.described(numbered()));
    const auto budgets = std::make_shared<shared_budgets>();
    std::vector<std::unique_ptr<worker>> crew;
    for (int i = 0; i < 4; ++i)
        crew.push_back(std::make_unique<worker>(budgets, shared, 4));
    for (const auto& w : crew)
        w->start();
    for (const auto& w : crew)
        w->thread.join();
    for (const auto& w : crew)
        CHECK(w->pages == 4 * 20);
    CHECK(api.during_hold == 0);
}

TEST_CASE("engines and contexts of one budget may go in any order", "[threads][U6]")
{
    strict_server api;
    api.pages = 1'000'000;
    mock_api server([&](const http_request& r, const arrival& how) { return api.answer(r, how); });
    connector c = server.described(numbered());
    c.limits.concurrency = 1;
    const auto shared = std::make_shared<const connector>(c);
    const auto budgets = std::make_shared<shared_budgets>();
    const auto last = std::make_unique<worker>(budgets, shared, 2);
    last->start();
    for (int round = 0; round < 12; ++round) {
        auto one = std::make_unique<worker>(budgets, shared, 2);
        one->start();
        one->wait_for(static_cast<std::size_t>(1 + round));
        one->context->stop();
        one->thread.join();
        if (round % 3 == 0) one->context.reset();  // before engine and chains
        if (round % 3 == 1) one->on.reset();
        one->ways.clear();
        one->on.reset();
        one->context.reset();

        last->wait_for(last->pages + 5);
    }
    last->context->stop();
    last->thread.join();
}
