// A dataset whose connector has `discovery`: one chain walks the page tokens by requests that want
// no records, and workers fetch the pages behind them, many at once and in any order.
//
//   discovery CONNECTOR.json STORE.db

#include <catena/catena.hpp>
#include <catena/store/sqlite_store.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>

int main(int argc, char* argv[])
try {
    if (argc != 3) throw std::runtime_error("usage: discovery CONNECTOR.json STORE.db");
    std::ifstream file(argv[1]);
    if (!file) throw std::runtime_error(std::string("no such file: ") + argv[1]);
    const std::string text{std::istreambuf_iterator<char>(file), {}};

    catena::job_options options;
    options.workers = 8;
    options.ahead = 16;  // tokens that are found wait for a worker: not many, lest they grow old

    catena::sqlite_store data(argv[2]);
    const catena::audit_report report =
        catena::collect(catena::load_connector(text), data, options);
    std::cout << report.counts.records << " records in " << report.counts.pages << " pages, "
              << (report.is == catena::verdict::complete ? "complete" : "not proven") << '\n';
    for (const catena::audit_check& check : report.checks)
        if (check.name == "coverage")
            std::cout << "found " << check.expected << ", fetched " << check.found << '\n';
    for (const std::string& reason : report.reasons)
        std::cout << reason << '\n';
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
