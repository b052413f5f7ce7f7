// A job that is stopped after a few pages and goes on later: nothing comes twice.
//
//   resume CONNECTOR.json STORE.db

#include <catena/catena.hpp>
#include <catena/store/jsonl_sink.hpp>
#include <catena/store/sqlite_store.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

// The database keeps the checkpoints, and a file beside it the records, one a line.
catena::audit_report collect(const catena::connector& api, const std::string& path,
                             const catena::job_options& options)
{
    catena::sqlite_options where;
    where.records = std::make_shared<catena::jsonl_sink>(path + ".jsonl");
    catena::sqlite_store data(path, where);
    return catena::collect(api, data, options);
}

}  // namespace

int main(int argc, char* argv[])
try {
    if (argc != 3) throw std::runtime_error("usage: resume CONNECTOR.json STORE.db");
    std::ifstream file(argv[1]);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const catena::connector api = catena::load_connector(text);

    catena::job_options some;
    some.on_progress = [](const catena::job_progress& p) {
        if (p.pages == 3) throw std::runtime_error("that will do for now");
    };
    try {
        collect(api, argv[2], some);
    } catch (const catena::failure& f) {
        std::cout << "stopped: " << f.why().what << '\n';
    }

    const catena::audit_report report = collect(api, argv[2], {});
    std::cout << (report.resumed ? "resumed" : "began anew") << ", and then there were "
              << report.counts.records << " records\n";

    std::ifstream lines(std::string(argv[2]) + ".jsonl");
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line);)
        ++count;
    std::cout << count << " lines\n";
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
