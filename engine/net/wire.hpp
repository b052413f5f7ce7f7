#pragma once

#include "net/context_watch.hpp"
#include "net/deadlines.hpp"
#include "net/name_book.hpp"
#include "net/pool.hpp"
#include "net/proxy.hpp"
#include "net/resolver.hpp"
#include "net/system.hpp"
#include "net/tls.hpp"
#include <catena/net/http_transport.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace catena::net {

using octet_buffer = std::unique_ptr<char[]>;

inline constexpr std::size_t read_size = 64 * 1024;

/** What the exchanges of one transport share. Lives as long as the last of them. */
struct wire final : context_bound {
    wire(const boost::asio::any_io_executor& e, const wire_options& o)
        : ex(e),
          options(o),
          routes(o.proxies, system_variable),
          connections(o.pool, o.addresses),
          clock(std::make_shared<deadlines>(e)),
          lookups(std::make_shared<resolver>(e)),
          names(o.times.names_kept)
    {
        if (!o.tls.roots_file.empty() || !o.tls.certificate_file.empty()) tls.emplace(o.tls);
    }

    /// Reading the system's roots takes milliseconds, so it waits for the first need of them.
    [[nodiscard]] tls_setup& tls_ready()
    {
        if (!tls) tls.emplace(options.tls);
        return *tls;
    }

    [[nodiscard]] tls_peer peer_of(const http_request& ask) const
    {
        const bool certified = ask.own_origin && !options.tls.certificate_file.empty();
        return {ask.to, certified && ask.to.tls, ask.credentials};
    }

    [[nodiscard]] octet_buffer take_buffer()
    {
        if (spare.empty()) return std::make_unique_for_overwrite<char[]>(read_size);
        octet_buffer b = std::move(spare.back());
        spare.pop_back();
        return b;
    }

    void give_back(octet_buffer b)
    {
        constexpr std::size_t most = 64;
        if (b && !closed && spare.size() < most) spare.push_back(std::move(b));
    }

    /// Sockets are short. Whether that is news: it has not been so for a minute.
    [[nodiscard]] bool begins_shortage(time_point now)
    {
        const time_point before = std::exchange(last_short, now);
        return before == time_point::min() || now - before > std::chrono::minutes(1);
    }

    void stop(timed::stop why)
    {
        closed = true;
        lookups->close();
        clock->stop(why);
        connections.clear();
        spare.clear();
    }

    void on_context_gone() override { stop(timed::stop::context_gone); }

    boost::asio::any_io_executor ex;
    wire_options options;
    proxy_choice routes;
    pool connections;
    std::shared_ptr<deadlines> clock;
    std::shared_ptr<resolver> lookups;
    name_book names;
    std::optional<tls_setup> tls;
    std::vector<octet_buffer> spare;  // idle connections need none
    time_point last_short = time_point::min();
    bool closed = false;
};

}  // namespace catena::net
