#include "options.hpp"

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <stdexcept>

namespace catena::bench {

namespace {

options read_options(int argc, char* argv[])
{
    options o;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--quick") {
            o.seconds = 0.02;
        } else if (word == "--seconds" && i + 1 < argc) {
            o.seconds = std::stod(argv[++i]);
        } else if (word == "--json" && i + 1 < argc) {
            o.json = argv[++i];
        } else {
            const std::string name = std::filesystem::path(argv[0]).filename().string();
            throw std::invalid_argument("usage: " + name +
                                        " [--quick] [--seconds S] [--json FILE]");
        }
    }
    return o;
}

}  // namespace

int run_with_options(int argc, char* argv[], void (*run)(const options&))
try {
    run(read_options(argc, argv));
    return EXIT_SUCCESS;
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}

}  // namespace catena::bench
