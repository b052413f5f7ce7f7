// Several io_contexts, each on a thread of its own, under one budget: together they never ask
// faster than the connector's policies allow.
//
//   threads CONNECTOR.json
#include <catena/catena.hpp>
#include <catena/shared_budgets.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace asio = boost::asio;

namespace {

asio::awaitable<void> count(catena::chain& chain, std::size_t& records, std::size_t& pages)
{
    while (auto page = co_await chain.next_page()) {
        records += page->records().size();
        ++pages;
    }
}

/// One thread's world. Nothing in it is touched by another thread; only the budgets are shared.
struct worker {
    worker(const catena::connector& api, const catena::engine_options& options)
        : engine(context.get_executor(), options)
    {
        for (int i = 0; i < 3; ++i)
            chains.push_back(std::make_unique<catena::chain>(engine, api));
    }

    void run()
    {
        for (const auto& chain : chains)
            asio::co_spawn(context, count(*chain, records, pages), [this](std::exception_ptr e) {
                if (e) failure = e;
            });
        context.run();
    }

    asio::io_context context{1};
    catena::engine engine;
    std::vector<std::unique_ptr<catena::chain>> chains;
    std::size_t records = 0, pages = 0;
    std::exception_ptr failure;
};

}  // namespace

int main(int argc, char* argv[])
try {
    std::ifstream file(argc > 1 ? argv[1] : "connector.json");
    if (!file) throw std::runtime_error("no such file; usage: threads CONNECTOR.json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const catena::connector api = catena::load_connector(text);

    // [snippet: threads]
    catena::engine_options options;
    options.budgets = std::make_shared<catena::shared_budgets>();
    std::vector<std::unique_ptr<worker>> workers;
    for (int i = 0; i < 4; ++i)
        workers.push_back(std::make_unique<worker>(api, options));

    const auto begun = std::chrono::steady_clock::now();
    std::vector<std::thread> threads;
    for (const auto& each : workers)
        threads.emplace_back([&each] { each->run(); });
    for (std::thread& each : threads)
        each.join();
    // [/snippet]
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;

    std::size_t records = 0, pages = 0;
    for (const auto& each : workers) {
        if (each->failure) std::rethrow_exception(each->failure);
        records += each->records;
        pages += each->pages;
    }
    std::cout << workers.size() << " threads, " << records << " records, " << pages << " pages\n";
    // The policy of the example: 200 a second, and 20 at once after a quiet spell.
    const double least = (static_cast<double>(pages) - 20) / 200;
    std::cout << (took.count() >= least ? "no faster than one budget allows\n"
                                        : "faster than one budget allows\n");
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
