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

void run_on(asio::io_context& context, int threads)
{
    std::vector<std::thread> crew;
    for (int i = 0; i < threads; ++i)
        crew.emplace_back([&] { context.run(); });
    for (std::thread& t : crew)
        t.join();
}

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
    const connector c = contract("token");
    mock_api server(c, make_dataset(c, dataset_options(300)));
    asio::io_context context;
    engine on(asio::make_strand(context));
    const auto shared = std::make_shared<const connector>(server.described(c));
    std::vector<std::unique_ptr<chain>> chains;
    std::atomic<std::size_t> records = 0;
    for (int i = 0; i < 8; ++i) {
        chains.push_back(std::make_unique<chain>(on, shared));
        asio::co_spawn(asio::make_strand(context), count(*chains.back(), records),
                       [](std::exception_ptr e) {
                           if (e) std::rethrow_exception(e);
                       });
    }
    run_on(context, 4);
    CHECK(records == 8 * 300);
}

TEST_CASE("calls cancelled from other threads lose no page", "[threads][U3][U6]")
{
    const connector c = contract("token");
    mock_api server(c, make_dataset(c, dataset_options(200)));
    asio::io_context context;
    engine on(asio::make_strand(context));
    const auto shared = std::make_shared<const connector>(server.described(c));
    std::vector<std::shared_ptr<impatient>> walkers;
    for (int i = 0; i < 6; ++i) {
        walkers.push_back(std::make_shared<impatient>(on, shared, asio::make_strand(context)));
        asio::post(walkers.back()->home, [w = walkers.back()] { w->ask(); });
    }
    run_on(context, 4);
    for (const auto& w : walkers) {
        CHECK_FALSE(w->failed);
        CHECK(w->records == server.records());
    }
}

TEST_CASE("engines on several strands of one context do not disturb each other", "[threads][U6]")
{
    const connector c = contract("token");
    mock_api server(c, make_dataset(c, dataset_options(60)));
    const auto shared = std::make_shared<const connector>(server.described(c));
    asio::io_context context;
    std::atomic<std::size_t> records = 0;
    for (int i = 0; i < 8; ++i) {
        const auto s = asio::make_strand(context);
        asio::post(s, [&, s] {
            auto own = [](strand home, std::shared_ptr<const connector> what,
                          std::atomic<std::size_t>& sum) -> asio::awaitable<void> {
                engine mine(home);
                chain way(mine, std::move(what));
                while (auto next = co_await way.next_page())
                    sum += next->records().size();
            };
            asio::co_spawn(s, own(s, shared, records), [](std::exception_ptr e) {
                if (e) std::rethrow_exception(e);
            });
        });
    }
    run_on(context, 4);
    CHECK(records == 8 * 60);
}
