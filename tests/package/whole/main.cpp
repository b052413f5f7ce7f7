// A host that tests its own code against catena's simulated world.
#include <catena/catena.hpp>
#include <catena/testing/api_model.hpp>
#include <catena/testing/fake_transport.hpp>
#include <catena/testing/sim.hpp>

#include <boost/asio/co_spawn.hpp>

#include <cstdint>
#include <exception>
#include <iostream>

namespace asio = boost::asio;
namespace testing = catena::testing;

namespace {

asio::awaitable<void> count(catena::chain& chain, std::uint64_t& records)
{
    while (auto page = co_await chain.next_page())
        records += page->records().size();
}

}  // namespace

int main()
try {
    const catena::connector c = catena::load_connector(R"({
        "name": "consumer",
        "request": {"url": "http://127.0.0.1/items"},
        "records": "/items",
        "next": {"from": {"body": "/next"}, "to": {"query": "cursor"}},
        "end": "missing"
    })");
    testing::api_model server(c, testing::make_dataset(c, testing::dataset_options(1234)));
    testing::sim world(1);
    testing::fake_transport wire(world.get_executor(), world,
                                 [&](const catena::http_request& ask, catena::time_point now) {
                                     return server.answer(ask, now);
                                 });
    catena::engine engine(world.get_executor(), wire, world);
    catena::chain chain(engine, c);

    std::uint64_t records = 0;
    std::exception_ptr trouble;
    asio::co_spawn(world.get_executor(), count(chain, records),
                   [&](std::exception_ptr e) { trouble = e; });
    world.run();
    if (trouble) std::rethrow_exception(trouble);
    std::cout << records << " records\n";
    return records == 1234 ? 0 : 1;
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
