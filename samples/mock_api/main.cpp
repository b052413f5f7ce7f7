// Serves a connector's contract on 127.0.0.1 with made-up records, for tests by hand: what is
// fetched with the connector from here can be compared with what the server says it holds.
#include <catena/codec/connector_json.hpp>
#include <catena/testing/mock_api.hpp>

#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace testing = catena::testing;

namespace {

std::string text_of(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

int main(int argc, char* argv[])
try {
    if (argc < 2 || argc > 4) {
        std::cerr << "usage: catena-mock-api CONNECTOR.json [RECORDS [SEED]]\n"
                     "Prints its URL and serves until its input ends; then it prints its log.\n";
        return 2;
    }
    const catena::connector c = catena::load_connector(text_of(argv[1]));
    testing::dataset_options d;
    if (argc > 2) d.records = std::stoul(argv[2]);
    if (argc > 3) d.seed = std::stoull(argv[3]);

    testing::mock_api api(c, testing::make_dataset(c, d));
    std::cout << api.described(c).request.url << std::endl;
    while (std::cin.get() != std::char_traits<char>::eof()) {
    }

    for (const testing::served& line : api.log()) {
        std::cout << line.number << ' ' << line.method << ' ' << line.status << " page "
                  << line.page << ", " << line.records << " records";
        if (!line.why.empty()) std::cout << ": " << line.why;
        std::cout << '\n';
    }
    return EXIT_SUCCESS;
} catch (const std::exception& e) {
    std::cerr << "catena-mock-api: " << e.what() << '\n';
    return EXIT_FAILURE;
}
