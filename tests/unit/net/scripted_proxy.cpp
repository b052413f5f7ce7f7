#include "scripted_proxy.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace catena::testing {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

constexpr auto tuple = asio::as_tuple(asio::deferred);

asio::awaitable<void> copy(std::shared_ptr<tcp::socket> from, std::shared_ptr<tcp::socket> to)
{
    std::string room(16 * 1024, '\0');
    for (;;) {
        const auto space = asio::buffer(room);
        auto [ec, n] = co_await from->async_read_some(space, tuple);
        boost::system::error_code ignored;
        if (ec) {
            to->shutdown(tcp::socket::shutdown_send, ignored);
            co_return;
        }
        const auto octets = asio::buffer(room, n);
        auto [e, sent] = co_await asio::async_write(*to, octets, tuple);
        if (e) co_return;
    }
}

asio::awaitable<bool> hear(tcp::socket& from, std::size_t size, std::string& said)
{
    if (size != 0) {
        said.resize(size);
        const auto room = asio::buffer(said);
        auto [ec, n] = co_await asio::async_read(from, room, tuple);
        said.resize(n);
        co_return !ec;
    }
    auto buffer = asio::dynamic_buffer(said);
    auto [ec, n] = co_await asio::async_read_until(from, buffer, "\r\n\r\n", tuple);
    co_return !ec;
}

}  // namespace

scripted_proxy::scripted_proxy(asio::io_context& context, director direct)
    : shared_(std::make_shared<state>()),
      acceptor_(std::make_shared<tcp::acceptor>(
          context, tcp::endpoint(asio::ip::address_v4::loopback(), 0))),
      port_(acceptor_->local_endpoint().port())
{
    shared_->direct = std::move(direct);
    asio::co_spawn(context, listen(shared_, acceptor_), asio::detached);
}

scripted_proxy::~scripted_proxy()
{
    boost::system::error_code ignored;
    acceptor_->close(ignored);
}

asio::awaitable<void> scripted_proxy::listen(std::shared_ptr<state> s,
                                             std::shared_ptr<tcp::acceptor> acceptor)
{
    for (;;) {
        auto [ec, socket] = co_await acceptor->async_accept(tuple);
        if (ec) co_return;
        auto near = std::make_shared<tcp::socket>(std::move(socket));
        asio::co_spawn(acceptor->get_executor(), serve(s, near), asio::detached);
    }
}

asio::awaitable<void> scripted_proxy::serve(std::shared_ptr<state> s,
                                            std::shared_ptr<tcp::socket> near)
{
    const std::size_t id = s->heard.size();
    s->heard.emplace_back();
    const script play = s->direct(id);
    for (const turn& t : play.turns) {
        std::string said;
        const bool whole = co_await hear(*near, t.octets, said);
        s->heard[id].push_back(said);
        if (!whole) co_return;
        const auto octets = asio::buffer(t.answer);
        auto [ec, n] = co_await asio::async_write(*near, octets, tuple);
        if (ec) co_return;
    }
    auto far = std::make_shared<tcp::socket>(near->get_executor());
    if (play.leads_to == 0) {
        std::string said;
        while (co_await hear(*near, 1, said)) {
        }
        co_return;
    }
    const tcp::endpoint to(asio::ip::address_v4::loopback(), play.leads_to);
    auto [ec] = co_await far->async_connect(to, tuple);
    if (ec) co_return;
    asio::co_spawn(near->get_executor(), copy(near, far), asio::detached);
    co_await copy(far, near);
}

}  // namespace catena::testing
