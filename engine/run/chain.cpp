#include "run/chain_impl.hpp"
#include <catena/chain.hpp>
#include <catena/core/identity.hpp>
#include <catena/engine.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace catena {

namespace asio = boost::asio;

namespace {

const diagnostics no_diagnostics{};

void require_same_query(const prepared& p, const checkpoint& from)
{
    if (from.fingerprint == p.beginning->fingerprint) return;
    diagnostics why;
    why.code = errc::foreign_checkpoint;
    why.what = "the checkpoint was made by another connector or query";
    why.connector = p.contract->name;
    why.pages_delivered = from.pages;
    why.records_delivered = from.records;
    why.mend = "use the connector that made it, or start from the beginning";
    throw failure(std::move(why));
}

}  // namespace

chain::chain(engine& on, connector c, const chain_limits& limits)
    : chain(on, std::make_shared<const connector>(std::move(c)), limits)
{
}

chain::chain(engine& on, std::shared_ptr<const connector> c, const chain_limits& limits)
    : executor_(on.get_executor())
{
    auto way = on.impl_->prepare(std::move(c));
    auto start = way->beginning;
    impl_ = std::make_shared<impl>(on.impl_, std::move(way), std::move(start), limits);
}

chain::chain(engine& on, connector c, checkpoint from, const chain_limits& limits)
    : chain(on, std::make_shared<const connector>(std::move(c)), std::move(from), limits)
{
}

chain::chain(engine& on, std::shared_ptr<const connector> c, checkpoint from,
             const chain_limits& limits)
    : executor_(on.get_executor())
{
    auto way = on.impl_->prepare(std::move(c));
    require_same_query(*way, from);
    auto start = std::make_shared<const checkpoint>(std::move(from));
    impl_ = std::make_shared<impl>(on.impl_, std::move(way), std::move(start), limits);
}

chain::chain(chain&& other) noexcept : executor_(other.executor_), impl_(std::move(other.impl_)) {}

chain& chain::operator=(chain&& other) noexcept
{
    if (this != &other) {
        if (impl_) abandon(std::move(impl_));
        executor_ = other.executor_;
        impl_ = std::move(other.impl_);
    }
    return *this;
}

chain::~chain()
{
    if (impl_) abandon(std::move(impl_));
}

// The last owner lets go on the engine's executor, where all of it lives.
void chain::abandon(std::shared_ptr<impl> self)
{
    if (self->home->closed) return;
    const asio::any_io_executor ex = self->home->executor;
    asio::post(ex, [self = std::move(self)] {
        self->abandoned = true;
        self->cancel();
    });
}

asio::awaitable<std::optional<page>> chain::next_page_or_throw(std::shared_ptr<impl> self,
                                                               asio::any_io_executor ex)
{
    constexpr auto tuple = asio::as_tuple(asio::deferred);
    auto operation = detail::initiate<void(error_code, std::optional<page>)>(
        tuple, [self, ex](page_handler h) { start_next_page(self, ex, std::move(h)); });
    auto [ec, next] = co_await std::move(operation);
    if (!ec) co_return std::move(next);

    diagnostics why;
    if (self && self->why && self->why->code == ec) why = *self->why;
    why.code = ec;
    if (self) why.connector = self->way->contract->name;
    throw failure(std::move(why));
}

asio::awaitable<std::optional<page>> chain::next_page()
{
    return next_page_or_throw(impl_, executor_);
}

checkpoint chain::after() const { return impl_ ? *impl_->handed_out : checkpoint(); }

const diagnostics& chain::why() const { return impl_ && impl_->why ? *impl_->why : no_diagnostics; }

}  // namespace catena
