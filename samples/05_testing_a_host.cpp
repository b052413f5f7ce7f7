// How a host app tests its own code: against a server that exists only in this process, in time
// that does not pass. Two hours of waiting take microseconds, and the seed replays every run.
#include <catena/catena.hpp>
#include <catena/testing/api_model.hpp>
#include <catena/testing/fake_transport.hpp>
#include <catena/testing/sim.hpp>

#include <boost/asio/co_spawn.hpp>

#include <cstdlib>
#include <iostream>

namespace asio = boost::asio;
namespace testing = catena::testing;

namespace {

// The host's own code: what is to be tested.
asio::awaitable<std::size_t> count_records(catena::engine& engine, catena::connector c)
{
    catena::chain chain(engine, std::move(c));
    std::size_t records = 0;
    while (auto page = co_await chain.next_page())
        records += page->records().size();
    co_return records;
}

constexpr const char* description = R"({
    "name": "orders",
    "request": {"url": "http://orders.example/v1/orders"},
    "records": "/orders",
    "key": "/id",
    "order": "ascending",
    "next": {"from": {"body": "/next"}, "to": {"query": "cursor"}},
    "end": "missing",
    "expiry": {"signs": {"status": 410},
               "recover": {"rebuild": {"to": {"query": "after"}, "bound": "exclusive"}}}
})";

}  // namespace

int main()
try {
    const catena::connector orders = catena::load_connector(description);

    testing::behaviour b;
    b.page_size = 50;
    testing::fault busy = testing::fault::answer(429, 3);
    busy.retry_after = std::chrono::minutes(40);
    b.faults.push_back(busy);                                    // a long hold ...
    b.faults.emplace_back(testing::fault::kind::dead_token, 6);  // ... a dead cursor ...
    testing::api_model server(orders, testing::make_dataset(orders), b);

    testing::sim world(/*seed*/ 42);
    testing::fake_transport wire(
        world.get_executor(), world,
        [&](const catena::http_request& r, catena::time_point t) { return server.answer(r, t); });
    wire.fail(8,
              testing::wire_fault(testing::wire_fault::kind::reset_in_body, 100));  // ... a reset
    catena::engine engine(world.get_executor(), wire, world);

    std::size_t counted = 0;
    const catena::time_point start = world.now();
    asio::co_spawn(world.get_executor(), count_records(engine, orders),
                   [&](std::exception_ptr e, std::size_t n) {
                       if (e) std::rethrow_exception(e);
                       counted = n;
                   });
    world.run();

    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(world.now() - start);
    std::cout << counted << " of " << server.records().size() << " orders after " << minutes.count()
              << " minutes of its own time\n";
    return counted == server.records().size() ? EXIT_SUCCESS : EXIT_FAILURE;
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
