// Runs a sample against a mock API and compares what it prints.
//
//   run_sample CONNECTOR.json RECORDS EXPECTED PROGRAM WORDS...
//
// Among WORDS, {connector} is a file with the connector at the server's address, {url} its URL and
// {file} a file that may be written. EXPECTED is a file, or - for the records themselves.
#include "support/process.hpp"
#include <catena/codec/connector_json.hpp>
#include <catena/testing/mock_api.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

namespace {

std::string content(const std::string& path)
{
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

int main(int argc, char* argv[])
try {
    if (argc < 5) return EXIT_FAILURE;
    using namespace catena::testing;
    const catena::connector c = catena::load_connector(content(argv[1]));
    const dataset_options data(std::stoul(argv[2]));
    mock_api server(c, make_dataset(c, data));
    const catena::connector here = server.described(c);

    process sample;
    const std::string connector = sample.folder() + "/connector.json";
    std::ofstream(connector) << catena::to_json(here);
    std::vector<std::string> words;
    for (int i = 4; i < argc; ++i) {
        std::string word = argv[i];
        if (word == "{connector}") word = connector;
        if (word == "{url}") word = here.request.url;
        if (word == "{file}") word = sample.folder() + "/file";
        words.push_back(std::move(word));
    }
    if (!sample.start(words)) return EXIT_FAILURE;
    const int code = sample.wait();

    std::string expected;
    if (std::string(argv[3]) == "-") {
        for (const std::string& record : server.records())
            expected += record + "\n";
    } else {
        expected = content(argv[3]);
    }
    const std::string got = sample.output();
    if (code == 0 && got == expected) return EXIT_SUCCESS;
    std::cerr << "exit code " << code << "\n--- printed\n"
              << got.substr(0, 4000) << "--- expected\n"
              << expected.substr(0, 4000);
    return EXIT_FAILURE;
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
