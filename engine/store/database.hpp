#pragma once

#include "store/broken.hpp"
#include <catena/core/time.hpp>

#include <cstddef>
#include <cstdint>
#include <sqlite3.h>
#include <string>
#include <string_view>

namespace catena::storage {

constexpr std::size_t page_octets = 4096;  // of a store's file

/// A connection to one SQLite database. Everything throws broken.
class database {
public:
    enum class access {
        create,
        write,
        look,  ///< Nothing is changed, but for the log of a process that died, which is copied.
        peek,  ///< Beside another process that writes: not even that.
    };
    database(std::string path, const std::string& vfs, duration busy, access how);
    ~database();
    database(const database&) = delete;
    database& operator=(const database&) = delete;

    void run(const char* sql);
    /// The number that a statement gives, such as a pragma's.
    [[nodiscard]] std::int64_t number(const char* sql);
    [[nodiscard]] std::string text(const char* sql);

    /// Undo the transaction, if there is one.
    void roll_back() noexcept;

    /// Copy the log (PATH-wal) into the database if it is that long, as far as readers allow.
    void copy_log(std::size_t octets);
    /// Leave the files as they are at the end: after a failed disk nothing more is written.
    void leave_alone() noexcept;

    [[nodiscard]] sqlite3* handle() const noexcept { return db_; }
    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] broken trouble(int code) const;

private:
    void apply_settings(duration busy, access how);

    std::string path_;
    sqlite3* db_ = nullptr;
    std::size_t log_octets_ = 0, copy_at_ = 0;
};

/// Octets that are no text.
struct as_blob {
    std::string_view octets;
};

/// A prepared statement, used again and again.
class statement {
public:
    statement(database& on, const char* sql);
    ~statement() { sqlite3_finalize(s_); }
    statement(const statement&) = delete;
    statement& operator=(const statement&) = delete;

    /// Begin anew with these values. Texts are not copied: they last until the last step.
    template <class... Values>
    statement& with(const Values&... values)
    {
        sqlite3_reset(s_);
        [[maybe_unused]] int at = 0;
        (bind(++at, values), ...);
        return *this;
    }

    /// @return Whether there is another row.
    bool step();
    /// To the end. @return Rows changed.
    int run();

    [[nodiscard]] std::uint64_t number(int column) const
    {
        return static_cast<std::uint64_t>(sqlite3_column_int64(s_, column));
    }
    [[nodiscard]] std::string text(int column) const { return std::string(view(column)); }
    /// Until the next step.
    [[nodiscard]] std::string_view view(int column) const;

private:
    void bind(int at, std::uint64_t value);
    void bind(int at, std::string_view value);
    void bind(int at, as_blob value);

    database& on_;
    sqlite3_stmt* s_ = nullptr;
};

/// Lets go of a statement's rows at the end of a block, whatever ends it.
class rewind {
public:
    explicit rewind(statement& s) noexcept : s_(s) {}
    ~rewind() { s_.with(); }
    rewind(const rewind&) = delete;
    rewind& operator=(const rewind&) = delete;

private:
    statement& s_;
};

}  // namespace catena::storage
