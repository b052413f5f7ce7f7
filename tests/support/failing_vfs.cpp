#include "support/failing_vfs.hpp"

#include <cstddef>
#include <new>
#include <sqlite3.h>
#include <utility>

namespace catena::testing {

using kind = disk_event::kind;

struct failing_vfs::impl {
    sqlite3_vfs vfs{};
    sqlite3_vfs* real = nullptr;
    std::string name;
    watcher watch;
};

namespace {

using owner = failing_vfs::watcher;

struct file {
    sqlite3_file base;
    sqlite3_file* real;
    const owner* watch;
    std::string* path;
};

file& of(sqlite3_file* f) { return *reinterpret_cast<file*>(f); }

int ask(const file& f, kind what, std::int64_t at = 0, const void* octets = nullptr, int size = 0)
{
    disk_event e;
    e.what = what;
    e.file = *f.path;
    e.at = at;
    e.octets = octets;
    e.size = size;
    return (*f.watch)(e);
}

int close_file(sqlite3_file* f)
{
    const int code = of(f).real->pMethods->xClose(of(f).real);
    delete of(f).path;
    return code;
}
int read(sqlite3_file* f, void* to, int size, sqlite3_int64 at)
{
    return of(f).real->pMethods->xRead(of(f).real, to, size, at);
}
int write(sqlite3_file* f, const void* from, int size, sqlite3_int64 at)
{
    if (const int code = ask(of(f), kind::write, at, from, size)) return code;
    return of(f).real->pMethods->xWrite(of(f).real, from, size, at);
}
int truncate(sqlite3_file* f, sqlite3_int64 size)
{
    if (const int code = ask(of(f), kind::truncate, size)) return code;
    return of(f).real->pMethods->xTruncate(of(f).real, size);
}
int sync(sqlite3_file* f, int flags)
{
    const int code = ask(of(f), kind::sync);
    if (code != SQLITE_OK) return code == failing_vfs::done_already ? SQLITE_OK : code;
    return of(f).real->pMethods->xSync(of(f).real, flags);
}
int size_of(sqlite3_file* f, sqlite3_int64* size)
{
    return of(f).real->pMethods->xFileSize(of(f).real, size);
}
int lock(sqlite3_file* f, int level) { return of(f).real->pMethods->xLock(of(f).real, level); }
int unlock(sqlite3_file* f, int level) { return of(f).real->pMethods->xUnlock(of(f).real, level); }
int is_reserved(sqlite3_file* f, int* yes)
{
    return of(f).real->pMethods->xCheckReservedLock(of(f).real, yes);
}
int control(sqlite3_file* f, int what, void* with)
{
    return of(f).real->pMethods->xFileControl(of(f).real, what, with);
}
int sector(sqlite3_file* f) { return of(f).real->pMethods->xSectorSize(of(f).real); }
int traits(sqlite3_file* f) { return of(f).real->pMethods->xDeviceCharacteristics(of(f).real); }
int map(sqlite3_file* f, int page, int size, int extend, void volatile** at)
{
    return of(f).real->pMethods->xShmMap(of(f).real, page, size, extend, at);
}
int shm_lock(sqlite3_file* f, int at, int n, int flags)
{
    return of(f).real->pMethods->xShmLock(of(f).real, at, n, flags);
}
void barrier(sqlite3_file* f) { of(f).real->pMethods->xShmBarrier(of(f).real); }
int unmap(sqlite3_file* f, int remove)
{
    return of(f).real->pMethods->xShmUnmap(of(f).real, remove);
}

const sqlite3_io_methods methods = {
    2,       close_file, read,   write, truncate, sync,    size_of, lock,    unlock, is_reserved,
    control, sector,     traits, map,   shm_lock, barrier, unmap,   nullptr, nullptr};

}  // namespace

failing_vfs::failing_vfs(watcher w) : impl_(std::make_unique<impl>())
{
    static int count = 0;
    impl_->name = "failing-" + std::to_string(++count);
    impl_->watch = std::move(w);
    impl_->real = sqlite3_vfs_find(nullptr);
    impl_->vfs = *impl_->real;
    impl_->vfs.zName = impl_->name.c_str();
    impl_->vfs.szOsFile = static_cast<int>(sizeof(file)) + impl_->real->szOsFile;
    impl_->vfs.pAppData = impl_.get();
    impl_->vfs.xOpen = [](sqlite3_vfs* v, const char* path, sqlite3_file* f, int flags, int* got) {
        auto& self = *static_cast<impl*>(v->pAppData);
        auto* mine = new (f) file{};
        mine->real = reinterpret_cast<sqlite3_file*>(mine + 1);
        const int code = self.real->xOpen(self.real, path, mine->real, flags, got);
        if (code != SQLITE_OK) return code;
        mine->watch = &self.watch;
        mine->path = new std::string(path != nullptr ? path : "");
        mine->base.pMethods = &methods;
        return code;
    };
    impl_->vfs.xDelete = [](sqlite3_vfs* v, const char* path, int sync_folder) {
        auto& self = *static_cast<impl*>(v->pAppData);
        disk_event e;
        e.what = kind::remove;
        e.file = path;
        if (const int code = self.watch(e)) return code;
        return self.real->xDelete(self.real, path, sync_folder);
    };
    sqlite3_vfs_register(&impl_->vfs, 0);
}

failing_vfs::~failing_vfs() { sqlite3_vfs_unregister(&impl_->vfs); }

const std::string& failing_vfs::name() const { return impl_->name; }

}  // namespace catena::testing
