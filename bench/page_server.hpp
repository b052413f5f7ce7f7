#pragma once

#include <cstddef>
#include <sys/types.h>

namespace catena::bench {

/** Endless ordered pages of so many records, served by a process of its own on the second core.

    `GET /items` begins, `GET /items?cursor=N` goes on.
*/
class page_server {
public:
    explicit page_server(std::size_t records);
    ~page_server();
    page_server(const page_server&) = delete;
    page_server& operator=(const page_server&) = delete;

    [[nodiscard]] unsigned short port() const { return port_; }

private:
    pid_t child_ = -1;
    int life_ = -1;  // the child ends when this closes
    unsigned short port_ = 0;
};

}  // namespace catena::bench
