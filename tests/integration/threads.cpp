// An io_context that several threads run: the engine has a strand of it, its callers have others.
#include "support/catch.hpp"
#include "support/contracts.hpp"
#include <catena/catena.hpp>
#include <catena/testing/mock_api.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

using namespace catena;
using namespace catena::testing;
namespace asio = boost::asio;

namespace {

using strand = asio::strand<asio::io_context::executor_type>;

// A server with so many records, and a context that four threads run.
struct stage {
    explicit stage(std::size_t records)
        : server(plan, make_dataset(plan, dataset_options(records))),
          shared(std::make_shared<const connector>(server.described(plan)))
    {
    }

    void run()
    {
        std::vector<std::thread> crew;
        for (int i = 0; i < 4; ++i)
            crew.emplace_back([this] { context.run(); });
        for (std::thread& t : crew)
            t.join();
    }

    connector plan = contract("token");
    mock_api server;
    std::shared_ptr<const connector> shared;
    asio::io_context context;
};

asio::awaitable<void> count(chain& way, std::atomic<std::size_t>& records)
{
    while (auto next = co_await way.next_page())
        records += next->records().size();
}

// Walks by callbacks on a strand of its own and cancels every third call from there.
struct impatient : std::enable_shared_from_this<impatient> {
    impatient(engine& on, const std::shared_ptr<const connector>& c, const strand& s)
        : way(on, c), home(s)
    {
    }

    void ask()
    {
        way.next_page(asio::bind_cancellation_slot(
            stop.slot(), asio::bind_executor(home, [self = shared_from_this()](
                                                       error_code ec, std::optional<page> p) {
                self->answered(ec, p);
            })));
        if (++calls % 3 == 0)
            asio::post(home, [self = shared_from_this()] {
                self->stop.emit(asio::cancellation_type::total);
            });
    }

    void answered(error_code ec, const std::optional<page>& p)
    {
        if (ec && ec != asio::error::operation_aborted) {
            failed = ec;
            return;
        }
        if (p)
            for (const std::string_view record : p->records())
                records.emplace_back(record);
        if (ec || p) ask();
    }

    chain way;
    strand home;
    asio::cancellation_signal stop;
    std::vector<std::string> records;
    error_code failed;
    int calls = 0;
};

}  // namespace

TEST_CASE("an engine on a strand serves callers on other strands and threads", "[threads][U6]")
{
    stage s(300);
    engine on(asio::make_strand(s.context));
    std::vector<std::unique_ptr<chain>> chains;
    std::atomic<std::size_t> records = 0;
    for (int i = 0; i < 8; ++i) {
        chains.push_back(std::make_unique<chain>(on, s.shared));
        asio::co_spawn(asio::make_strand(s.context), count(*chains.back(), records),
                       [](std::exception_ptr e) {
                           if (e) std::rethrow_exception(e);
                       });
    }
    s.run();
    CHECK(records == 8 * 300);
}

TEST_CASE("calls cancelled from other threads lose no page", "[threads][U3][U6]")
{
    stage s(200);
    engine on(asio::make_strand(s.context));
    std::vector<std::shared_ptr<impatient>> walkers;
    for (int i = 0; i < 6; ++i) {
        walkers.push_back(std::make_shared<impatient>(on, s.shared, asio::make_strand(s.context)));
        asio::post(walkers.back()->home, [w = walkers.back()] { w->ask(); });
    }
    s.run();
    for (const auto& w : walkers) {
        CHECK_FALSE(w->failed);
        CHECK(w->records == s.server.records());
    }
}

TEST_CASE("engines on several strands of one context do not disturb each other", "[threads][U6]")
{
    stage s(60);
    std::atomic<std::size_t> records = 0;
    for (int i = 0; i < 8; ++i) {
        const auto home = asio::make_strand(s.context);
        asio::post(home, [&, home] {
            auto own = [](strand on, std::shared_ptr<const connector> what,
                          std::atomic<std::size_t>& sum) -> asio::awaitable<void> {
                engine mine(on);
                chain way(mine, std::move(what));
                while (auto next = co_await way.next_page())
                    sum += next->records().size();
            };
            asio::co_spawn(home, own(home, s.shared, records), [](std::exception_ptr e) {
                if (e) std::rethrow_exception(e);
            });
        });
    }
    s.run();
    CHECK(records == 8 * 60);
}
