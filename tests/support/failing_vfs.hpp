#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace catena::testing {

/// Something that SQLite is about to do to a file.
struct disk_event {
    enum class kind { write, truncate, sync, remove };

    kind what = kind::write;
    std::string file;
    std::int64_t at = 0;  ///< Of a write; the new length for truncate.
    const void* octets = nullptr;
    int size = 0;
};

/** SQLite's own file system, with a watcher that may refuse each change.

    Registered with SQLite under name() while this object lives. The watcher is called on SQLite's
    thread, and not for what is memory only (PATH-shm).
*/
class failing_vfs {
public:
    /// Answers 0, the SQLite code that the call shall fail with, or done_already.
    using watcher = std::function<int(const disk_event&)>;
    /// The call succeeds and nothing is done.
    static constexpr int done_already = -1;

    explicit failing_vfs(watcher w);
    ~failing_vfs();
    failing_vfs(const failing_vfs&) = delete;
    failing_vfs& operator=(const failing_vfs&) = delete;

    [[nodiscard]] const std::string& name() const;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace catena::testing
