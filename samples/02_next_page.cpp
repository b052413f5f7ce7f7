// Page by page in a host's own io_context, from a checkpoint if there is one.
//
//   next_page CONNECTOR.json [CHECKPOINT]
//
// Stops after two pages and prints the checkpoint for the next run, so that running it again and
// again walks the whole dataset, whatever fails between.
#include <catena/catena.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace asio = boost::asio;

namespace {

std::string content(const std::string& path)
{
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// In one step: a checkpoint cut in the middle would be refused by the next run.
void save(const std::string& path, const catena::checkpoint& c)
{
    const std::string fresh = path + ".new";
    std::ofstream file(fresh);
    file << catena::to_text(c);
    file.close();
    if (!file) throw std::runtime_error("cannot write " + fresh);
    std::filesystem::rename(fresh, path);
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
    if (!std::filesystem::exists(argv[1]))
        throw std::runtime_error(std::string("no such file: ") + argv[1]);
    catena::checkpoint from;
    const catena::connector connector = catena::load_connector(content(argv[1]));
    from.fingerprint = catena::fingerprint(connector);
    if (const std::string saved = argc > 2 ? content(argv[2]) : ""; !saved.empty())
        from = catena::read_checkpoint(saved);

    asio::io_context context(1);
    catena::engine engine(context.get_executor());
    catena::chain chain(engine, connector, from);
    std::exception_ptr failure;
    asio::co_spawn(context, walk(chain, 2), [&](std::exception_ptr e) { failure = e; });
    context.run();

    // Also after a failure: the pages before it were handed out and must not come again.
    const catena::checkpoint& after = chain.after();
    std::cout << after.records << " records so far" << (after.ended ? ", complete" : "") << '\n';
    if (argc > 2) save(argv[2], after);
    if (failure) std::rethrow_exception(failure);
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
