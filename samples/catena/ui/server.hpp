#pragma once

#include "ui/site.hpp"
#include <catena/core/time.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace ui {

/// What the server takes at most.
struct server_limits {
    server_limits() {}

    std::size_t connections = 32;                         ///< More are closed unread.
    std::uint32_t head = 8 * 1024;                        ///< Octets of a request.
    catena::duration request = std::chrono::seconds(10);  ///< Until its head is whole.
    catena::duration send = std::chrono::seconds(10);     ///< Until its answer is out.
};

/** A small HTTP/1.1 server for @ref site, on 127.0.0.1 alone.

    Only the head of a request is read; one that announces a body is refused and closed. It waits
    for nobody: whoever is slow loses its connection.

    @par Executor
    All work is done on the given one, and the site is asked there.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class server {
public:
    /// @param port 0: one that is free.
    /// @throws boost::system::system_error where it cannot be had.
    server(boost::asio::any_io_executor ex, site pages, std::uint16_t port,
           server_limits limits = {});
    ~server();
    server(const server&) = delete;
    server& operator=(const server&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept;
    [[nodiscard]] std::string url() const;  ///< "http://127.0.0.1:PORT/"

    /** From now on the data is the last: whoever has asked for it before is to see it.

        @param done Called once, not within this call: when each open connection that has asked for
                    data has got it once more, or is gone, or `patience` is over; at once if there
                    is none.
    */
    void finish(catena::duration patience, std::function<void()> done);

    /// Close everything. `done` of finish() is dropped.
    void stop();

private:
    struct impl;
    std::shared_ptr<impl> impl_;
};

}  // namespace ui
