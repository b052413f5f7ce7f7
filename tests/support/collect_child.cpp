// Collects what a connector file describes into a store, so that a test can kill it.
//
//   collect_child CONNECTOR.json STORE.db rows|lines|gzip WORKERS [LOWER UPPER]
#include <catena/catena.hpp>
#include <catena/store/jsonl_sink.hpp>
#include <catena/store/sqlite_store.hpp>

#include <cstddef>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

catena::sqlite_options records_in(const std::string& kind, const std::string& store)
{
    catena::sqlite_options o;
    if (kind == "lines") o.records = std::make_shared<catena::jsonl_sink>(store + ".jsonl");
    if (kind == "gzip") {
        catena::jsonl_options packed;
        packed.as = catena::jsonl_options::coding::gzip;
        o.records = std::make_shared<catena::jsonl_sink>(store + ".jsonl.gz", packed);
    }
    return o;
}

}  // namespace

int main(int argc, char* argv[])
try {
    if (argc != 5 && argc != 7) throw std::runtime_error("wrong number of arguments");
    std::ifstream file(argv[1]);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    catena::sqlite_store data(argv[2], records_in(argv[3], argv[2]));
    catena::job_options options;
    options.workers = std::stoul(argv[4]);
    if (argc == 7) options.whole = catena::range({catena::interval(argv[5], argv[6])});
    const catena::audit_report report =
        catena::collect(catena::load_connector(text), data, std::move(options));
    std::cout << "records " << report.counts.records << " chains " << report.counts.chains
              << (report.resumed ? " resumed" : "") << std::endl;
    for (const std::string& reason : report.reasons)
        std::cout << reason << std::endl;
    return report.is == catena::verdict::complete ? 0 : 6;
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
