#include "support/walk.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <utility>

namespace catena::testing {

namespace asio = boost::asio;

namespace {

asio::awaitable<void> take_all(chain& way, walked& out)
{
    try {
        while (auto next = co_await way.next_page()) {
            ++out.pages;
            for (const std::string_view record : next->records())
                out.records.emplace_back(record);
        }
    } catch (const failure& f) {
        out.why = f.why();
    }
}

walked run(asio::io_context& context, chain& way)
{
    walked out;
    asio::co_spawn(context, take_all(way, out), asio::detached);
    context.run();
    return out;
}

}  // namespace

walked walk(const connector& c, engine_options options, chain_limits limits)
{
    asio::io_context context(1);
    engine on(context.get_executor(), std::move(options));
    chain way(on, c, limits);
    return run(context, way);
}

walked walk_from(const connector& c, const checkpoint& from, engine_options options,
                 chain_limits limits)
{
    asio::io_context context(1);
    engine on(context.get_executor(), std::move(options));
    chain way(on, c, from, limits);
    return run(context, way);
}

}  // namespace catena::testing
