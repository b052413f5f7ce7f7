#include <catena/catena.hpp>

#include <cstdint>

// The same with all of catena: one coroutine that walks a chain.
boost::asio::awaitable<std::uint64_t> count(catena::chain& chain)
{
    std::uint64_t records = 0;
    while (auto page = co_await chain.next_page())
        records += page->records().size();
    co_return records;
}
