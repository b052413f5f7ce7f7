#pragma once

#include "net/bell.hpp"
#include "net/connection.hpp"
#include "net/deadlines.hpp"
#include "net/dial.hpp"
#include "net/name_book.hpp"
#include "net/pool.hpp"
#include "net/wire.hpp"
#include <catena/core/http.hpp>
#include <catena/net/transport.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace catena::net {

/** One request on its way, from async_exchange to its completion.

    The coroutine does the work, but does not decide when it is over: a cancellation, a deadline
    or the transport's end completes the exchange at once and closes the socket, and the coroutine
    finds that out when its operation returns.

    @par Invariants
    `done_` is called once, or destroyed with the context. After over() neither the request nor
    the receiver is touched.
*/
class exchange final : public timed, private customer, private response_receiver {
public:
    exchange(std::shared_ptr<wire> w, const http_request& ask, response_receiver& to,
             transport::handler done);
    ~exchange() override;

    /// Begin. Completes never inside this call.
    void start();

private:
    enum class stage {
        queued,
        resolving,
        connecting,
        starving,
        tunnelling,
        securing,
        sending,
        receiving
    };

    static boost::asio::awaitable<void> run(std::shared_ptr<exchange> self);
    boost::asio::awaitable<error_code> attempt();
    boost::asio::awaitable<error_code> open();
    boost::asio::awaitable<error_code> reach_by_proxy();
    boost::asio::awaitable<error_code> pass(origin target);
    boost::asio::awaitable<error_code> reach(std::string host, std::uint16_t port);
    boost::asio::awaitable<error_code> resolve(const std::string& host, addresses& found);
    [[nodiscard]] error_code bar(const std::string& host, addresses& found);
    boost::asio::awaitable<error_code> connect(const std::string& host,
                                               const std::vector<dial::endpoint>& to);
    boost::asio::awaitable<void> outlast_shortage();
    boost::asio::awaitable<error_code> secure();
    boost::asio::awaitable<error_code> converse();
    boost::asio::awaitable<error_code> send();
    boost::asio::awaitable<error_code> receive();

    void on_turn(std::unique_ptr<connection> kept) override;
    void on_relief(std::unique_ptr<connection> kept) override;
    void on_overdue(time_point now) override;
    void on_stop(stop why) override;
    error_code on_head(const response_head& head) override;
    error_code on_body(std::string_view octets) override;

    [[nodiscard]] bool over() const noexcept { return to_ == nullptr; }
    /// The proxy that reads the request and passes it on, or null.
    [[nodiscard]] const proxy* forwarder() const noexcept;
    void name_proxy(std::string_view what);
    void watch_for_cancel();
    void launch();
    void on_thrown(const std::exception_ptr& thrown);
    void enter_stage(stage s, time_point now, duration limit);
    [[nodiscard]] bool take_in(std::size_t n, error_code& ec);
    [[nodiscard]] bool too_slow(time_point now);
    [[nodiscard]] error_code answer_broken(error_code ec);
    [[nodiscard]] bool died_unused(error_code ec) const;
    [[nodiscard]] bool is_worth_another(error_code& ec);
    void forget_attempt();
    void finish(error_code ec);
    void abort(error_code ec);
    void complete(error_code ec);

    std::shared_ptr<wire> wire_;
    const http_request* ask_;
    response_receiver* to_;  // null: over
    transport::handler done_;
    exchange_report report_;
    std::shared_ptr<exchange> self_;  // while queued: no coroutine holds it yet

    const proxy* through_ = nullptr;  // the wire's
    stage stage_ = stage::queued;
    time_point request_due_{};
    std::unique_ptr<connection> line_;
    std::shared_ptr<bell> bell_;  // once something but the socket had to be waited for
    std::shared_ptr<dial> dial_;  // while connecting
    error_code short_of_;         // why opening is to be tried again
    bool relieved_ = false;
    octet_buffer in_;
    error_code send_error_;
    std::size_t got_ = 0;       // octets of this attempt
    bool surplus_ = false;      // octets came after the answer
    bool misdirected_ = false;  // answered 421
    bool ask_again_ = false;    // and the receiver has seen nothing of it
    bool asked_again_ = false;
    bool signalled_ = false;   // the slot's handler is running
    time_point rate_since_{};  // start of the current window of the least rate
    std::uint64_t rate_octets_ = 0;
};

}  // namespace catena::net
