// A whole dataset, blocking: one record a line, as the server wrote it.
//
//   dataset CONNECTOR.json

// [snippet: dataset]
#include <catena/catena.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>

int main(int argc, char* argv[])
try {
    std::ifstream file(argc > 1 ? argv[1] : "connector.json");
    if (!file) throw std::runtime_error("no such file; usage: dataset CONNECTOR.json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    catena::collect(catena::load_connector(text), [](const catena::page& page) {
        for (std::string_view record : page.records())
            std::cout << record << '\n';
        if (!std::cout.flush()) throw std::runtime_error("cannot write the output");
    });
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
// [/snippet]
