#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What a program pays for the same coroutine before it asks for anything of catena's.
boost::asio::awaitable<std::optional<std::vector<std::string>>> next_page();

boost::asio::awaitable<std::uint64_t> count()
{
    std::uint64_t records = 0;
    while (auto page = co_await next_page())
        records += page->size();
    co_return records;
}
