#pragma once

#include "net/bell.hpp"
#include "net/name_book.hpp"
#include <catena/error.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace catena::net {

/// One name that is being looked up. Read and written on the executor only.
struct lookup {
    bool done = false;
    error_code ec;
    addresses found;
    std::vector<std::weak_ptr<bell>> waiting;
};

/** Asks the system for the addresses of names, without blocking the executor.

    The system's call cannot be cancelled and may take half a minute, and Asio's resolver has one
    thread for all names of a context. Here up to four names are looked up at once, each on a
    thread that ends with its work; equal names are looked up once. A thread that hangs in the
    system's call is not waited for: it owns what it needs, and what it brings is dropped.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe; the threads are an inner matter.
*/
class resolver : public std::enable_shared_from_this<resolver> {
public:
    explicit resolver(const boost::asio::any_io_executor& ex);
    ~resolver();
    resolver(const resolver&) = delete;
    resolver& operator=(const resolver&) = delete;

    /// Ask for a name. `who` is rung, never inside this call, when the lookup is done.
    [[nodiscard]] std::shared_ptr<const lookup> ask(const std::string& host,
                                                    const std::shared_ptr<bell>& who);

    /// Drop what is under way. After this call no thread touches the executor.
    void close() noexcept;

private:
    struct answer {
        error_code ec;
        addresses found;
    };
    struct crew;

    static answer look_up(const std::string& host) noexcept;
    static void work(const std::shared_ptr<crew>& c) noexcept;
    static void deliver(crew& c, const std::string& host, answer a);
    void take(const std::string& host, answer a);

    std::shared_ptr<crew> crew_;  // shared with the threads
    std::map<std::string, std::shared_ptr<lookup>> under_way_;
};

}  // namespace catena::net
