#include "support/stored.hpp"

#include <zlib.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <sqlite3.h>
#include <stdexcept>
#include <string_view>

namespace catena::testing {
namespace {

std::string octets_of(const std::string& file)
{
    if (!file.ends_with(".gz")) {
        std::ifstream in(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> in(gzopen(file.c_str(), "rb"), gzclose);
    if (!in) throw std::runtime_error("cannot open " + file);
    std::string out;
    char part[16 * 1024];
    for (int n = 0; (n = gzread(in.get(), part, sizeof part)) > 0;)
        out.append(part, static_cast<std::size_t>(n));
    if (!gzeof(in.get())) throw std::runtime_error(file + " is cut");
    return out;
}

}  // namespace

std::vector<std::string> rows_of(const std::string& database)
{
    sqlite3* raw = nullptr;
    const int opened = sqlite3_open_v2(database.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
    const std::unique_ptr<sqlite3, int (*)(sqlite3*)> db(raw, sqlite3_close);
    if (opened != SQLITE_OK) throw std::runtime_error("cannot open " + database);
    sqlite3_stmt* query = nullptr;
    if (sqlite3_prepare_v2(db.get(), "SELECT body FROM record", -1, &query, nullptr) != SQLITE_OK)
        throw std::runtime_error(sqlite3_errmsg(db.get()));
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> all(query, sqlite3_finalize);
    std::vector<std::string> out;
    while (sqlite3_step(query) == SQLITE_ROW) {
        const auto* const body = static_cast<const char*>(sqlite3_column_blob(query, 0));
        out.emplace_back(body, static_cast<std::size_t>(sqlite3_column_bytes(query, 0)));
    }
    return out;
}

std::vector<std::string> lines_of(const std::string& file)
{
    const std::string text = octets_of(file);
    std::vector<std::string> out;
    for (std::string_view left = text; !left.empty();) {
        const std::size_t end = left.find('\n');
        if (end == left.npos) throw std::runtime_error(file + " ends in mid line");
        out.emplace_back(left.substr(0, end));
        left.remove_prefix(end + 1);
    }
    return out;
}

}  // namespace catena::testing
