// layer: core
#pragma once

#include <catena/connector.hpp>
#include <catena/core/chain_limits.hpp>
#include <catena/core/checkpoint.hpp>
#include <catena/core/loop_guard.hpp>
#include <catena/core/notice.hpp>
#include <catena/core/page_facts.hpp>
#include <catena/core/redirect.hpp>
#include <catena/core/time.hpp>
#include <catena/diagnostics.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace catena {

/// Ask for the page at chain_machine::where().
struct fetch {
    time_point good_until;  ///< The token is dead from then on; time_point::max() if unknown.
    std::uint32_t attempt;  ///< From 1.
    bool repeat;            ///< An attempt at this page has failed, otherwise than for the rate.
};

/// Do nothing before `until`.
struct wait {
    time_point until;
};

/// The API refused the credentials that the last request showed: renew them, then on_renewed().
struct renew {};

/// There will be no further page. `ec` is empty when the chain is complete.
struct finish {
    error_code ec;
};

/// What the shell must do next.
using chain_action = std::variant<fetch, wait, renew, finish>;

/// What becomes of the records of an answer.
struct page_verdict {
    bool deliver = false;                ///< Hand the page out.
    bool last = false;                   ///< And it is the last one.
    std::vector<std::uint64_t> dropped;  ///< Records in it to leave out, ascending.
    std::vector<notice> notices;
    /// Followed: the next fetch goes there. One that is permanent may be remembered for the run.
    std::optional<redirect> followed;
    /// The next fetch begins a new session: without a cookie and the connection of the last one.
    bool new_session = false;
};

class key_memory;
class key_track;

/** One sequential walk through one query, as a state machine without I/O.

    The shell loops: poll(), do what it says, report what happened. The machine decides; the shell
    never looks at a status code or a token. A machine is a value, and after() is all that must be
    kept to go on after a crash.

    @par Guarantee
    A page is delivered only when what follows it is known: another page, or a declared end.
    Everything else finishes the chain with an error, and after() still stands before that page, so
    a resume asks for it again. Recovery delivers each record once, provided the key identifies
    records and, for a rebuild, the server sorts by it.

    @par Invariants
    A `fetch` is answered by exactly one `on_*` call before the next poll(), and so is a `renew`, by
    on_renewed() or on_failure(). After `finish`, every poll() returns the same `finish`.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class chain_machine {
public:
    /** Start at the beginning, or where `from` stands.

        Nobody knows whether a single-use token of `from` was sent before the crash: where the
        contract can recover, the walk does that instead of sending it. A token that is bound to a
        session died with it: the walk recovers, or ends with errc::cursor_expired.

        @param c     Must pass validate(); shared by all machines that walk it.
        @param seed  Randomness for jitter. The same seed gives the same waits.
    */
    explicit chain_machine(std::shared_ptr<const connector> c, const chain_limits& l = {},
                           std::uint64_t seed = 0);
    chain_machine(std::shared_ptr<const connector> c, checkpoint from, const chain_limits& l = {},
                  std::uint64_t seed = 0);

    [[nodiscard]] chain_action poll(time_point now);

    /// The request of the last `fetch` goes out now: what it waited for until then was a budget's
    /// turn, and counts for nothing in chain_limits::retry_time.
    void on_sent(time_point now) noexcept
    {
        moment_ = now;
        sent_ = true;
    }

    /// An answer came and was read to its end.
    [[nodiscard]] page_verdict on_answer(const page_facts& facts, time_point now);

    /// No answer came, or none that could be read: `ec` says why. `detail` is for people.
    [[nodiscard]] page_verdict on_failure(error_code ec, std::string detail, time_point now);

    /// The request may go out only when its token will be dead: recover before sending it.
    [[nodiscard]] page_verdict on_outlived(time_point now);

    /// There are other credentials than those that were refused. The next poll asks again.
    void on_renewed();
    /** The server has given nothing but failures for `span`, and it is not worth waiting on.

        Finishes, also while waiting or with a fetch that has not been sent; nothing if it has
        finished already.

        @param last What the last request of any chain failed with.
    */
    void on_outage(error_code last, duration span);

    /// The shell gave the fetch up; nothing is known about it. The next poll repeats it. A
    /// single-use token may be spent, unless on_sent() was not called.
    void on_abandoned();

    /// The token that the last `fetch` sends is good in the session only that gave it.
    [[nodiscard]] bool bound_to_session() const noexcept;

    /// Until when it waits before the next attempt; in the past if it does not.
    [[nodiscard]] time_point pause() const noexcept { return moment_; }

    /// Where the page stands that the last `fetch` asks for.
    [[nodiscard]] const position& where() const noexcept { return at_.at; }

    /// The URL at which the last `fetch` asks for that page, since the server redirects there;
    /// empty: the page's own. Valid until the next call.
    [[nodiscard]] const std::string& redirected_to() const noexcept;

    /// Where the chain stands after the last delivered page.
    [[nodiscard]] const checkpoint& after() const noexcept { return at_; }

    /// The failure's story once finished with an error; what the core knows of it.
    [[nodiscard]] const diagnostics& why() const;

    [[nodiscard]] const connector& contract() const noexcept { return *contract_; }

