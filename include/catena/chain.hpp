// layer: run
#pragma once

#include <catena/connector.hpp>
#include <catena/core/chain_limits.hpp>
#include <catena/core/checkpoint.hpp>
#include <catena/detail/initiate.hpp>
#include <catena/diagnostics.hpp>
#include <catena/page.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>

#include <memory>
#include <optional>

namespace catena {

class engine;

/** One query, walked page by page.

    @code
    catena::chain chain(engine, connector);
    while (auto page = co_await chain.next_page())
        for (std::string_view record : page->records())
            use(record);
    @endcode

    Waits out rate limits and backoff, repeats what failed in passing and recovers from a cursor
    that died, all within next_page(). Records come once each, in the server's order.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe. The work is done on the engine's executor.

    @par Lifetime
    May be destroyed at any time, also while a call is outstanding: that call then completes with
    `operation_aborted`, or with the page that was on its way already. May outlive its engine: calls
   then fail with errc::invalid_state. After a move, the object moved from answers
   errc::invalid_state.
*/
class chain {
public:
    using page_handler = boost::asio::any_completion_handler<void(error_code, std::optional<page>)>;

    /** Prepare to walk `c` from its beginning, or from `from`. Sends nothing.

        @throws std::invalid_argument if validate(c) finds a flaw; the text names each.
        @throws failure with errc::bad_secret if a secret that `c` refers to cannot be read, or
        with errc::foreign_checkpoint if `from` belongs to another query.
    */
    chain(engine& on, connector c, const chain_limits& limits = {});
    chain(engine& on, connector c, checkpoint from, const chain_limits& limits = {});

    /// For many chains over one description: the connector is shared, not copied.
    chain(engine& on, std::shared_ptr<const connector> c, const chain_limits& limits = {});
    chain(engine& on, std::shared_ptr<const connector> c, checkpoint from,
          const chain_limits& limits = {});

    chain(chain&&) noexcept;
    chain& operator=(chain&&) noexcept;
    ~chain();

    /** Fetch the next page, in a coroutine that wants exceptions.

        @return The page, or nothing once the chain is complete.
        @throws failure with the whole story (failure::why).

        Otherwise as the overload below.
    */
    [[nodiscard]] boost::asio::awaitable<std::optional<page>> next_page();

    /** Fetch the next page.

        @par Completion signature
        `void(error_code, std::optional<page>)`: a page; or neither, once the chain is complete; or
        the reason why there will be none, whose story is @ref why.

        @par Errors
        @li condition::resume_later: stopped with everything safe; go on from after().
        @li condition::mend_connector: the server does not do what the connector says.
        @li condition::mend_request: the API refuses the request.
        @li errc::busy: another call on this chain is outstanding; it is not disturbed.
        @li errc::invalid_state: moved from, or the engine is gone.
        @li `asio::error::operation_aborted`: cancelled.

        After any error but the last three, further calls give the same error and send nothing.

        @par Cancellation
        `terminal`, `partial` and `total`. A cancelled call loses nothing: the next one gives the
        page that this one would have given. Completes within 50 ms.

        @par Executor
        Completes on the token's associated executor, else on the engine's. Never completes inside
        this call.
    */
    template <boost::asio::completion_token_for<void(error_code, std::optional<page>)> Token>
    [[nodiscard]] auto next_page(Token&& token)
    {
        return detail::initiate<void(error_code, std::optional<page>)>(
            std::forward<Token>(token), [self = impl_, ex = executor_](page_handler h) {
                start_next_page(self, ex, std::move(h));
            });
    }

    /// Where the walk stands after the last page that was handed out.
    [[nodiscard]] checkpoint after() const;

    /// The story of the last failure; the object is the chain's and changes with the next one. Its
    /// `code` is empty if there was none.
    [[nodiscard]] const diagnostics& why() const;

    struct impl;

private:
    friend class job;

    static void start_next_page(const std::shared_ptr<impl>& self,
                                const boost::asio::any_io_executor& ex, page_handler h);
    static void refuse(const boost::asio::any_io_executor& ex, page_handler h, error_code ec);
    static void abandon(std::shared_ptr<impl> self);
    static boost::asio::awaitable<std::optional<page>> next_page_or_throw(
        std::shared_ptr<impl> self, boost::asio::any_io_executor ex);

    boost::asio::any_io_executor executor_;
    std::shared_ptr<impl> impl_;
};

}  // namespace catena
