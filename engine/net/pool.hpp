#pragma once

#include "net/connection.hpp"
#include <catena/core/http.hpp>
#include <catena/core/time.hpp>
#include <catena/net/http_transport.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>

namespace catena::net {

class customer;

/// What the pool knows of one origin.
struct lane {
    std::deque<std::unique_ptr<connection>> idle;  // of no session; the one used last at the back
    std::map<std::uint64_t, std::unique_ptr<connection>> own;  // idle ones, by their session
    std::list<customer*> queue;
    std::size_t busy = 0;
};

/// What connections have in common that may stand in for one another.
struct lane_key {
    origin to;
    bool certified = false;  ///< They may have shown our certificate.
    bool exempt = false;     ///< From the address rule.

    friend auto operator<=>(const lane_key&, const lane_key&) = default;
};

using lanes = std::map<lane_key, lane>;

/// Somebody who wants a turn at an origin.
class customer {
public:
    /** It is your turn. Never called inside pool::enter.

        @param kept A quiet open connection, or nothing: open one yourself.
    */
    virtual void on_turn(std::unique_ptr<connection> kept) = 0;

    /** Try again to open one: there may be room for it now. See pool::find_room.

        @param kept A quiet open connection, or nothing.
    */
    virtual void on_relief(std::unique_ptr<connection> kept) = 0;

protected:
    ~customer() = default;

private:
    friend class pool;
    enum class state { outside, queued, inside };

    state state_ = state::outside;
    std::uint64_t session_ = 0;
    connection_choice on_ = connection_choice::any;
    lanes::iterator lane_;
    std::list<customer*>::iterator place_;
    bool starving_ = false;
    bool woken_ = false;
    time_point starving_since_{};
    std::list<customer*>::iterator hunger_;  // while starving
};

/** Turns and kept connections, by origin. Starts nothing and waits for nothing.

    The connection used last is used first, so that a burst's surplus can grow old. Old ones are
    looked for when somebody comes or goes; an idle pool needs no timer. What has lived or served
    for long enough is not used again, unless a session hangs on it.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class pool {
public:
    explicit pool(const pool_limits& limits, address_rule rule = address_rule::any)
        : limits_(limits), rule_(rule)
    {
    }

    enum class entry { admitted, queued };

    /** Ask for a turn.

        @param certified The connection may show our certificate.
        @param kept      Gets a connection where one is admitted and one was idle.
    */
    [[nodiscard]] entry enter(customer& c, const http_request& ask, bool certified, time_point now,
                              std::unique_ptr<connection>& kept);

    /// End a turn, or a wait for one. @param kept A connection fit to serve again, or nothing.
    void leave(customer& c, std::unique_ptr<connection> kept, time_point now);

    /** No socket could be opened for `c`, whose turn it is.

        Gives it a connection that has become idle, or closes the oldest idle one of any origin to
        make room; those of sessions only after a second of idleness. Failing that `c` starves:
        relief comes, to the longest waiting first, when anybody leaves or something idle is
        closed.

        @param abruptly Close in a way that sets the local port free at once.
        @return Whether to try again at once.
    */
    [[nodiscard]] bool find_room(customer& c, bool abruptly, time_point now,
                                 std::unique_ptr<connection>& kept);

    /// `c` tries again of its own accord: no relief until it starves again.
    void stop_waiting(customer& c) noexcept { c.woken_ = true; }

    /// `c` has a connection. There may be room for others who starve.
    void on_connected(customer& c);

    /// Close all idle connections and forget everybody.
    void clear();

private:
    [[nodiscard]] std::unique_ptr<connection> take(lane& l, const customer& c, time_point now);
    [[nodiscard]] std::unique_ptr<connection> take_own(lane& l, const customer& c, time_point now);
    [[nodiscard]] bool worn(const connection& c, time_point now) const;
    void keep(lane& l, std::uint64_t session, std::unique_ptr<connection> kept, time_point now);
    void drop_old(lane& l, time_point now);
    void feed(const customer& from, std::unique_ptr<connection>& kept, time_point now);
    [[nodiscard]] customer* next_starving() const;
    void relieve_next();
    void relieve(customer& c, std::unique_ptr<connection> kept);
    void forget_hunger(customer& c) noexcept;
    [[nodiscard]] bool close_idle(bool abruptly, time_point now);
    void sweep(time_point now);

    pool_limits limits_;
    address_rule rule_;
    lanes lanes_;
    std::list<customer*> starving_;  // in order of arrival
    time_point next_sweep_{};
};

}  // namespace catena::net
