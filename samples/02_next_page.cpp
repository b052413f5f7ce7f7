// Page by page in a host's own io_context, from a checkpoint if there is one.
//
//   next_page CONNECTOR.json [CHECKPOINT]
//
// Stops after two pages and prints the checkpoint for the next run, so that running it again and
// again walks the whole dataset.
#include <catena/catena.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

namespace asio = boost::asio;

namespace {

std::string content(const char* path)
{
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// [snippet: next_page]
asio::awaitable<void> walk(catena::chain& chain, int pages)
{
    while (auto page = co_await chain.next_page()) {
        std::cout << "page " << page->number() << ": " << page->records().size() << " records\n";
        if (--pages == 0) break;
    }
}
// [/snippet]

}  // namespace

int main(int argc, char* argv[])
try {
    if (argc < 2) {
        std::cerr << "usage: next_page CONNECTOR.json [CHECKPOINT]\n";
        return EXIT_FAILURE;
    }
    catena::checkpoint from;
    const catena::connector connector = catena::load_connector(content(argv[1]));
    from.fingerprint = catena::fingerprint(connector);
    if (const std::string saved = argc > 2 ? content(argv[2]) : ""; !saved.empty())
        from = catena::read_checkpoint(saved);

    asio::io_context context(1);
    catena::engine engine(context.get_executor());
    catena::chain chain(engine, connector, from);
    asio::co_spawn(context, walk(chain, 2), [](std::exception_ptr e) {
        if (e) std::rethrow_exception(e);
    });
    context.run();

    const catena::checkpoint& after = chain.after();
    std::cout << after.records << " records so far" << (after.ended ? ", complete" : "") << '\n';
    if (argc > 2) std::ofstream(argv[2]) << catena::to_text(after);
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
