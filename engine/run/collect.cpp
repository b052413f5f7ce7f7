#include <catena/chain.hpp>
#include <catena/collect.hpp>
#include <catena/job.hpp>

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

asio::awaitable<void> carry_out(job& all) { co_await all.run(); }

void run_to_the_end(asio::io_context& context, asio::awaitable<void> work)
{
    std::exception_ptr trouble;
    asio::co_spawn(context, std::move(work), [&](std::exception_ptr e) { trouble = e; });
    context.run();
    if (trouble) std::rethrow_exception(trouble);
}

}  // namespace

std::uint64_t collect(const connector& c, const page_taker& take, engine_options options)
{
    asio::io_context context(1);
    engine on(context.get_executor(), std::move(options));
    chain way(on, c);

    run_to_the_end(context, walk(way, take));
    return way.after().records;
}

audit_report collect(const connector& c, store& into, job_options options, engine_options services)
{
    asio::io_context context(1);
    engine on(context.get_executor(), std::move(services));
    job all(on, c, into, std::move(options));
    run_to_the_end(context, carry_out(all));
    return all.report();
}

}  // namespace catena
