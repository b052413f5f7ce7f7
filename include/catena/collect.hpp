// layer: run
#pragma once

#include <catena/connector.hpp>
#include <catena/engine.hpp>
#include <catena/job.hpp>
#include <catena/page.hpp>
#include <catena/store/store.hpp>

#include <cstdint>
#include <functional>

namespace catena {

/** Fetch a whole dataset, page by page, and block until it is complete.

    For programs without an io_context of their own.

    @param take Is given every page in order; what it throws ends the walk and reaches the caller.
    @return How many records were given to `take`.
    @throws failure when the walk cannot be completed, std::invalid_argument for a bad connector.

    @par Blocking
    Runs an io_context on the calling thread until done.
*/
std::uint64_t collect(const connector& c, const std::function<void(const page&)>& take,
                      engine_options options = {});

/** Fetch a whole dataset into a store, and block until it is complete.

    Killed and started again, it goes on where the store stands. See @ref job.

    @throws failure when it cannot be completed; what was committed is safe.
    @throws std::invalid_argument for a bad connector or option.
    @par Blocking
    Runs an io_context on the calling thread until done.
*/
audit_report collect(const connector& c, store& into, job_options options = {},
                     engine_options services = {});

}  // namespace catena
