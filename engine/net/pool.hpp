#pragma once

#include "net/connection.hpp"
#include <catena/core/http.hpp>
#include <catena/core/time.hpp>
#include <catena/net/http_transport.hpp>

#include <cstddef>
#include <deque>
#include <list>
#include <map>
#include <memory>

namespace catena::net {

class customer;

/// What the pool knows of one origin.
struct lane {
    std::deque<std::unique_ptr<connection>> idle;  // the one used last stands at the back
    std::list<customer*> queue;
    std::size_t busy = 0;
};

using lanes = std::map<origin, lane>;

/// Somebody who wants a turn at an origin.
class customer {
public:
    /** It is your turn. Never called inside pool::enter.

        @param kept A quiet open connection, or nothing: open one yourself.
    */
    virtual void on_turn(std::unique_ptr<connection> kept) = 0;

protected:
    ~customer() = default;

private:
    friend class pool;
    enum class state { outside, queued, inside };

    state state_ = state::outside;
    lanes::iterator lane_;
    std::list<customer*>::iterator place_;
};

/** Turns and kept connections, by origin. Starts nothing and waits for nothing.

    The connection used last is used first, so that a burst's surplus can grow old. Old ones are
    looked for when somebody comes or goes; an idle pool needs no timer.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class pool {
public:
    explicit pool(const pool_limits& limits) : limits_(limits) {}

    enum class entry { admitted, queued };

    /// Ask for a turn. @param kept Gets a connection where one is admitted and one was idle.
    [[nodiscard]] entry enter(customer& c, const origin& to, time_point now,
                              std::unique_ptr<connection>& kept);

    /// End a turn, or a wait for one. @param kept A connection fit to serve again, or nothing.
    void leave(customer& c, std::unique_ptr<connection> kept, time_point now);

    /// Close all idle connections and forget everybody.
    void clear();

private:
    [[nodiscard]] std::unique_ptr<connection> take(lane& l, time_point now);
    void drop_old(lane& l, time_point now);
    void sweep(time_point now);

    pool_limits limits_;
    lanes lanes_;
    time_point next_sweep_{};
};

}  // namespace catena::net
