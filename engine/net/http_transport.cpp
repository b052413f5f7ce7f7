#include "net/context_watch.hpp"
#include "net/exchange.hpp"
#include "net/wire.hpp"
#include <catena/net/http_transport.hpp>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace catena {
namespace {

void require(bool good, const char* what)
{
    if (!good) throw std::invalid_argument(what);
}

const wire_options& checked(const wire_options& o)
{
    const time_limits& t = o.times;
    for (duration d :
         {t.resolve, t.connect, t.tls, t.first_octet, t.idle, t.request, t.rate_window})
        require(d > duration::zero(), "every one of time_limits must be more than zero");
    require(t.names_kept >= duration::zero(), "time_limits::names_kept is negative");
    require(t.next_address >= std::chrono::milliseconds(10),
            "time_limits::next_address is less than 10 ms");
    require(o.pool.connections_per_origin > 0, "pool_limits::connections_per_origin is zero");
    require(o.pool.idle_time >= duration::zero(), "pool_limits::idle_time is negative");
    require(o.pool.most_age >= duration::zero(), "pool_limits::most_age is negative");
    require(o.intake.header_octets > 0, "intake_limits::header_octets is zero");
    require(o.intake.chunk_line_octets > 0, "intake_limits::chunk_line_octets is zero");
    require(o.tls.key_file.empty() || !o.tls.certificate_file.empty(),
            "trust::key_file is set and trust::certificate_file is not");
    return o;
}

}  // namespace

struct http_transport::impl {
    impl(const boost::asio::any_io_executor& ex, const wire_options& o)
        : shared(std::make_shared<net::wire>(ex, o))
    {
        net::context_watch::add(ex, shared);
    }

    std::shared_ptr<net::wire> shared;
};

http_transport::http_transport(boost::asio::any_io_executor ex, const wire_options& options)
    : impl_(std::make_shared<impl>(ex, checked(options)))
{
}

http_transport::~http_transport()
{
    if (!impl_->shared->closed) impl_->shared->stop(net::timed::stop::closing);
}

void http_transport::async_exchange(const http_request& ask, response_receiver& to, handler done)
{
    std::make_shared<net::exchange>(impl_->shared, ask, to, std::move(done))->start();
}

}  // namespace catena
