// Records into a place of the program's own: here they are counted by page, and what was written
// after the last commit is taken back.
//
//   own_sink CONNECTOR.json STORE.db

#include <catena/catena.hpp>
#include <catena/store/sqlite_store.hpp>

#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

// Called on the store's thread. A real one would write to a queue or a table and wait in flush()
// until that is safe.
class counter : public catena::sink {
public:
    void resume(std::string_view position) override
    {
        octets_ = position.empty() ? 0 : std::stoull(std::string(position));
    }
    void write(const catena::page_commit& page) override
    {
        for (const catena::stored_record& record : page.records)
            octets_ += record.body.size();
        ++pages_;
    }
    std::string flush() override { return std::to_string(octets_); }

    std::uint64_t octets_ = 0;
    std::uint64_t pages_ = 0;
};

}  // namespace

int main(int argc, char* argv[])
try {
    if (argc != 3) throw std::runtime_error("usage: own_sink CONNECTOR.json STORE.db");
    std::ifstream file(argv[1]);
    const std::string text{std::istreambuf_iterator<char>(file), {}};

    const auto own = std::make_shared<counter>();
    catena::sqlite_options where;
    where.records = own;
    catena::sqlite_store data(argv[2], where);
    const catena::audit_report report = catena::collect(catena::load_connector(text), data);
    std::cout << report.counts.records << " records in " << own->pages_ << " pages\n";
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
