#include "fresh_files.hpp"

#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/file.h>
#include <sys/types.h>
#include <system_error>
#include <unistd.h>

namespace command {

namespace fs = std::filesystem;

namespace {

bool is_there(const std::string& path)
{
    std::error_code ec;
    return fs::exists(fs::symlink_status(path, ec));
}

/// A file's lock, as stores and sinks take it: while this lives, no other run uses the file.
class guard {
public:
    explicit guard(const std::string& path)
        : file_(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW)),
          has_(file_ >= 0 && ::flock(file_, LOCK_EX | LOCK_NB) == 0)
    {
    }
    ~guard()
    {
        if (file_ >= 0) ::close(file_);
    }
    guard(const guard&) = delete;
    guard& operator=(const guard&) = delete;

    [[nodiscard]] bool has() const noexcept { return has_; }

    /// Whether this process was the last one that held it: a store's lock names its holder.
    [[nodiscard]] bool was_ours() const
    {
        const std::string ours = "process " + std::to_string(::getpid()) + ' ';
        std::string text(ours.size(), '\0');
        return ::pread(file_, text.data(), text.size(), 0) == ssize_t(text.size()) && text == ours;
    }

private:
    int file_;
    bool has_;
};

/// A text that is not empty, or a folder of pages.
bool holds_something(const std::string& path)
{
    std::error_code unreadable;
    const bool empty = fs::is_empty(path, unreadable);
    return is_there(path) && (unreadable || !empty);
}

void remove_text(const std::string& path)
{
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) fs::remove(path, ignored);  // refused unless it is empty
    if (!fs::is_regular_file(path, ignored)) return;
    const guard alone(path);
    if (alone.has() && fs::file_size(path, ignored) == 0) fs::remove(path, ignored);
}

// The lock goes last, and while it is held: whoever gets it later sees that it is gone.
void remove_store(const std::string& path)
{
    const guard alone(path + ".lock");
    if (!alone.has() || !alone.was_ours()) return;
    std::error_code ignored;
    for (const char* part : {"", "-wal", "-shm", ".lock"})
        fs::remove(path + part, ignored);
}

}  // namespace

void fresh_files::expect(const std::string& store, const std::string& text)
{
    store_ = store;
    text_ = text;
    new_store_ = !is_there(store);
    new_text_ = !text.empty() && !is_there(text);
}

void fresh_files::disown() noexcept
{
    new_store_ = true;
    new_text_ = !text_.empty();
    armed_ = true;
}

void fresh_files::withdraw()
{
    if (!armed_) return;
    // Records whose checkpoints are gone would be in the way of the next run.
    if (new_text_ && holds_something(text_)) return;
    if (new_text_) remove_text(text_);
    if (new_store_) remove_store(store_);
}

}  // namespace command
