#include "store/database.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <utility>

namespace catena::storage {

namespace {

broken broken_by(remedy by, errc code, std::string what, std::string mend)
{
    return {story(code, std::move(what), std::move(mend)), by};
}

bool is_damage(int extended) noexcept
{
    const int primary = extended & 0xff;
    return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB ||
           extended == SQLITE_IOERR_SHORT_READ || extended == SQLITE_IOERR_CORRUPTFS;
}

}  // namespace

broken database::trouble(int code) const
{
    const int last_number = errno;
    const int extended = db_ != nullptr ? sqlite3_extended_errcode(db_) : code;
    const int primary = code & 0xff;
    const bool system = primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN;
    // SQLite keeps the number for most calls, but not for COMMIT.
    const int kept = db_ != nullptr ? sqlite3_system_errno(db_) : 0;
    const int number = !system ? 0 : kept != 0 ? kept : last_number;
    const std::string told = db_ != nullptr ? sqlite3_errmsg(db_) : sqlite3_errstr(code);
    const std::string where = path_ + ": " + told;
    const std::string cause = number != 0 ? where + ", " + in_words(number) : where;
    const char* const safe = "; what was committed before is safe";

    if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED)
        return broken_by(remedy::wait, errc::store_locked, "another program holds " + where,
                         "end the program that has a transaction open on that database");
    if (is_damage(extended) || primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB)
        return broken_by(remedy::end,
                         primary == SQLITE_NOTADB ? errc::store_foreign : errc::store_damaged,
                         "the store is damaged or is none: " + where,
                         "put a copy of it back, or give another path to begin anew");
    // What a sync did not keep may be gone although a second sync would succeed.
    const bool sync = extended == SQLITE_IOERR_FSYNC || extended == SQLITE_IOERR_DIR_FSYNC;
    if (primary == SQLITE_FULL || (primary == SQLITE_IOERR && !sync && is_no_space(number)))
        return broken_by(remedy::wait, errc::store_full, "no space is left for " + cause + safe,
                         "make room on that disk, or raise the quota or limit");
    if (primary == SQLITE_READONLY || primary == SQLITE_CANTOPEN || primary == SQLITE_PERM)
        return broken_by(remedy::end, errc::store_refused,
                         "the store cannot be opened or written: " + cause,
                         "give this user the right to write the file and its folder");
    return broken_by(remedy::end, errc::store_failed, "the store has failed: " + cause + safe,
                     "look after the disk; then open the store again");
}

database::database(std::string path, const std::string& vfs, duration busy, access how)
    : path_(std::move(path))
{
    if (!vfs.empty() && sqlite3_vfs_find(vfs.c_str()) == nullptr)
        throw broken_by(remedy::end, errc::store_refused, "SQLite knows no VFS named " + vfs,
                        "register it before the store is opened");
    const int flags = SQLITE_OPEN_NOMUTEX |
                      (how == access::peek ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) |
                      (how == access::create ? SQLITE_OPEN_CREATE : 0);
    const int code =
        sqlite3_open_v2(path_.c_str(), &db_, flags, vfs.empty() ? nullptr : vfs.c_str());
    try {
        if (code != SQLITE_OK) throw trouble(code);
        apply_settings(busy, how);
    } catch (...) {
        sqlite3_close(db_);
        throw;
    }
}

database::~database() { sqlite3_close(db_); }

void database::apply_settings(duration busy, access how)
{
    if (how != access::peek && sqlite3_db_readonly(db_, "main") == 1)
        throw broken_by(remedy::end, errc::store_refused, path_ + " may be read only",
                        "give this user the right to write it");
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(busy).count();
    sqlite3_busy_timeout(db_, static_cast<int>(std::min<std::int64_t>(ms, INT_MAX)));
    sqlite3_extended_result_codes(db_, 1);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    // SQLite's own copying forgives a failed sync and tries it again. Ours does not.
    const auto count = [](void* self, sqlite3*, const char*, int pages) {
        static_cast<database*>(self)->log_octets_ = static_cast<std::size_t>(pages) * page_octets;
        return SQLITE_OK;
    };
    sqlite3_wal_hook(db_, count, this);
    run("PRAGMA synchronous=FULL; PRAGMA cell_size_check=ON; PRAGMA cache_size=-16384;"
        "PRAGMA journal_size_limit=67108864; PRAGMA temp_store=MEMORY");
    if (how == access::look) run("PRAGMA query_only=ON");
}

void database::run(const char* sql)
{
    errno = 0;
    const int code = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) throw trouble(code);
}

std::int64_t database::number(const char* sql)
{
    statement s(*this, sql);
    return s.step() ? static_cast<std::int64_t>(s.number(0)) : 0;
}

std::string database::text(const char* sql)
{
    statement s(*this, sql);
    return s.step() ? s.text(0) : std::string();
}

void database::roll_back() noexcept
{
    // Many failures have undone the transaction already.
    if (sqlite3_get_autocommit(db_) == 0) sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr);
}

void database::copy_log(std::size_t octets)
{
    if (log_octets_ < octets) copy_at_ = octets;
    if (log_octets_ < copy_at_) return;
    copy_at_ = log_octets_ + octets;  // if it cannot be copied now, then later
    errno = 0;
    const int code =
        sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (code == SQLITE_OK) return;
    const broken b = trouble(code);
    if (b.by != remedy::wait) throw b;
}

void database::leave_alone() noexcept
{
    sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

statement::statement(database& on, const char* sql) : on_(on)
{
    const int code =
        sqlite3_prepare_v3(on.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &s_, nullptr);
    if (code != SQLITE_OK) throw on.trouble(code);
}

bool statement::step()
{
    errno = 0;
    const int code = sqlite3_step(s_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    const broken b = on_.trouble(code);
    sqlite3_reset(s_);
    throw b;
}

int statement::run()
{
    while (step()) {
    }
    const int changes = sqlite3_changes(on_.handle());
    sqlite3_reset(s_);
    return changes;
}

std::string_view statement::view(int column) const
{
    const auto* octets = static_cast<const char*>(sqlite3_column_blob(s_, column));
    const int size = sqlite3_column_bytes(s_, column);
    return octets != nullptr ? std::string_view(octets, static_cast<std::size_t>(size))
                             : std::string_view();
}

void statement::bind(int at, std::uint64_t value)
{
    const int code = sqlite3_bind_int64(s_, at, static_cast<sqlite3_int64>(value));
    if (code != SQLITE_OK) throw on_.trouble(code);
}

void statement::bind(int at, std::string_view value)
{
    // An empty view may have no address, which SQLite would take for NULL.
    const char* octets = value.data() != nullptr ? value.data() : "";
    const int code = sqlite3_bind_text64(s_, at, octets, value.size(), SQLITE_STATIC, SQLITE_UTF8);
    if (code != SQLITE_OK) throw on_.trouble(code);
}

void statement::bind(int at, as_blob value)
{
    const std::string_view octets = value.octets;
    const int code = octets.empty()
                         ? sqlite3_bind_zeroblob(s_, at, 0)
                         : sqlite3_bind_blob64(s_, at, octets.data(), octets.size(), SQLITE_STATIC);
    if (code != SQLITE_OK) throw on_.trouble(code);
}

}  // namespace catena::storage
