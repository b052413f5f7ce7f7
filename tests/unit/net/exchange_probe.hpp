#pragma once

#include "support/catch.hpp"
#include <catena/core/http.hpp>
#include <catena/net/http_transport.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace catena::testing {

/// One exchange, what it was asked and what became of it.
class probe final : public response_receiver {
public:
    explicit probe(std::uint16_t port, std::string target = "/")
    {
        ask.to.host = "127.0.0.1";
        ask.to.port = port;
        ask.target = std::move(target);
    }

    /// Start. The exchange must be over before this object dies, or its context must be.
    void start(transport& wire)
    {
        wire.async_exchange(ask, *this,
                            boost::asio::bind_cancellation_slot(
                                signal.slot(), [this](error_code e, exchange_report r) {
                                    ++completions;
                                    ec = e;
                                    report = std::move(r);
                                    if (on_done) on_done();
                                }));
        CHECK(completions == 0);
    }

    /// Start, and run the context until it is over.
    void run(boost::asio::io_context& context, transport& wire)
    {
        start(wire);
        wait(context);
    }

    void wait(boost::asio::io_context& context)
    {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (completions == 0 && std::chrono::steady_clock::now() < end) {
            context.restart();
            context.run_one_until(end);
        }
        REQUIRE(completions == 1);
    }

    error_code on_head(const response_head& head) override
    {
        CHECK(completions == 0);
        CHECK(++heads == 1);
        status = head.status;
        if (on_event) on_event();
        return refuse_head;
    }

    error_code on_body(std::string_view octets) override
    {
        CHECK(completions == 0);
        CHECK(heads == 1);
        body += octets;
        if (on_event) on_event();
        return refuse_body;
    }

    http_request ask;
    boost::asio::cancellation_signal signal;
    std::function<void()> on_done, on_event;
    error_code refuse_head, refuse_body;

    int completions = 0;
    error_code ec = boost::asio::error::in_progress;
    exchange_report report;
    int heads = 0;
    int status = 0;
    std::string body;
};

/// Run the context until `yes` holds; fails the test after 20 s.
inline void run_until(boost::asio::io_context& context, const std::function<bool()>& yes)
{
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!yes() && std::chrono::steady_clock::now() < end) {
        context.restart();
        context.run_one_until(end);
    }
    REQUIRE(yes());
}

}  // namespace catena::testing
