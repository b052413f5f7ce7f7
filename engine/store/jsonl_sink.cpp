#include "store/broken.hpp"
#include "store/files.hpp"
#include "store/gzip_writer.hpp"
#include <catena/store/jsonl_sink.hpp>

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <stdexcept>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace catena {

using storage::descriptor;
using storage::in_words;
using storage::refuse;

namespace {

descriptor open_or_make(const std::string& path)
{
    descriptor fresh(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (fresh) {
        storage::sync_folder_of(path);
        return fresh;
    }
    descriptor old(errno == EEXIST ? ::open(path.c_str(), O_RDWR | O_CLOEXEC) : -1);
    if (!old)
        refuse(errc::store_refused, "cannot open " + path + ": " + in_words(errno),
               "make its folder, or give this user the right to read and write it");
    return old;
}

// A line holds no line end of its own.
void append_line(std::string_view record, std::string& to)
{
    const std::size_t begin = to.size();
    to += record;
    for (const char end : {'\n', '\r'}) {
        for (std::size_t at = begin;; ++at) {
            void* const found = std::memchr(to.data() + at, end, to.size() - at);
            if (found == nullptr) break;
            at = static_cast<std::size_t>(static_cast<char*>(found) - to.data());
            to[at] = ' ';
        }
    }
    to += '\n';
}

}  // namespace

class jsonl_sink::impl {
public:
    impl(const std::string& path, const jsonl_options& o) : options_(o)
    {
        if (o.level < 1 || o.level > 9 || o.buffer == 0)
            throw std::invalid_argument("jsonl_options: level is 1 to 9, buffer is not 0");
        path_ = storage::real_path(path);
        file_ = open_or_make(path_);
        const struct stat found = look();
        if (!S_ISREG(found.st_mode))
            refuse(errc::store_refused, path_ + " is no regular file", "give another path");
        if ((found.st_mode & 077) != 0 && o.on_warning)
            o.on_warning(path_ + " may be read or written by others; chmod 600 " + path_);
        if (::flock(file_.number(), LOCK_EX | LOCK_NB) != 0) {
            if (errno == EWOULDBLOCK)
                refuse(errc::store_locked, "another process writes " + path_,
                       "end that process, wait for it, or give another path");
            refuse(errc::store_refused, "cannot lock " + path_ + ": " + in_words(errno),
                   "put it on a local disk");
        }
        if (o.as == jsonl_options::coding::gzip) gzip_.emplace(o.level);
    }

    void resume(std::string_view position)
    {
        check();
        lines_.clear();
        coded_.clear();
        if (gzip_) gzip_->forget();
        const auto size = static_cast<std::uint64_t>(look().st_size);
        const std::uint64_t wanted = read(position);
        if (position.empty() && size != 0)
            refuse(errc::store_refused,
                   path_ + " holds " + std::to_string(size) +
                       " octets, and the store knows of none; nothing was cut",
                   "put the checkpoints back that belong to it, give another path, or remove that "
                   "file");
        if (size < wanted)
            refuse(errc::store_damaged,
                   path_ + " is " + std::to_string(size) + " octets long, and " +
                       std::to_string(wanted) + " were committed: records are lost",
                   "put the whole file back, or begin anew with another store and file");
        if (size > wanted) {
            if (::ftruncate(file_.number(), static_cast<off_t>(wanted)) != 0) fail("cut", errno);
            sync();
        }
        length_ = wanted;
        begun_ = wanted != 0;
    }

    void write(const page_commit& page)
    {
        check();
        for (const stored_record& r : page.records)
            append(r.body);
        if (lines_.size() >= options_.buffer) put_lines();
    }

    std::string flush()
    {
        check();
        put_lines();
        if (gzip_) gzip_->end(coded_);
        put(coded_);
        if (look().st_nlink == 0) fail("written: it was removed or replaced", ENOENT);
        sync();
        return std::to_string(length_);
    }

private:
    void append(std::string_view record)
    {
        if (options_.write)
            options_.write(record, !begun_, lines_);
        else
            append_line(record, lines_);
        begun_ = true;
    }

    void check() const
    {
        if (over_) throw failure(*over_);
    }

    struct stat look() const
    {
        struct stat s = {};
        if (::fstat(file_.number(), &s) != 0)
            refuse(errc::store_failed, "cannot look at " + path_ + ": " + in_words(errno));
        return s;
    }

    std::uint64_t read(std::string_view position) const
    {
        std::uint64_t n = 0;
        const char* const end = position.data() + position.size();
        const auto [at, ec] = std::from_chars(position.data(), end, n);
        if (!position.empty() && (ec != std::errc() || at != end))
            refuse(errc::store_damaged,
                   "the store's position in " + path_ + " is no number: it is another sink's",
                   "give the store the sink that it began with");
        return n;
    }

    void put_lines()
    {
        if (!gzip_) {
            put(lines_);
            return;
        }
        for (std::string_view rest = lines_; !rest.empty();) {
            const std::string_view piece = rest.substr(0, options_.buffer);
            rest.remove_prefix(piece.size());
            gzip_->add(piece, coded_);
            if (coded_.size() >= options_.buffer) put(coded_);
        }
        lines_.clear();
    }

    void put(std::string& octets)
    {
        for (std::string_view rest = octets; !rest.empty();) {
            const ssize_t put =
                ::pwrite(file_.number(), rest.data(), rest.size(), static_cast<off_t>(length_));
            if (put < 0 && errno == EINTR) continue;
            if (put < 0 && storage::is_no_space(errno))
                refuse(errc::store_full,
                       "no space is left for " + path_ + ": " + std::to_string(rest.size()) +
                           " octets wanted, " + in_words(errno),
                       "make room on that disk, or raise the quota or limit");
            if (put < 0) fail("written", errno);
            length_ += static_cast<std::uint64_t>(put);
            rest.remove_prefix(static_cast<std::size_t>(put));
        }
        octets.clear();
    }

    void sync()
    {
        // What a sync did not keep may be gone although a second sync would succeed.
        if (::fdatasync(file_.number()) != 0) fail("synced", errno);
    }

    [[noreturn]] void fail(const char* what, int error_number)
    {
        over_ = storage::story(errc::store_failed,
                               path_ + " cannot be " + what + ", " + in_words(error_number) +
                                   "; what was committed before is safe",
                               "look after the disk and the file; then open the store again");
        throw failure(*over_);
    }

    jsonl_options options_;
    std::string path_;
    descriptor file_;
    std::optional<storage::gzip_writer> gzip_;
    std::string lines_, coded_;
    std::uint64_t length_ = 0;  // of the file, all of it ours
    bool begun_ = false;        // a record is in it, or on its way
    std::optional<diagnostics> over_;
};

jsonl_sink::jsonl_sink(const std::string& path, const jsonl_options& o)
    : impl_(std::make_unique<impl>(path, o))
{
}

jsonl_sink::~jsonl_sink() = default;

void jsonl_sink::resume(std::string_view position) { impl_->resume(position); }
void jsonl_sink::write(const page_commit& page) { impl_->write(page); }
std::string jsonl_sink::flush() { return impl_->flush(); }

}  // namespace catena
