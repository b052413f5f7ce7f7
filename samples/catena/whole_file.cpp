#include "whole_file.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace command {

namespace {

/// A file beside the one that is wanted; removed unless it took its place.
class draft {
public:
    explicit draft(std::string path) : path_(std::move(path)), name_(path_ + ".XXXXXX")
    {
        file_ = ::mkstemp(name_.data());
        if (file_ < 0) fail();
    }
    ~draft()
    {
        if (file_ >= 0) ::close(file_);
        if (!placed_) ::unlink(name_.c_str());
    }
    draft(const draft&) = delete;
    draft& operator=(const draft&) = delete;

    void write(std::string_view rest)
    {
        while (!rest.empty()) {
            const ssize_t n = ::write(file_, rest.data(), rest.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) fail();
            rest.remove_prefix(static_cast<std::size_t>(n));
        }
    }

    void take_its_place()
    {
        const mode_t mask = ::umask(0);
        ::umask(mask);
        if (::fchmod(file_, 0666 & ~mask) != 0 || ::fsync(file_) != 0) fail();
        if (::close(std::exchange(file_, -1)) != 0) fail();
        if (::rename(name_.c_str(), path_.c_str()) != 0) fail();
        placed_ = true;
    }

private:
    [[noreturn]] void fail() const
    {
        throw disk_failure("cannot write " + path_ + ": " + std::strerror(errno));
    }

    std::string path_, name_;
    int file_ = -1;
    bool placed_ = false;
};

}  // namespace

void write_whole(const std::string& path, const std::string& text)
{
    // A link stays one: what it leads to is replaced.
    std::error_code ec;
    const std::filesystem::path real = std::filesystem::weakly_canonical(path, ec);
    draft fresh(ec ? path : real.string());
    fresh.write(text);
    fresh.take_its_place();
}

}  // namespace command
