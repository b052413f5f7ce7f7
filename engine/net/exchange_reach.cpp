// How an exchange gets to the server: the name's addresses, and a connection to one of them.
#include "core/address_kind.hpp"
#include "net/exchange.hpp"
#include "net/shortage.hpp"
#include "net/steady.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace catena::net {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

asio::awaitable<error_code> exchange::reach(std::string host, std::uint16_t port)
{
    short_of_ = error_code();
    addresses found;
    error_code ec = co_await resolve(host, found);
    if (ec || over()) co_return ec;
    // A proxy is the user's own choice; where it leads was looked at before.
    if (through_ == nullptr) ec = bar(host, found);
    if (ec) co_return ec;

    std::vector<tcp::endpoint> to;
    for (const asio::ip::address& a : found)
        to.emplace_back(a, port);
    ec = co_await connect(host, to);
    co_return ec;
}

asio::awaitable<error_code> exchange::resolve(const std::string& host, addresses& found)
{
    if (!bell_) bell_ = std::make_shared<bell>(wire_->ex);
    // Strict: getaddrinfo would take 0x7f.1 and 2130706433 for addresses, too.
    error_code not_literal;
    const auto literal = asio::ip::make_address(host, not_literal);
    if (!not_literal) {
        found.push_back(literal);
        co_return error_code();
    }
    const time_point now = steady_now();
    if (const addresses* known = wire_->names.find(host, now)) {
        found = *known;
        co_return error_code();
    }

    enter_stage(stage::resolving, now, wire_->options.times.resolve);
    const auto asked = wire_->lookups->ask(host, bell_);
    while (!over() && !asked->done)
        co_await bell_->wait();
    if (over()) co_return asio::error::operation_aborted;
    if (asked->ec) {
        if (is_out_of_files(asked->ec)) short_of_ = asked->ec;
        report_.detail = "the name " + host + " was not resolved: " + asked->ec.message();
        co_return asked->ec;
    }
    found = wire_->names.learn(host, asked->found, steady_now());
    co_return error_code();
}

// Only here is it known where a name, or a spelling of an address, leads today.
error_code exchange::bar(const std::string& host, addresses& found)
{
    const wire_options& o = wire_->options;
    if (o.addresses == address_rule::any || ask_->own_address) return {};
    const auto is_host = [&](const std::string& t) { return equal_ignoring_case(t, host); };
    if (std::any_of(o.trusted_hosts.begin(), o.trusted_hosts.end(), is_host)) return {};

    std::string barred;
    std::erase_if(found, [&](const asio::ip::address& a) {
        const char* const kind =
            a.is_v4() ? special_kind(a.to_v4().to_bytes()) : special_kind(a.to_v6().to_bytes());
        if (kind == nullptr) return false;
        barred += (barred.empty() ? "" : ", ") + a.to_string() + " (" + kind + ')';
        return true;
    });
    if (!found.empty()) return {};
    report_.detail = "the host " + host + " leads to " + barred +
                     ", and wire_options::addresses is public_only; nothing was opened";
    return errc::address_barred;
}

asio::awaitable<error_code> exchange::connect(const std::string& host,
                                              const std::vector<tcp::endpoint>& to)
{
    const time_limits& times = wire_->options.times;
    const time_point now = steady_now();
    enter_stage(stage::connecting, now, times.connect);
    const dial::pace pace{std::min(saturating_add(now, times.connect), request_due_),
                          times.next_address};
    dial_ = std::make_shared<dial>(wire_->ex, wire_->clock, to, pace, bell_);
    dial_->start();
    while (!over() && !dial_->over())
        co_await bell_->wait();
    if (over()) co_return asio::error::operation_aborted;

    const std::shared_ptr<dial> tried = std::move(dial_);
    error_code ec = tried->outcome();
    if (ec) {
        if (tried->was_short()) short_of_ = ec;
        report_.detail = tried->story();
        wire_->names.distrust(host);
        co_return ec;
    }
    wire_->names.worked(host, tried->reached().address());
    line_->socket = tried->take();
    line_->opened = steady_now();
    line_->socket.set_option(tcp::no_delay(true), ec);
    line_->socket.non_blocking(true, ec);
    co_return ec;
}

// T16, T17: nothing fails for want of a socket as long as there is time for the request.
asio::awaitable<void> exchange::outlast_shortage()
{
    constexpr duration between_tries = std::chrono::seconds(1);
    const time_point now = steady_now();
    if (wire_->begins_shortage(now))
        report_.shortage = describe_shortage(short_of_) +
                           "; idle connections are closed, and what cannot be opened waits for "
                           "one to become free";
    report_.detail.clear();
    line_.reset();

    const bool abruptly = !is_out_of_files(short_of_);
    if (wire_->connections.find_room(*this, abruptly, now, line_)) co_return;
    relieved_ = false;
    enter_stage(stage::starving, now, between_tries);
    while (!over() && !relieved_)
        co_await bell_->wait();
}

}  // namespace catena::net
