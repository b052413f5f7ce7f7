// Runs a sample against a mock API and compares what it prints.
//
//   run_sample CONNECTOR.json RECORDS EXPECTED [--refuse N] PROGRAM WORDS...
//
// Among WORDS, {connector} is a file with the connector at the server's address, {url} its URL and
// {file} a file that may be written. EXPECTED is a file, or - for the records themselves. With
// --refuse the server answers 400 to request N, counted from 0: the sample must fail, and then end
// well in a second run with the same words. What both print is compared.
#include "support/process.hpp"
#include <catena/codec/connector_json.hpp>
#include <catena/testing/mock_api.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

namespace {

std::string content(const std::string& path)
{
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Four digits tell struck cursors apart, and a server's cursors differ from run to run.
std::string without_digits_of_cursors(const std::string& text)
{
    static const std::regex mark("(\xe2\x80\xa6)[0-9a-f]{4}");
    return std::regex_replace(text, mark, "$1");
}

int run(catena::testing::process& sample, const std::vector<std::string>& words)
{
    return sample.start(words) ? sample.wait() : -1;
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
    const bool refused = argc > 6 && std::string(argv[4]) == "--refuse";
    if (refused) server.add(fault::answer(400, std::stoul(argv[5])));
    std::vector<std::string> words;
    for (int i = refused ? 6 : 4; i < argc; ++i) {
        std::string word = argv[i];
        if (word == "{connector}") word = connector;
        if (word == "{url}") word = here.request.url;
        if (word == "{file}") word = sample.folder() + "/file";
        words.push_back(std::move(word));
    }
    if (refused && run(sample, words) != EXIT_FAILURE) {
        std::cerr << "the first run did not fail as it should\n" << sample.output();
        return EXIT_FAILURE;
    }
    const int code = run(sample, words);

    std::string expected;
    if (std::string(argv[3]) == "-") {
        for (const std::string& record : server.records())
            expected += record + "\n";
    } else {
        expected = content(argv[3]);
    }
    const std::string got = without_digits_of_cursors(sample.output());
    if (code == EXIT_SUCCESS && got == expected) return EXIT_SUCCESS;
    std::cerr << "exit code " << code << "\n--- printed\n"
              << got.substr(0, 4000) << "--- expected\n"
              << expected.substr(0, 4000);
    return EXIT_FAILURE;
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
