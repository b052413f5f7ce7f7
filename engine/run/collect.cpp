#include <catena/chain.hpp>
#include <catena/collect.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <utility>

namespace catena {

namespace asio = boost::asio;

namespace {

using page_taker = std::function<void(const page&)>;

asio::awaitable<void> walk(chain& way, const page_taker& take)
{
    while (auto next = co_await way.next_page())
        take(*next);
}

}  // namespace

std::uint64_t collect(const connector& c, const page_taker& take, engine_options options)
{
    asio::io_context context(1);
    engine on(context.get_executor(), std::move(options));
    chain way(on, c);

    std::exception_ptr trouble;
    asio::co_spawn(context, walk(way, take), [&](std::exception_ptr e) { trouble = e; });
    context.run();
    if (trouble) std::rethrow_exception(trouble);
    return way.after().records;
}

}  // namespace catena
