#include "store/opening.hpp"

#include "store/broken.hpp"
#include "store/ledger.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace catena::storage {

namespace {

namespace fs = std::filesystem;

void make_folder_of(const std::string& path)
{
    std::error_code ignored;
    const fs::path folder = fs::absolute(path, ignored).parent_path();
    if (::mkdir(folder.c_str(), 0700) == 0) return sync_folder_of(folder.string());
    if (errno != EEXIST)
        refuse(errc::store_refused,
               "cannot make the folder " + folder.string() + ": " + in_words(errno));
}

std::string exactly(const std::string& path, const sqlite_options& o)
{
    if (o.group_calls == 0 || o.group_octets == 0 || o.log_octets == 0 ||
        o.busy < duration::zero() || o.retry_every <= duration::zero() ||
        o.patience < duration::zero())
        throw std::invalid_argument("sqlite_options: limits and times are positive");
    if (o.make_folder && !o.read_only && !path.empty()) make_folder_of(path);
    return real_path(path);
}

// Under another name until it is whole: what bears a store's name is a store.
void make_new(const std::string& path, const sqlite_options& o)
{
    const std::string name = path + ".new";
    for (const char* part : {"", "-wal", "-shm", "-journal"})
        ::unlink((name + part).c_str());
    if (!descriptor(::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600)))
        refuse(errc::store_refused, "cannot make the store " + path + ": " + in_words(errno),
               "give this user the right to write there");
    {
        database fresh(name, o.vfs, o.busy, database::access::create);
        fresh.run(("PRAGMA page_size=" + std::to_string(page_octets)).c_str());
        make_tables(fresh, ledger::record_mode(o.records != nullptr));
        if (fresh.text("PRAGMA journal_mode=WAL") != "wal")
            refuse(errc::store_refused, "SQLite has no WAL mode for " + path,
                   "put the store on a local disk");
    }
    if (::rename(name.c_str(), path.c_str()) != 0)
        refuse(errc::store_refused, "cannot name the store " + path + ": " + in_words(errno));
    sync_folder_of(path);
}

void check_old(const std::string& path, const struct stat& found, const sqlite_options& o)
{
    const char* const mend = "put a copy of the store back, or give another path to begin anew";
    if (!S_ISREG(found.st_mode)) refuse(errc::store_refused, path + " is no file", mend);
    if (found.st_size == 0)
        refuse(errc::store_damaged, path + " is empty, which a store never is", mend);
    if ((found.st_mode & 077) != 0 && o.on_warning)
        o.on_warning(path + " may be read or written by others, and holds cursors; chmod 600 " +
                     path);
}

// With the lock a store is left as if nobody had looked: a process that only reads cannot take its
// own traces away. It is given back at once, so that a run may begin while somebody looks.
opened open_to_read(const std::string& path, const sqlite_options& o)
{
    opened store;
    try {
        store.lock.emplace(path);
    } catch (const failure& f) {
        if (f.code() != errc::store_locked && f.code() != errc::store_refused) throw;
    }
    using access = database::access;
    const access how = store.lock ? access::look : access::peek;
    store.db = std::make_unique<database>(path, o.vfs, o.busy, how);
    check_tables(*store.db);
    store.lock.reset();
    return store;
}

}  // namespace

opened open_file(const std::string& given, const sqlite_options& o)
{
    const std::string path = exactly(given, o);
    struct stat found = {};
    if (o.read_only && ::stat(path.c_str(), &found) != 0)
        refuse(errc::store_refused, "there is no store " + path, "name one that a run has left");
    opened store;
    if (!o.read_only) store.lock.emplace(path);
    try {
        const bool is_there = ::stat(path.c_str(), &found) == 0;
        if (is_there) check_old(path, found, o);
        if (o.read_only) return open_to_read(path, o);
        if (!is_there) {
            struct stat log = {};
            // A log belongs to the file that it was written for: pages of it would be in no file.
            if (::stat((path + "-wal").c_str(), &log) == 0 && log.st_size != 0)
                refuse(errc::store_damaged,
                       path + " is gone, and its log " + path + "-wal is still there",
                       "put the store back beside its log; or, to begin anew, remove the log");
            make_new(path, o);
        }
        store.db = std::make_unique<database>(path, o.vfs, o.busy, database::access::write);
        check_tables(*store.db);
        if (store.db->text("PRAGMA journal_mode") != "wal")
            refuse(errc::store_foreign, path + " is not in WAL mode, as catena leaves it",
                   "run PRAGMA journal_mode=WAL on it");
        return store;
    } catch (const broken& b) {
        throw failure(b.why);
    }
}

}  // namespace catena::storage
