#pragma once

#include <cstddef>
#include <sqlite3.h>
#include <stdexcept>
#include <string>
#include <vector>

namespace catena::testing {

/// Another program's look at a database, and its hand in it.
class sqlite_reader {
public:
    explicit sqlite_reader(const std::string& path)
    {
        if (sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK)
            throw std::runtime_error("cannot read " + path);
    }
    ~sqlite_reader() { sqlite3_close(db_); }
    sqlite_reader(const sqlite_reader&) = delete;
    sqlite_reader& operator=(const sqlite_reader&) = delete;

    /// Every row, its columns as texts.
    std::vector<std::vector<std::string>> rows(const std::string& sql)
    {
        std::vector<std::vector<std::string>> all;
        const auto add = [](void* to, int columns, char** texts, char**) {
            std::vector<std::string> row;
            for (int i = 0; i < columns; ++i)
                row.emplace_back(texts[i] != nullptr ? texts[i] : "NULL");
            static_cast<std::vector<std::vector<std::string>>*>(to)->push_back(std::move(row));
            return 0;
        };
        char* why = nullptr;
        if (sqlite3_exec(db_, sql.c_str(), add, &all, &why) == SQLITE_OK) return all;
        const std::string text = why != nullptr ? why : "?";
        sqlite3_free(why);
        throw std::runtime_error(sql + ": " + text);
    }

    std::string value(const std::string& sql)
    {
        const auto all = rows(sql);
        return all.empty() || all[0].empty() ? "" : all[0][0];
    }

private:
    sqlite3* db_ = nullptr;
};

}  // namespace catena::testing
