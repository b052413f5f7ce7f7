#pragma once

#include <zlib.h>

#include <string>
#include <string_view>

namespace catena::storage {

/// Makes gzip members.
class gzip_writer {
public:
    explicit gzip_writer(int level);
    ~gzip_writer() { deflateEnd(&z_); }
    gzip_writer(const gzip_writer&) = delete;
    gzip_writer& operator=(const gzip_writer&) = delete;

    /// Code `octets` of the member that is open, or of a new one, to the end of `to`.
    void add(std::string_view octets, std::string& to);
    /// End the member, if there is one.
    void end(std::string& to);
    /// As if nothing had been added.
    void forget();

private:
    void run(std::string_view octets, int how, std::string& to);

    z_stream z_{};
    bool open_ = false;
};

}  // namespace catena::storage
