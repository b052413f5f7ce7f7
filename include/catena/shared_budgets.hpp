// layer: run
#pragma once

#include <memory>

namespace catena {

/** The budgets of several engines: chains with the same origin and credentials keep one budget,
    whichever engine they belong to. Give it to each engine in engine_options::budgets.

    @code
    catena::engine_options options;
    options.budgets = std::make_shared<catena::shared_budgets>();
    catena::engine a(first_context.get_executor(), options), b(second_context.get_executor(),
   options);
    @endcode

    @par Guarantee
    No request of any of the engines goes before the end of a hold that one of them was told of,
    nor above a policy, a cap or a quota, all of them counted together. Who goes first is decided
    over all engines as within one: by lane, then by the moment at which a cursor dies, then as they
    asked. An engine is called for a permit by a post to its executor, and nobody polls. One that
    does not come within a second (its context stands still, or is not run) loses the permit, and
    the others go on without it until it comes. So every engine whose executor runs gets its turn;
    but what an engine has in flight counts until its executor has seen the end of it, so one that
    stands still then holds what its requests hold.

    @par Clocks
    All engines must measure the same time: either each has the machine's own clock (the constructor
    without a timekeeper), or all have timekeepers that agree.

    @par Thread safety
    Shared objects: safe. The engines may live on different io_contexts and threads, and go, as
    may their contexts, in any order.
*/
class shared_budgets {
public:
    shared_budgets();
    ~shared_budgets();
    shared_budgets(const shared_budgets&) = delete;
    shared_budgets& operator=(const shared_budgets&) = delete;

    struct impl;
    [[nodiscard]] impl& all() noexcept { return *impl_; }

private:
    std::unique_ptr<impl> impl_;
};

}  // namespace catena
