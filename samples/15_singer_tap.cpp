// A Singer tap: records to the standard output as messages, and behind each page a STATE from which
// the next run goes on. A target that keeps the last STATE only when the records before it are safe
// loses nothing, however either of them ends.
//
//   singer_tap CONNECTOR.json [STATE.json] | TARGET >state.json
#include <catena/catena.hpp>
#include <catena/core/json_text.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace asio = boost::asio;

namespace {

std::string content(const std::string& path)
{
    std::ifstream file(path);
    if (!file) throw std::runtime_error("no such file: " + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

// A message is one line. Inside of JSON texts a line end cannot stand, elsewhere it says nothing.
std::string on_one_line(std::string_view record)
{
    std::string line(record);
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return line;
}

void write_schema(const catena::connector& api)
{
    std::string keys;
    for (const catena::key_field& each : api.key)
        keys += (keys.empty() ? "" : ",") + catena::quote(each.at.substr(1));
    std::cout << R"({"type":"SCHEMA","stream":)" << catena::quote(api.name)
              << R"(,"key_properties":[)" << keys << R"(],"schema":{"type":"object"}})" << '\n';
}

// [snippet: tap]
asio::awaitable<void> tap(catena::chain& way, std::string stream)
{
    while (auto page = co_await way.next_page()) {
        for (const std::string_view record : page->records())
            std::cout << R"({"type":"RECORD","stream":)" << stream << R"(,"record":)"
                      << on_one_line(record) << "}\n";
        std::cout << R"({"type":"STATE","value":{"checkpoint":)"
                  << catena::quote(to_text(way.after())) << "}}\n";
        if (!std::cout.flush()) throw std::runtime_error("the target has gone");
    }
}
// [/snippet]

}  // namespace

int main(int argc, char* argv[])
try {
    if (argc < 2) throw std::runtime_error("usage: singer_tap CONNECTOR.json [STATE.json]");
    const catena::connector api = catena::load_connector(content(argv[1]));
    catena::checkpoint from;
    from.fingerprint = catena::fingerprint(api);
    if (argc > 2) {
        const auto state = boost::json::parse(content(argv[2]));
        from = catena::read_checkpoint(std::string_view(state.at("checkpoint").as_string()));
    }

    asio::io_context context(1);
    catena::engine engine(context.get_executor());
    catena::chain way(engine, api, from);
    std::exception_ptr failure;
    write_schema(api);
    asio::co_spawn(context, tap(way, catena::quote(api.name)),
                   [&](std::exception_ptr e) { failure = e; });
    context.run();
    if (failure) std::rethrow_exception(failure);
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
