#pragma once

#include "net/bell.hpp"
#include "net/deadlines.hpp"
#include <catena/core/time.hpp>
#include <catena/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace catena::net {

/** Connects to whichever of several addresses accepts first: RFC 8305, section 5.

    The next address is begun as soon as the one before has failed, or has had its head start. The
    first that accepts wins, and the others are closed. Where time is short, head starts are cut so
    that each address gets its try; where sockets are, the address begun first gives its one up.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class dial final : public timed {
public:
    using endpoint = boost::asio::ip::tcp::endpoint;

    /// When a dial ends, and how long an address has before the next one is begun.
    struct pace {
        time_point due;
        duration head_start;
    };

    /// @param done Rung once the dial is over, perhaps inside start() or expire().
    dial(const boost::asio::any_io_executor& ex, std::shared_ptr<deadlines> clock,
         const std::vector<endpoint>& to, const pace& p, std::shared_ptr<bell> done);
    ~dial() override;

    void start();

    /// The time is up: what has not answered yet never will.
    void expire();

    /// Close everything. Nobody is told.
    void give_up() noexcept;

    [[nodiscard]] bool over() const noexcept { return over_; }

    /// Why there is no connection: the last address's own reason, unless all were late.
    [[nodiscard]] error_code outcome() const;

    /// Files or ports were short, so that nothing is known yet of one address at least.
    [[nodiscard]] bool was_short() const noexcept { return bool(short_of_); }

    /// What became of each address that was begun.
    [[nodiscard]] std::string story() const;

    /// The connected socket. @pre over() and no outcome().
    [[nodiscard]] boost::asio::ip::tcp::socket take();
    [[nodiscard]] const endpoint& reached() const { return winner_->to; }

private:
    enum class state { waiting, under_way, late, failed };
    struct attempt {
        endpoint to;
        state is = state::waiting;
        error_code ec;
        std::optional<boost::asio::ip::tcp::socket> socket;
    };

    void on_overdue(time_point now) override;
    void on_stop(stop why) override;
    void begin_next(time_point now);
    [[nodiscard]] bool begin(attempt& a);
    [[nodiscard]] error_code open(attempt& a);
    void on_connected(attempt& a, error_code ec);
    void fail(attempt& a, state how, error_code ec);
    void conclude();

    boost::asio::any_io_executor ex_;
    std::shared_ptr<deadlines> clock_;
    std::shared_ptr<bell> done_;
    pace pace_;
    std::vector<attempt> attempts_;  // of fixed size: operations under way point into it
    std::size_t begun_ = 0;
    std::size_t under_way_ = 0;
    attempt* winner_ = nullptr;
    error_code short_of_;
    bool over_ = false;
};

}  // namespace catena::net