private:
    enum class state : unsigned char { ready, in_flight, pausing, unauthorized, done };

    void end(diagnostics why);
    void end_without_session();
    void complete(page_verdict& out);
    void end_elsewhere(const page_facts& facts);
    void end_by_sign(const page_facts& facts, page_verdict& out);
    [[nodiscard]] time_point good_until() const noexcept;
    void age_from(expiry_rule::clock event, time_point t) noexcept;

    void on_page(const page_facts& facts, time_point now, page_verdict& out);
    bool sort_records(const page_facts& facts, key_track& keys, page_verdict& out);
    [[nodiscard]] std::uint64_t counted(const page_facts& facts, const page_verdict& out) const;
    bool no_circle(const page_facts& facts, identity token);
    bool watch_progress(const page_facts& facts, const key_track& keys, bool last,
                        page_verdict& out);
    bool watch_repeats(const page_facts& facts, const key_track& keys, bool last,
                       page_verdict& out);
    void advance(const page_facts& facts, std::uint64_t counted, std::uint64_t fresh,
                 time_point now);
    bool leaves_window(const page_facts& facts, std::uint64_t counted, bool end_shown);
    [[nodiscard]] bool stops_at_window(std::uint64_t counted) const noexcept;
    void keep_within_window(const page_facts& facts, page_verdict& out);

    void on_moved(const page_facts& facts, page_verdict& out);
    void on_failed(const page_facts& facts, time_point now, page_verdict& out);
    void retry(const page_facts& facts, time_point now, page_verdict& out);
    void give_up(const page_facts& facts, bool in_time);
    void forget_failures() noexcept;
    [[nodiscard]] duration pause_after(const page_facts& facts, bool smaller);
    [[nodiscard]] duration backoff(bool throttled);

    [[nodiscard]] bool can_shrink(const page_facts& facts) const noexcept;
    void shrink(page_verdict& out);
    void grow(page_verdict& out);

    [[nodiscard]] bool has_spent(const page_facts& facts) const noexcept;
    [[nodiscard]] bool can_recover(const value* fresh_token) const noexcept;
    [[nodiscard]] bool dies_with_session() const noexcept;
    [[nodiscard]] diagnostics story(const page_facts& facts) const;
    [[nodiscard]] std::string sentence(const page_facts& facts) const;
    void recover(time_point now, const value* fresh_token, std::string reason, int status,
                 page_verdict& out);
    void restart_query(page_verdict& out);
    [[nodiscard]] bool lacks_its_bound(const page_verdict& out) const;

    std::shared_ptr<const connector> contract_;
    std::shared_ptr<const chain_limits> limits_;
    checkpoint at_;
    loop_guard loop_;
    std::shared_ptr<const redirect_trail> trail_;  // of the page that is asked for; mostly none
    std::shared_ptr<const diagnostics> why_;
    std::shared_ptr<key_memory> memory_;  // of at_'s records, once it was looked into
    time_point moment_{};     // until when it pauses; in flight: when the request was sent
    duration failing_for_{};  // time that failed attempts at this page took, holds apart
    time_point clock_at_ = time_point::max();  // since when the token ages, max: unknown
    std::uint64_t chance_;
    std::uint32_t failures_ = 0;   // in a row, at this page
    std::uint32_t throttles_ = 0;  // in a row, at this page
    std::uint32_t idle_rebuilds_ = 0;
    std::uint32_t empty_run_ = 0;  // pages in a row without a new record
    std::uint32_t identical_run_ = 0;
    std::uint16_t good_run_ = 0;     // pages in a row of the present, smaller size
    std::uint16_t grow_after_ = 10;  // so many make it larger
    std::uint8_t shrinks_ = 0;       // of failures_, those that made the page smaller
    bool grown_ = false;             // the size's last change was to a larger one
    bool spent_ = false;             // a single-use token may have been used up
    bool sent_ = false;              // the last fetch's request went out
    bool renewed_ = false;           // the credentials, for this page
    bool excludes_ = false;          // the server leaves the bound out, whatever the connector says
    state state_ = state::ready;
};

}  // namespace catena
