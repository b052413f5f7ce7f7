#include "net/dial.hpp"

#include "net/shortage.hpp"
#include "net/steady.hpp"

#include <algorithm>
#include <utility>

namespace catena::net {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

dial::dial(const asio::any_io_executor& ex, std::shared_ptr<deadlines> clock,
           const std::vector<endpoint>& to, const pace& p, std::shared_ptr<bell> done)
    : ex_(ex), clock_(std::move(clock)), done_(std::move(done)), pace_(p), attempts_(to.size())
{
    for (std::size_t i = 0; i < to.size(); ++i)
        attempts_[i].to = to[i];
}

dial::~dial() { clock_->remove(*this); }

void dial::start() { begin_next(steady_now()); }

void dial::on_overdue(time_point now) { begin_next(now); }

void dial::on_stop(stop) { give_up(); }

void dial::begin_next(time_point now)
{
    clock_->remove(*this);
    while (begun_ < attempts_.size()) {
        const std::size_t left = attempts_.size() - begun_;
        if (!begin(attempts_[begun_++])) continue;
        if (left == 1) return;
        const duration rest = std::max(pace_.due - now, duration::zero());
        const duration share = rest / static_cast<duration::rep>(left);
        return clock_->set(*this, saturating_add(now, std::min(pace_.head_start, share)));
    }
    if (under_way_ == 0) conclude();
}

bool dial::begin(attempt& a)
{
    if (const error_code ec = open(a)) {
        fail(a, state::failed, ec);
        return false;
    }
    a.is = state::under_way;
    ++under_way_;
    auto self = std::static_pointer_cast<dial>(shared_from_this());
    a.socket->async_connect(a.to, [self, &a](error_code outcome) {
        if (a.is == state::under_way) self->on_connected(a, outcome);
    });
    return true;
}

error_code dial::open(attempt& a)
{
    error_code ec;
    a.socket.emplace(ex_);
    a.socket->open(a.to.protocol(), ec);
    if (!is_out_of_files(ec)) return ec;

    short_of_ = ec;
    const auto first = std::find_if(attempts_.begin(), attempts_.end(), [](const attempt& other) {
        return other.is == state::under_way;
    });
    if (first == attempts_.end()) return ec;
    --under_way_;
    fail(*first, state::failed, ec);
    a.socket->open(a.to.protocol(), ec);
    return ec;
}

void dial::on_connected(attempt& a, error_code ec)
{
    if (over_) return;
    --under_way_;
    if (!ec) {
        winner_ = &a;
        return conclude();
    }
    fail(a, state::failed, ec);
    if (is_out_of_ports(ec, a.to)) short_of_ = ec;
    begin_next(steady_now());
}

void dial::fail(attempt& a, state how, error_code ec)
{
    a.is = how;
    a.ec = ec;
    a.socket.reset();
}

void dial::expire()
{
    if (over_) return;  // connected in the very turn in which the time ran out
    for (attempt& a : attempts_)
        if (a.is == state::under_way) fail(a, state::late, errc::timed_out_connect);
    conclude();
}

void dial::conclude()
{
    give_up();
    done_->ring();
}

void dial::give_up() noexcept
{
    over_ = true;
    clock_->remove(*this);
    for (attempt& a : attempts_)
        if (&a != winner_) a.socket.reset();
}

error_code dial::outcome() const
{
    if (winner_ != nullptr) return {};
    if (short_of_) return short_of_;
    error_code last = errc::timed_out_connect;
    for (const attempt& a : attempts_)
        if (a.is == state::failed) last = a.ec;
    return last;
}

std::string dial::story() const
{
    std::string text;
    for (const attempt& a : attempts_) {
        if (a.is == state::waiting) continue;
        if (!text.empty()) text += "; ";
        text += a.to.address().to_string() + " port " + std::to_string(a.to.port()) + ": ";
        text += a.is == state::failed ? a.ec.message() + " (" + std::to_string(a.ec.value()) + ')'
                                      : "no answer in time";
    }
    return text;
}

tcp::socket dial::take() { return std::move(*winner_->socket); }

}  // namespace catena::net
