// A whole dataset into a database, by many chains at once. Killed at any instant and started again
// it goes on where the database stands.
//
//   ranges CONNECTOR.json STORE.db LOWER UPPER

#include <catena/catena.hpp>
#include <catena/store/sqlite_store.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>

int main(int argc, char* argv[])
try {
    if (argc != 5) throw std::runtime_error("usage: ranges CONNECTOR.json STORE.db LOWER UPPER");
    std::ifstream file(argv[1]);
    if (!file) throw std::runtime_error(std::string("no such file: ") + argv[1]);
    const std::string text{std::istreambuf_iterator<char>(file), {}};

    catena::job_options options;
    options.workers = 8;
    options.whole = catena::range({catena::interval(argv[3], argv[4])});

    catena::sqlite_store data(argv[2]);
    const catena::audit_report report =
        catena::collect(catena::load_connector(text), data, options);
    std::cout << report.counts.records << " records, "
              << (report.is == catena::verdict::complete ? "complete" : "not proven") << '\n';
    for (const std::string& reason : report.reasons)
        std::cout << reason << '\n';
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
