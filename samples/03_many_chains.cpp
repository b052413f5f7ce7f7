// Many chains under one budget: twelve walks side by side on one thread, and together they never
// ask faster than the connector's policies allow.
//
//   many_chains CONNECTOR.json
#include <catena/catena.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <vector>

namespace asio = boost::asio;

namespace {

asio::awaitable<void> count(catena::chain& chain, std::size_t& records)
{
    while (auto page = co_await chain.next_page())
        records += page->records().size();
}

}  // namespace

int main(int argc, char* argv[])
try {
    std::ifstream file(argc > 1 ? argv[1] : "connector.json");
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const auto connector = std::make_shared<const catena::connector>(catena::load_connector(text));

    asio::io_context context(1);
    catena::engine engine(context.get_executor());
    std::vector<std::unique_ptr<catena::chain>> chains;
    std::vector<std::size_t> records(12);
    for (std::size_t& n : records) {
        chains.push_back(std::make_unique<catena::chain>(engine, connector));
        asio::co_spawn(context, count(*chains.back(), n), [](std::exception_ptr e) {
            if (e) std::rethrow_exception(e);
        });
    }
    context.run();

    for (const std::size_t n : records)
        std::cout << n << " records\n";
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
