// layer: run
#pragma once

#include <catena/core/credential.hpp>
#include <catena/error.hpp>

#include <boost/asio/any_completion_handler.hpp>

#include <string>

namespace catena {

/** A host program's own way to credentials: signed requests of a cloud, a vault, a login.

    Asked by connectors whose `auth` names a provider, once for all chains that use the same name.
    What it gives is used until shortly before its end, or until the API refuses it.

    @par Thread safety
    Called on the engine's executor, one call at a time for each name. `done` may be called on any
    thread.

    @par Lifetime
    Kept alive by the engine and by its calls.
*/
class credential_provider {
public:
    using handler = boost::asio::any_completion_handler<void(error_code, credential)>;

    virtual ~credential_provider() = default;

    /** Give the credential of that name.

        @param refused The one given last was refused: giving it again ends the walks.
        @param done    Called once, also within this call. A code that is condition::try_again is
        tried again after a pause; any other ends the walks with errc::credentials_refused, and so
        does an exception. Cancelled through the handler's slot when the engine goes.

        @par Time
        Without an answer within engine_options::credential_wait the fetch counts as failed.
    */
    virtual void async_fetch(const std::string& name, bool refused, handler done) = 0;
};

}  // namespace catena
